"""An answer → the short answer, how sure it is, and the quotes with their sources; or why there is none, and what may help."""

from __future__ import annotations

from dataclasses import replace

from rich.text import Text

from qa.api.statement import OTHERS_SAY, agreement_in_words, relation_in_words
from qa.api.sureness import CHECK, LIKELY, UNSURE, sureness_of, verdict_of
from qa.base.types import Answer, Citation, Confidence, Reason, Status
from qa.cli.output.citations import show_citations
from qa.cli.output.filters import no_article_passes, show_date_ranges, show_filter_advice, show_notices
from qa.cli.output.screen import Screen
from qa.cli.output.styles import BOLD, DIM, NUMBER, SURE, WARNING
from qa.cli.output.text import on_one_line

_STYLES = {LIKELY: SURE, UNSURE: WARNING, CHECK: WARNING}


def show_answer(answer: Answer, screen: Screen, *, numbered_from: int = 1, verbose: bool = False) -> None:
    """`numbered_from` is the number of the first citation. `verbose` adds ids, places and the probability."""
    if answer.standalone_question != answer.question:
        screen.line(f"Searched for: {on_one_line(answer.standalone_question)}", style=DIM)
        screen.line()
    if answer.status is Status.NOT_FOUND:
        _show_not_found(answer, screen, verbose=verbose)
    else:
        _show_found(answer, screen, numbered_from, verbose=verbose)


def _show_found(answer: Answer, screen: Screen, numbered_from: int, *, verbose: bool) -> None:
    if answer.shown_short_answer is not None:
        screen.paragraph(Text.assemble((on_one_line(answer.shown_short_answer), BOLD), (f" [{numbered_from}]", NUMBER)))
    _show_sureness(answer, screen, verbose=verbose)
    agreement = agreement_in_words(answer.agreeing, answer.statements[0].sources if answer.statements else 1)
    if agreement is not None:
        screen.line(agreement)
    _show_scope(answer, screen)
    first, *others = (replace(one, number=number) for number, one in enumerate(answer.citations, start=numbered_from))
    show_citations([first, *map(_without_answer, others)], answer.filters, screen, verbose=verbose)
    _show_others(answer, screen, numbered_from - 1, verbose=verbose)


def _show_others(answer: Answer, screen: Screen, numbered_after: int, *, verbose: bool) -> None:
    """What other articles say instead, and how that stands to the answer."""
    others = [replace(one.citation, number=one.citation.number + numbered_after) for one in answer.other_statements]
    if not others:
        return
    screen.line()
    screen.line(f"{OTHERS_SAY}:", style=BOLD)
    for statement, citation in zip(answer.other_statements, others, strict=True):
        value = on_one_line(citation.shown_pieces[1] or statement.value)
        relation = relation_in_words(statement.relation).lower()
        said = (value, BOLD), (f"{' ' if value else ''}[{citation.number}]", NUMBER), (f" {relation}", DIM)
        screen.paragraph(Text.assemble(*said))
    show_citations(others, answer.filters, screen, verbose=verbose)


def _without_answer(citation: Citation) -> Citation:
    """What was read in it is not the short answer."""
    shown = replace(citation.shown, answer=None) if citation.shown else None
    return replace(citation, answer=None, shown=shown)


def _show_sureness(answer: Answer, screen: Screen, *, verbose: bool) -> None:
    sure = sureness_of(answer.status, answer.confidence.band)
    more = f": {sure.meaning} (probability {answer.confidence.probability:.2f}, {answer.id})" if verbose else ""
    screen.line(f"{sure.words}{more}", style=_STYLES[sure])


def _show_scope(answer: Answer, screen: Screen) -> None:
    """How the question was understood."""
    show_date_ranges(answer.standalone_question, answer.date_ranges, screen)
    show_notices(answer.notices, answer.filters, screen)
    show_filter_advice(answer.filter_advice, screen)


def _show_not_found(answer: Answer, screen: Screen, *, verbose: bool) -> None:
    if answer.reason is Reason.NOT_A_QUESTION:
        from qa.answer.question_kind import WHAT_QA_DOES

        screen.line(WHAT_QA_DOES)
        return
    if answer.reason is Reason.NO_ARTICLES:
        screen.line(f"No articles yet: `{screen.command('add PATH…')}` adds some.")
        return
    screen.line(verdict_of(answer.text, has_nearest=bool(answer.nearest)), style=BOLD)
    if verbose or not answer.nearest:
        screen.line(_why(answer), style=DIM if answer.nearest else None)
    _show_scope(answer, screen)
    nearest = [_without_answer(citation) for citation in answer.nearest]
    show_citations(nearest, answer.filters, screen, are_numbered=False, verbose=verbose)


def _why(answer: Answer) -> str:
    if answer.reason is Reason.ALL_FILTERED_OUT:
        return no_article_passes(answer.filters)
    if answer.reason is Reason.NO_ANSWER_READ:
        return _why_not_likely(answer.confidence)
    return "No sentence is close to this question."


def _why_not_likely(confidence: Confidence) -> str:
    probability = f"{confidence.probability:.2f}"
    if probability == f"{confidence.threshold:.2f}":  # rounded up to the threshold it did not reach
        probability = f"{confidence.probability:.4f}"
    return (
        f"Some sentences are close to it, but none is likely enough to answer it (probability {probability}, "
        f"threshold {confidence.threshold:.2f})."
    )
