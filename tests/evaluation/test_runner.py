"""Sets asked of the sample index, with the real encoder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa.base.errors import DatasetError, RunError
from qa.base.protocols import Encoder
from qa.base.settings import groups, load_settings
from qa.base.stages import AFTER_READING, ANSWER, READ, SEARCH_STAGES, STAGES
from qa.base.types import Article, Ranking, Status
from qa.evaluation.articles import GivenArticles
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.figures import figures, losses
from qa.evaluation.indexes import IndexPlan, plan_index, set_articles
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion
from qa.evaluation.runner import Plan, judge_trec_run, run_set, taken
from qa.evaluation.runs import RECORDED_SETTINGS, Run, read_run, write_run
from qa.evaluation.trec_runs import read_trec_run, trec_lines
from qa.service.service import Service

SAMPLES = Path(__file__).parents[2] / "qa" / "evaluation" / "samples"
SEARCH = Plan(stages=SEARCH_STAGES)


@pytest.fixture(scope="session")
def samples() -> Dataset:
    return read_dataset(SAMPLES)


@pytest.fixture(scope="session")
def own_index(added_samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set's articles under the ids that the product gives them."""
    return Path(shutil.copytree(added_samples, tmp_path_factory.mktemp("evaluation") / "index"))


@pytest.fixture(scope="session")
def open_own(encoder: Encoder, services: list[Service]) -> Callable[[Path], Service]:
    """The Service of a copy of it, by the rule that it was cut with."""

    def open_(folder: Path) -> Service:
        services.append(Service(load_settings(index=folder, read_passages=3), encoder=encoder))
        return services[-1]

    return open_


@pytest.fixture(scope="session")
def service(own_index: Path, open_own: Callable[[Path], Service]) -> Service:
    return open_own(own_index)


@pytest.fixture
def own_copy(own_index: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(own_index, tmp_path / "copy"))


def run(dataset: Dataset, service: Service, plan: Plan = SEARCH, index: IndexPlan | None = None) -> Run:
    return run_set(dataset, service, plan, index=index or IndexPlan(service.folder, {}, False, ()), progress=lambda *_: None)


@pytest.fixture(scope="session")
def searched(samples: Dataset, service: Service) -> Run:
    return run(samples, service)


def value(made: Run, stage: str, measure: str) -> float:
    return next(figure.value for figure in figures(made) if (figure.stage, figure.measure) == (stage, measure))


def questions(dataset: Dataset, *asked: JudgedQuestion) -> Dataset:
    return replace(dataset, questions=asked)


def test_every_question_of_the_set_has_an_outcome_in_its_order(samples: Dataset, searched: Run) -> None:
    assert [outcome.id for outcome in searched.outcomes] == [question.id for question in samples.questions]
    assert searched.facts.dataset.questions == 126
    assert searched.facts.index is not None and searched.facts.index.articles == 44
    assert sum(outcome.ranked for outcome in searched.outcomes) == 106


def test_searching_alone_reads_nothing(searched: Run) -> None:
    assert searched.facts.stages == SEARCH_STAGES
    assert searched.facts.read_passages is None
    assert all(outcome.answer is None and set(outcome.stages) == set(SEARCH_STAGES) for outcome in searched.outcomes)
    assert all(set(outcome.timings_ms) == {"encode", "search", "total"} for outcome in searched.outcomes)


def test_a_run_holds_the_settings_that_change_its_figures_and_no_others(searched: Run) -> None:
    assert tuple(searched.facts.settings) == RECORDED_SETTINGS
    stages = [name for group in ("index", "search", "answer") for name in groups()[group]]
    unmeasured = {"index", "keep_answers_days"}
    assert [name for name in RECORDED_SETTINGS if name in stages] == [name for name in stages if name not in unmeasured]


