"""Judgements → items of one index's articles, and rankings → which items they hold.

An item counts once. Judged offsets refer to the set's text. Where the index has another text of the article, the item is
located there by its quote and the text around the quote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qa.base.types import Article, Relation, Span
from qa.corpus.quote_positions import locate, locate_loosely, locate_words
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, Judgement
from qa.evaluation.runs import Found, RankedSpan, StageOutcome, StatementsOutcome

_CONTEXT = 64  # characters on each side that tell one place of a quote from another


@dataclass(frozen=True, slots=True)
class Item:
    """Something judged to answer: places in one article, each of which is enough. Without a place it cannot be found here."""

    article_id: str
    spans: tuple[Span, ...]
    grade: int

    def is_held_by(self, hit: RankedSpan, judged_by: JudgedBy) -> bool:
        if hit.article_id != self.article_id:
            return False
        if judged_by is JudgedBy.ANSWERS:
            return any(hit.span.contains(span) for span in self.spans)
        return any(hit.span.overlaps(span) for span in self.spans)


@dataclass(frozen=True, slots=True)
class ItemisedStatement:
    """A judged statement: how it stands to the answer, and what says it."""

    relation: Relation
    items: tuple[Item, ...]

    def is_made_by(self, hit: RankedSpan) -> bool:
        return any(item.is_held_by(hit, JudgedBy.SPANS) for item in self.items)


@dataclass(frozen=True, slots=True)
class ItemisedQuestion:
    """A question with its items in these articles.

    `answerable` is the set's value. Where the set has none and the question has answer strings, it is False when no article
    holds one. `newest` is the day of publication of the newest article with an item. `statements` are as in `JudgedQuestion`.
    """

    judged: JudgedQuestion
    items: tuple[Item, ...]
    answerable: bool | None
    newest: date | None
    statements: tuple[ItemisedStatement, ...] = ()

    def outcome(
        self, hits: Sequence[RankedSpan], *, kept: int, text_of: Callable[[RankedSpan], str] | None = None
    ) -> StageOutcome:
        """The items that these hits, best first, hold; `text_of` gives a hit's text, to look for the answer in any article."""
        judged_by = self.judged.judged_by
        ranked = best_of_each_article(hits) if judged_by is JudgedBy.ARTICLES else list(hits)
        left = list(self.items)
        finds = []
        for rank, hit in enumerate(ranked, start=1):
            held = [item for item in left if item.is_held_by(hit, judged_by)]
            if held:
                finds.append(Found(rank, max(item.grade for item in held)))
                left = [item for item in left if item not in held]
        return StageOutcome(
            hits=tuple(ranked[:kept]),
            depth=len(ranked),
            found=tuple(finds),
            missed=tuple(item.grade for item in left),
            any_article_rank=self._any_article_rank(ranked, text_of),
        )

    def _any_article_rank(self, ranked: Sequence[RankedSpan], text_of: Callable[[RankedSpan], str] | None) -> int | None:
        if text_of is None or self.judged.judged_by is not JudgedBy.ANSWERS:
            return None
        return next((rank for rank, hit in enumerate(ranked, start=1) if self.is_answer_in(text_of(hit))), None)

    def is_answer_in(self, text: str) -> bool:
        return any(locate_words(answer, text) for answer in self.judged.answers)

    def is_right(self, hit: RankedSpan) -> bool:
        return any(item.is_held_by(hit, self.judged.judged_by) for item in self.items)

    def statements_of(self, first: RankedSpan | None, others: Sequence[tuple[Relation, RankedSpan]]) -> StatementsOutcome | None:
        """How an answer that cites `first` and says that others say this fared; None where no statements were judged.

        A statement that nobody makes, that was shown before, or of another relation is a false one.
        """
        if not self.statements:
            return None
        leading, *judged = self.statements
        left, right = list(judged), 0
        for relation, hit in others:
            made = next((one for one in left if one.is_made_by(hit)), None)
            if made is not None:
                left.remove(made)
                right += made.relation is relation
        return StatementsOutcome(
            leads=first is not None and leading.is_made_by(first),
            right=right,
            false=len(others) - right,
            missed=len(judged) - right,
        )


def best_of_each_article(hits: Iterable[RankedSpan]) -> list[RankedSpan]:
    """Each article once, at its first hit."""
    first: dict[str, RankedSpan] = {}
    for hit in hits:
        first.setdefault(hit.article_id, hit)
    return list(first.values())


