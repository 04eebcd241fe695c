"""A server at its highest rate, while articles come, change and go: no error, every citation exact, and nothing that grows."""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from plan import Outcome, Plan
from ships import harbour

from qa.base.types import text_digest

if TYPE_CHECKING:
    from servers import ServerProcess

_ASKERS = 3
_SHIPS = range(1, 60)
_CHANGES, _CHANGES_BEFORE_A_REBUILD = "changes while answering", 90
_LONG_SECONDS = 300.0  # from here on what grows is told from what is loaded
_MOST_GROWTH = 1.10  # of memory, between the second third and the last
_MOST_MORE = 4  # handles and threads, likewise


@dataclass(slots=True)
class _Sizes:
    """The server's memory in MB, open handles, and threads, each second."""

    memory: list[float] = field(default_factory=list)
    handles: list[float] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)

    def look(self, pid: int) -> None:
        told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines())
        self.memory.append(int(told["VmRSS"].split()[0]) / 1024)
        self.threads.append(int(told["Threads"]))
        self.handles.append(len(list(Path(f"/proc/{pid}/fd").iterdir())))


class Soak:
    """Threads that ask and one that writes, until the plan's time is over."""

    def __init__(self, plan: Plan, server: ServerProcess) -> None:
        self._plan = plan
        self._server = server
        self._texts: dict[str, str] = {}  # digest → text, of all that was ever added
        self._lock = threading.Lock()
        self._took: list[float] = []
        self._questions = _sample_questions()
        self.sizes = _Sizes()

    @property
    def outcome(self) -> Outcome:
        return self._plan.outcome

    def run(self) -> None:
        for article in _samples():
            self._texts[text_digest(article["text"])] = article["text"]
        seeds = [self._plan.chance.randrange(2**32) for _ in range(_ASKERS + 1)]
        works = [*((self._ask, seed) for seed in seeds[1:]), (self._write, seeds[0])]
        threads = [threading.Thread(target=self._until_over, args=(work, random.Random(seed))) for work, seed in works]
        for thread in threads:
            thread.start()
        while self._plan.goes_on():
            self.sizes.look(self._server.process.pid)
            time.sleep(1)
        for thread in threads:
            thread.join()
        self._tell()

    def _until_over(self, work: Callable[[httpx.Client, random.Random], None], chance: random.Random) -> None:
        with httpx.Client(base_url=self._server.url, timeout=120) as client:
            while self._plan.goes_on():
                try:
                    work(client, chance)
                except Exception as error:  # any at all is what is looked for
                    self._fault(f"soak: {error!r}")

    def _fault(self, what: str) -> None:
        with self._lock:
            self._plan.fault(what)

    def _ask(self, client: httpx.Client, chance: random.Random) -> None:
        question = chance.choice([*self._questions, f"Which ship came into the harbour on day {chance.choice(_SHIPS)}?"])
        began = time.monotonic()
        answer = _done(client.post("/v1/answers", json={"question": question, "threshold": chance.choice([None, 0.0])}))
        with self._lock:
            self._took.append(time.monotonic() - began)
            self._plan.outcome.tried["answers"] += 1
        others = (one["citation"] for one in answer["statements"][1:])
        for citation in (*answer["citations"], *answer["nearest"], *others):
            text = self._texts.get(citation["article_digest"])
            quoted = text[citation["start_char_index"] : citation["end_char_index"]] if text is not None else None
            if quoted != citation["cited_text"]:
                self._fault(
                    f"soak: {citation['cited_text']!r} is cited, and {quoted!r} stands there, of {citation['article_id']}"
                )
            with self._lock:
                self._plan.outcome.tried["citations compared with the article's text"] += 1

    def _write(self, client: httpx.Client, chance: random.Random) -> None:
        number, version = chance.choice(_SHIPS), chance.randrange(1, 10)
        what = chance.choices(["put", "remove", "delete"], [6, 2, 1])[0]
        if self._plan.outcome.tried[_CHANGES] % _CHANGES_BEFORE_A_REBUILD == 0:
            what = "rebuild"
        name = f"ship-{number}"
        if what == "put":
            article = harbour.edition(number, version)
            self._texts[article.digest] = article.text
            _done(client.put(f"/v1/articles/{name}", json={"text": article.text, "title": article.title}))
        elif what == "rebuild":
            job = _done(client.post("/v1/index/rebuild"))
            while job["state"] in ("queued", "running"):
                time.sleep(0.2)
                job = _done(client.get(f"/v1/jobs/{job['id']}"))
            if job["state"] != "succeeded":
                self._fault(f"soak: the rebuild ended so: {job}")
        else:
            response = client.delete(f"/v1/articles/{name}", params={"now": what == "delete"})
            if response.status_code != 404:
                _done(response)
        with self._lock:
            self._plan.outcome.tried[_CHANGES] += 1

    def _tell(self) -> None:
        figures = self._plan.outcome.figures
        if len(self._took) > 1:
            figures["answers a second"] = f"{len(self._took) / self._plan.seconds:.1f}"
            figures["answer, median and 95th of 100"] = (
                f"{1000 * statistics.median(self._took):.0f} and {1000 * statistics.quantiles(self._took, n=20)[-1]:.0f} ms"
            )
        for name, values, allowed in (
            ("memory, MB", self.sizes.memory, lambda size: size * _MOST_GROWTH),
            ("handles", self.sizes.handles, lambda size: size + _MOST_MORE),
            ("threads", self.sizes.threads, lambda size: size + _MOST_MORE),
        ):
            third = len(values) // 3
            if not third:
                continue
            middle, last = statistics.median(values[third : 2 * third]), statistics.median(values[2 * third :])
            figures[f"{name}: second and last third"] = f"{middle:.0f} and {last:.0f}"
            if self._plan.seconds >= _LONG_SECONDS and last > allowed(middle):
                self._fault(f"soak: {name} grew from {middle:.0f} to {last:.0f}")


def _done(response: httpx.Response) -> Any:
    if response.status_code not in (200, 201, 202):
        raise RuntimeError(f"{response.request.method} {response.request.url}: {response.status_code} {response.text[:300]}")
    return response.json()


def _samples() -> list[Mapping[str, str]]:
    return [json.loads(line) for line in (files("qa.evaluation.samples") / "articles.jsonl").read_text("utf-8").splitlines()]


def _sample_questions() -> list[str]:
    lines = (files("qa.evaluation.samples") / "questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]
