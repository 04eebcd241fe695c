"""The place that wires statements: sentences that were read → what the articles say, the answer's statement first, each cited."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.answer.statements.grouping import Said, said_to
from qa.answer.statements.matter import Means
from qa.base.protocols import Candidate
from qa.base.types import Citation, Evidence, Statement
from qa.corpus.near_duplicates import SIMILAR, shingles, similarity
from qa.index.store import Store
from qa.search.date_ranges import date_ranges
from qa.service.citing import citations
from qa.service.question import CheckedRequest

_MOST_OTHERS = 4  # statements beside that of the answer that are shown


def said_by(
    candidates: Sequence[Candidate],
    evidence: Sequence[Evidence],
    request: CheckedRequest,
    question: str,
    terms: Callable[[str], Sequence[str]],
) -> list[Said]:
    """What the articles of the candidates say to the question; none where the best sentence has no short answer."""
    return said_to(
        question,
        evidence,
        candidates,
        means_of(terms),
        asked_for=request.question.date_ranges,
    )


def means_of(terms: Callable[[str], Sequence[str]]) -> Means:
    """What comparing articles takes, where the index analyses words in this way."""
    return Means(date_ranges, _is_copy, terms)


def statements(
    said: Sequence[Said], shown: Sequence[Citation], candidates: Sequence[Candidate], store: Store
) -> tuple[Statement, ...]:
    """The statements with their citations: the first of `shown`, and for the others new ones, numbered on from these."""
    if not said:
        return ()
    others = said[1 : _MOST_OTHERS + 1]
    cited = citations([one.best.evidence for one in others], candidates, store, numbered_from=len(shown) + 1)
    return tuple(_statement(one, citation) for one, citation in zip((said[0], *others), (shown[0], *cited), strict=True))


def with_the_same_words(citation: Citation) -> set[str]:
    """The ids of the articles that hold the citation's words."""
    return {citation.article_id, *(place.article_id for place in citation.also_in)}


def _is_copy(one: str, other: str) -> bool:
    return similarity(shingles(one), shingles(other)) >= SIMILAR


def _statement(said: Said, citation: Citation) -> Statement:
    articles = {voice.evidence.article_id for voice in said.voices} | with_the_same_words(citation)
    days = said.days
    return Statement(
        kind=said.value.kind,
        relation=said.relation,
        citation=citation,
        articles=len(articles),
        sources=said.sources,
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
    )
