"""Any text at the door of a question: a QuestionError that says what to do, or an Answer that keeps its promises."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.api.answer import answer_shape
from qa.api.search import search_shape
from qa.base.errors import QuestionError
from qa.base.types import Reason, Status
from qa.evaluation.ranking import ranked_together
from qa.index.store import Store
from qa.service.service import Service
from qa.service.verification import answer_problems

RARE = "ξξξξξξξξξξ"  # each one token

ASKABLE = {
    "NUL": "Who\x00 repaired the bridge?",
    "control characters": "\x01\x02\x07\x08Who\x0b repaired\x7f the\x85 bridge?\x1b",
    "only control characters": "\x01\x02\x07",
    "lone surrogates": "Who \ud83d repaired \udce9 the bridge?",
    "only a lone surrogate": "\ud800",
    "emoji": "👩‍👩‍👧 🚢 🌊?",
    "only invisible characters": "\u200b\u2060\ufeff",
    "right to left marks": "\u202eWho repaired the bridge?\u202c",
    "Arabic": "من أصلح الجسر؟",
    "Chinese": "谁修好了桥？",
    "Thai, without blanks": "ใครซ่อมสะพาน",
    "combining marks": "e" + "\u0301" * 330,
    "one long word": "q" * 350,
    "a word too long for the postings": f"Who repaired the {'bridge' * 20}?",
    "SQL": "'; DROP TABLE articles; --",
    "SQL with a union": '" UNION SELECT text FROM articles WHERE "1"="1',
    "FTS5": 'NEAR("bridge" "repair", 5) OR bridge* NOT (text : ferry)',
    "tantivy": "title:foo AND (",
    "tantivy ranges": "row:[* TO 5] -bridge +text:\"a b\"~2^3 /reg.*ex/ IN [a b] \\",
    "regex": "^(a+)+$ (?P<x>.*)* [[:alpha:]] \\d{1,99999}",
    "format strings": "%s %n {0.__class__} ${jndi:ldap://x} {{7*7}}",
    "HTML": "<script>alert(1)</script><b>bridge</b>&lt;&#0;",
    "ANSI": "\x1b[2J\x1b]0;owned\x07\x1b[31mWho repaired the bridge?\x9b0m",
    "a path": "../../etc/passwd",
    "JSON": '{"question": null, "threshold": NaN}',
    "line ends": "Who\r\nrepaired\rthe\u2028bridge\u2029?",
    "special tokens of the encoder": "[CLS] [SEP] [MASK] [PAD] [UNK] </s> <|endoftext|>",
    "almost a greeting": "hello" + " there" * 150 + " x",
    "almost a task": "summarise" + " " * 900 + "x",
    "many task words": "please " * 60 + "summarise" + " all" * 120 + " x",
    "a digit": "7",
}  # fmt: skip
UNASKABLE = {
    "nothing": ("", "is blank"),
    "blanks": ("   ", "is blank"),
    "white space of all kinds": ("\t\n\r\x0b\x0c\x1c\x85\xa0\u2003\u2028\u3000", "is blank"),
    "100,000 characters": ("Who repaired the bridge? " * 4_000, "has 99,999 characters, at most 1,000 are read"),
    "100,000 without a blank": ("x" * 100_000, "has 100,000 characters"),
    "one character over": ("x" * 1_001, "has 1,001 characters"),
    "more tokens than the encoder reads": (RARE * 100, "has 1005 tokens; the encoder multilingual-e5-small reads 512"),
    "marks that are tokens": (".," * 499 + "a", "tokens"),
}


@pytest.fixture(scope="module")
def service(sample_index: Path, open_service: Callable[..., Service]) -> Service:
    return open_service(sample_index)


@pytest.mark.parametrize("question", ASKABLE.values(), ids=ASKABLE)
def test_any_text_within_the_limits_gets_an_answer_whose_citations_stand(service: Service, question: str) -> None:
    answer = service.ask(question, threshold=0)
    assert (answer.status is Status.NOT_FOUND) == (answer.reason is Reason.NOT_A_QUESTION)
    with contextlib.closing(Store.open(service.folder)) as store, store.reading():
        assert list(answer_problems(answer, store)) == []
    assert answer_shape(answer).model_dump_json().encode()
    assert search_shape(service.search(question, k=2)).model_dump_json().encode()


@pytest.mark.parametrize(("question", "said"), UNASKABLE.values(), ids=UNASKABLE)
def test_a_question_that_is_blank_or_too_long_is_refused_in_a_few_words(service: Service, question: str, said: str) -> None:
    for ask in (service.ask, service.search, lambda asked: ranked_together(service, [asked])):
        with pytest.raises(QuestionError, match=said) as raised:
            ask(question)
        assert len(str(raised.value)) < 200


def test_no_question_is_cut_at_the_encoders_limit(sample_index: Path, open_service: Callable[..., Service]) -> None:
    service = open_service(sample_index, max_question_characters=100_000)
    with pytest.raises(QuestionError, match="has 2005 tokens; the encoder multilingual-e5-small reads 512"):
        service.ask(RARE * 200)
    with pytest.raises(QuestionError, match="has 500 tokens; the reader takes 355"):
        service.ask(RARE * 50)
    assert service.ask(RARE * 35, threshold=0).question == RARE * 35
