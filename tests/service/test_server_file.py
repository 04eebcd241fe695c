"""The file that names the server of an index: whom it lets commands believe."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.base.settings import Settings, load_settings
from qa.index.layout import SERVER_FILE
from qa.service.server_file import announced, name_of_server, running_server

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index").mkdir()
    return tmp_path / "index"


@pytest.fixture
def settings(folder: Path) -> Settings:
    return load_settings(index=folder)


@pytest.fixture
def _served(folder: Path, settings: Settings) -> Iterator[None]:
    with announced(folder, ADDRESS, settings, needs_token=False):
        yield


def rewrite(folder: Path, **changed: object) -> None:
    file = folder / SERVER_FILE
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **changed}), "utf-8")


def test_the_server_is_found_while_it_runs_and_the_file_is_its_owner_s_alone(folder: Path, settings: Settings) -> None:
    assert running_server(folder, settings) is None
    with announced(folder, ADDRESS, settings, needs_token=True):
        server = running_server(folder, settings)
        assert server is not None
        assert (server.address, server.pid, server.index, server.needs_token) == (ADDRESS, os.getpid(), str(folder), True)
        assert name_of_server(folder) == server.name and len(server.name) > 20
        assert stat.S_IMODE((folder / SERVER_FILE).stat().st_mode) == 0o600
    assert os.listdir(folder) == []
    assert name_of_server(folder) is None


@pytest.mark.usefixtures("_served")
@pytest.mark.parametrize(
    "changed",
    [
        {"machine": "another"},
        {"pid": -1},
        {"pid": 2**40},
        {"version": "0.0.1"},
        {"index": "/elsewhere"},
        {"settings": "of others"},
        {"address": 5},
        {"name": None},
    ],
)
def test_one_of_another_machine_process_version_or_folder_is_not_believed(
    folder: Path, settings: Settings, changed: dict[str, object]
) -> None:
    rewrite(folder, **changed)
    assert running_server(folder, settings) is None


@pytest.mark.usefixtures("_served")
def test_one_whose_process_was_killed_is_not_believed(folder: Path, settings: Settings) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    rewrite(folder, pid=ended.pid)
    assert running_server(folder, settings) is None


@pytest.mark.usefixtures("_served")
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"{}" * 1_000])
def test_a_damaged_file_names_none(folder: Path, settings: Settings, content: bytes) -> None:
    (folder / SERVER_FILE).write_bytes(content)
    assert running_server(folder, settings) is None
    assert name_of_server(folder) is None


@pytest.mark.usefixtures("_served")
def test_a_copy_of_the_folder_has_no_server(folder: Path, tmp_path: Path, settings: Settings) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert running_server(copy, settings) is None


@pytest.mark.usefixtures("_served")
@pytest.mark.parametrize(
    ("changed", "is_used"),
    [
        ({"threshold": 0.3}, False),
        ({"reader": "none"}, False),
        ({"candidates": 20}, False),
        ({"max_question_characters": 20}, False),
        ({"keep_answers_days": 0}, False),
        ({"log_questions": True}, True),
        ({"max_upload_bytes": 5_000}, True),
    ],
)
def test_one_that_would_answer_otherwise_is_not_used(folder: Path, changed: dict[str, object], is_used: bool) -> None:
    assert (running_server(folder, load_settings(index=folder, **changed)) is not None) is is_used


def test_of_two_servers_the_later_one_stays_when_the_earlier_ends(folder: Path, settings: Settings) -> None:
    with announced(folder, ADDRESS, settings, needs_token=False):
        earlier = announced(folder, "http://127.0.0.1:8001", settings, needs_token=False)
        with earlier:
            with announced(folder, "http://127.0.0.1:8002", settings, needs_token=False):
                pass
            assert running_server(folder, settings) is None
    assert os.listdir(folder) == []


def test_a_folder_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    with announced(folder, ADDRESS, load_settings(index=folder), needs_token=False):
        assert not folder.exists()
