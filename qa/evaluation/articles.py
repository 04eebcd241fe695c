"""Articles by id, for judging: of an index as stored, or of a set as given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from qa.base.types import Article
from qa.corpus.quote_positions import locate_words
from qa.evaluation.runs import RankedSpan
from qa.index.store import Store

_KEPT = 2_000  # articles of an index that are held in memory at a time


class Articles(Protocol):
    def article(self, id_or_given_id: str) -> Article | None: ...

    def all(self) -> Iterator[Article]: ...


class StoredArticles:
    """The live articles of one state of an index; the store must stay open."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.article: Callable[[str], Article | None] = lru_cache(maxsize=_KEPT)(self._article)

    def _article(self, id_or_given_id: str) -> Article | None:
        stored = self._store.article(id_or_given_id)
        return stored.article if stored else None

    def all(self) -> Iterator[Article]:
        return (row.article for row in self._store.articles())


class GivenArticles:
    """Articles in memory."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = {article.id: article for article in articles}
        self._ids = {article.given_id: article.id for article in self._articles.values()}

    def article(self, id_or_given_id: str) -> Article | None:
        return self._articles.get(self._ids.get(id_or_given_id, id_or_given_id))

    def all(self) -> Iterator[Article]:
        return iter(self._articles.values())


def text_of(articles: Articles, hit: RankedSpan) -> str:
    """The characters a hit names; none when its article is not there."""
    article = articles.article(hit.article_id)
    return article.text[hit.span.start : hit.span.end] if article else ""


class AnswerWords:
    """Whether any article holds an answer; all texts are in memory from the first question on."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self._texts: list[tuple[str, str]] | None = None

    def stand_anywhere(self, answers: Sequence[str]) -> bool:
        """Whether an article holds one of the answers as whole words, letter case aside."""
        if self._texts is None:
            self._texts = [(article.text, article.text.lower()) for article in self._articles.all()]
        # searching the lower-case text first is 20 times as fast as the pattern alone
        return any(
            locate_words(answer, text) for answer in answers for text, lower in self._texts if answer.strip().lower() in lower
        )
