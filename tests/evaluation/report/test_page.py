"""The report: what the page says of one run and of several, and that nothing in it is more than text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from qa.base.errors import RunError
from qa.base.stages import AFTER_READING, ANSWER, READ
from qa.base.types import Article, Span, Status
from qa.evaluation.articles import GivenArticles
from qa.evaluation.compare import compare_all
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, Judgement
from qa.evaluation.report.page import percent, write_report
from qa.evaluation.runs import (
    AnswerOutcome,
    DatasetFacts,
    Found,
    IndexFacts,
    QuestionOutcome,
    RankedSpan,
    Run,
    RunFacts,
    StageOutcome,
)
from qa.evaluation.texts import Texts

TEXT = "The mill closed in 1952. Ada Thorn kept the keys. The barn burned down."
ARTICLE = Article(id="art_1", given_id="mill", title="The mill", text=TEXT, source="The Post")
WORDINGS = ("Who kept the keys?", "When did the mill close?", "What burned?", "Who is the mayor?")
QUESTIONS = {
    "q1": JudgedQuestion("q1", WORDINGS[0], JudgedBy.SPANS, (Judgement("mill", Span(25, 34), 1, "Ada Thorn"),)),
    "q2": JudgedQuestion("q2", WORDINGS[1], JudgedBy.SPANS, (Judgement("mill", Span(19, 23), 1, "1952"),)),
    "q3": JudgedQuestion("q3", WORDINGS[2], JudgedBy.SPANS, (Judgement("mill", Span(50, 58), 1, "The barn"),)),
    "q4": JudgedQuestion("q4", WORDINGS[3], JudgedBy.SPANS, (), answerable=False),
}
SENTENCES = {"q1": Span(25, 49), "q2": Span(0, 24), "q3": Span(50, 71), "q4": Span(0, 24)}
PASSAGE = RankedSpan("art_1", Span(0, 71), 0.75)


def outcome(id_: str, *, best_right: bool, rank: int | None, probability: float = 0.8) -> QuestionOutcome:
    answerable = id_ != "q4"
    found = () if rank is None else (Found(rank, 1),)
    missed = (1,) * (answerable and rank is None)
    read = StageOutcome(
        (RankedSpan("art_1", SENTENCES[id_], probability),),
        3,
        (Found(1, 1),) * best_right,
        (1,) * (answerable and not best_right),
    )
    status = Status.NOT_FOUND if probability < 0.2 else Status.ANSWERED
    cited = int(status is Status.ANSWERED)
    return QuestionOutcome(
        id=id_,
        judged_by=JudgedBy.SPANS,
        answerable=answerable,
        items=int(answerable),
        stages={"merged": StageOutcome((PASSAGE,), 10, found, missed), READ: read, ANSWER: read},
        answer=AnswerOutcome(status, probability, best_right, cited, int(best_right and cited), cited, None, None),
        timings_ms={"search": 5.0, "total": 20.0},
        wording_f1=None,
        question_word=WORDINGS[int(id_[1]) - 1].split()[0].lower(),
        words=4,
        answer_type="name",
        age_days=3,
        kind="fact",
    )


RUN = Run(
    RunFacts(
        name="before",
        created_at="2025-03-08T12:00:00+00:00",
        version="0.1.0",
        dataset=DatasetFacts("mill", "mill.jsonl", "spans", "d" * 64, 4, ("2 questions have no judgement",)),
        index=IndexFacts("indexes/mill", 4, 1, 1, "words", "e" * 64, "float32"),
        settings={"threshold": "0.2", "answered_threshold": "0.5"},
        stages=("merged", READ, ANSWER),
        read_passages=5,
        wording="question",
        source="qa",
        limit=None,
        seconds=0.1,
        processors=2,
        notes=("1 judged place that the index's text does not have",),
    ),
    (
        outcome("q1", best_right=True, rank=1),
        outcome("q2", best_right=False, rank=1, probability=0.9),
        outcome("q3", best_right=False, rank=None, probability=0.1),
        outcome("q4", best_right=False, rank=None, probability=0.1),
    ),
)
OTHER = Run(
    replace(RUN.facts, name="after"),
    (
        outcome("q1", best_right=False, rank=1),
        outcome("q2", best_right=True, rank=1),
        outcome("q3", best_right=True, rank=1, probability=0.1),
        outcome("q4", best_right=False, rank=None, probability=0.1),
    ),
)


def texts(**questions: JudgedQuestion) -> Texts:
    return Texts({**QUESTIONS, **questions}, GivenArticles([ARTICLE]), notes=("The index has changed.",))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "report.html"


def page(file: Path, runs: Sequence[Run], joined: Texts | None = None, *, compared: bool = False) -> html.HtmlElement:
    write_report(runs, file, texts=joined or texts(), comparisons=compare_all(runs) if compared else ())
    return html.document_fromstring(file.read_text("utf-8"))


def words(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def listed(element: html.HtmlElement, path: str) -> list[str]:
    return [words(found) for found in element.xpath(path)]


def test_what_to_know_first_is_said_before_anything_else(file: Path) -> None:
    assert listed(page(file, [RUN]), "//aside[@class='notes']//li") == [
        "The index has changed.",
        "1 judged place that the index's text does not have",
        "2 questions have no judgement",
    ]


def test_a_run_without_notes_has_no_warning(file: Path) -> None:
    quiet = replace(RUN, facts=replace(RUN.facts, notes=(), dataset=replace(RUN.facts.dataset, notes=())))
    assert page(file, [quiet], Texts(QUESTIONS, GivenArticles([ARTICLE]))).xpath("//aside") == []


def test_the_headlines_count_what_they_say(file: Path) -> None:
    assert listed(page(file, [RUN]), "//ul[@class='headlines']/li") == [
        "67 % of questions have a passage with the answer among the first 5 of merged 2 of 3; 95 % interval 21–94 %",
        "33 % of first sentences are right, cited or not (accuracy@1) 1 of 3; 95 % interval 6–79 %",
        "100 % of unanswerable questions are left unanswered 1 of 1; 95 % interval 21–100 %",
        "50 % are decided correctly: a right sentence is cited, or none where none answers 2 of 4; 95 % interval 15–85 %",
        "100 % of citations equal the stored text character for character 2 of 2; 95 % interval 34–100 %",
        "20 ms is what half of the questions take at most 19 of 20 take at most 20 ms",
    ]


def test_each_bar_of_what_was_lost_leads_to_its_questions(file: Path) -> None:
    report = page(file, [RUN])
    bars = {words(bar.find("span[@class='stage-name']")): bar for bar in report.xpath("//ol[@class='funnel']/li")}
    assert list(bars) == ["search", "merged", READ, ANSWER, "found"]
    assert {name: words(bar.find("span[@class='count']")) for name, bar in bars.items()} == {
        "search": "1 33 %",
        "merged": "0 0 %",
        READ: "1 33 %",
        ANSWER: "0 0 %",
        "found": "1 33 %",
    }
    (anchor,) = bars["search"].xpath(".//a/@href")
    assert listed(report, f"//ol[@id='{anchor[1:]}']//span[@class='asked']") == ["What burned?"]
    assert bars["merged"].xpath(".//a") == []


def test_every_link_leads_somewhere_in_the_page_and_every_id_is_there_once(file: Path) -> None:
    report = page(file, [RUN, OTHER], compared=True)
    ids = report.xpath("//@id")
    assert len(set(ids)) == len(ids)
    links = set(report.xpath("//a/@href"))
    assert links
    assert {link[1:] for link in links} <= set(ids)


def test_a_trace_marks_what_is_judged_in_the_passages(file: Path) -> None:
    report = page(file, [RUN])
    (case,) = [case for case in report.xpath("//details[@class='case']") if "When did the mill close?" in words(case)]
    assert "answered at 0.90, wrong" in words(case.find("summary"))
    assert set(listed(case, ".//mark")) == {"1952"}
    assert "score 0.750, right" in words(case)
    assert "The mill" in listed(case, ".//span[@class='title']")


def test_without_texts_there_are_ids_and_offsets(file: Path) -> None:
    nothing = Texts({}, GivenArticles(()), notes=("Questions are shown by their ids alone.",))
    report = page(file, [RUN], nothing)
    assert "Questions are shown by their ids alone." in words(report)
    assert "q2" in listed(report, "//details[@class='case']/summary/span[@class='asked']")
    assert "art_1 0–71" in words(report)
    assert report.xpath("//mark") == []


def test_several_runs_show_the_questions_won_and_lost_with_both_answers(file: Path) -> None:
    report = page(file, [RUN, OTHER], compared=True)
    won, lost = report.xpath("//details[ol[@class='changes']]")
    assert words(won.find("summary")) == "Won: 1"
    assert words(lost.find("summary")) == "Lost: 1"
    (change,) = lost.xpath(".//ol/li")
    assert words(change.find("p[@class='asked']")) == "Who kept the keys?"
    assert "Expected: Ada Thorn" in words(change)
    assert [words(verdict) for verdict in change.xpath(".//span[starts-with(@class, 'verdict')]")] == [
        "answered at 0.80, right",
        "answered at 0.80, wrong",
    ]


def test_runs_of_one_name_are_told_apart(file: Path) -> None:
    twins = [RUN, replace(OTHER, facts=RUN.facts)]
    report = page(file, twins, compared=True)
    assert words(report.find(".//h1")) == "before (1) and before (2)"
    assert "Won and lost: before (2) against before (1)" in words(report)


def test_a_run_that_only_searched_has_a_report(file: Path) -> None:
    searched = Run(
        replace(RUN.facts, stages=("merged",), read_passages=None, seconds=0.0, index=None, settings={}),
        tuple(replace(one, answer=None, timings_ms={}, stages={"merged": one.stages["merged"]}) for one in RUN.outcomes),
    )
    report = page(file, [searched])
    assert len(report.xpath("//figure")) == 1
    assert len(report.xpath("//ul[@class='headlines']/li")) == 1


def test_the_order_of_passages_after_reading_is_told_from_that_of_sentences(file: Path) -> None:
    said = "after_reading orders the passages that were read by their best sentences"
    assert said not in words(page(file, [RUN]))
    ordered = Run(
        replace(RUN.facts, stages=("merged", AFTER_READING, READ, ANSWER)),
        tuple(replace(one, stages={**one.stages, AFTER_READING: one.stages["merged"]}) for one in RUN.outcomes),
    )
    report = page(file, [ordered])
    assert said in words(report)
    assert {"merged", AFTER_READING, READ} <= set(listed(report, "//section[@id='measures']//thead//th"))


def test_a_run_without_questions_has_a_report(file: Path) -> None:
    assert words(page(file, [replace(RUN, outcomes=())]).find(".//h1")) == "before"


@pytest.mark.parametrize(
    "hostile",
    ['"><img src=x onerror=alert(1)>', "<script>alert(1)</script>", "</style><script>alert(1)</script>", "{{ 7 * 7 }}", "$x^{"],
)
def test_hostile_words_stay_text_wherever_they_stand(file: Path, hostile: str) -> None:
    question = replace(QUESTIONS["q2"], question=hostile, answers=(hostile,), earlier_questions=(hostile,))
    facts = replace(RUN.facts, name=hostile, notes=(hostile,), settings={hostile: hostile}, stages=(hostile, READ, ANSWER))
    article = Article(id="art_1", given_id="mill", title=hostile, text=f"{hostile} {TEXT}", source=hostile)
    renamed = tuple(
        replace(one, kind=f"{hostile}{one.id}", stages={hostile: one.stages["merged"], **one.stages}) for one in RUN.outcomes
    )
    joined = Texts({**QUESTIONS, "q2": question}, GivenArticles([article]), notes=(hostile,))
    report = page(file, [Run(facts, renamed)], joined)
    assert report.xpath("//script | //img | //*[@onerror]") == []
    assert words(report.find(".//h1")) == hostile
    assert hostile in listed(report, "//details[@class='case']/summary/span[@class='asked']")


def test_the_page_asks_for_nothing_and_forbids_it(file: Path) -> None:
    report = page(file, [RUN])
    (policy,) = report.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    assert report.xpath("//script | //link[@rel='stylesheet'] | //iframe | //object") == []
    assert [address for address in report.xpath("//@src | //link/@href") if not address.startswith("data:")] == []
    assert "url(" not in re.sub(r"url\(#", "", file.read_text("utf-8"))
    assert "@import" not in file.read_text("utf-8")


def test_equal_runs_give_equal_bytes(file: Path) -> None:
    page(file, [RUN, OTHER], compared=True)
    first = file.read_bytes()
    page(file, [RUN, OTHER], compared=True)
    assert file.read_bytes() == first


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be written") as raised:
        write_report([RUN], tmp_path, texts=texts())
    assert str(tmp_path) in str(raised.value)


def test_no_runs_and_comparisons_of_other_runs_are_refused(file: Path) -> None:
    with pytest.raises(ValueError, match="at least one run"):
        write_report([], file, texts=texts())
    with pytest.raises(ValueError, match="1 runs have 0 comparisons"):
        write_report([RUN], file, texts=texts(), comparisons=compare_all([RUN, OTHER]))


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.0, "0"), (0.0001, "< 0.1"), (0.004, "0.4"), (0.834, "83"), (0.996, "99.6"), (0.9999, "> 99.9"), (1.0, "100")],
)
def test_only_all_is_100_per_cent_and_only_none_is_0(share: float, written: str) -> None:
    assert percent(share) == f"{written}\u202f%"
