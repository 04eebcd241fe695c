"""Filters that name what no article has, or that together let none pass → advice: the nearest values, and what to loosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from qa.base.in_words import day_in_words
from qa.base.types import ANY_TIME, NO_FILTERS, FilterAdvice, FilterName, Filters
from qa.index.filter_values import DaysCount, LanguageCount
from qa.index.store import Store

if TYPE_CHECKING:
    from qa.index.snapshot import Snapshot  # faiss and tantivy come with it

_MOST_NEAREST = 5  # values that are named
_LONGEST_COMPARED = 100  # characters of both names; comparing takes time in the square of them
_MOST_COMPARED = 1_000  # names; of more, those that begin with the same letter
_MOST_UNMATCHED = 5  # names for which the nearest are looked for
_SIMILAR = 0.6  # of 0..1, as in difflib: "harbor post" and "harbourpost" have .95
_TAG = re.compile(r"[a-z]{2,3}([-_][a-z0-9]+)*", re.IGNORECASE)
_LIFTED: dict[FilterName, Callable[[Filters], Filters]] = {
    FilterName.SOURCES: lambda filters: replace(filters, sources=()),
    FilterName.ARTICLE_IDS: lambda filters: replace(filters, article_ids=()),
    FilterName.PUBLISHED: lambda filters: replace(filters, published_from=None, published_to=None),
    FilterName.LANGUAGE: lambda filters: replace(filters, language=None),
    FilterName.AS_OF: lambda filters: replace(filters, as_of=ANY_TIME) if filters.as_of else filters,
}
_NAMES = {
    FilterName.SOURCES: "source filter",
    FilterName.ARTICLE_IDS: "article filter",
    FilterName.PUBLISHED: "date filter",
    FilterName.LANGUAGE: "language filter",
    FilterName.AS_OF: "as-of day",
}


def looser_filters(filters: Filters) -> list[tuple[FilterName, Filters]]:
    """The filters with one less, for each one that is set."""
    return [(name, less) for name, lift in _LIFTED.items() if (less := lift(filters)) != filters]


def advice_on(filters: Filters, snapshot: Snapshot) -> tuple[FilterAdvice, ...]:
    """Advice on the filters of a question; none in an index without articles, and none where its articles are elsewhere."""
    if not filters or not snapshot.store.is_whole or not snapshot.store.has_articles():
        return ()
    return filter_advice(snapshot.store, filters, none_passes=snapshot.lets_none_pass(filters))


def filter_advice(store: Store, filters: Filters, *, none_passes: bool) -> tuple[FilterAdvice, ...]:
    """Advice on each filter with a value that no article has; on every filter where none passes, the most helpful first."""
    several = {FilterName.SOURCES: len(filters.sources) > 1, FilterName.ARTICLE_IDS: len(filters.article_ids) > 1}
    advice = [
        _advice(store, filters, name, less, none_passes)
        for name, less in looser_filters(filters)
        if none_passes or several.get(name, False)  # where some pass, one value alone has articles
    ]
    given = [one for one in advice if one.text]
    ordered = sorted(given, key=lambda one: (not one.unmatched, -one.passing_without))
    if none_passes and len(ordered) > 1 and not any(one.passing_without for one in ordered):
        ordered[-1] = replace(ordered[-1], text=f"{ordered[-1].text} Removing one filter alone is not enough.")
    return tuple(ordered)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out about one filter: its values that no article has, the nearest that some have, and sentences."""

    unmatched: Sequence[str] = ()
    nearest: Sequence[str] = ()
    text: str = ""


def _advice(store: Store, filters: Filters, name: FilterName, less: Filters, none_passes: bool) -> FilterAdvice:
    passing = store.count((), less) if none_passes else 0
    found = _FINDERS[name](store, filters, less if passing else NO_FILTERS)
    loosen = f"Without the {_NAMES[name]} there {_articles(passing)}." if passing else ""
    text = " ".join(sentence for sentence in (found.text, loosen) if sentence)
    return FilterAdvice(name, tuple(found.unmatched), tuple(found.nearest), passing, text)


def _articles(count: int) -> str:
    return "is 1 article" if count == 1 else f"are {count:,} articles"


def _sources(store: Store, filters: Filters, _others: Filters) -> _Found:
    unmatched = [name for name in filters.sources if not store.filter_values.sources_named(name)]
    if not unmatched:
        return _Found()
    known = store.filter_values.sources()
    nearest = list(dict.fromkeys(source for name in unmatched[:_MOST_UNMATCHED] for source in similar_names(name, known)))
    nearest = nearest[:_MOST_NEAREST]
    if nearest:
        there = f"The nearest: {_quoted(nearest)}."
    elif known:
        more = [f"{len(known) - _MOST_NEAREST:,} more"] if len(known) > _MOST_NEAREST else []
        there = f"The sources are {_listed([f'“{source}”' for source in known[:_MOST_NEAREST]] + more)}."
    else:
        there = "No article names its source."
    return _Found(unmatched, nearest, f"No article has the source {_quoted(unmatched, 'or')}. {there}")


