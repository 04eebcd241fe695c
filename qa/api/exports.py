"""A conversation → a file to save, and an answer → text to paste. Quotes stand in them word for word, each with its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from qa.api.answer import AnswerShape
from qa.api.changed_citation import ChangedCitationShape
from qa.api.citation import CitationShape
from qa.api.conversation import Conversation, conversation_shape
from qa.api.filters import filters_of
from qa.api.pieces import shown_lead_in, shown_quote, shown_short_answer
from qa.api.source import SourceShape
from qa.api.statement import OTHERS_SAY, StatementShape, relation_in_words, shown_value
from qa.api.sureness import LIKELY, sureness_of, verdict_of
from qa.base.in_words import day_of

_MARKS = re.compile(r"([\\`*_{}\[\]<>|~&])")
_AT_THE_BEGINNING = re.compile(r"^(\d+(?=[.)])|(?=[#+\-=]))")  # a heading, a list, a line under a heading
_NOT_IN_A_NAME = re.compile(r"[^\w\- ]+")
_LONGEST_NAME = 60  # characters


class ExportFormat(StrEnum):
    """The values are the files' suffixes. HTML is a page that needs nothing else."""

    MARKDOWN = "md"
    JSON = "json"
    HTML = "html"


MEDIA_TYPES = {
    ExportFormat.MARKDOWN: "text/markdown",
    ExportFormat.JSON: "application/json",
    ExportFormat.HTML: "text/html",
}


def file_name(title: str) -> str:
    """A name without a suffix for a file of this title, of letters, digits, blanks, hyphens and underscores."""
    return " ".join(_NOT_IN_A_NAME.sub(" ", title).split())[:_LONGEST_NAME].strip() or "conversation"


def json_text(conversation: Conversation) -> str:
    return conversation_shape(conversation).model_dump_json(indent=2)


def markdown(conversation: Conversation, *, titles: Mapping[str, str], address: str | None = None) -> str:
    """`titles` name articles in the filters by their ids; `address` is where the conversation is read."""
    at = f", <{address}>" if address else ""
    lines = [f"# {_plain(conversation.title)}", "", f"{day_of(conversation.created_at)}{at}", ""]
    for turn in conversation.turns:
        answer = turn.answer
        lines += [f"## {_plain(answer.question)}", ""]
        if answer.standalone_question != answer.question:
            lines += [f"Searched for: {_plain(answer.standalone_question)}", ""]
        if warned := warning(answer):
            lines += [f"*{warned}*", ""]
        if not answer.citations:
            lines += [_plain(verdict_of(answer.answer, has_nearest=bool(answer.nearest))), ""]
        if filters := filters_of(answer.filters):
            lines += [f"Limited to: {_plain(filters.in_words(titles))}.", ""]
        for notice in answer.notices:
            lines += [_plain(notice.text), ""]
        if answer.citations and answer.short_answer is not None:
            lines += [f"**{_plain(shown_short_answer(answer.short_answer))}** \\[{answer.short_answer.citation}\\]", ""]
        for citation in answer.citations:
            lines += [f"{_quoted(citation)} \\[{citation.number}\\]", ""]
        if answer.other_statements:
            lines += [f"{OTHERS_SAY}:", ""]
        for other in answer.other_statements:
            value = f"**{_plain(shown_value(other))}** " if shown_value(other) else ""
            said = f"{value}\\[{other.citation.number}\\] ({relation_in_words(other.relation).lower()})"
            lines += [said, "", _quoted(other.citation), ""]
        for nearest in answer.nearest:
            lines += [_quoted(nearest), "", _source(nearest), ""]
        for changed in answer.changed_citations:
            lines += [f"\\[{changed.number}\\] {changed.mark}: {_change(changed)}", ""]
        lines += [*(f"{citation.number}. {_source(citation)}" for citation in answer.all_citations), ""]
    return "\n".join(lines)


def _quoted(citation: CitationShape) -> str:
    """The quote, below what it goes on from."""
    before = shown_lead_in(citation)
    return (f"> *{_plain(before)}*\n" if before else "") + f"> {_plain(shown_quote(citation))}"


def warning(answer: AnswerShape) -> str | None:
    """The advice that goes with an answer that is not likely."""
    sureness = sureness_of(answer.status, answer.confidence.band, answer.check)
    return sureness.told if answer.citations and sureness is not LIKELY else None


def _change(changed: ChangedCitationShape) -> str:
    now = changed.current_sentence
    return f"{changed.note} As it is now: “{_plain(now.shown)}”" if now else changed.note


def _source(citation: CitationShape) -> str:
    title, link = _plain(citation.article_title), citation.links.original or citation.source.url
    named = f"[{title}](<{_in_brackets(link)}>)" if link else title
    facts = [_plain(fact) for fact in (citation.source.name, citation.source.author, _day(citation.source)) if fact]
    place = f"characters {citation.start_char_index}–{citation.end_char_index} of `{citation.article_id}`"
    return f"{', '.join((named, *facts))} ({place})"


def _plain(text: str) -> str:
    """On one line, and without a meaning in Markdown."""
    return _AT_THE_BEGINNING.sub(r"\1\\", _MARKS.sub(r"\\\1", " ".join(text.split())))


def _in_brackets(link: str) -> str:
    return "".join(link.split()).replace("<", "%3C").replace(">", "%3E")


def copied_text(answer: AnswerShape) -> str:
    """An answer as it is pasted elsewhere: the short answer, the quotes with their numbers, and below them the sources."""
    if not answer.citations:
        return answer.answer
    short = f"{shown_short_answer(answer.short_answer)} [{answer.short_answer.citation}]" if answer.short_answer else None
    quotes = " ".join(f"“{shown_quote(citation)}” [{citation.number}]" for citation in answer.citations)
    sources = (f"[{citation.number}] {_named(citation)}" for citation in answer.all_citations)
    return "\n\n".join(part for part in (warning(answer), short, quotes, others_text(answer), "\n".join(sources)) if part)


def others_text(answer: AnswerShape) -> str | None:
    """What other articles say instead, a line each; None where none does."""
    lines = [f"{_said(other)}: “{shown_quote(other.citation)}”" for other in answer.other_statements]
    return "\n".join([f"{OTHERS_SAY}:", *lines]) if lines else None


def _said(other: StatementShape) -> str:
    return f"{shown_value(other)} [{other.citation.number}] ({relation_in_words(other.relation).lower()})".lstrip()


def _named(citation: CitationShape) -> str:
    return source_facts(citation.article_title, citation.source, link=citation.links.original)


def source_facts(title: str, source: SourceShape, *, link: str | None = None) -> str:
    """Title, name, author, date and address, as far as they are known; `link` goes before the article's own address."""
    return ", ".join(fact for fact in (title, source.name, source.author, _day(source), link or source.url) if fact)


def _day(source: SourceShape) -> str | None:
    """Without the time of day."""
    return day_of(source.published_at) if source.published_at else None
