"""`qa rebuild`, `doctor` and `verify` as they are typed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.answer import reader_files
from qa.api.answer import AnswerShape
from qa.search import ranker

Run = Callable[..., tuple[int, str, str]]
Small = Callable[[dict[str, str]], None]


def test_rebuild_takes_another_passage_rule_which_is_refused_before(
    small: Small, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    monkeypatch.setenv("QA_PASSAGE_CHARACTERS", "321")
    code, _, error = run("ask", "How many piles has the pier?")
    assert code == 1
    assert "qa rebuild" in error
    code, out, _ = run("rebuild")
    assert code == 0
    assert "1 article, 1 passage" in out
    assert run("ask", "How many piles has the pier?")[0] == 0


def test_doctor_says_what_is_installed_in_force_and_from_where(
    ask: Run, read_only_index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_THRESHOLD", "0.25")
    (tmp_path / "qa.toml").write_text("max_citations = 2")
    code, out, error = ask("doctor")
    assert (code, error) == (0, "")
    for said in (
        "torch",
        "sentence-transformers",
        "faiss-cpu",
        "tantivy",
        "sqlite",
        "the official ones",
        "match their digests",
        "44 articles",
    ):
        assert said in out
    assert re.search(r"arithmetic +(int8|bfloat16|float32)", out)
    assert re.search(rf"index +{re.escape(read_only_index)} +--index", out)
    assert re.search(r"threshold +0\.25 +QA_THRESHOLD", out)
    assert re.search(rf"max_citations +2 +{re.escape(str(tmp_path / 'qa.toml'))}", out)
    assert "read_passages" not in out and "All other settings have their defaults; `qa doctor -v` lists them." in out
    code, out, _ = ask("doctor", "-v")
    assert code == 0
    assert re.search(r"read_passages +\d+ +default", out)
    assert "have their defaults" not in out


def test_doctor_names_what_is_damaged(small: Small, run: Run) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    (file,) = Path("indexes/default/editions").glob("*/vectors.faiss")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    code, out, _ = run("doctor")
    assert code == 1
    assert "1 problem:" in out
    assert "does not match its digest" in out


@pytest.mark.parametrize(
    ("setting", "file", "said"),
    [
        ("QA_READER", reader_files.PACKAGED / reader_files.WEIGHTS_FILE, "The reader's weights"),
        ("QA_RANKER", ranker.PACKAGED / ranker.TREES_FILE, "The ranker's"),
    ],
)
def test_doctor_names_a_damaged_reader_and_ranker(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, file: Path, said: str
) -> None:
    copy = Path(shutil.copytree(file.parent, tmp_path / "model"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    (copy / file.name).write_bytes(content)
    monkeypatch.setenv(setting, str(copy))
    code, out, _ = run("doctor")
    assert code == 1
    assert said in out and "damaged or replaced" in out


def test_doctor_needs_no_index(run: Run) -> None:
    code, out, _ = run("doctor")
    assert code == 0
    assert "There is no index yet" in out
    assert "All settings have their defaults; `qa doctor -v` lists them." in out
    assert "Settings in force" not in out


def test_a_kept_answer_is_verified_and_its_cited_version_shown(small: Small, run: Run) -> None:
    text = "The lighthouse keeper is called Barnaby Quill. He has counted 312 ships."
    small({"id": "keeper", "text": text})
    _, out, _ = run("ask", "--json", "Who is the lighthouse keeper?")
    answer = AnswerShape.model_validate_json(out)
    cited = answer.citations[0]
    code, out, _ = run("verify", answer.id)
    assert code == 0
    assert out.startswith("[1] unchanged: it stands where it was cited\n    The lighthouse keeper is called Barnaby Quill.")
    small({"id": "keeper", "text": text.replace("Barnaby", "Ada")})
    assert "\n    Now: The lighthouse keeper is called Ada Quill.\n" in run("verify", answer.id)[1]
    small({"id": "keeper", "text": "Nobody keeps the lighthouse."})
    code, out, _ = run("verify", answer.id)
    assert code == 3
    assert "[1] edited: the article is there, the quote is not" in out
    assert "\n    Now: no sentence is like it.\n" in out
    assert f"qa show {cited.article_id} --version {cited.article_digest}" in out
    _, out, _ = run("show", cited.article_id, "--version", cited.article_digest)
    assert text in out
    assert "This is an earlier version, until " in out
    assert out.rstrip().endswith(f"qa show {cited.article_id}") or f"\n  qa show {cited.article_id} --index" in out
    assert "earlier version" not in run("show", cited.article_id)[1]
    code, _, err = run("show", cited.article_id, "--version", "0" * 64)
    assert (code, "no kept answer shows it" in err) == (1, True)
    code, _, err = run("verify", "ans_0")
    assert (code, "No answer 'ans_0' is kept here" in err) == (1, True)