def test_the_judged_passage_of_a_question_is_found_where_its_hit_stands(samples: Dataset, searched: Run) -> None:
    by_id = {question.id: question for question in samples.questions}
    articles = GivenArticles(set_articles(samples))
    seen = 0
    for outcome in searched.outcomes:
        held = outcome.stages["merged"]
        if held.first_rank is not None and held.first_rank <= len(held.hits):
            seen += 1
            hit = held.hits[held.first_rank - 1]
            judged = [
                one
                for one in by_id[outcome.id].judgements
                if articles.article(one.article_id) == articles.article(hit.article_id)
            ]
            assert any(one.span is not None and one.span.overlaps(hit.span) for one in judged)
    assert seen > 90


def test_asking_finds_what_searching_finds_and_measures_reading_and_answers(
    samples: Dataset, service: Service, searched: Run
) -> None:
    some = questions(samples, *samples.questions[:4], samples.questions[-1])
    answered = run(some, service, Plan())
    assert answered.facts.stages == STAGES
    for outcome, before in zip(answered.outcomes[:4], searched.outcomes[:4], strict=True):
        assert set(outcome.stages) == {*SEARCH_STAGES, AFTER_READING, READ, ANSWER}
        assert outcome.stages["lexical"] == before.stages["lexical"]
        assert outcome.answer is not None and outcome.answer.exact_citations == outcome.answer.citations
        assert outcome.answer.best_right == (outcome.stages[READ].first_rank == 1)
        assert outcome.answer.citations == len(outcome.stages[ANSWER].hits)
        assert (outcome.answer.status is Status.NOT_FOUND) == (outcome.answer.citations == 0)
    assert sum(len(loss.question_ids) for loss in losses(answered)) == sum(outcome.ranked for outcome in answered.outcomes)


def test_a_limit_takes_questions_evenly(samples: Dataset, service: Service) -> None:
    assert [question.id for question in taken(samples, 3)] == ["q001", "q043", "q085"]
    assert taken(samples, None) == taken(samples, 500) == samples.questions
    made = run(samples, service, replace(SEARCH, limit=3))
    assert (made.facts.limit, made.facts.dataset.questions) == (3, 3)


def test_conversations_are_asked_as_typed_or_in_the_human_wording(samples: Dataset, service: Service) -> None:
    follow_ups = questions(samples, *(question for question in samples.questions if question.standalone_question))
    typed, human = run(follow_ups, service), run(follow_ups, service, replace(SEARCH, wording="standalone"))
    assert value(typed, "wording", "F1") < 0.7
    assert value(human, "wording", "F1") == 1
    assert value(human, "merged", "MRR@10") > value(typed, "merged", "MRR@10")


def test_the_passages_that_were_read_are_ranked_by_their_best_sentences(samples: Dataset, service: Service) -> None:
    some = questions(samples, *samples.questions[:4])
    made = run(some, service, Plan(stages=("distinct", AFTER_READING, READ), kept=100))
    for outcome in made.outcomes:
        read = outcome.stages["distinct"].hits[: service.settings.read_passages]
        passages, sentences = outcome.stages[AFTER_READING].hits, outcome.stages[READ].hits
        assert {(hit.article_id, hit.span) for hit in passages} == {(hit.article_id, hit.span) for hit in read}
        for passage in passages:
            inside = [one for one in sentences if one.article_id == passage.article_id and passage.span.contains(one.span)]
            assert passage.score == max(one.score for one in inside)
        assert [hit.score for hit in passages] == sorted((hit.score for hit in passages), reverse=True)


def test_a_wording_that_the_set_lacks_is_refused(samples: Dataset, service: Service) -> None:
    alone = questions(samples, samples.questions[0])
    with pytest.raises(DatasetError, match="No question of this set has a stand-alone wording"):
        run(alone, service, replace(SEARCH, wording="standalone"))


def test_a_stage_that_there_is_not_is_refused(samples: Dataset, service: Service) -> None:
    stages = "dense, lexical, merged, ranked, distinct, after_reading, read, answer"
    with pytest.raises(DatasetError, match=f"There is no stage 'rerank'; there are {stages}"):
        run(samples, service, Plan(stages=("rerank",)))


