"""The filter fields of the chat and the library, as they were typed → filters, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa.base.errors import QuestionError
from qa.base.types import Filters
from qa.corpus.dates import first_day, last_day
from qa.corpus.decode import clean

MOST_SOURCES = 200  # that a source field offers; others can be typed


@dataclass(frozen=True, slots=True)
class FilterForm:
    source: str = ""
    published_from: str = ""
    published_to: str = ""
    language: str = ""  # the library's alone

    @property
    def is_filled(self) -> bool:
        return any((self.source, self.published_from, self.published_to, self.language))

    def filters(self) -> Filters:
        """Raises QuestionError for a day that is none, and for days in the wrong order."""
        source, language = clean(self.source).strip(), clean(self.language).strip()
        try:
            return Filters(
                sources=(source,) if source else (),
                published_from=first_day(self.published_from.strip()),
                published_to=last_day(self.published_to.strip()),
                language=language or None,
            )
        except ValueError as error:
            raise QuestionError(f"The filters cannot be used: {error}.") from error


def form_of(filters: Filters) -> FilterForm:
    """The fields as they would be filled for these filters; they hold one source."""
    return FilterForm(
        source=next(iter(filters.sources), ""),
        published_from=str(filters.published_from or ""),
        published_to=str(filters.published_to or ""),
    )


def looser_forms(filters: Filters) -> list[tuple[str, FilterForm]]:
    """Forms that let more articles answer, by the names of their buttons: one filter less, then none. Empty where none is set."""
    form = form_of(filters)
    without_source = replace(form, source="")
    without_days = replace(form, published_from="", published_to="")
    looser = []
    if form != without_source:
        looser.append(("Search all sources", without_source))
    if form != without_days:
        looser.append(("Search all dates", without_days))
    if len(looser) > 1:
        looser.append(("Search all articles", FilterForm()))
    return looser
