"""Templates → pages: the Jinja2 environment, the filters that templates use, and what every page shows."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse

from qa.answer.question_kind import WHAT_QA_DOES
from qa.api.exports import copied_text
from qa.api.pieces import own_pieces, pieces_of, shown_lead_in, shown_quote, shown_short_answer, standalone_pieces
from qa.api.statement import OTHERS_SAY, agreement_in_words, relation_in_words, shown_value
from qa.api.word_changes import word_changes
from qa.base.errors import AnswerNotFound, StorageError
from qa.base.feedback import JudgedAnswer
from qa.base.in_words import counted, day_of, time_in_words
from qa.base.templates import environment
from qa.base.times import REMOVED_KEPT
from qa.base.types import MOST_NAMED, Filters, source_of
from qa.corpus.formats.detection import SUFFIXES
from qa.service.description import IndexDescription
from qa.service.state.upload_series import UploadSeriesLog
from web.access.browsers import is_for_people, is_htmx
from web.pages.adding_view import AddingView, megabytes, view_of
from web.pages.excerpts import excerpt
from web.pages.filter_form import LONGEST_ARTICLES, FilterForm, form_of, looser_forms
from web.pages.filter_words import filter_words
from web.pages.language_names import is_language_tag, language_name
from web.pages.static_files import static
from web.pages.unsent_files import most_bytes_of_a_file
from web.pages.wording import changed_of, chosen_of, sureness, verdict
from web.problems import NotReady, Problem
from web.runtime.running import Running

_HERE = Path(__file__).parent
_STARTING_SECONDS = "2"  # between two looks at whether the model is loaded


class Pages:
    """Renders the templates of one application. All values are escaped."""

    def __init__(self, running: Running, uploads: UploadSeriesLog) -> None:
        self._running = running
        self._uploads = uploads
        self._environment = environment(_HERE / "templates")
        self._environment.filters.update(
            day=day_of, time=time_in_words, counted=counted, megabytes=megabytes, language_name=language_name
        )
        self._environment.tests["language_tag"] = is_language_tag
        folder = running.service.folder
        self._environment.globals.update(
            static=static,
            source_of=source_of,
            excerpt=excerpt,
            pieces_of=pieces_of,
            own_pieces=own_pieces,
            shown_lead_in=shown_lead_in,
            shown_quote=shown_quote,
            shown_short_answer=shown_short_answer,
            shown_value=shown_value,
            agreement=agreement_in_words,
            relation_in_words=relation_in_words,
            others_say=OTHERS_SAY,
            form_of=form_of,
            looser_forms=looser_forms,
            filter_words=self._filter_words,
            in_scope=self._in_scope,
            longest_articles=LONGEST_ARTICLES,
            standalone_pieces=standalone_pieces,
            copied_text=copied_text,
            sureness=sureness,
            verdict=verdict,
            changed_of=changed_of,
            word_changes=word_changes,
            chosen_of=chosen_of,
            answers_are_kept=running.service.settings.keep_answers_days > 0,
            what_qa_does=WHAT_QA_DOES,
            minutes_kept=int(REMOVED_KEPT.total_seconds() // 60),
            index_folder=folder,
            unfinished_addings=self._unfinished_addings,
            accepted_files=",".join([*SUFFIXES, ".gz"]),
            most_upload_bytes=most_bytes_of_a_file(running.service.settings),
            add_command=f"qa add PATH… --index {shlex.quote(str(folder))}",
        )

    def page(self, request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """A whole page, or a part with the header's counts. It waits for the index, whose counts these are: never call it on
        the event loop."""
        return self._rendered(request, template, status, self._running.described(), values)

    def plain(self, request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """A page without the index's counts, or a part of a page: it does not wait for the index. For a turn it reads the
        feedback from a file: never call it on the event loop then."""
        return self._rendered(request, template, status, None, values)

    def problem(self, request: Request, problem: Problem) -> HTMLResponse | None:
        """The page of a problem, with what to do; for htmx the part of it that is shown in place. None for programs.

        It shows nothing of the index, which may be what the problem is.
        """
        if not is_for_people(request):
            return None
        is_part = is_htmx(request)
        starting = isinstance(problem, NotReady) and self._running.failure is None
        template = "_problem.html" if is_part else "starting.html" if starting else "problem.html"
        response = self._rendered(request, template, problem.type.status, None, {"problem": problem})
        response.headers.update(problem.headers)
        if starting and not is_part:
            elsewhere = "" if request.method == "GET" else "; url=/"
            response.headers["Refresh"] = f"{_STARTING_SECONDS}{elsewhere}"
        return response

    def _rendered(
        self, request: Request, template: str, status: int, described: IndexDescription | None, values: dict[str, object]
    ) -> HTMLResponse:
        shared = {
            "path": request.url.path,
            "is_part": is_htmx(request),
            "described": described,
            "admitted": getattr(request.state, "admitted", False),  # else a page shows nothing of the index
            "logged_in": getattr(request.state, "logged_in", False),
            "feedback_on": cache(self._feedback_on),
        }
        html = self._environment.get_template(template).render(**shared, **values)
        return HTMLResponse(html, status_code=status)

    def _unfinished_addings(self) -> list[AddingView]:
        """What is being added now; nothing where the state cannot be read."""
        try:
            return [view_of(series) for series in self._uploads.unfinished()]
        except StorageError:
            return []

    def _filter_words(self, form: FilterForm) -> Mapping[str, str]:
        return filter_words(form, self._titles(form.article_ids))

    def _in_scope(self, filters: Filters) -> str:
        """Which articles could answer, with the titles of those that are named."""
        return filters.in_words(self._titles(filters.article_ids))

    def _titles(self, ids: Sequence[str]) -> Mapping[str, str]:
        return self._running.service.titles(ids) if 0 < len(ids) <= MOST_NAMED else {}

    def _feedback_on(self, answer_id: str) -> JudgedAnswer | None:
        """The feedback on an answer; None where the answer is not kept, and can have none."""
        try:
            return self._running.service.feedback(answer_id)
        except (AnswerNotFound, StorageError):  # without its state a page goes on, as answering does
            return None
