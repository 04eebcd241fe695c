"""What the server counts, in Prometheus' text format; labels hold route templates and names of ours, never what a client wrote.

Home of prometheus-client. Each application has a registry of its own. Where PROMETHEUS_MULTIPROC_DIR names a folder, as for the
workers of `qa serve --workers`, the library keeps the numbers there, and each worker reports the sums over all of them.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from qa.base.types import Answer
from qa.service.library import IndexSize
from web.problems import PROBLEM_TYPES

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

# Seconds. An answer takes about a tenth of one; adding a hundred long articles takes minutes.
_REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_STAGE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """The numbers of one application. Shared between threads."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each one, that nobody asked for
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "qa_http_requests_total", "Requests that were answered.", ["route", "method", "status"], registry=self._registry
        )
        self._request_seconds = Histogram(
            "qa_http_request_duration_seconds",
            "From a request's arrival to the last byte of its response.",
            ["route", "method"],
            buckets=_REQUEST_BUCKETS,
            registry=self._registry,
        )
        self._problems = Counter(
            "qa_problems_total", "Requests that were refused or failed, by type of problem.", ["type"], registry=self._registry
        )
        for name in PROBLEM_TYPES:
            self._problems.labels(name)
        self._answers = Counter(
            "qa_answers_total", "Answers that were given; why nothing was found.", ["status", "reason"], registry=self._registry
        )
        self._stage_seconds = Histogram(
            "qa_answer_stage_duration_seconds",
            "How long each stage of an answer took, and all of them (total).",
            ["stage"],
            buckets=_STAGE_BUCKETS,
            registry=self._registry,
        )
        self.requests_in_flight = self._sum("qa_http_requests_in_flight", "Requests that are being answered.")
        self.questions_waiting = self._sum("qa_questions_waiting", "Questions and searches that wait for their turn.")
        self.questions_in_work = self._sum("qa_questions_in_work", "Questions and searches that are worked on.")
        self._articles = self._newest("qa_index_articles", "Articles that can answer.")
        self._sentences = self._newest("qa_index_sentences", "Their sentences.")
        self._passages = self._newest("qa_index_passages", "Their passages.")
        self._generation = self._newest("qa_index_generation", "How often the index has changed.")

    def _sum(self, name: str, documentation: str) -> Gauge:
        return Gauge(name, documentation, registry=self._registry, multiprocess_mode="livesum")

    def _newest(self, name: str, documentation: str) -> Gauge:
        return Gauge(name, documentation, registry=self._registry, multiprocess_mode="livemostrecent")

    def request(self, route: str, method: str, status: int, *, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(route, method, str(status)).inc()
        self._request_seconds.labels(route, method).observe(seconds)

    def problem(self, name: str) -> None:
        """Count a problem of this type."""
        self._problems.labels(name).inc()

    def answer(self, answer: Answer) -> None:
        """Count an answer and how long its stages took."""
        self._answers.labels(answer.status, answer.reason or "").inc()
        for stage, milliseconds in answer.trace.timings_ms.items():
            self._stage_seconds.labels(stage).observe(milliseconds / 1000)

    def index(self, size: IndexSize) -> None:
        """Take note of what the index holds now."""
        self._articles.set(size.counts.articles)
        self._sentences.set(size.counts.sentences)
        self._passages.set(size.counts.passages)
        self._generation.set(size.generation)

    def text(self) -> bytes:
        """All numbers, over all workers where there are several."""
        if SHARED_FOLDER not in os.environ:
            return generate_latest(self._registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)


def forget_worker(pid: int) -> None:
    """Take a worker that has ended out of what is in flight; what it counted stays."""
    mark_process_dead(pid)  # type: ignore[no-untyped-call]
