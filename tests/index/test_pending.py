"""What is to be sent: noted with each change, in the order of the changes, until it is crossed off."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.base.types import Article
from qa.index.store import StoreWriter
from qa.service.build import Indexer


@pytest.fixture
def three(make_indexer: Callable[..., Indexer], article: Callable[..., Article]) -> Path:
    """An index of articles in rows 1 to 3."""
    indexer = make_indexer()
    indexer.add(article(name, f"The ferry of {name} waits at the quay.") for name in ("a", "b", "c"))
    return indexer.folder


def test_without_a_remote_engine_nothing_is_noted(three: Path) -> None:
    with contextlib.closing(StoreWriter.open(three)) as writer:
        assert not writer.pending.exists() and not writer.pending
        writer.mark_removed("a", "2025-01-01T00:00:00Z")
        assert not writer.pending


def test_at_the_beginning_all_is_to_be_sent_then_what_changes_in_the_order_of_the_changes(three: Path) -> None:
    with contextlib.closing(StoreWriter.open(three)) as writer:
        with writer.writing():
            writer.pending.begin()
        assert writer.pending.articles() == [1, 2, 3]
        writer.pending.cross_off([1, 2, 3])
        assert not writer.pending
        writer.mark_removed("c", "2025-01-01T00:00:00Z")
        writer.delete_article("a")
        writer.mark_removed("c", None)
        assert writer.pending.articles() == [1, 3]
    with contextlib.closing(StoreWriter.open(three)) as later:  # another process goes on
        later.mark_removed("b", "2025-01-01T00:00:00Z")
        assert later.pending.articles(most=2) == [1, 3]
        assert later.pending.articles() == [1, 3, 2]


def test_a_change_that_is_taken_back_is_not_noted(three: Path) -> None:
    with contextlib.closing(StoreWriter.open(three)) as writer:
        with writer.writing():
            writer.pending.begin()
            writer.pending.cross_off([1, 2, 3])
        with pytest.raises(RuntimeError), writer.writing():
            writer.delete_article("a")
            raise RuntimeError
        assert not writer.pending


def test_where_the_remote_engine_is_left_nothing_is_noted_any_more(three: Path) -> None:
    with contextlib.closing(StoreWriter.open(three)) as writer:
        writer.pending.begin()
        writer.pending.end()
        writer.delete_article("a")
        assert not writer.pending.exists()
