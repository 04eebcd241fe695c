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
    sample_copy: Path, start_server: Callable, tmp_path: Path
) -> None:
    server = start_server(sample_copy, requests_per_minute=0, read_passages=1).wait_until_ready()  # answers are not what it tests
    without = ["--exclude-operation-id", "cancel_job"]
    assert generated_requests(server.url, tmp_path, "--max-examples", "40", *without) >= 2_000
    # a cancelled job can still be looked at, which no setting of the check can say
    assert generated_requests(server.url, tmp_path, "--max-examples", "20", *JOBS, "--exclude-checks", "use_after_free") >= 50
    assert server.client.get("/readyz").status_code == 200
