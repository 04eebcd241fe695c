"""A statement of the articles ⇄ its JSON, and the words for how it stands to the answer."""

from __future__ import annotations

from datetime import date

from qa.api.citation import CitationShape, citation_of, citation_shape
from qa.api.shape import Shape
from qa.api.span import span_of
from qa.base.in_words import counted
from qa.base.types import Relation, Statement, ValueKind

_RELATIONS = {
    Relation.AGREES: "Agrees",
    Relation.DIFFERS: "Sources differ",
    Relation.CORRECTED_BY: "Corrected since",
    Relation.EARLIER: "Earlier report",
}
OTHERS_SAY = "Others say"


class StatementShape(Shape):
    """What some articles say. `value` is their short answer, `citation` their best sentence for it.

    `relation` is how it stands to the answer: the first statement, which is the answer's own, `agrees`. `articles` are how many
    say it; of these, `sources` are independent.
    """

    value: str
    kind: ValueKind
    relation: Relation
    citation: CitationShape
    articles: int
    sources: int
    first_day: date | None
    last_day: date | None


def statement_shape(statement: Statement) -> StatementShape:
    return StatementShape(
        value=statement.value,
        kind=statement.kind,
        relation=statement.relation,
        citation=citation_shape(statement.citation),
        articles=statement.articles,
        sources=statement.sources,
        first_day=statement.first_day,
        last_day=statement.last_day,
    )


def statement_of(shape: StatementShape) -> Statement:
    return Statement(
        kind=shape.kind,
        relation=shape.relation,
        citation=citation_of(shape.citation),
        articles=shape.articles,
        sources=shape.sources,
        first_day=shape.first_day,
        last_day=shape.last_day,
    )


def relation_in_words(relation: Relation) -> str:
    """What a person reads beside another statement."""
    return _RELATIONS[relation]


def shown_value(statement: StatementShape) -> str:
    """The value as people read it."""
    display = statement.citation.display
    if display is None or display.short_answer is None:
        return statement.value
    return span_of(display.short_answer).of(display.text)


def agreement_in_words(articles: int, sources: int) -> str | None:
    """How many articles give an answer, of how many independent sources; None where one article does."""
    if articles <= 1:
        return None
    independent = f", from {counted(sources, 'independent source')}," if 1 < sources < articles else ""
    return f"{articles:,} articles{independent} give this answer."
