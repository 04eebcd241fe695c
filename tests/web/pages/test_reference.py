"""The API's reference has everything that the OpenAPI document has, and its links lead somewhere."""

from __future__ import annotations

import re

import httpx
import pytest

from web.pages.reference import reference

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def page(client: httpx.Client) -> str:
    response = client.get("/docs", headers=HTML)
    assert response.status_code == 200
    return response.text


def test_every_operation_shape_and_field_of_the_document_is_there(client: httpx.Client, page: str) -> None:
    document = client.get("/openapi.json").json()
    operations = [f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods]
    assert sorted(re.findall(r"<h3 [^>]*>([A-Z]+ /[^<]*)</h3>", page)) == sorted(operations)
    shapes = document["components"]["schemas"]
    assert set(re.findall(r"<h3 [^>]*>(\w+)</h3>", page)) == set(shapes)
    for name, shape in shapes.items():
        part = page.partition(f'<h3 id="{name.lower()}">')[2].partition("<h3")[0]
        assert set(shape.get("properties", ())) <= set(re.findall(r"<code>([^<]*)</code>", part)), name


def test_every_anchor_is_there_once_and_every_link_within_the_page_leads_to_one(page: str) -> None:
    anchors = re.findall(r'<h[23] id="([^"]*)"', page)
    assert len(anchors) == len(set(anchors)) > 50
    assert {link for link in re.findall(r'href="#([^"]*)"', page) if link != "main"} <= set(anchors)


def test_types_bounds_and_bars_are_written_out() -> None:
    schema = {
        "properties": {
            "one": {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}], "description": "a | b"},
            "many": {"type": "array", "items": {"$ref": "#/components/schemas/Other"}, "minItems": 1},
            "kind": {"enum": ["x", "y"], "default": "x"},
        },
        "required": ["many"],
    }
    made = reference({"info": {"version": "1", "description": "All."}, "paths": {}, "components": {"schemas": {"S": schema}}})
    assert "| `one` | string or null | a \\| b |" in made
    assert "| `many` | list of [Other](#other) | (required; at least 1) |" in made
    assert '| `kind` | `"x"` or `"y"` | (by default `"x"`) |' in made
