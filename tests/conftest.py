"""What the tests share: the real encoder, and one index of the sample articles, each made once a session."""

from __future__ import annotations

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything that reads it is imported
os.environ.pop("PYTHONUNBUFFERED", None)  # it would hide that a process keeps lines back which others wait for

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["OMP_NUM_THREADS"] = "1"  # several at once with two threads each would wait for one another

import contextlib
import gc
import http.server
import importlib.resources
import json
import shutil
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from qa.answer.similarity_reader import SimilarityReader
from qa.base.protocols import EncodedQuestion, Encoder
from qa.base.settings import load_settings
from qa.base.types import Article, Evidence, PassageRule, Ranking
from qa.cli.app import main
from qa.index.identity import index_facts
from qa.index.snapshot import Snapshot, SnapshotReader
from qa.search.merge import weighted_merge
from qa.search.searchers import Searcher
from qa.service.build import Indexer
from qa.service.service import Service

sys.path.insert(0, str(Path(__file__).parent / "support"))
pytest_plugins = ["servers", "milvus_lite_server"]  # real servers and their clients

SAMPLES = Path(str(importlib.resources.files("qa.evaluation.samples")))
LONGEST = (
    *("test_every_page", "test_schemathesis", "test_service", "test_hostile", "test_workers", "test_static", "test_wheel"),
    *("test_index_life", "test_measuring", "test_other_processes", "test_reader_training", "test_adding"),
)
RULE = PassageRule(characters=600, overlap_sentences=1, title_tokens=32)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Three processes for the whole suite, as each waits a third of its time; a part of it runs in this one, ready sooner."""
    return 3 if config.args_source is config.ArgsSource.TESTPATHS else 0


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Without the garbage collector: what is imported stays, and need not be looked through, now or in every test."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest first; then those of `web`, which often wait, among those that compute all the time.

    So all processors are busy throughout, and the short files fill all processes to the end.
    """
    files = dict.fromkeys(item.path for item in items)
    web = [file for file in files if "web" in file.parts]
    others = [file for file in files if "web" not in file.parts]
    places = {file: number / len(group) for group in (web, others) for number, file in enumerate(group)}
    items.sort(key=lambda item: (item.path.stem not in LONGEST, places[item.path]))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def rule() -> PassageRule:
    return RULE


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    # with torch, which the process that shares out the tests does not need
    from qa.index.encoder import TransformerEncoder

    gc.freeze()  # the libraries stay: the collector would look through them in every test
    return TransformerEncoder()


def _read_samples(name: str) -> list[dict[str, object]]:
    lines = (SAMPLES / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def sample_articles() -> list[Article]:
    """The 44 articles, under their own ids."""
    return [Article(given_id=str(record["id"]), **record) for record in _read_samples("articles.jsonl")]  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def sample_questions() -> list[dict[str, object]]:
    return _read_samples("questions.jsonl")


@pytest.fixture(scope="session")
def article() -> Callable[..., Article]:
    """An article of which only the id and text matter."""

    def make(id_: str, text: str, *, title: str = "A title", **facts: str) -> Article:
        return Article(id=id_, given_id=f"given {id_}", title=title, text=text, **facts)

    return make


class NewsSite(http.server.ThreadingHTTPServer):
    """A real web site on this machine; `pages` are its paths with their media type and content."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes]] = {}
        super().__init__(("127.0.0.1", 0), _NewsPage)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _NewsPage(http.server.BaseHTTPRequestHandler):
    server: NewsSite

    def do_GET(self) -> None:
        media_type, content = self.server.pages.get(self.path, ("text/plain", b""))
        self.send_response(200 if self.path in self.server.pages else 404)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: a test that prints is noise."""


@pytest.fixture
def news_site() -> Iterator[NewsSite]:
    with NewsSite() as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site
        site.shutdown()


@pytest.fixture
def make_indexer(tmp_path: Path, encoder: Encoder, rule: PassageRule) -> Callable[..., Indexer]:
    """An Indexer of a new folder; any part may be given."""

    def make(
        folder: Path | None = None, *, encoder: Encoder = encoder, rule: PassageRule = rule, lock_timeout_seconds: float = 20
    ) -> Indexer:
        return Indexer(folder or tmp_path / "index", encoder, rule, lock_timeout_seconds=lock_timeout_seconds)

    return make


@pytest.fixture
def open_reader(encoder: Encoder, rule: PassageRule) -> Iterator[Callable[..., SnapshotReader]]:
    """A SnapshotReader of a folder, closed at the end."""
    with contextlib.ExitStack() as opened:

        def open_(folder: Path, *, encoder: Encoder = encoder, rule: PassageRule = rule) -> SnapshotReader:
            facts = index_facts(encoder.identity, rule)
            reader = SnapshotReader(folder, facts, dimension=encoder.identity.dimension)
            opened.callback(reader.close)
            return reader

        yield open_


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """What `make` makes at a path: once a run, by the first process that needs it. All share it, so no test changes it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made once"

    def made(name: str, make: Callable[[Path], object]) -> Path:
        shared.mkdir(exist_ok=True)
        path, done = shared / name, shared / f"{name}.done"
        with FileLock(shared / f"{name}.lock"):
            if not done.exists():
                make(path)
                done.touch()
        return path

    return made


@pytest.fixture(scope="session")
def sample_index(
    made_once: Callable[..., Path], encoder: Encoder, sample_articles: list[Article], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The index of the sample articles; a test that changes it copies it (`sample_copy`)."""
    made = made_once("index", lambda folder: Indexer(folder, encoder, RULE, lock_timeout_seconds=20).add(sample_articles))
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("samples") / "index"))  # beside which answers are kept


