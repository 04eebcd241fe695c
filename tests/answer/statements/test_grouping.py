"""What the articles say → statements, and how they stand to the one that leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from brief_reports import MEANS, Report, found_in, report

from qa.answer.statements.grouping import Said, led_by, said_to, without_others
from qa.base.types import DateRange, Relation, Span

AGREES, DIFFERS, CORRECTED_BY, EARLIER = Relation.AGREES, Relation.DIFFERS, Relation.CORRECTED_BY, Relation.EARLIER
HURT = "How many people were hurt in the fire at the brewery?"
TWELVE = "[Twelve] people were hurt in the fire at the Hopgate brewery, said Maud Everard."
NINE = "In the fire at the Hopgate brewery [nine] people were hurt, the police of Brackenholt said."
NINE_AGAIN = "The hospital counted [9 people] who were hurt in the brewery fire at Hopgate."


def said(*reports: Report, question: str = HURT, asked_for: tuple[DateRange, ...] = ()) -> list[Said]:
    return said_to(question, *found_in(reports), MEANS, asked_for=asked_for)


def outline(statements: list[Said]) -> list[tuple[str, Relation, int]]:
    """The best words of each statement, its relation, and how many independent sources make it."""
    return [(one.value.words, one.relation, one.sources) for one in statements]


def test_articles_that_say_the_same_in_other_forms_make_one_statement() -> None:
    both = said(report(NINE, probability=0.9), report(NINE_AGAIN, source="Echo", day="2025-05-08"))
    assert outline(both) == [("nine", AGREES, 2)]
    assert both[0].days == [date(2025, 5, 7), date(2025, 5, 8)]


@pytest.mark.parametrize(
    ("sentence", "source", "sources"),
    [(NINE, "Echo", 1), (NINE_AGAIN, "The Mercury", 1), (NINE_AGAIN, "Echo", 2)],
    ids=["an agency's report in two papers", "two articles of one paper", "two papers"],
)
def test_only_independent_sources_count(sentence: str, source: str, sources: int) -> None:
    assert outline(said(report(NINE, probability=0.9), report(sentence, source=source))) == [("nine", AGREES, sources)]


def test_a_later_count_leads_and_the_one_before_is_the_earlier() -> None:
    statements = said(report(TWELVE, probability=0.9), report(NINE, source="Echo", day="2025-05-09", probability=0.6))
    assert outline(statements) == [("nine", AGREES, 1), ("Twelve", EARLIER, 1)]


def test_a_later_count_that_is_much_less_sure_does_not_lead() -> None:
    statements = said(report(TWELVE, probability=0.9), report(NINE, source="Echo", day="2025-05-09", probability=0.2))
    assert outline(statements) == [("Twelve", AGREES, 1), ("nine", DIFFERS, 1)]


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("Not twelve but [nine] people were hurt in the fire at the Hopgate brewery.", "Brewery"),
        ("[Nine] people were hurt in the fire at the Hopgate brewery, and not twelve as first reported.", "Brewery"),
    ],
)
def test_a_correction_leads_although_it_is_less_sure(sentence: str, title: str) -> None:
    correction = report(sentence, source="Echo", day="2025-05-09", title=title, probability=0.2)
    statements = said(report(TWELVE, probability=0.9), correction)
    assert [relation for _, relation, _ in outline(statements)] == [AGREES, CORRECTED_BY]
    assert statements[0].value.words.lower() == "nine"


def test_a_later_sentence_that_says_that_it_corrects_corrects() -> None:
    revised = "The number of people hurt in the fire at the brewery was revised to [nine]."
    correction = report(revised, source="Echo", day="2025-05-09", probability=0.6)
    assert outline(said(report(TWELVE, probability=0.9), correction)) == [("nine", AGREES, 1), ("Twelve", CORRECTED_BY, 1)]


def test_what_a_paper_says_later_leads_before_what_it_said_although_it_is_much_less_sure() -> None:
    first = report(TWELVE, probability=0.9)
    assert outline(said(first, report(NINE, day="2025-05-09", probability=0.25)))[0] == ("nine", AGREES, 1)
    assert outline(said(first, report(NINE, day="2025-05-09", source="Echo", probability=0.25)))[0] == ("Twelve", AGREES, 1)


def test_what_the_only_source_of_all_says_later_does_not_lead_for_that() -> None:
    papers = [report(TWELVE, probability=0.9), report("[12] people were hurt in the fire at the brewery.", day="2025-05-08")]
    later = report(NINE, day="2025-05-09", probability=0.2)
    assert outline(said(*papers, later)) == [("Twelve", AGREES, 2), ("nine", DIFFERS, 1)]
    assert outline(said(papers[0], later))[0] == ("nine", AGREES, 1)


def test_of_the_sentences_that_say_the_same_the_surest_is_cited() -> None:
    three = [
        report(TWELVE, probability=0.5),
        report("The brewery said in a letter that [12] were hurt.", source="Echo", probability=0.4),
        report("[Nobody] died in the fire at the brewery.", "[Twelve] people were hurt in it.", source="Argus", probability=0.3),
    ]
    evidence, candidates = found_in(three)
    surest = replace(evidence[-1], probability=0.7)
    (agreeing,) = said_to(HURT, [*evidence[:-1], surest], candidates, MEANS)
    assert [voice.evidence.quote for voice in agreeing.voices] == [surest.quote, evidence[0].quote, evidence[1].quote]
    assert led_by([agreeing], evidence)[0].probability == pytest.approx(0.7)


def test_an_article_that_is_surer_of_the_answer_says_that_and_not_what_was_read_before_it() -> None:
    answered = report(TWELVE, probability=0.9)
    other = report("[Seven] of them can go home.", "In all [twelve] people were hurt in the fire.", source="Echo")
    (first, seven, twelve), candidates = found_in([answered, other])
    assert outline(said_to(HURT, [first, seven, twelve], candidates, MEANS)) == [("Twelve", AGREES, 1), ("Seven", DIFFERS, 1)]
    surer = replace(twelve, probability=0.85)
    assert outline(said_to(HURT, [first, seven, surer], candidates, MEANS)) == [("Twelve", AGREES, 2)]


def test_a_sentence_that_names_the_answer_beside_another_number_says_the_same() -> None:
    both = report("In the fire at the brewery [three engines] were lost and twelve people hurt.", source="Echo", probability=0.6)
    denied = report("Not twelve but [three] people were hurt in the fire at the brewery.", source="Echo", probability=0.6)
    assert outline(said(report(TWELVE, probability=0.9), both)) == [("Twelve", AGREES, 2)]
    assert outline(said(report(TWELVE, probability=0.9), denied)) == [("three", AGREES, 1), ("Twelve", CORRECTED_BY, 1)]


def test_sources_of_the_same_day_differ_and_keep_the_order_of_reading() -> None:
    twelve_first = said(report(TWELVE, probability=0.9), report(NINE, source="Echo"))
    nine_first = said(report(TWELVE), report(NINE, source="Echo", probability=0.9))
    assert outline(twelve_first) == [("Twelve", AGREES, 1), ("nine", DIFFERS, 1)]
    assert outline(nine_first) == [("nine", AGREES, 1), ("Twelve", DIFFERS, 1)]


def test_twice_as_many_independent_sources_lead() -> None:
    three = [report(TWELVE, probability=0.9), report(NINE, source="Echo"), report(NINE_AGAIN, source="Argus")]
    assert outline(said(*three)) == [("nine", AGREES, 2), ("Twelve", DIFFERS, 1)]
    copied = [report(TWELVE, probability=0.9), report(NINE, source="Echo"), report(NINE, source="Argus")]
    assert outline(said(*copied)) == [("Twelve", AGREES, 1), ("nine", DIFFERS, 1)]


def test_twice_as_many_earlier_sources_do_not_lead() -> None:
    before = [report(TWELVE), report("Hopgate, the brewery, says that [12] people were hurt in its fire.", source="Argus")]
    statements = said(*before, report(NINE, source="Echo", day="2025-05-09", probability=0.9))
    assert outline(statements) == [("nine", AGREES, 1), ("Twelve", EARLIER, 2)]


FIREFIGHTERS = "How many firefighters were at the brewery?"
SEVENTY = "[Seventy] firefighters were at the Hopgate brewery, said Maud Everard."
NINETY = "At the Hopgate brewery there were [ninety] firefighters, the town of Brackenholt said."


def test_a_number_that_does_not_grow_is_not_replaced_by_another_paper_of_the_same_days() -> None:
    first = report(SEVENTY, probability=0.9)
    next_day, next_month = (report(NINETY, source="Echo", day=day, probability=0.6) for day in ("2025-05-08", "2025-06-08"))
    assert outline(said(first, next_day, question=FIREFIGHTERS)) == [("Seventy", AGREES, 1), ("ninety", DIFFERS, 1)]
    assert outline(said(first, next_month, question=FIREFIGHTERS)) == [("ninety", AGREES, 1), ("Seventy", EARLIER, 1)]


def test_a_number_that_does_not_grow_is_replaced_where_a_sentence_says_that_it_changed() -> None:
    revised = "The number of firefighters at the Hopgate brewery has been revised to [ninety]."
    statements = said(report(SEVENTY, probability=0.9), report(revised, source="Echo", day="2025-05-08"), question=FIREFIGHTERS)
    assert outline(statements) == [("ninety", AGREES, 1), ("Seventy", CORRECTED_BY, 1)]


def test_a_paper_that_puts_its_own_report_right_corrects_it() -> None:
    right = report(
        "[Nine] people were hurt in the fire at the brewery.", day="2025-05-09", title="Correction: the fire", probability=0.6
    )
    assert outline(said(report(TWELVE, probability=0.9), right)) == [("Nine", AGREES, 1), ("Twelve", CORRECTED_BY, 1)]
    of_another = report(TWELVE, source="Echo", probability=0.9)
    assert outline(said(of_another, right)) == [("Nine", AGREES, 1), ("Twelve", EARLIER, 1)]


def test_how_many_articles_say_the_earlier_does_not_keep_the_later_from_leading() -> None:
    twice = [
        report(TWELVE, probability=0.7),
        report("Hopgate says that [12] people were hurt in its fire.", source="Argus", probability=0.7),
    ]
    assert outline(said(*twice, report(NINE, source="Echo", day="2025-05-09", probability=0.25)))[0] == ("nine", AGREES, 1)


def test_until_when_asks_for_what_is_so_now() -> None:
    question = "Until when is the brewery closed?"
    may = report("The Hopgate brewery is closed until [May 2026].", probability=0.9)
    june = report("The Hopgate brewery is now closed until [June 2026].", day="2025-05-09", probability=0.6)
    assert outline(said(may, june, question=question))[0] == ("June 2026", AGREES, 1)


CLOSING = "Will the Hopgate brewery close?"
RUMOUR = "[The Hopgate brewery will close], according to a rumour in the town."
DENIAL = "[The owner denied] that the Hopgate brewery will close."


def relations(statements: list[Said]) -> list[tuple[str, Relation]]:
    return [(one.best.evidence.quote, one.relation) for one in statements]


def test_a_denial_leads_before_the_rumour_that_it_denies() -> None:
    statements = said(report(RUMOUR, probability=0.6), report(DENIAL, source="Echo", probability=0.3), question=CLOSING)
    plain = [sentence.replace("[", "").replace("]", "") for sentence in (DENIAL, RUMOUR)]
    assert relations(statements) == [(plain[0], AGREES), (plain[1], CORRECTED_BY)]


@pytest.mark.parametrize(
    "reports",
    [
        [report(RUMOUR, day="2025-05-09", probability=0.3), report(DENIAL, source="Echo", probability=0.6)],
        [report(RUMOUR, probability=0.6), report(DENIAL, source="Echo", probability=0.1)],
        [
            report("[The Hopgate brewery will close], its owner said.", probability=0.6),
            report(DENIAL, source="Echo", probability=0.3),
        ],
    ],
    ids=["a rumour after the denial", "a denial that hardly answers", "what is no rumour"],
)
def test_nothing_is_denied(reports: list[Report]) -> None:
    assert said(*reports, question=CLOSING) == []


def test_a_denial_in_the_rumours_own_article_leads_alone() -> None:
    both = report(
        "[It was being said that the Hopgate brewery will close].", "[That is not true], said its owner.", probability=0.6
    )
    assert relations(said(both, question=CLOSING)) == [("That is not true, said its owner.", AGREES)]


def test_a_question_for_the_original_figure_keeps_the_order_of_reading() -> None:
    reports = [report(TWELVE, probability=0.9), report(NINE, source="Echo", day="2025-05-09", probability=0.6)]
    statements = said(*reports, question="How many people were originally said to be hurt in the fire at the brewery?")
    assert outline(statements)[0] == ("Twelve", AGREES, 1)


def test_a_successor_leads_although_names_are_not_replaced_by_later_ones() -> None:
    question = "Who is mayor of Brackenholt?"
    carr = report("[Ben Carr] is the mayor of Brackenholt.", probability=0.9)
    thorn = report("[Ada Thorn] is the mayor of Brackenholt.", day="2025-06-07", source="Echo", probability=0.6)
    sworn_in = report("[Ada Thorn] succeeded Ben Carr as mayor of Brackenholt.", day="2025-06-07", source="Echo", probability=0.6)
    assert outline(said(carr, thorn, question=question)) == [("Ben Carr", AGREES, 1), ("Ada Thorn", DIFFERS, 1)]
    assert outline(said(carr, sworn_in, question=question)) == [("Ada Thorn", AGREES, 1), ("Ben Carr", EARLIER, 1)]


def test_answers_in_words_do_not_exclude_each_other() -> None:
    question = "Why did the Hopgate brewery burn?"
    malt = report("The Hopgate brewery burned because of [dust in the malt loft].", probability=0.9)
    wiring = report("The Hopgate brewery burned because of [old wiring].", source="Echo")
    assert outline(said(malt, wiring, question=question)) == [("dust in the malt loft", AGREES, 1)]


def test_one_of_a_sort_excludes_another() -> None:
    question = "What colour is the door of the Hopgate brewery?"
    reports = [
        report("The door of the Hopgate brewery is [red].", probability=0.9),
        report("The Hopgate brewery has a [blue] door.", source="Echo"),
    ]
    assert outline(said(*reports, question=question)) == [("red", AGREES, 1), ("blue", DIFFERS, 1)]


def test_articles_of_the_days_that_are_asked_for_speak_alone() -> None:
    reports = [report(TWELVE, probability=0.9), report(NINE, source="Echo", day="2024-05-09", probability=0.6)]
    year = DateRange(Span(0, 4), date(2024, 1, 1), date(2024, 12, 31))
    assert outline(said(*reports, asked_for=(year,))) == [("nine", AGREES, 1)]


def test_without_a_short_answer_nothing_is_said() -> None:
    assert said() == []
    assert said(report("Nobody knows yet.")) == []


def test_the_leading_sentence_is_as_probable_as_the_surest() -> None:
    reports = [report(TWELVE, probability=0.9), report(NINE, source="Echo", day="2025-05-09", probability=0.6)]
    evidence, _ = found_in(reports)
    led = led_by(said(*reports), evidence)
    assert [(one.quote, one.probability) for one in led] == [(evidence[1].quote, 0.9), (evidence[0].quote, 0.9)]


@pytest.mark.parametrize(
    ("first", "other", "probability"),
    [(0.15, 0.1, 1 - 0.85 * 0.9), (0.6, 0.5, 0.7), (0.9, 0.6, 0.9)],
    ids=["either may answer", "what is disputed is not sure", "one is sure by itself"],
)
def test_that_one_of_several_statements_answers_is_more_probable_than_each(
    first: float, other: float, probability: float
) -> None:
    reports = [report(TWELVE, probability=first), report(NINE, source="Echo", day="2025-05-08", probability=other)]
    evidence, _ = found_in(reports)
    statements = said(*reports)
    assert len(statements) == 2
    assert led_by(statements, evidence)[0].probability == pytest.approx(probability)


def test_evidence_that_leads_already_stays_as_it_is() -> None:
    reports = [report(TWELVE, probability=0.9), report(NINE, source="Echo")]
    evidence, _ = found_in(reports)
    assert led_by(said(*reports), evidence) == evidence == led_by([], evidence)


def test_the_sentences_that_say_something_else_are_left_out() -> None:
    first = report(TWELVE, "Early reports had [ten].", probability=0.9)
    other = report(NINE, "[Seven] of them can go home.", source="Echo")
    evidence, _ = found_in([first, other])
    left = without_others(said(first, other), evidence)
    assert [one.quote for one in left] == [first.evidence[0].quote, "Early reports had ten."]


def test_of_an_article_that_says_what_the_answer_calls_wrong_that_is_told() -> None:
    elsewhere = report("The fire at the brewery hurt [seven] firemen.", "The brewery has [twelve] firemen.", probability=0.9)
    corrected = report("[Nine] firemen and not twelve were at the fire at the brewery.", source="Echo", day="2025-05-19")
    question = "How many firemen were at the fire at the brewery?"
    assert outline(said(corrected, elsewhere, question=question)) == [("Nine", AGREES, 1), ("twelve", CORRECTED_BY, 1)]
