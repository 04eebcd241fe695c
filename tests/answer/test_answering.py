"""Candidates → evidence → the chosen sentences → citations and their text."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from qa.answer.calibration import Logistic, Support, confidence
from qa.answer.citations import answer_text, cite
from qa.answer.links import joined_links, original_link, sentence_link
from qa.answer.question_kind import has_short_answer, is_no_question
from qa.answer.sentence_selection import select
from qa.answer.similarity_reader import SimilarityReader
from qa.base.protocols import Candidate, EncodedQuestion
from qa.base.types import Article, Band, Evidence, PassageRule, Place, Signs, Source, Span
from qa.corpus.passages import cut_passages
from qa.corpus.sentences import split_sentences
from qa.index.encoder import TransformerEncoder
from qa.index.postings import TantivyPostings, write_postings


def evidence(quote: str, probability: float, *, article: str = "a", start: int = 0) -> Evidence:
    span = Span(start, start + len(quote))
    return Evidence(f"{article}@x:0-9", article, "digest", 0, span, quote, probability, probability)


def words(text: str) -> list[str]:
    return text.lower().strip(".").split()


# Reading


@pytest.fixture
def candidates(article: Callable[..., Article], encoder: TransformerEncoder) -> Callable[..., list[Candidate]]:
    def make(text: str, *, rule: PassageRule, title: str = "News", id_: str = "a") -> list[Candidate]:
        told = article(id_, text, title=title)
        return [Candidate(passage, told, title) for passage in cut_passages(told, split_sentences(text), encoder, rule)]

    return make


@pytest.fixture
def reader(tmp_path: Path, encoder: TransformerEncoder) -> SimilarityReader:
    write_postings(tmp_path, [(1, "the mayor cut a rope"), (2, "the dredger moves sand"), (3, "rain fell on the old quay")])
    return SimilarityReader(encoder, TantivyPostings.open(tmp_path))


@pytest.fixture
def encoded(encoder: TransformerEncoder) -> Callable[[str], EncodedQuestion]:
    """A question with its vector."""
    return lambda question: EncodedQuestion(question, encoder.embed_question(question))


TEXT = (
    "A heading\n\nThe mayor cut a rope. The dredger moves sand and clay. Rain fell on the old quay.\n\n"
    "Share this article on Facebook."
)


def test_every_citable_sentence_is_read_once_best_first(
    reader: SimilarityReader, encoded: Callable[[str], EncodedQuestion], candidates: Callable[..., list[Candidate]]
) -> None:
    held = candidates(TEXT, rule=PassageRule(70, 1, 32))
    assert len(held) > 1
    read = reader.read(encoded("What does the dredger move?"), held)
    assert sorted(found.quote for found in read) == [
        "Rain fell on the old quay.",
        "The dredger moves sand and clay.",
        "The mayor cut a rope.",
    ]
    assert read[0].quote == "The dredger moves sand and clay."
    assert [found.score for found in read] == sorted((found.score for found in read), reverse=True)
    for found in read:
        assert found.span.of(TEXT) == found.quote
        assert 0 <= found.probability <= 1


def test_a_sentence_in_two_passages_is_read_in_the_first_that_holds_it_whole(
    reader: SimilarityReader, encoded: Callable[[str], EncodedQuestion], candidates: Callable[..., list[Candidate]]
) -> None:
    held = candidates(TEXT, rule=PassageRule(70, 1, 32))
    shared = [candidate for candidate in held if "The dredger" in candidate.text]
    assert len(shared) == 2
    for order in (held, held[::-1]):
        first = next(candidate for candidate in order if "The dredger" in candidate.text)
        (found,) = [found for found in reader.read(encoded("dredger"), order) if found.quote.startswith("The dredger")]
        assert found.passage_id == first.passage.id


def test_a_sentence_in_parts_is_cited_whole_and_once(
    reader: SimilarityReader, encoded: Callable[[str], EncodedQuestion], candidates: Callable[..., list[Candidate]]
) -> None:
    long = "The dredger moves sand, " * 120 + "and clay."
    held = candidates(long, rule=PassageRule(600, 1, 32))
    assert len(held) > 1
    (found,) = reader.read(encoded("What does the dredger move?"), held[1:])
    assert found.quote == long
    assert found.passage_id == held[1].passage.id


def test_sentences_that_tie_stay_in_the_order_they_were_read(
    reader: SimilarityReader, encoded: Callable[[str], EncodedQuestion], candidates: Callable[..., list[Candidate]]
) -> None:
    one, other = (candidates("The mayor cut a rope.", rule=PassageRule(600, 1, 32), id_=id_)[0] for id_ in ("b", "a"))
    read = reader.read(encoded("Who cut the rope?"), [one, other])
    assert read[0].score == pytest.approx(read[1].score, abs=1e-6)
    assert {found.article_id for found in read} == {"a", "b"}


def test_no_candidates_give_no_evidence(reader: SimilarityReader, encoded: Callable[[str], EncodedQuestion]) -> None:
    assert reader.read(encoded("Who?"), []) == []


def test_a_candidate_without_citable_sentences_gives_none(
    reader: SimilarityReader, encoded: Callable[[str], EncodedQuestion], candidates: Callable[..., list[Candidate]]
) -> None:
    held = candidates("A heading\n\nThe mayor cut a rope.", rule=PassageRule(600, 1, 32))
    headings = candidates("Only a heading\n\nAnother one\n\n- and it ends. Here.", rule=PassageRule(20, 0, 32))[:1]
    assert reader.read(encoded("mayor"), [*headings, *held])[0].quote == "The mayor cut a rope."


def test_a_question_of_unknown_words_is_read_by_cosine_alone(
    reader: SimilarityReader, encoded: Callable[[str], EncodedQuestion], candidates: Callable[..., list[Candidate]]
) -> None:
    assert reader.read(encoded("???"), candidates(TEXT, rule=PassageRule(600, 1, 32)))[0].score < 0.6


# Support


def test_the_probability_is_that_of_the_logistic_curve() -> None:
    assert Logistic(10, -6).probability(0.6) == 0.5
    assert Logistic(10, -6).probability(0.7) == pytest.approx(0.7310586)  # 1 / (1 + e^-1)
    assert 0 < Logistic(1e9, 0).probability(-1) < 1e-20
    assert Logistic(1e9, 0).probability(1) == pytest.approx(1)


def test_the_support_of_a_sentence_weighs_each_of_its_signs() -> None:
    weights = {"score": 0.5, "votes": 2.0, "share": 1.0, "span": 0.1}
    signs = Signs(score=2, votes=0.5, share=0.5, span=5)
    assert Support(weights, -1.0).probability(signs) == pytest.approx(1 / (1 + math.exp(-(1 + 1 + 0.5 + 0.5 - 1.0))))


@pytest.mark.parametrize(
    ("probability", "band"),
    [(1, Band.HIGH), (0.75, Band.HIGH), (0.749, Band.MEDIUM), (0.5, Band.MEDIUM), (0.499, Band.LOW), (0, Band.LOW)],
)
def test_the_band_follows_from_the_probability(probability: float, band: Band) -> None:
    made = confidence(probability, threshold=0.35, answered_threshold=0.6)
    assert (made.band, made.probability, made.threshold, made.answered_threshold) == (band, probability, 0.35, 0.6)


# Choosing


def test_nothing_is_chosen_when_the_best_is_below_the_threshold() -> None:
    assert select([], threshold=0.0, answered_threshold=1, most=4, terms=words) == []
    assert select([evidence("One ship left.", 0.34)], threshold=0.35, answered_threshold=1, most=4, terms=words) == []
    assert len(select([evidence("One ship left.", 0.35)], threshold=0.35, answered_threshold=1, most=4, terms=words)) == 1


def test_a_further_sentence_must_pass_and_say_something_new() -> None:
    best = evidence("One ship left harbour.", 0.9)
    repeated = evidence("One ship left yesterday.", 0.8)  # one new word of four
    half_new = evidence("One ship sank yesterday.", 0.7)  # two of four
    below = evidence("Nobody knows anything else.", 0.2)
    assert select([best, repeated, half_new, below], threshold=0.3, answered_threshold=1, most=4, terms=words) == [best, half_new]


def test_no_more_are_chosen_than_asked_for() -> None:
    some = [evidence(f"w{number} x{number} y{number}", 0.9 - number / 10) for number in range(6)]
    assert select(some, threshold=0.1, answered_threshold=1, most=1, terms=words) == some[:1]
    assert len(select(some, threshold=0.1, answered_threshold=1, most=4, terms=words)) == 4


def test_the_best_stands_first_and_the_others_in_the_order_of_their_articles() -> None:
    best = evidence("a b c", 0.9, article="x", start=50)
    late_x, early_x = evidence("d e f", 0.6, article="x", start=90), evidence("g h i", 0.5, article="x", start=10)
    of_y = evidence("j k l", 0.8, article="y")
    assert select([best, of_y, late_x, early_x], threshold=0.1, answered_threshold=1, most=4, terms=words) == [
        best,
        early_x,
        late_x,
        of_y,
    ]


def test_a_sentence_without_words_is_never_added() -> None:
    best = evidence("a b c", 0.9)
    assert select(
        [best, evidence("…", 0.8)],
        threshold=0.1,
        answered_threshold=1,
        most=4,
        terms=lambda text: [] if text == "…" else words(text),
    ) == [best]


# Composing


ARTICLE = Article(
    "art_1",
    "given",
    "The title",
    "Before it all. One ship left. " + "After. " * 10,
    url="https://post.example/a?b=c#top",
    source="Post",
)
FOUND = Evidence("p", "art_1", ARTICLE.digest, 1, Span(15, 29), "One ship left.", 0.8, 0.9)


def test_a_sure_answer_takes_no_further_sentence_that_is_weak() -> None:
    sure, weak, weaker = evidence("One ship left.", 0.6), evidence("Two cranes fell.", 0.4), evidence("A tram stopped.", 0.3)
    assert select([sure, weak, weaker], threshold=0.2, answered_threshold=0.5, most=4, terms=words) == [sure]
    assert select([weak, weaker], threshold=0.2, answered_threshold=0.5, most=4, terms=words) == [weak, weaker]


def test_of_a_long_sentence_before_a_quote_only_the_end_is_told() -> None:
    article = Article("a", "a", "", "x" * 500_000 + " the end. One ship left.")
    found = Evidence("p", "a", article.digest, 1, Span(500_010, 500_024), "One ship left.", 0.8, 0.9)
    made = cite(1, found, article, before=[Span(0, 500_009)], repeated=False, also_in=[])
    assert made.text_before is not None and len(made.text_before) == 1_000
    assert article.text[:500_009].endswith(made.text_before)


def test_a_citation_quotes_its_span_with_what_stands_around_it() -> None:
    place = Place("art_2", "Another", "d" * 64, 0, Span(0, 14), "One ship left.", Source("Mail", None, None, None, None))
    made = cite(2, FOUND, ARTICLE, before=[Span(0, 14)], repeated=False, also_in=[place])
    assert made.quote == "One ship left." == made.span.of(ARTICLE.text)
    assert (made.prefix, made.suffix) == ("Before it all. ", " After. After. After. After. Aft")
    assert (made.number, made.sentence_index, made.score, made.text_before) == (2, 1, 0.8, "Before it all.")
    assert (made.article_id, made.given_id, made.article_title, made.article_digest) == (
        "art_1",
        "given",
        "The title",
        ARTICLE.digest,
    )
    assert made.also_in == (place,)
    assert made.source.name == "Post"
    assert made.sentence_link == f"/articles/art_1?version={ARTICLE.digest}#s1"
    assert made.original_link == "https://post.example/a?b=c#:~:text=One%20ship%20left."


def test_a_quote_that_stands_twice_is_linked_with_what_stands_before_it() -> None:
    made = cite(1, FOUND, ARTICLE, before=(), repeated=True, also_in=())
    assert made.original_link == "https://post.example/a?b=c#:~:text=Before%20it%20all.-,One%20ship%20left."


@pytest.mark.parametrize(
    ("before", "linked"),
    [
        ("Very heavy rain had fallen since Monday. ", "rain%20had%20fallen%20since%20Monday."),  # cut in "heavy"
        ("It never rained as it did on those days. ", "rained%20as%20it%20did%20on%20those%20days."),  # cut behind a blank
        ("Rain had fallen.\n\nA day passed.\n\n", "A%20day%20passed."),
        ("Rain had fallen, said Donaudampfschifffahrtsgesellschaft ", None),
    ],
)
def test_a_link_has_whole_words_of_the_last_paragraph_before_the_quote(before: str, linked: str | None) -> None:
    """A browser looks for a prefix that begins at a word and lies in one block of the page."""
    text = f"{before}One ship left. One ship left."
    article = Article("a", "a", "t", text, url="https://post.example/")
    found = Evidence("p", "a", article.digest, 1, Span(len(before), len(before) + 14), "One ship left.", 0.8, 0.9)
    made = cite(1, found, article, before=(), repeated=True, also_in=())
    assert made.prefix == before[-32:]
    assert made.original_link == f"https://post.example/#:~:text={f'{linked}-,' if linked else ''}One%20ship%20left."


def test_the_answers_text_joins_quotes_and_numbers() -> None:
    citations = [cite(number, FOUND, ARTICLE, before=(), repeated=False, also_in=()) for number in (1, 2)]
    assert answer_text(citations) == "One ship left. [1] One ship left. [2]"


# Links


def test_marks_that_mean_something_in_a_text_fragment_are_encoded() -> None:
    link = original_link(ARTICLE.url, "A well-known, “odd” & 50 % case", prefix=None)
    assert link == "https://post.example/a?b=c#:~:text=A%20well%2Dknown%2C%20%E2%80%9Codd%E2%80%9D%20%26%2050%20%25%20case"
    assert unquote(link.partition("text=")[2]) == "A well-known, “odd” & 50 % case"


def test_links_to_several_sentences_of_a_page_are_one_link() -> None:
    links = [original_link(ARTICLE.url, quote, prefix=None) for quote in ("One ship left.", "It sank.")]
    assert (
        joined_links([link for link in links if link]) == "https://post.example/a?b=c#:~:text=One%20ship%20left.&text=It%20sank."
    )
    assert joined_links(["https://post.example/a"]) == "https://post.example/a"
    assert joined_links(["https://post.example/a", "https://post.example/a#:~:text=x"]) == "https://post.example/a"


def test_a_long_quote_is_linked_by_its_ends() -> None:
    quote = " ".join(f"word{number}" for number in range(60))
    assert original_link(ARTICLE.url, quote, prefix=None) == (
        "https://post.example/a?b=c#:~:text=word0%20word1%20word2%20word3%20word4%20word5,word54%20word55%20word56%20word57%20word58%20word59"
    )


def test_a_quote_over_a_line_end_is_linked_with_a_blank() -> None:
    assert original_link(ARTICLE.url, "One\n ship", prefix=None) == "https://post.example/a?b=c#:~:text=One%20ship"


def test_an_article_without_an_address_has_no_original_link() -> None:
    article = Article("a", "a", "t", "One ship left.")
    assert original_link(article.url, "One ship left.", prefix=None) is None
    assert sentence_link(article.id, article.digest, 0) == f"/articles/a?version={article.digest}#s0"


# Requests


@pytest.mark.parametrize("text", ["Hi, how are you?", "Hello world", "yes", "Hello! What can you do?"])
def test_a_greeting_with_small_talk_is_no_question(text: str) -> None:
    assert is_no_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Hello there!",
        "Thanks a lot.",
        "good morning",
        "Summarise this article",
        "please summarize the news",
        "Can you translate this into German?",
        "write me a poem",
        "who are you?",
        "What can you do?",
        "How does qa work?",
        "?!",
        "…",
        "👋",
        "ok",
    ],
)
def test_greetings_and_tasks_are_no_questions(text: str) -> None:
    assert is_no_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who wrote the summary of the harbour plan?",
        "ferry",
        "Help for fishermen",
        "What did the mayor write about the ferry?",
        "who are the Fishermen?",
        "Translate services in Varrowmouth",
        "What is the test of the lift for?",
        "thanks to whom was the bridge repaired?",
        "東京",
        "hello world program",
    ],
)
def test_questions_about_articles_are_questions(text: str) -> None:
    assert not is_no_question(text)


@pytest.mark.parametrize(
    ("question", "has"),
    [
        ("Who kept the keys?", True),
        ("Name the keeper of the keys.", True),
        ("In which year did it close?", True),
        ("Was it rye or oats that they ground?", True),
        ("Island mill", True),  # begins as `is` does
        ("Did the mill close?", False),
        ("isn't the mill closed?", False),
        ("“Are the keys lost?”", False),
        ("List the keepers.", False),
        ("Name three keepers of the keys.", False),
        ("give me all the names", False),
        ("Am I late?", False),
        ("Ist die Brücke offen?", False),
        ("Hat der Rat zugestimmt?", False),
        ("War Ada Thorn die Bürgermeisterin?", False),
        ("Ist die Brücke rot oder blau?", True),
        ("Was ist passiert?", True),  # what, and not the past tense of `be`
        ("Was geschah mit der Mühle?", True),
        ("Was kostet die Fähre?", True),
        ("Am wievielten Mai kam die Fähre?", True),
        ("war in Skerrin", True),
        ("Is de brug open?", False),
        ("Heeft de raad ingestemd?", False),
        ("Moet de brug rood of blauw worden?", True),
        ("¿Está abierto el puente?", False),
        ("¿Es rojo o azul?", True),
        ("¿Cuántos años tiene?", True),
        ("Est-ce que le pont est ouvert ?", False),
        ("Le pont est-il ouvert ?", False),
        ("Y a-t-il des blessés ?", False),
        ("Qu’est-ce que le maire a dit ?", True),
        ("Quand le pont a-t-il ouvert ?", True),
    ],
)
def test_yes_or_no_and_lists_have_no_short_answer(question: str, has: bool) -> None:
    assert has_short_answer(question) is has
