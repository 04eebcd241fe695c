from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from qa.base.types import Article, Relation, Span
from qa.evaluation.articles import AnswerWords, GivenArticles, text_of
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, JudgedStatement, Judgement
from qa.evaluation.judging import ItemisedQuestion, Itemiser, stored_place
from qa.evaluation.runs import Found, RankedSpan, StatementsOutcome

PIER = Article(
    "art_pier", "pier", "The pier", "The pier fell at noon. Nobody was hurt. The pier is closed.", published_at="2024-03-01"
)
QUAY = Article("art_quay", "quay", "The quay", "At noon the quay was calm.", published_at="2024-03-05T08:00:00Z")
ARTICLES = GivenArticles([PIER, QUAY])


def judged(
    *judgements: Judgement, by: JudgedBy = JudgedBy.SPANS, answers: Sequence[str] = (), answerable: bool | None = True
) -> JudgedQuestion:
    return JudgedQuestion("q", "When?", by, judgements, tuple(answers), answerable)


def itemised(question: JudgedQuestion, given: dict[str, str] | None = None) -> tuple[ItemisedQuestion, tuple[str, ...]]:
    itemiser = Itemiser(ARTICLES.article, given=given or {})
    return itemiser.itemise(question, stands_anywhere=AnswerWords(ARTICLES).stand_anywhere), itemiser.notes


def hit(article: Article, start: int, end: int) -> RankedSpan:
    return RankedSpan(article.id, Span(start, end), 0.5)


NOON = Judgement("pier", Span(14, 21), 1, "at noon")


# What counts as found


def test_a_passage_is_right_when_it_overlaps_the_judged_characters() -> None:
    question, _ = itemised(judged(NOON))
    outcome = question.outcome([hit(PIER, 21, 40), hit(QUAY, 0, 26), hit(PIER, 20, 40)], kept=10)
    assert outcome.found == (Found(3, 1),)
    assert (outcome.missed, outcome.first_rank, outcome.depth) == ((), 3, 3)


def test_another_chunking_finds_the_same_judgement() -> None:
    question, _ = itemised(judged(NOON))
    for cut in (hit(PIER, 0, 60), hit(PIER, 14, 15), hit(PIER, 0, 22)):
        assert question.outcome([cut], kept=1).first_rank == 1


def test_the_same_place_found_again_earns_nothing() -> None:
    question, _ = itemised(judged(NOON, Judgement("quay", Span(0, 7), 2)))
    outcome = question.outcome([hit(PIER, 0, 22), hit(PIER, 10, 30), hit(QUAY, 0, 26)], kept=10)
    assert outcome.found == (Found(1, 1), Found(3, 2))


def test_places_that_one_passage_holds_together_count_as_one_with_the_better_grade() -> None:
    question, _ = itemised(judged(NOON, Judgement("pier", Span(40, 59), 2), Judgement("quay", Span(0, 7), 1)))
    outcome = question.outcome([hit(PIER, 0, 59)], kept=10)
    assert outcome.found == (Found(1, 2),)
    assert outcome.missed == (1,)


def test_overlapping_judgements_are_one_thing_to_find() -> None:
    question, _ = itemised(judged(NOON, Judgement("pier", Span(17, 21), 2, "noon"), Judgement("pier", Span(40, 48), 1)))
    assert [(item.spans, item.grade) for item in question.items] == [
        ((Span(14, 21), Span(17, 21)), 2),
        ((Span(40, 48),), 1),
    ]


def test_what_was_judged_not_to_answer_is_not_to_be_found() -> None:
    question, _ = itemised(judged(Judgement("pier", Span(0, 8), 0)))
    assert question.items == ()


def test_articles_are_ranked_once_each_where_articles_are_judged() -> None:
    question, _ = itemised(judged(Judgement("quay", None, 1), by=JudgedBy.ARTICLES))
    outcome = question.outcome([hit(PIER, 0, 22), hit(PIER, 23, 39), hit(QUAY, 0, 7), hit(QUAY, 8, 26)], kept=10)
    assert outcome.found == (Found(2, 1),)
    assert outcome.hits == (hit(PIER, 0, 22), hit(QUAY, 0, 7))


def test_an_answer_counts_as_whole_words_in_a_judged_article_and_is_told_for_any_other() -> None:
    question, notes = itemised(judged(Judgement("quay", None, 1), by=JudgedBy.ANSWERS, answers=["NOON"]))
    hits = [hit(PIER, 0, 22), hit(QUAY, 0, 6), hit(QUAY, 0, 7)]
    outcome = question.outcome(hits, kept=10, text_of=lambda one: text_of(ARTICLES, one))
    assert outcome.found == (Found(3, 1),)  # "At noo" does not hold the word
    assert outcome.any_article_rank == 1
    assert notes == ()


