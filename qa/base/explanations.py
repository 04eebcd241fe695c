"""Why an article was cited or not: the values that explaining a question gives.

An article falls out at one place. The places stand in `Fate`, in the order in which a question passes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from qa.base.types import Answer, Article, Evidence, Passage


class Fate(StrEnum):
    """The place where an article fell out, or that it is cited. The furthest that one of its passages came counts."""

    NOT_SEARCHED = "not_searched"  # nothing was searched for
    FILTERED_OUT = "filtered_out"
    NO_PASSAGES = "no_passages"
    NOT_A_CANDIDATE = "not_a_candidate"  # no search brought a passage of it
    NEAR_DUPLICATE = "near_duplicate"  # its best passage repeats one that was kept
    OUTRANKED = "outranked"  # others were read
    NOT_CHOSEN = "not_chosen"  # read, and not cited
    CITED = "cited"


class NotChosen(StrEnum):
    """Why the best sentence of an article that was read is not cited."""

    NOT_CITABLE = "not_citable"  # no sentence could be scored: headings or boilerplate
    BELOW_THRESHOLD = "below_threshold"
    REPEATS = "repeats"  # most of its words stand in sentences that are cited
    SAYS_OTHERWISE = "says_otherwise"  # it makes another statement than the answer
    LIMIT = "limit"  # the answer already cites as many sentences as it may


@dataclass(frozen=True, slots=True)
class Moved:
    """A feature of a candidate, its value, and by how much it moved the ranker's score: all add up to the score, less a base."""

    feature: str
    value: float
    by: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A feature of two candidates, and by how much more it moved the score of the first one."""

    feature: str
    value: float
    other: float
    by: float


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A candidate with the (rank, score) of each stage that ranked it, reading included.

    `near_duplicate_of` is the id of the passage that it repeats; None where it was kept or not compared. `moved` are the
    features that moved its score, most first; none without a ranker.
    """

    passage: Passage
    article: Article
    stages: Mapping[str, tuple[int, float]]
    is_read: bool
    near_duplicate_of: str | None
    moved: tuple[Moved, ...] = ()

    @property
    def text(self) -> str:
        return self.passage.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class FailedFilter:
    """A field of the filters that an article does not pass: what was asked for in words, and the article's own value."""

    field: str
    wanted: str
    found: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The best passage of an article in one search of all the `of` passages that the filters let pass.

    `passage` and `rank` are None where the search cannot find any. It brought `brought` passages, the last one with the
    score `last_score`.
    """

    stage: str
    rank: int | None
    of: int
    score: float | None
    passage: Passage | None
    brought: int
    last_score: float | None


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The question's words, without function words: those in a passage or its title, those elsewhere in the article, no more."""

    in_passage: tuple[str, ...]
    elsewhere: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleFate:
    """Where one article fell out, and what is known of that.

    `best` is its best candidate, `ahead` are the passages that were read in its place, and `near_duplicate_of` is the one
    that its best repeats. `differences` compare its best with the first that was read, the largest first. `sentence` is its
    best sentence that was read, `chosen` the first that is cited, else the best of all. `needed` is the probability that a
    sentence needed. `citations` are the numbers of those in this article, and `also_in` of those whose words it has too.
    """

    article: Article
    fate: Fate
    failed_filters: tuple[FailedFilter, ...] = ()
    standings: tuple[Standing, ...] = ()
    words: QuestionWords | None = None
    best: FoundPassage | None = None
    ahead: tuple[FoundPassage, ...] = ()
    differences: tuple[Difference, ...] = ()
    near_duplicate_of: FoundPassage | None = None
    sentence: Evidence | None = None
    chosen: Evidence | None = None
    needed: float | None = None
    not_chosen: NotChosen | None = None
    citations: tuple[int, ...] = ()
    also_in: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer with every candidate, in the order of the last stage that ranked each, and the fate of one article."""

    answer: Answer
    passages: tuple[FoundPassage, ...]
    article: ArticleFate | None
