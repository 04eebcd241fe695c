"""What every answer keeps to, asked through a Service over the sample articles; two tests alone lean on default thresholds."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import pytest

from qa.answer.passage_order import after_reading
from qa.api.answer import AnswerShape, answer_shape, earlier_turn
from qa.api.search import SearchShape, search_shape
from qa.base.errors import ArticleNotFound, ModelError
from qa.base.settings import PACKAGED_READER
from qa.base.types import (
    Answer,
    Article,
    Band,
    DateRange,
    Evidence,
    Filters,
    RankedQuestion,
    Reason,
    Sentence,
    SentenceKind,
    Span,
    Status,
    source_of,
)
from qa.cli.app import main
from qa.conversation import Turn
from qa.corpus.articles import make_article
from qa.evaluation.ranking import ranked_together
from qa.service.service import Service

GRAIN = "How many tonnes of grain did the port handle?"
GRAIN_SENTENCE = "Grain rose by 11 per cent to 2.2 million tonnes."
NONSENSE = "qwzx vbnk plorf"
ASKED_AT = datetime(2025, 4, 14, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def service(sample_index: Path, open_service: Callable[..., Service]) -> Service:
    return open_service(sample_index)


@pytest.fixture(scope="module")
def questions(sample_questions: list[dict[str, object]]) -> list[str]:
    """The 126, each as it stands alone."""
    return [str(record["standalone_question"] or record["question"]) for record in sample_questions]


@pytest.fixture(scope="module")
def shown_always(service: Service, questions: list[str]) -> list[Answer]:
    """Every eighth question, with a threshold that everything passes."""
    return [service.ask(question, threshold=0) for question in questions[::8]]


@pytest.fixture(scope="module")
def middle(shown_always: list[Answer]) -> float:
    """A threshold that about half of the questions pass, whatever the probabilities are."""
    return statistics.median(answer.confidence.probability for answer in shown_always)


@pytest.fixture(scope="module")
def answers(service: Service, questions: list[str], middle: float) -> list[Answer]:
    return [service.ask(question, threshold=middle) for question in questions]


@pytest.fixture(scope="module")
def articles(service: Service) -> dict[str, tuple[Article, list[Sentence]]]:
    return {row.article.id: (row.article, service.article(row.article.id)[1]) for row in service.articles()}


@pytest.fixture
def made(tmp_path: Path, open_service: Callable[..., Service], article: Callable[..., Article]) -> Callable[..., Service]:
    """The Service of a new index that holds these texts under the ids a, b, c …"""

    def make(*texts: str, **facts: str) -> Service:
        service = open_service(tmp_path / "made")
        service.add_articles(article(id_, text, **facts) for id_, text in zip("abcdef", texts, strict=False))
        return service

    return make


def without_what_may_differ(answer: Answer) -> Answer:
    return replace(answer, id="", created_at=answer.asked_at, trace=replace(answer.trace, timings_ms={}))


def read_place(evidence: Evidence) -> tuple[str, int]:
    return evidence.article_id, evidence.sentence_index


# Every answer


def test_all_sample_questions_get_an_answer_and_both_kinds_are_there(answers: list[Answer]) -> None:
    assert len(answers) == 126
    assert min(sum(bool(answer.citations) for answer in answers), sum(bool(answer.nearest) for answer in answers)) >= 20


def test_most_of_what_is_called_an_answer_is_right_and_much_of_what_is_called_weak(
    answers: list[Answer], sample_questions: list[dict[str, object]], service: Service
) -> None:
    threshold, answered = service.settings.threshold, service.settings.answered_threshold
    right: dict[str, list[bool]] = {"answered": [], "weak": []}
    for answer, record in zip(answers, sample_questions, strict=True):
        best, probability = answer.trace.evidence[0], answer.confidence.probability
        if probability >= threshold:
            given_id = service.article(best.article_id)[0].article.given_id
            right["answered" if probability >= answered else "weak"].append(
                any(
                    judged["article_id"] == given_id and best.span.overlaps(Span(judged["start"], judged["end"]))
                    for judged in cast("list[dict[str, Any]]", record["judgements"])
                )
            )
    assert len(right["answered"]) >= 3 and statistics.mean(right["answered"]) >= 0.8
    assert len(right["weak"]) >= 20 and statistics.mean(right["weak"]) >= 0.45


@pytest.mark.parametrize(
    "question",
    [
        "Who is Barack Obama?",
        "Who won the World Cup in 2014?",
        "What is the capital of Mongolia?",
        "how many people live in tokyo",
    ],
)
def test_who_and_what_no_article_names_is_not_found(service: Service, question: str) -> None:
    assert service.ask(question).status is Status.NOT_FOUND


def test_every_citation_stands_at_its_offsets_in_the_version_it_names(
    answers: list[Answer], articles: dict[str, tuple[Article, list[Sentence]]]
) -> None:
    for answer in answers:
        for citation in (*answer.citations, *answer.nearest):
            cited, _ = articles[citation.article_id]
            assert cited.text[citation.span.start : citation.span.end] == citation.quote
            assert cited.text[: citation.span.start].endswith(citation.prefix)
            assert cited.text[citation.span.end :].startswith(citation.suffix)
            assert min(32, citation.span.start) == len(citation.prefix)
            assert min(32, len(cited.text) - citation.span.end) == len(citation.suffix)
            assert (citation.article_digest, citation.article_title) == (cited.digest, cited.title)
            assert (citation.given_id, citation.source.url, citation.source.name) == (cited.given_id, cited.url, cited.source)


def test_a_citation_is_a_whole_sentence_that_may_be_cited_with_the_one_before_it(
    answers: list[Answer], articles: dict[str, tuple[Article, list[Sentence]]]
) -> None:
    for answer in answers:
        for citation in (*answer.citations, *answer.nearest):
            cited, sentences = articles[citation.article_id]
            sentence = sentences[citation.sentence_index]
            assert sentence.span == citation.span
            assert sentence.kind in (SentenceKind.PROSE, SentenceKind.LIST_ITEM)
            before = sentences[sentence.index - 1].span.of(cited.text) if sentence.index else None
            assert citation.text_before == before
            assert citation.sentence_link == f"/articles/{cited.id}?version={cited.digest}#s{sentence.index}"


def test_an_answer_is_not_found_exactly_when_it_cites_nothing(answers: list[Answer]) -> None:
    for answer in answers:
        assert (answer.status is Status.NOT_FOUND) == (not answer.citations) == (answer.reason is not None)
        assert bool(answer.nearest) == (answer.status is Status.NOT_FOUND)
        assert len(answer.nearest) <= 3


def test_an_answers_text_is_its_quotes_each_with_its_number(answers: list[Answer]) -> None:
    for answer in answers:
        if answer.citations:
            assert answer.text == " ".join(f"{citation.quote} [{citation.number}]" for citation in answer.citations)
        else:
            assert answer.text == "Not found in these articles."


def test_citations_are_numbered_from_1_and_no_more_than_four(answers: list[Answer]) -> None:
    for answer in answers:
        assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
        assert [citation.number for citation in answer.nearest] == list(range(1, len(answer.nearest) + 1))
        assert len(answer.citations) <= 4


def test_no_sentence_is_cited_twice_in_an_answer(answers: list[Answer]) -> None:
    for answer in answers:
        quotes = [citation.quote for citation in answer.citations]
        assert len(quotes) == len(set(quotes))


def test_the_best_sentence_comes_first_and_the_others_in_the_order_of_their_articles(
    sample_index: Path, open_service: Callable[..., Service], questions: list[str]
) -> None:
    service = open_service(sample_index, threshold=0, answered_threshold=0)
    several = [answer for question in questions[:20] if len((answer := service.ask(question)).citations) > 2]
    assert several
    for answer in several:
        shown = {(citation.article_id, citation.sentence_index) for citation in answer.citations}
        chosen = [found for found in answer.trace.evidence if read_place(found) in shown]
        order = list(dict.fromkeys(found.article_id for found in chosen))
        places = [(order.index(citation.article_id), citation.span) for citation in answer.citations]
        assert (answer.citations[0].article_id, answer.citations[0].sentence_index) == read_place(answer.trace.evidence[0])
        assert places[1:] == sorted(places[1:])


def test_every_cited_sentence_passes_the_threshold_on_its_own(answers: list[Answer]) -> None:
    for answer in answers:
        probabilities = {read_place(found): found.probability for found in answer.trace.evidence}
        for citation in answer.citations:
            assert probabilities[citation.article_id, citation.sentence_index] >= answer.confidence.threshold


def test_the_confidence_is_that_of_the_best_sentence(answers: list[Answer]) -> None:
    for answer in answers:
        held = answer.confidence
        assert held.probability == answer.trace.evidence[0].probability
        assert (held.probability < held.threshold) == (answer.status is Status.NOT_FOUND)
        assert (held.probability >= held.answered_threshold) == (answer.status is Status.ANSWERED)
        assert held.band is (Band.HIGH if held.probability >= 0.75 else Band.MEDIUM if held.probability >= 0.5 else Band.LOW)


def test_a_trace_ranks_passages_by_each_search_stage(answers: list[Answer]) -> None:
    for answer in answers:
        assert [ranking.scorer for ranking in answer.trace.rankings] == ["dense", "lexical", "merged", "ranked", "distinct"]
        for ranking in answer.trace.rankings:
            keys = [(-hit.score, hit.passage_id) for hit in ranking.hits]
            assert keys == sorted(keys)
            assert 0 < len({hit.passage_id for hit in ranking.hits}) == len(ranking.hits) <= 100
            assert ranking.question == answer.question
        dense, lexical, merged, ranked, kept = ({hit.passage_id for hit in ranking.hits} for ranking in answer.trace.rankings)
        assert merged <= dense | lexical
        assert merged & ranked  # which has passages too that the lexical search found behind the first 100
        assert kept <= ranked


def test_a_trace_holds_what_was_read_of_the_best_passages_once_and_best_first(answers: list[Answer], service: Service) -> None:
    for answer in answers:
        evidence = answer.trace.evidence
        best = {hit.passage_id for hit in answer.trace.rankings[-1].hits[: service.settings.read_passages]}
        assert {found.passage_id for found in evidence} <= best
        assert len({read_place(found) for found in evidence}) == len(evidence)
        scores = [found.score for found in evidence[1:]]  # a statement that leads stands before what is read as better
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= found.probability <= 1 for found in evidence)


def test_a_trace_says_how_long_each_stage_took(answers: list[Answer]) -> None:
    for answer in answers:
        timings = dict(answer.trace.timings_ms)
        assert list(timings) == ["encode", "search", "read", "compose", "total"]
        assert min(timings.values()) >= 0
        assert sum(timings.values()) - timings["total"] <= timings["total"] + 0.001


def test_an_answer_says_what_was_asked_when_and_of_which_state(
    answers: list[Answer], questions: list[str], service: Service
) -> None:
    with service.snapshot() as snapshot:
        generation = snapshot.generation
    assert [answer.question for answer in answers] == questions
    assert len({answer.id for answer in answers}) == len(answers)
    for answer in answers:
        assert answer.standalone_question == answer.question
        assert answer.index_generation == generation
        assert answer.asked_at <= answer.created_at
        assert answer.created_at.tzinfo is UTC


# Determinism


def test_the_same_request_gets_the_same_answer_also_from_a_fresh_service(
    answers: list[Answer], service: Service, sample_index: Path, open_service: Callable[..., Service]
) -> None:
    fresh = open_service(sample_index)
    for answer in answers[::12]:
        for asked in (service, fresh):
            again = asked.ask(answer.question, asked_at=answer.asked_at, threshold=answer.confidence.threshold)
            assert again.id != answer.id
            assert without_what_may_differ(again) == without_what_may_differ(answer)


# What a request may say


def test_with_threshold_0_there_is_always_an_answer_when_there_is_a_sentence(shown_always: list[Answer]) -> None:
    for answer in shown_always:
        assert answer.status in (Status.ANSWERED, Status.WEAK)
        assert answer.citations
        assert (answer.nearest, answer.reason, answer.confidence.threshold) == ((), None, 0)


def test_with_threshold_1_nothing_is_found(service: Service, questions: list[str]) -> None:
    for question in questions[:3]:
        answer = service.ask(question, threshold=1)
        assert answer.status is Status.NOT_FOUND
        assert answer.citations == ()
        assert len(answer.nearest) == 3
        assert answer.confidence.threshold == answer.confidence.answered_threshold == 1


def test_the_nearest_sentences_are_the_best_that_were_read(service: Service) -> None:
    answer = service.ask(GRAIN, threshold=1)
    best = answer.trace.evidence[:3]
    assert [citation.quote for citation in answer.nearest] == [found.quote for found in best]
    assert [citation.score for citation in answer.nearest] == [found.score for found in best]


@pytest.mark.parametrize("most", [1, 2, 10])
def test_no_more_are_cited_than_the_request_says(sample_index: Path, open_service: Callable[..., Service], most: int) -> None:
    service = open_service(sample_index, threshold=0, answered_threshold=0)
    answer = service.ask("What happened to the ferry Eider?", max_citations=most)
    assert 1 <= len(answer.citations) <= most
    if most < 10:
        assert len(answer.citations) == most


def test_settings_count_where_the_request_says_nothing(sample_index: Path, open_service: Callable[..., Service]) -> None:
    strict = open_service(sample_index, threshold=1, answered_threshold=1)
    loose = open_service(sample_index, threshold=0, answered_threshold=0, max_citations=1)
    assert strict.ask(GRAIN).status is Status.NOT_FOUND
    assert strict.ask(GRAIN, threshold=0).status is Status.WEAK
    assert loose.ask(GRAIN).status is Status.ANSWERED
    assert len(loose.ask(GRAIN).citations) == 1


def test_the_time_of_asking_is_echoed_and_now_without_one(service: Service) -> None:
    paris = ASKED_AT.astimezone(timezone(timedelta(hours=2)))
    assert service.ask(GRAIN, asked_at=paris).asked_at == ASKED_AT
    assert answer_shape(service.ask(GRAIN, asked_at=paris)).asked_at == "2025-04-14T08:30:00Z"
    before = datetime.now(UTC)
    assert before <= service.ask(GRAIN).asked_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"asked_at": datetime(2025, 4, 14)}, "asked_at needs a time zone"),
        ({"threshold": -0.01}, "threshold is a probability"),
        ({"threshold": 1.01}, "threshold is a probability"),
        ({"threshold": float("nan")}, "threshold is a probability"),
        ({"max_citations": 0}, "max_citations is at least 1"),
    ],
)
def test_an_option_that_makes_no_sense_is_the_callers_mistake(service: Service, option: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        service.ask(GRAIN, **option)  # type: ignore[arg-type]


def test_bare_words_are_asked_too(service: Service) -> None:
    assert service.ask("grain tonnes per cent", threshold=0, max_citations=1).citations[0].quote == GRAIN_SENTENCE


def test_a_question_loses_only_the_blanks_around_it(service: Service) -> None:
    assert service.ask(f" \n{GRAIN}\t").question == GRAIN


# Reasons


def test_an_index_without_articles_says_so_to_any_question(made: Callable[..., Service]) -> None:
    service = made("The pier has 12 piles.")
    service.remove(["a"])
    for question in ("How many piles has the pier?", "hello"):
        answer = service.ask(question, threshold=0)
        assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.NO_ARTICLES)
        assert (answer.nearest, answer.trace.rankings, answer.trace.evidence) == ((), (), ())
        assert answer.confidence.probability == 0


@pytest.mark.parametrize("text", ["hello", "summarise this", "??!"])
def test_what_is_no_question_is_not_searched_for(service: Service, text: str) -> None:
    answer = service.ask(text, threshold=0)
    assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.NOT_A_QUESTION)
    assert (answer.nearest, answer.trace.rankings) == ((), ())


def test_the_best_sentences_probability_decides_whether_anything_was_close(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlike, alike = service.ask(NONSENSE, threshold=1), service.ask(GRAIN, threshold=1)
    between = statistics.mean((unlike.confidence.probability, alike.confidence.probability))
    monkeypatch.setattr("qa.service.ask._CLOSE_PROBABILITY", between)
    assert service.ask(NONSENSE, threshold=1).reason is Reason.NOTHING_CLOSE
    assert service.ask(GRAIN, threshold=1).reason is Reason.NO_ANSWER_READ


def test_articles_without_a_sentence_that_may_be_cited_have_nothing_close(made: Callable[..., Service]) -> None:
    answer = made("Related News\n\n- Ships\n- Weather").ask("Which ships?", threshold=0)
    assert (answer.status, answer.reason, answer.nearest) == (Status.NOT_FOUND, Reason.NOTHING_CLOSE, ())


# The same sentence elsewhere


def test_a_sentence_that_stands_in_a_near_copy_too_is_cited_once_and_names_the_other_place(service: Service) -> None:
    answer = service.ask(GRAIN, threshold=0)
    cited = answer.citations[0]
    assert cited.quote == GRAIN_SENTENCE
    (place,) = cited.also_in
    assert {cited.article_id, place.article_id} == {"port-record-ledger", "port-record-courier"}
    stored, sentences = service.article(place.article_id)
    other = stored.article
    assert place.span.of(other.text) == place.quote == GRAIN_SENTENCE
    assert sentences[place.sentence_index].span == place.span
    assert (place.article_title, place.article_digest, place.source) == (other.title, other.digest, source_of(other))
    assert [citation.quote for citation in answer.citations].count(GRAIN_SENTENCE) == 1


def test_the_same_sentence_twice_in_one_article_is_not_another_place(made: Callable[..., Service]) -> None:
    (cited,) = (
        made("The crane fell on Monday. It rained. The crane fell on Monday.")
        .ask("When did the crane fall?", threshold=0, max_citations=1)
        .citations
    )
    assert cited.span in (Span(0, 25), Span(37, 62))
    assert cited.also_in == ()


def test_the_same_words_with_other_marks_are_another_place_as_they_stand_there(made: Callable[..., Service]) -> None:
    said = "The crane fell on Monday, the harbour master said."
    again = "“THE CRANE fell\non Monday”, the harbour master said."
    service = made(f"{said} It rained.", f"Nothing else happened there. {again}")
    (cited,) = service.ask("When did the crane fall?", threshold=0, max_citations=1).citations
    (place,) = cited.also_in
    assert {cited.quote, place.quote} == {said, again}


def test_a_few_words_that_stand_everywhere_are_no_other_place(made: Callable[..., Service]) -> None:
    service = made("The crane fell on Monday.", "The crane fell. “No,” he said.", "He came. “No,” he said.")
    cited = service.ask("What did he say when he came?", threshold=0, max_citations=10).citations
    assert [citation.also_in for citation in cited if citation.quote == "“No,” he said."] == [()]


# Copies


WIRE = (
    "The ferry Halcyon sank in the sound of Mull on Tuesday night with 48 people on board. All of them were saved by the "
    "lifeboat of Tobermory. The ferry had struck a rock that is on no chart. Its captain, Fergus Lorne, said that he had heard "
    "nothing."
)
OWN = (
    "Divers of the coast guard have looked at the Halcyon, the ferry that sank on Tuesday. They found a hole of two metres in "
    "her bow. The inspector of wrecks, Una Breck, said that the pilot was asleep."
)


def test_copies_of_an_article_crowd_out_no_other_one(open_service: Callable[..., Service], tmp_path: Path) -> None:
    texts = [f"{WIRE} Reported by {number}." for number in range(150)]
    copies = [make_article(text, given_id=f"copy {number}", title="Ferry sinks") for number, text in enumerate(texts)]
    other = make_article(OWN, given_id="own", title="Wreck examined")
    service = open_service(tmp_path / "index", candidates=20)
    service.add_articles([*copies, other])
    answer = service.ask("Who said what about the ferry Halcyon that sank on Tuesday night in the sound of Mull?", threshold=0)
    dense, *_, read = answer.trace.rankings
    assert other.id not in {hit.passage_id.partition("@")[0] for hit in dense.hits}
    assert other.id in {hit.passage_id.partition("@")[0] for hit in read.hits[:5]}
    assert len({found.article_id for found in answer.trace.evidence} - {other.id}) == 2  # the second for its other number
    places = next(cited.also_in for cited in answer.citations if cited.article_id != other.id)
    assert len(places) == 100


def test_a_copy_with_another_number_is_read_too(made: Callable[..., Service]) -> None:
    service = made(WIRE, WIRE.replace("48", "51"), WIRE.replace("Fergus", "Angus"))
    hits = service.search("How many people were on board of the ferry?").hits
    assert sorted(hit.article.id for hit in hits if hit.article.id != "b") in (["a"], ["c"])
    assert [hit.article.id for hit in hits].count("b") == 1


def test_search_names_the_copies_that_it_leaves_out(made: Callable[..., Service]) -> None:
    service = made(WIRE, f"Our reporter was there. {WIRE}", "The crane fell.", source="Post")
    first, second = service.search("How many people were on board of the ferry?").hits
    (copy,) = first.near_duplicates
    assert {first.article.id, copy.article_id} == {"a", "b"}
    assert (second.article.id, second.near_duplicates) == ("c", ())
    stored, _ = service.article(copy.article_id)
    assert copy.quote == copy.span.of(stored.article.text)
    assert (copy.article_title, copy.sentence_index, copy.source.name) == (stored.article.title, 0, "Post")


# Links to the original page


def linked(service: Service, question: str) -> str:
    (cited,) = service.ask(question, threshold=0, max_citations=1).citations
    assert cited.original_link is not None
    address, _, directive = cited.original_link.partition("#:~:text=")
    assert address == "https://post.example/a?b=c"
    return directive


def test_every_original_link_is_a_text_fragment_of_the_sentence(answers: list[Answer]) -> None:
    for answer in answers:
        for citation in (*answer.citations, *answer.nearest):
            assert citation.original_link is not None and citation.source.url is not None
            address, _, directive = citation.original_link.partition("#:~:text=")
            assert address == citation.source.url
            if len(citation.quote) <= 300:  # and no sample says a sentence twice
                assert unquote(directive) == " ".join(citation.quote.split()).removeprefix("- ")  # the mark of a list's item
                assert not set(directive) & set("-,& ")


def test_a_sentence_over_300_characters_is_linked_by_its_first_and_last_six_words(made: Callable[..., Service]) -> None:
    long = "The harbour master of the old town counted " + "one more ship and " * 15 + "then went home to a well-earned supper."
    assert len(long) > 300
    service = made(f"It rained. {long}", url="https://post.example/a?b=c")
    assert linked(service, "What did the harbour master count before supper?") == (
        "The%20harbour%20master%20of%20the%20old,went%20home%20to%20a%20well%2Dearned%20supper."
    )


def test_a_sentence_that_stands_twice_is_linked_with_what_stands_before_it(made: Callable[..., Service]) -> None:
    service = made("It rained hard. The crane fell. Nobody was hurt. The crane fell.", url="https://post.example/a?b=c#top")
    assert linked(service, "What fell?") in (
        "It%20rained%20hard.-,The%20crane%20fell.",
        "crane%20fell.%20Nobody%20was%20hurt.-,The%20crane%20fell.",  # 32 characters, and "he" of "The" is no word
    )


# Boilerplate and removed articles


@pytest.mark.parametrize(
    "headline",
    [
        "Bed tax comes into force: what guests have to pay",
        "Eleven things to do on a wet Sunday",
        "Letters: why I miss the old ferry shed",
        "Sign up for our newsletter and get the harbour in your inbox every morning.",
        "© 2025 The Harbour Post. All rights reserved.",
    ],
)
def test_the_related_news_block_is_never_read_or_cited(
    service: Service, articles: dict[str, tuple[Article, list[Sentence]]], headline: str
) -> None:
    library, _ = articles["library-late-fees"]
    assert headline in library.text
    answer = service.ask(headline, threshold=0)
    assert answer.citations
    for read in (*answer.citations, *answer.trace.evidence):
        assert headline not in read.quote
    prose = library.text.replace("Related News\n\n-", "").split("\n\n")
    for found in answer.trace.evidence:
        if found.article_id == library.id:
            assert any(
                found.quote in paragraph for paragraph in prose if not paragraph.startswith(("-", " ", "Sign", "©", "Share"))
            )


@pytest.mark.parametrize("now", [False, True])
def test_a_removed_article_answers_no_more_and_its_passages_are_not_found(
    sample_copy: Path, open_service: Callable[..., Service], now: bool
) -> None:
    service = open_service(sample_copy)
    question = "How old was Wilhelmina Sorrowby when she died?"
    asked = {GRAIN: "port-record-ledger", question: "sorrowby-obituary"}
    assert {service.ask(text, threshold=0).trace.evidence[0].article_id for text in asked} & set(asked.values())
    service.remove(list(asked.values()), now=now)
    for text in asked:
        answer = service.ask(text, threshold=0)
        places = [place.article_id for citation in answer.citations for place in citation.also_in]
        read = [found.article_id for found in (*answer.citations, *answer.trace.evidence)]
        ranked = [hit.passage_id.partition("@")[0] for ranking in answer.trace.rankings for hit in ranking.hits]
        found = [hit.article.id for hit in service.search(text, k=100).hits]
        assert not {*places, *read, *ranked, *found} & set(asked.values())
        assert answer.citations and found
    copy = service.ask(GRAIN, threshold=0).citations[0]
    assert (copy.article_id, copy.quote, copy.also_in) == ("port-record-courier", GRAIN_SENTENCE, ())
    with pytest.raises(ArticleNotFound):
        service.article("sorrowby-obituary")


def test_a_restored_article_answers_again(sample_copy: Path, open_service: Callable[..., Service]) -> None:
    service = open_service(sample_copy)
    before = service.ask(GRAIN, threshold=0, asked_at=ASKED_AT)
    service.remove([before.citations[0].article_id])
    service.restore([before.citations[0].article_id])
    after = service.ask(GRAIN, threshold=0, asked_at=ASKED_AT)
    assert after.index_generation > before.index_generation
    assert after.citations == before.citations


# Search


def test_search_that_reads_nothing_gives_the_k_best_passages_of_the_last_ranking(service: Service) -> None:
    found = service.search(GRAIN, k=7, read=0)
    (ranked,) = ranked_together(service, [GRAIN])
    best = ranked.rankings[-1].hits[:7]
    assert [hit.rank for hit in found.hits] == [1, 2, 3, 4, 5, 6, 7]
    assert [(hit.passage.id, hit.score) for hit in found.hits] == [(hit.passage_id, hit.score) for hit in best]
    assert found.question == GRAIN
    assert list(found.timings_ms) == ["encode", "search", "read", "total"]


def test_search_gives_the_passages_in_the_order_that_an_answer_read_them_in(service: Service) -> None:
    read = service.settings.read_passages
    answer = service.ask(GRAIN)
    order = after_reading(answer.trace.rankings[-1].hits[:read], answer.trace.evidence)
    hits = service.search(GRAIN, k=read).hits
    assert [(hit.passage.id, hit.score) for hit in hits[: len(order)]] == [(hit.passage_id, hit.score) for hit in order]
    assert [hit.stages["after_reading"] for hit in hits[: len(order)]] == [
        (rank, hit.score) for rank, hit in enumerate(order, start=1)
    ]


def test_passages_that_were_not_read_follow_in_the_order_before(service: Service) -> None:
    before = [hit.passage.id for hit in service.search(GRAIN, k=9, read=0).hits]
    hits = service.search(GRAIN, k=9, read=3).hits
    assert {hit.passage.id for hit in hits[:3]} == set(before[:3])
    assert [hit.passage.id for hit in hits[3:]] == before[3:]
    assert all("after_reading" not in hit.stages for hit in hits[3:])


def test_without_a_reader_a_search_reads_nothing(sample_index: Path, open_service: Callable[..., Service]) -> None:
    hits = open_service(sample_index, reader="none").search(GRAIN, k=5, read=5).hits
    assert [hit.score for hit in hits] == [hit.stages["ranked"][1] for hit in hits]


def test_fewer_than_no_passages_cannot_be_read(service: Service) -> None:
    with pytest.raises(ValueError, match="read is the number of passages that are read, at least 0, got -1"):
        service.search(GRAIN, read=-1)


def test_a_hit_has_the_rank_and_score_that_each_stage_gave_it(service: Service) -> None:
    (ranked,) = ranked_together(service, [GRAIN])
    for hit in service.search(GRAIN, read=0).hits:
        expected = {
            ranking.scorer: (rank, found.score)
            for ranking in ranked.rankings
            for rank, found in enumerate(ranking.hits, start=1)
            if found.passage_id == hit.passage.id
        }
        assert hit.stages == expected
        assert hit.stages["ranked"] == (hit.rank, hit.score)


@pytest.mark.parametrize(("read", "reader"), [(0, "none"), (None, PACKAGED_READER)])
def test_a_hit_scores_the_sentences_of_its_passage_that_may_be_cited_by_similarity_or_as_they_were_read(
    service: Service, sample_index: Path, open_service: Callable[..., Service], read: int | None, reader: str
) -> None:
    evidence = open_service(sample_index, reader=reader).ask(GRAIN).trace.evidence
    read_of = {read_place(found): found.score for found in evidence}
    for hit in service.search(GRAIN, k=service.settings.read_passages, read=read).hits:
        scored = {(hit.article.id, held.sentence.index): held.score for held in hit.sentences}
        assert scored.items() <= read_of.items()
        citable = [sentence.index for sentence in hit.passage.sentences if sentence.citable]
        assert [held.sentence.index for held in hit.sentences] == citable


def test_without_a_reader_there_is_no_short_answer(sample_index: Path, open_service: Callable[..., Service]) -> None:
    answer = open_service(sample_index, reader="none").ask(GRAIN, threshold=0)
    assert answer.citations and answer.short_answer is None
    assert answer_shape(answer).short_answer is None


def test_a_hit_is_a_passage_of_its_article(service: Service, articles: dict[str, tuple[Article, list[Sentence]]]) -> None:
    for hit in service.search(GRAIN, k=100).hits:
        assert hit.article == articles[hit.article.id][0]
        assert hit.passage.article_id == hit.article.id
        assert hit.passage.span.contains(hit.passage.sentences[0].span)
        assert hit.sentence_link == f"/articles/{hit.article.id}?version={hit.article.digest}#s{hit.passage.sentences[0].index}"
        assert hit.source.url == hit.article.url


FOLLOW_UPS = [
    ("How old was Wilhelmina Sorrowby when she died?", "When was she born?", "3 June 1930"),
    ("How old was Wilhelmina Sorrowby when she died?", "Who was her father?", "Jasper"),
    ("Who won the mayoral election?", "By how many votes did he win?", "187"),
    ("Who won the mayoral election?", "What is his profession?", "pharmacist"),
    ("When did the new ferry terminal open?", "How much did it cost?", "23.5 million euros"),
    ("Who is the chief bridge engineer?", "What did she say about the crack?", "It was not there in September"),
    ("Who stole diesel from the port authority?", "How long must he go to prison?", "three years"),
    ("How many tonnes of cargo did the port handle in 2024?", "And in 2025?", "6.6 million tonnes"),
    ("What is the name of the parrot?", "Where was it found?", "Northbank terminus"),
    ("Who was the first woman pilot on the Varrow?", "How many ships did she bring in?", "6,812"),
    ("How many dockers went on strike?", "What did they want?", "7.5 per cent more pay"),
    ("What is the wreck off Tarn Bank?", "Who named it?", "Solveig Anterby"),
]


@pytest.mark.parametrize("first, follow_up, expected", FOLLOW_UPS)
def test_follow_ups_are_answered(service: Service, first: str, follow_up: str, expected: str) -> None:
    before = service.ask(first, threshold=0)
    answer = service.ask(follow_up, earlier=[earlier_turn(answer_shape(before))], threshold=0)
    assert answer.question == follow_up != answer.standalone_question
    assert expected in answer.text


def test_a_change_of_subject_lets_the_earlier_turns_go(service: Service) -> None:
    earlier = [earlier_turn(answer_shape(service.ask("How old was Wilhelmina Sorrowby when she died?")))]
    answer = service.ask("How much did the new Ropewalk Quay ferry terminal cost?", earlier=earlier)
    assert answer.standalone_question == answer.question
    assert "23.5 million euros" in answer.text


def test_a_question_that_would_become_too_long_is_searched_for_as_it_stands(
    sample_index: Path, open_service: Callable[..., Service]
) -> None:
    earlier = [Turn("Who is Wilhelmina Sorrowby?")]
    answer = open_service(sample_index, max_question_characters=40).ask("When, and where, was she born?", earlier=earlier)
    assert answer.standalone_question == "When, and where, was she born?"


def test_search_looks_for_what_is_no_question_too(service: Service) -> None:
    assert service.search("hello", k=3).hits


def test_search_wants_at_least_one_passage(service: Service) -> None:
    with pytest.raises(ValueError, match="at least 1, got 0"):
        service.search(GRAIN, k=0)


# Filters, dates and the clock

SPRING = Filters(published_from=date(2024, 3, 1), published_to=date(2024, 5, 31))
FILTERS = [SPRING, Filters(sources=("radio skerry",)), Filters(language="de"), Filters(article_ids=("sorrowby-obituary",))]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_only_articles_that_pass_the_filters_are_found_and_all_that_exact_search_finds(
    service: Service, filters: Filters
) -> None:
    passing = {row.article.id for row in service.articles(filters)}
    assert 0 < len(passing) < 44
    everything = service.search(GRAIN, k=100).hits
    (filtered,) = ranked_together(service, [GRAIN], filters=filters)
    found = service.search(GRAIN, k=100, filters=filters)
    assert {hit.article.id for hit in found.hits} == passing
    assert found.filters == filters
    dense = [hit.passage_id for hit in filtered.rankings[0].hits]
    ranks = {hit.passage.id: hit.stages["dense"][0] for hit in everything if "dense" in hit.stages}
    assert [one for one in dense if one in ranks] == sorted((one for one in dense if one in ranks), key=ranks.__getitem__)
    answer = service.ask(GRAIN, filters=filters, threshold=0)
    assert answer.filters == filters
    assert {cited.article_id for cited in answer.citations} <= passing


def test_when_no_article_passes_the_reason_says_so(service: Service) -> None:
    nobody = Filters(sources=("nobody",))
    answer = service.ask(GRAIN, filters=nobody)
    assert (answer.status, answer.reason, answer.nearest) == (Status.NOT_FOUND, Reason.ALL_FILTERED_OUT, ())
    assert service.search(GRAIN, filters=nobody).hits == ()
    assert ranked_together(service, [GRAIN], filters=nobody)[0].rankings == ()


def test_filters_see_what_was_added_and_not_what_was_removed(made: Callable[..., Service]) -> None:
    service = made("A ferry sank.", "A ferry sank again.", source="Post")
    post = Filters(sources=("post",))
    assert {hit.article.id for hit in service.search("ferry", filters=post).hits} == {"a", "b"}
    service.remove("a")
    assert {hit.article.id for hit in service.search("ferry", filters=post).hits} == {"b"}
    service.add_articles([Article("c", "c", "Title", "A third ferry sank.", source="POST")])
    assert {hit.article.id for hit in service.search("ferry", filters=post).hits} == {"b", "c"}


def test_of_two_articles_that_fit_as_well_the_newer_answers_and_the_one_of_the_day_that_is_named(
    tmp_path: Path, open_service: Callable[..., Service]
) -> None:
    service = open_service(tmp_path / "dated")
    text = "The ferry to Skerrin was late by {} minutes because of fog."
    service.add_articles(
        Article(day, day, "Ferry late", text.format(minutes), published_at=day)
        for day, minutes in (("2024-01-17", "ten"), ("2024-02-20", "ten"), ("2024-03-06", "ten"))
    )

    def first(question: str) -> str:
        answer = service.ask(question, asked_at=datetime(2024, 3, 8, tzinfo=UTC), threshold=0)
        return answer.citations[0].article_id

    assert first("By how much was the ferry to Skerrin late?") == "2024-03-06"
    assert first("By how much was the ferry to Skerrin late in January?") == "2024-01-17"
    assert first("By how much was the ferry to Skerrin late on February 20?") == "2024-02-20"


def test_periods_are_meant_by_the_clock_of_asking_and_shown(service: Service) -> None:
    question = "What happened last week?"
    late_in_honolulu = datetime(2024, 3, 10, 23, tzinfo=timezone(-timedelta(hours=10)))  # Monday the 11th in UTC
    answer = service.ask(question, asked_at=late_in_honolulu)
    assert answer.date_ranges == (DateRange(Span(14, 23), date(2024, 3, 4), date(2024, 3, 10)),)
    shape = answer_shape(answer)
    assert [period.model_dump(mode="json") for period in shape.periods] == [
        {
            "text": "last week",
            "start_char_index": 14,
            "end_char_index": 23,
            "first_day": "2024-03-04",
            "last_day": "2024-03-10",
        }
    ]
    assert service.search(question, asked_at=late_in_honolulu).date_ranges == answer.date_ranges
    assert service.ask(question, asked_at=datetime.fromisoformat(shape.asked_at)).date_ranges == answer.date_ranges


def test_questions_are_ranked_together_each_by_its_own_clock(service: Service) -> None:
    clocks = [datetime(2024, 3, 1, tzinfo=UTC), None, datetime(2025, 4, 1, tzinfo=UTC)]
    together = ranked_together(service, [GRAIN] * 3, asked_at=clocks)
    for ranked, clock in zip(together, clocks, strict=True):
        (alone,) = ranked_together(service, [GRAIN], asked_at=[clock])
        assert scores_of(ranked) == pytest.approx(scores_of(alone), abs=0.01)  # in bfloat16 a vector depends on its batch
    assert scores_of(together[0]) != pytest.approx(scores_of(together[2]), abs=0.01)


def scores_of(ranked: RankedQuestion) -> dict[str, float]:
    """Of the first five passages of the last ranking."""
    return {hit.passage_id: hit.score for hit in ranked.rankings[-1].hits[:5]}


# JSON

ANSWER_KEYS = [
    "object", "id", "created_at", "index_generation", "question", "standalone_question", "carried", "status", "answer",
    "short_answer",
    "asked_at", "periods", "filters", "confidence", "citations", "nearest", "reason", "timings_ms",
    "notices", "filter_advice", "searched_for", "agreeing", "statements", "changed_citations", "check",
]  # fmt: skip
CITATION_KEYS = [
    "number", "type", "article_id", "given_id", "article_digest", "article_title", "cited_text", "start_char_index",
    "end_char_index", "sentence_index", "text_before", "also_in", "selector", "source", "links",
    "short_answer", "score", "undated", "lead_in", "display",
]  # fmt: skip
PLACE_KEYS = [
    "article_id", "article_digest", "article_title", "cited_text", "start_char_index", "end_char_index", "sentence_index",
    "source", "link",
]  # fmt: skip
FILTER_KEYS = ["sources", "article_ids", "published_from", "published_to", "language", "as_of"]
SOURCE_KEYS = ["name", "url", "author", "published_at", "language", "guessed_language"]
PASSAGE_KEYS = [
    "article_id", "article_digest", "article_title", "text", "start_char_index", "end_char_index", "sentences", "display",
]  # fmt: skip


def test_there_is_a_short_answer_inside_the_first_sentence(sample_index: Path, open_service: Callable[..., Service]) -> None:
    service = open_service(sample_index)
    answer = service.ask("How old was Wilhelmina Sorrowby when she died?", threshold=0)
    assert answer.short_answer == "94"
    shape = answer_shape(answer)
    assert shape.short_answer is not None
    short, cited = shape.short_answer, shape.citations[0]
    assert (short.text, short.citation) == ("94", 1)
    assert cited.start_char_index <= short.start_char_index < short.end_char_index <= cited.end_char_index
    stored, _ = service.article(cited.article_id)
    assert stored.article.text[short.start_char_index : short.end_char_index] == "94"
    before, found, behind = answer.citations[0].pieces
    assert (found, before + found + behind) == ("94", cited.cited_text)


def test_a_reader_that_is_not_there_is_told_when_the_service_loads(
    sample_index: Path, open_service: Callable[..., Service]
) -> None:
    with pytest.raises(ModelError, match="No reader 'nowhere/reader': it is neither 'qa-reader', nor a folder here"):
        open_service(sample_index, reader="nowhere/reader").load()


def test_an_answers_json_has_the_keys_of_the_api_and_no_others(service: Service) -> None:
    found = json.loads(answer_shape(service.ask(GRAIN, threshold=0)).model_dump_json())
    assert list(found) == ANSWER_KEYS
    assert found["object"] == "answer"
    assert (found["periods"], list(found["filters"])) == ([], FILTER_KEYS)
    assert list(found["short_answer"]) == ["text", "citation", "start_char_index", "end_char_index", "display"]
    assert (found["nearest"], found["reason"]) == ([], None)
    assert list(found["confidence"]) == ["probability", "band", "threshold", "answered_threshold"]
    assert list(found["timings_ms"]) == ["encode", "search", "read", "compose", "total"]
    (cited, *_) = found["citations"]
    assert list(cited) == CITATION_KEYS
    assert cited["type"] == "char_location"
    (place,) = cited["also_in"]
    assert list(place) == PLACE_KEYS
    assert list(place["source"]) == SOURCE_KEYS
    assert [list(selector) for selector in cited["selector"]] == [
        ["type", "exact", "prefix", "suffix"],
        ["type", "start", "end"],
    ]
    assert [selector["type"] for selector in cited["selector"]] == ["TextQuoteSelector", "TextPositionSelector"]
    assert list(cited["source"]) == SOURCE_KEYS
    assert list(cited["links"]) == ["sentence", "original"]


def test_an_abstentions_json_has_the_nearest_sentences_with_their_score(service: Service) -> None:
    found = json.loads(answer_shape(service.ask(GRAIN, threshold=1)).model_dump_json())
    assert list(found) == ANSWER_KEYS
    assert (found["status"], found["answer"], found["citations"]) == ("not_found", "Not found in these articles.", [])
    assert found["reason"] in ("nothing_close", "no_answer_read")
    assert [list(near) for near in found["nearest"]] == 3 * [CITATION_KEYS]


def test_an_answers_json_says_what_the_answer_says(answers: list[Answer]) -> None:
    for answer in answers:
        shape = answer_shape(answer)
        assert AnswerShape.model_validate_json(shape.model_dump_json()) == shape
        for citation, cited in zip((*answer.citations, *answer.nearest), (*shape.citations, *shape.nearest), strict=True):
            quote, position = cited.selector
            assert cited.cited_text == quote.exact == citation.quote
            assert Span(cited.start_char_index, cited.end_char_index) == Span(position.start, position.end) == citation.span
            assert (quote.prefix, quote.suffix, cited.number) == (citation.prefix, citation.suffix, citation.number)
            places = [
                (place.article_id, place.start_char_index, place.end_char_index, place.cited_text) for place in cited.also_in
            ]
            assert places == [(place.article_id, place.span.start, place.span.end, place.quote) for place in citation.also_in]
        assert (shape.status, shape.answer, shape.reason) == (answer.status, answer.text, answer.reason)
        assert shape.confidence.probability == round(answer.confidence.probability, 4)


def test_a_searchs_json_has_the_keys_of_the_api_and_no_others(service: Service) -> None:
    shape = search_shape(service.search(GRAIN, k=2))
    found = json.loads(shape.model_dump_json())
    assert SearchShape.model_validate(found) == shape
    assert list(found) == [
        "object", "index_generation", "question", "asked_at", "periods", "filters", "hits", "timings_ms", "notices",
        "filter_advice",
    ]  # fmt: skip
    assert list(found["filters"]) == FILTER_KEYS
    for hit in found["hits"]:
        assert list(hit) == ["rank", "score", "passage", "stages", "copies", "source", "links", "undated"]
        assert list(hit["passage"]) == PASSAGE_KEYS
        assert list(hit["stages"]) == ["dense", "lexical", "merged", "ranked", "distinct", "after_reading"]
        assert [list(stage) for stage in hit["stages"].values()] == 6 * [["rank", "score"]]
        assert list(hit["source"]) == SOURCE_KEYS
        assert list(hit["links"]) == ["sentence", "original"]
        for sentence in hit["passage"]["sentences"]:
            assert list(sentence) == ["index", "start_char_index", "end_char_index", "score", "display"]


@pytest.mark.parametrize("moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(987, 6, 5, 4, 3, 2, 999_999, tzinfo=UTC)])
def test_times_in_json_are_rfc_3339_in_any_year(service: Service, moment: datetime) -> None:
    shape = answer_shape(service.ask(GRAIN, asked_at=moment))
    assert datetime.fromisoformat(shape.asked_at) == moment.replace(microsecond=0)


@pytest.fixture
def in_the_services_settings(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("index", "passage_characters", "passage_overlap_sentences", "read_passages"):
        monkeypatch.setenv(f"QA_{name.upper()}", str(getattr(service.settings, name)))
    yield


@pytest.mark.usefixtures("in_the_services_settings")
def test_the_command_prints_the_shape_of_the_same_answer(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--json", GRAIN]) in (0, 3)
    printed = json.loads(capsys.readouterr().out)
    answer = service.ask(GRAIN, asked_at=datetime.fromisoformat(printed["asked_at"]))
    expected = json.loads(answer_shape(answer).model_dump_json())
    for differing in ("id", "created_at", "timings_ms"):
        assert type(printed.pop(differing)) is type(expected.pop(differing))
    assert printed == expected


def test_a_closed_index_is_opened_again_by_the_next_question(sample_index: Path, open_service: Callable[..., Service]) -> None:
    with open_service(sample_index) as index:
        before = index.ask(GRAIN, threshold=0)
    assert index.ask(GRAIN, threshold=0).citations == before.citations


def test_one_path_and_one_id_may_be_given_as_they_are(tmp_path: Path, open_service: Callable[..., Service]) -> None:
    (tmp_path / "quay.txt").write_text("The crane on the quay fell over. Nobody was near it.")
    index = open_service(tmp_path / "index")
    assert index.add(tmp_path / "quay.txt").added == 1
    assert index.add(str(tmp_path / "quay.txt")).unchanged == 1
    (stored,) = index.articles()
    assert index.remove(stored.article.id) == [stored.article.id]
    assert index.restore(stored.article.id) == [stored.article.id]