class Itemiser:
    """Turns judged questions into items of these articles, and counts the judgements that have no place here.

    `stored` maps every id, given or generated, that a judgement may name to the article as the index holds it;
    `given` maps the set's ids to the texts of the set, for those articles alone that differ from the stored ones.
    """

    def __init__(self, stored: Callable[[str], Article | None], *, given: Mapping[str, str]) -> None:
        self._stored = stored
        self._given = given
        self._counted: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def itemise(self, question: JudgedQuestion, *, stands_anywhere: Callable[[Sequence[str]], bool]) -> ItemisedQuestion:
        wanted = [judgement for judgement in question.judgements if judgement.grade > 0]
        items = tuple(_merged([self._item(judgement, question) for judgement in wanted]))
        answerable = question.answerable
        if (
            answerable is None
            and question.judged_by is JudgedBy.ANSWERS
            and question.answers
            and not stands_anywhere(question.answers)
        ):
            answerable = False
        statements = tuple(
            ItemisedStatement(one.relation, tuple(self._item(judgement, question) for judgement in one.judgements))
            for one in question.statements
        )
        return ItemisedQuestion(question, items, answerable, self._newest(items), statements)

    def _item(self, judgement: Judgement, question: JudgedQuestion) -> Item:
        article = self._stored(judgement.article_id)
        if article is None:
            self._count("judged articles that are not in the index", judgement.article_id)
            return Item(judgement.article_id, (), judgement.grade)
        spans = tuple(self._spans(judgement, question, article))
        return Item(article.id, spans, judgement.grade)

    def _spans(self, judgement: Judgement, question: JudgedQuestion, article: Article) -> Iterator[Span]:
        if question.judged_by is JudgedBy.ANSWERS:
            places = [span for answer in question.answers for span in locate_words(answer, article.text)]
            if not places:
                self._count("judged articles in which no answer stands as whole words", judgement.article_id)
            yield from places
        elif judgement.span is None:
            yield Span(0, len(article.text))
        else:
            place = stored_place(judgement, article.text, given=self._given.get(judgement.article_id))
            if place is None:
                self._count("judged places that the index's text does not have", f"{judgement.article_id} {judgement.span.start}")
            else:
                yield place

    def _newest(self, items: Sequence[Item]) -> date | None:
        articles = [self._stored(item.article_id) for item in items]
        days = [date.fromisoformat(article.published_at[:10]) for article in articles if article and article.published_at]
        return max(days, default=None)

    def _count(self, what: str, example: str) -> None:
        self._counted[what] += 1
        self._examples.setdefault(what, example)

    @property
    def notes(self) -> tuple[str, ...]:
        """Counts of the judgements without a place here; all of them count as missed."""
        return tuple(
            f"{count:,} {what} (such as {self._examples[what]}); they count as missed" for what, count in self._counted.items()
        )


def stored_place(judgement: Judgement, stored: str, *, given: str | None) -> Span | None:
    """The place of the judged characters in the stored text; None when it does not hold them.

    `given` is the set's text where it differs from the stored one, None where it is equal or unknown. Of several places,
    the one with the most similar surroundings counts; of equal ones, the nearest.
    """
    span, quote = judgement.span, judgement.quote
    assert span is not None  # judgements of whole articles have no place to look for
    if given is None and span.end <= len(stored) and quote in (None, span.of(stored)):
        return span
    if given is not None and span.end <= len(given):
        quote = span.of(given)
    if quote is None:
        return None
    places = locate(quote, stored) or locate_loosely(quote, stored)
    around = given if given is not None else ""
    before, after = around[max(0, span.start - _CONTEXT) : span.start], around[span.end : span.end + _CONTEXT]

    def similarity(place: Span) -> tuple[int, int]:
        shared = _shared_beginning(before[::-1], stored[max(0, place.start - _CONTEXT) : place.start][::-1])
        shared += _shared_beginning(after, stored[place.end : place.end + _CONTEXT])
        return shared, -abs(place.start - span.start)

    return max(places, key=similarity, default=None)


def _shared_beginning(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _merged(items: Iterable[Item]) -> list[Item]:
    """Items of one article that overlap as one, with the better grade: several people marked the same place."""
    merged: list[Item] = []
    for item in items:
        same = [other for other in merged if other.article_id == item.article_id and _overlap(other, item)]
        merged = [other for other in merged if other not in same]
        spans = tuple(dict.fromkeys(span for one in (*same, item) for span in one.spans))
        merged.append(Item(item.article_id, spans, max(one.grade for one in (*same, item))))
    return merged


def _overlap(one: Item, other: Item) -> bool:
    return any(a.overlaps(b) for a in one.spans for b in other.spans)
