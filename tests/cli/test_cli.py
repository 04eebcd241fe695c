"""The command line, through `main` in this process where that is enough, through a real one where it is not."""

from __future__ import annotations

import importlib.resources
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qa
from qa.answer.question_kind import WHAT_QA_DOES
from qa.api.answer import AnswerShape, answer_shape
from qa.api.search import SearchShape
from qa.base.feedback import Verdict
from qa.cli.app import main

if TYPE_CHECKING:
    from conftest import NewsSite

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
ANSWER = "Wilhelmina Sorrowby, who sewed sails on Candle Lane for sixty-eight years, died on 17 February at the age of 94."
HEAVY = {"torch", "faiss", "sentence_transformers", "transformers", "tantivy", "numpy"}


@pytest.fixture(scope="module")
def samples() -> Iterator[str]:
    with importlib.resources.as_file(importlib.resources.files("qa.evaluation.samples")) as folder:
        yield str(folder / "articles.jsonl")


@pytest.fixture(scope="module")
def read_only_index(tmp_path_factory: pytest.TempPathFactory, samples: str) -> str:
    """The samples with the settings' own defaults; no test changes it."""
    folder = str(tmp_path_factory.mktemp("cli") / "an index")
    assert main(["add", samples, "--index", folder]) == 0
    return folder


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command line: (exit code, stdout, stderr)."""

    def run_(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(arguments))
        return code, *capsys.readouterr()

    return run_


@pytest.fixture
def ask(run: Callable[..., tuple[int, str, str]], read_only_index: str) -> Callable[..., tuple[int, str, str]]:
    """A command on the index of the samples."""
    return lambda *arguments: run("--index", read_only_index, *arguments)


@pytest.fixture
def small(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> Callable[[dict[str, str]], None]:
    """Adds one article to the default index."""

    def add(record: dict[str, str]) -> None:
        (tmp_path / "one.jsonl").write_text(json.dumps(record))
        assert run("add", "one.jsonl")[0] == 0

    return add


def given_stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def real(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "qa", *arguments], env={**os.environ, **environment}, capture_output=True, timeout=120, check=False
    )


# Help


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    run = f"import sys; from qa.cli.app import main; code = main({arguments})"
    program = f"{run}; print(sorted({HEAVY} & set(sys.modules)), code)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] 0"


def test_qa_alone_shows_its_commands_and_counts_as_wrong_usage(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run()
    assert code == 2
    assert "doctor" in out


def test_the_version_is_that_of_the_package(run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("--version") == (0, f"qa {qa.__version__}\n", "")


# The whole way, in real processes


def test_an_article_from_standard_input_is_cited_in_a_new_process(tmp_path: Path) -> None:
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


def test_a_stdout_that_knows_only_ascii_gets_look_alikes_and_escapes(small: Callable[[dict[str, str]], None]) -> None:
    small({"id": "a", "title": "Café – «Ångström»", "text": "The café “Ångström” opened in Łódź in 1910."})
    shown = real("show", "a", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert shown.returncode == 0
    assert rb'The caf\xe9 "\xc5ngstr\xf6m" opened' in shown.stdout


def test_json_is_utf_8_whatever_stdout_knows(small: Callable[[dict[str, str]], None]) -> None:
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


# Adding


def test_what_is_refused_is_named_with_its_line_and_the_rest_comes_in(
    tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "news.jsonl").write_text('{"id": "a", "text": "Bram Ockley won the race in May."}\n{"id": \n')
    code, out, _ = run("add", "news.jsonl", "missing.txt")
    assert code == 0
    assert "1 added, 0 changed, 0 unchanged, 2 refused" in out
    assert f"{tmp_path / 'news.jsonl'}, line 2: " in out
    assert f"{tmp_path / 'missing.txt'}: " in out
    assert f"Index: {tmp_path / 'indexes' / 'default'}" in out
    assert "Next: qa ask" in out


def test_when_everything_is_refused_the_code_is_1_and_no_index_is_made(
    tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "empty.txt").write_text("")
    code, out, error = run("add", "empty.txt")
    assert code == 1
    assert "1 refused" in out
    assert "everything was refused" in error
    assert not (tmp_path / "indexes").exists()


def test_of_many_refusals_twenty_are_named(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "a", "text": "The pier has 12 piles."}\n' + "{\n" * 23)
    _, out, _ = run("add", "bad.jsonl")
    assert out.count("bad.jsonl, line") == 20
    assert "… and 3 more" in out


def test_the_same_again_is_unchanged_and_another_text_is_a_change(
    small: Callable[[dict[str, str]], None], tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    assert "0 added, 0 changed, 1 unchanged, 0 refused" in run("add", "one.jsonl")[1]
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "a", "text": "The pier has 14 piles."}))
    assert "0 added, 1 changed, 0 unchanged, 0 refused" in run("add", "one.jsonl")[1]


def test_an_article_without_a_citable_sentence_is_named(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "only-a-menu", "text": "Related News\nShips\nWeather"}))
    assert "Without a sentence that could be cited:\n  - only-a-menu" in run("add", "one.jsonl")[1]


def test_a_fact_that_cannot_be_used_is_left_out_and_named(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "a", "text": "The pier has 12 piles.", "date": "next spring or so"}))
    out = run("add", "one.jsonl")[1]
    assert "Left out of articles that were kept:" in out
    assert "next spring or so" in out


# Where the index is


def test_the_flag_goes_before_or_after_the_command(ask: Callable[..., tuple[int, str, str]], read_only_index: str) -> None:
    after = main(["list", "--index", read_only_index])
    assert (ask("list")[0], after) == (0, 0)


def test_the_flag_goes_before_the_variable_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., tuple[int, str, str]]
) -> None:
    def looked_for(*arguments: str) -> str:
        return run("list", *arguments)[2]

    assert str(tmp_path / "indexes" / "default") in looked_for()
    (tmp_path / "qa.toml").write_text('index = "from file"')
    assert str(tmp_path / "from file") in looked_for()
    monkeypatch.setenv("QA_INDEX", "from variable")
    assert str(tmp_path / "from variable") in looked_for()
    assert str(tmp_path / "from flag") in looked_for("--index", "from flag")


def test_a_suggested_command_repeats_the_flag(ask: Callable[..., tuple[int, str, str]], read_only_index: str) -> None:
    assert re.search(rf"qa show art_\w+ --sentence \d+ --index '{re.escape(read_only_index)}'\n", ask("ask", QUESTION)[1])


# Asking


def test_an_answer_shows_its_sentence_source_place_and_confidence(ask: Callable[..., tuple[int, str, str]]) -> None:
    code, out, error = ask("ask", QUESTION)
    assert (code, error) == (0, "")
    assert out.startswith(f"{ANSWER} [1]")
    assert re.search(r"^Confidence: (high|medium) \(0\.\d\d\)", out, re.MULTILINE)
    assert re.search(r"^\[1\] \S.+\n    (The Harbour Post|Varrow Courier).* · 202\d-\d\d-\d\d", out, re.MULTILINE)
    assert re.search(r"^    characters \d+–\d+ of art_[0-9a-f]{16}$", out, re.MULTILINE)
    assert re.search(r"^    https://\S+#:~:text=\S+$", out, re.MULTILINE)


def test_with_a_reader_the_sentence_is_the_same_and_json_has_the_short_answer(
    ask: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_READER", "qa-reader")
    code, out, _ = ask("ask", QUESTION)
    assert code == 0
    assert "died on 17 February at the age of 94. [1]" in " ".join(out.split())
    short = json.loads(ask("ask", "--json", QUESTION)[1])["short_answer"]
    assert (short["text"], short["citation"], short["end_char_index"] - short["start_char_index"]) == ("94", 1, 2)
    monkeypatch.setenv("QA_READER", "nowhere/reader")
    code, out, error = ask("ask", QUESTION)
    assert (code, out) == (1, "")
    assert "No reader 'nowhere/reader'" in error


def test_json_is_the_object_of_the_api_and_nothing_else(ask: Callable[..., tuple[int, str, str]], read_only_index: str) -> None:
    code, out, error = ask("ask", "--json", QUESTION)
    assert (code, error) == (0, "")
    assert out == AnswerShape.model_validate_json(out).model_dump_json(indent=2) + "\n"
    with qa.open(read_only_index) as index:
        expected = answer_shape(index.ask(QUESTION)).model_dump()
    found = json.loads(out)
    for differing in ("id", "created_at", "asked_at", "timings_ms"):
        del found[differing], expected[differing]
    assert found == json.loads(json.dumps(expected))


def test_what_the_articles_do_not_say_is_not_found_with_the_nearest_sentences_and_3(
    ask: Callable[..., tuple[int, str, str]],
) -> None:
    code, out, _ = ask("ask", "Which kinds of llama does the president of Peru prefer?")
    assert code == 3
    assert out.startswith("Not found in these articles.\n")
    assert "none of them is an answer" in out
    assert "[1]" not in out


@pytest.mark.parametrize("words", ["hello", "summarise this"])
def test_what_is_no_question_is_told_what_qa_does(ask: Callable[..., tuple[int, str, str]], words: str) -> None:
    assert ask("ask", words) == (3, f"{WHAT_QA_DOES}\n", "")


def test_words_without_quotes_are_one_question(ask: Callable[..., tuple[int, str, str]]) -> None:
    assert json.loads(ask("ask", "--json", *QUESTION.split())[1])["question"] == QUESTION


def test_a_question_comes_from_standard_input_too(
    ask: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    given_stdin(monkeypatch, QUESTION.encode() + b"\xff\n")
    assert json.loads(ask("ask", "--json", "-")[1])["question"] == f"{QUESTION}\ufffd"


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 100_000])
def test_a_question_that_cannot_be_asked_is_wrong_usage(ask: Callable[..., tuple[int, str, str]], question: str) -> None:
    code, out, error = ask("ask", question)
    assert (code, out) == (2, "")
    assert error.startswith("qa: The question ")
    assert len(error) < 500


@pytest.mark.parametrize(
    "question", ["Сколько лет было Вильгельмине?", "她几岁?", "كم كان عمرها؟", "\x1b[31mred\x00", "caf\udce9 opened"]
)
def test_any_script_control_characters_and_stray_bytes_can_be_asked(
    ask: Callable[..., tuple[int, str, str]], question: str
) -> None:
    code, out, error = ask("ask", question)
    assert code in (0, 3)
    assert error == ""
    assert "\x1b" not in out


# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "QUESTION"),
        (["ask", "x", "--nonsense"], "--nonsense"),
        (["nonsense"], "nonsense"),
        (["search", "x", "-k", "0"], "-k"),
        (["list", "--index", ""], "index folder"),
        (["remove"], "--all"),
    ],
)
def test_wrong_usage_is_2_with_a_message(run: Callable[..., tuple[int, str, str]], arguments: list[str], said: str) -> None:
    code, out, error = run(*arguments)
    assert (code, out) == (2, "")
    assert error.startswith("qa: ")
    assert said in error
    assert "--help` shows" in error


def test_a_setting_that_cannot_be_used_is_2_and_named(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_THRESHOLD", "often")
    code, _, error = run("list")
    assert code == 2
    assert "QA_THRESHOLD" in error and "often" in error


@pytest.mark.parametrize(
    "command", [["ask", "Who?"], ["search", "x"], ["list"], ["show", "x"], ["remove", "x"], ["verify"], ["rebuild"], ["chat"]]
)
def test_a_missing_index_says_how_to_make_one(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, command: list[str]
) -> None:
    code, out, error = run(*command)
    assert (code, out) == (1, "")
    assert error.startswith("qa: No articles yet")
    assert "qa add PATH…" in error
    assert str(tmp_path / "indexes" / "default") in error
    assert not (tmp_path / "indexes").exists()


def test_an_index_without_articles_says_how_to_add_some(
    small: Callable[[dict[str, str]], None], run: Callable[..., tuple[int, str, str]]
) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    assert run("remove", "a", "--now")[0] == 0
    for command, code in ((["ask", "How many piles?"], 3), (["search", "piles"], 3), (["list"], 0)):
        found, out, error = run(*command)
        assert found == code
        assert "No articles yet" in out + error
        assert "12 piles" not in out + error


# Articles


def test_list_has_a_line_for_each_article_and_json_an_object(
    ask: Callable[..., tuple[int, str, str]], read_only_index: str
) -> None:
    code, out, error = ask("list")
    assert code == 0
    assert error == f"44 articles in {read_only_index}\n"
    lines = out.splitlines()
    assert len(lines) == 44
    assert lines[0].split("\t")[1:3] == ["2024-02-12", "The Harbour Post"]
    records = [json.loads(line) for line in ask("list", "--json")[1].splitlines()]
    assert [record["article_id"] for record in records] == [line.split("\t")[0] for line in lines]
    assert records[0]["given_id"] == "ferry-terminal-opens"


def test_show_marks_the_cited_sentence(ask: Callable[..., tuple[int, str, str]]) -> None:
    citation = json.loads(ask("ask", "--json", QUESTION)[1])["citations"][0]
    code, out, _ = ask("show", citation["article_id"], "--sentence", str(citation["sentence_index"]))
    assert code == 0
    assert f">>> {citation['cited_text']} <<<" in out


def test_show_takes_the_given_id_and_prints_the_whole_text(ask: Callable[..., tuple[int, str, str]]) -> None:
    out = ask("show", "ferry-terminal-opens")[1]
    assert "The terminal cost 23.5 million euros and took 14 months to build." in out
    assert out.rstrip().endswith("Islanders with a resident card go on paying 2.50 euros.")


def test_show_names_the_copies_of_an_article(ask: Callable[..., tuple[int, str, str]]) -> None:
    out = ask("show", "port-record-ledger")[1]
    *_, heading, line = out.splitlines()
    assert heading == "Similar: 1 other article"
    assert line.split("\t")[2] == "Varrow Courier"
    assert "Similar" not in ask("show", "ferry-terminal-opens")[1]


def test_an_answer_says_in_which_other_articles_its_words_stand(
    ask: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_THRESHOLD", "0")
    out = ask("ask", "How many tonnes of grain did the port handle?")[1]
    assert "word for word also in another article:" in out


def test_show_refuses_a_sentence_that_is_not_there_and_an_id_nobody_has(ask: Callable[..., tuple[int, str, str]]) -> None:
    assert ask("show", "ferry-terminal-opens", "--sentence", "999")[0] == 2
    code, _, error = ask("show", "nobody\udcff")
    assert code == 1
    assert error == "qa: No article 'nobody\\udcff' in this index. `qa list` shows their ids.\n"


def test_a_removed_article_is_gone_until_it_is_brought_back(
    small: Callable[[dict[str, str]], None], run: Callable[..., tuple[int, str, str]]
) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    code, out, _ = run("remove", "a")
    assert code == 0
    back = re.search(r"qa (remove --undo art_\w+)", out)
    assert back
    assert run("show", "a")[0] == 1
    assert run(*back[1].split())[0] == 0
    assert run("show", "a")[0] == 0
    assert run("remove", "--undo", "a")[0] == 1


def test_a_removed_article_can_be_deleted_at_once_afterwards(
    small: Callable[[dict[str, str]], None], run: Callable[..., tuple[int, str, str]]
) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    assert [run("remove", "a")[0], run("remove", "a", "--now")[0], run("remove", "--undo", "a")[0]] == [0, 0, 1]


def test_removing_all_asks_and_without_a_terminal_wants_yes(
    small: Callable[[dict[str, str]], None], run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    given_stdin(monkeypatch, b"y\n")
    code, _, error = run("remove", "--all")
    assert code == 2
    assert "--yes" in error
    assert run("show", "a")[0] == 0
    assert run("remove", "--all", "--yes")[0] == 0
    assert run("show", "a")[0] == 1
    assert run("remove", "--undo", "--all")[0] == 0
    assert run("show", "a")[0] == 0


# Search


def test_only_articles_that_pass_the_filters_answer(ask: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = ask(
        "search", "-k", "100", "--json", "--source", "radio skerry", "--since", "2024-06", "--until", "2024", "news"
    )
    found = SearchShape.model_validate_json(out)
    assert code == 0
    assert {hit.source.name for hit in found.hits} == {"Radio Skerry"}
    assert all("2024-06" <= (hit.source.published_at or "") < "2025" for hit in found.hits)
    code, out, _ = ask("ask", "--json", "--article", "sorrowby-obituary", QUESTION)
    assert (code, AnswerShape.model_validate_json(out).filters.article_ids) == (0, ["sorrowby-obituary"])


def test_when_no_article_passes_the_filters_that_is_said(ask: Callable[..., tuple[int, str, str]]) -> None:
    said = "No article passes the filters: source “nobody”, published from 2024-03-01."
    for command in (("ask", QUESTION), ("search", "sailmaker")):
        code, out, _ = ask(*command, "--source", "nobody", "--since", "2024-03")
        assert code == 3
        assert said in out
    code, _, err = ask("list", "--source", "nobody", "--since", "2024-03")
    assert (code, err.strip()) == (0, said)


def test_a_question_is_asked_by_a_clock_and_what_its_words_mean_is_shown(ask: Callable[..., tuple[int, str, str]]) -> None:
    _, out, _ = ask("ask", "--asked-at", "2025-03-03", "Which sailmaker died last month?")
    assert "“last month” is taken as 2025-02-01 to 2025-02-28." in out
    _, out, _ = ask("search", "--asked-at", "2025-03-03T10:00:00Z", "what happened yesterday")
    assert "“yesterday” is taken as 2025-03-02." in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "soon"), "'soon' is no day, month or year; expected it as in 2024-03-08, 2024-03 or 2024"),
        (("--until", "2024-02-30"), "'2024-02-30' is no date"),
        (("--since", "2025", "--until", "2024"), "published_from 2025-01-01 is after published_to 2024-12-31"),
        (("--asked-at", "noon"), "noon"),
    ],
)
def test_days_that_cannot_be_used_are_wrong_usage(
    ask: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...], said: str
) -> None:
    code, _, err = ask("ask", *arguments, QUESTION)
    assert code == 2
    assert said in " ".join(err.split())


def test_an_address_is_added_where_that_is_allowed(
    run: Callable[..., tuple[int, str, str]], news_site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_a_kept_answer_is_verified_and_its_cited_version_shown(
    small: Callable[[dict[str, str]], None], run: Callable[..., tuple[int, str, str]]
) -> None:
    text = "The lighthouse keeper is called Barnaby Quill. He has counted 312 ships."
    small({"id": "keeper", "text": text})
    _, out, _ = run("ask", "--json", "Who is the lighthouse keeper?")
    answer = AnswerShape.model_validate_json(out)
    cited = answer.citations[0]
    code, out, _ = run("verify", answer.id)
    assert code == 0
    assert out.startswith("[1] unchanged: it stands where it was cited\n    The lighthouse keeper is called Barnaby Quill.")
    small({"id": "keeper", "text": "Nobody keeps the lighthouse."})
    code, out, _ = run("verify", answer.id)
    assert code == 3
    assert "[1] edited: the article is there, the quote is not" in out
    assert f"qa show {cited.article_id} --version {cited.article_digest}" in out
    _, out, _ = run("show", cited.article_id, "--version", cited.article_digest)
    assert text in out
    code, _, err = run("show", cited.article_id, "--version", "0" * 64)
    assert (code, "no kept answer shows it" in err) == (1, True)
    code, _, err = run("verify", "ans_0")
    assert (code, "No answer 'ans_0' is kept here" in err) == (1, True)


def feedback(answer: AnswerShape, verdict: str, citation: int | None = None) -> None:
    """Say something of an answer from the default index, as a button of the chat does."""
    with qa.open() as service:
        service.judge(answer.id, Verdict(verdict), sentence=None if citation is None else ("citations", citation))


def test_what_users_said_is_exported_as_a_set_that_is_evaluated(
    samples: str, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    run("add", samples)
    asked = {}
    for question in (QUESTION, "How long will the sea wall be?", "What is the boiling point of tungsten?"):
        asked[question] = AnswerShape.model_validate_json(run("ask", "--json", question)[1])
    right, wrong, nothing = asked.values()
    feedback(right, "helpful")
    feedback(wrong, "wrong", 1)
    feedback(nothing, "helpful")
    code, out, error = run("export", "judgements")
    assert (code, error) == (0, "")
    assert out == "3 questions with 2 judgements in judgements.jsonl\n  qa evaluate judgements.jsonl\n"
    first, second, third = map(json.loads, (tmp_path / "judgements.jsonl").read_text("utf-8").splitlines())
    assert (first["question"], first["judgements"][0]["text"], first["judgements"][0]["grade"]) == (QUESTION, ANSWER, 1)
    assert (second["judgements"][0]["text"], second["judgements"][0]["grade"]) == (wrong.citations[0].cited_text, 0)
    assert (third["answerable"], third["judgements"]) == (False, [])
    code, out, _ = run("evaluate", "judgements.jsonl", "--json")
    assert code == 0
    figures = {(figure["stage"], figure["measure"]): figure for figure in json.loads(out)["figures"]}
    found = figures["distinct", "success@5"]
    assert (found["value"], found["n"]) == (1.0, 1)  # of the question whose right place is known
    decided = figures["answer", "decision accuracy"]
    assert (decided["value"], decided["n"]) == (1.0, 2)  # of it, and of the one that nothing answers


def test_a_set_in_a_folder_brings_its_articles_and_can_be_asked_over_another_index(
    samples: str, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    run("add", samples)
    feedback(AnswerShape.model_validate_json(run("ask", "--json", QUESTION)[1]), "right", 1)
    assert run("export", "judgements", "--out", "a set")[1] == ("1 question with 1 judgement in a set\n  qa evaluate 'a set'\n")
    assert sorted(path.name for path in (tmp_path / "a set").iterdir()) == ["articles.jsonl", "questions.jsonl"]
    code, out, _ = run("evaluate", "a set", "--index", "indexes/default", "--stage", "merged")
    assert (code, "judged by spans" in out) == (0, True)
    assert re.search(r"success@1 +1\.000", out)


def test_feedback_on_what_was_removed_is_counted_and_nothing_to_export_is_not_found(
    small: Callable[[dict[str, str]], None], run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    small({"id": "keeper", "text": "The lighthouse keeper is called Barnaby Quill. He has counted 312 ships."})
    code, _, error = run("export", "judgements")
    assert (code, error) == (
        3,
        f"No answer from {tmp_path}/indexes/default has feedback. The chat of `qa serve` has the buttons for it.\n",
    )
    feedback(AnswerShape.model_validate_json(run("ask", "--json", "Who is the lighthouse keeper?")[1]), "right", 1)
    assert re.search(r"feedback +on 1 answer; `qa export judgements` writes it as a set", run("doctor")[1])
    run("remove", "keeper", "--now")
    code, out, error = run("export", "judgements")
    assert (code, out) == (3, "")
    assert error.startswith("Left out: Judged sentences of articles that are not in the index any more: 1 (art_")
    assert "No feedback can be judged" in error
    assert not (tmp_path / "judgements.jsonl").exists()


def test_list_can_be_filtered(ask: Callable[..., tuple[int, str, str]]) -> None:
    _, out, err = ask("list", "--source", "Skerriner Bote")
    assert len(out.splitlines()) == 1
    assert err.startswith("1 article in")


def test_search_json_is_the_object_of_the_api_with_k_hits(ask: Callable[..., tuple[int, str, str]]) -> None:
    code, out, error = ask("search", "grey", "seal", "pups", "-k", "3", "--json")
    assert (code, error) == (0, "")
    found = SearchShape.model_validate_json(out)
    assert [hit.rank for hit in found.hits] == [1, 2, 3]
    assert found.question == "grey seal pups"


def test_search_shows_passages_with_the_rank_of_each_stage(ask: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = ask("search", "grey seal pups", "-k", "1")
    assert code == 0
    assert re.search(r"^1\.  .*seal", out)
    assert re.search(r"ranks: dense \d+ \(.+\), lexical \d+ \(", out)


# Hostile articles


def test_nothing_from_an_article_reaches_the_terminal_as_a_command_or_markup(
    small: Callable[[dict[str, str]], None], run: Callable[..., tuple[int, str, str]]
) -> None:
    hostile = "The [bold red]mayor[/] of Odd\x1b]0;owned\x07ville\x9b31m is Pell\u202e Marrow\r :smile: \ud83d today."
    small(
        {
            "id": "x\x1b[2J",
            "title": "[blink]Odd\x1b[5m news[/blink]",
            "text": hostile,
            "source": "The\x1b[1m Post",
            "author": "[link=x]A",
        }
    )
    shown = ""
    for command in (
        ["ask", "Who is the mayor of Oddville?"],
        ["search", "mayor"],
        ["list"],
        ["show", "x\x1b[2J", "--sentence", "0"],
    ):
        code, out, error = run(*command)
        assert code in (0, 3)  # how likely so odd a sentence is does not matter here
        shown += out + error
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", shown)
    assert "The [bold red]mayor[/] of Odd\\x1b]0;owned\\x07ville\\x9b31m is Pell\\u202e Marrow\\r :smile:" in shown
    assert "[blink]Odd\\x1b[5m news[/blink]" in shown


# Chat


def test_chat_makes_follow_ups_stand_alone_and_says_how(
    ask: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = ("/literal", QUESTION, "When was she born?", "/literal", "/for When was Annika Rosmund a pilot?", "/for", "/new")
    given_stdin(monkeypatch, "\n".join((*turns, "When was she born?\n")).encode())
    code, out, error = ask("chat")
    assert (code, error) == (0, "")
    _, first, follow_up, literal, replaced, empty, _, anew = re.split("^> ", out, flags=re.MULTILINE)[1:]
    assert "Searched for" not in first
    assert "Searched for: When was Wilhelmina Sorrowby born?" in follow_up and "3 June 1930" in follow_up
    assert "Searched for" not in literal
    assert "Searched for: When was Annika Rosmund a pilot?" in replaced
    assert "/for needs the words" in empty
    assert "Searched for" not in anew
    assert "There is no question yet to ask again." in out


def test_chat_numbers_its_citations_through_all_turns_and_shows_their_surroundings(
    ask: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = (
        f"{QUESTION}\n\nHow long will the sea wall be?\n/show 2\n/show 99\n/nonsense\n/help\n{'x' * 5000}\n/quit\nnever asked\n"
    )
    given_stdin(monkeypatch, turns.encode())
    code, out, error = ask("chat")
    assert (code, error) == (0, "")
    assert "A question may refer to those before it" in out
    assert f"> {QUESTION}\n{ANSWER} [1]" in out
    assert "> How long will the sea wall be?\n" in out
    assert re.search(r"^\[2\] ", out, re.MULTILINE)
    assert ">>> " in out.partition("> /show 2")[2]
    assert "There is no citation 99" in out
    assert "There is no /nonsense" in out
    assert "at most 1,000 are read" in out
    assert "never asked" not in out


def test_chat_ends_with_its_input(ask: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    given_stdin(monkeypatch, b"hello")
    code, out, _ = ask("chat")
    assert code == 0
    assert WHAT_QA_DOES in out


# Demo, rebuild, doctor


def test_the_demo_indexes_the_samples_once_and_answers(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("demo", "--no-serve")
    assert code == 0
    assert f"{ANSWER} [1]" in out
    assert str(tmp_path / "indexes" / "demo") in out
    assert "qa chat --index indexes/demo" in out
    code, out, error = run("demo", "--no-serve")
    assert code == 0
    assert error == ""


def test_rebuild_takes_another_passage_rule_which_is_refused_before(
    small: Callable[[dict[str, str]], None], run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
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
    ask: Callable[..., tuple[int, str, str]], read_only_index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    assert re.search(r"arithmetic +(bfloat16|float32)", out)
    assert re.search(rf"index +{re.escape(read_only_index)} +--index", out)
    assert re.search(r"threshold +0\.25 +QA_THRESHOLD", out)
    assert re.search(rf"max_citations +2 +{re.escape(str(tmp_path / 'qa.toml'))}", out)
    assert re.search(r"read_passages +\d+ +default", out)


def test_doctor_names_what_is_damaged(small: Callable[[dict[str, str]], None], run: Callable[..., tuple[int, str, str]]) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    (file,) = Path("indexes/default/editions").glob("*/vectors.faiss")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    code, out, _ = run("doctor")
    assert code == 1
    assert "1 problem:" in out
    assert "does not match its digest" in out


def test_lines_that_recur_are_listed_and_a_user_overrules_them(
    small: Callable[[dict[str, str]], None], run: Callable[..., tuple[int, str, str]]
) -> None:
    line = "Our readers ask: where are the ferries?"
    for letter in "abcdef":
        words = " ".join(f"{letter}{number}" for number in range(20))
        small({"id": letter, "text": f"Nobody knows what {words} may mean. {line}"})
    code, out, _ = run("boilerplate", "list")
    assert (code, out) == (0, f"Without a source\n     6  {line}\n")
    assert run("boilerplate", "cite", line)[:2] == (0, "It may be cited.\n")
    assert run("boilerplate", "list")[1] == f"Overruled: may be cited\n        {line}\n"
    assert run("boilerplate", "forget", line)[:2] == (0, "It is boilerplate where it recurs.\n")
    assert run("boilerplate", "mask", "Ships are seen.")[:2] == (0, "It is never cited.\n")
    assert "Overruled: never cited\n        Ships are seen.\n" in run("boilerplate", "list")[1]
    for unusable in ((), (line, "--mask"), ("…",)):
        assert run("boilerplate", "cite", *unusable)[0] == 2


@pytest.mark.parametrize(
    "old", [["overrule", "Ships.", "--cite"], ["doctor", "--boilerplate"], ["train", "reader"], ["train", "average"]]
)
def test_moved_commands_are_wrong_usage(run: Callable[..., tuple[int, str, str]], old: list[str]) -> None:
    code, out, error = run(*old)
    assert (code, out) == (2, "")
    assert error.startswith("qa: No such ")


def test_doctor_needs_no_index(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("doctor")
    assert code == 0
    assert "There is no index yet" in out


# Long work


def test_long_work_on_a_pipe_says_a_line_about_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    from qa.cli.output.progress import Progressing

    clock = iter(range(0, 1000, 4))  # seconds
    monkeypatch.setattr("qa.cli.output.progress.time.monotonic", lambda: float(next(clock)))
    written = io.StringIO()
    with Progressing(Console(file=written), "Adding") as progressing:
        for done in range(1, 10):
            progressing.update(10 * done, 100 * done, share=done / 10)
    lines = written.getvalue().splitlines()
    assert 2 <= len(lines) < 9
    assert re.fullmatch(r"Adding: \d+ %, \d+ articles \(\d+\.\d/s\), \d+ passages \(\d+/s\), \d+:\d\d left", lines[0])


def test_seconds_read_as_a_clock() -> None:
    from qa.cli.output.progress import clock

    assert [clock(7.4), clock(754), clock(3723)] == ["0:07", "12:34", "1:02:03"]
