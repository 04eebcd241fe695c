"""The texts of an answer's JSON → pieces, so that a page or a stream can mark each one."""

from __future__ import annotations

from qa.answer.citations import numbered
from qa.api.answer import AnswerShape, ShortAnswerShape
from qa.api.citation import CitationShape
from qa.api.span import span_of
from qa.base.types import Span, around


def pieces_of(citation: CitationShape, short_answer: ShortAnswerShape | None) -> tuple[str, str, str]:
    """The quote before, in and after the short answer. If the short answer is not in this citation, all of it is before."""
    is_here = short_answer is not None and short_answer.citation == citation.number
    return around(citation.cited_text, span_of(citation), span_of(short_answer) if short_answer and is_here else None)


def answer_pieces(answer: AnswerShape) -> list[tuple[str, Span]]:
    """One piece of the answer's text for each citation, with the span of its quote in the whole text; none if not found."""
    pieces: list[tuple[str, Span]] = []
    at = 0
    for citation in answer.citations:
        blank = " " if pieces else ""
        piece = blank + numbered(citation.cited_text, citation.number)
        start = at + len(blank)
        pieces.append((piece, Span(start, start + len(citation.cited_text))))
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
