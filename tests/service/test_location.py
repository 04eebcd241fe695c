"""Where an index answers from, as far as no Milvus is asked; tests/faults/test_milvus_alone.py asks one."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.base.errors import IndexNotFound
from qa.base.settings import MILVUS, Settings
from qa.index.layout import STORE_FILE
from qa.service.engine import Engine
from qa.service.location import IndexLocation


def _no_engine() -> Engine:
    raise AssertionError("the engine was asked for")


def test_without_an_index_no_engine_is_made(tmp_path: Path) -> None:
    location = IndexLocation(Settings(index=tmp_path / "none"))
    with pytest.raises(IndexNotFound):
        location.snapshot(_no_engine)
    assert not location.is_collection()
    location.check_takes_changes()  # the first change makes the folder


def test_answers_are_kept_unless_milvus_searches_and_there_is_no_folder(tmp_path: Path) -> None:
    assert IndexLocation(Settings(index=tmp_path)).settings.keep_answers_days == 90
    assert IndexLocation(Settings(index=tmp_path, engine=MILVUS)).settings.keep_answers_days == 0
    (tmp_path / STORE_FILE).touch()
    assert IndexLocation(Settings(index=tmp_path, engine=MILVUS)).settings.keep_answers_days == 90
