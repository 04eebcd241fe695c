"""Question answering over articles: sentences word for word, each cited, or an honest "not found".

    article ─▶ sentences ─▶ passages ─┬▶ vectors  ─▶ dense   ─┐
    (corpus/)                         │  (index/)   (search/)  ├▶ merge ─▶ read ─▶ select ─▶ Answer
                                      └▶ postings ─▶ lexical ─┘            (answer/)

`base/` has what all packages share: types, errors, settings. `conversation/` makes a follow-up question stand alone.
`service/` joins these stages over an index folder. `api/` is its JSON, and the client for it. `evaluation/` measures each
stage. `training/` trains the reader. `cli/` is the command `qa`.

    >>> import qa
    >>> index = qa.open("indexes/default")
    >>> index.add(["articles.jsonl"])
    >>> print(index.ask("Who repaired the bridge?").text)

Importing this package imports neither torch nor faiss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.base.errors import QaError
from qa.base.types import Answer, Article, Citation, Status
from qa.base.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from qa.service.service import Service

__all__ = ["Answer", "Article", "Citation", "QaError", "Status", "__version__", "open"]


def open(index: str | Path | None = None, **settings: object) -> Service:
    """Open an index folder, with any setting by name; see `qa.service.service.open_index`."""
    from qa.service.service import open_index

    return open_index(index, **settings)
