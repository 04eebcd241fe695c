"""Articles by number, and what another process does with an index of them.

python harbour.py add FOLDER FIRST COUNT BATCH | remove FOLDER NUMBER | rebuild FOLDER | find FOLDER WORD | hold FOLDER
                | live FOLDER SEED | snapshot FOLDER NAME | restore FOLDER NAME
                | export FOLDER FILE | import FOLDER FILE
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from word_encoder import WordEncoder

import qa.service.build
from qa.base.errors import StoreError
from qa.base.settings import Settings
from qa.base.types import Article, PassageRule
from qa.index.identity import index_facts
from qa.index.lock import writer_lock
from qa.index.snapshot import Snapshot, SnapshotReader
from qa.index.store import Store
from qa.service.beside import Beside
from qa.service.build import AddReport, Indexer
from qa.service.engine import Engine
from qa.service.generations import Generations
from qa.service.portable import export_index, import_index

RULE = PassageRule(characters=200, overlap_sentences=0, title_tokens=32)
DIMENSION = 64


def article(number: int, *, text: str | None = None) -> Article:
    """Two or three passages; the word `vessel<number>` stands in this article alone."""
    told = text or (
        f"The ship vessel{number} came into the harbour on day {number}. "
        f"Its crew unloaded {number} crates of lamp oil at the quay.\n\n"
        f"The harbour master wrote vessel{number} into the long book of arrivals. Rain fell on the tarred planks all that week, "
        f"and nobody bought the oil.\n\nOn the last evening vessel{number} left with the tide, bound for an island in the north."
    )
    return Article(id=f"art-{number}", given_id=f"ship {number}", title=f"Arrival {number}", text=told)


def articles(first: int, count: int) -> list[Article]:
    return [article(number) for number in range(first, first + count)]


State = dict[int, int]  # number of an article → which edition of its text it has
_EDITION = re.compile(r"edition (\d+) of this report")


def edition(number: int, version: int) -> Article:
    """An article whose text says which one it is of its editions."""
    return article(number, text=f"{article(number).text}\n\nThis is edition {version} of this report.")


def state_of(folder: Path) -> State:
    """What the store holds; an article that was not made by `edition` has edition 0."""
    with contextlib.closing(Store.open(folder)) as store, store.reading():
        texts = {int(row.article.id.removeprefix("art-")): row.article.text for row in store.articles()}
    return {number: int(found[1]) if (found := _EDITION.search(text)) else 0 for number, text in texts.items()}


def life(state: State, seed: int) -> Iterator[tuple[str, list[int], State]]:
    """Changes without end, each with its articles and the state that it leaves."""
    chance = random.Random(seed)
    while True:
        what = chance.choices(["add", "update", "remove", "delete", "rebuild"], [4, 4, 2, 1, 1])[0]
        known = sorted(state)
        if what == "add":
            numbers = chance.sample([number for number in range(1, 500) if number not in state], k=chance.randint(1, 5))
        else:
            numbers = [] if what == "rebuild" else chance.sample(known, k=min(len(known), chance.randint(1, 5)))
        if what in ("add", "update"):
            state = state | {number: state.get(number, 0) + 1 for number in numbers}
        else:
            state = {number: version for number, version in state.items() if number not in numbers}
        yield what, numbers, state


def do(folder: Path, what: str, numbers: list[int], after: State) -> None:
    """One change of a life; with so few articles each is one batch, all of it or nothing."""
    writer = indexer(folder)
    if what in ("add", "update"):
        writer.add([edition(number, after[number]) for number in numbers])
    elif what == "rebuild":
        writer.rebuild()
    elif numbers:
        writer.remove([f"art-{number}" for number in numbers], now=what == "delete")


def indexer(
    folder: Path, encoder: WordEncoder | None = None, *, rule: PassageRule = RULE, lock_timeout_seconds: float = 30
) -> Indexer:
    return Indexer(folder, encoder or WordEncoder(), rule, lock_timeout_seconds=lock_timeout_seconds)


def generations(folder: Path) -> Generations:
    return Generations(folder, lock_timeout_seconds=30)


def beside(folder: Path, encoder: str = "words") -> Beside:
    """With this encoder, or that of the index beside."""
    settings = Settings(index=folder, encoder=encoder, lock_timeout_seconds=30)
    return Beside(folder, settings, engine_of=lambda chosen: Engine(chosen, WordEncoder(chosen.encoder)))


def reader(folder: Path, encoder: WordEncoder | None = None, *, rule: PassageRule = RULE) -> SnapshotReader:
    return SnapshotReader(folder, index_facts((encoder or WordEncoder()).identity, rule), dimension=DIMENSION)


def found(snapshot: Snapshot, word: str) -> set[str]:
    """Ids of the articles whose passages have the word, by postings and vectors both."""
    rows, _ = snapshot.postings.search(word, k=1_000, excluded=snapshot.hidden)
    lexical = {name.partition("@")[0] for name in snapshot.store.passage_ids(rows.tolist()).values()}
    assert len(snapshot.store.passage_ids(rows.tolist())) == len(rows), "a row that the store does not have was found"
    rows, _ = snapshot.vectors.search(WordEncoder().embed_question(word), k=10_000, excluded=snapshot.hidden)
    dense = {name.partition("@")[0] for name in snapshot.store.passage_ids(rows.tolist()).values()}
    assert len(snapshot.store.passage_ids(rows.tolist())) == len(rows), "a row that the store does not have was found"
    assert dense >= lexical
    return lexical


def _report(report: AddReport) -> None:
    print(report.added, flush=True)


def _no_more_than(size: str | None) -> None:
    """Let no file grow beyond so many bytes: what a full disk looks like."""
    if size:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))


@contextlib.contextmanager
def _failing_by_name() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        sys.exit(3)


def main(command: str, folder: Path, *rest: str) -> None:
    _no_more_than(os.environ.get("LARGEST_FILE"))
    with _failing_by_name():
        if command == "add":
            first, count, batch = map(int, rest)
            qa.service.build._BATCH_ARTICLES = batch
            indexer(folder).add(articles(first, count), progress=_report)
        elif command == "remove":
            indexer(folder).remove([f"art-{number}" for number in rest])
        elif command == "rebuild":
            indexer(folder).rebuild()
        elif command == "live":
            for what, numbers, after in life(state_of(folder), int(rest[0])):
                do(folder, what, numbers, after)
                print(what, flush=True)
        elif command == "snapshot":
            generations(folder).keep(rest[0])
        elif command == "restore":
            generations(folder).restore(rest[0])
        elif command == "export":
            export_index(folder, Path(rest[0]))
        elif command == "import":
            import_index(generations(folder), Path(rest[0]))
        elif command == "hold":
            with writer_lock(folder, timeout_seconds=5):
                print("held", flush=True)
                sys.stdin.readline()
        elif command == "find":
            with contextlib.closing(reader(folder)) as opened, opened.snapshot() as snapshot:
                print(snapshot.generation, *sorted(found(snapshot, rest[0])), flush=True)
        else:
            raise SystemExit(f"unknown command {command}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
