"""A kept answer → the same with those of its citations that were edited or deleted since."""

from __future__ import annotations

from collections.abc import Sequence

from qa.api.answer import AnswerShape
from qa.api.changed_citation import changed_citation
from qa.api.span import span_of
from qa.base.quotes import KeptQuote, VerifiedQuote


def quotes_of(answer: AnswerShape) -> list[KeptQuote]:
    """The quotes that it and the other statements cite, to be verified."""
    others = [one.citation for one in answer.other_statements]
    return [
        KeptQuote(shown, one.number, one.article_id, one.article_digest, span_of(one), one.cited_text)
        for shown, citations in (("citations", answer.citations), ("statements", others))
        for one in citations
    ]


def with_changes(answer: AnswerShape, verified: Sequence[VerifiedQuote]) -> AnswerShape:
    """The answer with what became of its citations, and a reason to check it where the leading one changed."""
    changed = [one for one in map(changed_citation, verified) if one is not None]
    leading = answer.short_answer.citation if answer.short_answer else 1
    check = next((one.check for one in changed if one.number == leading), None)
    return answer.model_copy(update={"changed_citations": changed, "check": check})
