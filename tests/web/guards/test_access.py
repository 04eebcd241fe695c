"""Beyond this machine a token is asked for: who is let in, to what, and what everybody else is told."""

from __future__ import annotations

import asyncio
import itertools
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI

from qa.base.scopes import Scope
from qa.base.settings import load_settings
from qa.cli.app import main
from qa.cli.invocation import Invocation
from qa.service.service import Service
from qa.service.state.tokens import Token, TokenFile
from web.access.access import SESSION_SECONDS, Access, Tokens, begin_session, scope_needed
from web.app import create_app

QUESTION = {"question": "How old was Wilhelmina Sorrowby when she died?"}
HTML = {"Accept": "text/html"}

OPEN = None
ROUTES = {
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /login": OPEN,
    "POST /login": OPEN,
    "GET /version": Scope.READ,
    "GET /openapi.json": Scope.READ,
    "HEAD /openapi.json": Scope.READ,
    "GET /docs": Scope.READ,
    "GET /docs/try": Scope.READ,
    "GET /help": Scope.READ,
    "GET /help/{topic}": Scope.READ,
    "GET /problems/{name}": OPEN,
    "POST /logout": Scope.READ,
    "POST /v1/answers": Scope.READ,
    "GET /v1/answers/{answer_id}": Scope.READ,
    "POST /v1/answers/{answer_id}/feedback": Scope.READ,
    "GET /v1/citations/{answer_id}/{number}/verify": Scope.READ,
    "POST /v1/conversations": Scope.READ,
    "GET /v1/conversations": Scope.READ,
    "GET /v1/conversations/{conversation_id}": Scope.READ,
    "GET /v1/conversations/{conversation_id}/export": Scope.READ,
    "PATCH /v1/conversations/{conversation_id}": Scope.READ,
    "DELETE /v1/conversations/{conversation_id}": Scope.READ,
    "POST /v1/search": Scope.READ,
    "POST /v1/explain": Scope.READ,
    "POST /v1/answers/batch": Scope.READ,
    "GET /v1/jobs/{job_id}": Scope.READ,
    "DELETE /v1/jobs/{job_id}": Scope.READ,
    "POST /v1/uploads": Scope.WRITE,
    "POST /v1/index/rebuild": Scope.ADMIN,
    "GET /v1/index/snapshots": Scope.ADMIN,
    "POST /v1/index/snapshots": Scope.ADMIN,
    "POST /v1/index/snapshots/{name}/restore": Scope.ADMIN,
    "DELETE /v1/index/snapshots/{name}": Scope.ADMIN,
    "POST /v1/chat/completions": Scope.READ,
    "GET /v1/models": Scope.READ,
    "GET /v1/models/{model}": Scope.READ,
    "POST /mcp": Scope.READ,
    "GET /v1/articles": Scope.READ,
    "POST /v1/articles": Scope.WRITE,
    "GET /v1/articles/{article_id}/sentences": Scope.READ,
    "GET /v1/articles/{article_id}/copies": Scope.READ,
    "GET /v1/articles/{article_id}": Scope.READ,
    "PUT /v1/articles/{article_id}": Scope.WRITE,
    "DELETE /v1/articles/{article_id}": Scope.WRITE,
    "POST /v1/fetch": Scope.WRITE,
    "GET /v1/index": Scope.READ,
    "GET /metrics": Scope.READ,
    "GET /": Scope.READ,
    "GET /suggestions": Scope.READ,
    "POST /ask": Scope.READ,
    "GET /c/{conversation_id}": Scope.READ,
    "GET /conversations": Scope.READ,
    "POST /c/{conversation_id}/rename": Scope.READ,
    "POST /c/{conversation_id}/remove": Scope.READ,
    "POST /c/{conversation_id}/restore": Scope.READ,
    "POST /c/{conversation_id}/undo": Scope.READ,
    "GET /c/{conversation_id}/export": Scope.READ,
    "GET /answers/{answer_id}": Scope.READ,
    "GET /answers/{answer_id}/explain": Scope.READ,
    "POST /answers/{answer_id}/feedback": Scope.READ,
    "GET /library": Scope.READ,
    "POST /library/remove": Scope.WRITE,
    "POST /library/restore": Scope.WRITE,
    "POST /library/{article_id}/remove": Scope.WRITE,
    "POST /library/{article_id}/restore": Scope.WRITE,
    "GET /articles/{article_id}": Scope.READ,
    "GET /articles/{article_id}/around/{index}": Scope.READ,
    "GET /add": Scope.READ,
    "POST /add": Scope.WRITE,
    "POST /add/samples": Scope.WRITE,
    "GET /add/{job_id}": Scope.READ,
    "POST /add/{job_id}/stop": Scope.WRITE,
}


