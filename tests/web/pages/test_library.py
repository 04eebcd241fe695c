"""The addresses of the library."""

from __future__ import annotations

import httpx
import pytest

from web.pages.filter_form import FilterForm
from web.pages.routes.library import Part

PART = Part("ferry", FilterForm(source="cnn", published_from="2024-03", language="en"), 40)


def test_an_address_holds_what_is_set_and_nothing_else() -> None:
    assert PART.address() == "/library?q=ferry&source=cnn&published_from=2024-03&language=en&before=40"
    assert Part("", FilterForm(), None).address() == "/library"
    assert Part("", FilterForm(), 7).address("/library/a/remove", removed="x") == "/library/a/remove?before=7&removed=x"


def test_each_chip_leads_to_the_first_page_without_what_it_has_set() -> None:
    assert PART.without_each == {
        "source": "/library?q=ferry&published_from=2024-03&language=en",
        "date": "/library?q=ferry&source=cnn&language=en",
        "language": "/library?q=ferry&source=cnn&published_from=2024-03",
    }
    assert PART.filters_set == 3
    assert PART.without_filters == "/library?q=ferry"


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("/library?q=&source=&published_from=", "/library"), ("/library?q=a+b&source=&language=en", "/library?q=a+b&language=en")],
)
def test_fields_that_were_left_empty_do_not_stay_in_the_address(client: httpx.Client, asked: str, kept: str) -> None:
    response = client.get(asked)
    assert (response.status_code, response.headers["location"]) == (303, kept)
