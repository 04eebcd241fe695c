"""The result of a tool → text for a language model: quotes word for word, each with its number and its source."""

from __future__ import annotations

from collections.abc import Sequence

from qa.api.answer import AnswerShape
from qa.api.article import ArticleTextShape
from qa.api.citation import CitationShape
from qa.api.exports import others_text, source_facts, warning
from qa.api.filters import FilterAdviceShape, FiltersShape, filters_of
from qa.api.notice import NoticeShape
from qa.api.pieces import shown_quote, shown_text
from qa.api.search import HitShape, SearchShape
from qa.base.types import Reason

_REASONS = {
    Reason.NOTHING_CLOSE: "No sentence of the articles comes close to the question.",
    Reason.NO_ANSWER_READ: "Some sentences come near the question, but none is likely enough to answer it.",
    Reason.ALL_FILTERED_OUT: "No article passes the filters: {filters}.",
    Reason.NO_ARTICLES: "There are no articles yet; `qa add` adds some.",
    Reason.NOT_A_QUESTION: "That is no question about the articles.",
}


def answer_text(answer: AnswerShape) -> str:
    blocks = [f"Searched for: {answer.standalone_question}"] if answer.standalone_question != answer.question else []
    if warned := warning(answer):
        blocks.append(warned)
    blocks.append(shown_text(answer))
    if others := others_text(answer):
        blocks.append(others)
    if answer.reason is not None:
        blocks.append(_REASONS[answer.reason].format(filters=filters_of(answer.filters)))
    blocks += _advised(answer.filter_advice)
    blocks += _taken(answer.notices, answer.filters)
    blocks += [f"[{citation.number}] {_source(citation)}" for citation in answer.all_citations]
    if answer.nearest:
        blocks.append("These sentences may help:")
    blocks += [f"- {shown_quote(citation)}\n  {_source(citation)}" for citation in answer.nearest]
    return "\n\n".join((*blocks, f"The answer's id: {answer.id}"))


def _source(citation: CitationShape) -> str:
    place = _place(citation.article_id, citation.start_char_index, citation.end_char_index)
    return f"{source_facts(citation.article_title, citation.source)} ({place})"


def _place(article_id: str, start: int, end: int) -> str:
    return f"characters {start}–{end} of {article_id}"


def search_text(search: SearchShape) -> str:
    taken = [*_advised(search.filter_advice), *_taken(search.notices, search.filters)]
    return "\n\n".join([*taken, *map(_hit_text, search.hits)] if search.hits else ["No passage was found.", *taken])


def _advised(advice: Sequence[FilterAdviceShape]) -> list[str]:
    """The nearest values that there are, and which filter to loosen."""
    return [one.text for one in advice if one.text]


def _taken(notices: Sequence[NoticeShape], filters: FiltersShape) -> list[str]:
    """How the question was taken: its notices, and up to which day articles answer."""
    later = [f"Articles from after {filters.as_of} do not answer; articles without a date do."] if filters.as_of else []
    return [*(notice.text for notice in notices), *later]


def _hit_text(hit: HitShape) -> str:
    passage = hit.passage
    facts = source_facts(passage.article_title, hit.source)
    place = _place(passage.article_id, passage.start_char_index, passage.end_char_index)
    return f"{hit.rank}. {facts} ({place})\n{passage.display or passage.text}"


def article_facts(article: ArticleTextShape) -> str:
    """The facts of the article, without its text."""
    named = f"{article.article_id}, {article.characters:,} characters, version {article.article_digest}"
    return f"{source_facts(article.article_title, article.source)} ({named})"
