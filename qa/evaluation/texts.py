"""The ids and offsets of a run → words, from the set and the index that the run was made with.

Where a set, index or article is gone, `notes` say so and the id is shown instead.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path

from qa.base.errors import DatasetError, StoreError
from qa.base.types import Article, Span
from qa.evaluation import known_items
from qa.evaluation.articles import Articles, GivenArticles, StoredArticles
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.indexes import set_articles
from qa.evaluation.judgements import Dataset, JudgedQuestion
from qa.evaluation.judging import Item, Itemiser
from qa.evaluation.runs import RunFacts
from qa.index.store import Store


class Texts:
    """The questions of a set and the articles they were asked over; close it, or use it as a context manager."""

    def __init__(
        self,
        questions: Mapping[str, JudgedQuestion],
        articles: Articles,
        *,
        notes: tuple[str, ...] = (),
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.notes = notes
        self.close = close
        self._questions = questions
        self._articles = articles
        self._itemiser = Itemiser(articles.article, given={})

    @classmethod
    def of(cls, facts: RunFacts, *, dataset: Path | None = None, index: Path | None = None) -> Texts:
        """Those of a run: its set, or the one at `dataset`, and its index, or the one at `index`.

        Where there is no index, the articles are the set's own.
        """
        with contextlib.ExitStack() as opened:
            store, reason = _store(facts, index, opened)
            read, notes = _dataset(facts, dataset, store)
            articles, more = (StoredArticles(store), _changed(store, facts)) if store else _given(read, reason)
            questions = {question.id: question for question in read.questions} if read else {}
            return cls(questions, articles, notes=(*notes, *more), close=opened.pop_all().close)

    def __enter__(self) -> Texts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def question(self, question_id: str) -> JudgedQuestion | None:
        return self._questions.get(question_id)

    def article(self, article_id: str) -> Article | None:
        """The article by either id; None for one that is not there."""
        return self._articles.article(article_id)

    def quote(self, article_id: str, span: Span) -> str | None:
        """The characters at these offsets; None when the article is not there or is too short by now."""
        article = self.article(article_id)
        return span.of(article.text) if article and span.end <= len(article.text) else None

    def judged(self, question_id: str) -> tuple[Item, ...]:
        """The judged items of a question, with their places in these articles; none for an unknown question."""
        question = self.question(question_id)
        return self._itemiser.itemise(question, stands_anywhere=lambda _: True).items if question else ()

    def source(self, question_id: str) -> str | None:
        """The source of the first article judged to answer the question."""
        question = self.question(question_id)
        judged = [judgement.article_id for judgement in question.judgements if judgement.grade > 0] if question else []
        article = self.article(judged[0]) if judged else None
        return article.source if article else None


def _store(facts: RunFacts, chosen: Path | None, opened: contextlib.ExitStack) -> tuple[Store | None, str]:
    """The index, open as long as `opened`; else None with the reason, empty for a run that was made without an index."""
    folder = chosen or (Path(facts.index.path) if facts.index else None)
    if folder is None:
        return None, ""
    try:
        store = opened.enter_context(contextlib.closing(Store.open(folder)))
        opened.enter_context(store.reading())
    except StoreError as error:
        return None, str(error)
    return store, ""


def _changed(store: Store, facts: RunFacts) -> tuple[str, ...]:
    if facts.index is None or store.generation == facts.index.generation:
        return ()
    return (
        f"The index at {store.folder} is at generation {store.generation}, the run was made at {facts.index.generation}: "
        "passages of articles that changed are shown otherwise or not at all.",
    )


def _dataset(facts: RunFacts, chosen: Path | None, store: Store | None) -> tuple[Dataset | None, tuple[str, ...]]:
    path = chosen or Path(facts.dataset.path)
    try:
        if chosen is None and facts.dataset.format == known_items.FORMAT:
            read = _remade(facts, path, store)
        else:
            read = read_dataset(path, split=facts.dataset.split)
    except DatasetError as error:
        return None, (f"Questions are shown by their ids alone. {error}",)
    if read.digest != facts.dataset.digest:
        return read, (f"The set at {path} is not the one the run was made with; questions are joined by their ids.",)
    return read, ()


def _remade(facts: RunFacts, path: Path, store: Store | None) -> Dataset:
    """Known-item questions are stored nowhere: the same articles and seed make the same ones."""
    if store is None or facts.dataset.seed is None:
        raise DatasetError(f"They were made of the index {path}, which is not there.")
    return known_items.known_items(store, path, most=facts.limit or known_items.MOST, seed=facts.dataset.seed)


def _given(dataset: Dataset | None, reason: str) -> tuple[Articles, tuple[str, ...]]:
    """The set's articles. `reason` is why the index is not used; empty when the run was made without one."""
    if dataset is None or dataset.articles is None:
        return GivenArticles(()), (f"Passages are shown by their ids and offsets alone. {reason}".strip(),)
    return GivenArticles(set_articles(dataset)), (f"Passages are shown as the set has them. {reason}",) if reason else ()
