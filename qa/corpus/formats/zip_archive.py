"""ZIP files that hold a document, as DOCX and EPUB are: opened within limits, so that none of them is a bomb."""

from __future__ import annotations

import io
import zipfile

_MOST_FILES = 10_000
_MOST_BYTES = 500 * 2**20  # unpacked, pictures included
_MOST_TEXT_BYTES = 100 * 2**20  # of one file that is read
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what Office files lie in that are encrypted, or older than 2007


class ArchiveProblem(Exception):
    """Why it cannot be read, in words."""


def open_archive(data: bytes, *, kind: str) -> zipfile.ZipFile:
    """The archive, after a look at what it says of itself; ZipFile holds it to that.

    Raises:
        ArchiveProblem: it is none, or over a limit.
    """
    if data.startswith(_OLE):
        raise ArchiveProblem(f"it is encrypted, or of the format before 2007; expected {kind} without a password: save it so")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ArchiveProblem(f"not {kind}, or cut off ({error}); expected a whole file: open it and save it anew") from error
    files = archive.infolist()
    if any(file.flag_bits & 1 for file in files):
        raise ArchiveProblem(f"its files are encrypted; expected {kind} without a password: save it so")
    if len(files) > _MOST_FILES:
        raise ArchiveProblem(f"it holds {len(files):,} files, at most {_MOST_FILES:,} are looked at")
    unpacked = sum(file.file_size for file in files)
    if unpacked > _MOST_BYTES:
        raise ArchiveProblem(f"it unpacks to {unpacked:,} bytes, at most {_MOST_BYTES:,} are read")
    return archive


def read_file(archive: zipfile.ZipFile, name: str) -> bytes:
    """One file of it. ArchiveProblem when it is not there, damaged, or longer than a text can be."""
    try:
        found = archive.getinfo(name)
        if found.file_size > _MOST_TEXT_BYTES:
            raise ArchiveProblem(f"its file {name} unpacks to {found.file_size:,} bytes, at most {_MOST_TEXT_BYTES:,} are read")
        return archive.read(found)
    except KeyError as error:
        raise ArchiveProblem(f"its file {name} is missing; expected a whole one: open it and save it anew") from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise ArchiveProblem(f"its file {name} is damaged ({error}); expected a whole one: open it and save it anew") from error
