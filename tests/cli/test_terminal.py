"""What a terminal of 80 or 100 columns shows: what stands out, where lines are wrapped, and what is said once."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from rich.console import Console
from rich.text import Text

import qa
from qa.api.search import search_shape
from qa.base.types import NO_FILTERS, Answer, Source, Status
from qa.cli.chat import Chat
from qa.cli.output.answers import show_answer
from qa.cli.output.hits import show_hits, with_words_marked
from qa.cli.output.screen import Screen
from qa.cli.output.sources import source_in_words
from qa.cli.output.styles import BOLD, MATCHED
from qa.service.service import Service

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
TITLE = "Wilhelmina Sorrowby, the last sailmaker of Candle Lane"


class Terminal(Screen):
    """A screen whose output is kept, with its styles as escape sequences."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.out = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="standard", highlight=False)

    @property
    def shown(self) -> Text:
        assert isinstance(self.out.file, io.StringIO)
        return Text.from_ansi(self.out.file.getvalue())

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.shown.plain.splitlines()]

    def styled(self, **attributes: bool) -> list[str]:
        """The pieces in this style, such as bold=True."""
        text = self.shown
        return [
            text.plain[span.start : span.end]
            for span in text.spans
            if all(getattr(span.style, name) == value for name, value in attributes.items())
        ]


@pytest.fixture(scope="module")
def index(read_only_index: str) -> Iterator[Service]:
    with qa.open(read_only_index) as service:
        yield service


@pytest.fixture(scope="module")
def answer(index: Service) -> Answer:
    return index.ask(QUESTION)


def citing(answer: Answer, other: Answer, order: Sequence[str]) -> Answer:
    """The answer with citations of its own article (a) and of another's (b), in this order."""
    given = {"a": answer.citations[0], "b": other.citations[0]}
    citations = tuple(replace(given[name], number=number) for number, name in enumerate(order, start=1))
    return replace(answer, citations=citations)


@pytest.mark.parametrize("width", [80, 100])
def test_the_short_answer_stands_first_and_no_line_is_longer_than_the_terminal(answer: Answer, width: int) -> None:
    terminal = Terminal(width)
    show_answer(answer, terminal)
    assert terminal.lines[:2] == ["94 [1]", "Likely"]
    assert terminal.lines[-1] == "      https://harbourpost.example/2025/02/sorrowby-obituary"
    assert max(map(len, terminal.lines)) <= width
    assert terminal.styled(bold=True, color=None) == ["94", "94"]  # the headline, and where it stands in the quote


def test_quotes_of_one_article_share_its_source(answer: Answer, index: Service) -> None:
    terminal = Terminal(100)
    three = citing(answer, index.ask("How many houses were flooded?"), "aba")
    show_answer(three, terminal, numbered_from=9)
    assert [line[:5].strip() for line in terminal.lines if line.startswith("[")] == ["[9]", "[11]", "[10]"]
    assert sum(TITLE in line for line in terminal.lines) == 1
    assert terminal.lines[0] == "94 [9]"
    assert terminal.styled(bold=True, color=None) == ["94", "94"]  # in the quote that the headline comes from alone


def test_the_address_of_an_article_leads_to_each_of_its_quotes(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    show_answer(citing(answer, answer, "aa"), Screen())
    (link,) = re.findall(r"https://\S+", capsys.readouterr().out)
    assert re.fullmatch(r"https://harbourpost\.example/2025/02/sorrowby-obituary#:~:text=(\S+)&text=\1", link)


def test_the_day_of_an_article_is_told_without_its_time() -> None:
    source = Source("The Harbour Post", None, "Nerys Callum", "2024-09-09T11:45:00Z", "en")
    assert source_in_words(source) == "The Harbour Post · Nerys Callum · 9 September 2024"


def test_without_a_sure_answer_the_nearest_sentences_are_shown_at_full_ink(index: Service) -> None:
    terminal = Terminal(80)
    found = index.ask("Which kinds of llama does the president of Peru prefer?")
    show_answer(found, terminal)
    assert found.status is Status.NOT_FOUND
    assert terminal.lines[:2] == ["No sure answer. These may help.", ""]
    assert terminal.styled(bold=True, color=None) == ["No sure answer. These may help."]
    quotes = " ".join(" ".join(terminal.lines).split())
    assert all(" ".join(one.quote.split()) in quotes for one in found.nearest)
    assert not any(dim in one.quote for one in found.nearest for dim in terminal.styled(dim=True))
    assert len([line for line in terminal.lines if "— " in line]) == len({one.article_id for one in found.nearest})


def test_a_search_shows_the_best_sentence_in_bold_and_the_question_s_words_in_it(index: Service) -> None:
    terminal = Terminal(100)
    show_hits(search_shape(index.search("How many seals and pups?", k=1)), terminal)
    title, *bold = terminal.styled(bold=True, color=None)
    assert title == "Record number of seal pups counted on Little Tarn"
    assert "".join(bold).startswith("The warden of Little Tarn has counted 87 grey seal pups this winter")
    assert terminal.styled(bold=True, underline=True) == ["seal", "pups"]
    assert terminal.lines[-1] == "    https://varrowcourier.example/2024/12/seal-pups-little-tarn"
    assert max(map(len, terminal.lines)) <= 100


@pytest.mark.parametrize(
    ("sentence", "question", "language", "marked"),
    [
        ("The wall is repaired, the pier is not.", "Who repairs the wall?", "en", ["wall", "repaired"]),
        ("Die Mauer und der Hafen.", "Wo stehen Mauern?", "de", ["Mauer"]),
        ("Der Kai\t\nist 12 m lang.", "Kai 12", "xx", ["Kai", "12"]),
        ("What is it?", "What is it about?", "en", []),
        ("港口很大。", "港口在哪里?", "zh", []),
    ],
)
def test_words_that_the_question_has_in_whatever_form_stand_out(
    sentence: str, question: str, language: str, marked: list[str]
) -> None:
    text = with_words_marked(sentence, question, language)
    assert text.plain == sentence.replace("\t\n", " ")
    assert [text.plain[span.start : span.end] for span in text.spans if span.style == MATCHED] == marked
    assert {str(span.style) for span in text.spans} <= {str(BOLD), str(MATCHED)}


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_help_of_the_chat_is_wrapped_once(index: Service, width: int) -> None:
    terminal = Terminal(width)
    Chat(index, terminal, NO_FILTERS).help("")
    commands = next(number for number, line in enumerate(terminal.lines) if "/literal" in line)
    assert max(map(len, terminal.lines)) <= width
    for line, below in pairwise(terminal.lines[:commands]):
        assert len(f"{line} {below.split()[0]}") > width
