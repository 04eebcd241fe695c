"""Every name inside an index folder, once. SQLite, faiss and tantivy name their own files beside and inside these."""

from __future__ import annotations

import contextlib
from pathlib import Path

STORE_FILE = "store.sqlite"  # articles, sentences, passages and vectors: all else is derived from it, but for the state
STORE_LOG_FILE = STORE_FILE + "-wal"  # SQLite's write-ahead log

EDITIONS_FOLDER = "editions"  # one folder in it for each edition; a fact of the store names the current one
MANIFEST_FILE = "manifest.json"  # in an edition
VECTORS_FILE = "vectors.faiss"  # in an edition
POSTINGS_FOLDER = "postings"  # in an edition
TANTIVY_REPLACED_FILES = ("meta.json", ".managed.json")  # in the postings, rewritten with each commit

STATE_FILE = "state.sqlite"  # what serving writes
STATE_JOURNAL_FILE = STATE_FILE + "-journal"  # while it writes
TOKEN_FILE = "tokens.json"  # unless another file is named
SERVER_FILE = "server.json"  # which server runs on the index now

SNAPSHOTS_FOLDER = "snapshots"  # one folder in it for each snapshot, laid out as an index folder
SNAPSHOT_FILE = "snapshot.json"  # in a snapshot: what it holds, with digests

BESIDE_FOLDER = "beside"  # an index of the same articles with another encoder, before or after it is switched to
PREVIOUS_FOLDER = BESIDE_FOLDER + ".previous"  # what replaces it when the two are exchanged
FRESH_SUFFIX = ".fresh"  # of what becomes the index beside once it has the vectors that are known
PURGED_SUFFIX = ".purged"  # of a folder that is made again without some articles
SWITCHED_FILE = "switched"  # in it, when it is the index of before the switch

LOCK_SUFFIX = ".lock"  # of a file whose lock is held while another is written
NEW_SUFFIX = ".new"  # of a file that replaces another once it is complete
WRITER_LOCK_FILE = "writer" + LOCK_SUFFIX
WRITER_FILE = "writer.txt"  # which process holds the lock
BESIDE_LOCK_FILE = BESIDE_FOLDER + LOCK_SUFFIX
SNAPSHOTS_LOCK_FILE = SNAPSHOTS_FOLDER + LOCK_SUFFIX

# What may stand in a folder before its store does: a stopped first writer, answers or tokens leave these.
BEFORE_THE_STORE = (
    *(WRITER_LOCK_FILE, WRITER_FILE, EDITIONS_FOLDER, STATE_FILE, STATE_JOURNAL_FILE),
    *(TOKEN_FILE, TOKEN_FILE + LOCK_SUFFIX, SERVER_FILE),
    *(SNAPSHOTS_FOLDER, SNAPSHOTS_LOCK_FILE),
)

PRIVATE_FOLDER = 0o700  # the mode of a new index folder: texts and answers are its owner's


def make_private(file: Path) -> None:
    """Make an empty file that its owner alone may read, unless there is one; SQLite's other files follow its mode."""
    with contextlib.suppress(OSError):  # whoever opens it tells why
        file.touch(0o600, exist_ok=False)