@pytest.mark.parametrize("plan", [SEARCH, Plan()], ids=["searching", "asking"])
def test_a_question_that_cannot_be_asked_counts_as_missed_and_is_told(samples: Dataset, service: Service, plan: Plan) -> None:
    first, second = samples.questions[:2]
    made = run(questions(samples, first, replace(second, question="rope " * 300)), service, plan)
    assert made.facts.notes[0].startswith(
        f"1 questions could not be asked and count as missed, first {second.id}: The question has "
    )
    assert made.outcomes[0].stages and not made.outcomes[1].stages
    assert value(made, "merged", "success@50") == 1 / 2
    if plan.reads:
        assert made.outcomes[1].answer is not None and made.outcomes[1].answer.status is Status.NOT_FOUND
        assert value(made, ANSWER, "answered") <= 1 / 2


def test_progress_and_rankings_are_told_of_every_question(samples: Dataset, service: Service) -> None:
    told: list[tuple[int, int]] = []
    ranked: dict[str, Sequence[Ranking]] = {}
    some = questions(samples, *samples.questions[:70])  # more than one batch
    index = IndexPlan(service.folder, {}, False, ())
    run_set(some, service, SEARCH, index=index, progress=lambda *at: told.append(at), rankings=ranked.__setitem__)
    assert told == [(done, 70) for done in range(1, 71)]
    assert list(ranked) == [question.id for question in some.questions]
    assert all([ranking.scorer for ranking in rankings] == list(SEARCH_STAGES) for rankings in ranked.values())


def test_a_run_that_went_out_as_trec_comes_back_with_the_same_figures(
    samples: Dataset, service: Service, searched: Run, tmp_path: Path
) -> None:
    file = tmp_path / "distinct.trec"
    with file.open("w", encoding="utf-8") as stream:

        def keep(question_id: str, rankings: Sequence[Ranking]) -> None:
            stream.writelines(f"{line}\n" for line in trec_lines(question_id, rankings[-1]))

        index = IndexPlan(service.folder, {}, False, ())
        run_set(samples, service, SEARCH, index=index, progress=lambda *_: None, rankings=keep)
    articles = GivenArticles(set_articles(samples))
    judged = judge_trec_run(samples, read_trec_run(file, articles), articles, path=file, kept=3)
    assert judged.facts.notes == () and judged.facts.index is None
    for outcome, ours in zip(judged.outcomes, searched.outcomes, strict=True):
        assert outcome.stages["distinct"].found == ours.stages["distinct"].found
        assert outcome.stages["distinct"].missed == ours.stages["distinct"].missed


def test_questions_that_a_trec_run_forgot_or_made_up_are_counted(samples: Dataset, tmp_path: Path) -> None:
    file = tmp_path / "some.trec"
    file.write_text("q001 Q0 ferry-terminal-opens 1 2.0 tag\nq999 Q0 ferry-terminal-opens 1 2.0 tag\n", "utf-8")
    articles = GivenArticles(set_articles(samples))
    judged = judge_trec_run(samples, read_trec_run(file, articles), articles, path=file, kept=3)
    assert judged.facts.notes == (
        "125 of the set's 126 questions are not in the run; they count as missed",
        "1 questions of the run are not in the set and are left out",
    )
    assert value(judged, "tag", "success@1") == pytest.approx(1 / 106)
    assert not any(figure.stage == "wording" for figure in figures(judged))  # nobody knows what was searched for
    file.write_text("x Q0 ferry-terminal-opens 1 2.0 tag\n", "utf-8")
    with pytest.raises(RunError, match="None of the 1 questions of"):
        judge_trec_run(samples, read_trec_run(file, articles), articles, path=file, kept=3)


def test_a_run_of_an_index_can_be_kept_and_read(searched: Run, tmp_path: Path) -> None:
    write_run(searched, tmp_path / "run.jsonl.gz")
    assert read_run(tmp_path / "run.jsonl.gz") == searched
    held = (tmp_path / "run.jsonl.gz").read_bytes()
    assert len(held) < 150_000


def test_a_run_holds_no_text(samples: Dataset, searched: Run, tmp_path: Path) -> None:
    write_run(searched, tmp_path / "run.jsonl")
    held = (tmp_path / "run.jsonl").read_text("utf-8")
    assert not any(question.question in held for question in samples.questions)
    assert not any(article.title in held for article in set_articles(samples))


