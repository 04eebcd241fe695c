"""An answer → its sentences with their sources and confidence; or why there is none, and the nearest sentences."""

from __future__ import annotations

from dataclasses import replace

from rich.style import Style
from rich.text import Text

from qa.base.types import Answer, Citation, Confidence, Filters, Reason, Status
from qa.cli.output.filters import no_article_passes, show_date_ranges, show_filter_advice, show_notices
from qa.cli.output.screen import Screen
from qa.cli.output.sources import show_also_in, source_in_words, with_middle_bold
from qa.cli.output.styles import BOLD, DIM, NUMBER, WARNING
from qa.cli.output.text import on_one_line, visible


def show_answer(answer: Answer, screen: Screen, *, numbered_from: int = 1) -> None:
    """`numbered_from` is the number of the first citation."""
    if answer.standalone_question != answer.question:
        screen.line(f"Searched for: {on_one_line(answer.standalone_question)}", style=DIM)
        screen.line()
    if answer.status is Status.NOT_FOUND:
        _show_not_found(answer, screen)
        return
    shift = numbered_from - 1
    citations = [replace(citation, number=citation.number + shift) for citation in answer.citations]
    text = Text()
    for place, citation in enumerate(citations):
        quote = Text(on_one_line(citation.quote)) if place else with_middle_bold(citation.pieces)
        text.append(" " if text else "").append(quote).append(f" [{citation.number}]", style=NUMBER)
    screen.paragraph(text)
    screen.line()
    _show_confidence(answer, screen)
    if answer.agreeing > 1:
        screen.line(f"{answer.agreeing:,} articles give this answer.")
    show_date_ranges(answer.standalone_question, answer.date_ranges, screen)
    show_notices(answer.notices, answer.filters, screen)
    show_filter_advice(answer.filter_advice, screen)
    for citation in citations:
        screen.line()
        _show_citation(citation, answer.filters, screen)


def _show_confidence(answer: Answer, screen: Screen) -> None:
    confidence = answer.confidence
    text = f"Confidence: {confidence.band} ({confidence.probability:.2f})"
    if answer.status is Status.WEAK:
        screen.line(f"{text}. This is a weak answer: read its sources before you rely on it.", style=WARNING)
    else:
        screen.line(text)


def _show_citation(citation: Citation, filters: Filters, screen: Screen) -> None:
    number = f"[{citation.number}] "
    indent = len(number)
    screen.paragraph(Text(on_one_line(citation.article_title), style=BOLD), first=number, indent=indent)
    source = source_in_words(citation.source, filters)
    if source:
        screen.paragraph(Text(source), indent=indent)
    place = f"characters {citation.span.start}–{citation.span.end} of {citation.article_id}"
    screen.paragraph(Text(visible(place), style=DIM), indent=indent)
    screen.suggest(f"show {citation.article_id} --sentence {citation.sentence_index}", indent=indent, style=DIM)
    show_also_in("word for word", citation.also_in, screen, indent=indent)
    _show_link(citation, screen, indent)


def _show_link(citation: Citation, screen: Screen, indent: int) -> None:
    """On a terminal the page's address, linked to the very sentence; for a pipe the whole link."""
    if citation.original_link is None:
        return
    link = visible(citation.original_link)
    if screen.out.is_terminal:
        page = visible(citation.source.url or citation.original_link)
        screen.write(Text.assemble(" " * indent, (page, Style(link=link, underline=True))))
    else:
        screen.write(Text(" " * indent + link))


def _show_not_found(answer: Answer, screen: Screen) -> None:
    if answer.reason is Reason.NOT_A_QUESTION:
        from qa.answer.question_kind import WHAT_QA_DOES

        screen.line(WHAT_QA_DOES)
        return
    if answer.reason is Reason.NO_ARTICLES:
        screen.line(f"No articles yet: `{screen.command('add PATH…')}` adds some.")
        return
    screen.line(answer.text, style=BOLD)
    screen.line(_why(answer))
    show_filter_advice(answer.filter_advice, screen)
    show_date_ranges(answer.standalone_question, answer.date_ranges, screen)
    show_notices(answer.notices, answer.filters, screen)
    if answer.nearest:
        screen.line()
        screen.line("Nearest sentences; none of them is an answer:")
    for citation in answer.nearest:
        screen.paragraph(Text(on_one_line(citation.quote)), first="  - ", indent=4)
        source = source_in_words(citation.source, answer.filters)
        about = " · ".join(part for part in (on_one_line(citation.article_title), source) if part)
        screen.paragraph(Text(about, style=DIM), indent=4)
        screen.suggest(f"show {citation.article_id} --sentence {citation.sentence_index}", indent=4, style=DIM)


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
