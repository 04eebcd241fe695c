"""The OpenAPI document → the API's reference as Markdown: its operations by tag, and the shapes that they take and give."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from web.pages.manual import anchor_of

_METHODS = ("get", "put", "post", "delete", "patch")
_BOUNDS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minimum": "from {}",
    "maximum": "up to {}",
    "exclusiveMinimum": "above {}",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "default": "by default `{}`",
}
_SUCCESS = "2"

Node = Mapping[str, Any]


def reference(document: Node) -> str:
    """One page: what all operations have in common, each of them, and each named shape."""
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                operation = methods[method]
                by_tag.setdefault(operation["tags"][0], []).append("\n\n".join(_operation(method, path, operation)))
    tags = (f"## {tag}\n\n" + "\n\n".join(operations) for tag, operations in by_tag.items())
    shapes = "\n\n".join(_shape(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    common = (
        f"Version {document['info']['version']}. The same as a document for programs: [openapi.json](/openapi.json). "
        "To send requests from a page: [try it](/docs/try)."
    )
    return "\n\n".join(("# The API", document["info"]["description"].strip(), common, *tags, "## Shapes", shapes)) + "\n"


def _operation(method: str, path: str, operation: Node) -> Iterator[str]:
    yield f"### {method.upper()} {path}"
    yield f"**{operation['summary']}.** {operation.get('description', '')}".strip()
    if parameters := operation.get("parameters"):
        rows = (
            (f"`{one['name']}`", one["in"], _type(one["schema"]), _words(one, one["schema"], required=one.get("required", False)))
            for one in parameters
        )
        yield _table(("parameter", "in", "type", "meaning"), rows)
    for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
        yield f"Body, `{media_type}`: {_type(body['schema'])}"
        yield from _examples(body)
    given = ((status, response) for status, response in operation["responses"].items() if status.startswith(_SUCCESS))
    for status, response in given:
        types = [_type(content["schema"]) for content in response.get("content", {}).values() if "schema" in content]
        yield f"Answers {status}: {' or '.join(types) or response['description']}"
    others = [status for status in sorted(operation["responses"]) if not status.startswith(_SUCCESS)]
    yield f"Else: {', '.join(others)}"


def _examples(body: Node) -> Iterator[str]:
    for example in list(body.get("examples", {}).values())[:1]:
        yield f"```json\n{json.dumps(example['value'], indent=2, ensure_ascii=False)}\n```"


def _shape(name: str, schema: Node) -> str:
    parts = [f"### {name}", schema.get("description", "").strip()]
    if "properties" in schema:
        required = schema.get("required", ())
        rows = (
            (f"`{field}`", _type(one), _words(one, one, required=field in required))
            for field, one in schema["properties"].items()
        )
        parts.append(_table(("field", "type", "meaning"), rows))
    else:
        parts.append(_type(schema))
    return "\n\n".join(part for part in parts if part)


def _type(schema: Node) -> str:
    """A schema in a few words, with links to the shapes that it names."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{anchor_of(name)})"
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(_type(one) for one in schema[several])
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if schema.get("type") == "array":
        items = schema.get("prefixItems")
        return "[" + ", ".join(map(_type, items)) + "]" if items else f"list of {_type(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {_type(schema['additionalProperties'])}"
    return str(schema.get("format") or schema.get("type") or "any")


def _words(described: Node, schema: Node, *, required: bool) -> str:
    bounds = (words.format(json.dumps(schema[bound])) for bound, words in _BOUNDS.items() if schema.get(bound) is not None)
    facts = "; ".join((*(("required",) if required else ()), *bounds))
    return " ".join(part for part in (described.get("description", ""), f"({facts})" if facts else "") if part)


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(map(_cell, cells))} |" for cells in lines)


def _cell(text: str) -> str:
    """On one line, and without what ends a cell."""
    return reduce(lambda made, pair: made.replace(*pair), (("|", "\\|"), ("\n", " ")), text)
