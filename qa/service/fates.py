"""An answer, its candidates and an article → where the article fell out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from qa.base.explanations import ArticleFate, Difference, FailedFilter, Fate, FoundPassage, NotChosen
from qa.base.protocols import Candidate, EncodedQuestion
from qa.base.stages import AFTER_READING
from qa.base.types import NO_FILTERS, Answer, Article, Evidence, Filters
from qa.index.snapshot import Snapshot
from qa.index.store import ArticleRow
from qa.service.question import CheckedRequest
from qa.service.standings import question_words, standings

_NOWHERE = 2**31  # behind every rank


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what became of it; `question` is None where nothing was searched.

    `taken` is how many passages each search took.
    """

    request: CheckedRequest
    question: EncodedQuestion | None
    taken: Mapping[str, int]
    answer: Answer
    passages: Sequence[FoundPassage]


def article_fate(stored: ArticleRow, asked: Asked, snapshot: Snapshot) -> ArticleFate:
    """Where the article fell out, with what is known at that place."""
    article, filters = stored.article, asked.answer.filters
    failed = tuple(_failed_filters(article, filters, snapshot))
    if failed:
        return ArticleFate(article, Fate.FILTERED_OUT, failed)
    if asked.question is None:
        return ArticleFate(article, Fate.NOT_SEARCHED)
    passages = snapshot.store.article_passages(stored)
    if not passages:
        return ArticleFate(article, Fate.NO_PASSAGES)
    return _searched(article, passages, asked, asked.question, snapshot)


def _failed_filters(article: Article, filters: Filters, snapshot: Snapshot) -> list[FailedFilter]:
    failed = []
    for name in (field.name for field in fields(Filters)):
        only = replace(NO_FILTERS, **{name: getattr(filters, name)})
        if only and not _passes(article, only, snapshot):
            failed.append(FailedFilter(name, str(only), _own_value(article, name)))
    return failed


def _passes(article: Article, filters: Filters, snapshot: Snapshot) -> bool:
    if filters.article_ids:
        return not {article.id, article.given_id}.isdisjoint(filters.article_ids)
    return bool(snapshot.store.count((), replace(filters, article_ids=(article.id,))))


def _own_value(article: Article, field: str) -> str | None:
    """What the article has where a field of the filters asks for something."""
    values = {
        "sources": article.source,
        "article_ids": article.given_id,
        "language": article.language or article.guessed_language,
    }
    return values.get(field, article.published_at)


def _searched(
    article: Article, passages: Sequence[Candidate], asked: Asked, question: EncodedQuestion, snapshot: Snapshot
) -> ArticleFate:
    answer, filters = asked.answer, asked.answer.filters
    rows = snapshot.store.selected_rows(Filters(article_ids=(article.id,)))
    stood = standings(question, passages, rows, filters, asked.taken, snapshot)
    own = [passage for passage in asked.passages if passage.article.id == article.id]
    best = min(own, key=lambda passage: _place(passage, answer), default=None)
    by_words = next((standing.passage for standing in reversed(stood) if standing.passage), None)
    shown = best.passage if best else by_words
    of_words = next((one for one in passages if shown and one.passage.id == shown.id), None)
    fate = ArticleFate(
        article=article,
        fate=Fate.NOT_A_CANDIDATE,
        standings=stood,
        words=question_words(
            question.words,
            of_words,
            passages,
            snapshot.postings,
            language=snapshot.store.languages([article.id])[article.id],
        ),
        best=best,
        ahead=tuple(passage for passage in asked.passages if passage.is_read and passage.article.id != article.id),
        citations=tuple(one.number for one in answer.citations if one.article_id == article.id),
        also_in=tuple(one.number for one in answer.citations if any(place.article_id == article.id for place in one.also_in)),
    )
    if fate.citations or any(passage.is_read for passage in own):
        return _read(fate, asked)
    if best is not None and best.near_duplicate_of is not None:
        repeated = next(passage for passage in asked.passages if passage.passage.id == best.near_duplicate_of)
        return replace(fate, fate=Fate.NEAR_DUPLICATE, near_duplicate_of=repeated)
    if best is not None:
        return replace(fate, fate=Fate.OUTRANKED, differences=_differences(best, asked.passages[0]))
    return fate


def _differences(passage: FoundPassage, other: FoundPassage) -> tuple[Difference, ...]:
    """None where the ranker did not score both: a second wording of the question found one of them."""
    theirs = {moved.feature: moved for moved in other.moved}
    differences = [
        Difference(own.feature, own.value, theirs[own.feature].value, own.by - theirs[own.feature].by)
        for own in passage.moved
        if own.feature in theirs
    ]
    return tuple(sorted(differences, key=lambda one: -abs(one.by)))


def _place(passage: FoundPassage, answer: Answer) -> tuple[int, ...]:
    """Smaller for a better candidate: by its rank after reading, then by that before near-duplicates were left out."""
    *before, _last = [ranking.scorer for ranking in answer.trace.rankings]
    stages = (AFTER_READING, *reversed(before))
    return tuple(passage.stages[stage][0] if stage in passage.stages else _NOWHERE for stage in stages)


def _read(fate: ArticleFate, asked: Asked) -> ArticleFate:
    evidence = asked.answer.trace.evidence
    cited = {(one.article_id, one.sentence_index) for one in asked.answer.citations}
    chosen = [one for one in evidence if (one.article_id, one.sentence_index) in cited]
    own = [one for one in evidence if one.article_id == fate.article.id]
    found = replace(
        fate,
        sentence=own[0] if own else None,
        chosen=next(iter(chosen or evidence), None),
        needed=_needed(evidence, asked.request),
    )
    if fate.citations:
        return replace(found, fate=Fate.CITED)
    return replace(found, fate=Fate.NOT_CHOSEN, not_chosen=_why_not_chosen(found, chosen, asked))


def _needed(evidence: Sequence[Evidence], request: CheckedRequest) -> float:
    """The probability that a sentence needs to be cited, as `select` has it."""
    is_sure = bool(evidence) and evidence[0].probability >= request.answered_threshold
    return request.answered_threshold if is_sure else request.threshold


def _why_not_chosen(fate: ArticleFate, chosen: Sequence[Evidence], asked: Asked) -> NotChosen:
    """`chosen` are the cited sentences, best first."""
    if fate.sentence is None:
        return NotChosen.NOT_CITABLE
    if _makes_another_statement(fate, asked.answer):
        return NotChosen.SAYS_OTHERWISE
    if fate.needed is not None and fate.sentence.probability < fate.needed:
        return NotChosen.BELOW_THRESHOLD
    evidence = asked.answer.trace.evidence
    is_full = len(chosen) == asked.request.max_citations
    if is_full and evidence.index(fate.sentence) > evidence.index(chosen[-1]):
        return NotChosen.LIMIT
    return NotChosen.REPEATS


def _makes_another_statement(fate: ArticleFate, answer: Answer) -> bool:
    return any(statement.citation.article_id == fate.article.id for statement in answer.other_statements)
