"""HEAD, which monitors send, is GET without its body."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from qa.base.settings import load_settings
from qa.service.service import Service
from web.app import create_app


@pytest.mark.parametrize("path", ["/healthz", "/", "/help", "/openapi.json", "/static/base.css", "/v1/answers", "/nothing"])
def test_head_is_answered_as_get_without_a_body(tmp_path: Path, path: str) -> None:
    app = create_app(Service(load_settings(index=tmp_path)))  # nothing is loaded

    async def sent() -> tuple[httpx.Response, httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.head(path), await client.get(path)

    head, get = asyncio.run(sent())
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers.get("content-length") == get.headers.get("content-length")
