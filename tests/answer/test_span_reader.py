"""The packaged reader in a reader's place: the right sentence first, and its short answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answer.reading import AnswerSpan, PassageReading, ReadingModel
from qa.answer.span_reader import SpanReader
from qa.base.protocols import Candidate, EncodedQuestion, TitledText
from qa.base.types import Article, PassageRule, Span
from qa.corpus.decode import clean
from qa.corpus.passages import cut_passages
from qa.corpus.sentences import split_sentences
from qa.index.encoder import TransformerEncoder

MILL = (
    "The mill on Gallow Hill closed in 1952 after the flood. Ada Thorn kept the keys of the mill until her death. "
    "Nobody else was let in."
)
FERRY = "The ferry to Skerrin left at noon. Its keys were kept by Barnaby Quill, who slept aboard."


def unencoded(question: str) -> EncodedQuestion:
    """A question for a reader that reads its words alone."""
    return EncodedQuestion(question, np.zeros(0, np.float32))


@pytest.fixture(scope="module")
def reader(packaged: ReadingModel) -> SpanReader:
    return SpanReader(packaged)


@pytest.fixture
def candidates(article: Callable[..., Article], encoder: TransformerEncoder) -> list[Candidate]:
    rule = PassageRule(characters=900, overlap_sentences=0, title_tokens=32)
    made = []
    for held in (article("art_1", MILL, title="The mill"), article("art_2", FERRY, title="The ferry")):
        (passage,) = cut_passages(held, split_sentences(held.text), encoder, rule)
        made.append(Candidate(passage, held, held.title, score=0.5))
    return made


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who kept the keys of the mill?", "Ada Thorn"),
        ("When did the mill close?", "1952"),
        ("Who kept the keys of the ferry?", "Barnaby Quill"),
    ],
)
def test_the_sentence_that_answers_comes_first_with_its_short_answer(
    reader: SpanReader, candidates: list[Candidate], question: str, answer: str
) -> None:
    best, *others = reader.read(unencoded(question), candidates)
    texts = {candidate.article.id: candidate.article.text for candidate in candidates}
    assert best.answer is not None and best.answer.of(texts[best.article_id]) == answer
    assert all(best.score >= other.score for other in others)
    assert len(others) == 4
    for found in (best, *others):
        assert found.quote == found.span.of(texts[found.article_id])
        assert found.answer is None or found.span.contains(found.answer)
        assert 0 <= found.probability <= 1


def test_a_passage_that_was_ranked_higher_is_believed_more(reader: SpanReader, candidates: list[Candidate]) -> None:
    question = "Who kept the keys?"
    level = {found.span: found.score for found in reader.read(unencoded(question), candidates) if found.article_id == "art_1"}
    raised = reader.read(unencoded(question), [replace(candidates[0], score=0.7), candidates[1]])
    for found in raised:
        if found.article_id == "art_1":
            assert found.score == pytest.approx(level[found.span] + 0.2, abs=1e-3)


@pytest.mark.parametrize("question", ["Did the mill close after a flood?", "List the keepers of the keys."])
def test_where_no_few_words_can_answer_there_is_no_short_answer(
    reader: SpanReader, candidates: list[Candidate], question: str
) -> None:
    assert [found.answer for found in reader.read(unencoded(question), candidates)] == [None] * 5


def test_an_answer_that_another_nearly_matches_is_less_sure(reader: SpanReader, candidates: list[Candidate]) -> None:
    question = "Who kept the keys?"
    alone, *_ = reader.read(unencoded(question), candidates[:1])
    rivalled = next(found for found in reader.read(unencoded(question), candidates) if found.span == alone.span)
    assert rivalled.score == pytest.approx(alone.score, abs=1e-3)
    assert rivalled.probability < alone.probability


@settings(max_examples=40, deadline=None)
@given(text=st.text(min_size=1, max_size=400), question=st.text(min_size=1, max_size=60))
def test_whatever_the_text_a_short_answer_lies_in_its_sentence(reader: SpanReader, text: str, question: str) -> None:
    held = Article("art_1", "art_1", "", clean(text))
    rule = PassageRule(characters=200, overlap_sentences=0, title_tokens=32)
    passages = cut_passages(held, split_sentences(held.text), TransformerEncoder(), rule)
    for found in reader.read(
        unencoded(question.encode(errors="replace").decode()), [Candidate(one, held, "", score=0.5) for one in passages]
    ):
        assert found.quote == held.text[found.span.start : found.span.end]
        assert found.answer is None or (found.span.contains(found.answer) and found.answer.of(held.text))


class Reads:
    """A model that reads the same in each passage, and keeps the question as it was asked."""

    def __init__(self, reading: PassageReading) -> None:
        self._reading = reading
        self.asked = ""

    def load(self) -> None: ...

    def read(self, question: str, passages: Sequence[TitledText], _sentences: object) -> list[PassageReading]:
        self.asked = question
        return [self._reading] * len(passages)


def test_an_answer_in_two_sentences_is_cited_with_both(candidates: list[Candidate]) -> None:
    across = AnswerSpan(Span(MILL.index("the flood"), MILL.index(" kept")), 50.0)

    other_span = AnswerSpan(Span(MILL.index("Nobody"), MILL.index(" else")), 1.0)
    reader = SpanReader(Reads(PassageReading((across, across, other_span), best=across, no_answer=0.0)))
    first, second, other = reader.read(unencoded("Who?"), candidates[:1])
    assert first.answer is not None and second.answer is not None
    assert [first.answer.of(MILL), second.answer.of(MILL)] == ["the flood", "Ada Thorn"]
    assert first.score == second.score and first.probability == second.probability > other.probability


def test_names_typed_in_lower_case_are_read_as_the_passages_write_them(candidates: list[Candidate]) -> None:
    model = Reads(PassageReading((None, None, None), best=None, no_answer=0.0))
    SpanReader(model).read(unencoded("when did the mill on gallow hill close"), candidates[:1])
    assert model.asked == "When did the mill on Gallow Hill close"


@pytest.mark.parametrize(
    ("question", "words"), [("How old was the mill?", None), ("When did the mill close?", "1952 after the flood")]
)
def test_words_that_cannot_answer_are_no_short_answer(candidates: list[Candidate], question: str, words: str | None) -> None:
    place = MILL.index("1952") if words else MILL.index("the flood")
    found = AnswerSpan(Span(place, MILL.index(".")), 9.0)
    model = Reads(PassageReading((found, None, None), best=found, no_answer=0.0))
    (evidence,) = SpanReader(model).read(unencoded(question), candidates[:1])
    assert (evidence.answer.of(MILL) if evidence.answer else None) == words


@pytest.mark.parametrize("question", ["Who is Ada Thorn?", "who is ada thorn"])
def test_what_is_said_of_somebody_need_not_be_a_name(candidates: list[Candidate], question: str) -> None:
    year, keeper = (
        AnswerSpan(Span(MILL.index(words), MILL.index(words) + len(words)), score)
        for words, score in (("1952", 5.0), ("Ada Thorn", 1.0))
    )
    model = Reads(PassageReading((year, keeper, None), best=year, no_answer=0.0))
    first, _ = SpanReader(model).read(unencoded(question), candidates[:1])
    assert first.answer is None and first.sentence_index == 0


@pytest.mark.parametrize(("question", "first"), [("Who kept the keys?", "Ada Thorn"), ("What about the keys?", "1952")])
def test_a_sentence_whose_words_cannot_answer_gives_way_to_one_whose_words_can(
    candidates: list[Candidate], question: str, first: str
) -> None:
    year, keeper = (
        AnswerSpan(Span(MILL.index(words), MILL.index(words) + len(words)), score)
        for words, score in (("1952", 5.0), ("Ada Thorn", 1.0))
    )
    model = Reads(PassageReading((year, keeper, None), best=year, no_answer=0.0))
    best, _ = SpanReader(model).read(unencoded(question), candidates[:1])
    assert best.answer is not None and best.answer.of(MILL) == first


def test_the_words_of_an_article_in_british_english_are_tested_too(candidates: list[Candidate]) -> None:
    british = replace(candidates[0], article=replace(candidates[0].article, language="en-GB"))
    flood = AnswerSpan(Span(MILL.index("the flood"), MILL.index(".")), 9.0)
    model = Reads(PassageReading((flood, None, None), best=flood, no_answer=0.0))
    (evidence,) = SpanReader(model).read(unencoded("How old was the mill?"), [british])
    assert evidence.answer is None


class ReadsInOrder:
    """A model that reads these in the passages, in order."""

    def __init__(self, readings: Sequence[PassageReading]) -> None:
        self._readings = readings

    def load(self) -> None: ...

    def read(self, _question: str, _passages: Sequence[TitledText], _sentences: object) -> list[PassageReading]:
        return list(self._readings)


def read_once(text: str, answer: str, score: float) -> PassageReading:
    """An answer in the first sentence of a text, and nothing in the others."""
    span = AnswerSpan(Span(text.index(answer), text.index(answer) + len(answer)), score)
    others = [AnswerSpan(Span(0, 3), -9.0)] * (len(split_sentences(text)) - 1)
    return PassageReading((span, *others), best=span, no_answer=0.0, relevance=0.0)


@pytest.fixture
def repeated(article: Callable[..., Article], encoder: TransformerEncoder) -> list[Candidate]:
    """Three articles of which two say the same."""
    rule = PassageRule(characters=900, overlap_sentences=0, title_tokens=32)
    texts = ("Ada Thorn won.", "The winner was Ada Thorn.", "Barnaby Quill won.")
    made = []
    for number, text in enumerate(texts, start=1):
        held = article(f"art_{number}", text)
        (passage,) = cut_passages(held, split_sentences(held.text), encoder, rule)
        made.append(Candidate(passage, held, held.title, score=0.0))
    return made


def test_an_answer_that_two_articles_give_comes_before_a_slightly_better_one(repeated: list[Candidate]) -> None:
    readings = [
        read_once(candidate.text, answer, score)
        for candidate, answer, score in zip(repeated, ["Ada Thorn", "Ada Thorn", "Barnaby Quill"], [4.0, 3.0, 5.0], strict=True)
    ]
    first, *others = SpanReader(ReadsInOrder(readings)).read(unencoded("Who won?"), repeated)
    assert first.article_id == "art_1" and first.signs is not None
    assert first.signs.votes > 0
    assert first.score == pytest.approx(first.signs.score + first.signs.votes)
    alone = next(other for other in others if other.article_id == "art_3")
    assert alone.signs is not None and alone.signs.votes == 0 and alone.probability < first.probability


def test_no_candidates_give_no_evidence(reader: SpanReader) -> None:
    assert reader.read(unencoded("Who?"), []) == []
