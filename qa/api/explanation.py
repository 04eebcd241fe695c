"""An explanation → its JSON: the answer, every candidate, the sentences that were read, and where one article fell out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from qa.answer.links import sentence_link
from qa.api.answer import AnswerShape, answer_shape
from qa.api.citation import LinksShape
from qa.api.fate_words import fate_in_words
from qa.api.feature_words import FEATURE_WORDS
from qa.api.search import StageShape
from qa.api.shape import Shape
from qa.base.explanations import (
    ArticleFate,
    Difference,
    Explanation,
    FailedFilter,
    Fate,
    FoundPassage,
    Moved,
    NotChosen,
    Standing,
)
from qa.base.types import Article, Evidence, Passage, Span
from qa.corpus.display.displayed import Displayed

_MOST_MOVED = 8  # features that are shown, of nearly forty


class MovedShape(Shape):
    """A feature of a candidate, in words too, with its value, and by how much it moved the score of the stage `ranked`."""

    feature: str
    words: str
    value: float
    by: float


class DifferenceShape(Shape):
    """A feature of the article's best candidate and of the first that was read, and by how much more it moved the former."""

    feature: str
    words: str
    value: float
    other: float
    by: float


class CandidateShape(Shape):
    """A passage that a search brought. `near_duplicate_of` is the `passage_id` of the one that it repeats.

    `display` is `text` as people read it, null where that is the same.

    `moved` are the features that moved its score most, the strongest first; none without a ranker.
    """

    passage_id: str
    article_id: str
    article_digest: str
    article_title: str
    language: str | None
    text: str
    start_char_index: int
    end_char_index: int
    stages: dict[str, StageShape]
    read: bool
    near_duplicate_of: str | None
    moved: list[MovedShape]
    links: LinksShape
    display: str | None = None


class ReadSentenceShape(Shape):
    """A sentence that was read. `citation` is its number in the answer, null where that does not cite it.

    `display` is `text` as people read it, null where that is the same.
    """

    passage_id: str
    article_id: str
    article_title: str
    language: str | None
    index: int
    text: str
    start_char_index: int
    end_char_index: int
    score: float
    probability: float
    citation: int | None
    links: LinksShape
    display: str | None = None


class FailedFilterShape(Shape):
    """A filter that the article does not pass: what was asked for, in words, and what the article has."""

    filter: str
    wanted: str
    found: str | None


class StandingShape(Shape):
    """The article's best passage in one search, among `of` passages. `brought` is how many of them the search brought.

    `display` is `text` as people read it, null where that is the same.
    """

    stage: str
    rank: int | None
    of: int
    score: float | None
    brought: int
    last_score: float | None
    text: str | None
    start_char_index: int | None
    end_char_index: int | None
    display: str | None = None


class QuestionWordsShape(Shape):
    """The question's words: those in the article's best passage or title, those in its other passages, those that it lacks."""

    in_passage: list[str]
    elsewhere: list[str]
    missing: list[str]


class ArticleFateShape(Shape):
    """Where the article fell out. `because` says it in a sentence; what does not apply is null or empty.

    `searches` are over all passages that the filters let pass. `best` is the article's best candidate, `ahead` are the passages
    that were read in its place, and `differences` say by which features the first of them is ahead. `sentence` is its best that
    was read, `chosen` the first that is cited, or else the best of all; `needed_probability` is what a sentence needed.
    """

    article_id: str
    given_id: str
    article_title: str
    fate: Fate
    because: str
    failed_filters: list[FailedFilterShape]
    searches: list[StandingShape]
    words: QuestionWordsShape | None
    best: CandidateShape | None
    near_duplicate_of: CandidateShape | None
    ahead: list[CandidateShape]
    differences: list[DifferenceShape]
    sentence: ReadSentenceShape | None
    chosen: ReadSentenceShape | None
    needed_probability: float | None
    not_chosen: NotChosen | None
    citations: list[int]
    also_in: list[int]


class ExplanationShape(Shape):
    """`candidates` are all, in the order of the last stage that ranked each; `sentences` those that were read, best first."""

    object: Literal["explanation"] = "explanation"
    answer: AnswerShape
    candidates: list[CandidateShape]
    sentences: list[ReadSentenceShape]
    article: ArticleFateShape | None


def explanation_shape(explanation: Explanation) -> ExplanationShape:
    shaping = _Shaping(explanation)
    return ExplanationShape(
        answer=answer_shape(explanation.answer),
        candidates=[shaping.candidate(passage) for passage in explanation.passages],
        sentences=[shaping.sentence(one) for one in explanation.answer.trace.evidence],
        article=shaping.fate(explanation.article) if explanation.article else None,
    )


