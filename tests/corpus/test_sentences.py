"""Sentences with their places and kinds."""

from __future__ import annotations

import pytest

from qa.base.types import SentenceKind
from qa.corpus.sentences import ends_like_a_sentence, split_sentences

PROSE, HEADING, ITEM, BOILERPLATE = SentenceKind.PROSE, SentenceKind.HEADING, SentenceKind.LIST_ITEM, SentenceKind.BOILERPLATE


def quotes(text: str, language: str | None = None) -> list[str]:
    return [sentence.span.of(text) for sentence in split_sentences(text, language=language)]


def kinds(text: str) -> list[tuple[str, SentenceKind]]:
    return [(sentence.span.of(text), sentence.kind) for sentence in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\u00a0\n", []),
        ("One ship left. Two came.", ["One ship left.", "Two came."]),
        ("  One ship left.  ", ["One ship left."]),
        ("Mr. Dray met Dr. Callum. They spoke.", ["Mr. Dray met Dr. Callum.", "They spoke."]),
        ("It left at 6.40 a.m. on Saturday. Rain fell.", ["It left at 6.40 a.m. on Saturday.", "Rain fell."]),
        ("A ticket costs 7.80 euros. It rose by 2.5 %.", ["A ticket costs 7.80 euros.", "It rose by 2.5 %."]),
        ("J. R. R. Tolkien wrote it. Really?", ["J. R. R. Tolkien wrote it.", "Really?"]),
        ("Ada Quill, R-N.Y., won. Ned Dray, D-R.I., lost.", ["Ada Quill, R-N.Y., won.", "Ned Dray, D-R.I., lost."]),
        ("He left.She came.", ["He left.", "She came."]),
        ("Really?! Yes. Yes. Yes.", ["Really?!", "Yes.", "Yes.", "Yes."]),
        ("你好。再见。", ["你好。", "再见。"]),
        ("👩‍👩‍👧 came. 🇳🇴 won!", ["👩‍👩‍👧 came.", "🇳🇴 won!"]),
        ("Cafe\u0301s open. Others close.", ["Cafe\u0301s open.", "Others close."]),
        ("One left.\r\n\r\nTwo came.", ["One left.", "Two came."]),
        ("One left.\u2029Two came.\u0085Three stayed.\u000bFour.", ["One left.", "Two came.", "Three stayed.", "Four."]),
        ("One left.\u3000Two\u2003came.\u00a0Three stayed.", ["One left.", "Two\u2003came.", "Three stayed."]),
    ],
)
def test_a_text_is_split_where_its_sentences_end(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


@pytest.mark.parametrize("number", ["1.", "1)", "a."])
def test_a_lists_number_is_no_sentence(number: str) -> None:
    assert quotes(f"{number} The ferry left. It came back.") == [f"{number} The ferry left.", "It came back."]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Das war im 18. Jahrhundert so. Ende.", ["Das war im 18. Jahrhundert so.", "Ende."]),
        ("de", "Das war 1945. Ende.", ["Das war 1945.", "Ende."]),
        ("fi", "Hän tuli 3. Kerran. Loppu.", ["Hän tuli 3. Kerran.", "Loppu."]),
        ("en", "He came at 10. It rained.", ["He came at 10.", "It rained."]),
        ("zh", "渡轮晚点。没有人受伤！真的？", ["渡轮晚点。", "没有人受伤！", "真的？"]),
    ],
)
def test_the_language_says_where_a_dot_ends_no_sentence(language: str, text: str, expected: list[str]) -> None:
    assert quotes(text, language) == expected


def test_lines_broken_at_a_fixed_width_are_one_paragraph() -> None:
    text = (
        "Work to deepen the outer channel of the harbour will begin on the\n"
        "eighteenth of March, the port authority said. The dredger cuts the\n"
        "channel so that fully laden ships no longer have to wait for high\n"
        "water.\n\nA second paragraph."
    )
    assert quotes(text) == [
        "Work to deepen the outer channel of the harbour will begin on the\neighteenth of March, the port authority said.",
        "The dredger cuts the\nchannel so that fully laden ships no longer have to wait for high\nwater.",
        "A second paragraph.",
    ]


def test_a_line_that_goes_on_in_lower_case_is_joined() -> None:
    assert quotes("The ferry left\nthe quay at noon. It rained.") == ["The ferry left\nthe quay at noon.", "It rained."]


def test_a_short_line_without_an_end_among_sentences_is_a_heading() -> None:
    assert kinds("What the council decided\n\nThe council met on Monday.") == [
        ("What the council decided", HEADING),
        ("The council met on Monday.", PROSE),
    ]


@pytest.mark.parametrize("heading", ["# The council", "### Ships.", "======", "-----"])
def test_markdowns_headings_and_rules_are_headings(heading: str) -> None:
    assert kinds(f"The council met.\n{heading}\nIt rained.")[1] == (heading, HEADING)


def test_a_list_item_is_citable_when_it_is_a_statement_or_introduced() -> None:
    assert kinds("Three things changed:\n- the price\n- the hours\n\nIt rained.\n\n- Ships stay out.\n- menu") == [
        ("Three things changed:", PROSE if ends_like_a_sentence("Three things changed:") else HEADING),
        ("- the price", ITEM),
        ("- the hours", ITEM),
        ("It rained.", PROSE),
        ("- Ships stay out.", ITEM),
        ("- menu", HEADING),
    ]


