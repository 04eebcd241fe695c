"""Question answering over articles: sentences word for word, each cited, or an honest "not found".

    article ─▶ sentences ─▶ passages ─┬▶ vectors  ─▶ dense   ─┐
    (corpus/)                         │  (index/)   (search/)  ├▶ merge ─▶ read ─▶ select ─▶ Answer
                                      └▶ postings ─▶ lexical ─┘            (answer/)

    >>> import qa
    >>> index = qa.open("indexes/default")
    >>> index.add(["articles.jsonl"])
    >>> print(index.ask("Who repaired the bridge?").text)

Importing this imports neither torch nor faiss.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from qa.errors import QaError
from qa.types import Answer, Article, Citation, Status

if TYPE_CHECKING:
    from pathlib import Path

    from qa.service import Service

__all__ = ["Answer", "Article", "Citation", "QaError", "Status", "__version__", "open"]

try:
    __version__ = version("article-qa")
except PackageNotFoundError:  # run from a source tree that is not installed
    __version__ = "0+uninstalled"


def open(index: str | Path | None = None, **settings: object) -> Service:
    """Open an index folder, with any setting by name; `qa.service.open_index` says more."""
    from qa.service import open_index

    return open_index(index, **settings)
