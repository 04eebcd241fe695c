"""An index folder and settings → one opened index that adds, answers and searches.

A Service opens, locks and delegates. Constructing it is cheap: the models and the index load at first use.
It follows what other processes do to the index, and may be shared between threads.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from qa.base.errors import IndexMismatch
from qa.base.explanations import Explanation
from qa.base.protocols import Encoder
from qa.base.settings import Settings, load_settings
from qa.base.types import NO_FILTERS, Answer, Article, Change, Filters, Refusal, SearchAnswer
from qa.conversation import Turn
from qa.corpus.decode import clean
from qa.index.snapshot import Snapshot
from qa.index.store import Store
from qa.service import ask, explain, search
from qa.service.answered import LibraryWithAnswers
from qa.service.build import AddReport, Indexer
from qa.service.description import IndexDescription, describe
from qa.service.engine import Engine, open_engine
from qa.service.generations import Generations
from qa.service.location import IndexLocation, reach_collection
from qa.service.observers import Observer, StageClock
from qa.service.question import AnswerRequest, checked_question, checked_request


class Service(LibraryWithAnswers):
    """One index folder with the settings in force: its library and kept answers, and all that needs the models or changes it."""

    def __init__(self, settings: Settings, *, encoder: Encoder | None = None, batch: int = 1) -> None:
        """`batch` times as many articles as usual are stored together, and lost by an interruption."""
        self._location = IndexLocation(settings)
        self.settings = self._location.settings
        super().__init__(self._location.folder, keep_answers_days=self.settings.keep_answers_days)
        self.generations = Generations(self.folder, lock_timeout_seconds=settings.lock_timeout_seconds)
        self._given_encoder = encoder
        self._batch = batch
        self._lock = threading.RLock()
        self._engine: Engine | None = None
        self._indexer: Indexer | None = None

    # The engine and the index

    @property
    def engine(self) -> Engine:
        """The models and the passage rule by which the index is read now."""
        engine = self._engine
        if engine is None:
            with self._lock:
                engine = self._engine = self._engine or open_engine(self._location.engine_settings(), self._given_encoder)
        return engine

    def exists(self) -> bool:
        """Whether there is an index in the folder, even a damaged one, or a collection that answers without it."""
        return self._location.has_folder() or self._location.is_collection()

    def check(self) -> None:
        if self._location.has_folder():
            super().check()

    @contextlib.contextmanager
    def opened(self) -> Iterator[Store]:
        if self._location.is_collection():
            with self.snapshot() as snapshot:
                yield snapshot.store
        else:
            with super().opened() as store:
                yield store

    @property
    def encoder(self) -> Encoder:
        return self.engine.encoder

    @property
    def indexer(self) -> Indexer:
        """What changes the index, by the engine's encoder and rule; EngineError on a machine that only answers."""
        self._location.check_takes_changes()
        indexer = self._indexer
        if indexer is None:
            with self._lock:
                indexer = self._indexer = Indexer.of(self.folder, self.engine, batch=self._batch)
        return indexer

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The index as questions see it, unchanging until the block ends. Threads take turns.

        An index that was rebuilt with another encoder is followed, where the settings do not insist on the one before.
        """
        with self._lock, contextlib.ExitStack() as opened:
            try:
                snapshot = opened.enter_context(self._snapshot())
            except IndexMismatch:
                self._replace_engine()
                snapshot = opened.enter_context(self._snapshot())
            yield snapshot

    def _snapshot(self) -> contextlib.AbstractContextManager[Snapshot]:
        if self._location.has_moved():
            self._replace_engine()
        return self._location.snapshot(lambda: self.engine)

    def _follow_the_index(self) -> None:
        """Replace the engine when the index is made otherwise now."""
        with self._lock:
            if self._engine is not None and self._engine.settings != self._location.engine_settings():
                self._replace_engine()

    def _replace_engine(self) -> None:
        self.close()
        self._engine = self._indexer = None

    def create(self) -> None:
        """Create an empty index if there is none."""
        self.indexer.create()

    def load(self) -> None:
        """Load the models and open the index now rather than at the first question."""
        with self.snapshot():
            self.engine.load()

    def reach_engine(self) -> None:
        """Find out whether Milvus answers, where it searches the index; EngineError with the reason why not."""
        if self.engine.milvus is not None:
            reach_collection(self.engine.milvus)

    def close(self) -> None:
        """Close the index; the next question opens it again."""
        self._location.close()

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def described(self) -> IndexDescription:
        """What the index is and holds now."""
        with self.snapshot() as snapshot:
            return describe(self.engine, snapshot)

    @property
    def generation(self) -> int:
        """How often the index has changed; cheap to ask for."""
        with self.snapshot() as snapshot:
            return snapshot.generation

    # Changes

    def add(self, paths: str | Path | Iterable[str | Path], *, progress: Callable[[AddReport], None] | None = None) -> AddReport:
        """Add the articles of a file or folder, or of several; what could not be read is in the report."""
        from qa.corpus.article_reader import ArticleReader  # an HTTP client comes with it, which no question needs

        listed = [paths] if isinstance(paths, str | Path) else paths
        with ArticleReader([str(path) for path in listed], settings=self.settings) as reader:
            return self.add_articles(reader, progress=progress)

    def add_articles(
        self,
        articles: Iterable[Article | Refusal],
        *,
        progress: Callable[[AddReport], None] | None = None,
        each: Callable[[Article, Change], None] | None = None,
        only_if: Callable[[Article | None], None] | None = None,
        embedding: Callable[[float], None] | None = None,
    ) -> AddReport:
        """Add articles that are made already; `Indexer.add` says more."""
        self._follow_the_index()
        return self.indexer.add(articles, progress=progress, each=each, only_if=only_if, embedding=embedding)

    def remove(
        self,
        ids: str | Sequence[str],
        *,
        now: bool = False,
        keep_snapshots: bool = False,
        only_if: Callable[[Article], None] | None = None,
    ) -> list[str]:
        """Hide articles, or delete them `now`; `Indexer.remove` says more."""
        return self.indexer.remove(_cleaned(ids), now=now, keep_snapshots=keep_snapshots, only_if=only_if)

    def restore(self, ids: str | Sequence[str]) -> list[str]:
        """Bring removed articles back that are not purged yet."""
        return self.indexer.restore(_cleaned(ids))

    def rebuild(self, *, progress: Callable[[AddReport], None] | None = None) -> AddReport:
        """Rebuild the index from its articles, also one of an earlier version; `Indexer.rebuild` says more."""
        self.upgrade()
        return self.indexer.rebuild(progress=progress)

    def upgrade(self) -> None:
        """Bring the store of an earlier version up to this one's. Its encoder and rule stay."""
        self.indexer.upgrade()
        self._follow_the_index()

    def overrule(self, sentence: str, *, boilerplate: bool | None) -> None:
        """Decide whether a sentence is boilerplate, wherever its words stand; None leaves it to how often they recur.

        Raises as `Indexer.overrule` does.
        """
        self.indexer.overrule(clean(sentence), boilerplate=boilerplate)

    # Questions

    def ask(
        self,
        question: str,
        *,
        asked_at: datetime | None = None,
        filters: Filters = NO_FILTERS,
        threshold: float | None = None,
        max_citations: int | None = None,
        earlier: Sequence[Turn] = (),
        standalone_question: str | None = None,
        searched_for: Sequence[str] = (),
    ) -> Answer:
        """Answer with cited sentences, or that the articles hold no answer; nothing is kept. `AnswerRequest` says more.

        `asked_at` is the clock that "last week" is meant by, and that recent articles are recent by; its day is UTC's. Articles
        from after that day do not answer, unless `filters` have `as_of=ANY_TIME`.

        Raises:
            QuestionError: a blank or too long question.
            IndexNotFound, IndexMismatch, IndexDamaged: as their names say.
            ValueError: a threshold outside 0..1, fewer than one citation, or a time without a zone.
        """
        return self._answered(
            AnswerRequest(question, asked_at, filters, threshold, max_citations, earlier, standalone_question, searched_for)
        )

    def answer(self, request: AnswerRequest, *, observers: Sequence[Observer] = ()) -> Answer:
        """The answer to a request, kept so that it can be shown again, verified and judged. Raises as `ask` does.

        The observers hear of each stage, and of the answer before it is kept.
        """
        answer = self._answered(request, observers)
        for observer in observers:
            observer.answered(answer)
        self.keep(answer)
        return answer

    def _answered(self, request: AnswerRequest, observers: Sequence[Observer] = ()) -> Answer:
        checked = checked_request(request, self.settings)
        with self.snapshot() as snapshot:
            return ask.answer(self.engine, snapshot, checked, StageClock(observers))

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        read: int | None = None,
        asked_at: datetime | None = None,
        filters: Filters = NO_FILTERS,
    ) -> SearchAnswer:
        """The k best passages with each stage's rank and score; no answer. Raises as `ask` does.

        The first `read` passages are read and ordered anew (default: the setting `read_passages`); 0 is faster, by the ranker
        alone.
        """
        if k < 1:
            raise ValueError(f"k is the number of passages, at least 1, got {k}")
        read = self.settings.read_passages if read is None else read
        if read < 0:
            raise ValueError(f"read is the number of passages that are read, at least 0, got {read}")
        checked = checked_question(question, asked_at, filters, self.settings)
        with self.snapshot() as snapshot:
            return search.search(self.engine, snapshot, checked, StageClock(), k=k, read=read)

    def explain(self, request: AnswerRequest, *, article: str | None = None) -> Explanation:
        """The answer with every candidate, and why one article, by either id, is cited or not; nothing is kept.

        It answers the request once more. Raises as `ask` does, and ArticleNotFound.
        """
        checked = checked_request(request, self.settings)
        with self.snapshot() as snapshot:
            return explain.explain(self.engine, snapshot, checked, StageClock(), article=article)


def _cleaned(ids: str | Sequence[str]) -> list[str]:
    return [clean(given) for given in ([ids] if isinstance(ids, str) else ids)]


def open_index(index: str | Path | None = None, **settings: object) -> Service:
    """The index in this folder (default: `index` of the settings in force); any setting may be given by name.

    Raises:
        SettingsError: a setting that cannot be used.
    """
    given = settings if index is None else {**settings, "index": index}
    return Service(load_settings(**given))
