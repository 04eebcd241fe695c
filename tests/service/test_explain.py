"""Every candidate of a question, and where an article fell out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from qa.api.explanation import explanation_shape
from qa.api.feature_words import FEATURE_WORDS
from qa.base.errors import ArticleNotFound
from qa.base.explanations import ArticleFate, Explanation, Fate, NotChosen
from qa.base.stages import AFTER_READING
from qa.base.types import Article, Filters
from qa.corpus.articles import make_article
from qa.search.features import FEATURES
from qa.search.searchers import Searcher
from qa.service import standings
from qa.service.question import AnswerRequest
from qa.service.service import Service

GRAIN = "How many tonnes of grain did the port handle?"
LEDGER, COURIER, PARROT = "port-record-ledger", "port-record-courier", "parrot-tram"
REPORT = (
    "The dredger Groundling left the quay at dawn. It will deepen the outer channel by two metres before the winter storms. "
    "The port authority pays 4.7 million crowns for the work. Captain Ines Maro leads the crew of eleven."
)


@pytest.fixture(scope="module")
def service(sample_index: Path, open_service: Callable[..., Service]) -> Service:
    return open_service(sample_index)


@pytest.fixture(scope="module")
def lenient(sample_index: Path, open_service: Callable[..., Service]) -> Service:
    """One whose answers cite whatever was read and says something new."""
    return open_service(sample_index, threshold=0.0, answered_threshold=1.0)


@pytest.fixture
def made(tmp_path: Path, open_service: Callable[..., Service]) -> Callable[..., Service]:
    """The Service of a new index of these texts, each under its title as its id."""

    def make(texts: dict[str, str], **settings: object) -> Service:
        service = open_service(tmp_path / "made", **settings)
        service.add_articles(make_article(text, given_id=title, title=title) for title, text in texts.items())
        return service

    return make


def fate_of(service: Service, article: str, question: str = GRAIN, **asked: object) -> ArticleFate:
    fate = service.explain(AnswerRequest(question, **asked), article=article).article  # type: ignore[arg-type]
    assert fate is not None
    return fate


def because(service: Service, article: str, question: str = GRAIN, **asked: object) -> str:
    """What is said of the article in words."""
    shape = explanation_shape(service.explain(AnswerRequest(question, **asked), article=article))  # type: ignore[arg-type]
    assert shape.article is not None
    return shape.article.because


# Candidates


def test_every_passage_that_any_stage_ranked_is_a_candidate_with_its_rank_and_score(service: Service) -> None:
    explanation = service.explain(AnswerRequest(GRAIN))
    trace = explanation.answer.trace
    found = {passage.passage.id: passage for passage in explanation.passages}
    assert len(found) == len(explanation.passages) > 20
    for ranking in trace.rankings:
        for rank, hit in enumerate(ranking.hits, start=1):
            assert found[hit.passage_id].stages[ranking.scorer] == (rank, hit.score)
    last = [hit.passage_id for hit in trace.rankings[-1].hits]
    assert [passage.passage.id for passage in explanation.passages[: len(last)]] == last
    assert explanation.article is None


def test_the_passages_that_were_read_have_their_order_after_reading(service: Service) -> None:
    explanation = service.explain(AnswerRequest(GRAIN))
    read = [passage for passage in explanation.passages if passage.is_read]
    assert read == list(explanation.passages[: service.settings.read_passages])
    assert sorted(passage.stages[AFTER_READING][0] for passage in read) == list(range(1, 1 + len(read)))
    best = min(read, key=lambda passage: passage.stages[AFTER_READING])
    assert best.stages[AFTER_READING][1] == explanation.answer.trace.evidence[0].score


def test_explaining_gives_the_answer_that_asking_gives(service: Service) -> None:
    asked_at = datetime(2025, 4, 14, tzinfo=UTC)
    answer, explained = service.ask(GRAIN, asked_at=asked_at), service.explain(AnswerRequest(GRAIN, asked_at)).answer
    assert (answer.text, answer.trace.rankings, answer.trace.evidence) == (
        explained.text,
        explained.trace.rankings,
        explained.trace.evidence,
    )


# Where an article fell out


def test_an_article_of_which_a_sentence_is_cited_is_cited(service: Service) -> None:
    fate = fate_of(service, LEDGER)
    assert (fate.fate, fate.citations) == (Fate.CITED, (1,))
    assert because(service, LEDGER) == "It is cited: [1]."


@pytest.mark.parametrize(
    ("filters", "failed"),
    [
        (Filters(sources=("Varrow Courier",)), ("sources", "source “Varrow Courier”", "The Eastland Ledger")),
        (Filters(language="de"), ("language", "language de", "en")),
        (Filters(article_ids=(COURIER,)), ("article_ids", f"article {COURIER}", LEDGER)),
        (Filters(published_to=date(2020, 1, 1)), ("published_to", "published until 1 January 2020", "2025-01-")),
        (Filters(as_of=date(2020, 1, 1)), ("as_of", "as of 1 January 2020", "2025-01-")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_an_article_that_a_filter_leaves_out_has_the_filter_and_its_own_value(
    service: Service, filters: Filters, failed: tuple[str, str, str]
) -> None:
    fate = fate_of(service, LEDGER, filters=filters)
    assert fate.fate is Fate.FILTERED_OUT
    (one,) = fate.failed_filters
    assert (one.field, one.wanted) == failed[:2]
    assert one.found is not None and one.found.startswith(failed[2])


def test_only_the_filters_that_it_does_not_pass_are_named(service: Service) -> None:
    filters = Filters(sources=("The Eastland Ledger",), language="de", published_from=date(2026, 1, 1))
    assert [failed.field for failed in fate_of(service, LEDGER, filters=filters).failed_filters] == ["published_from", "language"]
    assert because(service, LEDGER, filters=Filters(sources=("cnn",))) == (
        "A filter leaves it out: source “cnn” was asked for, and its source is “The Eastland Ledger”."
    )


def test_the_day_of_a_question_asked_in_the_past_is_a_filter_too(service: Service) -> None:
    fate = fate_of(service, LEDGER, asked_at=datetime(2024, 6, 1, tzinfo=UTC))
    assert (fate.fate, fate.failed_filters[0].field) == (Fate.FILTERED_OUT, "as_of")


def test_an_article_that_no_search_brought_has_its_ranks_over_the_whole_index_and_the_words_it_lacks(
    sample_index: Path, open_service: Callable[..., Service]
) -> None:
    few = open_service(sample_index, candidates=1)
    fate = fate_of(few, PARROT)
    assert fate.fate is Fate.NOT_A_CANDIDATE
    assert fate.words is not None and fate.words.missing == ("tonnes", "grain", "port", "handle")
    dense = fate.standings[0]
    assert dense.rank is not None and 1 < dense.rank <= dense.of == few.counts().passages
    assert dense.score is not None and dense.last_score is not None and dense.score < dense.last_score
    assert "No search brought it." in because(few, PARROT) and "It lacks “tonnes”" in because(few, PARROT)


def test_an_article_whose_best_passage_repeats_another_is_a_near_duplicate_of_it(made: Callable[..., Service]) -> None:
    twice = made({"First report": REPORT, "Second report": REPORT, "Other": "The library opens at nine. It closes at five."})
    question = "Who leads the crew of the dredger Groundling?"
    explanation = twice.explain(AnswerRequest(question, threshold=0.0))
    ((kept, repeated),) = [
        (passage.near_duplicate_of, passage) for passage in explanation.passages if passage.near_duplicate_of is not None
    ]
    fate = fate_of(twice, repeated.article.id, question, threshold=0.0)
    assert fate.fate is Fate.NEAR_DUPLICATE
    assert fate.near_duplicate_of is not None and fate.near_duplicate_of.passage.id == kept
    assert fate.also_in == tuple(citation.number for citation in explanation.answer.citations) != ()


def test_an_article_behind_those_that_are_read_is_outranked_by_them(service: Service) -> None:
    passages = service.explain(AnswerRequest(GRAIN)).passages
    read = {passage.article.id for passage in passages if passage.is_read}
    behind = next(passage.article.given_id for passage in passages if passage.article.id not in read)
    fate = fate_of(service, behind)
    assert fate.fate is Fate.OUTRANKED
    assert fate.best is not None and fate.best.article.given_id == behind
    assert [passage.stages["distinct"][0] for passage in fate.ahead] == list(range(1, 1 + service.settings.read_passages))
    rank = fate.best.stages["distinct"][0]
    assert f"its best passage came {rank}" in because(service, behind)


def test_a_best_sentence_below_the_threshold_was_read_and_not_chosen(service: Service) -> None:
    fate = fate_of(service, LEDGER, threshold=1.0)
    assert (fate.fate, fate.not_chosen, fate.needed) == (Fate.NOT_CHOSEN, NotChosen.BELOW_THRESHOLD, 1.0)
    assert fate.sentence is not None and fate.sentence.quote in fate.article.text
    assert fate.chosen is not None and fate.chosen.probability >= fate.sentence.probability


def test_a_best_sentence_that_says_what_is_cited_already_repeats(lenient: Service) -> None:
    fate = fate_of(lenient, COURIER, max_citations=10)
    assert (fate.fate, fate.not_chosen) == (Fate.NOT_CHOSEN, NotChosen.REPEATS)
    assert 1 in fate.also_in
    said = because(lenient, COURIER, max_citations=10)
    assert "but most of its words stand in what is cited already. It has the words of [1]" in said


def test_a_best_sentence_behind_as_many_as_the_answer_may_cite_meets_the_limit(lenient: Service) -> None:
    passages = lenient.explain(AnswerRequest(GRAIN, max_citations=1)).passages
    read = dict.fromkeys(passage.article.given_id for passage in passages if passage.is_read)
    fates = [fate_of(lenient, id_, max_citations=1) for id_ in read]
    assert sorted(fate.fate for fate in fates) == [Fate.CITED, *[Fate.NOT_CHOSEN] * (len(read) - 1)]
    assert {fate.not_chosen for fate in fates} == {None, NotChosen.LIMIT}


def test_an_article_without_a_sentence_that_may_be_cited_was_read_in_vain(made: Callable[..., Service]) -> None:
    line = "The port handled 2.2 million tonnes of grain."
    one = made({"Port": line})
    one.overrule(line, boilerplate=True)
    fate = fate_of(one, "Port")
    assert (fate.fate, fate.not_chosen, fate.sentence) == (Fate.NOT_CHOSEN, NotChosen.NOT_CITABLE, None)
    assert "nothing in it can be cited" in because(one, "Port")


def test_an_article_without_passages_cannot_be_found(made: Callable[..., Service]) -> None:
    both = made({"Empty": "Share this article on Facebook.", "Full": REPORT})
    assert fate_of(both, "Empty", "Who leads the crew?").fate is Fate.NO_PASSAGES


def test_where_nothing_was_asked_nothing_was_searched(service: Service) -> None:
    assert fate_of(service, LEDGER, "Thanks!").fate is Fate.NOT_SEARCHED
    assert because(service, LEDGER, "Thanks!") == "Nothing was searched: nothing was asked about the articles."


def test_an_article_that_is_not_there_is_refused(sample_copy: Path, open_service: Callable[..., Service]) -> None:
    service = open_service(sample_copy)
    service.remove(PARROT)
    for gone in ("nobody", PARROT):
        with pytest.raises(ArticleNotFound, match=gone):
            service.explain(AnswerRequest(GRAIN), article=gone)


def test_either_id_names_the_article(service: Service) -> None:
    id_ = service.article(LEDGER)[0].article.id
    assert fate_of(service, id_).article == fate_of(service, LEDGER).article


# What the ranker made of a candidate


def test_the_features_of_a_candidate_add_up_to_its_score(service: Service) -> None:
    ranker = service.engine.ranker
    assert ranker is not None
    for passage in service.explain(AnswerRequest(GRAIN)).passages:
        assert {moved.feature for moved in passage.moved} == set(FEATURES)
        assert ranker.base + sum(moved.by for moved in passage.moved) == pytest.approx(passage.stages["ranked"][1], abs=1e-3)
        sizes = [abs(moved.by) for moved in passage.moved]
        assert sizes == sorted(sizes, reverse=True)


def test_an_outranked_article_differs_from_the_first_by_features_that_add_up(service: Service) -> None:
    passages = service.explain(AnswerRequest(GRAIN)).passages
    read = {passage.article.id for passage in passages if passage.is_read}
    fate = fate_of(service, next(passage.article.id for passage in passages if passage.article.id not in read))
    assert fate.best is not None
    ahead = passages[0].stages["ranked"][1] - fate.best.stages["ranked"][1]
    assert -sum(one.by for one in fate.differences) == pytest.approx(ahead, abs=1e-3)
    assert f"Most against it: {FEATURE_WORDS[fate.differences[0].feature]}" in because(service, fate.article.id)


def test_every_feature_has_words_for_people() -> None:
    assert set(FEATURE_WORDS) == set(FEATURES)


def test_without_a_ranker_the_merged_order_is_explained(sample_index: Path, open_service: Callable[..., Service]) -> None:
    plain = open_service(sample_index, ranker="none")
    explanation = plain.explain(AnswerRequest(GRAIN), article=LEDGER)
    assert {passage.moved for passage in explanation.passages} == {()}
    assert explanation.article is not None and explanation.article.best is not None


@pytest.mark.parametrize(("ranker", "lexical"), [("qa-ranker", 20), ("none", 10)])
def test_a_search_takes_as_many_passages_as_become_candidates(
    sample_index: Path, open_service: Callable[..., Service], ranker: str, lexical: int
) -> None:
    ten = open_service(sample_index, ranker=ranker, candidates=10)
    assert [stood.brought for stood in fate_of(ten, LEDGER).standings] == [10, lexical]


# Ranks over the whole index


@pytest.mark.parametrize("first_depth", [1_000, 1], ids=["in one search", "in deeper and deeper searches"])
@pytest.mark.parametrize("filters", [Filters(), Filters(sources=("Varrow Courier",))], ids=["all", "of one source"])
def test_an_article_stands_where_ranking_every_passage_puts_its_best(
    service: Service,
    sample_articles: list[Article],
    monkeypatch: pytest.MonkeyPatch,
    first_depth: int,
    filters: Filters,
) -> None:
    monkeypatch.setattr(standings, "_FIRST_DEPTH", first_depth)
    vector = service.engine.encode(GRAIN).vector
    with service.snapshot() as snapshot:
        seen = (snapshot.store, snapshot.hidden, snapshot.selected(filters))
        every = service.counts().passages
        whole = {
            "dense": Searcher("dense", snapshot.vectors, *seen).search(GRAIN, vector, k=every).hits,
            "lexical": Searcher("lexical", snapshot.postings, *seen).search(GRAIN, GRAIN, k=every).hits,
        }
    for article in sample_articles[::5]:
        if filters and article.source != "Varrow Courier":
            continue
        for stood in fate_of(service, article.given_id, filters=filters).standings:
            ids = [hit.passage_id for hit in whole[stood.stage]]
            own = [rank for rank, id_ in enumerate(ids, start=1) if id_.startswith(f"{article.id}@")]
            assert stood.rank == (own[0] if own else None)
            if stood.rank is not None and stood.passage is not None and stood.score is not None:
                assert stood.passage.id == ids[stood.rank - 1]
                assert stood.score == pytest.approx(whole[stood.stage][stood.rank - 1].score, abs=1e-6)


def test_equal_passages_stand_by_their_ids_as_in_a_ranking(made: Callable[..., Service]) -> None:
    same = made({"a": "The mayor cut a rope.", "b": "The mayor cut a rope."}, title_tokens=0)
    ranks = {title: fate_of(same, title, "Who cut a rope?").standings[0].rank for title in ("a", "b")}
    first, second = sorted(("a", "b"), key=lambda title: same.article(title)[0].article.id)
    assert (ranks[first], ranks[second]) == (1, 2)


# Words


def test_words_are_told_apart_by_where_they_stand(made: Callable[..., Service]) -> None:
    long = (
        "The dredgers moved sand. " + "It rained on the quay and the boats stayed in. " * 40 + "The harbour's crane was repaired."
    )
    one = made({"Port news": long})
    words = fate_of(one, "Port news", "When will the harbour's dredger move sand, repairs or zeppelins?").words
    assert words is not None
    assert {"dredger", "move", "sand"} <= set(words.in_passage)
    assert {"harbour", "repairs"} <= set(words.elsewhere)
    assert words.missing == ("zeppelins",)


def test_words_are_compared_in_the_language_of_the_article(service: Service) -> None:
    words = fate_of(service, "winterfahrplan-skerrin", "Who died?").words
    assert words is not None and words.missing == ("died",)  # and is not the German article "die"


def test_the_explanation_is_the_same_as_json(service: Service) -> None:
    explanation: Explanation = service.explain(AnswerRequest(GRAIN), article=COURIER)
    shape = explanation_shape(explanation)
    assert [one.passage_id for one in shape.candidates] == [one.passage.id for one in explanation.passages]
    assert [one.text for one in shape.sentences] == [one.quote for one in explanation.answer.trace.evidence]
    assert shape.article is not None and explanation.article is not None
    assert shape.article.fate is explanation.article.fate
    assert np.isclose(shape.sentences[0].score, explanation.answer.trace.evidence[0].score, atol=1e-4)
