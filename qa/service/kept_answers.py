"""Answers → answers that are kept beside the index, shown again, and verified against the articles as they are now."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from qa.api.answer import AnswerShape, answer_shape
from qa.api.answer_now import quotes_of, with_changes
from qa.base.errors import AnswerNotFound, StorageError
from qa.base.quotes import KeptQuote, VerifiedQuote
from qa.base.times import rfc3339
from qa.base.types import Answer
from qa.index.store import Store
from qa.service.quotes import CurrentArticle, verified
from qa.service.state.answers import AnswerLog, KeptAnswer
from qa.service.state.file import StateFile

log = logging.getLogger(__name__)


class KeptAnswers:
    """The answers of one index folder, each kept for so many days; none where these are 0."""

    def __init__(self, folder: Path, opened: Callable[[], AbstractContextManager[Store]], *, days: int) -> None:
        """`opened` opens the store of the articles as they are now."""
        self._opened = opened
        self._days = days
        self._log = AnswerLog(StateFile(folder))

    def keep(self, answer: Answer) -> bool:
        """Keep an answer; whether that was done. A folder that cannot be written is logged: answering goes on."""
        if not self._days:
            return False
        kept = KeptAnswer(answer.id, rfc3339(answer.created_at), answer_shape(answer).model_dump_json(), tuple(_quotes(answer)))
        try:
            self._log.keep(kept, older_than=rfc3339(answer.created_at - timedelta(self._days)))
        except StorageError as error:
            log.warning("An answer was not kept: %s", error)
            return False
        return True

    def answer(self, answer_id: str) -> KeptAnswer:
        """An answer as it was given; AnswerNotFound when it is not kept."""
        kept = self._log.answer(answer_id)
        if kept is None:
            raise AnswerNotFound(answer_id)
        return kept

    def verify(self, answer_id: str) -> list[VerifiedQuote]:
        """Whether articles still contain the quotes of a kept answer and of what others say, in order. AnswerNotFound."""
        kept = self.answer(answer_id)
        body = json.loads(kept.body)
        cited = [*body["citations"], *(statement["citation"] for statement in body.get("statements", [])[1:])]
        displays = {one["number"]: one["display"]["text"] for one in cited if one.get("display")}
        shown = [quote for quote in kept.quotes if quote.shown in ("citations", "statements")]
        return self._verified([replace(quote, display=displays.get(quote.number)) for quote in shown])

    def as_of_now(self, answers: Sequence[AnswerShape]) -> list[AnswerShape]:
        """The answers with what became of the sentences that they cite; kept or not.

        The text of an article is read only where it is another than then.
        """
        quotes = [quotes_of(answer) for answer in answers]
        digests = self._live_digests([quote for of_answer in quotes for quote in of_answer])
        changed = [
            [quote for quote in of_answer if not quote.quote or digests.get(quote.article_id) != quote.article_digest]
            for of_answer in quotes
        ]
        found = iter(self._verified([quote for of_answer in changed for quote in of_answer]))
        return [
            with_changes(answer, [next(found) for _ in of_answer]) for answer, of_answer in zip(answers, changed, strict=True)
        ]

    def _live_digests(self, quotes: Sequence[KeptQuote]) -> dict[str, str]:
        if not quotes:
            return {}
        with self._opened() as store:
            return store.live_digests({quote.article_id for quote in quotes})

    def _verified(self, quotes: Sequence[KeptQuote]) -> list[VerifiedQuote]:
        """In their order."""
        if not quotes:
            return []
        with self._opened() as store:
            rows = [row for id_ in {quote.article_id for quote in quotes} if (row := store.article(id_)) is not None]
            current = {row.article.id: CurrentArticle(row.article, store.all_sentences(row)) for row in rows}
        return [verified(quote, current.get(quote.article_id)) for quote in quotes]


def _quotes(answer: Answer) -> Iterator[KeptQuote]:
    others = [one.citation for one in answer.other_statements]
    for shown, citations in (("citations", answer.citations), ("nearest", answer.nearest), ("statements", others)):
        for one in citations:
            yield KeptQuote(shown, one.number, one.article_id, one.article_digest, one.span, one.quote)