class _Shaping:
    """Shapes of sentences, which need the answer's citations and the candidates' articles."""

    def __init__(self, explanation: Explanation) -> None:
        self._articles: Mapping[str, Article] = {one.article.id: one.article for one in explanation.passages}
        self._cited = {(one.article_id, one.sentence_index): one.number for one in explanation.answer.citations}
        self._explanation = explanation
        self._displayed: dict[str, Displayed] = {}

    def _display(self, article: Article, span: Span) -> str | None:
        """What is shown of it, where that is not the text itself."""
        shown = self._displayed.setdefault(article.id, Displayed(article)).words(span)
        return shown if shown != span.of(article.text) else None

    def sentence(self, evidence: Evidence) -> ReadSentenceShape:
        article = self._articles[evidence.article_id]
        return ReadSentenceShape(
            passage_id=evidence.passage_id,
            article_id=article.id,
            article_title=article.title,
            language=article.language,
            index=evidence.sentence_index,
            text=evidence.quote,
            start_char_index=evidence.span.start,
            end_char_index=evidence.span.end,
            score=round(evidence.score, 4),
            probability=round(evidence.probability, 4),
            citation=self._cited.get((evidence.article_id, evidence.sentence_index)),
            links=_links(article, evidence.sentence_index),
            display=self._display(article, evidence.span),
        )

    def candidate(self, found: FoundPassage) -> CandidateShape:
        article, passage = found.article, found.passage
        return CandidateShape(
            passage_id=passage.id,
            article_id=article.id,
            article_digest=article.digest,
            article_title=article.title,
            language=article.language,
            text=found.text,
            start_char_index=passage.span.start,
            end_char_index=passage.span.end,
            stages={name: StageShape(rank=rank, score=round(score, 6)) for name, (rank, score) in found.stages.items()},
            read=found.is_read,
            near_duplicate_of=found.near_duplicate_of,
            moved=[_moved_shape(one) for one in found.moved[:_MOST_MOVED] if one.by],
            links=_links(article, passage.sentences[0].index),
            display=self._display(article, passage.span),
        )

    def _standing(self, standing: Standing, article: Article) -> StandingShape:
        passage: Passage | None = standing.passage
        return StandingShape(
            stage=standing.stage,
            rank=standing.rank,
            of=standing.of,
            score=None if standing.score is None else round(standing.score, 6),
            brought=standing.brought,
            last_score=None if standing.last_score is None else round(standing.last_score, 6),
            text=passage.span.of(article.text) if passage else None,
            start_char_index=passage.span.start if passage else None,
            end_char_index=passage.span.end if passage else None,
            display=self._display(article, passage.span) if passage else None,
        )

    def fate(self, fate: ArticleFate) -> ArticleFateShape:
        return ArticleFateShape(
            article_id=fate.article.id,
            given_id=fate.article.given_id,
            article_title=fate.article.title,
            fate=fate.fate,
            because=fate_in_words(fate, self._explanation.answer),
            failed_filters=[_failed_shape(one) for one in fate.failed_filters],
            searches=[self._standing(one, fate.article) for one in fate.standings],
            words=QuestionWordsShape(
                in_passage=list(fate.words.in_passage),
                elsewhere=list(fate.words.elsewhere),
                missing=list(fate.words.missing),
            )
            if fate.words
            else None,
            best=self.candidate(fate.best) if fate.best else None,
            near_duplicate_of=self.candidate(fate.near_duplicate_of) if fate.near_duplicate_of else None,
            ahead=[self.candidate(one) for one in fate.ahead],
            differences=[_difference_shape(one) for one in fate.differences[:_MOST_MOVED] if one.by],
            sentence=self.sentence(fate.sentence) if fate.sentence else None,
            chosen=self.sentence(fate.chosen) if fate.chosen else None,
            needed_probability=fate.needed,
            not_chosen=fate.not_chosen,
            citations=list(fate.citations),
            also_in=list(fate.also_in),
        )


def _links(article: Article, sentence_index: int) -> LinksShape:
    return LinksShape(sentence=sentence_link(article.id, article.digest, sentence_index), original=article.url)


def _moved_shape(one: Moved) -> MovedShape:
    words = FEATURE_WORDS.get(one.feature, one.feature)
    return MovedShape(feature=one.feature, words=words, value=round(one.value, 4), by=round(one.by, 4))


def _difference_shape(one: Difference) -> DifferenceShape:
    words = FEATURE_WORDS.get(one.feature, one.feature)
    value, other, by = (round(number, 4) for number in (one.value, one.other, one.by))
    return DifferenceShape(feature=one.feature, words=words, value=value, other=other, by=by)


def _failed_shape(failed: FailedFilter) -> FailedFilterShape:
    return FailedFilterShape(filter=failed.field, wanted=failed.wanted, found=failed.found)
