"""`qa add` as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import NewsSite

Run = Callable[..., tuple[int, str, str]]
Small = Callable[[dict[str, str]], None]


def test_what_is_refused_is_named_with_its_line_and_the_rest_comes_in(tmp_path: Path, run: Run) -> None:
    (tmp_path / "news.jsonl").write_text('{"id": "a", "text": "Bram Ockley won the race in May."}\n{"id": \n')
    code, out, _ = run("add", "news.jsonl", "missing.txt")
    assert code == 4
    assert "1 added, 0 changed, 0 unchanged, 2 refused" in out
    assert f"{tmp_path / 'news.jsonl'}, line 2: " in out
    assert f"{tmp_path / 'missing.txt'}: " in out
    assert f"Index: {tmp_path / 'indexes' / 'default'}" in out
    assert "Next: qa ask" in out


def test_when_everything_is_refused_the_code_is_1_and_no_index_is_made(tmp_path: Path, run: Run) -> None:
    (tmp_path / "empty.txt").write_text("")
    code, out, error = run("add", "empty.txt")
    assert code == 1
    assert "1 refused" in out
    assert "everything was refused" in error
    assert not (tmp_path / "indexes").exists()


def test_of_many_refusals_twenty_are_named(tmp_path: Path, run: Run) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "a", "text": "The pier has 12 piles."}\n' + "{\n" * 23)
    _, out, _ = run("add", "bad.jsonl")
    assert out.count("bad.jsonl, line") == 20
    assert "… and 3 more" in out


def test_what_is_left_out_of_a_folder_is_named(tmp_path: Path, run: Run) -> None:
    (tmp_path / "trip").mkdir()
    for name in ("map.png", ".DS_Store", "pier.txt"):
        (tmp_path / "trip" / name).write_text("The pier has 12 piles.")
    _, out, _ = run("add", "trip")
    trip = tmp_path / "trip"
    assert (
        f"Left out of folders, hidden or of a format that is not read:\n  - {trip / '.DS_Store'}\n  - {trip / 'map.png'}\n" in out
    )


def test_the_same_again_is_unchanged_and_another_text_is_a_change(small: Small, tmp_path: Path, run: Run) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    assert "0 added, 0 changed, 1 unchanged, 0 refused" in run("add", "one.jsonl")[1]
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "a", "text": "The pier has 14 piles."}))
    assert "0 added, 1 changed, 0 unchanged, 0 refused" in run("add", "one.jsonl")[1]


def test_an_article_without_a_citable_sentence_is_named(tmp_path: Path, run: Run) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "only-a-menu", "text": "Related News\nShips\nWeather"}))
    assert "Without a sentence that could be cited:\n  - only-a-menu" in run("add", "one.jsonl")[1]


def test_a_fact_that_cannot_be_used_is_left_out_and_named(tmp_path: Path, run: Run) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "a", "text": "The pier has 12 piles.", "date": "next spring or so"}))
    out = run("add", "one.jsonl")[1]
    assert "Left out of articles that were kept:" in out
    assert "next spring or so" in out


def test_an_address_is_added_where_that_is_allowed(run: Run, news_site: NewsSite, monkeypatch: pytest.MonkeyPatch) -> None:
    news_site.pages["/ferry"] = ("text/plain", b"The ferry to Skerrin sails at noon.")
    code, out, err = run("add", f"{news_site.url}/ferry")
    assert code == 1
    assert "--allow-fetch" in out + err
    code, out, err = run("add", "--allow-fetch", f"{news_site.url}/ferry")
    assert code == 1
    assert "which is not public" in out + err
    monkeypatch.setenv("QA_FETCH_NETWORKS", '["127.0.0.0/8"]')
    assert run("add", "--allow-fetch", f"{news_site.url}/ferry")[0] == 0
    _, out, _ = run("list", "--json")
    assert json.loads(out)["source"]["url"] == f"{news_site.url}/ferry"
