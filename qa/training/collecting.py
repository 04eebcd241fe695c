"""A set of judged questions and its index → examples: what the ranker finds for a question, and which of it answers.

Passages are those of the index, so that the reader learns on what it will read. A right passage holds a judged place whole;
of several the ranker's first ones are taken, since any mention of an answer's words may be judged. What holds the answer
without being judged is left out, and so is what holds a part of a judged place. The other passages are near misses.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from qa.answer.reader_windows import QUESTION_TOKENS, TEXT_TOKENS, TITLE_TOKENS
from qa.base.languages import ENGLISH
from qa.base.protocols import Candidate, Vectors, WordVectors
from qa.base.settings import Settings
from qa.base.types import NO_FILTERS, Article, Span, parse_passage_id
from qa.corpus.quote_positions import locate_words
from qa.evaluation.judgements import Dataset, JudgedQuestion
from qa.evaluation.judging import ItemisedQuestion
from qa.evaluation.runs import RankedSpan
from qa.index.snapshot import Snapshot
from qa.service.question import checked_question
from qa.service.rank import rank
from qa.training.examples import Example, PassageTokens, Place, Right, SetExamples, Tokens
from qa.training.set_index import SetIndex, clock_of, open_set
from qa.training.unanswerable import unanswerable

NEAR_MISSES = 24  # of each question, of which every pass takes others
_CONSIDERED = 48  # the ranker's first passages, which near misses are taken from
_RIGHT = 2  # passages of each question
_MADE = 2  # questions made unanswerable of each
_LONGEST_ANSWER = 150  # characters; a longer judged place is a passage, not an answer
_HEADLINES = 4_000  # articles of a set of news
_HEADLINE_WORDS = 5  # fewer are a section's name
_SHORTEST_LEAD = 250  # characters
_BATCH = 64  # questions encoded together


def collect(dataset: Dataset, settings: Settings, words: WordVectors) -> list[SetExamples]:
    """The set's examples, and those of its headlines where it is news: where questions say when they were asked.

    The index that the settings name is made of the set's articles where it does not exist.
    """
    with open_set(dataset, settings) as index:
        collector = _Collector(index, words)
        is_news = any(question.asked_at for question in dataset.questions)
        return [
            collector.of_questions(dataset),
            *([collector.of_headlines(dataset.name)] if is_news else []),
        ]


class _Passages:
    """The passages that a set's examples name: each is read, cut into tokens and numbered once."""

    def __init__(self, snapshot: Snapshot, words: WordVectors) -> None:
        self._store = snapshot.store
        self._words = words
        self._candidates: dict[str, Candidate] = {}
        self._numbers: dict[str, int] = {}
        self._of_articles: dict[str, list[str]] = {}
        self.tokens: list[PassageTokens] = []

    def candidate(self, passage_id: str) -> Candidate:
        if passage_id not in self._candidates:
            (self._candidates[passage_id],) = self._store.candidates([passage_id])
        return self._candidates[passage_id]

    def of_article(self, article_id: str) -> list[str]:
        """The ids of an article's passages, in order."""
        if article_id not in self._of_articles:
            stored = self._store.article(article_id)
            found = self._store.article_passages(stored) if stored else []
            self._candidates.update((one.passage.id, one) for one in found)
            self._of_articles[article_id] = [one.passage.id for one in found]
        return self._of_articles[article_id]

    def is_english(self, passage_id: str) -> bool:
        return self.tokens[self.number(passage_id)].is_english

    def number(self, passage_id: str) -> int:
        if passage_id not in self._numbers:
            candidate = self.candidate(passage_id)
            language = self._store.languages([candidate.article.id])[candidate.article.id]
            (title, text), _ = self._words.tokenize([candidate.embedded_title, candidate.text])
            self._numbers[passage_id] = len(self.tokens)
            self.tokens.append(PassageTokens(title[:TITLE_TOKENS], text[:TEXT_TOKENS], language == ENGLISH))
        return self._numbers[passage_id]

    def places(self, passage_id: str, answers: Sequence[Span]) -> list[Place]:
        """The tokens that answers begin and end with, where they are among those of the passage that are kept."""
        _, (offsets,) = self._words.tokenize([self.candidate(passage_id).text])
        found = []
        for answer in answers:
            inside = [at for at, (start, end) in enumerate(offsets) if start < answer.end and end > max(start, answer.start)]
            if inside and inside[-1] < TEXT_TOKENS:
                found.append(Place(inside[0], inside[-1]))
        return list(dict.fromkeys(found))