def test_a_part_of_a_word_is_no_answer() -> None:
    question, notes = itemised(judged(Judgement("pier", None, 1), by=JudgedBy.ANSWERS, answers=["clos"]))
    assert question.outcome([hit(PIER, 0, 59)], kept=1).missed == (1,)
    assert notes == ("1 judged articles in which no answer stands as whole words (such as pier); they count as missed",)


def test_a_question_is_unanswerable_when_its_answer_stands_in_no_article() -> None:
    somewhere, _ = itemised(judged(by=JudgedBy.ANSWERS, answers=["calm"], answerable=None))
    nowhere, _ = itemised(judged(by=JudgedBy.ANSWERS, answers=["cal", "storm"], answerable=None))
    assert (somewhere.answerable, nowhere.answerable) == (None, False)


def test_the_day_of_the_newest_judged_article_is_known() -> None:
    question, _ = itemised(judged(NOON, Judgement("quay", Span(0, 7), 1)))
    assert question.newest == date(2024, 3, 5)


# What is not here


def test_an_article_that_is_not_in_the_index_counts_as_missed_and_is_told() -> None:
    question, notes = itemised(judged(NOON, Judgement("lighthouse", Span(0, 3), 2)))
    assert question.outcome([hit(PIER, 0, 59)], kept=1).missed == (2,)
    assert notes == ("1 judged articles that are not in the index (such as lighthouse); they count as missed",)


def test_a_place_that_the_stored_text_lacks_counts_as_missed_and_is_told() -> None:
    given = PIER.text.replace("fell at noon", "fell at dawn")
    question, notes = itemised(judged(Judgement("pier", Span(14, 21), 1)), {"pier": given})
    assert question.outcome([hit(PIER, 0, 59)], kept=1).missed == (1,)
    assert notes == ("1 judged places that the index's text does not have (such as pier 14); they count as missed",)


# Bringing offsets over to the stored text


def test_offsets_stay_where_the_texts_are_equal() -> None:
    assert stored_place(NOON, PIER.text, given=None) == Span(14, 21)


def test_offsets_move_with_what_was_put_before_them() -> None:
    stored = "HARBOUR POST\n\n" + PIER.text
    assert stored_place(NOON, stored, given=PIER.text) == Span(28, 35)


def test_of_several_places_the_one_with_the_same_surroundings_is_meant() -> None:
    given = "It rang at noon today. It stopped at noon there."
    stored = "It stopped at noon there. Later it rang at noon today."
    second = Judgement("bell", Span(34, 41), 1)
    assert second.span is not None and second.span.of(given) == "at noon"
    assert stored_place(second, stored, given=given) == Span(11, 18)


def test_white_space_may_differ() -> None:
    stored = PIER.text.replace(" ", "\n  ")
    place = stored_place(NOON, stored, given=PIER.text)
    assert place is not None and place.of(stored) == "at\n  noon"


def test_a_set_without_its_text_goes_by_the_quote() -> None:
    assert stored_place(Judgement("pier", Span(3, 10), 1, "at noon"), PIER.text, given=None) == Span(14, 21)
    assert stored_place(Judgement("pier", Span(3, 10), 1), PIER.text, given=None) == Span(3, 10)
    assert stored_place(Judgement("pier", Span(50, 500), 1), PIER.text, given=None) is None


@pytest.mark.parametrize("quote", ["at dawn", "noon at"])
def test_words_that_stand_nowhere_have_no_place(quote: str) -> None:
    assert stored_place(Judgement("pier", Span(0, 7), 1, quote), PIER.text, given=None) is None


# Statements


def test_other_statements_count_once_and_by_their_relation() -> None:
    calm, closed = Judgement("quay", Span(0, 25), 1), Judgement("pier", Span(40, 59), 1)
    statements = (
        JudgedStatement(Relation.AGREES, (NOON,)),
        JudgedStatement(Relation.EARLIER, (calm,)),
        JudgedStatement(Relation.DIFFERS, (closed,)),
    )
    question, _ = itemised(replace(judged(NOON), statements=statements))
    noon, quay, shut, hurt = hit(PIER, 0, 22), hit(QUAY, 0, 26), hit(PIER, 40, 59), hit(PIER, 23, 39)
    assert question.statements_of(noon, []) == StatementsOutcome(leads=True, right=0, false=0, missed=2)
    assert question.statements_of(quay, [(Relation.EARLIER, quay)]) == StatementsOutcome(leads=False, right=1, false=0, missed=1)
    others = [(Relation.EARLIER, quay), (Relation.EARLIER, quay), (Relation.EARLIER, shut), (Relation.DIFFERS, hurt)]
    assert question.statements_of(noon, others) == StatementsOutcome(leads=True, right=1, false=3, missed=1)
    assert question.statements_of(None, []) == StatementsOutcome(leads=False, right=0, false=0, missed=2)


def test_without_judged_statements_there_is_no_outcome_of_them() -> None:
    question, _ = itemised(judged(NOON))
    assert question.statements_of(hit(PIER, 0, 22), [(Relation.DIFFERS, hit(QUAY, 0, 26))]) is None
