from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from qa.base.errors import ArticleError
from qa.corpus.parser_process import ParserProcess, read_frame, write_frame

TEXT = "The bridge over the river was repaired on Monday, the mayor said."
PAGE = f"<html><body><article><p>{TEXT}</p></article></body></html>".encode()


def test_a_call_that_overruns_is_ended_and_the_next_one_works() -> None:
    slow = b"<html><body><p>" + b"<b>word</b> " * 200_000
    with ParserProcess(timeout_seconds=3) as parser:
        with pytest.raises(ArticleError, match="x: reading it took longer than 3 s; expected a smaller") as caught:
            parser.call("html", slow, "x")
        assert caught.value.origin == "x"
        assert parser.call("html", PAGE, "x")["text"] == TEXT


def test_a_child_that_dies_is_reported_and_the_next_call_works() -> None:
    with ParserProcess() as parser:
        parser.call("html", PAGE, "x")
        assert parser._child is not None
        os.kill(parser._child._process.pid, signal.SIGKILL)
        with pytest.raises(ArticleError, match=r"the parser ended while reading it \(signal 9\)"):
            parser.call("html", PAGE, "x")
        assert parser.call("html", PAGE, "x")["text"] == TEXT


def test_an_unknown_parser_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="no parser 'odt'; there are html, pdf, docx, epub, feed"):
        ParserProcess().call("odt", b"", "x")


def test_the_child_ends_with_its_context_and_closing_twice_is_harmless() -> None:
    with ParserProcess() as parser:
        parser.call("html", PAGE, "x")
        assert parser._child is not None
        process = parser._child._process
    parser.close()
    assert process.poll() is not None


def test_the_child_ignores_ctrl_c() -> None:
    with ParserProcess() as parser:
        parser.call("html", PAGE, "x")
        assert parser._child is not None
        os.kill(parser._child._process.pid, signal.SIGINT)
        assert parser.call("html", PAGE, "x")["text"] == TEXT


def test_a_plain_script_without_a_main_guard_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    (tmp_path / "page.html").write_bytes(PAGE)
    script.write_text(
        textwrap.dedent("""
        from qa.corpus.article_reader import ArticleReader
        from qa.base.settings import load_settings
        print("started")
        for article in ArticleReader(["page.html"], settings=load_settings()):
            print(article.text)
        """)
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        timeout=60,
    )
    assert done.stderr.decode() == ""
    assert done.stdout.decode().split("\n") == ["started", TEXT, ""]


def test_frames_carry_facts_and_bytes(tmp_path: Path) -> None:
    with open(tmp_path / "pipe", "w+b") as pipe:
        write_frame(pipe, {"parser": "pdf", "word": "é"}, b"\x00\xff")
        write_frame(pipe, {})
        pipe.seek(0)
        assert read_frame(pipe) == ({"parser": "pdf", "word": "é"}, b"\x00\xff")
        assert read_frame(pipe) == ({}, b"")
        with pytest.raises(EOFError):
            read_frame(pipe)
