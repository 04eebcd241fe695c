"""Requests made from the OpenAPI document, right and wrong ones, alone and in sequences: each gets a documented answer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.base.settings import ENGLISH_ENCODER
from qa.base.types import Article

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


JOBS = ["--include-operation-id", "ask_batch", "--include-operation-id", "read_job", "--include-operation-id", "cancel_job"]


def generated_requests(url: str, folder: Path, *options: str) -> int:
    """How many requests were made, each of which got a documented answer."""
    schemathesis = Path(sys.executable).with_name("schemathesis")
    given = ["--checks", "all", "--seed", "1", "--generation-database", "none", "--no-color", *options]
    done = subprocess.run(
        [schemathesis, "--config-file", CONFIGURATION, "run", f"{url}/openapi.json", "--request-timeout", "120", *given],
        cwd=folder, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, "\n".join(line[:400] for line in (done.stdout + done.stderr).splitlines()[-200:])
    generated = re.search(r"([\d,]+) generated", done.stdout)
    assert generated, done.stdout[-2_000:]
    return int(generated[1].replace(",", ""))


@pytest.mark.timeout(1_200)
def test_two_thousand_requests_of_every_kind_get_documented_answers(
    sample_articles: list[Article], start_server: Callable, tmp_path: Path
) -> None:
    quick = {"encoder": ENGLISH_ENCODER, "read_passages": 1}  # which answers are given is not what it tests
    server = start_server(tmp_path / "index", requests_per_minute=0, **quick).wait_until_ready()
    articles = [{"id": one.id, "title": one.title, "text": one.text, "source": one.source} for one in sample_articles[:8]]
    assert server.client.post("/v1/articles", json={"articles": articles}).json()["added"] == len(articles)
    without = ["--exclude-operation-id", "cancel_job"]
    assert generated_requests(server.url, tmp_path, "--max-examples", "40", *without) >= 2_000
    # a cancelled job can still be looked at, which no setting of the check can say
    assert generated_requests(server.url, tmp_path, "--max-examples", "20", *JOBS, "--exclude-checks", "use_after_free") >= 50
    assert server.client.get("/readyz").status_code == 200
