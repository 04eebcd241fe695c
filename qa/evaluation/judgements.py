"""The nouns of a set: questions, the judgements of their answers, and the articles judged.

A judgement is on the characters of an article as the set gives it, so it survives any chunking. Where a set
says only which articles hold the answer, the whole article is judged; where it says which words the answer
has, every place of those words in these articles is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from qa.base.types import Article, Refusal, Relation, Span


class JudgedBy(StrEnum):
    """What a question's judgements name."""

    SPANS = "spans"  # characters: a passage is right when it overlaps them
    ARTICLES = "articles"  # whole articles: each counts once, at its best passage
    ANSWERS = "answers"  # articles and an answer's words: a passage is right when it holds them as whole words


@dataclass(frozen=True, slots=True)
class Judgement:
    """What answers a question, in the words of the set.

    `article_id` is the id given in the set. `span` counts code points of the article's text as the set gives it,
    None where the whole article is judged; `quote` is the text there, None where the set has none. `grade` is 0
    for what was judged and does not answer, higher is better.
    """

    article_id: str
    span: Span | None
    grade: int
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class JudgedStatement:
    """One thing that articles say to a question: how it stands to the answer, and every sentence that says it."""

    relation: Relation
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """One question with its judgements.

    `answerable` is None where the set does not say. `earlier_questions` are those before it in a conversation,
    `standalone_question` is a human's wording that needs none of them. `asked_at` is ISO 8601. `kind` is the
    set's own name for a sort of question, for slices. `statements` are all that the articles say to it, where the set tells
    them; the first is the answer, and `judgements` are its own.
    """

    id: str
    question: str
    judged_by: JudgedBy
    judgements: tuple[Judgement, ...]
    answers: tuple[str, ...] = ()
    answerable: bool | None = True
    asked_at: str | None = None
    earlier_questions: tuple[str, ...] = ()
    standalone_question: str | None = None
    kind: str | None = None
    statements: tuple[JudgedStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions with judgements, and the articles if the set brings them.

    `articles` reads them from the files at each call, in the set's order; None for a set that is asked over somebody's own
    index. `notes` count the parts of the files that could not be used. `digest` is SHA-256 over the
    files that were read: two runs are comparable when it is equal. `split` is that of a BEIR set, `seed` that of
    synthetic questions.
    """

    name: str
    path: Path
    format: str
    digest: str
    questions: tuple[JudgedQuestion, ...]
    articles: Callable[[], Iterable[Article | Refusal]] | None
    notes: tuple[str, ...] = ()
    split: str | None = None
    seed: int | None = None
