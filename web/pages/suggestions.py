"""The newest articles → a few questions to begin with, each with the title of the article that it is about.

Our samples have questions of their own. For other articles a person's name makes a question: names are found by how they are
written, and only those count that the article itself uses like a person's, by the family name alone, and explains.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from qa.base.types import Answer, Article, Status
from qa.service.service import Service

_SHOWN = 4
_NEWEST = 50  # articles that are looked at
_MOST_ASKED = 20  # questions, each of which is answered like any other
_READ_CHARACTERS = 5_000  # of an article, in which the names are looked for
_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_WORDS = re.compile(_WORD)
_APPOSITION = r"who|whose|an?|the|\d\d"  # what follows a person's name and a comma
_OPENERS = frozenset(  # words that stand before a name at the beginning of a sentence
    "a after an and as at because before but by even for from he her his if in it its like mr mrs ms dr no not now of on or "
    "she since so that the their then there these they this those to until we what when where while who why with yet you".split()
)
_BEFORE_NO_PERSON = frozenset("a an at in its our that the their these this those".split())


class Suggestion(NamedTuple):
    """A question, and the title of the article that it is about; "" where no article answers it."""

    question: str
    title: str


_OF_SAMPLES = (  # by the articles' own ids: a cost, a who, a when, a figure that was corrected, a reason
    ("ferry-terminal-opens", "How much did the new ferry terminal cost?"),
    ("mayor-election-recount", "Who won the election for mayor?"),
    ("tram-line-five-route", "When will trams run on line 5?"),
    ("eider-injury-figure-corrected", "How many people were hurt in the Eider accident?"),
    ("eider-inquiry-report", "What made the Eider hit the pier?"),
)
_WITHOUT_AN_ANSWER = Suggestion("How many people live in Varrowmouth?", "")


class Suggestions:
    """The questions for one service, worked out once for each generation of the index. Shared between threads."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._generation = -1
        self._questions: tuple[Suggestion, ...] = ()

    def known(self) -> tuple[Suggestion, ...] | None:
        """The questions for the index as it is; None when they are not worked out yet."""
        generation = self._service.generation
        return self._questions if generation == self._generation else None

    def questions(self) -> tuple[Suggestion, ...]:
        """The questions for the index as it is; this may take seconds. None at all when nothing is answered."""
        with self._lock:
            known = self.known()
            if known is not None:
                return known
            generation = self._service.generation
            newest = [stored.article for stored in self._service.page(limit=_NEWEST)]
            self._questions = of_samples(newest) or answered_questions(newest, self._service.ask)
            self._generation = generation
            return self._questions


def of_samples(articles: Sequence[Article]) -> tuple[Suggestion, ...]:
    """Those written by hand, where our samples are among the articles; none elsewhere."""
    titles = {article.given_id: article.title for article in articles}
    if not all(given_id in titles for given_id, _ in _OF_SAMPLES):
        return ()
    return (*(Suggestion(question, titles[given_id]) for given_id, question in _OF_SAMPLES), _WITHOUT_AN_ANSWER)


def answered_questions(articles: Sequence[Article], ask: Callable[[str], Answer]) -> tuple[Suggestion, ...]:
    """At most four questions that are answered; weakly answered ones only where there are too few."""
    answered: list[Suggestion] = []
    weak: list[Suggestion] = []
    asked = (Suggestion(question, article.title) for article in articles for question in person_questions(article)[:1])
    for suggestion in islice(_on_different_things(asked), _MOST_ASKED):
        status = ask(suggestion.question).status
        if status is Status.ANSWERED:
            answered.append(suggestion)
        elif status is Status.WEAK:
            weak.append(suggestion)
        if len(answered) == _SHOWN:
            break
    return tuple([*answered, *weak][:_SHOWN])


def _on_different_things(suggestions: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """Those whose questions share no capitalised word but their first with one before them."""
    taken: set[str] = set()
    for suggestion in suggestions:
        names = {word for word in _WORDS.findall(suggestion.question)[1:] if word[0].isupper()}
        if not names & taken:
            taken.update(names)
            yield suggestion


def person_questions(article: Article) -> list[str]:
    """Questions about the persons that an article names and explains, the one it names most often first."""
    return [f"Who is {name}?" for name in _persons(article.text[:_READ_CHARACTERS])]


def _persons(text: str) -> list[str]:
    """Two-word names, those used most often first, ties as in the text.

    Only names whose second word stands alone as well, as a person's family name does and "the Tour" does not.
    """
    words = Counter(_WORDS.findall(text))
    full = Counter(_full_names(text))
    alone = {name: words[name.split()[1]] - times for name, times in full.items()}
    persons: list[str] = []
    for name in sorted(full, key=lambda name: -full[name] - alone[name]):
        first, family = name.split()
        is_common = first.lower() in words or family.lower() in words or re.search(rf"\b(?i:the|an?|this) {family}\b", text)
        if alone[name] and not is_common and re.search(rf"{name}, (?:{_APPOSITION})\b", text):
            persons.append(name)
    return persons


def _full_names(text: str) -> Iterator[str]:
    """Two capitalised words that are not part of a longer name, unless "the" or its like stands before them."""
    for run, before in _capitalised_runs(text):
        opener, name = (run[0], run[1:]) if run[0].lower() in _OPENERS else (before, run)
        if len(name) == 2 and opener.lower() not in _BEFORE_NO_PERSON:
            yield " ".join(name)


def _capitalised_runs(text: str) -> Iterator[tuple[list[str], str]]:
    """Each longest run of capitalised words with one blank between them, and the word just before it ("" for none)."""
    run: list[str] = []
    before, end = "", -1
    for word in _WORDS.finditer(text):
        joined = word.start() == end + 1 and text[end] == " "
        if run and not (joined and _is_capitalised(word[0])):
            yield run, before
            before, run = run[-1], []
        if _is_capitalised(word[0]):
            before = before if run or joined else ""
            run.append(word[0])
        else:
            before = word[0]
        end = word.end()
    if run:
        yield run, before


def _is_capitalised(word: str) -> bool:
    """Whether it is written like a name, which abbreviations such as NASA are not."""
    return word[0].isupper() and not word.isupper()
