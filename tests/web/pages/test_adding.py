"""What the form of /add takes beside files, which the tests in a browser send."""

from __future__ import annotations

import httpx

ACCEPT = {"accept": "text/html"}


def test_addresses_are_refused_by_a_server_that_fetches_nothing(client: httpx.Client) -> None:
    response = client.post("/add", data={"addresses": "https://example.org/"}, headers=ACCEPT)
    assert response.status_code == 403
    assert "started without --allow-fetch" in response.text


def test_a_script_is_told_what_is_missing_in_a_part_and_a_person_on_a_page(client: httpx.Client) -> None:
    page = client.post("/add", data={"text": " "}, headers=ACCEPT)
    part = client.post("/add", data={"text": " "}, headers={"HX-Request": "true"})
    assert (page.status_code, part.status_code) == (422, 422)
    assert "<html" in page.text and "<html" not in part.text
    assert "nothing to add yet" in page.text and "nothing to add yet" in part.text
