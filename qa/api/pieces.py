"""The texts of an answer's JSON → pieces, so that a page or a stream can mark each one."""

from __future__ import annotations

from qa.answer.citations import numbered
from qa.api.answer import AnswerShape, ShortAnswerShape
from qa.api.citation import CitationShape
from qa.api.span import span_of
from qa.base.types import Span, around


def shown_quote(citation: CitationShape) -> str:
    """The quote as people read it."""
    return citation.display.text if citation.display else citation.cited_text


def shown_lead_in(citation: CitationShape) -> str | None:
    """What the quote goes on from, as people read it."""
    return citation.display.lead_in if citation.display else citation.lead_in


def shown_short_answer(short_answer: ShortAnswerShape) -> str:
    return short_answer.display or short_answer.text


def pieces_of(citation: CitationShape, short_answer: ShortAnswerShape | None) -> tuple[str, str, str]:
    """The quote as people read it before, in and after the short answer.

    If the short answer is not in this citation, all of it is before.
    """
    if short_answer is not None and short_answer.citation == citation.number:
        return own_pieces(citation)
    return shown_quote(citation), "", ""


def own_pieces(citation: CitationShape) -> tuple[str, str, str]:
    """The quote as people read it before, in and after the short answer that was read in it."""
    if (display := citation.display) is not None:
        found = span_of(display.short_answer) if display.short_answer else None
        return around(display.text, Span(0, len(display.text)), found)
    found = span_of(citation.short_answer) if citation.short_answer else None
    return around(citation.cited_text, span_of(citation), found)


def answer_pieces(answer: AnswerShape, *, as_shown: bool = False) -> list[tuple[str, Span]]:
    """One piece of the answer's text for each citation, with the span of its quote in the whole text; none if not found.

    `as_shown`: the quotes are those that people read.
    """
    pieces: list[tuple[str, Span]] = []
    at = 0
    for citation in answer.citations:
        blank = " " if pieces else ""
        quote = shown_quote(citation) if as_shown else citation.cited_text
        piece = blank + numbered(quote, citation.number)
        start = at + len(blank)
        pieces.append((piece, Span(start, start + len(quote))))
        at += len(piece)
    return pieces


def standalone_pieces(answer: AnswerShape) -> list[tuple[str, bool]]:
    """The stand-alone question in pieces, each with whether it was inherited from an earlier turn."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for inherited in answer.carried:
        pieces.append((answer.standalone_question[at : inherited.start_char_index], False))
        pieces.append((inherited.text, True))
        at = inherited.end_char_index
    return [(text, is_inherited) for text, is_inherited in (*pieces, (answer.standalone_question[at:], False)) if text]


def shown_text(answer: AnswerShape) -> str:
    """The answer's text with its quotes as people read them."""
    return "".join(piece for piece, _ in answer_pieces(answer, as_shown=True)) or answer.answer
