"""Paths → articles in an index, and an index → rebuilt: progress while it runs, then a summary of the results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa.base.in_words import counted
from qa.base.settings import load_settings
from qa.base.types import Refusal
from qa.cli.exit_codes import ExitCode
from qa.cli.output.progress import Progressing
from qa.cli.output.screen import Screen
from qa.cli.process import Interrupted
from qa.corpus.article_reader import ArticleReader
from qa.service.build import AddReport
from qa.service.service import Service


@dataclass(slots=True)
class _Followed:
    """The report as it was after the last finished batch."""

    report: AddReport = field(default_factory=AddReport)

    def keep(self, report: AddReport) -> AddReport:
        self.report = replace(report)
        return self.report


def add_paths(service: Service, paths: Sequence[str], screen: Screen, *, quietly: bool = False) -> ExitCode:
    """Add files and folders and print the summary: DONE, PARTLY where some was refused, ERROR where no article came in.

    `quietly` prints nothing about a success.

    Raises:
        Interrupted: Ctrl-C; finished batches are kept.
    """
    kept = _Followed()
    with ArticleReader(paths, settings=service.settings) as reader, Progressing(screen.err, "Adding") as progress:

        def follow(report: AddReport) -> None:
            kept.keep(report)
            share = min(1.0, reader.bytes_read / reader.bytes_total) if reader.bytes_total else None
            progress.update(_articles(report), report.passages, share=share)

        try:
            report = service.add_articles(reader, progress=follow)
        except KeyboardInterrupt as error:
            raise Interrupted(_kept_in_words(service, kept.report, paths)) from error
        seconds = progress.seconds
    code = ExitCode.ERROR if not _articles(report) else ExitCode.PARTLY if report.refused else ExitCode.DONE
    if not (quietly and code is ExitCode.DONE):
        _summarise(service, screen, report, reader, seconds)
    return code


def _articles(report: AddReport) -> int:
    return report.added + report.changed + report.unchanged


def _kept_in_words(service: Service, report: AddReport, paths: Sequence[str]) -> str:
    done = _articles(report)
    if not done:
        return f"interrupted before the first batch was done; {service.folder} is as it was."
    again = "" if list(paths) == ["-"] else " The same command goes on from there."
    kept = f"{counted(done, 'article')} with {counted(report.passages, 'new passage')}"
    return f"interrupted; kept in {service.folder}: {kept}.{again}"


def _summarise(service: Service, screen: Screen, report: AddReport, reader: ArticleReader, seconds: float) -> None:
    screen.line(
        f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged, {len(report.refused):,} refused"
    )
    if report.passages:
        articles, passages = (report.added + report.changed) / seconds, report.passages / seconds
        screen.line(
            f"{counted(report.passages, 'passage')} in {seconds:.1f} s ({articles:.1f} articles/s, {passages:.0f} passages/s)"
        )
    screen.listed("Refused:", [_placed(refusal) for refusal in report.refused])
    screen.listed("Without a sentence that could be cited:", report.without_sentences)
    screen.listed("Left out of articles that were kept:", [_placed(notice) for notice in reader.notices])
    screen.listed("Left out of folders, hidden or of a format that is not read:", reader.skipped_files)
    if _articles(report):
        screen.line(f"Index: {service.folder}")
        example = 'ask "…"'
        screen.line(f"Next: {screen.command(example)}")
    elif not report.refused:
        screen.note("qa: nothing was added: no article was found. `qa add --help` lists the formats.")
    else:
        screen.note("qa: nothing was added: everything was refused. The index is as it was.")


def _placed(refusal: Refusal) -> str:
    return f"{refusal.origin}{f', line {refusal.line}' if refusal.line else ''}: {refusal.reason}"


def rebuild_index(service: Service, screen: Screen) -> None:
    """Rebuild the index and print its counts.

    Raises:
        Interrupted: Ctrl-C; the index is as it was, and vectors made so far are kept for the next time.
    """
    service.upgrade()
    whole = service.counts().articles
    with Progressing(screen.err, "Rebuilding") as progress:

        def follow(report: AddReport) -> None:
            progress.update(report.unchanged, report.passages, share=min(1.0, report.unchanged / whole) if whole else None)

        try:
            report = service.rebuild(progress=follow)
        except KeyboardInterrupt as error:
            raise Interrupted(
                f"interrupted; {service.folder} is as it was. The next rebuild uses the vectors made so far."
            ) from error
        seconds = progress.seconds
    screen.line(f"{counted(report.unchanged, 'article')}, {counted(report.passages, 'passage')} rebuilt in {seconds:.1f} s")
    screen.line(f"Index: {service.folder}")
    warn_of_another_encoder(service.encoder.identity.name, screen)


def warn_of_another_encoder(used: str, screen: Screen) -> None:
    """Where the settings name an encoder that the index was not made with."""
    settings = load_settings()
    if "encoder" in settings.model_fields_set and settings.encoder != used:
        screen.note(f"qa: QA_ENCODER or qa.toml names {settings.encoder!r}. This index is refused with it: remove that setting.")