def similar_names(name: str, known: Sequence[str]) -> list[str]:
    """The names that contain this one or are contained in it, then those spelt like it."""
    folded = {source.casefold()[:_LONGEST_COMPARED]: source for source in known}
    wanted = name.strip().casefold()[:_LONGEST_COMPARED]
    within = [source for key, source in folded.items() if wanted and (wanted in key or (len(key) > 2 and key in wanted))]
    compared = [key for key in folded if len(folded) <= _MOST_COMPARED or key[:1] == wanted[:1]][:_MOST_COMPARED]
    alike = [folded[key] for key in get_close_matches(wanted, compared, n=_MOST_NEAREST, cutoff=_SIMILAR)]
    return list(dict.fromkeys((*alike, *within)))


def _article_ids(store: Store, filters: Filters, _others: Filters) -> _Found:
    unmatched = [id_ for id_ in filters.article_ids if not store.filter_values.has_id(id_)]
    if not unmatched:
        return _Found()
    begun = (id_ for given in unmatched for id_ in store.filter_values.ids_beginning(given, most=_MOST_NEAREST) if given)
    nearest = list(dict.fromkeys(begun))[:_MOST_NEAREST]
    there = f"Ids that begin like it: {', '.join(nearest)}." if nearest else "`qa list` and the library name the articles."
    return _Found(unmatched, nearest, f"There is no article {_quoted(unmatched, 'or')}, or it was removed. {there}")


def _published(store: Store, filters: Filters, others: Filters) -> _Found:
    first, last = filters.published_from, filters.published_to
    alone = Filters(published_from=first, published_to=last)
    if store.count((), alone):
        return _Found(
            text=f"The articles that pass the other filters are {_span(store.filter_values.days(others))}." if others else ""
        )
    ends = [*([("from", first)] if first else []), *([("until", last)] if last else [])]
    near = (_nearest_before(store, first, others), _nearest_after(store, last, others))
    nearest = [day for day in near if day is not None]
    days = "day is" if len(nearest) == 1 else "days are"
    named = f" The nearest {days} {' and '.join(map(day_in_words, nearest))}." if nearest else ""
    asked = " ".join(f"{word} {day_in_words(day)}" for word, day in ends)
    return _Found(
        [" ".join(f"{word} {day}" for word, day in ends)],
        [day.isoformat() for day in nearest],
        f"No article was published {asked}.{named} All articles are {_span(store.filter_values.days())}.",
    )


def _nearest_before(store: Store, first: date | None, others: Filters) -> date | None:
    if first is None or first == date.min:
        return None
    return store.filter_values.days(replace(others, published_from=None, published_to=first - timedelta(1))).last


def _nearest_after(store: Store, last: date | None, others: Filters) -> date | None:
    if last is None or last == date.max:
        return None
    return store.filter_values.days(replace(others, published_from=last + timedelta(1), published_to=None)).first


def _as_of(store: Store, filters: Filters, others: Filters) -> _Found:
    if store.count((), Filters(as_of=filters.as_of)):
        return _Found(
            text=f"The articles that pass the other filters are {_span(store.filter_values.days(others))}." if others else ""
        )
    first = store.filter_values.days().first
    asked = filters.as_of
    if asked is None or first is None:
        return _Found([str(asked)])
    text = f"No article had been published by {day_in_words(asked)}; the first is of {day_in_words(first)}."
    return _Found([str(asked)], [str(first)], text)


def _span(days: DaysCount) -> str:
    undated = f", {days.undated:,} without a date" if days.undated else ""
    if days.first is None or days.last is None:
        return "without a date"
    first, last = day_in_words(days.first), day_in_words(days.last)
    return f"from {first} to {last}{undated}" if first != last else f"of {first}{undated}"


def _language(store: Store, filters: Filters, others: Filters) -> _Found:
    wanted = filters.language or ""
    if store.count((), Filters(language=wanted)):
        there = store.filter_values.languages(others)
        return _Found(text=f"The articles that pass the other filters are in {_counted(there)}." if others and there else "")
    no_code = "" if _TAG.fullmatch(wanted.strip()) else f"“{wanted}” is no language code, such as en. "
    there = store.filter_values.languages()
    nearest = [one.language for one in there][:_MOST_NEAREST]
    return _Found([wanted], nearest, f"{no_code}No article is in “{wanted}”. There are articles in {_counted(there)}.")


def _counted(languages: Sequence[LanguageCount]) -> str:
    """`en (41, 2 guessed) and de (3)`."""
    return _listed(
        [
            f"{one.language} ({one.articles:,}{f', {one.guessed:,} guessed' if one.guessed else ''})"
            for one in languages[:_MOST_NEAREST]
        ]
    )


def _quoted(names: Sequence[str], last: str = "and") -> str:
    return _listed([f"“{name}”" for name in names], last)


def _listed(parts: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


_FINDERS: dict[FilterName, Callable[[Store, Filters, Filters], _Found]] = {
    FilterName.SOURCES: _sources,
    FilterName.ARTICLE_IDS: _article_ids,
    FilterName.PUBLISHED: _published,
    FilterName.LANGUAGE: _language,
    FilterName.AS_OF: _as_of,
}
