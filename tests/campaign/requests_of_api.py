"""The OpenAPI document, and the pages beside it → requests that are right, and then changed."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mutation import mutated_bytes, mutated_json, odd_text

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
_FORM, _FILES = "application/x-www-form-urlencoded", "multipart/form-data"
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
_HEADERS = ("Accept", "If-Match", "If-None-Match", "Range", "Idempotency-Key", "X-Request-Id", "Last-Event-ID")
_PAGES = (  # method, path, names of fields or parameters
    ("GET", "/", "q conversation source published_from published_to language article as_of"),
    ("POST", "/ask", "question conversation standalone_question source published_from"),
    ("GET", "/suggestions", "q"),
    ("GET", "/c/{id}", ""),
    ("GET", "/c/{id}/export", "format"),
    ("POST", "/c/{id}/rename", "title"),
    ("POST", "/c/{id}/remove", ""),
    ("POST", "/c/{id}/undo", ""),
    ("GET", "/conversations", "cursor"),
    ("GET", "/library", "q cursor source published_from language"),
    ("POST", "/library/remove", "id"),
    ("POST", "/library/{id}/remove", ""),
    ("POST", "/library/{id}/restore", ""),
    ("GET", "/articles/{id}", "version answer"),
    ("GET", "/articles/{id}/around/{id}", "version"),
    ("GET", "/answers/{id}", ""),
    ("GET", "/answers/{id}/explain", "article"),
    ("POST", "/answers/{id}/feedback", "verdict shown number"),
    ("POST", "/add", "title text url source published_at language addresses part_of announced unsent left_out"),
    ("GET", "/add/{id}", "note"),
    ("GET", "/help/{id}", ""),
    ("GET", "/problems/{id}", ""),
    ("POST", "/login", "token next"),
    ("GET", "/static/{id}", "v"),
)
_MCP = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": QUESTION}}}


@dataclass(frozen=True, slots=True)
class Sent:
    method: str
    path: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class _Operation:
    method: str
    path: str
    parameters: Sequence[str]
    body: Any
    media_type: str


class Requests:
    """Requests of every operation. `ids` are values that paths may have, beside wrong ones."""

    def __init__(self, document: Mapping[str, Any], ids: Sequence[str], files: Mapping[str, bytes]) -> None:
        self._ids = ids
        self._files = files
        self._operations = [*_of_document(document), *(_of_page(*page) for page in _PAGES)]
        self._operations.append(_Operation("POST", "/mcp", (), _MCP, "application/json"))

    def __len__(self) -> int:
        return len(self._operations)

    def draw(self, chance: random.Random) -> Sent:
        operation = chance.choice(self._operations)
        path = re.sub(r"\{[^}]*\}", lambda _: self._value(chance, safe=""), operation.path)
        names = [name for name in operation.parameters if chance.random() < 0.3]
        given = [(name if chance.random() < 0.95 else odd_text(chance), self._value(chance, safe="")) for name in names]
        query = "&".join(f"{quote(name, safe='', errors='replace')}={value}" for name, value in given)
        method = operation.method if chance.random() < 0.97 else chance.choice(_METHODS)
        media_type, content = self._body(operation, query, chance)
        headers = {"Content-Type": media_type} if content or chance.random() < 0.5 else {}
        if chance.random() < 0.1:
            name = chance.choice(_HEADERS)
            headers[name] = _visible(odd_text(chance))
        return Sent(method, f"{path}?{query}" if query and operation.media_type != _FORM else path, headers, content)

    def _value(self, chance: random.Random, *, safe: str) -> str:
        value = chance.choice(self._ids) if chance.random() < 0.6 else odd_text(chance)[:300]
        return quote(value, safe=safe, errors="replace")

    def _body(self, operation: _Operation, query: str, chance: random.Random) -> tuple[str, bytes]:
        media_type = operation.media_type if chance.random() < 0.95 else chance.choice(("text/plain", "", _FORM, _FILES))
        if operation.media_type == _FORM:
            return media_type, query.encode()
        if operation.media_type == _FILES:
            return self._sending(chance)
        if operation.body is None:
            return media_type, b""
        body = operation.body
        for _ in range(chance.choice((0, 1, 1, 2))):
            body = mutated_json(body, chance)
        content = json.dumps(body).encode("utf-8", "replace")
        return media_type, mutated_bytes(content, chance) if chance.random() < 0.15 else content

    def _sending(self, chance: random.Random) -> tuple[str, bytes]:
        name = chance.choice(list(self._files))
        content = mutated_bytes(self._files[name], chance)
        named = _visible(odd_text(chance)).replace('"', "") if chance.random() < 0.2 else name
        head = f'--cut\r\nContent-Disposition: form-data; name="files"; filename="{named}"\r\n\r\n'
        made = head.encode() + content + b"\r\n--cut--\r\n"
        return "multipart/form-data; boundary=cut", mutated_bytes(made, chance) if chance.random() < 0.3 else made


def _visible(text: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "~", text)[:200].strip()


def _of_page(method: str, path: str, names: str) -> _Operation:
    return _Operation(method, path, names.split(), None, _FORM if method == "POST" else "")


def _of_document(document: Mapping[str, Any]) -> list[_Operation]:
    found = []
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            content = told.get("requestBody", {}).get("content", {})
            media_type = next(iter(content), "")
            example = _example(content.get("application/json", {}).get("schema", {}), document)
            names = [one["name"] for one in told.get("parameters", []) if one.get("in") == "query"]
            found.append(_Operation(method.upper(), path, names, example, media_type))
    return found


def _example(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    named = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    return next(iter(named.get("examples", [])), {} if schema else None)
