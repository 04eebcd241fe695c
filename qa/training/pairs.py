"""Sets of judged questions → pairs of a question and a passage, with the places of the answer in it.

Articles are cut as for an index, so that the reader learns on passages like those it will read. A right passage contains a
judged place. A near miss ranks high for the question by its words, and contains neither a judged place nor an answer.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.base.protocols import TitledText, TokenCounter
from qa.base.types import Article, Passage, PassageRule, Span
from qa.corpus.passages import cut_passages
from qa.corpus.quote_positions import locate_words
from qa.corpus.sentences import split_sentences
from qa.evaluation.articles import GivenArticles
from qa.evaluation.indexes import set_articles
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion
from qa.evaluation.judging import Item, Itemiser
from qa.index.postings import TantivyPostings, write_postings

_RANKED = 30  # passages that near misses are taken from
_LONGEST_ANSWER = 150  # characters; a longer judged place is a passage, not an answer
_MOST_RIGHT = 2  # passages of one question, where only the answer's words are judged


@dataclass(frozen=True, slots=True)
class Pair:
    """`answers` are the places in the passage's text that answer the question, empty where nothing does."""

    question: str
    passage: TitledText
    answers: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its right passages, and near misses with the nearest first."""

    right: tuple[Pair, ...]
    near_misses: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class SetPairs:
    """The examples of one set; `skipped` counts questions without a usable label."""

    name: str
    examples: tuple[Example, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class _Cut:
    article: Article
    passage: Passage
    text: TitledText


def pairs_of(dataset: Dataset, counter: TokenCounter, rule: PassageRule, *, near_misses: int) -> SetPairs:
    """Every question of the set that has a label, with at most this many near misses."""
    articles = list(set_articles(dataset))
    cuts = list(_cut(articles, counter, rule))
    with tempfile.TemporaryDirectory(prefix="qa-training-") as folder:
        write_postings(Path(folder), ((row, f"{cut.article.title}\n{cut.text.text}") for row, cut in enumerate(cuts)))
        maker = _Maker(cuts, TantivyPostings.open(Path(folder)), Itemiser(GivenArticles(articles).article, given={}), near_misses)
        examples = [maker.example(question) for question in dataset.questions]
    usable = tuple(example for example in examples if example.right or example.near_misses)
    return SetPairs(dataset.name, usable, len(examples) - len(usable))


def _cut(articles: Sequence[Article], counter: TokenCounter, rule: PassageRule) -> Iterator[_Cut]:
    for article in articles:
        title = counter.shorten_title(article.title)
        for passage in cut_passages(article, split_sentences(article.text, language=article.language), counter, rule):
            yield _Cut(article, passage, TitledText(title, passage.span.of(article.text)))


class _Maker:
    def __init__(self, cuts: Sequence[_Cut], postings: TantivyPostings, itemiser: Itemiser, near_misses: int) -> None:
        self._cuts = cuts
        self._postings = postings
        self._itemiser = itemiser
        self._near_misses = near_misses
        self._by_article: dict[str, list[_Cut]] = {}
        for cut in cuts:
            self._by_article.setdefault(cut.article.id, []).append(cut)

    def example(self, question: JudgedQuestion) -> Example:
        items = self._itemiser.itemise(question, stands_anywhere=lambda _: True).items
        if not items and question.answerable is not False:
            return Example((), ())
        rows, _ = self._postings.search(question.question, k=_RANKED)
        ranked = [self._cuts[row] for row in rows.tolist()]
        right = tuple(self._right(question, items, ranked))
        if not right and question.answerable is not False:
            return Example((), ())
        misses = [cut for cut in ranked if self._is_near_miss(cut, question, items)]
        return Example(right, tuple(Pair(question.question, cut.text, ()) for cut in misses[: self._near_misses]))

    def _right(self, question: JudgedQuestion, items: Sequence[Item], ranked: Sequence[_Cut]) -> Iterator[Pair]:
        """The passages that hold an answer, in the order of their ranks for the question's words."""
        order = {id(cut): rank for rank, cut in enumerate(ranked)}
        held: list[tuple[int, Pair]] = []
        for article_id in dict.fromkeys(item.article_id for item in items):
            for cut in self._by_article.get(article_id, ()):
                answers = tuple(_answers(cut, question, [item for item in items if item.article_id == article_id]))
                if answers:
                    held.append((order.get(id(cut), len(ranked)), Pair(question.question, cut.text, answers)))
        held.sort(key=lambda pair: pair[0])
        most = _MOST_RIGHT if question.judged_by is JudgedBy.ANSWERS else 1
        yield from (pair for _, pair in held[:most])

    def _is_near_miss(self, cut: _Cut, question: JudgedQuestion, items: Sequence[Item]) -> bool:
        if any(item.article_id == cut.article.id and cut.passage.span.overlaps(span) for item in items for span in item.spans):
            return False
        return not any(locate_words(answer, cut.text.text) for answer in question.answers)


def _answers(cut: _Cut, question: JudgedQuestion, items: Sequence[Item]) -> Iterator[Span]:
    """The judged places in the passage; in a judged sentence, the places of the answer's words."""
    start = cut.passage.span.start
    for span in dict.fromkeys(span for item in items for span in item.spans):
        if not cut.passage.span.contains(span):
            continue
        quote = span.of(cut.article.text)
        within = (
            [] if quote in question.answers else [place for answer in question.answers for place in locate_words(answer, quote)]
        )
        if within:
            yield from (Span(span.start - start + place.start, span.start - start + place.end) for place in within)
        elif len(quote) <= _LONGEST_ANSWER:
            yield Span(span.start - start, span.end - start)
