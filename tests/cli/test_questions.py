"""`qa ask` and `search` as they are typed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import qa
from qa import manual
from qa.answer.question_kind import WHAT_QA_DOES
from qa.api.answer import AnswerShape, answer_shape
from qa.api.search import SearchShape
from qa.base.types import Filters, Source
from qa.cli.output.sources import source_in_words

ROOT = Path(__file__).parents[2]
QUESTION = "How old was Wilhelmina Sorrowby when she died?"
ANSWER = "Wilhelmina Sorrowby, who sewed sails on Candle Lane for sixty-eight years, died on 17 February at the age of 94."
Run = Callable[..., tuple[int, str, str]]
Small = Callable[[dict[str, str]], None]


def test_an_answer_is_the_short_answer_how_sure_it_is_and_the_quote_with_its_source(ask: Run) -> None:
    code, out, error = ask("ask", QUESTION)
    assert (code, error) == (0, "")
    *shown, link = out.splitlines()
    assert shown == [
        "94 [1]",
        "Likely",
        "",
        f"[1] {ANSWER}",
        "    — Wilhelmina Sorrowby, the last sailmaker of Candle Lane",
        "      The Harbour Post · Odette Farrow · 21 February 2025",
    ]
    assert re.fullmatch(r"      https://harbourpost\.example/2025/02/sorrowby-obituary#:~:text=\S+", link)


def test_an_answer_that_cannot_be_kept_is_given_and_said_so(
    run: Run, added_samples: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index = shutil.copytree(added_samples, tmp_path / "index", ignore=shutil.ignore_patterns("state.sqlite*"))
    (index / "state.sqlite").mkdir()  # as on a full disk, it cannot be written
    code, out, _ = run("ask", QUESTION, "--index", str(index))
    assert (code, out.splitlines()[0]) == (0, "94 [1]")
    assert "An answer was not kept: " in caplog.text and "Check the folder's permissions and the free space" in caplog.text


def test_readme_and_manual_show_what_is_printed(ask: Run) -> None:
    printed = [line.partition("#:~:text=")[0] for line in ask("ask", QUESTION)[1].splitlines()]
    for page in ((ROOT / "README.md").read_text("utf-8"), manual.page("asking")):
        assert "".join(f"    {line}".rstrip() + "\n" for line in printed).rstrip() in page


def test_ids_places_and_the_probability_are_shown_when_asked_for(ask: Run) -> None:
    code, out, _ = ask("ask", "-v", QUESTION)
    assert code == 0
    sure = r"^94 \[1\]\nLikely: the quote very probably answers the question \(probability 0\.\d\d, ans_[0-9a-f]{16}\)\n"
    assert re.search(sure, out)
    assert re.search(r"^    characters 0–112 of art_[0-9a-f]{16}\n    qa show art_[0-9a-f]{16} --sentence 0 --index ", out, re.M)
    assert ask("ask", "--verbose", QUESTION)[1].splitlines()[2:] == out.splitlines()[2:]


def test_an_answer_below_the_threshold_is_unsure(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ANSWERED_THRESHOLD", "0.999")
    code, out, _ = ask("ask", QUESTION)
    assert (code, out.splitlines()[1]) == (0, "Unsure")
    assert "the quote may answer the question; read its source (probability" in ask("ask", "-v", QUESTION)[1]


def test_without_a_reader_there_is_no_headline(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_READER", "none")
    monkeypatch.setenv("QA_THRESHOLD", "0")
    code, out, _ = ask("ask", QUESTION)
    assert code == 0
    assert re.match(r"(Likely|Unsure|Check this)\n", out)


def test_with_a_reader_the_sentence_is_the_same_and_json_has_the_short_answer(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_READER", "qa-reader")
    code, out, _ = ask("ask", QUESTION)
    assert code == 0
    assert f"[1] {ANSWER}" in out
    short = json.loads(ask("ask", "--json", QUESTION)[1])["short_answer"]
    assert (short["text"], short["citation"], short["end_char_index"] - short["start_char_index"]) == ("94", 1, 2)
    monkeypatch.setenv("QA_READER", "nowhere/reader")
    code, out, error = ask("ask", QUESTION)
    assert (code, out) == (1, "")
    assert "No reader 'nowhere/reader'" in error


def test_json_is_the_object_of_the_api_and_nothing_else(ask: Run, read_only_index: str) -> None:
    code, out, error = ask("ask", "--json", QUESTION)
    assert (code, error) == (0, "")
    assert out == AnswerShape.model_validate_json(out).model_dump_json(indent=2) + "\n"
    with qa.open(read_only_index) as index:
        expected = answer_shape(index.ask(QUESTION)).model_dump(mode="json")
    found = json.loads(out)
    for differing in ("id", "created_at", "asked_at", "timings_ms"):
        del found[differing], expected[differing]
    assert found == expected


def test_what_the_articles_do_not_say_is_not_found_with_the_nearest_sentences_and_3(
    ask: Run,
) -> None:
    code, out, _ = ask("ask", "Which kinds of llama does the president of Peru prefer?")
    assert code == 3
    assert re.match(r"No sure answer\. These may help\.\n\n- \S.+\n(- \S.+\n)*  — \S.+\n    \S.+ · \d+ \w+ 202\d", out)
    assert not re.search(r"\[1\]|art_|probability|qa show|close to", out)
    code, out, _ = ask("ask", "-v", "Which kinds of llama does the president of Peru prefer?")
    assert (code, "qa show art_" in out, "close to" in out) == (3, True, True)


@pytest.mark.parametrize("words", ["hello", "summarise this"])
def test_what_is_no_question_is_told_what_qa_does(ask: Run, words: str) -> None:
    assert ask("ask", words) == (3, f"{WHAT_QA_DOES}\n", "")


def test_words_without_quotes_are_one_question(ask: Run) -> None:
    assert json.loads(ask("ask", "--json", *QUESTION.split())[1])["question"] == QUESTION


def test_a_question_comes_from_standard_input_too(ask: Run, given_stdin: Callable[[bytes], None]) -> None:
    given_stdin(QUESTION.encode() + b"\xff\n")
    assert json.loads(ask("ask", "--json", "-")[1])["question"] == f"{QUESTION}\ufffd"


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 100_000])
def test_a_question_that_cannot_be_asked_is_wrong_usage(ask: Run, question: str) -> None:
    code, out, error = ask("ask", question)
    assert (code, out) == (2, "")
    assert error.startswith("qa: The question ")
    assert len(error) < 500


@pytest.mark.parametrize(
    "question", ["Сколько лет было Вильгельмине?", "她几岁?", "كم كان عمرها؟", "\x1b[31mred\x00", "caf\udce9 opened"]
)
def test_any_script_control_characters_and_stray_bytes_can_be_asked(ask: Run, question: str) -> None:
    code, out, error = ask("ask", question)
    assert code in (0, 3)
    assert error == ""
    assert "\x1b" not in out


def test_an_answer_says_in_which_other_articles_its_words_stand(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_THRESHOLD", "0")
    out = ask("ask", "How many tonnes of grain did the port handle?")[1]
    assert "word for word also in another article:" in out


def test_only_articles_that_pass_the_filters_answer(ask: Run) -> None:
    code, out, _ = ask(
        "search", "-k", "100", "--json", "--source", "radio skerry", "--since", "2024-06", "--until", "2024", "news"
    )
    found = SearchShape.model_validate_json(out)
    assert code == 0
    assert {hit.source.name for hit in found.hits} == {"Radio Skerry"}
    assert all("2024-06" <= (hit.source.published_at or "") < "2025" for hit in found.hits)
    code, out, _ = ask("ask", "--json", "--article", "sorrowby-obituary", QUESTION)
    assert (code, AnswerShape.model_validate_json(out).filters.article_ids) == (0, ["sorrowby-obituary"])
    title = "wilhelmina sorrowby, the last sailmaker of candle lane"
    code, out, _ = ask("search", "--read", "0", "--json", "--article", title, "news")
    assert (code, {hit.passage.article_title.casefold() for hit in SearchShape.model_validate_json(out).hits}) == (0, {title})


def test_when_no_article_passes_the_filters_that_is_said(ask: Run) -> None:
    said = "No article passes the filters: source “nobody”, published from 1 March 2024."
    for command in (("ask", QUESTION), ("search", "sailmaker")):
        code, out, _ = ask(*command, "--source", "nobody", "--since", "2024-03")
        assert code == 3
        assert said in out
        assert "No article has the source “nobody”. The sources are “Radio Skerry”" in out
    code, _, err = ask("list", "--source", "nobody", "--since", "2024-03")
    assert (code, err.splitlines()[0]) == (0, said)
    assert "Without the source filter there are 42 articles." in err.splitlines()[1]


def test_a_source_is_found_by_any_spelling_and_one_that_nobody_has_is_named_beside_the_answer(ask: Run) -> None:
    code, out, _ = ask("ask", "--source", "Harbour-post", "--source", "Radio Sherry", QUESTION)
    assert code == 0
    assert ANSWER in out
    assert "No article has the source “Radio Sherry”. The nearest: “Radio Skerry”." in out
    assert "The nearest: “Radio Skerry”." in ask("search", "--source", "harbour post", "--source", "Radio Sherry", "sailmaker")[1]
    assert "The nearest: “Radio Skerry”." in ask("list", "--source", "harbour post", "--source", "Radio Sherry")[2]


def test_a_question_is_asked_by_a_clock_and_what_its_words_mean_is_shown(ask: Run) -> None:
    _, out, _ = ask("ask", "--asked-at", "2025-03-03", "Which sailmaker died last month?")
    assert "“last month” is taken as 1 February 2025 to 28 February 2025." in out
    _, out, _ = ask("search", "--asked-at", "2025-03-03T10:00:00Z", "what happened yesterday")
    assert "“yesterday” is taken as 2 March 2025." in out


def test_a_question_of_the_past_is_answered_from_what_was_published_by_then(ask: Run) -> None:
    code, out, _ = ask("ask", "--asked-at", "2025-01-31T12:00:00+01:00", QUESTION)
    assert ANSWER not in out
    assert "Articles from after 31 January 2025 do not answer; `--as-of any` lets them." in out
    for as_of in ("any", "2025-03"):
        code, out, _ = ask("ask", "--asked-at", "2025-01-31", "--as-of", as_of, QUESTION)
        assert (code, ANSWER in out) == (0, True)
    _, out, _ = ask("search", "--asked-at", "2025-01-31", "sailmaker")
    assert "Articles from after 31 January 2025 do not answer" in out
    assert "sorrowby-obituary" not in out


def test_a_source_without_a_date_is_marked_where_the_past_answers(small: Small, run: Run) -> None:
    small({"id": "a", "text": "The ferry to Skerrin was late."})
    small({"id": "b", "text": "Ferries sail.", "published_at": "2025-01-01"})
    assert "undated" in run("search", "--asked-at", "2024-01-31", "ferry")[1]
    assert "undated" not in run("search", "ferry")[1]


def test_days_past_all_articles_are_said_to_be(ask: Run) -> None:
    said = "“last week” (28 January 2030 to 3 February 2030) is after your newest article, which is of 14 April 2025."
    for command in ("ask", "search"):
        assert said in " ".join(ask(command, "--asked-at", "2030-02-05", "Which sailmaker died last week?")[1].split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "soon"), "'soon' is no day, month or year; expected it as in 2024-03-08, 2024-03 or 2024"),
        (("--until", "2024-02-30"), "'2024-02-30' is no date"),
        (("--since", "2025", "--until", "2024"), "--since 2025-01-01 is after --until 2024-12-31"),
        (("--asked-at", "noon"), "'noon' is no time; expected a day, as in 2024-03-08, or a time with its zone"),
        (("--asked-at", "2024-03-08T05:00:00"), "'2024-03-08T05:00:00' has no time zone; expected a day, as in 2024-03-08, or"),
        (("--as-of", "2024-02-30"), "'2024-02-30' is no date"),
    ],
)
def test_days_that_cannot_be_used_are_wrong_usage(ask: Run, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = ask("ask", *arguments, QUESTION)
    assert code == 2
    assert said in " ".join(err.split())


def test_search_json_is_the_object_of_the_api_with_k_hits(ask: Run) -> None:
    code, out, error = ask("search", "grey", "seal", "pups", "-k", "3", "--json")
    assert (code, error) == (0, "")
    found = SearchShape.model_validate_json(out)
    assert [hit.rank for hit in found.hits] == [1, 2, 3]
    assert found.question == "grey seal pups"


def test_search_reads_no_more_passages_than_it_is_told(ask: Run) -> None:
    _, out, _ = ask("search", "grey seal pups", "-k", "4", "--read", "2", "--json")
    stages = [hit.stages for hit in SearchShape.model_validate_json(out).hits]
    assert ["after_reading" in its for its in stages] == [True, True, False, False]
    _, out, _ = ask("search", "grey seal pups", "-k", "2", "--read", "0", "--json")
    hits = SearchShape.model_validate_json(out).hits
    assert all(hit.stages.keys().isdisjoint({"after_reading"}) for hit in hits)
    assert [hit.score for hit in hits] == [hit.stages["ranked"].score for hit in hits]


def test_search_shows_passages_and_when_asked_for_the_rank_of_each_stage(ask: Run) -> None:
    code, out, _ = ask("search", "grey seal pups", "-k", "1")
    assert (code, "ranks:" in out, "art_" in out) == (0, False, False)
    shown = r"1\.  .*seal.*\n    Varrow Courier · .*\n    The warden .*\n    https://\S+#:~:text=The%20warden\S+\n"
    assert re.fullmatch(shown, out)
    code, out, _ = ask("search", "-v", "grey seal pups", "-k", "1")
    assert code == 0
    assert re.search(r"^    qa show art_[0-9a-f]{16} --sentence 0", out, re.MULTILINE)
    assert re.search(r"ranks: dense \d+ \(.+\), lexical \d+ \(", out)


def test_nothing_from_an_article_reaches_the_terminal_as_a_command_or_markup(small: Small, run: Run) -> None:
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


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--since", "2025", "--until", "2024"), "--since 2025-01-01 is after --until 2024-12-31; expected it to be no later"),
        (("--since", "2024-02-31"), "'2024-02-31' is no date"),
        (("--source", " "), "the source ' ' is blank; expected a name such as cnn, or no filter by source"),
    ],
)
def test_filters_that_cannot_be_used_are_refused_with_what_was_expected(ask: Run, options: tuple[str, ...], said: str) -> None:
    code, _, err = ask("ask", *options, QUESTION)
    assert (code, said in err) == (2, True)


def test_a_guessed_language_is_named_where_a_filter_asks_for_one() -> None:
    source = Source("The Post", None, None, None, None, guessed_language="en")
    assert source_in_words(source) == "The Post"
    assert source_in_words(source, Filters(language="en")) == "The Post · language guessed: en"
