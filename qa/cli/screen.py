"""What the command line prints: answers, hits, articles and reports as lines; stdout the result, stderr the rest.

Articles are hostile text. Whatever comes from one goes through `visible` or `on_one_line` before it is
written, and no rich markup is ever read from it. Lines are wrapped on a terminal only, so that a pipe
sees one line per statement.
"""

from __future__ import annotations

import codecs
import io
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.style import Style
from rich.text import Text

from qa.base.errors import QaError
from qa.base.quotes import QuoteState, VerifiedQuote
from qa.base.types import (
    Answer,
    Article,
    Citation,
    DateRange,
    Place,
    Reason,
    SearchAnswer,
    SearchHit,
    Sentence,
    Source,
    Span,
    Status,
    source_of,
)

if TYPE_CHECKING:
    from qa.service.boilerplate import LearnedLine  # numpy comes with it
    from qa.service.indexes import IndexShape

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = re.compile("[ \t\n]+")
_PLAIN = {"–": "-", "—": "-", "…": "...", "·": "|", "‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "}
_LAST_STAGES = ("recency", "distinct")
_PLACES_NAMED = 3  # other articles with the same words
_NAMED = 20  # refusals, articles or notices that a summary names
_NUMBER = Style(color="cyan", bold=True)
_PLAIN_STYLE = Style()
_DIM = Style(dim=True)
_BOLD = Style(bold=True)
_WARNING = Style(color="yellow")

_REASONS = {
    Reason.NOTHING_CLOSE: "No sentence comes close to this question.",
    Reason.NO_ANSWER_READ: "Some sentences come near it, but none is likely enough to answer it",
}
_STANDS = {
    QuoteState.UNCHANGED: "unchanged: it stands where it was cited",
    QuoteState.MOVED: "moved: it stands elsewhere in the article now",
    QuoteState.EDITED: "edited: the article is there, the quote is not",
    QuoteState.REMOVED: "removed: the article is not there any more",
}
_FILTERED_OUT = "No article passes the filters: {}."


class Interrupted(QaError):
    """Ctrl-C during long work; the message says what was kept."""


def visible(text: str) -> str:
    r"""The text with control characters, direction overrides and lone surrogates as escapes such as \x1b.

    Line feeds and tabs stay; CRLF becomes a line feed.
    """
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text.replace("\r\n", "\n"))


def on_one_line(text: str) -> str:
    """`visible`, with each run of blanks, tabs and line feeds as one blank."""
    return _BLANKS.sub(" ", visible(text)).strip(" ")


def size_in_words(count: int) -> str:
    """`812 bytes`, `1.2 MB`."""
    size, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"


def numbered(count: int, noun: str) -> str:
    """`1 article`, `1,234 articles`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def prepare_streams() -> None:
    """Make stdout and stderr take any character, whatever their encoding, and stdin give any bytes as text."""
    codecs.register_error("qa", _replacement)
    for stream, errors in ((sys.stdout, "qa"), (sys.stderr, "qa"), (sys.stdin, "replace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _replacement(error: UnicodeError) -> tuple[str | bytes, int]:
    """Look-alikes of typographic marks, else escapes, for an encoding that lacks them."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_PLAIN.get(mark) or mark.encode("unicode_escape").decode("ascii") for mark in lost), error.end