class Guarded:
    """A server that asks for tokens, on loopback, and one token of each scope."""

    def __init__(self, folder: Path, start_server: Callable, **settings: object) -> None:
        self.file = TokenFile(folder.parent / "tokens.json")
        self.secrets = {scope: self.file.create(scope, name=scope)[1] for scope in Scope}
        self.server = start_server(folder, "--token-file", str(self.file.path), **settings).wait_until_ready()
        self.client: httpx.Client = self.server.client

    def bearer(self, scope: Scope) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets[scope]}"}

    def session(self, scope: Scope) -> dict[str, str]:
        """The header of a browser that logged in."""
        response = self.client.post("/login", data={"token": self.secrets[scope]})
        self.client.cookies.clear()
        return {"Cookie": response.headers["set-cookie"].partition(";")[0]}


@pytest.fixture(scope="module")
def guarded(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable) -> Iterator[Guarded]:
    folder = Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("guarded") / "samples"))
    made = Guarded(folder, start_server, requests_per_minute=0, trusted_proxies="127.0.0.1")
    yield made
    made.server.kill()


def problem_of(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json", response.text[:300]
    return response.status_code, response.json()["type"].rpartition("/")[2]


# Which route needs what


@pytest.fixture
def app(tmp_path: Path) -> tuple[FastAPI, dict[Scope, str]]:
    """One that is not ready, so that whoever gets past the guard changes nothing; and a token of each scope."""
    file = TokenFile(tmp_path / "tokens.json")
    secrets = {scope: file.create(scope)[1] for scope in Scope}
    service = Service(load_settings(index=tmp_path, requests_per_minute=0))
    return create_app(service, Access(tokens=Tokens(file))), secrets


def requests_of(app: FastAPI) -> dict[str, tuple[str, str]]:
    """Each route of the application by the words it is listed under: a method, and an address that leads to it."""
    found: dict[str, tuple[str, str]] = {}

    def walk(routes: object) -> None:
        for route in routes:  # type: ignore[attr-defined]
            if hasattr(route, "methods"):
                for method in route.methods:
                    found[re.sub(r":\w+\}", "}", f"{method} {route.path}")] = (method, re.sub(r"\{[^}]*\}", "1", route.path))
            elif hasattr(route, "original_router"):
                walk(route.original_router.routes)

    walk(app.routes)
    return found


def sent(app: FastAPI, requests: list[tuple[str, str]], headers: dict[str, str]) -> list[httpx.Response]:
    async def send() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return [await client.request(method, path, headers=headers) for method, path in requests]

    return asyncio.run(send())


def test_every_route_is_known_with_the_scope_that_it_needs(app: tuple[FastAPI, dict[Scope, str]]) -> None:
    found = requests_of(app[0])
    assert {words: scope_needed(*request) for words, request in found.items()} == ROUTES


def test_no_route_but_the_open_ones_lets_in_who_has_no_token(app: tuple[FastAPI, dict[Scope, str]]) -> None:
    found = requests_of(app[0])
    closed = [request for words, request in found.items() if ROUTES[words] is not OPEN]
    assert {response.status_code for response in sent(app[0], closed, {})} == {401}
    opened = [request for words, request in found.items() if ROUTES[words] is OPEN and request[0] == "GET"]
    assert {response.status_code for response in sent(app[0], opened, {})} == {200, 404, 503}


@pytest.mark.parametrize("scope", list(Scope))
def test_every_route_lets_in_the_scopes_that_cover_what_it_needs_and_no_other(
    app: tuple[FastAPI, dict[Scope, str]], scope: Scope
) -> None:
    closed = {words: request for words, request in requests_of(app[0]).items() if ROUTES[words] is not OPEN}
    responses = sent(app[0], list(closed.values()), {"Authorization": f"Bearer {app[1][scope]}"})
    statuses = {words: response.status_code for words, response in zip(closed, responses, strict=True)}
    assert 401 not in statuses.values()
    refused = {words for words, status in statuses.items() if status == 403}
    assert refused == {words for words, needed in ROUTES.items() if needed and not scope.covers(needed)}


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("POST", "/nobody/thought/of/this", Scope.ADMIN),
        ("GET", "/static/base.css", OPEN),
        ("GET", "/statics", Scope.READ),
        ("POST", "/v1/articles/a\nb", Scope.WRITE),
        ("POST", "/v1/answersheets", Scope.ADMIN),
        ("GET", "/login/", Scope.READ),
        ("GET", "/healthz\n", Scope.READ),
    ],
)
def test_what_is_not_listed_needs_more_rather_than_less(method: str, path: str, needed: Scope | None) -> None:
    assert scope_needed(method, path) is needed


