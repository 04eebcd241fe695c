"""The HTTP examples of README and the manual, word for word but for the port, against a real server over the samples."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qa import manual

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
HTTP = manual.page("http")
ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture
def url(sample_copy: Path, start_server: Callable) -> str:
    return str(start_server(sample_copy).wait_until_ready().url)


def code(language: str, page: str = HTTP) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def test_the_curl_example_of_readme_is_the_first_of_the_manual() -> None:
    (in_readme,), (in_the_manual,) = code("bash", README), code("bash")
    assert in_the_manual.startswith(in_readme)


def test_the_curl_and_python_examples_run_as_they_stand(url: str) -> None:
    (commands,) = code("bash")
    printed = []
    for command in commands.strip().split("\n\n"):
        done = subprocess.run(["bash", "-c", command.replace(ADDRESS, url)], capture_output=True, check=True)
        printed.append(json.loads(done.stdout))
    answer, search, added, sentences, removed = printed
    assert answer["answer"].endswith("at the age of 94. [1]")
    assert len(search["hits"]) == 3
    assert added["added"] == 1
    assert [sentence["text"] for sentence in sentences["data"]] == ["The keeper of Gorse Point is called Barnaby Quill."]
    assert removed["given_id"] == "quill"
    waiting, awaiting, with_openai = (_run(program.replace(ADDRESS, url)) for program in code("python"))
    assert waiting.startswith("answered Wilhelmina Sorrowby")
    assert awaiting == f"{answer['answer']} (answered)\n"
    content, citation, status = with_openai.splitlines()
    assert content == f"{citation.partition(' ')[2]} [1]" == answer["answer"]
    assert status == "answered"


def _run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_request_of_the_table_is_in_the_openapi_document(client: object) -> None:
    document = client.get("/openapi.json").json()  # type: ignore[attr-defined]
    told = {
        (method, path.replace("{id}", "{article_id}"))
        for method, path in re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/v1/\S+)`", HTTP)
    }
    known = {(method.upper(), path) for path, held in document["paths"].items() for method in held}
    assert told - known == set()
    assert {pair for pair in known if pair[1].startswith("/v1/")} - told == set()
