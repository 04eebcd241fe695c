"""What candidates have of a question's words, against counting by hand."""

from __future__ import annotations

import numpy as np
import pytest

from qa.base.terms import ArticleTerms, SearchedArticle, SearchedPassage, term_keys
from qa.search.question_terms import QuestionTerms
from qa.search.term_counts import COLUMNS, term_counts


def terms(words: str, *, names: str = "", numbers: str = "") -> QuestionTerms:
    """The words in order, each once; the first weighs 1, the second 2, and so on."""
    listed = words.split()
    return QuestionTerms(
        keys=term_keys(listed),
        weights=np.arange(1, len(listed) + 1, dtype=np.float32),
        names=np.array([word in names.split() for word in listed]),
        numbers=np.array([word in numbers.split() for word in listed]),
        pairs=[(place, place + 1) for place in range(len(listed) - 1)],
    )


def article(title: str, *sentences: str, language: str = "en") -> SearchedArticle:
    return SearchedArticle(language, ArticleTerms.of(title.split(), [sentence.split() for sentence in sentences]))


def passage(article_row: int, first: int, last: int) -> SearchedPassage:
    return SearchedPassage(row=100 * article_row + first, id="", article=article_row, first=first, last=last, published=None)


MILL = article("mill fire", "a mill burned", "ada thorn kept the keys", "it rained")
PORT = article("port", "ada came", "the port of thorn")


def column(made: np.ndarray, name: str) -> list[float]:
    return [round(value, 4) for value in made[:, COLUMNS.index(name)].tolist()]


def counted(passages: list[SearchedPassage], question: QuestionTerms) -> np.ndarray:
    return term_counts(passages, {1: MILL, 2: PORT}, {"en": question})


def test_coverage_is_the_share_of_the_questions_weight_in_title_passage_article_and_best_sentence() -> None:
    question = terms("mill ada thorn burned")  # weights 1 to 4, 10 in all
    made = counted([passage(1, 0, 0), passage(1, 1, 2), passage(2, 0, 1)], question)
    assert column(made, "passage_coverage") == [0.5, 0.6, 0.5]  # the title counts: mill + burned, mill + ada + thorn
    assert column(made, "article_coverage") == [1.0, 1.0, 0.5]
    assert column(made, "title_coverage") == [0.1, 0.1, 0.0]
    assert column(made, "sentence_coverage") == [0.5, 0.5, 0.3]  # ada and thorn stand in two sentences of the port


def test_pairs_are_neighbours_inside_the_passage() -> None:
    question = terms("kept the keys it")  # pairs weigh 1, 2 and 3
    made = counted([passage(1, 1, 1), passage(1, 1, 2), passage(1, 2, 2)], question)
    assert column(made, "pairs") == pytest.approx([3 / 6, 1.0, 0.0])  # "keys it" crosses the sentence's end


def test_names_and_numbers_that_are_absent_are_counted() -> None:
    made = counted([passage(1, 1, 1), passage(2, 0, 0)], terms("who ada thorn 1952", names="ada thorn", numbers="1952"))
    assert column(made, "names_in_passage") == [1.0, 0.4]  # ada weighs 2, thorn 3
    assert column(made, "names_in_article") == [1.0, 1.0]
    assert column(made, "names_missing") == [0.0, 1.0]
    assert column(made, "numbers_missing") == [1.0, 1.0]


def test_bm25_is_that_of_title_and_passage_with_constant_lengths() -> None:
    made = counted([passage(1, 0, 0)], terms("mill thorn"))
    # "mill" twice in 5 terms, k1 1.2, b .75, of 170 terms on average
    assert column(made, "passage_bm25") == pytest.approx([2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 5 / 170))], abs=1e-3)
    # "mill" twice and "thorn" once in 12 terms, k1 1.5, b .6, of 1,600
    norm = 1.5 * (0.4 + 0.6 * 12 / 1600)
    assert column(made, "article_bm25") == pytest.approx([2 * 2.5 / (2 + norm) + 2 * 2.5 / (1 + norm)], abs=1e-3)


def test_place_and_length_are_those_of_the_passage_in_its_article() -> None:
    made = counted([passage(1, 0, 0), passage(1, 1, 2)], terms("mill"))
    assert column(made, "passage_terms") == [3.0, 7.0]
    assert column(made, "position") == pytest.approx([0.0, 0.3333], abs=1e-4)
    assert column(made, "sentences_before") == pytest.approx([0.0, np.log(2)], abs=1e-4)


def test_each_article_is_compared_with_the_terms_of_its_language() -> None:
    german = article("brücke", "die brücke brannte", language="de")
    made = term_counts(
        [passage(1, 0, 0), passage(3, 0, 0), passage(1, 1, 1)],
        {1: MILL, 3: german},
        {"en": terms("mill"), "de": terms("brücke brannte")},
    )
    assert column(made, "passage_coverage") == [1.0, 1.0, 1.0]


def test_a_question_without_terms_finds_nothing() -> None:
    made = counted([passage(1, 0, 0)], terms(""))
    assert column(made, "passage_bm25") == column(made, "passage_coverage") == column(made, "pairs") == [0.0]
