"""Collecting: what the ranker finds for a question, where the answer stands in it, and what is learned to be no answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from qa.answer.reader_windows import TEXT_TOKENS
from qa.base.settings import load_settings
from qa.base.types import Article, Span
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion, Judgement
from qa.index.packaged_encoders import MULTILINGUAL
from qa.index.packaged_words import PackagedWords, packaged_words
from qa.index.quantised_model import opened
from qa.training.collecting import collect
from qa.training.examples import Example, SetExamples, read_examples, write_examples

MILL = (
    "The mill on Gallow Hill closed in 1952, after the flood. It had ground rye for two hundred years.\n\n"
    "Ada Thorn kept the keys of the mill until her death. Nobody else was let in.\n\n"
    "In 1952 the mill pond was drained, and eels lay in the mud for days. Children sold them in the market."
)
FERRY = "The ferry left at noon. The keys of the ferry were kept by Barnaby Quill, who slept aboard the ship for thirty years."
MÜHLE = "Die Mühle auf dem Galgenberg wurde 1952 geschlossen, nach der Flut. Ada Dorn verwahrte die Schlüssel bis zu ihrem Tod."
LONG = " ".join(["The council of Lowick met again and did not agree about the bridge"] * 30) + ", said Piet Doon."
NEWS = (
    "The bridge of Lowick opened on Monday after two years of work, and many people came to see it, among them "
    + "a baker, " * 20
    + "and a cat. The mayor cut a ribbon."
)
ARTICLES = (
    Article("art_1", "mill", "The mill", MILL, language="en"),
    Article("art_2", "ferry", "The ferry", FERRY, language="en"),
    Article("art_3", "mühle", "Die Mühle", MÜHLE, language="de"),
    Article("art_4", "long", "", LONG, language="en"),
    Article("art_5", "news", "Bridge opens in Lowick after two years", NEWS, language="en", published_at="2024-03-05"),
)


def judged(article_id: str, text: str, quote: str) -> Judgement:
    start = text.index(quote)
    return Judgement(article_id, Span(start, start + len(quote)), 1, quote)


def asked(id_: str, question: str, *judgements: Judgement, answers: tuple[str, ...] = ()) -> JudgedQuestion:
    return JudgedQuestion(id_, question, JudgedBy.SPANS, judgements, answers=answers)


QUESTIONS = (
    asked("span", "Who kept the keys of the mill?", judged("mill", MILL, "Ada Thorn")),
    asked("sentence", "Who kept the keys?", judged("mill", MILL, "Ada Thorn kept the keys of the mill"), answers=("ada thorn",)),
    asked("closed", "When did the mill on Gallow Hill close?", judged("mill", MILL, "1952"), answers=("1952",)),
    JudgedQuestion(
        "words", "When was the pond drained?", JudgedBy.ANSWERS, (Judgement("mill", None, 1),), ("1952",), asked_at="2024-03-06"
    ),
    JudgedQuestion("none", "Who sold the mill?", JudgedBy.SPANS, (), answerable=False),
    asked("german", "Wer verwahrte die Schlüssel in 1952?", judged("mühle", MÜHLE, "Ada Dorn")),
    asked("cut", "Who spoke of the council?", judged("long", LONG, "Piet Doon")),
    JudgedQuestion("unlabelled", "Who?", JudgedBy.SPANS, (), answerable=None),
    JudgedQuestion("elsewhere", "Who?", JudgedBy.ANSWERS, (Judgement("mill", None, 1),), ("Nobody Known",)),
)


class Found(NamedTuple):
    questions: SetExamples
    headlines: SetExamples
    words: PackagedWords

    def example(self, id_: str) -> Example:
        question = next(one.question for one in QUESTIONS if one.id == id_)
        return next(example for example in self.questions.examples if self.text(example.question) == question)

    def text(self, ids: Sequence[int]) -> str:
        pieces = opened(MULTILINGUAL.path()).vocabulary.pieces
        return "".join(pieces[id_] for id_ in ids).replace("▁", " ").strip()

    def passage(self, number: int) -> str:
        return self.text(self.questions.passages[number].text)

    def answers(self, id_: str) -> list[list[str]]:
        """The words at the places of each right passage."""
        return [
            [self.text(self.questions.passages[right.passage].text[place.first : place.last + 1]) for place in right.places]
            for right in self.example(id_).right
        ]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("collecting")
    settings = load_settings(index=folder / "index", passage_characters=110, passage_overlap_sentences=0)
    words = packaged_words()
    questions, headlines = collect(Dataset("harbour", folder, "spans", "d", QUESTIONS, lambda: ARTICLES), settings, words)
    return Found(questions, headlines, words)


def test_a_judged_span_is_an_answer_in_the_passage_that_holds_it(found: Found) -> None:
    assert found.answers("span") == [["Ada Thorn"]]
    (right,) = found.example("span").right
    passage = found.questions.passages[right.passage]
    assert found.text(passage.text).startswith("Ada Thorn kept")
    assert (found.text(passage.title), passage.is_english) == ("The mill", True)


def test_of_a_judged_sentence_the_answers_own_words_are_taken(found: Found) -> None:
    assert found.answers("sentence") == [["Ada Thorn"]]


def test_near_misses_are_the_rankers_first_that_hold_neither_a_judged_place_nor_an_answer(found: Found) -> None:
    misses = [found.passage(number) for number in found.example("closed").near_misses]
    assert "keys of the mill" in misses[0]
    assert not any("1952" in miss for miss in misses)  # the drained pond is left out: it says 1952 too


def test_where_articles_are_judged_by_an_answers_words_the_rankers_first_two_count(found: Found) -> None:
    assert found.answers("words") == [["1952"], ["1952"]]
    first, second = (found.passage(right.passage) for right in found.example("words").right)
    assert "drained" in first and "closed" in second


def test_an_unanswerable_question_has_near_misses_alone(found: Found) -> None:
    example = found.example("none")
    assert not example.right and not example.made
    assert any("mill" in found.passage(number) for number in example.near_misses)


def test_english_questions_are_also_made_unanswerable(found: Found) -> None:
    made = {found.text(question) for question in found.example("closed").made}
    assert made == {"When did the mill on Gallow Hill open?"}
    assert found.answers("german") == [["Ada Dorn"]]
    assert not found.example("german").made  # it names a year that could be replaced, by the rules of English


def test_questions_without_a_label_or_a_place_that_is_read_are_skipped_and_counted(found: Found) -> None:
    assert len(found.questions.examples) == 6
    assert found.questions.skipped == 3  # one has no label, one no place, and one a place behind what a window holds
    assert max(len(passage.text) for passage in found.questions.passages) == TEXT_TOKENS


def test_headlines_of_news_ask_for_their_own_first_passage(found: Found) -> None:
    (example,) = found.headlines.examples
    (right,) = example.right
    assert (example.is_headline, right.places) == (True, [])
    assert found.text(example.question) == "Bridge opens in Lowick after two years"
    texts = [found.text(passage.text) for passage in found.headlines.passages]
    assert texts[right.passage].startswith("The bridge of Lowick opened on Monday")
    assert not any("mayor" in texts[number] for number in example.near_misses)  # none of its own article
    assert any("Lowick met again" in texts[number] for number in example.near_misses)


def test_what_was_found_is_kept_in_a_file(found: Found, tmp_path: Path) -> None:
    sets = [found.questions, found.headlines]
    write_examples(sets, tmp_path / "new" / "examples.json.gz")
    assert read_examples(tmp_path / "new" / "examples.json.gz") == sets
