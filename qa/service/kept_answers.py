"""Answers → answers that are kept beside the index, shown again, and verified against the articles as they are now."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from qa.api.answer import AnswerShape, answer_shape
from qa.api.answer_now import quotes_of, with_changes
from qa.base.errors import AnswerNotFound, StorageError
from qa.base.quotes import KeptQuote, VerifiedQuote
from qa.base.times import rfc3339
from qa.base.types import Answer
from qa.index.store import open_store
from qa.service.quotes import CurrentArticle, unchanged, verified
from qa.service.state.answers import AnswerLog, KeptAnswer
from qa.service.state.file import StateFile

log = logging.getLogger(__name__)


class KeptAnswers:
    """The answers of one index folder, each kept for so many days; none where these are 0."""

    def __init__(self, folder: Path, *, days: int) -> None:
        self._folder = folder
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
        """Whether the article of each citation of a kept answer still contains its quote, in order. AnswerNotFound."""
        return self._verified([quote for quote in self.answer(answer_id).quotes if quote.shown == "citations"])

    def as_of_now(self, answers: Sequence[AnswerShape]) -> list[AnswerShape]:
        """The answers with what became of the sentences that they cite; kept or not."""
        quotes = [quotes_of(answer) for answer in answers]
        found = iter(self._verified([quote for of_answer in quotes for quote in of_answer]))
        return [with_changes(answer, [next(found) for _ in of_answer]) for answer, of_answer in zip(answers, quotes, strict=True)]

    def _verified(self, quotes: Sequence[KeptQuote]) -> list[VerifiedQuote]:
        """In their order. Only of articles with another text than then is the text read."""
        if not quotes:
            return []
        with open_store(self._folder) as store:
            digests = store.live_digests({quote.article_id for quote in quotes})
            rows = {
                quote.article_id: store.article(quote.article_id)
                for quote in quotes
                if digests.get(quote.article_id) not in (None, quote.article_digest)
            }
            changed = {id_: CurrentArticle(row.article, store.sentences(row.row)) for id_, row in rows.items() if row is not None}
        return [
            unchanged(quote)
            if quote.quote and digests.get(quote.article_id) == quote.article_digest
            else verified(quote, changed.get(quote.article_id))
            for quote in quotes
        ]


def _quotes(answer: Answer) -> Iterator[KeptQuote]:
    for shown, citations in (("citations", answer.citations), ("nearest", answer.nearest)):
        for one in citations:
            yield KeptQuote(shown, one.number, one.article_id, one.article_digest, one.span, one.quote)
