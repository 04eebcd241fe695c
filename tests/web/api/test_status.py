from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from qa.base.errors import IndexDamaged
from qa.service.service import Service
from web.app import create_app


def readiness(service: Service, *, stopping: bool) -> httpx.Response:
    app = create_app(service)

    async def get() -> httpx.Response:
        await app.state.running.load()
        app.state.running.stopping = stopping
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.get("/readyz")

    return asyncio.run(get())


def test_a_server_that_is_stopping_is_not_ready(sample_index: Path, open_service: Callable[..., Service]) -> None:
    assert readiness(open_service(sample_index), stopping=False).json() == {"status": "ready", "index_generation": 1}
    stopping = readiness(open_service(sample_index), stopping=True)
    assert (stopping.status_code, stopping.json()["detail"]) == (503, "The server is stopping.")


def test_a_store_that_is_damaged_anywhere_is_never_ready(sample_copy: Path, open_service: Callable[..., Service]) -> None:
    store = sample_copy / "store.sqlite"
    pages = bytearray(store.read_bytes())
    size = int.from_bytes(pages[16:18], "big")  # of a page, as SQLite's file format has it
    middle = len(pages) // size // 2 * size
    pages[middle : middle + size] = b"\xff" * size
    store.write_bytes(pages)
    service = open_service(sample_copy)
    response = readiness(service, stopping=False)
    assert response.status_code == 503
    assert "is damaged" in response.json()["detail"]
    with pytest.raises(IndexDamaged):
        service.check()


def test_a_file_of_the_edition_that_was_changed_is_never_ready(sample_copy: Path, open_service: Callable[..., Service]) -> None:
    (vectors,) = sample_copy.glob("editions/*/vectors.faiss")
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"x")
    response = readiness(open_service(sample_copy), stopping=False)
    assert response.status_code == 503
    assert "does not match its digest" in response.json()["detail"]
