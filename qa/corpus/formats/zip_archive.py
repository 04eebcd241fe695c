"""Bytes of a ZIP file that holds a document (DOCX, EPUB) → its files, within limits that stop ZIP bombs."""

from __future__ import annotations

import io
import zipfile

_MOST_FILES = 10_000
_MOST_BYTES = 500 * 2**20  # unpacked, pictures included
_MOST_TEXT_BYTES = 100 * 2**20  # of one file that is read
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of Office files that are encrypted or older than 2007


class ArchiveProblem(Exception):
    """The archive cannot be read; the message says why."""


def open_archive(data: bytes, *, kind: str) -> zipfile.ZipFile:
    """The archive, if the sizes in its directory are within the limits; ZipFile enforces these sizes.

    Raises:
        ArchiveProblem: it is not a ZIP archive, is encrypted, or exceeds a limit.
    """
    if data.startswith(_OLE):
        raise ArchiveProblem(f"it is encrypted, or of the format before 2007; expected {kind} without a password: save it so")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ArchiveProblem(f"not {kind}, or cut off ({error}); expected a whole file: open it and save it again") from error
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
    """One file of the archive; ArchiveProblem if it is missing, damaged or too large."""
    try:
        entry = archive.getinfo(name)
        if entry.file_size > _MOST_TEXT_BYTES:
            raise ArchiveProblem(f"its file {name} unpacks to {entry.file_size:,} bytes, at most {_MOST_TEXT_BYTES:,} are read")
        return archive.read(entry)
    except KeyError as error:
        raise ArchiveProblem(f"its file {name} is missing; expected a whole one: open it and save it again") from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise ArchiveProblem(f"its file {name} is damaged ({error}); expected a whole one: open it and save it again") from error
