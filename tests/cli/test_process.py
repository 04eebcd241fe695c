"""The command line in real processes: standard input, pipes, encodings and Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from qa.api.answer import AnswerShape

Small = Callable[[dict[str, str]], None]
RealRun = Callable[..., subprocess.CompletedProcess[bytes]]


def test_an_article_from_standard_input_is_cited_in_a_new_process(tmp_path: Path, real: RealRun) -> None:
    record = json.dumps({"id": "kiln", "title": "The kiln", "text": "Ora Penhallow fired the lime kiln in 1871. It was hot."})
    added = subprocess.run([sys.executable, "-m", "qa", "add", "-"], input=record.encode(), capture_output=True, check=True)
    assert b"1 added, 0 changed, 0 unchanged, 0 refused" in added.stdout
    assert str(tmp_path / "indexes" / "default").encode() in added.stdout
    asked = real("ask", "Who", "fired", "the", "lime", "kiln?", "--json")
    assert asked.returncode == 0
    assert asked.stderr == b""
    answer = AnswerShape.model_validate_json(asked.stdout)
    assert answer.citations[0].cited_text == "Ora Penhallow fired the lime kiln in 1871."


def test_a_reader_that_goes_away_early_makes_no_noise(read_only_index: str) -> None:
    listing = subprocess.Popen(
        [sys.executable, "-m", "qa", "list", "--json", "--index", read_only_index], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert listing.stdout is not None and listing.stderr is not None
    listing.stdout.close()
    assert listing.stderr.read() == b""
    listing.stderr.close()
    listing.wait()


def test_a_stdout_that_knows_only_ascii_gets_look_alikes_and_escapes(small: Small, real: RealRun) -> None:
    small({"id": "a", "title": "Café – «Ångström»", "text": "The café “Ångström” opened in Łódź in 1910."})
    shown = real("show", "a", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert shown.returncode == 0
    assert rb'The caf\xe9 "\xc5ngstr\xf6m" opened' in shown.stdout


def test_json_is_utf_8_whatever_stdout_knows(small: Small, real: RealRun) -> None:
    small({"id": "a", "title": "Łódź", "text": "The tram of Łódź runs since 1898."})
    listed = real("list", "--json", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert json.loads(listed.stdout.decode("utf-8"))["article_title"] == "Łódź"


def test_ctrl_c_says_what_was_kept(tmp_path: Path) -> None:
    adding = subprocess.Popen(
        [sys.executable, "-m", "qa", "add", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a test run in the background of a shell ignores interrupts, and so would its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert adding.stdin is not None
    adding.stdin.write(b" " * 1_000_000)  # more than a pipe holds: when this returns, it is reading
    adding.send_signal(signal.SIGINT)
    out, error = adding.communicate(timeout=60)
    assert adding.returncode == 130, error.decode()
    assert out == b""
    assert f"qa: interrupted before the first batch was done; {tmp_path / 'indexes' / 'default'} is as it was." in error.decode()
    assert b"Traceback" not in error
