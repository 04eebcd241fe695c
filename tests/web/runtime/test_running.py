from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from qa.base.errors import IndexDamaged, IndexNotFound, StorageError
from qa.base.settings import load_settings
from qa.index.layout import STORE_FILE
from qa.service.service import Service
from web.problems import NotReady, Overloaded
from web.runtime.running import Running


@pytest.fixture
def running(tmp_path: Path) -> Running:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / STORE_FILE).touch()  # for what asks whether it is there
    return Running(Service(load_settings(index=tmp_path / "index")))


def test_nothing_is_asked_before_the_model_is_loaded(running: Running) -> None:
    with pytest.raises(NotReady):
        asyncio.run(running.ask(lambda: "answer"))


def test_nothing_is_done_once_the_index_is_gone(running: Running) -> None:
    running.ready = True
    assert asyncio.run(running.ask(lambda: "answer")) == "answer"
    (running.service.folder / STORE_FILE).unlink()
    with pytest.raises(IndexNotFound, match="is gone: moved or deleted"):
        asyncio.run(running.ask(lambda: "answer"))


def test_work_past_the_queue_is_turned_away_at_once_and_the_rest_is_done(running: Running) -> None:
    running.ready = True
    gate = threading.Event()

    async def ask() -> list[object]:
        asked = [asyncio.create_task(running.ask(gate.wait)) for _ in range(70)]
        await asyncio.sleep(0.2)
        turned_away = [task for task in asked if task.done()]
        assert [type(task.exception()) for task in turned_away] == [Overloaded] * 6
        gate.set()
        return [outcome for outcome in await asyncio.gather(*asked, return_exceptions=True) if outcome is True]

    assert len(asyncio.run(ask())) == 64
    assert asyncio.run(running.ask(lambda: "answer")) == "answer"


def test_the_store_is_checked_while_the_model_loads_and_its_damage_is_the_reason(running: Running) -> None:
    begun = threading.Event()

    class Checked(Service):
        def check(self) -> None:
            if begun.wait(5):
                raise IndexDamaged(self.folder, "found by the check")

        def load(self) -> None:
            begun.set()
            raise StorageError(self.folder, "met by loading")

    running.service = Checked(running.service.settings)
    asyncio.run(running.load())
    assert str(running.failure) == "found by the check"


def test_an_index_that_cannot_be_made_is_the_reason_for_not_being_ready(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    running = Running(Service(load_settings(index=tmp_path / "file" / "index")))
    told: list[bool] = []
    running.on_loaded = lambda: told.append(running.ready)
    asyncio.run(running.load())
    assert told == [False]
    with pytest.raises(NotReady, match="cannot be created"):
        running.require_ready()
