"""Questions that depend on earlier turns become stand-alone questions; all others stay unchanged."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.base.types import Span
from qa.conversation import Turn, as_given, resolve

FARADAY = Turn(
    "Who discovered benzene?",
    answer="Michael Faraday isolated benzene in 1825.",
    short_answer="Michael Faraday",
    titles=("Michael Faraday",),
)
BRIDGE = Turn(
    "How much does the repair of the Weighhouse Bridge cost?",
    answer="In the end the repair cost 9.1 million euros.",
    short_answer="9.1 million euros",
    titles=("After 318 days the Weighhouse Bridge carries traffic again",),
)
CANCER = Turn("What is throat cancer?", answer="It is a tumour of the throat.", short_answer="a tumour of the throat")
PORT = Turn("How many tonnes of cargo did the port handle in 2024?", answer="It was 6.4 million.", short_answer="6.4 million")
ZOO = Turn("How many okapis live at the zoo?", answer="Four okapis live at the zoo.", short_answer="Four")
CONTEST = Turn("Who won the harbour chowder contest?", answer="Dorrit Pymm won.", short_answer="Dorrit Pymm")
OKAPIS_OF_THE_ZOO = Turn("When were the okapis of the zoo born?", answer="They were born in May.", short_answer="in May")
BORN = Turn("Which animals were born at the zoo?", answer="Two okapis were born on Monday.", short_answer="Two okapis")
REOPENED = Turn("When did the Weighhouse Bridge reopen?", answer="It reopened in January.", short_answer="in January")
INJURED = Turn("How many people were injured when the Eider struck the pier?", answer="Nine were injured.", short_answer="Nine")
BAND = Turn("What group disbanded?", short_answer="Zappa and the Mothers of Invention", titles=("Frank Zappa",))


@pytest.mark.parametrize(
    "earlier, question, standalone",
    [
        ([FARADAY], "When was he born?", "When was Michael Faraday born?"),
        ([FARADAY], "Who was his wife?", "Who was Michael Faraday's wife?"),
        ([FARADAY], "Where did Faraday live?", "Where did Michael Faraday live?"),
        ([FARADAY], "What did the minister say about him?", "What did the minister say about Michael Faraday?"),
        ([CANCER], "Is it treatable?", "Is throat cancer treatable?"),
        ([CANCER], "What are its symptoms?", "What are throat cancer's symptoms?"),
        ([CANCER], "What are the symptoms of this disease?", "What are the symptoms of this disease of throat cancer?"),
        ([CANCER], "What are common treatments?", "What are common treatments (throat cancer)?"),
        ([BRIDGE], "When was it closed?", "When was the Weighhouse Bridge closed?"),
        ([BRIDGE], "When did the bridge open?", "When did the Weighhouse Bridge open?"),
        ([BRIDGE], "What about the sea wall?", "How much does the repair of the sea wall cost?"),
        ([BRIDGE], "Why?", "Why does the repair of the Weighhouse Bridge cost 9.1 million euros?"),
        ([Turn("How much did the new ferry terminal cost?")], "When did it open?", "When did the new ferry terminal open?"),
        ([BRIDGE], "How come?", "Why does the repair of the Weighhouse Bridge cost 9.1 million euros?"),
        ([BRIDGE], "How much did the repair cost?", "How much did the repair of the Weighhouse Bridge cost?"),
        ([REOPENED], "How much did the repair cost?", "How much did the repair of the Weighhouse Bridge cost?"),
        ([ZOO], "What are they called?", "What are the okapis called?"),
        ([OKAPIS_OF_THE_ZOO], "What are they called?", "What are the okapis of the zoo called?"),
        ([BORN], "What are they called?", "What are two okapis called?"),
        ([BAND], "When did they split up?", "When did Zappa and the Mothers of Invention split up?"),
        ([PORT], "And in 2023?", "How many tonnes of cargo did the port handle in 2023?"),
        ([INJURED], "When was that?", "When were people injured when the Eider struck the pier?"),
        ([PORT], "And 2023?", "How many tonnes of cargo did the port handle in 2023?"),
    ],
)
def test_mentions_of_earlier_turns_are_inherited(earlier: list[Turn], question: str, standalone: str) -> None:
    assert resolve(question, earlier).standalone_question == standalone


@pytest.mark.parametrize("earlier", [[BRIDGE], [REOPENED], [CONTEST], [CONTEST, Turn("How old is she?", answer="She is 72.")]])
def test_a_contest_that_is_described_carries_nothing(earlier: list[Turn]) -> None:
    assert resolve("Who won the chowder contest?", earlier).standalone_question == "Who won the chowder contest?"


def test_several_are_not_one_thing() -> None:
    zoo = Turn("What is new at the zoo?", answer="Something was born there.")
    assert resolve("What are they called?", [zoo]).standalone_question == "What are they called?"
    council = Turn("What did the council decide?", answer="Taxes rise.")
    assert resolve("Why did they do it?", [council]).standalone_question.startswith("Why did the council")


def test_what_belongs_to_something_named_in_the_question_carries_nothing() -> None:
    assert resolve("What was the cost of the lighthouse?", [BRIDGE]).standalone_question == "What was the cost of the lighthouse?"
    assert resolve("What was the damage in Pendrake?", [BRIDGE]).standalone_question == "What was the damage in Pendrake?"


def test_a_pronoun_goes_on_standing_for_the_same() -> None:
    wife = Turn("Who was his wife?", answer="He married Sarah Barnard in 1821.", short_answer="Sarah Barnard")
    assert resolve("When did he die?", [FARADAY, wife]).standalone_question == "When did Michael Faraday die?"


def test_who_it_is_becomes_what_it_is_about() -> None:
    mentor = Turn("Who was the mentor of Michael Faraday?", answer="It was Humphry Davy.", short_answer="Humphry Davy")
    assert resolve("When was he born?", [mentor]).standalone_question == "When was Humphry Davy born?"


def test_the_topic_goes_when_the_subject_changes() -> None:
    lungs = Turn("Tell me about lung cancer.", answer="Lung cancer begins in the lungs.")
    assert resolve("What are its symptoms?", [CANCER, lungs]).standalone_question == "What are lung cancer's symptoms?"


def test_what_the_user_put_in_place_of_a_resolved_question_counts() -> None:
    edited = Turn("When was he born?", standalone_question="When was James Maxwell born?", answer="He was born in 1831.")
    assert resolve("And his wife?", [FARADAY, edited]).standalone_question.count("Faraday") == 0
    assert resolve("Where did he live?", [FARADAY, edited]).standalone_question == "Where did James Maxwell live?"


@pytest.mark.parametrize(
    "question",
    [
        "What is the boiling point of tungsten?",
        "How old was Wilhelmina Sorrowby when she died?",
        "Which institution announced that it was changing its name?",
        "In his first year, what did Bastian Quill do?",
        "How long does it take to build a ship?",
        "Is it true that the dredger stopped?",
        "Are there any parrots in Varrowmouth?",
        "Who sang “Do They Know It's Christmas”?",
        "What will happen in Norway this spring?",
        "What ingredients are needed to make arepa?",
        "How tall is the lighthouse?",
        "library fees",
        "Are there any other interesting facts in this article?",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is(question: str) -> None:
    resolved = resolve(question, [FARADAY])
    assert (resolved.standalone_question, resolved.inherited) == (question, ())


def test_a_first_question_stays_as_it_is() -> None:
    assert resolve("When was he born?", []).standalone_question == "When was he born?"


def test_a_last_question_without_words_is_not_repeated() -> None:
    mark = Turn("?", answer="Faraday isolated benzene.")
    assert resolve("Tell me more.", [mark]).standalone_question == "Tell me more (Faraday)."


def test_a_remark_beside_a_question_is_not_resolved() -> None:
    resolved = resolve("That's interesting. Is it treatable?", [CANCER])
    assert resolved.standalone_question == "That's interesting. Is throat cancer treatable?"


def test_inherited_words_are_marked_at_their_positions() -> None:
    resolved = resolve("When was he born, and where did his wife live?", [FARADAY])
    assert resolved.standalone_question == "When was Michael Faraday born, and where did Michael Faraday's wife live?"
    assert [span.of(resolved.standalone_question) for span in resolved.inherited] == ["Michael Faraday", "Michael Faraday's"]


def test_words_chosen_for_a_question_are_taken_as_they_are() -> None:
    given_words = as_given("When was he born?", "When was James Clerk Maxwell born?")
    assert given_words.standalone_question == "When was James Clerk Maxwell born?"
    assert given_words.inherited == (Span(9, 28),)
    assert as_given("When was he born?", "When was he born?").inherited == ()


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=4), st.text(max_size=60))
@example([("\x1f", "B")], "")  # the last question has no words
def test_any_turns_give_a_question_with_its_inherited_words(turns: list[tuple[str, str]], question: str) -> None:
    resolved = resolve(question, [Turn(asked, answer=said, short_answer=said[:20] or None) for asked, said in turns])
    assert resolved.question == question
    for before, behind in zip(resolved.inherited, resolved.inherited[1:], strict=False):
        assert before.end <= behind.start
    assert all(span.of(resolved.standalone_question).strip() for span in resolved.inherited)


def test_the_same_turns_give_the_same_question() -> None:
    assert resolve("Why did they?", [BAND, FARADAY, BRIDGE]) == resolve("Why did they?", [BAND, FARADAY, BRIDGE])


def test_only_the_beginning_of_a_long_answer_counts() -> None:
    beginning = Turn("Who discovered benzene?", answer="Michael Faraday isolated it. " + "And so on. " * 1_000)
    end = Turn("Who discovered benzene?", answer="And so on. " * 1_000 + "Michael Faraday isolated it.")
    assert resolve("When was he born?", [beginning]).standalone_question == "When was Michael Faraday born?"
    assert "Faraday" not in resolve("When was he born?", [end]).standalone_question