def test_the_headlines_under_related_news_are_boilerplate_until_prose_goes_on() -> None:
    text = (
        "The ferry left.\n\nRelated News\n\nShip arrives in port\n\n- Council votes.\n\nThe mayor spoke at the quay for an hour."
    )
    assert [kind for _, kind in kinds(text)] == [PROSE, BOILERPLATE, BOILERPLATE, BOILERPLATE, PROSE]


def test_a_headline_that_asks_does_not_end_a_list_of_links() -> None:
    text = "The ferry left.\n\nLees ook\nWie betaalt de brug?\nBoot vaart weer\n\nThe mayor spoke at the quay."
    assert [kind for _, kind in kinds(text)] == [PROSE, BOILERPLATE, BOILERPLATE, BOILERPLATE, PROSE]


def test_every_sentence_of_a_line_that_leads_to_another_article_is_boilerplate() -> None:
    text = "The ferry left.\n\nMore:What is a bomb cyclone? Winter storms explained.\n\nIt rained."
    assert [kind for _, kind in kinds(text)] == [PROSE, BOILERPLATE, BOILERPLATE, PROSE]


def test_a_text_without_any_full_stop_is_prose() -> None:
    assert kinds("the ferry left the quay") == [("the ferry left the quay", PROSE)]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("It left.", True),
        ("It left.”", True),
        ("„Es fuhr.“", True),
        ("« Il partit. »", True),
        ("It left. [2]", True),
        ("再见。", True),
        ("It left", False),
        ("Ships:", False),
        ("", False),
    ],
)
def test_a_sentences_end_is_seen_behind_quotes_and_notes(text: str, ends: bool) -> None:
    assert ends_like_a_sentence(text) is ends


@pytest.mark.parametrize("language", ["xx", "pt-BR", "", "english", "🇳🇴"])
def test_an_unknown_language_is_split_all_the_same(language: str) -> None:
    assert quotes("One ship left. Two came.", language) == ["One ship left.", "Two came."]


def test_a_languages_own_abbreviations_count() -> None:
    assert quotes("Er kam z. B. am 5. Januar nach Bonn. Es regnete.", "de")[-1] == "Es regnete."


def test_a_line_longer_than_a_window_has_the_sentences_of_its_paragraphs() -> None:
    told = [f"Ship {number} left Dr. Dray’s quay at 6.40 a.m. “Why? Nobody knows,” he said." for number in range(400)]
    assert quotes(" ".join(told)) == [quote for one in told for quote in quotes(one)]


def test_a_sentence_longer_than_a_window_stays_whole() -> None:
    long = "The mayor, " + "the harbour master, " * 2_000 + "and Ada left."
    assert quotes(f"It rained. {long} It snowed.") == ["It rained.", long, "It snowed."]


def test_the_splitting_of_a_long_line_can_be_ended() -> None:
    beats: list[None] = []
    split_sentences("It rained. " * 10_000, heartbeat=lambda: beats.append(None))
    assert len(beats) > 10

    def left() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        split_sentences("It rained. " * 2_000, heartbeat=left)


def test_marks_and_numbers_that_follow_one_another_belong_to_the_next_sentence() -> None:
    text = "Two came. * ! ? * 1. ! ? Three left."
    assert quotes(text) == ["Two came.", "* ! ? * 1. ! ? Three left."]
    assert quotes("1. 2. Three left.") == ["1. 2.", "Three left."]


def test_a_tables_rows_are_citable_as_they_stand_and_its_heads_are_not() -> None:
    rows = "| Ticket | Price |\n|---|---|\n| Adults | 2.40 approx. Dogs ride free. |\n| Fares |  |"
    text = f"The ferry runs daily.\n\n{rows}\n\nIt rained."
    assert kinds(text) == [
        ("The ferry runs daily.", PROSE),
        ("| Ticket | Price |", HEADING),
        ("|---|---|", HEADING),
        ("| Adults | 2.40 approx. Dogs ride free. |", ITEM),
        ("| Fares |  |", HEADING),
        ("It rained.", PROSE),
    ]


def test_a_long_row_is_split_into_its_sentences() -> None:
    told = "The mayor spoke at the quay for an hour about ships. " * 10
    assert len(quotes(f"| Told | {told}|")) == 10 + 1  # its last pipe


def test_list_items_that_state_something_are_citable_without_a_full_stop() -> None:
    text = (
        "The ferry runs daily.\n\nRules\n\n- Adults: 2.40\n- Dogs must be kept on a lead\n- Tickets\n- The Old Pier Hotel\n\n"
        "It rained.\n\n- Captain: Ada Quill\n- Mate: Ben Ash\n\nIt snowed.\n\n– Ada Quill, who wrote this for us\n– Ben Ash"
    )
    assert [sentence for sentence, kind in kinds(text) if kind is ITEM] == [
        "- Adults: 2.40",
        "- Dogs must be kept on a lead",
        "- Captain: Ada Quill",
        "- Mate: Ben Ash",
    ]