class Screen:
    """Both output streams. `flags` are the options that a suggested command needs again, such as `--index DIR`."""

    def __init__(self, flags: Sequence[str] = ()) -> None:
        self.out = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
        self.err = Console(markup=False, emoji=False, highlight=False, soft_wrap=True, stderr=True)
        self._flags = "".join(f" {shlex.quote(flag)}" for flag in flags)

    def command(self, words: str) -> str:
        """A command of qa to type next."""
        return visible(f"qa {words}{self._flags}")

    def _write(self, text: Text) -> None:
        """One line, styled on a terminal; for a pipe its very characters (rich would expand tabs)."""
        if self.out.is_terminal:
            self.out.print(text)
        else:
            print(text.plain)

    def suggest(self, words: str, *, indent: int = 2, style: Style = _PLAIN_STYLE) -> None:
        """A command on a line of its own, never wrapped, so that it can be copied."""
        self._write(Text.assemble(" " * indent, (self.command(words), style)))

    def note(self, text: str = "") -> None:
        """A line on stderr."""
        self.err.print(Text(visible(text)), soft_wrap=not self.err.is_terminal)

    def line(self, text: str = "", *, style: Style | None = None) -> None:
        self.paragraph(Text(visible(text), style=style or _PLAIN_STYLE))

    def no_articles(self, folder: Path) -> None:
        self.note(f"No articles yet in {folder}: `{self.command('add PATH…')}` adds some.")

    def paragraph(self, text: Text, *, first: str = "", indent: int = 0) -> None:
        """The text, wrapped on a terminal; `first` stands in the indentation of the first line."""
        width = max(20, self.out.width - indent)
        wrapped = text.wrap(self.out, width) if self.out.is_terminal else [text]
        for number, line in enumerate(wrapped or [Text()]):
            margin = first.ljust(indent) if number == 0 else " " * indent
            self._write(Text.assemble((margin, _NUMBER), line) if margin else line)

    def json(self, text: str) -> None:
        """One JSON value on stdout, always UTF-8 (RFC 8259)."""
        sys.stdout.flush()
        data = f"{text}\n".encode("utf-8", "replace")
        sys.stdout.buffer.write(data)
        sys.stdout.flush()

    # Answers

    def answer(self, answer: Answer, *, numbered_from: int = 1) -> None:
        """The cited sentences with their sources, or why there are none and what came nearest."""
        if answer.standalone_question != answer.question:
            self.line(f"Searched for: {on_one_line(answer.standalone_question)}", style=_DIM)
            self.line()
        if answer.status is Status.NOT_FOUND:
            self._not_found(answer)
            return
        shift = numbered_from - 1
        cited = [replace(citation, number=citation.number + shift) for citation in answer.citations]
        text = Text()
        for place, citation in enumerate(cited):
            quote = Text(on_one_line(citation.quote)) if place else _with_middle_bold(citation.pieces)
            text.append(" " if text else "").append(quote).append(f" [{citation.number}]", style=_NUMBER)
        self.paragraph(text)
        self.line()
        self._confidence(answer)
        self._date_ranges(answer.standalone_question, answer.date_ranges)
        for citation in cited:
            self.line()
            self._citation(citation)

    def _confidence(self, answer: Answer) -> None:
        held = answer.confidence
        text = f"Confidence: {held.band} ({held.probability:.2f})"
        if answer.status is Status.WEAK:
            self.line(f"{text}. This is a weak answer: read its sources before you rely on it.", style=_WARNING)
        else:
            self.line(text)

    def _date_ranges(self, question: str, ranges: Sequence[DateRange]) -> None:
        """Which days the question's words were taken to mean."""
        for one in ranges:
            days = f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
            self.line(f"“{on_one_line(one.span.of(question))}” is taken as {days}.", style=_DIM)

    def _citation(self, citation: Citation) -> None:
        number = f"[{citation.number}] "
        indent = len(number)
        self.paragraph(Text(on_one_line(citation.article_title), style=_BOLD), first=number, indent=indent)
        about = _about(citation.source)
        if about:
            self.paragraph(Text(about), indent=indent)
        place = f"characters {citation.span.start}–{citation.span.end} of {citation.article_id}"
        self.paragraph(Text(visible(place), style=_DIM), indent=indent)
        self.suggest(f"show {citation.article_id} --sentence {citation.sentence_index}", indent=indent, style=_DIM)
        self._also_in("word for word", citation.also_in, indent)
        self._link(citation, indent)

    def _also_in(self, saying: str, places: Sequence[Place], indent: int) -> None:
        """In how many other articles that stands, and the first of them by title, source and date."""
        articles = list({place.article_id: place for place in reversed(places)}.values())[::-1]
        if not articles:
            return
        others = "another article" if len(articles) == 1 else f"{len(articles)} other articles"
        self.paragraph(Text(f"{saying} also in {others}:", style=_DIM), indent=indent)
        for place in articles[:_PLACES_NAMED]:
            named = " · ".join(filter(None, [place.article_title, _about(place.source), place.article_id]))
            self.paragraph(Text(on_one_line(named), style=_DIM), indent=indent + 2)
        if len(articles) > _PLACES_NAMED:
            self.paragraph(Text(f"and {len(articles) - _PLACES_NAMED} more", style=_DIM), indent=indent + 2)

    def _link(self, citation: Citation, indent: int) -> None:
        """The page itself, linked to the very sentence where the terminal can; in full for a pipe."""
        if citation.original_link is None:
            return
        link = visible(citation.original_link)
        if self.out.is_terminal:
            page = visible(citation.source.url or citation.original_link)
            self._write(Text.assemble(" " * indent, (page, Style(link=link, underline=True))))
        else:
            self._write(Text(" " * indent + link))

    def _not_found(self, answer: Answer) -> None:
        if answer.reason is Reason.NOT_A_QUESTION:
            from qa.answer.question_kind import WHAT_QA_DOES

            self.line(WHAT_QA_DOES)
            return
        if answer.reason is Reason.NO_ARTICLES:
            self.line(f"No articles yet: `{self.command('add PATH…')}` adds some.")
            return
        self.line(answer.text, style=_BOLD)
        self.line(_why(answer))
        self._date_ranges(answer.standalone_question, answer.date_ranges)
        if answer.nearest:
            self.line()
            self.line("Nearest sentences; none of them is an answer:")
        for citation in answer.nearest:
            self.paragraph(Text(on_one_line(citation.quote)), first="  - ", indent=4)
            about = " · ".join(part for part in (on_one_line(citation.article_title), _about(citation.source)) if part)
            self.paragraph(Text(about, style=_DIM), indent=4)
            self.suggest(f"show {citation.article_id} --sentence {citation.sentence_index}", indent=4, style=_DIM)

    # Verified

    def verified(self, found: VerifiedQuote) -> None:
        """One citation: how it stands, its quote, and where to read it."""
        cited = found.cited
        number = f"[{cited.number}] "
        self.paragraph(Text(_STANDS[found.state], style=_BOLD), first=number, indent=len(number))
        if cited.quote:
            self.paragraph(Text(on_one_line(cited.quote)), indent=len(number))
        place = f"characters {cited.span.start}–{cited.span.end} of {cited.article_id}"
        if found.state is QuoteState.MOVED:
            place += ", now " + ", ".join(f"{place.start}–{place.end}" for place in found.places)
        self.paragraph(Text(visible(place), style=_DIM), indent=len(number))
        if found.state in (QuoteState.MOVED, QuoteState.EDITED):
            self.suggest(f"show {cited.article_id} --version {cited.article_digest}", indent=len(number), style=_DIM)

    # Search

    def search(self, found: SearchAnswer) -> None:
        for hit in found.hits:
            self._hit(hit)
        if found.hits and found.date_ranges:
            self.line()
        self._date_ranges(found.question, found.date_ranges)
        if not found.hits and found.filters:
            self.line(_FILTERED_OUT.format(on_one_line(str(found.filters))))
        elif not found.hits:
            self.line("No passage has anything of this.")

    def _hit(self, hit: SearchHit) -> None:
        if hit.rank > 1:
            self.line()
        number = f"{hit.rank}. ".ljust(4)
        self.paragraph(Text(on_one_line(hit.article.title), style=_BOLD), first=number, indent=4)
        about = _about(hit.source)
        if about:
            self.paragraph(Text(about), indent=4)
        self.paragraph(_with_best_sentence(hit), indent=4)
        self.paragraph(Text(_stages(hit), style=_DIM), indent=4)
        self._also_in("much the same", hit.copies, 4)
        best = _best_sentence(hit)
        self.suggest(f"show {hit.article.id} --sentence {(best or hit.passage.sentences[0]).index}", indent=4, style=_DIM)

    # Articles

    def article(self, article: Article, *, added_at: str, marked: Sentence | None = None) -> None:
        """All of an article; the sentence `marked` stands between >>> and <<<."""
        self.article_heading(article, added_at=added_at)
        self.line()
        whole = Span(0, len(article.text))
        self.passage(article, whole, marked=marked.span if marked else None)

    def index_line(self, one: IndexShape) -> None:
        """Name, what it holds, its encoder, when it changed and its size: with tabs for a pipe."""
        if one.problem:
            fields = [one.name, one.problem]
        else:
            encoder = f"{one.encoder} ({one.dimension})" if one.encoder else "empty"
            holds = [numbered(one.articles, "article"), numbered(one.passages, "passage")]
            fields = [one.name, *holds, encoder, one.changed_at or "", size_in_words(one.bytes)]
        separator = "  " if self.out.is_terminal else "\t"
        self._write(Text(separator.join(on_one_line(field) for field in fields)))

    def copies(self, articles: Sequence[Article]) -> None:
        """Which other articles are similar to the one above."""
        if articles:
            self.line()
            self.line(f"Similar: {numbered(len(articles), 'other article')}", style=_BOLD)
        for article in articles:
            self.article_line(article)

    def boilerplate(self, lines: Sequence[LearnedLine]) -> None:
        """By source, the number of stories and the line; then what was overruled."""
        for heading, some in groupby(lines, key=_boilerplate_heading):
            self.line(heading, style=_BOLD)
            for line in some:
                number = "" if line.stories is None else f"{line.stories:,}"
                self.paragraph(Text(on_one_line(line.sentence)), first=f"{number:>6}  ", indent=8)
        if not lines:
            self.line("No line recurs in so many stories of a source that it would be taken for boilerplate.")

    def article_heading(self, article: Article, *, added_at: str | None = None) -> None:
        self.line(on_one_line(article.title), style=_BOLD)
        about = _about(source_of(article))
        if about:
            self.line(about)
        if article.url:
            self._write(Text(visible(article.url)))
        given = "" if article.given_id == article.id else f"  ({on_one_line(article.given_id)})"
        self.line(article.id + given, style=_DIM)
        if added_at:
            self.line(f"added {_day(added_at)}, {numbered(len(article.text), 'character')}", style=_DIM)

    def passage(self, article: Article, span: Span, *, marked: Span | None) -> None:
        """The article's text in `span`, line by line."""
        text = Text()
        if marked is None:
            text.append(visible(span.of(article.text)))
        else:
            text.append(visible(article.text[span.start : marked.start]))
            text.append(f">>> {visible(marked.of(article.text))} <<<", style=_NUMBER)
            text.append(visible(article.text[marked.end : span.end]))
        for line in text.split("\n", allow_blank=True):
            self.paragraph(line)

    def article_line(self, article: Article) -> None:
        """Id, date, source and title: in columns cut to a terminal's width, with tabs for a pipe."""
        fields = [article.id, (article.published_at or "")[:10], on_one_line(article.source or ""), on_one_line(article.title)]
        if not self.out.is_terminal:
            self._write(Text("\t".join(fields)))
            return
        line = Text(overflow="ellipsis", no_wrap=True)
        for field, width in zip(fields, (20, 10, 18), strict=False):
            cell = Text(field)
            cell.truncate(width, overflow="ellipsis", pad=True)
            line.append(cell).append("  ")
        line.append(fields[-1])
        line.truncate(self.out.width, overflow="ellipsis")
        self._write(line)

    # Reports

    def listed(self, heading: str, names: Sequence[str]) -> None:
        """At most 20 names under a heading, and how many more there are."""
        if not names:
            return
        self.line(heading)
        for name in names[:_NAMED]:
            self.paragraph(Text(on_one_line(name)), first="  - ", indent=4)
        if len(names) > _NAMED:
            self.line(f"    … and {len(names) - _NAMED:,} more")

    def table(self, rows: Sequence[tuple[str, str]], *, indent: int = 2) -> None:
        """Names and values in two columns."""
        width = max((len(name) for name, _ in rows), default=0)
        for name, value in rows:
            self.paragraph(Text(visible(value)), first=" " * indent + name.ljust(width) + "  ", indent=indent + width + 2)

    def columns(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows under headings, the first column to the left and the others to the right; never wrapped."""
        table = [[on_one_line(cell) for cell in row] for row in (headings, *rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for number, row in enumerate(table):
            first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            line = "   ".join([first.lstrip().ljust(widths[0]), *others]).rstrip()
            self._write(Text(line, style=_PLAIN_STYLE if number else _BOLD))


def _boilerplate_heading(line: LearnedLine) -> str:
    if line.stories is None:
        return "Overruled: never cited" if line.boilerplate else "Overruled: may be cited"
    return on_one_line(line.source) if line.source else "Without a source"


def _about(source: Source) -> str:
    """Publisher, author and date, as far as they are known."""
    return " · ".join(on_one_line(part) for part in (source.name, source.author, _day(source.published_at)) if part)


def _day(published_at: str | None) -> str | None:
    """`2024-03-08`, or `2024-03-08 05:00 UTC` where the time is known."""
    day, _, time = (published_at or "").partition("T")
    return f"{day} {time[:5]} UTC" if time else published_at


def _why(answer: Answer) -> str:
    held = answer.confidence
    if answer.reason is Reason.ALL_FILTERED_OUT:
        return _FILTERED_OUT.format(on_one_line(str(answer.filters)))
    if answer.reason is not Reason.NO_ANSWER_READ:
        return _REASONS[Reason.NOTHING_CLOSE]
    best = f"{held.probability:.2f}"
    if best == f"{held.threshold:.2f}":  # rounded up to the threshold it did not reach
        best = f"{held.probability:.4f}"
    return f"{_REASONS[Reason.NO_ANSWER_READ]} (probability {best}, at least {held.threshold:.2f} is asked for)."


def _best_sentence(hit: SearchHit) -> Sentence | None:
    best = max(hit.sentences, key=lambda scored: scored.score, default=None)
    return best.sentence if best else None


def _with_best_sentence(hit: SearchHit) -> Text:
    """The passage on one line, its best sentence bold."""
    text, span, best = hit.article.text, hit.passage.span, _best_sentence(hit)
    if best is None or not span.contains(best.span):
        return Text(on_one_line(span.of(text)))
    return _with_middle_bold((text[span.start : best.span.start], best.span.of(text), text[best.span.end : span.end]))


def _with_middle_bold(parts: tuple[str, str, str]) -> Text:
    before, middle, after = (_BLANKS.sub(" ", visible(part)) for part in parts)
    return Text.assemble(before, (middle, _BOLD), after)


def _stages(hit: SearchHit) -> str:
    """Its place, score and ranks; the last two stages say no more than the score and the number before it."""
    ranks = ", ".join(f"{name} {rank} ({score:.3g})" for name, (rank, score) in hit.stages.items() if name not in _LAST_STAGES)
    span = hit.passage.span
    return f"characters {span.start}–{span.end} of {hit.article.id} · score {hit.score:.3f}, ranks: {ranks}"
