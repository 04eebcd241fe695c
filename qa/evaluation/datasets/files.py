"""A path → the files there; a file → its lines, objects or text, whole or not at all.

Unlike articles that are read for an index, a judged set is refused for one damaged line: figures over the rest would
be of another set. Encodings are never guessed. Gzip is unpacked by its content.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from qa.base.checkpoints import file_digest
from qa.base.errors import ArticleError, DatasetError
from qa.base.types import Refusal
from qa.corpus.byte_streams import OpenFile, check_file, open_file
from qa.corpus.decode import newlines_to_lf
from qa.corpus.formats.json_values import parse_json
from qa.corpus.formats.numbered_lines import not_utf8, numbered_lines
from qa.evaluation.datasets.shapes import AnyShape, parsed

_MOST_BYTES = 2**34  # of a file, packed or not: against gzip bombs alone
_QRELS = "qrels"  # the one folder in a folder that a format looks into


@dataclass(frozen=True, slots=True)
class SetFiles:
    """What lies at `path`: one file, or a folder's files by name (`qrels/dev.tsv` for those of its qrels folder)."""

    path: Path
    folder: Path
    names: tuple[str, ...]

    @property
    def is_folder(self) -> bool:
        return self.path == self.folder

    def matching(self, *patterns: str) -> list[Path]:
        """The files whose name fits one of the patterns, with `.gz` behind it or without, in the order of their names."""
        return [self.folder / name for name in self.names if any(_fits(name, pattern) for pattern in patterns)]

    def only(self, *patterns: str) -> Path | None:
        """The one file of such a name, None when there is none; DatasetError when there are several."""
        paths = self.matching(*patterns)
        if len(paths) > 1:
            names = " and ".join(path.name for path in paths)
            raise DatasetError(f"{self.path} holds {names}; expected one of them. Move the others away.")
        return paths[0] if paths else None

    def digest_of(self, read: Sequence[Path]) -> str:
        """SHA-256 over the names and digests of these files, in the order of their names."""
        whole = hashlib.sha256()
        for name, path in sorted((path.relative_to(self.folder).as_posix(), path) for path in read):
            whole.update(f"{file_digest(path)}  {name}\n".encode())
        return whole.hexdigest()


def files_at(path: Path) -> SetFiles:
    """The files of a path; hidden ones are left out.

    Raises:
        DatasetError: nothing is there, or it cannot be listed.
    """
    try:
        if not path.exists():
            raise DatasetError(f"There is no file or folder {path}. Check the spelling.")
        if not path.is_dir():
            return SetFiles(path, path.parent, (path.name,))
        inside = [*path.iterdir(), *((path / _QRELS).iterdir() if (path / _QRELS).is_dir() else ())]
    except OSError as error:
        raise DatasetError(f"{path} cannot be listed: {error.strerror}. Check who may read it.") from error
    names = sorted(item.relative_to(path).as_posix() for item in inside if item.is_file() and not item.name.startswith("."))
    return SetFiles(path, path, tuple(names))


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, without their ends, by number (from 1).

    Raises:
        DatasetError: it cannot be read, a damaged gzip file, or a line that is not UTF-8.
    """
    with _opened(path) as file:
        for number, line in numbered_lines(file.stream, origin=str(path), longest=_MOST_BYTES):
            if isinstance(line, Refusal):
                raise DatasetError(f"{path}, line {number}: {line.reason}.")
            if line.strip():
                yield number, line.rstrip("\r\n")


def records_of(path: Path, shape: type[AnyShape]) -> Iterator[tuple[int, AnyShape]]:
    """The records of a file of JSON lines, each with its line; raises as `lines_of` and `parsed` do."""
    for number, line in lines_of(path):
        place = f"{path}, line {number}"
        yield number, parsed(shape, _object(line, place), place)


def first_object(path: Path) -> dict[str, object]:
    """The first record of a file of JSON lines, empty when the file has none; its fields show the format."""
    first = next(lines_of(path), None)
    return _object(first[1], f"{path}, line {first[0]}") if first else {}


def text_of(path: Path) -> str:
    """The whole file, line ends as LF; raises as `lines_of` does."""
    with _opened(path) as file:
        data = file.read_whole(str(path), _MOST_BYTES)
    try:
        return newlines_to_lf(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DatasetError(f"{path}, line {line}: {not_utf8(data[error.start])}.") from error


def head_of(path: Path, size: int) -> bytes:
    """The first bytes of a file, unpacked."""
    with _opened(path) as file:
        return file.stream.read(size)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[OpenFile]:
    """The file; what goes wrong with it, inside the block too, is a DatasetError."""
    try:
        check_file(str(path), _MOST_BYTES)
        with open_file(str(path), max_file_bytes=_MOST_BYTES, max_decompressed_bytes=_MOST_BYTES) as file:
            yield file
    except ArticleError as error:
        raise DatasetError(f"{error}. A set is read whole or not at all: mend the file, or fetch it again.") from error


def _fits(name: str, pattern: str) -> bool:
    """As in a shell: a `*` does not reach into a folder."""
    return name.count("/") == pattern.count("/") and fnmatchcase(name.removesuffix(".gz"), pattern)


def _object(line: str, place: str) -> dict[str, object]:
    try:
        value = parse_json(line)
    except ValueError as error:
        raise DatasetError(f"{place}: {error}; expected one JSON object a line. Mend the line.") from error
    if not isinstance(value, dict):
        raise DatasetError(f"{place}: {line[:40]!r} is JSON, but no object; expected one object a line. Mend the line.")
    return value
