"""Styles, scripts and fonts, as they are sent."""

from __future__ import annotations

import re

import httpx
import pytest

from web.pages.static_files import static


@pytest.mark.parametrize("name", ["base.css", "chat.js"])
def test_styles_and_scripts_are_sent_small_to_browsers_that_unpack_them(client: httpx.Client, name: str) -> None:
    whole = client.get(static(name), headers={"Accept-Encoding": "identity"})
    small = client.get(static(name), headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in whole.headers and small.headers["content-encoding"] == "gzip"
    assert small.content == whole.content and "Accept-Encoding" in small.headers["vary"]
    assert small.num_bytes_downloaded < len(whole.content) / 2


def test_fonts_which_are_small_already_are_sent_as_they_are(client: httpx.Client) -> None:
    assert "content-encoding" not in client.get(static("vendor/fonts/inter.woff2")).headers


def test_the_first_page_weighs_150_kb_at_most_without_its_fonts(client: httpx.Client) -> None:
    page = client.get("/", headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    parts = set(re.findall(r'"(/static/[^"]+\.(?:css|js|svg)[^"]*)"', page.text))
    sent = [page, *(client.get(part, headers={"Accept-Encoding": "gzip"}) for part in parts)]
    assert len(parts) > 8 and all(response.status_code == 200 for response in sent)
    assert sum(response.num_bytes_downloaded for response in sent) < 150_000
