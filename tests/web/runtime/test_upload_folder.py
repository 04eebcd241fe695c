"""What was sent stays behind in no temporary folder."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from qa.base.settings import load_settings
from qa.index.layout import STORE_FILE
from qa.service.service import Service
from web.app import create_app
from web.runtime.upload_folder import UploadFolder, delete_abandoned

LONG_AGO = 1_000_000_000


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def grown_old(folder: Path) -> Path:
    os.utime(folder, (LONG_AGO, LONG_AGO))
    return folder


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("/add", {"part_of": "job_unknown"}, 404),
        ("/v1/uploads", {"unknown": "field"}, 422),
    ],
)
def test_files_of_a_request_that_is_refused_are_deleted(
    tmp_path: Path, temporary: Path, path: str, data: Mapping[str, str], status: int
) -> None:
    (tmp_path / STORE_FILE).touch()  # enough of an index to be refused by
    app = create_app(Service(load_settings(index=tmp_path)))
    app.state.running.ready = True

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.post(path, data=data, files={"files": ("a.txt", b"Ships are seen.")})

    assert asyncio.run(send()).status_code == status
    assert list(temporary.iterdir()) == []


def test_a_server_deletes_what_a_killed_one_left(temporary: Path) -> None:
    killed = UploadFolder()
    (killed.path / "0.txt").write_text("Ships are seen.")
    left = grown_old(Path(shutil.copytree(killed.path, temporary / "qa-upload-left")))  # its process holds no lock on it
    delete_abandoned()
    assert not left.exists()
    killed.delete()
    assert list(temporary.iterdir()) == []


def test_what_is_in_use_new_or_somebody_elses_stays(temporary: Path, tmp_path: Path) -> None:
    used = UploadFolder()
    grown_old(used.path)
    (temporary / "qa-upload-new").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (temporary / "qa-upload-link").symlink_to(grown_old(elsewhere))
    before = set(temporary.iterdir())
    delete_abandoned()
    assert set(temporary.iterdir()) == before and list(elsewhere.iterdir()) == []
    used.delete()
