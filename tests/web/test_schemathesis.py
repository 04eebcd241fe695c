"""Requests made from the OpenAPI document, right and wrong ones, alone and in sequences: each gets a documented answer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.timeout(1_200)
def test_two_thousand_requests_of_every_kind_get_documented_answers(
    sample_copy: Path, start_server: Callable, tmp_path: Path
) -> None:
    server = start_server(sample_copy, requests_per_minute=0).wait_until_ready()
    schemathesis = Path(sys.executable).with_name("schemathesis")
    options = ["--checks", "all", "--max-examples", "150", "--seed", "1", "--generation-database", "none", "--no-color"]
    done = subprocess.run(
        [schemathesis, "--config-file", CONFIGURATION, "run", f"{server.url}/openapi.json", *options],
        cwd=tmp_path, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
    generated = re.search(r"([\d,]+) generated", done.stdout)
    assert generated and int(generated[1].replace(",", "")) >= 2_000, done.stdout[-2_000:]
    assert server.client.get("/readyz").status_code == 200
