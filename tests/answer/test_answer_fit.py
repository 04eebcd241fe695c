from __future__ import annotations

import pytest

from qa.answer.answer_fit import can_answer, is_asked
from qa.base.types import Span


def fits(question: str, marked: str) -> bool:
    """Of a sentence in which the words found stand in square brackets."""
    before, _, rest = marked.partition("[")
    words, _, after = rest.partition("]")
    return can_answer(question, before + words + after, Span(len(before), len(before) + len(words)))


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("how old is the mayor", "Property tax rises by [3.5 per cent] in July."),
        ("how old is the mayor", "The repair cost [6,300 euros] in the end."),
        ("How old is she?", "[Corrin] is the miller."),
        ("how old is the bridge", "It is [12.5 metres] wide."),
        ("how many people came", "[Passengers] stood up to leave."),
        ("who is the mayor", "She has been the mayor of [Varrowmouth] since 2017."),
        ("who came third", "[The 24th of March], a Sunday, was the day."),
        ("whose dog was it", "[4.9 million] were counted."),
        ("when did it open", "It cost [9.1 million euros] to repair."),
        ("when will trams run", "At present it takes [34 minutes] by bus."),
        ("what time does it open", "It is open daily except [Monday]."),
        ("In which year was it built?", "It was built by [a corn merchant]."),
        ("where did it sink", "It sank in the winter of [1718] in a storm."),
        ("How heavy is the mirror?", "[Six feet eleven inches] from rim to rim: that is the mirror."),
        ("What percentage of the voters came?", "He won by [187] votes."),
        ("turnout mayoral election", "The town votes on [16 November]."),
        ("How much did the bridge cost?", "The bridge is [640 metres] long."),
        ("What was the price of the bridge?", "It is [640] metres long."),
        ("How much land does it take up?", "Farmers get [11 euros] for it."),
        ("attendance derby", "Against [Ulverby Town] it ended 3-2."),
        ("date of death Aurel Winther", "He left [2 million euros]."),
    ],
)
def test_words_of_a_sort_that_cannot_be_right_are_refused(question: str, marked: str) -> None:
    assert not fits(question, marked)


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("how old is the mayor", "Ingrid Tallow, [58], has been in office since 2017."),
        ("how old is bemway", "The [22-year-old] smiled."),
        ("How old is the drum?", "It is [more than 3,000 years] old."),
        ("How heavy is the mirror?", "It turns the scales at [0.9] tonnes."),
        ("How heavy is a bushel?", "A bushel weighs [94 pounds]."),
        ("How heavy was it?", "It was [as heavy as a horse]."),
        ("What percentage of the voters came?", "[61.3] per cent of them came."),
        ("By what percentage did it fall?", "It fell by [a third]."),
        ("How much did the bridge cost?", "It cost [9.1 million] in the end."),
        ("How much did the bridge cost?", "It cost [less than was expected]."),
        ("How tall is it?", "It is [12.5 metres] tall."),
        ("Who is in control of the state?", "The state is in control of [the council]."),
        ("Whose work was it?", "It was the work of [Annika Rosmund]."),
        ("where did it rank", "It was [29th] of all."),
        ("How old are the pits?", "Pottery dates them to [between 1240 and 1290]."),
        ("how old was she", "She took over at [twenty-six]."),
        ("how many people came", "[About 200] people came."),
        ("how many came", "[Half] of them came."),
        ("who is the mayor", "[Ingrid Tallow] has been the mayor of Varrowmouth since 2017."),
        ("Who bought the unit?", "It was sold to [Rosneft], a state firm."),
        ("Who did he swear at?", "He swore at [journalists of the BBC]."),
        ("who played", "[50 Cent] played, and others."),
        ("when will it open", "It opens [on Saturday] at noon."),
        ("when do trams run", "A tram runs every [12 minutes]."),
        ("when did it open", "It opened [once the vote was over]."),
        ("where did it sink", "It sank [off Tarn Bank] in a storm."),
        ("what time does it open", "It opens at [half past eight]."),
        ("What time of day is it?", "It is [shortly after sunrise]."),
        ("what year was it built", "It was built in [1743]."),
        ("what did it cost", "It cost [9.1 million euros]."),
        ("Wie alt ist sie?", "Sie ist [Müllerin]."),
    ],
)
def test_words_that_may_be_right_are_kept(question: str, marked: str) -> None:
    assert fits(question, marked)


def test_a_rule_is_about_a_question_by_the_words_it_begins_with() -> None:
    assert [is_asked(question) for question in ("how old is she", "Who won?", "what did it cost", "what is it", "")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_of_a_text_in_another_language_only_amounts_of_another_unit_are_refused() -> None:
    def fits_in_german(question: str, sentence: str, words: str) -> bool:
        start = sentence.index(words)
        return can_answer(question, sentence, Span(start, start + len(words)), "de")

    assert fits_in_german("How many buses were hired?", "Sechzig Busse hat die Bahn bestellt.", "Sechzig")
    assert fits_in_german("Wie schwer ist der Spiegel?", "Er wiegt 0,9 Tonnen.", "0,9 Tonnen")
    assert not fits_in_german("Wie schwer ist der Spiegel?", "Er misst zwei Meter.", "zwei Meter")
