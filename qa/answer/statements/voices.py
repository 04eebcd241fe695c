"""Sentences that were read → what each article says: its best answer that it does not itself call wrong or past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qa.answer.statements.corrections import said_before
from qa.answer.statements.values import Asked, DaysIn, Value, is_said_in, value_of
from qa.base.languages import language_read
from qa.base.protocols import Candidate
from qa.base.types import Article, Evidence, Relation, ValueKind

_MOST_OF_AN_ARTICLE = 3
_NEARLY = 0.5  # of the best probability in an article
_MANY = 3  # articles; two may well be of one paper


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article of which passages were read: these, and their sentences.

    `source` is the paper that speaks, None where that is not known.
    """

    article: Article
    texts: tuple[str, ...]
    sentences: tuple[str, ...]
    source: str | None

    @property
    def language(self) -> str:
        return language_read(self.article.language, self.article.guessed_language)

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.article.published_at[:10]) if self.article.published_at else None

    def tells_before(self, value: Value, days_in: DaysIn, sentences: Iterable[str] | None = None) -> Relation | None:
        """CORRECTED_BY or EARLIER where the article says that this was wrong, or was so before; None where it says neither.

        `sentences` are those that count, if not all do.
        """
        told = (before for sentence in (self.sentences if sentences is None else sentences) for before in said_before(sentence))
        return next(
            (
                one.relation
                for one in told
                if (value.kind is not ValueKind.NAME or one.is_of_names)
                and is_said_in(value, one.words, self.language, self.day, days_in)
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Voice:
    """What one article says: its best sentence for it, and the value in that."""

    read: ReadArticle
    evidence: Evidence
    value: Value

    def states(self, value: Value, days_in: DaysIn) -> bool:
        """Whether its sentence names an amount, its own or another, and not as wrong or past."""
        if value.quantity is None or not is_said_in(value, self.evidence.quote, self.read.language, self.read.day, days_in):
            return False
        return self.read.tells_before(value, days_in, [self.evidence.quote]) is None

    def told_before(self, days_in: DaysIn) -> Relation | None:
        """Whether its own sentence says that this was wrong, or was so before."""
        return self.read.tells_before(self.value, days_in, [self.evidence.quote])


def voices(question: str, evidence: Sequence[Evidence], candidates: Sequence[Candidate], days_in: DaysIn) -> list[list[Voice]]:
    """What each article may say, the best few first: one list for each in which a short answer was read, in their order."""
    asked = Asked.by(question)
    articles = read_articles(candidates)
    said: dict[str, list[Voice]] = {}
    for one in evidence:
        if one.answer is not None and len(said.get(one.article_id, ())) < _MOST_OF_AN_ARTICLE:
            read = articles[one.article_id]
            text = read.article.text
            behind = text[one.answer.end : one.span.end]
            answer = _without_said_before(one.answer.of(text), one.quote)
            value = value_of(asked, answer, behind, read.language, read.day, days_in)
            said.setdefault(one.article_id, []).append(Voice(read, one, value))
    return list(said.values())


def _without_said_before(answer: str, sentence: str) -> str:
    """The words of an answer behind what its sentence says was so before: "72" of "61 to 72" where a toll grew from 61 to 72."""
    before = (one.words for one in said_before(sentence) if one.relation is Relation.EARLIER and answer.startswith(one.words))
    return next((left for words in before if (left := answer[len(words) :].strip())), answer)


def meant(said: Sequence[Voice], days_in: DaysIn) -> Voice:
    """The best of these of one article that it stands by, if that is nearly as sure as the best of all.

    An article does not stand by what it says, in the very sentence, was wrong or is past.
    """
    least = _NEARLY * said[0].evidence.probability
    sure = [one for one in said if one.evidence.probability >= least]
    return next((one for one in sure if one.told_before(days_in) is None), said[0])


def read_articles(candidates: Sequence[Candidate]) -> Mapping[str, ReadArticle]:
    """The articles of the passages, by id.

    A source that many name, and no other one, is where all were taken from. It does not tell who speaks.
    """
    passages: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        passages.setdefault(candidate.article.id, []).append(candidate)
    articles = [ones[0].article for ones in passages.values()]
    tells = len(articles) < _MANY or len({article.source for article in articles}) > 1
    return {
        article.id: ReadArticle(
            article, tuple(one.text for one in ones), tuple(_sentences(ones)), article.source if tells else None
        )
        for article, ones in zip(articles, passages.values(), strict=True)
    }


def _sentences(passages: Sequence[Candidate]) -> list[str]:
    spans = dict.fromkeys(sentence.span for one in passages for sentence in one.passage.sentences if sentence.citable)
    return [span.of(passages[0].article.text) for span in spans]
