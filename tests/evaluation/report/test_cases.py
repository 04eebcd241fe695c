"""Cases: the worst questions in their order, and passages with what is judged marked in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from qa.base.stages import AFTER_READING, ANSWER, READ
from qa.base.types import Article, Span, Status
from qa.evaluation.articles import GivenArticles
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, Judgement
from qa.evaluation.report.cases import Piece, case, expected, pieces, worst
from qa.evaluation.runs import (
    AnswerOutcome,
    DatasetFacts,
    Found,
    QuestionOutcome,
    RankedSpan,
    Run,
    RunFacts,
    StageOutcome,
)
from qa.evaluation.texts import Texts

TEXT = "The mill closed in 1952. Ada Thorn kept the keys. The barn burned down."
ARTICLE = Article(id="art_1", given_id="mill", title="The mill", text=TEXT)
KEYS = JudgedQuestion("q1", "Who kept the keys?", JudgedBy.SPANS, (Judgement("mill", Span(25, 34), 1, "Ada Thorn"),))
TEXTS = Texts({"q1": KEYS}, GivenArticles([ARTICLE]))
FIRST = StageOutcome((RankedSpan("art_1", Span(0, 49), 0.75),), 100, (Found(1, 1),), ())
NOTHING = StageOutcome((RankedSpan("art_1", Span(50, 71), 0.5),), 100, (), (1,))
RIGHT = AnswerOutcome(Status.ANSWERED, 0.9, True, 1, 1, 1, None, None)
WRONG = AnswerOutcome(Status.WEAK, 0.4, False, 1, 0, 1, None, None)
HELD_BACK = AnswerOutcome(Status.NOT_FOUND, 0.1, True, 0, 0, 0, None, None)
QUESTION = QuestionOutcome(
    id="q1",
    judged_by=JudgedBy.SPANS,
    answerable=True,
    items=1,
    stages={"merged": FIRST, READ: FIRST},
    answer=RIGHT,
    timings_ms={},
    wording_f1=None,
    question_word="who",
    words=4,
    answer_type="name",
    age_days=None,
    kind=None,
)
FACTS = RunFacts(
    name="run",
    created_at="2025-03-08T12:00:00+00:00",
    version="0.1.0",
    dataset=DatasetFacts("mill", "mill.jsonl", "spans", "d" * 64, 1, ()),
    index=None,
    settings={},
    stages=("merged", READ, ANSWER),
    read_passages=5,
    wording="question",
    source="qa",
    limit=None,
    seconds=1.0,
    processors=2,
    notes=(),
)


def run(*outcomes: QuestionOutcome) -> Run:
    return Run(FACTS, tuple(replace(outcome, id=f"q{number}") for number, outcome in enumerate(outcomes, start=1)))


def marked(parts: Iterable[Piece]) -> str:
    return "".join(f"[{part.text}]" if part.is_marked else part.text for part in parts)


def test_the_worst_are_the_surest_wrong_ones_then_the_lost_then_those_held_back() -> None:
    doubtful, sure = replace(QUESTION, answer=WRONG), replace(QUESTION, answer=replace(WRONG, probability=0.8))
    lost = replace(QUESTION, answer=replace(HELD_BACK, best_right=False), stages={"merged": NOTHING})
    held_back = replace(QUESTION, answer=HELD_BACK)
    shown = {
        kind.name: [outcome.id for outcome in kind.outcomes] for kind in worst(run(doubtful, QUESTION, sure, lost, held_back))
    }
    assert shown == {"Wrong, and cited": ["q3", "q1"], "Never retrieved": ["q4"], "Right, and not answered": ["q5"]}


def test_a_question_is_shown_once_though_it_failed_twice() -> None:
    lost_and_answered = replace(QUESTION, answer=WRONG, stages={"merged": NOTHING})
    assert [kind.name for kind in worst(run(lost_and_answered))] == ["Wrong, and cited"]


def test_an_unanswerable_question_that_was_answered_is_wrong() -> None:
    assert [kind.of for kind in worst(run(replace(QUESTION, items=0, answerable=False, answer=WRONG)))] == [1]


def test_a_question_that_nobody_judged_is_not_wrong() -> None:
    assert worst(run(replace(QUESTION, items=0, answerable=None, answer=WRONG))) == ()


def test_only_the_first_of_a_kind_are_shown_and_how_many_there_are_is_said() -> None:
    (kind,) = worst(run(*[replace(QUESTION, answer=WRONG)] * 30))
    assert (len(kind.outcomes), kind.of) == (8, 30)


def test_a_case_has_the_question_what_is_judged_and_each_stages_hits_with_it_marked() -> None:
    shown = case(QUESTION, run(QUESTION), TEXTS)
    assert shown.question == "Who kept the keys?"
    assert marked(shown.judged[0].pieces) == "The mill closed in 1952. [Ada Thorn] kept the keys. The barn burned down."
    assert [stage.name for stage in shown.stages] == ["merged", READ]
    (hit,) = shown.stages[0].hits
    assert marked(hit.place.pieces) == "The mill closed in 1952. [Ada Thorn] kept the keys."
    assert (hit.rank, hit.score, hit.is_right, hit.place.title) == (1, 0.75, True, "The mill")
    assert (shown.answer.status, shown.answer.sentence) == ("answered", TEXT[:49])


def test_an_answer_has_its_ranks_before_reading_and_both_orders_after_it() -> None:
    third = StageOutcome((), 5, (Found(3, 1),), ())
    shown = case(replace(QUESTION, stages={"merged": FIRST, AFTER_READING: FIRST, READ: third}), run(QUESTION), TEXTS)
    assert shown.answer.ranks == (("merged", 1), (AFTER_READING, 1), (READ, 3))


def test_a_hit_that_holds_nothing_judged_is_not_right() -> None:
    (hit,) = case(replace(QUESTION, stages={"merged": NOTHING}), run(QUESTION), TEXTS).stages[0].hits
    assert not hit.is_right
    assert marked(hit.place.pieces) == "The barn burned down."


def test_without_texts_a_case_has_ids_and_offsets() -> None:
    shown = case(QUESTION, run(QUESTION), Texts({}, GivenArticles(())))
    assert (shown.question, shown.judged) == ("q1", ())
    (hit,) = shown.stages[0].hits
    assert (hit.place.title, hit.place.span, hit.place.pieces, hit.is_right) == ("art_1", Span(0, 49), (), True)
    assert shown.answer.sentence == "art_1 0–49"


def test_a_question_the_run_forgot_was_not_asked() -> None:
    shown = case(replace(QUESTION, stages={}, answer=None), run(QUESTION), TEXTS)
    assert (shown.answer.status, shown.answer.probability, shown.stages) == ("not asked", None, ())


def test_an_article_that_is_judged_whole_has_no_marks() -> None:
    texts = Texts({"q1": JudgedQuestion("q1", "?", JudgedBy.ARTICLES, (Judgement("mill", None, 1),))}, GivenArticles([ARTICLE]))
    shown = case(replace(QUESTION, judged_by=JudgedBy.ARTICLES), run(QUESTION), texts)
    assert (shown.judged[0].title, shown.judged[0].pieces) == ("The mill", ())
    assert marked(shown.stages[0].hits[0].place.pieces) == TEXT[:49]


def test_what_is_expected_are_the_sets_answers_else_its_quotes() -> None:
    texts = Texts({"q1": KEYS, "q2": replace(KEYS, id="q2", answers=("Ada", "Thorn"))}, GivenArticles(()))
    assert (expected("q1", texts), expected("q2", texts), expected("q3", texts)) == (("Ada Thorn",), ("Ada", "Thorn"), ())


def test_marks_are_cut_to_what_is_shown_and_those_that_overlap_are_told_apart() -> None:
    assert marked(pieces("abcdefgh", Span(2, 6), [Span(0, 3), Span(4, 8), Span(3, 5)], longest=10)) == "[c][de][f]"


def test_a_long_passage_is_cut_around_its_first_mark_between_words() -> None:
    text = "word " * 400 + "needle" + " word" * 400
    shown = pieces(text, Span(0, len(text)), [Span(2_000, 2_006)], longest=300)
    assert shown[0].text == "… "
    assert shown[-1].text == " …"
    assert Piece("needle", is_marked=True) in shown
    inside = "".join(piece.text for piece in shown[1:-1])
    assert inside in text
    assert set(inside.split()) == {"word", "needle"}
    assert 250 <= len(inside) <= 300


def test_a_long_passage_without_a_mark_is_shown_from_its_beginning() -> None:
    assert marked(pieces("word " * 400, Span(0, 2_000), [], longest=12)) == "word word …"
