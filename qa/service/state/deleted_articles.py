"""Articles whose text was deleted: their ids as digests, which tell nothing of the text. It outlives every snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from qa.base.times import rfc3339
from qa.service.state.file import StateFile

_TABLE = "deleted_articles"


class DeletedArticles:
    """Those of one state file."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def remember(self, article_ids: Sequence[str]) -> None:
        """Remember that these are deleted now; StorageError if the file cannot be written."""
        if not article_ids:
            return
        now = rfc3339(datetime.now(UTC))
        with self._file.writing(_TABLE) as connection:
            connection.executemany(
                f"INSERT OR REPLACE INTO {_TABLE} VALUES (?, ?)", [(_digest(article_id), now) for article_id in article_ids]
            )

    def among(self, added_times: dict[str, str]) -> list[str]:
        """The ids among these, article id → when it was added (RFC 3339, UTC), that were deleted since."""
        with self._file.reading(_TABLE) as connection:
            if connection is None:
                return []
            deleted = dict(connection.execute(f"SELECT id_digest, deleted_at FROM {_TABLE}"))
        return [id_ for id_, added_at in added_times.items() if deleted.get(_digest(id_), "") >= added_at]


def _digest(article_id: str) -> str:
    return hashlib.sha256(article_id.encode()).hexdigest()[:32]
