"""Where an article fell out → one or two sentences that say so, the same in the JSON, on the page and in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from qa.api.feature_words import FEATURE_WORDS
from qa.api.statement import OTHERS_SAY, relation_in_words
from qa.base.explanations import ArticleFate, FailedFilter, Fate, NotChosen, Standing
from qa.base.in_words import time_in_words
from qa.base.types import Answer, Reason

_MOST_REASONS = 3  # features that are named
_DAY = "day of publication"
_NOTHING_SEARCHED = {
    Reason.NO_ARTICLES: "there are no articles",
    Reason.NOT_A_QUESTION: "nothing was asked about the articles",
}


def fate_in_words(fate: ArticleFate, answer: Answer) -> str:
    """For example "It was outranked: its best passage came 14th, and the first 5 are read."."""
    said = _WORDS[fate.fate](fate, answer)
    if fate.also_in and not fate.citations:
        said += f" It has the words of {_numbers(fate.also_in)} too."
    return said


def _not_searched(_fate: ArticleFate, answer: Answer) -> str:
    reason = _NOTHING_SEARCHED.get(answer.reason, "nothing passes the filters") if answer.reason else "it was not needed"
    return f"Nothing was searched: {reason}."


def _filtered_out(fate: ArticleFate, _answer: Answer) -> str:
    which = "A filter leaves" if len(fate.failed_filters) == 1 else f"{len(fate.failed_filters)} filters leave"
    return f"{which} it out: {'; '.join(map(_failed, fate.failed_filters))}."


def _failed(failed: FailedFilter) -> str:
    named = {"sources": "source", "article_ids": "id", "language": "language"}.get(failed.field, _DAY)
    has = f"it has no {named}"
    if failed.found is not None:
        has = f"its {named} is {time_in_words(failed.found) if named == _DAY else f'“{failed.found}”'}"
    return f"{failed.wanted} was asked for, and {has}"


def _no_passages(_fate: ArticleFate, _answer: Answer) -> str:
    return "It has no passage that a search could find: none of its lines is a sentence of its own."


def _not_a_candidate(fate: ArticleFate, _answer: Answer) -> str:
    return f"No search brought it. {' '.join(map(_stood, fate.standings))}{_lacks(fate)}"


def _stood(standing: Standing) -> str:
    by = {"dense": "By meaning", "lexical": "By words"}.get(standing.stage, f"By {standing.stage}")
    if standing.rank is None:
        return f"{by} none of its passages is found."
    return f"{by} its best passage is {ordinal(standing.rank)} of {standing.of:,}, and {standing.brought:,} are taken."


def _lacks(fate: ArticleFate) -> str:
    missing = fate.words.missing if fate.words else ()
    return f" It lacks {_listed(missing)}." if missing else ""


def _near_duplicate(fate: ArticleFate, _answer: Answer) -> str:
    repeated = fate.near_duplicate_of
    assert repeated is not None
    return f"Its best passage repeats one of “{repeated.article.title}”, which stands in its place."


def _outranked(fate: ArticleFate, answer: Answer) -> str:
    assert fate.best is not None
    read = f"and the first {len(fate.ahead):,} are read"
    ranked = [ranking.scorer for ranking in answer.trace.rankings[-2:] if ranking.scorer in fate.best.stages]
    if not ranked:
        return f"It was outranked: its best passage is behind all that are ranked at the end, {read}."
    against = [FEATURE_WORDS.get(one.feature, one.feature) for one in fate.differences[:_MOST_REASONS] if one.by < 0]
    why = f" Most against it: {'; '.join(against)}." if against else ""
    return f"It was outranked: its best passage came {ordinal(fate.best.stages[ranked[-1]][0])}, {read}.{why}"


def _not_chosen(fate: ArticleFate, answer: Answer) -> str:
    why = fate.not_chosen
    if why is NotChosen.NOT_CITABLE or fate.sentence is None:
        return "It was read, but nothing in it can be cited: there are only headings, or lines that recur in its source."
    probability = f"Its best sentence has a probability of {fate.sentence.probability:.2f}"
    if why is NotChosen.BELOW_THRESHOLD:
        return f"It was read, and not chosen. {probability}, and {fate.needed or 0:.2f} was needed."
    if why is NotChosen.SAYS_OTHERWISE:
        return f"It was read, and says something else than the answer: {_other_statements(fate, answer)}."
    if why is NotChosen.LIMIT:
        return f"It was read, and not chosen. {probability}, but the answer cites {len(answer.citations)} sentences at most."
    return f"It was read, and not chosen. {probability}, but most of its words stand in what is cited already."


def _other_statements(fate: ArticleFate, answer: Answer) -> str:
    others = [one for one in answer.other_statements if one.citation.article_id == fate.article.id]
    said = "; ".join(
        f"“{one.value or one.citation.quote}” [{one.citation.number}], {relation_in_words(one.relation).lower()}"
        for one in others
    )
    return f"{said}, under “{OTHERS_SAY}”"


def _cited(fate: ArticleFate, _answer: Answer) -> str:
    return f"It is cited: {_numbers(fate.citations)}."


_WORDS: Mapping[Fate, Callable[[ArticleFate, Answer], str]] = {
    Fate.NOT_SEARCHED: _not_searched,
    Fate.FILTERED_OUT: _filtered_out,
    Fate.NO_PASSAGES: _no_passages,
    Fate.NOT_A_CANDIDATE: _not_a_candidate,
    Fate.NEAR_DUPLICATE: _near_duplicate,
    Fate.OUTRANKED: _outranked,
    Fate.NOT_CHOSEN: _not_chosen,
    Fate.CITED: _cited,
}


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 1,021st."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number // 10 % 10 == 1 else endings.get(number % 10, "th")
    return f"{number:,}{ending}"


def _numbers(citations: Sequence[int]) -> str:
    return ", ".join(f"[{number}]" for number in citations)


def _listed(words: Sequence[str]) -> str:
    """“a”, “b” and “c”."""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