@pytest.fixture(scope="session")
def added_samples(made_once: Callable[..., Path]) -> Path:
    """The samples as `qa add` adds them, by the settings' own defaults; no test changes it."""
    return made_once("an index", lambda folder: _qa("add", SAMPLES / "articles.jsonl", "--index", folder))


@pytest.fixture(scope="session")
def evaluated_samples(made_once: Callable[..., Path], added_samples: Path) -> Path:
    """The run of the sample questions over `added_samples`, by the settings' own defaults."""
    return made_once("evaluated.jsonl.gz", lambda path: _qa("evaluate", SAMPLES, "--index", added_samples, "--out", path))


def _qa(*arguments: object) -> None:
    assert main([*map(str, arguments)]) == 0


@pytest.fixture
def sample_copy(sample_index: Path, tmp_path: Path) -> Path:
    """Without the answers that tests which share `sample_index` had kept."""
    return Path(shutil.copytree(sample_index, tmp_path / "copy of samples", ignore=shutil.ignore_patterns("state.sqlite*")))


@pytest.fixture(scope="session")
def services() -> Iterator[list[Service]]:
    """Those that were opened and not closed yet."""
    opened: list[Service] = []
    yield opened
    for service in opened:
        service.close()


@pytest.fixture(scope="session")
def open_service(encoder: Encoder, services: list[Service]) -> Callable[..., Service]:
    """The Service of a folder, by the rule that `sample_index` was cut with; any setting may be given."""

    def open_(folder: Path, **given: object) -> Service:
        rule = {"passage_characters": RULE.characters, "passage_overlap_sentences": RULE.overlap_sentences}
        given = {**rule, "read_passages": 3, **given}  # enough for the samples, in a third of the time
        services.append(Service(load_settings(index=folder, **given), encoder=encoder))
        return services[-1]

    return open_


@pytest.fixture(autouse=True)
def _close_what_a_test_opens(services: list[Service]) -> Iterator[None]:
    """Each holds a model. Those of a module or of all tests were opened before."""
    before = len(services)
    yield
    while len(services) > before:
        services.pop().close()


@pytest.fixture(scope="session")
def searched(encoder: Encoder) -> Callable[..., tuple[Ranking, Ranking, Ranking]]:
    """Dense, lexical and merged rankings of a question over one snapshot."""

    def search(snapshot: Snapshot, question: str, *, k: int = 10) -> tuple[Ranking, Ranking, Ranking]:
        seen = (snapshot.store, snapshot.hidden)
        dense = Searcher("dense", snapshot.vectors, *seen).search(question, encoder.embed_question(question), k=k)
        lexical = Searcher("lexical", snapshot.postings, *seen).search(question, question, k=k)
        return dense, lexical, weighted_merge([(dense, 0.7), (lexical, 0.3)], k=k)

    return search


@pytest.fixture(scope="session")
def read(encoder: Encoder, searched: Callable[..., tuple[Ranking, ...]]) -> Callable[..., list[Evidence]]:
    """The sentences of the best passages, best first."""

    def read_(snapshot: Snapshot, question: str, *, k: int = 5) -> list[Evidence]:
        merged = searched(snapshot, question, k=k)[-1]
        candidates = snapshot.store.candidates([hit.passage_id for hit in merged.hits])
        return SimilarityReader(encoder, snapshot.postings).read(
            EncodedQuestion(question, encoder.embed_question(question)), candidates
        )

    return read_
