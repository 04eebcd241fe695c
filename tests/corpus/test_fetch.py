"""Fetching an address, from a real server on this machine, and refusing whatever is not public."""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from qa.base.errors import ArticleError
from qa.corpus.fetch import Fetched, Fetcher, is_address, same_site

LOCAL = ("127.0.0.0/8", "::1/128")
PAGE = b"<html><body><p>The ferry sails at noon.</p></body></html>"


class _Pages(http.server.BaseHTTPRequestHandler):
    """Answers by the path."""

    def do_GET(self) -> None:
        if self.path == "/page":
            self._send(PAGE, ("Content-Type", "Text/HTML; charset=utf-8"))
        elif self.path == "/gzip":
            self._send(gzip.compress(PAGE), ("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
        elif self.path == "/bomb":
            self._send(gzip.compress(bytes(10**7)), ("Content-Encoding", "gzip"))
        elif self.path == "/half":
            self._send(gzip.compress(PAGE)[:-9], ("Content-Encoding", "gzip"))
        elif self.path == "/no-gzip":
            self._send(PAGE, ("Content-Encoding", "gzip"))
        elif self.path == "/brotli":
            self._send(PAGE, ("Content-Encoding", "br"))
        elif self.path == "/large":
            self._send(bytes(5_000))
        elif self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif self.path == "/round":
            self.send_response(301)
            self.send_header("Location", "/round")
            self.end_headers()
        elif self.path in ("/slow-head", "/slow-body"):
            self._drip()
        else:
            self.send_error(404)

    def _send(self, data: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(200)
        for header in (*headers, ("Content-Length", str(len(data)))):
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(data)

    def _drip(self) -> None:
        """A byte now and then, so that no single read takes long."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"X: " if self.path == "/slow-head" else b"Content-Length: 1000\r\n\r\n"))
        for _ in range(200):
            self.wfile.write(b"a")
            time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        """Nothing: a test that prints is noise."""

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            """The client has left, as it should."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def fetch(site: str) -> Callable[[str], Fetched]:
    """Fetches a path of the site."""
    fetcher = Fetcher(timeout_seconds=5, max_bytes=4_000, networks=LOCAL)
    return lambda path: fetcher.fetch(f"{site}{path}")


def test_a_page_comes_with_its_type_and_the_address_it_has(site: str, fetch: Callable[[str], Fetched]) -> None:
    assert fetch("/page") == Fetched(f"{site}/page", "text/html", "utf-8", PAGE)
    assert fetch("/page#part?utm_source=x").url == f"{site}/page"


def test_packed_pages_are_unpacked(fetch: Callable[[str], Fetched]) -> None:
    assert fetch("/gzip").data == PAGE


def test_a_redirect_on_the_same_host_is_followed(site: str, fetch: Callable[[str], Fetched]) -> None:
    assert fetch("/to//page").url == f"{site}/page"
    assert fetch(f"/to/{site}/page").data == PAGE


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/missing", "status 404"),
        ("/to/http://example.org/", r"it redirects to http://example\.org/, another host; give that address if you mean it"),
        ("/to/http://127.0.0.1:1/", "another host"),
        ("/to/file:///etc/passwd", "another host"),
        ("/to/http://[", "no address"),
        ("/round", "more than 5 times"),
        ("/large", "larger than 4,000 bytes; max_fetch_bytes"),
        ("/bomb", "larger than 4,000 bytes"),
        ("/half", "its gzip ends too early"),
        ("/no-gzip", "its gzip is damaged"),
        ("/brotli", "packs it as 'br'"),
    ],
)
def test_what_cannot_be_taken_is_told(fetch: Callable[[str], Fetched], site: str, path: str, said: str) -> None:
    with pytest.raises(ArticleError, match=said) as refused:
        fetch(path)
    assert refused.value.origin == f"{site}{path}"


@pytest.mark.parametrize("path", ["/slow-head", "/slow-body"])
def test_a_server_that_drips_is_left_at_the_deadline(site: str, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(ArticleError, match=r"longer than 0\.5 seconds; fetch_timeout_seconds"):
        Fetcher(timeout_seconds=0.5, max_bytes=4_000, networks=LOCAL).fetch(f"{site}{path}")
    assert time.monotonic() - started < 5


def test_a_server_that_is_not_there_or_talks_nonsense_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"

        def talk() -> None:
            with listening.accept()[0] as client:
                client.recv(1_000)
                client.sendall(b"220 mail.example ready\r\n\r\n")

        threading.Thread(target=talk, daemon=True).start()
        with pytest.raises(ArticleError, match="cannot be fetched"):
            Fetcher(timeout_seconds=5, max_bytes=100, networks=LOCAL).fetch(address)
    with pytest.raises(ArticleError, match="cannot be fetched"):
        Fetcher(timeout_seconds=5, max_bytes=100, networks=LOCAL).fetch(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[64:ff9b::10.0.0.1]", "[2002:0a00:0001::]",
        "[fe80::1]", "[fec0::1]", "[fc00::1]", "[ff02::1]", "[2001:db8::1]",
    ],
)  # fmt: skip
def test_no_address_that_is_not_public_is_connected_to(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connected(*_: object, **__: object) -> None:
        raise AssertionError(f"connected to {host}")

    monkeypatch.setattr(socket, "create_connection", connected)
    with pytest.raises(ArticleError, match="which is not public; only public addresses are fetched"):
        Fetcher(timeout_seconds=5, max_bytes=100).fetch(f"http://{host}/latest/meta-data")


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(ArticleError, match=r"news\.example has the address 10\.0\.0\.1, which is not public"):
        Fetcher(timeout_seconds=5, max_bytes=100).fetch("http://news.example/")


def test_the_connection_goes_to_the_address_that_was_checked(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means something else each time it is asked for is asked for once."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked: list[object] = []
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *rest: object, **named: object) -> list[object]:
        if host != "rebinding.example":
            return list(real(host, port, *rest, **named))  # type: ignore[arg-type]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(answers)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    address = site.replace("127.0.0.1", "rebinding.example")
    assert Fetcher(timeout_seconds=5, max_bytes=4_000, networks=LOCAL).fetch(f"{address}/page").data == PAGE
    assert asked == ["rebinding.example"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org/", "not http or https"),
        ("http://", "no host"),
        ("http://user:secret@example.org/", "holds a name or a password"),
        ("http://exa mple.org/", "it holds ' '"),
        ("http://example.org:99999/", "cannot be used"),
        ("http://" + "a" * 70 + ".org/", "cannot be used"),
        ("http://no-such-host.invalid/", "cannot be resolved"),
    ],
)
def test_what_is_no_address_is_told(url: str, said: str) -> None:
    with pytest.raises(ArticleError, match=said):
        Fetcher(timeout_seconds=5, max_bytes=100).fetch(url)


def test_an_address_is_told_from_a_path_and_one_site_from_another() -> None:
    assert is_address("HTTPS://example.org") and not is_address("news/http/1.html") and not is_address("ftp://example.org")
    assert same_site("http://www.example.org/a", "https://EXAMPLE.org/b")
    assert not same_site("https://example.org:8443/", "https://example.org/")