def test_the_openapi_document_says_which_scope_each_request_needs(guarded: Guarded) -> None:
    document = guarded.client.get("/openapi.json", headers=guarded.bearer(Scope.READ)).json()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    said = {
        f"{method.upper()} {path}": operation["security"]
        for path, held in document["paths"].items()
        for method, operation in held.items()
    }
    assert (said["GET /healthz"], said["POST /v1/answers"]) == ([], [{"bearer": ["read"]}])
    assert said["DELETE /v1/articles/{article_id}"] == [{"bearer": ["write"]}]
    for path, held in document["paths"].items():
        for operation in held.values():
            assert path in ("/healthz", "/readyz") or {"401", "403"} <= set(operation["responses"])


# Tokens


def test_a_token_lets_in_by_its_scope(guarded: Guarded) -> None:
    asked = guarded.client.post("/v1/answers", json=QUESTION, headers=guarded.bearer(Scope.READ))
    assert (asked.status_code, asked.json()["status"]) == (200, "answered")
    article = {"articles": [{"id": "quill", "text": "The keeper of Gorse Point is called Barnaby Quill."}]}
    refused = guarded.client.post("/v1/articles", json=article, headers=guarded.bearer(Scope.READ))
    assert problem_of(refused) == (403, "insufficient-scope")
    assert refused.json()["detail"] == "The token 'read' has the scope read; this needs write."
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="write"'
    assert guarded.client.post("/v1/articles", json=article, headers=guarded.bearer(Scope.WRITE)).json()["added"] == 1
    assert guarded.client.delete("/v1/articles/quill?now=true", headers=guarded.bearer(Scope.ADMIN)).status_code == 200


def test_a_reader_may_end_the_answers_that_a_reader_began_and_no_change_of_the_index(guarded: Guarded) -> None:
    headers = guarded.bearer(Scope.READ)
    begun = guarded.client.post("/v1/answers/batch", json={"questions": [QUESTION] * 100}, headers=headers)
    assert guarded.client.delete(begun.headers["location"], headers=headers).status_code == 200
    rebuild = guarded.client.post("/v1/index/rebuild", headers=guarded.bearer(Scope.ADMIN)).headers["location"]
    assert problem_of(guarded.client.delete(rebuild, headers=headers)) == (403, "insufficient-scope")
    assert problem_of(guarded.client.delete(rebuild, headers=guarded.bearer(Scope.WRITE))) == (403, "insufficient-scope")
    assert guarded.client.delete(rebuild, headers=guarded.bearer(Scope.ADMIN)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/v1/embeddings", 404), ("POST", "/nobody/thought/of/this", 404), ("POST", "/v1/models", 405)],
)
def test_what_no_token_could_do_is_told_so_to_each(guarded: Guarded, method: str, path: str, status: int) -> None:
    assert guarded.client.request(method, path, headers=guarded.bearer(Scope.READ)).status_code == status


