"""What somebody calls an article → its id: by an id, its title, or the name or path of its file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import PurePath

from qa.base.errors import ArticleNotFound, ArticleUnclear
from qa.base.in_words import day_of
from qa.corpus.decode import clean
from qa.corpus.near_duplicates import words
from qa.index.filter_values import ArticleName
from qa.index.statements import stored_rows
from qa.index.store import Store
from qa.service.filter_advice import similar_names

_MOST_NAMED = 5


@stored_rows()
def named_id(store: Store, name: str, *, removed: bool = False) -> str:
    """The id of the one article that is meant, an id as it was given; with `removed`, titles and files of removed articles.

    Capitals and punctuation of a title do not count, nor does the ending of a file's name.

    Raises:
        ArticleNotFound: no article is called so; the message names the nearest.
        ArticleUnclear: several are.
    """
    known = clean(name).strip()
    if any(store.article(known, removed=hidden, even_damaged=True) for hidden in (False, True)):
        return name
    articles = store.filter_values.article_names(removed=removed)
    meant = _of_file(articles, known) or _of_title(articles, known)
    if len(meant) == 1:
        return meant[0].id
    if meant:
        raise ArticleUnclear(name, len(meant), _in_words(meant))
    raise ArticleNotFound(name, nearest=_in_words(_nearest(articles, known)))


def _of_file(articles: Sequence[ArticleName], name: str) -> list[ArticleName]:
    """The article of this very path, else those of a file with this name."""
    path, wanted = os.path.abspath(name), name.casefold()
    same = [article for article in articles if article.given_id == path]
    return same or [article for article in articles if wanted in _file_names(article.given_id)]


def _file_names(given_id: str) -> tuple[str, ...]:
    """The name of the file with and without its ending; none where the id is no path."""
    if not os.path.isabs(given_id):
        return ()
    path = PurePath(given_id.casefold())
    return path.name, path.stem


def _of_title(articles: Sequence[ArticleName], name: str) -> list[ArticleName]:
    wanted = words(name)
    return [article for article in articles if wanted and words(article.title) == wanted]


def _nearest(articles: Sequence[ArticleName], name: str) -> list[ArticleName]:
    """Articles whose titles hold all the words, then those of titles that are spelt like it."""
    wanted = set(words(name))
    holding = [article for article in articles if wanted and wanted <= set(words(article.title))]
    of_title = {article.title: article for article in articles}
    alike = [of_title[title] for title in similar_names(name, list(of_title))]
    return list(dict.fromkeys((*holding, *alike)))


def _in_words(articles: Sequence[ArticleName]) -> list[str]:
    """The first of them: `art_… (Bread is dear, 3 March 2025)`."""
    return [
        f"{article.id} ({', '.join([article.title, *([day_of(article.published_at)] if article.published_at else [])])})"
        for article in articles[:_MOST_NAMED]
    ]
