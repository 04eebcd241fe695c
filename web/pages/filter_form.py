"""The filter fields of the chat and the library, as they were typed → filters, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.api.filters import FilterAdviceShape
from qa.base.errors import QuestionError
from qa.base.in_words import day_in_words
from qa.base.types import DaysOutOfOrder, FilterName, Filters
from qa.corpus.articles import is_safe_id
from qa.service.filter_advice import looser_filters
from qa.service.typed_filters import typed_filters

LONGEST_ARTICLES = 25_000  # characters of the field of articles: a thousand generated ids
MOST_SOURCES = 200  # that a source field offers; others can be typed
_MOST_INSTEAD = 3  # sources that are offered in the place of one that nobody has
_LOOSER = {
    FilterName.SOURCES: "Search all sources",
    FilterName.ARTICLE_IDS: "Search other articles too",
    FilterName.PUBLISHED: "Search all dates",
    FilterName.LANGUAGE: "Search all languages",
}


@dataclass(frozen=True, slots=True)
class FilterForm:
    source: str = ""
    published_from: str = ""
    published_to: str = ""
    language: str = ""
    article: str = ""  # an id, or several generated ones with blanks between; the chat's alone

    @property
    def is_filled(self) -> bool:
        return self != FilterForm()

    @property
    def article_ids(self) -> list[str]:
        """Generated ids, which have no blanks; else the whole as one given id, which may have some."""
        ids = self.article.split()
        return ids if all(map(is_safe_id, ids)) else [self.article.strip()]

    def filters(self) -> Filters:
        """Raises QuestionError for a day that is none, and for days in the wrong order."""
        try:
            return typed_filters(
                sources=[self.source] if self.source.strip() else [],
                article_ids=self.article_ids,
                published_from=self.published_from,
                published_to=self.published_to,
                language=self.language,
            )
        except DaysOutOfOrder as error:
            first, last = day_in_words(error.first), day_in_words(error.last)
            raise QuestionError(f"The first day, {first}, is after the last, {last}. Change one of them.") from error
        except ValueError as error:
            raise QuestionError(f"The filters cannot be used: {error}.") from error


def form_of(filters: Filters) -> FilterForm:
    """The fields as they would be filled for these filters; they hold one source, and of given ids one."""
    return FilterForm(
        source=next(iter(filters.sources), ""),
        published_from=str(filters.published_from or ""),
        published_to=str(filters.published_to or ""),
        language=filters.language or "",
        article=" ".join(filters.article_ids) if all(map(is_safe_id, filters.article_ids)) else filters.article_ids[0],
    )


def looser_forms(
    filters: Filters, advice: Sequence[FilterAdviceShape] = (), *, none_passes: bool = False
) -> list[tuple[str, FilterForm]]:
    """Forms that let more articles answer, by the names of their buttons: another source, one filter less, then none.

    Where none passes, those that would let none pass either are left out. Empty where no filter is set.
    """
    form = form_of(filters)
    helpful = {one.filter for one in advice if one.passing_without}
    instead = [
        (f"Search “{name}”", replace(form, source=name))
        for one in advice
        if none_passes and one.filter is FilterName.SOURCES and one.passing_without
        for name in one.nearest[:_MOST_INSTEAD]
    ]
    lifted = [(name, form_of(less)) for name, less in looser_filters(filters) if name in _LOOSER]
    looser = [(_LOOSER[name], less) for name, less in lifted if not none_passes or name in helpful]
    return [*instead, *looser, *([("Search all articles", FilterForm())] if len(lifted) > 1 else [])]