def test_what_the_types_of_problems_mean_is_told_without_a_token(guarded: Guarded) -> None:
    page = guarded.client.get("/problems/unauthorized", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "qa token create" in page.text
    assert "articles" not in page.text


def test_a_missing_token_is_told_from_a_wrong_one_and_this_not_from_a_revoked_one(guarded: Guarded) -> None:
    made, revoked = guarded.file.create(Scope.ADMIN)
    headers = {"Authorization": f"Bearer {revoked}"}
    assert guarded.client.get("/v1/index", headers=headers).status_code == 200  # made while the server runs
    guarded.file.revoke(made.id)
    wrong = {"Authorization": "Bearer qa_" + "x" * 43}
    responses = [guarded.client.get("/v1/index", headers=given) for given in ({}, wrong, headers)]
    assert [problem_of(response) for response in responses] == 3 * [(401, "unauthorized")]
    invalid = 'Bearer error="invalid_token"'
    assert [response.headers["www-authenticate"] for response in responses] == ["Bearer", invalid, invalid]
    missing, *known = [response.json()["detail"] for response in responses]
    assert missing == "A token of this server is needed."
    assert known == 2 * ["This token is not known here: it is mistyped, or revoked."]


@pytest.mark.parametrize("given", ["{}", "Bearer", "Basic {}", "Bearer {} {}", "Bearer {}x", "Bearer é{}"])
def test_a_header_that_is_no_bearer_of_a_token_lets_nobody_in(guarded: Guarded, given: str) -> None:
    header = given.replace("{}", guarded.secrets[Scope.READ]).encode("latin-1")
    assert guarded.client.get("/v1/index", headers={b"Authorization": header}).status_code == 401


def test_two_tokens_at_once_and_a_wrong_one_beside_a_session_let_nobody_in(guarded: Guarded) -> None:
    right = guarded.bearer(Scope.READ)["Authorization"]
    two = [("Authorization", right), ("Authorization", right)]
    assert guarded.client.get("/v1/index", headers=two).status_code == 401
    beside = {**guarded.session(Scope.READ), "Authorization": "Bearer wrong"}
    assert guarded.client.get("/v1/index", headers=beside).status_code == 401


def test_where_openai_is_imitated_who_is_not_let_in_is_told_as_openai_does(guarded: Guarded) -> None:
    response = guarded.client.get("/v1/models")
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert response.json()["error"]["code"] == "unauthorized"
    assert guarded.client.get("/v1/models", headers=guarded.bearer(Scope.READ)).status_code == 200


def test_a_scheme_is_read_in_any_case(guarded: Guarded) -> None:
    headers = {"Authorization": f"bearer  {guarded.secrets[Scope.READ]}"}
    assert guarded.client.get("/v1/index", headers=headers).status_code == 200


def test_nobody_is_let_in_while_the_file_is_damaged_open_to_all_or_gone(guarded: Guarded) -> None:
    whole = guarded.file.path.read_bytes()
    headers = guarded.bearer(Scope.ADMIN)

    def status() -> int:
        return guarded.client.get("/v1/index", headers=headers).status_code

    guarded.file.path.write_bytes(b"{}}")
    assert (status(), status()) == (401, 401)
    guarded.file.path.write_bytes(whole)
    assert status() == 200
    guarded.file.path.chmod(0o644)
    assert status() == 401
    guarded.file.path.unlink()
    assert status() == 401
    guarded.file.path.touch(mode=0o600)
    guarded.file.path.write_bytes(whole)
    assert status() == 200

    def complaints() -> list[str]:
        return [line for line in guarded.server.said if "nobody is let in" in line]

    guarded.server.wait_until(lambda: len(complaints()) >= len(("damaged", "open to all")))
    said = complaints()
    assert len(said) == 2  # once each, not once a request
    assert "is not as `qa token create` writes it" in said[0]
    assert "mode 644" in said[1]


def test_files_health_and_the_form_are_open_to_all(guarded: Guarded) -> None:
    for path in ("/healthz", "/readyz", "/static/base.css", "/login"):
        assert guarded.client.get(path).status_code == 200
    assert guarded.client.get("/static/../v1/index").status_code in (401, 404)


def test_who_is_not_let_in_learns_nothing_of_the_index(guarded: Guarded) -> None:
    foreign = guarded.client.get("/", headers={**HTML, "Host": "evil.example"})
    pages = [foreign, guarded.client.get("/login"), guarded.client.post("/login", data={"token": "wrong"})]
    assert [page.status_code for page in pages] == [421, 200, 401]
    for page in pages:
        assert guarded.server.folder.name not in page.text


def test_a_command_beside_the_server_shows_the_token_that_it_is_given(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: Invocation) -> Service:
        raise AssertionError("the command opened the index itself")

    for name, value in {"PASSAGE_CHARACTERS": "600", "PASSAGE_OVERLAP_SENTENCES": "1", "READ_PASSAGES": "3"}.items():
        monkeypatch.setenv(f"QA_{name}", value)
    monkeypatch.setenv("QA_TOKEN", guarded.secrets[Scope.READ])
    with monkeypatch.context() as patched:
        patched.setattr(Invocation, "service", refuse)
        assert main(["--index", str(guarded.server.folder), "ask", "How old was Wilhelmina Sorrowby when she died?"]) == 0
    printed, said = capsys.readouterr()
    assert printed.splitlines()[0].endswith(" [1]") and said == ""


def test_who_guesses_too_often_waits_and_locks_out_nobody_who_has_a_token(sample_copy: Path, start_server: Callable) -> None:
    guarded = Guarded(sample_copy, start_server, requests_per_minute=3)

    def guess() -> httpx.Response:
        elsewhere = f"203.0.113.{next(numbers)}"  # which nobody believes that is not set as a proxy
        return guarded.client.get("/v1/index", headers={"Authorization": "Bearer wrong", "X-Forwarded-For": elsewhere})

    numbers = itertools.count()

    assert guarded.client.get("/v1/index", headers=guarded.bearer(Scope.READ)).status_code == 200
    responses = [guess() for _ in range(7)]
    assert [response.status_code for response in responses[:3]] == [401] * 3
    refused = next(response for response in responses if response.status_code == 429)  # whenever the minute turned
    assert "requests without a token that is known" in refused.json()["detail"]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    while guess().status_code != 429:  # the minute may turn here too
        pass
    assert guarded.client.get("/v1/index", headers=guarded.bearer(Scope.READ)).status_code == 200
    assert guarded.client.get("/v1/index", headers=guarded.session(Scope.READ)).status_code == 200
    assert guarded.client.get("/healthz").status_code == 200


# Where the server listens


Serve = Callable[..., tuple[int, str, str]]


@pytest.fixture
def serve(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Serve:
    """`qa serve` with flags that do not let it start, in this process: (exit code, stdout, stderr)."""

    def serve_(*flags: object) -> tuple[int, str, str]:
        code = main(["--index", str(tmp_path / "index"), "serve", "--port", "0", *map(str, flags)])
        return code, *capsys.readouterr()

    return serve_


@pytest.mark.parametrize(
    "flags",
    [
        ["--host", "0.0.0.0"],
        ["--host", "::"],
        ["--host", "192.0.2.77"],
        ["--host", "qa.example"],
        ["--allow-host", "qa.example"],
        ["--token-file", "none.json"],
    ],
    ids=str,
)
def test_it_does_not_start_beyond_this_machine_without_a_token(serve: Serve, flags: list[str]) -> None:
    code, out, err = serve(*flags)
    assert (code, out) == (1, "")
    assert "holds no token to let anybody in by. Make one first:\n  qa token create --scope admin --token-file " in err


def test_a_token_file_that_cannot_be_used_is_told_before_it_starts(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text("{", "utf-8")
    (tmp_path / "tokens.json").chmod(0o600)
    command = [sys.executable, "-m", "qa", "serve", "--port", "0", "--token-file", "tokens.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "is not as `qa token create` writes it" in done.stderr) == (1, True)


def test_an_address_that_this_machine_does_not_have_is_named(tmp_path: Path, serve: Serve) -> None:
    TokenFile(tmp_path / "index" / "tokens.json").create(Scope.READ)
    for host in ("192.0.2.77", "no-such-host.invalid"):
        code, _, err = serve("--host", host)
        assert (code, f"{host!r} is no address of this machine" in err) == (1, True)


@pytest.mark.parametrize("name", ["qa.example:80", "http://qa.example", "", "two words"])
def test_an_allowed_host_that_is_no_name_is_wrong_usage(serve: Serve, name: str) -> None:
    code, _, err = serve("--allow-host", name)
    assert (code, "is no host; expected a name or an address alone" in err) == (2, True)


def test_on_every_address_it_goes_by_literal_addresses_and_the_names_it_was_told(
    sample_copy: Path, start_server: Callable
) -> None:
    _, secret = TokenFile(sample_copy / "tokens.json").create(Scope.READ)
    server = start_server(sample_copy, "--host", "0.0.0.0", "--allow-host", "qa.example.org").wait_until_ready()
    place = urlsplit(server.url)
    assert place.hostname == "127.0.0.1"
    assert " to clients with a token (listening on 0.0.0.0); " in server.said[0]

    def status(host: str, **headers: str) -> int:
        url = f"http://127.0.0.2:{place.port}/v1/index"
        return server.client.get(url, headers={"Host": host, "Authorization": f"Bearer {secret}", **headers}).status_code

    assert [status(host) for host in ("127.0.0.2", "192.0.2.77:8000", "qa.example.org", "localhost")] == [200] * 4
    assert [status(host) for host in ("evil.example", "www.qa.example.org", "127.0.0.2.evil.example")] == [421] * 3
    assert status("127.0.0.2", Authorization="Bearer wrong") == 401
    assert server.client.get("/v1/index").status_code == 401  # by 127.0.0.1 too


def test_a_name_that_is_not_allowed_is_told_those_that_are(guarded: Guarded) -> None:
    response = guarded.client.get("/v1/index", headers={"Host": "qa.example"})
    assert problem_of(response) == (421, "wrong-host")
    assert response.json()["detail"] == "The Host header names 'qa.example'; expected localhost, 127.0.0.1, [::1]."


def test_on_this_machine_no_token_is_asked_for_even_where_there_are_some(sample_copy: Path, start_server: Callable) -> None:
    TokenFile(sample_copy / "tokens.json").create(Scope.READ)
    client = start_server(sample_copy).wait_until_ready().client
    assert client.post("/v1/answers", json=QUESTION).status_code == 200
    assert client.get("/", headers=HTML).status_code == 200
    assert "Log out" not in client.get("/", headers=HTML).text
    for response in (client.get("/login?next=/library"), client.post("/login", data={"token": "x", "next": "/library"})):
        assert (response.status_code, response.headers["location"]) == (303, "/library")
    said = client.get("/openapi.json").json()["paths"]["/v1/answers"]["post"]["security"]
    assert said == [{}, {"bearer": ["read"]}]


# Sessions


def test_a_login_sets_a_cookie_that_scripts_and_other_sites_cannot_use_and_that_is_not_the_token(guarded: Guarded) -> None:
    response = guarded.client.post("/login", data={"token": f" {guarded.secrets[Scope.READ]} ", "next": "/library"})
    guarded.client.cookies.clear()
    assert (response.status_code, response.headers["location"]) == (303, "/library")
    cookie, *flags = response.headers["set-cookie"].split("; ")
    assert sorted(flag.lower() for flag in flags) == ["httponly", f"max-age={SESSION_SECONDS}", "path=/", "samesite=strict"]
    assert guarded.secrets[Scope.READ][3:] not in cookie
    assert guarded.client.get("/v1/index", headers={"Cookie": cookie}).status_code == 200


def test_behind_a_proxy_that_speaks_https_the_cookie_is_for_https_alone(guarded: Guarded) -> None:
    place = urlsplit(guarded.server.url).netloc
    headers = {"X-Forwarded-Proto": "https", "Origin": f"https://{place}", "Sec-Fetch-Site": "same-origin"}
    response = guarded.client.post("/login", data={"token": guarded.secrets[Scope.READ]}, headers=headers)
    guarded.client.cookies.clear()
    assert response.status_code == 303
    assert "; secure" in response.headers["set-cookie"].lower()


def test_a_wrong_token_shows_the_form_again_and_sets_no_cookie(guarded: Guarded) -> None:
    for data in ({"token": "wrong"}, {"token": ""}, {}):
        response = guarded.client.post("/login", data=data)
        assert (response.status_code, response.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
        assert "This token is not known here." in response.text
        assert "set-cookie" not in response.headers


def test_what_another_site_sends_to_the_form_is_refused(guarded: Guarded) -> None:
    data = {"token": guarded.secrets[Scope.READ]}
    response = guarded.client.post("/login", data=data, headers={"Origin": "http://evil.example"})
    assert problem_of(response) == (403, "foreign-origin")


def test_a_session_has_the_scope_of_its_token_and_ends_with_it(guarded: Guarded) -> None:
    made, secret = guarded.file.create(Scope.READ)
    guarded.secrets[Scope.READ], kept = secret, guarded.secrets[Scope.READ]
    session = guarded.session(Scope.READ)
    guarded.secrets[Scope.READ] = kept
    assert guarded.client.get("/v1/index", headers=session).status_code == 200
    assert problem_of(guarded.client.delete("/v1/articles/nobody", headers=session)) == (403, "insufficient-scope")
    guarded.file.revoke(made.id)
    assert guarded.client.get("/v1/index", headers=session).status_code == 401


def test_a_session_that_is_over_or_was_tampered_with_is_none(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "tokens.json")
    token, _ = file.create(Scope.READ)
    other, _ = file.create(Scope.ADMIN)
    tokens = Tokens(file)
    session = begin_session(token)
    id_, expires, signature = session.split(".")
    assert tokens.of_session(session) == token
    assert abs(int(expires) - time.time() - SESSION_SECONDS) < 60
    over = begin_session_at(token, seconds_ago=SESSION_SECONDS + 1)
    for tampered in (
        over,
        f"{id_}.{int(expires) + 1}.{signature}",
        f"{other.id}.{expires}.{signature}",
        f"{id_}.0{expires}.{signature}",
        f"{id_}.{'9' * 5_000}.{signature}",
        f"{id_}.²³.{signature}",
        f"{id_}.{expires}.{signature[:-1]}",
        f"{id_}.{expires}",
        "...",
        "",
    ):
        assert tokens.of_session(tampered) is None


def begin_session_at(token: Token, *, seconds_ago: int) -> str:
    """A session that was begun so long ago, rightly signed: made by a process whose clock is that of then."""
    program = (
        "import sys, time; now = time.time; time.time = lambda: now() - int(sys.argv[2])\n"
        "from qa.service.state.tokens import Token; from web.access.access import begin_session\n"
        "print(begin_session(Token.model_validate_json(sys.argv[1])))"
    )
    command = [sys.executable, "-c", program, token.model_dump_json(), str(seconds_ago)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:1",
        "",
    ],
)
def test_a_login_leads_to_no_other_site(guarded: Guarded, address: str) -> None:
    response = guarded.client.post("/login", data={"token": guarded.secrets[Scope.READ], "next": address})
    guarded.client.cookies.clear()
    assert (response.status_code, response.headers["location"]) == (303, "/")
    form = guarded.client.get("/login", params={"next": address}).text
    assert '<input type="hidden" name="next" value="/">' in form


def test_a_browser_that_is_not_logged_in_is_led_to_the_form_and_back(guarded: Guarded) -> None:
    response = guarded.client.get("/library?q=ferry+%26+quay", headers=HTML)
    assert response.status_code == 303
    location = response.headers["location"]
    assert location == "/login?next=%2Flibrary%3Fq%3Dferry%2B%2526%2Bquay"
    assert 'value="/library?q=ferry+%26+quay"' in guarded.client.get(location).text
    assert guarded.client.get("/articles/h%C3%A9", headers=HTML).headers["location"] == "/login?next=%2Farticles%2Fh%25C3%25A9"
    assert guarded.client.get("/", headers=HTML).headers["location"] == "/login"
    assert guarded.client.post("/ask", headers=HTML).headers["location"] == "/login"
    assert problem_of(guarded.client.get("/v1/index", headers=HTML)) == (401, "unauthorized")


def test_a_script_of_a_page_whose_session_ended_is_told_to_lead_to_the_form(guarded: Guarded) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"{guarded.server.url}/c/cnv_1?x=1#turn-2"}
    response = guarded.client.post("/ask", headers=headers)
    assert response.status_code == 401
    assert response.headers["hx-redirect"] == "/login?next=%2Fc%2Fcnv_1%3Fx%3D1"
    assert "A token is needed" in response.text
    without = guarded.client.post("/ask", headers={"HX-Request": "true"})
    assert without.headers["hx-redirect"] == "/login"


def test_logging_out_takes_the_cookie_back(guarded: Guarded) -> None:
    response = guarded.client.post("/logout", headers=guarded.session(Scope.READ))
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    assert response.headers["set-cookie"].startswith('qa_session=""; ')
    assert "Max-Age=0" in response.headers["set-cookie"]