# The set and the index


def other_texts(samples: Dataset, change: Callable[[Article], Article | None]) -> Dataset:
    """The set with other articles."""
    changed = [other for article in set_articles(samples) if (other := change(article)) is not None]
    return replace(samples, articles=lambda: changed)


def test_judgements_follow_a_text_that_the_index_holds_otherwise(samples: Dataset, service: Service, searched: Run) -> None:
    moved = other_texts(samples, lambda article: replace(article, text="Words that came before.\n\n" + article.text))
    shifted = replace(
        moved,
        questions=tuple(
            replace(
                question,
                judgements=tuple(
                    replace(one, span=replace(one.span, start=one.span.start + 25, end=one.span.end + 25)) if one.span else one
                    for one in question.judgements
                ),
            )
            for question in samples.questions
        ),
    )
    index = plan_index(shifted, service.folder, own=False)
    assert index.notes == ("44 of the set's 44 articles have another text in the index; judged places are located there",)
    made = run(shifted, service, index=index)
    assert [outcome.stages["merged"].found for outcome in made.outcomes] == [
        outcome.stages["merged"].found for outcome in searched.outcomes
    ]
    assert index.notes[0] in made.facts.notes


def test_what_is_judged_in_articles_that_the_index_lacks_is_told_and_missed(
    samples: Dataset, own_copy: Path, open_own: Callable[[Path], Service]
) -> None:
    service = open_own(own_copy)
    service.remove(["ferry-terminal-opens"], now=True)
    index = plan_index(samples, service.folder, own=False)
    assert index.notes == ("1 of the set's 44 articles are not in the index; what is judged in them counts as missed",)
    made = run(samples, service, index=index)
    assert any("judged articles that are not in the index (such as ferry-terminal-opens)" in note for note in made.facts.notes)
    assert made.outcomes[0].ranked and made.outcomes[0].stages["merged"].found == ()


def test_an_index_of_other_articles_is_refused(samples: Dataset, service: Service) -> None:
    foreign = other_texts(samples, lambda article: replace(article, id=f"other-{article.id}"))
    with pytest.raises(DatasetError, match="holds none of the 44 articles of"):
        plan_index(foreign, service.folder, own=False)


def test_a_set_of_its_own_is_completed(samples: Dataset, own_copy: Path, open_own: Callable[[Path], Service]) -> None:
    assert not plan_index(samples, own_copy, own=True).to_add
    open_own(own_copy).remove(["ferry-terminal-opens"], now=True)
    assert plan_index(samples, own_copy, own=True).to_add
    shutil.rmtree(own_copy)
    assert plan_index(samples, own_copy, own=False).to_add


def test_a_set_with_answer_strings_is_judged_by_whole_words(service: Service, tmp_path: Path) -> None:
    records = [
        {
            "id": "kept",
            "question": "How much did the new Ropewalk Quay ferry terminal cost?",
            "answers": ["23.5 million euros"],
            "articles_with_answer": ["ferry-terminal-opens"],
            "answer_in_articles": True,
            "asked_at": "2024-03-13",
        },
        {
            "id": "nowhere",
            "question": "Who invented the steam engine?",
            "answers": ["Thomas Newcomen"],
            "articles_with_answer": [],
            "answer_in_articles": False,
            "asked_at": "2024-03-13",
        },
    ]
    shutil.copy(SAMPLES / "articles.jsonl", tmp_path)
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    made = run(read_dataset(tmp_path), service, Plan())
    kept, nowhere = made.outcomes
    assert kept.judged_by is JudgedBy.ANSWERS and (kept.items, kept.answerable) == (1, True)
    assert kept.stages["merged"].first_rank == 1 == kept.stages["merged"].any_article_rank
    assert kept.age_days == 30  # published on 12 February
    assert (kept.question_word, kept.answer_type) == ("how much", "number")
    assert (nowhere.items, nowhere.answerable) == (0, False)
    assert nowhere.answer is not None
    assert nowhere.answer.exact_match == float(nowhere.answer.status is Status.NOT_FOUND)
