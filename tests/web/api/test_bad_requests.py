"""Whatever is sent, the server says what was wrong in a documented way, quickly, and goes on."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from qa.api.problem import ProblemShape
from qa.base.settings import load_settings
from qa.service.service import Service
from web.app import create_app
from web.problems import PROBLEM_TYPES

JSON = {"Content-Type": "application/json"}
DEEP = b'{"question": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"


def problem(response: httpx.Response, name: str) -> ProblemShape:
    """The problem that a response is, which must be the one of this name."""
    assert response.headers["content-type"] == "application/problem+json", response.text[:500]
    found = ProblemShape.model_validate_json(response.content)
    assert (found.type, found.status, response.status_code) == (f"/problems/{name}", PROBLEM_TYPES[name].status, found.status)
    assert found.request_id == response.headers["x-request-id"]
    assert len(response.content) < 3_000
    return found


@pytest.fixture(autouse=True)
def _goes_on(client: httpx.Client) -> Iterator[None]:
    yield
    assert client.get("/readyz").json()["status"] == "ready"


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        (b'{"question": ""}', "#/question", "blank"),
        (b'{"question": " \\t\\n\\u00a0"}', "#/question", "blank"),
        (b"{}", "#/question", "missing"),
        (b'{"question": 5}', "#/question", "valid string"),
        (b'{"question": ["who"]}', "#/question", "valid string"),
        (b'{"question": null}', "#/question", "valid string"),
        (b'{"question": "who", "stream": 1}', "#/stream", "boolean"),
        (b'{"question": "who", "a/b~c": 1}', "#/a~1b~0c", "no such field"),
        (b'{"question": "who", "threshold": "0.5"}', "#/threshold", "valid number"),
        (b'{"question": "who", "threshold": NaN}', "#/threshold", "less than"),
        (b'{"question": "who", "threshold": 2}', "#/threshold", "less than"),
        (b'{"question": "who", "threshold": true}', "#/threshold", "valid number"),
        (b'{"question": "who", "max_citations": 0}', "#/max_citations", "greater than"),
        (b'{"question": "who", "max_citations": 1e400}', "#/max_citations", "integer"),
        (b'{"question": "who", "max_citations": ' + b"9" * 5_000 + b"}", "#", "too long to read"),
        (b'{"question": "who", "asked_at": 1700000000}', "#/asked_at", "2024-03-08T05:00:00Z"),
        (b'{"question": "who", "asked_at": "2024-03-08"}', "#/asked_at", "2024-03-08T05:00:00Z"),
        (b'{"question": "who", "asked_at": "2024-03-08T05:00:00"}', "#/asked_at", "with its zone, as in 2024-03-08T05:00:00Z"),
        (b'{"question": "who", "filters": {"as_of": "soon"}}', "#/filters/as_of", "no day, month or year"),
        (b'{"question": "who", "asked_at": "2024-02-30T05:00:00Z"}', "#/asked_at", "No such time"),
        (b'{"question": "who", "asked_at": "0001-01-01T00:00:00+14:00"}', "#/asked_at", "No such time"),
        (b"[]", "#", "JSON object"),
        (b'"who"', "#", "JSON object"),
        (b'{"question": "who"', "#", "Not JSON"),
        (b"", "#", "missing"),
        (b"\xff\xfe{}", "#", "not UTF-8"),
        (DEEP, "#", "nested too deep"),
        (b"[" * 10_000, "#", "nested too deep"),
        (json.dumps({"question": "x" * 100_000}).encode(), "#/question", "has 100,000 characters, at most 1,000"),
        (json.dumps({"question": "who " * 300}).encode(), "#/question", "has 1,199 characters"),
        (json.dumps({"question": "7 " * 450}).encode(), "#/question", "tokens"),
    ],
)
def test_a_body_that_cannot_be_used_is_told_where_and_why(client: httpx.Client, body: bytes, pointer: str, says: str) -> None:
    response = client.post("/v1/answers", content=body, headers=JSON)
    found = problem(response, "invalid-request")
    assert pointer in [place.pointer for place in found.errors]
    assert says in " ".join(place.detail for place in found.errors)


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/v1/articles?limit=0", "?limit"),
        ("/v1/articles?limit=many", "?limit"),
        ("/v1/articles?cursor=%F0%9F%9A%A2", "?cursor"),
        ("/v1/articles?cursor=YmVmb3JlOi0x", "?cursor"),
        ("/v1/articles?cursor=YmVmb3JlOjk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "?cursor"),
        (f"/v1/articles?q={'x' * 201}", "?q"),
        ("/v1/articles/sorrowby-obituary?version=" + "0" * 65, "?version"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(client: httpx.Client, path: str, pointer: str) -> None:
    found = problem(client.get(path), "invalid-request")
    assert [place.pointer for place in found.errors] == [pointer]


def test_every_wrong_place_is_named_at_once(client: httpx.Client) -> None:
    response = client.post("/v1/articles", json={"articles": [{"text": "Fine."}, {"text": 1, "titel": "x"}], "more": 1})
    pointers = [place.pointer for place in problem(response, "invalid-request").errors]
    assert pointers == ["#/articles/1/text", "#/articles/1/titel", "#/more"]


def test_of_very_many_wrong_places_twenty_are_named(client: httpx.Client) -> None:
    found = problem(client.post("/v1/answers", json={"question": "who", **{f"k{n}": 1 for n in range(500)}}), "invalid-request")
    assert [place.pointer for place in found.errors] == [f"#/k{n}" for n in range(20)]
    assert found.detail.endswith("(499 more, 19 of them in `errors`)")
    lists = b'{"articles": [' + b"[]," * 210_000 + b"[]]}"
    found = problem(client.post("/v1/articles", content=lists, headers=JSON), "invalid-request")
    assert found.detail.startswith("More than 200,000 values")


def test_more_than_a_hundred_articles_at_once_are_refused(client: httpx.Client) -> None:
    problem(client.post("/v1/articles", json={"articles": [{"text": "One ship left."}] * 101}), "invalid-request")
    problem(client.post("/v1/articles", json={"articles": []}), "invalid-request")


@pytest.mark.parametrize(
    "path", ["/v1/articles/unknown", "/v1/articles/art_0123456789abcdef", "/v1/articles/a%2Fb%00c/sentences"]
)
def test_an_unknown_article_is_not_found(client: httpx.Client, path: str) -> None:
    problem(client.get(path), "not-found")


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/", "/v1/answers/", "/v1/../etc/passwd", "/v1/%2e%2e/%2e%2e/etc/passwd"])
def test_an_unknown_address_is_not_found(client: httpx.Client, path: str) -> None:
    problem(client.get(path), "not-found")


def test_static_files_do_not_reach_out_of_their_folder(client: httpx.Client) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"):
        assert client.get(path).status_code == 404


def test_a_method_that_is_not_taken_is_told_which_are(client: httpx.Client) -> None:
    response = client.get("/v1/answers")
    problem(response, "method-not-allowed")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", ""]
)
def test_a_body_that_is_not_called_json_is_not_read(client: httpx.Client, kind: str) -> None:
    response = client.post("/v1/answers", content=b'{"question": "who"}', headers={"Content-Type": kind})
    assert "expected application/json" in problem(response, "unsupported-media-type").detail


@pytest.mark.parametrize("charset", ["punycode", '"PUNYCODE"', "undefined", "utf-16", "no-such"])
@pytest.mark.parametrize("path", ["/login", "/add", "/v1/uploads"])
def test_a_form_in_another_charset_is_refused_before_a_field_is_decoded(client: httpx.Client, path: str, charset: str) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\nbbb\r\n--b--\r\n'
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    response = client.post(path, content=form, headers={"Content-Type": kind})
    assert "expected UTF-8" in problem(response, "unsupported-media-type").detail


@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"', "utf8"])
def test_a_form_may_say_that_it_is_in_utf_8(client: httpx.Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.post("/login", content=b"token=x", headers={"Content-Type": kind}).status_code == 303


@pytest.mark.parametrize("path", ["/v1/answers", "/v1/search", "/v1/articles", "/healthz"])
def test_a_body_of_100_megabytes_is_refused_by_its_announced_length(client: httpx.Client, path: str) -> None:
    assert "100,000,000 bytes" in problem(client.post(path, content=bytes(100_000_000), headers=JSON), "too-large").detail


def test_a_body_that_does_not_say_how_large_it_is_is_refused_once_it_is_too_large(client: httpx.Client) -> None:
    response = client.post("/v1/answers", content=(bytes(1_000_000) for _ in range(100)), headers=JSON)
    assert "or more; at most 1,048,576 are read" in problem(response, "too-large").detail


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "localhost@evil.example", "", "169.254.169.254"],
)
def test_another_host_name_is_refused(client: httpx.Client, host: str) -> None:
    problem(client.get("/v1/index", headers={"Host": host}), "wrong-host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:65535", "[::1]:80"])
def test_the_names_of_this_machine_are_served(client: httpx.Client, host: str) -> None:
    assert client.get("/v1/index", headers={"Host": host}).status_code == 200


def test_two_host_headers_are_refused(server: object) -> None:
    place = urlsplit(server.url)  # type: ignore[attr-defined]
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as connection:
        connection.sendall(b"GET /v1/index HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        status = connection.makefile("rb").readline()
    assert status.split()[1] in (b"400", b"421")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/answers"), ("POST", "/v1/articles"), ("DELETE", "/v1/articles/a")])
def test_what_a_page_of_another_origin_sends_is_refused(
    client: httpx.Client, method: str, path: str, headers: dict[str, str]
) -> None:
    problem(client.request(method, path, headers={**JSON, **headers}), "foreign-origin")


def test_the_own_origin_may_change_things(client: httpx.Client, server: object) -> None:
    headers = {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}  # type: ignore[attr-defined]
    assert client.post("/v1/answers", json={"question": "Who died?"}, headers=headers).status_code == 200


def test_a_request_keeps_the_id_it_came_with_if_that_is_a_plain_one(client: httpx.Client) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "job-7.A"}).headers["x-request-id"] == "job-7.A"
    for odd in ("two words", "x" * 101, "<b>"):
        assert client.get("/healthz", headers={"X-Request-Id": odd}).headers["x-request-id"].startswith("req_")


def test_every_response_tells_browsers_to_be_strict(client: httpx.Client) -> None:
    for path in ("/v1/index", "/v1/nothing", "/healthz", "/openapi.json"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_defect_is_a_500_that_names_the_request_and_nothing_else(tmp_path: Path) -> None:
    app = create_app(Service(load_settings(index=tmp_path)))

    def broken() -> None:
        raise RuntimeError("a secret")

    app.add_api_route("/v1/broken", broken)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/v1/broken")

    response = asyncio.run(get())
    assert "secret" not in response.text
    problem(response, "internal")
