"""The articles of a set, read from the files at each use, with the ids that the judgements name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import AliasChoices, Field

from qa.base.errors import DatasetError
from qa.base.settings import load_settings
from qa.base.types import Article, Refusal
from qa.corpus.article_reader import article_of
from qa.corpus.formats.article_draft import ArticleDraft
from qa.evaluation.datasets.files import records_of
from qa.evaluation.datasets.shapes import Id, Shape
from qa.evaluation.datasets.tally import Tally

UNKNOWN_ARTICLE = "Judgements that name an article which the set does not have"  # a note that several formats make


class ArticleShape(Shape):
    """One line of articles.jsonl, of a BEIR corpus, or of passages.jsonl where these are the articles."""

    id: Id = Field(validation_alias=AliasChoices("id", "_id"))
    text: str
    title: str | None = None
    url: str | None = None
    source: str | None = None
    author: str | None = None
    published_at: str | int | float | None = None
    language: str | None = None


def article_drafts(path: Path) -> Iterator[ArticleDraft]:
    """The drafts of a file of JSON lines, in its order."""
    for line, record in records_of(path, ArticleShape):
        yield ArticleDraft(
            record.text,
            title=record.title,
            given_id=record.id,
            url=record.url,
            source=record.source,
            author=record.author,
            published_at=record.published_at,
            language=record.language,
            line=line,
        )


@dataclass(frozen=True, slots=True)
class KnownArticles:
    """The ids of all articles that were accepted, and the texts of those that were wanted."""

    ids: Collection[str]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """Files of articles and how each is read; each call iterates them from the start.

    An article that cannot be accepted (its text is blank) is a Refusal in its place; a damaged file is a
    DatasetError.
    """

    paths: tuple[Path, ...]
    drafts: Callable[[Path], Iterator[ArticleDraft]] = article_drafts

    def __call__(self) -> Iterator[Article | Refusal]:
        return self._checked([])

    def _checked(self, notices: list[Refusal]) -> Iterator[Article | Refusal]:
        most = load_settings().max_article_characters
        for path in self.paths:
            for draft in self.drafts(path):
                yield article_of(draft, str(path), notices, most=most)

    def known(self, wanted: Collection[str], tally: Tally) -> KnownArticles:
        """Read all once, holding the texts of the `wanted` ids alone; the tally counts those refused or left out.

        Raises:
            DatasetError: no article is accepted, or an id is there twice.
        """
        notices: list[Refusal] = []
        counts: Counter[str] = Counter()
        texts: dict[str, str] = {}
        for article in self._checked(notices):
            if isinstance(article, Refusal):
                tally.add("Articles that were refused", [_shown(article)])
                continue
            counts[article.given_id] += 1
            if article.given_id in wanted:
                texts[article.given_id] = article.text
        tally.add("Fields left out of articles", map(_shown, notices))
        self._check(counts)
        return KnownArticles(counts.keys(), texts)

    def _check(self, counts: Counter[str]) -> None:
        names = " and ".join(map(str, self.paths))
        if not counts:
            raise DatasetError(f"{names}: no article that can be used; expected at least one with a text.")
        refuse_repeats(counts, names, "articles")


def refuse_repeats(counts: Counter[str], place: str, noun: str) -> None:
    """DatasetError when an id was counted more than once: a judgement's article would be ambiguous."""
    repeated = [name for name, count in counts.items() if count > 1]
    if repeated:
        raise DatasetError(
            f"{place}: {len(repeated):,} ids of {noun} are there more than once, first {repeated[0]!r}; "
            "expected each once. Give each its own."
        )


def _shown(refusal: Refusal) -> str:
    place = f"{Path(refusal.origin).name} line {refusal.line}" if refusal.line else Path(refusal.origin).name
    return f"{place}: {refusal.reason}"