class _Collector:
    def __init__(self, index: SetIndex, words: WordVectors) -> None:
        self._index = index
        self._words = words

    def of_questions(self, dataset: Dataset) -> SetExamples:
        passages = _Passages(self._index.snapshot, self._words)
        itemised = self._index.itemised(dataset)
        usable = [one for one in itemised if _is_labelled(one) and self._index.is_short(one.judged.question)]
        asked = [(one.judged.question, one.judged.asked_at) for one in usable]
        found = zip(usable, self._ranked(asked), strict=True)
        made = [self._example(question, ranked, passages) for question, ranked in found]
        examples = [example for example in made if example is not None]
        return SetExamples(dataset.name, passages.tokens, examples, len(itemised) - len(examples))

    def of_headlines(self, name: str) -> SetExamples:
        """Headlines of articles, evenly spread, which their own first passages answer."""
        passages = _Passages(self._index.snapshot, self._words)
        articles = [row.article for row in self._index.store.articles() if self._is_headline(row.article.title)]
        step = max(1, len(articles) // _HEADLINES)
        leads = [(article, lead) for article in articles[::step] if (lead := _lead(article, passages))]
        ranked = self._ranked([(article.title, article.published_at) for article, _ in leads])
        examples = []
        for (article, lead), found in zip(leads, ranked, strict=True):
            others = [one for one in found if parse_passage_id(one)[0] != article.id][:NEAR_MISSES]
            right = [Right(passages.number(lead), [])]
            examples.append(Example(self._tokens(article.title), right, [*map(passages.number, others)], [], is_headline=True))
        return SetExamples(f"{name}, headlines", passages.tokens, examples, 0)

    def _is_headline(self, title: str) -> bool:
        return len(title.split()) >= _HEADLINE_WORDS and self._index.is_short(title)

    def _tokens(self, question: str) -> Tokens:
        (ids,), _ = self._words.tokenize([question])
        return ids[:QUESTION_TOKENS]

    def _ranked(self, asked: Sequence[tuple[str, str | None]]) -> Iterator[list[str]]:
        """The ids of the passages that the ranker puts first for each question, as asked at its time."""
        for start in range(0, len(asked), _BATCH):
            batch = asked[start : start + _BATCH]
            vectors = self._index.engine.encoder.embed_questions([words for words, _ in batch])
            yield from (self._first(words, moment, vector) for (words, moment), vector in zip(batch, vectors, strict=True))

    def _first(self, words: str, moment: str | None, vector: Vectors) -> list[str]:
        question = checked_question(words, clock_of(moment), NO_FILTERS, self._index.engine.settings)
        found = rank(question, vector, self._index.snapshot, self._index.engine, most=1).candidates
        return [hit.passage_id for hit in found.ranking(words, "ranked").hits[:_CONSIDERED]]

    def _example(self, question: ItemisedQuestion, ranked: Sequence[str], passages: _Passages) -> Example | None:
        """None where no passage holds the answer, and where a question without an answer finds nothing."""
        judged = [one for item in question.items for one in passages.of_article(item.article_id)]
        right: list[tuple[str, Right]] = []
        misses: list[str] = []
        for passage_id in dict.fromkeys([*ranked, *judged]):
            candidate = passages.candidate(passage_id)
            places = passages.places(passage_id, answers) if (answers := _answers(candidate, question)) else []
            if places and len(right) < _RIGHT:
                right.append((passage_id, Right(passages.number(passage_id), places)))
            elif not question.is_right(_hit(candidate)) and not question.is_answer_in(candidate.text):
                misses.append(passage_id)
        if not (right if question.items else misses):
            return None
        made = self._made(question.judged, right[0][0], passages) if right else []
        numbers = [passages.number(passage_id) for passage_id in misses[:NEAR_MISSES]]
        return Example(self._tokens(question.judged.question), [one for _, one in right], numbers, made)

    def _made(self, judged: JudgedQuestion, passage_id: str, passages: _Passages) -> list[Tokens]:
        """Questions like it that the passage does not answer; the rules are those of English."""
        if not passages.is_english(passage_id):
            return []
        text = passages.candidate(passage_id).text
        random_ = random.Random(judged.question)
        tried = (unanswerable(judged.question, text, random_) for _ in range(_MADE))
        return [self._tokens(one) for one in dict.fromkeys(tried) if one is not None]


def _is_labelled(question: ItemisedQuestion) -> bool:
    return bool(question.items) or question.judged.answerable is False


def _lead(article: Article, passages: _Passages) -> str | None:
    """The first passage of an article; None where it is too short to say what the headline does."""
    first = next(iter(passages.of_article(article.id)), None)
    return first if first and len(passages.candidate(first).text) >= _SHORTEST_LEAD else None


def _hit(candidate: Candidate) -> RankedSpan:
    return RankedSpan(candidate.article.id, candidate.passage.span, 0.0)


def _answers(candidate: Candidate, question: ItemisedQuestion) -> list[Span]:
    """The judged places that the passage holds whole, in its own offsets; in a judged sentence, the answer's words."""
    answers = question.judged.answers
    inside = candidate.passage.span
    found: list[Span] = []
    for item in question.items:
        if item.article_id != candidate.article.id:
            continue
        for span in filter(inside.contains, item.spans):
            start = span.start - inside.start
            quote = span.of(candidate.article.text)
            words = [] if quote in answers else [place for answer in answers for place in locate_words(answer, quote)]
            if words:
                found += [Span(start + place.start, start + place.end) for place in words]
            elif len(quote) <= _LONGEST_ANSWER:
                found.append(Span(start, start + len(quote)))
    return list(dict.fromkeys(found))
