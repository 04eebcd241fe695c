"""Settings → versions, the encoder, the state of the index, the settings in force, and problems with any of them."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from qa.base.errors import ArticleDamaged, IndexNotFound, QaError
from qa.base.in_words import counted
from qa.base.settings import ENGLISH_ENCODER, PACKAGED_ENCODER, SETTINGS_FILE, Settings, groups, settings_of_file
from qa.base.version import __version__
from qa.cli.output.text import size_in_words
from qa.index.identity import rebuilding_cost
from qa.service.indexes import bytes_of
from qa.service.service import Service

_PACKAGES = ("torch", "sentence-transformers", "transformers", "faiss-cpu", "tantivy", "sentencex", "numpy")
_SQLITE_WITHOUT_RESET_BUG = (3, 51, 3)
_LEAST_FREE_BYTES = 2**30

_DEFAULT = "default"

Rows = list[tuple[str, str]]


@dataclass(slots=True)
class Diagnosis:
    """Headed tables; notes are harmless, problems are not."""

    sections: list[tuple[str, Rows]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def diagnose(settings: Settings, *, index_given: bool, verbose: bool = False) -> Diagnosis:
    """Check everything and change nothing. `index_given`: the index folder came from the command line.

    `verbose` lists the settings that have their defaults too.
    """
    diagnosis = Diagnosis()
    diagnosis.sections.append(("Versions", _versions(diagnosis)))
    with Service(settings) as service:
        diagnosis.sections.append(("Encoder", _encoder(service, diagnosis)))
        diagnosis.sections.append(("Reader and ranker", _reader(service, diagnosis)))
        diagnosis.sections.append(("Index", _index(service, diagnosis)))
    diagnosis.sections.extend(_settings(settings, index_given=index_given, verbose=verbose))
    return diagnosis


@contextlib.contextmanager
def _noting(diagnosis: Diagnosis) -> Iterator[None]:
    try:
        yield
    except QaError as error:
        diagnosis.problems.append(str(error))


def _versions(diagnosis: Diagnosis) -> Rows:
    if sqlite3.sqlite_version_info < _SQLITE_WITHOUT_RESET_BUG:
        diagnosis.notes.append(
            f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug that 3.51.3 fixes. It cannot occur here: "
            "only the process that holds the writer's lock makes checkpoints."
        )
    rows = [("qa", __version__), ("python", f"{platform.python_version()} ({sys.executable})"), ("platform", platform.platform())]
    for package in _PACKAGES:
        try:
            rows.append((package, version(package)))
        except PackageNotFoundError:
            rows.append((package, "not installed"))
            diagnosis.problems.append(f"{package} is not installed. Install qa again: pip install .")
    rows.append(("sqlite", sqlite3.sqlite_version))
    return rows


def _encoder(service: Service, diagnosis: Diagnosis) -> Rows:
    from qa.base.arithmetic import has_bfloat16, has_int8
    from qa.index.encoder import TransformerEncoder

    encoder = service.encoder
    assert isinstance(encoder, TransformerEncoder)
    rows = [("model", encoder.name)]
    with _noting(diagnosis):
        rows.append(("file" if encoder.path.is_file() else "folder", str(encoder.path)))
        official = ", the official ones" if encoder.is_packaged else ""
        rows.append(("weights", f"SHA-256 {encoder.digest[:16]}…{official}"))
        identity = encoder.identity
        rows.append(("vectors", f"{identity.dimension} dimensions, at most {identity.max_tokens} tokens"))
        unit = "GPU" if encoder.device == "cuda" else "processor"
        instructions = {"bfloat16": has_bfloat16(encoder.device), "int8": encoder.device == "cpu" and has_int8()}
        known = [name for name, has_it in instructions.items() if has_it]
        rows.append(("arithmetic", f"{encoder.precision}; this {unit} has instructions for {', '.join([*known, 'float32'])}"))
        if not instructions.get(encoder.precision, True):
            diagnosis.notes.append(f"encoder_precision is {encoder.precision}, which this {unit} lacks: auto would be faster.")
    return rows


def _reader(service: Service, diagnosis: Diagnosis) -> Rows:
    """Both are loaded for it, which compares their files with their digests."""
    engine = service.engine
    rows = []
    with _noting(diagnosis):
        if engine.reading_model is not None:
            engine.reading_model.load()
        rows.append(("reader", engine.settings.reader))
    with _noting(diagnosis):
        _ = engine.ranker
        rows.append(("ranker", engine.settings.ranker))
    return rows


def _index(service: Service, diagnosis: Diagnosis) -> Rows:
    folder = service.folder
    rows = [("folder", str(folder))]
    try:
        counts = service.counts()
    except IndexNotFound:
        diagnosis.notes.append("There is no index yet: `qa add PATH…` makes it.")
        return [*rows, ("state", "none yet"), *_disk(folder, diagnosis)]
    except QaError as error:
        diagnosis.problems.append(str(error))
        return [*rows, ("state", "cannot be opened"), *_disk(folder, diagnosis)]
    rows.append(("holds", f"{counts.articles:,} articles, {counts.sentences:,} sentences, {counts.passages:,} passages"))
    with _noting(diagnosis):
        judged = len(service.judged())
        if judged:
            rows.append(("feedback", f"on {counted(judged, 'answer')}; `qa export judgements` writes it as a set"))
    removed = len(service.removed_ids())
    if removed:
        rows.append(("removed", f"{removed:,} articles that `qa remove --undo` can still restore"))
    with _noting(diagnosis):
        diagnosis.problems.extend(str(ArticleDamaged(folder, stored.article.id)) for stored in service.damaged_articles())
    if service.engine.settings.encoder == ENGLISH_ENCODER:
        diagnosis.notes.append(
            f"The index was made with {ENGLISH_ENCODER}, for English alone. `qa rebuild --encoder {PACKAGED_ENCODER}` makes "
            f"{rebuilding_cost(counts.passages)}."
        )
    with _noting(diagnosis), service.snapshot() as snapshot:  # checks facts and digests
        rows.append(("generation", str(snapshot.generation)))
        copies = snapshot.store.near_duplicates.count()
        if copies:
            rows.append(("near-duplicates", f"{copies:,} articles are similar to another; `qa show ID` names it"))
        milvus = service.engine.milvus
        if milvus is not None:
            rows.append(("searched by", f"{milvus}, collection {milvus.collection}"))
        if snapshot.edition is not None:
            manifest = snapshot.edition.manifest
            rows.append(("edition", f"{snapshot.edition.name}, {len(manifest.digests)} files match their digests"))
            rows.append(("vectors", f"faiss {manifest.vectors_kind or 'none'}"))
    return [*rows, *_disk(folder, diagnosis)]


def _disk(folder: Path, diagnosis: Diagnosis) -> Rows:
    there = next(parent for parent in (folder, *folder.parents) if parent.is_dir())
    free = shutil.disk_usage(there).free
    writable = os.access(there, os.W_OK)
    if not writable:
        diagnosis.notes.append(f"{there} cannot be written to: asking and searching work, adding and removing do not.")
    if free < _LEAST_FREE_BYTES:
        diagnosis.notes.append(f"Only {size_in_words(free)} are free on the disk of {there}.")
    return [
        ("disk", f"{size_in_words(bytes_of(folder))} used, {size_in_words(free)} free"),
        ("writable", "yes" if writable else "no"),
    ]


def _settings(settings: Settings, *, index_given: bool, verbose: bool) -> Iterator[tuple[str, Rows]]:
    """(heading, rows) of each group: the settings with their values and where those come from."""
    in_file = settings_of_file()
    variables = {name.lower() for name, value in os.environ.items() if value}

    def origin(name: str) -> str:
        if name == "index" and index_given:
            return "--index"
        if f"qa_{name}" in variables:
            return f"QA_{name.upper()}"
        return str(Path(SETTINGS_FILE).absolute()) if name in in_file else _DEFAULT

    shown = [name for name in Settings.model_fields if verbose or origin(name) != _DEFAULT]
    values = {name: _value(getattr(settings, name)) for name in shown}
    width = max(map(len, values.values()), default=0)
    for group, names in groups().items():
        rows = [(name, f"{values[name].ljust(width)}  {origin(name)}") for name in names if name in values]
        if rows:
            yield f"Settings in force: [{group}]", rows
    if not verbose:
        yield f"{'All other' if shown else 'All'} settings have their defaults; `qa doctor -v` lists them.", []


def _value(value: object) -> str:
    return "the model's own" if value is None else str(value)
