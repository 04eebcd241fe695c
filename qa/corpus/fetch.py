"""An http or https address → its bytes, without access to private networks (home of httpcore).

A host name is resolved once. All its IP addresses must be public, and the connection uses one of those checked, which
prevents DNS rebinding. Redirects must stay on the host and are checked again. Everything ends at one deadline, however
slowly bytes arrive.
"""

from __future__ import annotations

import concurrent.futures
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import httpcore

from qa.base.errors import ArticleError
from qa.base.version import __version__
from qa.corpus.articles import canonical_url

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_READ_BYTES = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": f"qa/{__version__}",
    "Accept": "text/html, application/xhtml+xml, application/pdf, application/rss+xml, application/atom+xml, text/*, */*;q=0.1",
    "Accept-Encoding": "gzip, identity",
    "Connection": "close",
}
# IPv6 networks whose last 32 bits are an IPv4 address: NAT64 (RFC 6052), IPv4-compatible (RFC 4291).
_WITH_IPV4 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


@dataclass(frozen=True, slots=True)
class Fetched:
    """`url` is the final address. `media_type` is in lower case without parameters, empty if the server sent none."""

    url: str
    media_type: str
    charset: str | None
    data: bytes


def is_address(text: str) -> bool:
    """Whether the text is a web address rather than a path."""
    return text.lower().startswith(("http://", "https://"))


def content_type(header: str) -> tuple[str, str | None]:
    """(media type in lower case, charset if declared) of a Content-Type header."""
    message = Message()
    message["Content-Type"] = header
    return header.partition(";")[0].strip().lower(), message.get_content_charset()


def same_site(url: str, other: str) -> bool:
    """Whether both have the same host, ignoring a leading `www.`; ValueError if one is not an address."""
    return _host(url) == _host(other)


class Fetcher:
    """Fetches addresses within limits.

    `timeout_seconds` is for everything one address needs. `max_bytes` limits the content, packed and unpacked. `networks`
    are private networks that may be fetched from, such as 10.0.0.0/8.
    """

    def __init__(self, *, timeout_seconds: float, max_bytes: int, networks: Sequence[str] = ()) -> None:
        self._timeout_seconds = timeout_seconds
        self._max_bytes = max_bytes
        self._networks = [ipaddress.ip_network(network) for network in networks]

    def fetch(self, url: str) -> Fetched:
        """The content of the address.

        Raises:
            ArticleError: the address is unusable or not public, redirects to another host, answers with a status other
                than 200, or exceeds a limit.
        """
        deadline = time.monotonic() + self._timeout_seconds
        wanted = _spelled(url, url)
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                fetched = self._get(wanted, url, deadline)
                if isinstance(fetched, Fetched):
                    return fetched
                wanted = _followed(fetched, wanted, url)
        except httpcore.TimeoutException as error:
            raise ArticleError(
                url, f"it took longer than {self._timeout_seconds:g} seconds; fetch_timeout_seconds raises the limit"
            ) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise ArticleError(url, f"it cannot be fetched: {error or type(error).__name__}; check the address") from error
        raise ArticleError(url, f"it redirects more than {_MOST_REDIRECTS} times; give the address where it ends")

    def _get(self, wanted: str, url: str, deadline: float) -> Fetched | str:
        """The content, or the address that the server redirects to."""
        backend = _CheckedBackend(url, self._networks, deadline)
        with (
            httpcore.ConnectionPool(network_backend=backend) as pool,
            pool.stream("GET", wanted, headers=_HEADERS, extensions={"timeout": _within(deadline)}) as response,
        ):
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in _REDIRECTS and headers.get("location"):
                return headers["location"]
            if response.status != 200:
                raise ArticleError(url, f"the server answers with status {response.status}; expected 200")
            length = headers.get("content-length", "")
            if length.isdecimal() and int(length[:20]) > self._max_bytes:
                raise self._too_large(url)
            data = self._unpacked(response.iter_stream(), headers.get("content-encoding", "").strip().lower(), url)
            return Fetched(wanted, *content_type(headers.get("content-type", "")), data)

    def _unpacked(self, parts: Iterable[bytes], encoding: str, url: str) -> bytes:
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise ArticleError(url, f"the server packs it as {encoding[:40]!r}; expected gzip or nothing")
        unpack = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
        data = bytearray()
        try:
            for part in parts:
                # One byte over the limit shows that there is more.
                data += part if unpack is None else unpack.decompress(part, self._max_bytes + 1 - len(data))
                if len(data) > self._max_bytes:
                    raise self._too_large(url)
        except zlib.error as error:
            raise ArticleError(url, f"its gzip is damaged: {error}") from error
        if unpack is not None and not unpack.eof:
            raise ArticleError(url, "its gzip ends too early; try again")
        return bytes(data)

    def _too_large(self, url: str) -> ArticleError:
        return ArticleError(url, f"it is larger than {self._max_bytes:,} bytes; max_fetch_bytes raises the limit")


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects only to checked IP addresses, until a deadline."""

    def __init__(self, url: str, networks: Sequence[Network], deadline: float) -> None:
        self._url = url
        self._networks = networks
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # one deadline covers everything
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _resolved(host, port, self._deadline)
        for address in addresses:
            if not (_is_public(address) or any(address in network for network in self._networks)):
                raise ArticleError(
                    self._url,
                    f"{host} has the address {address}, which is not public; only public addresses are fetched, and the networks "
                    "of fetch_networks",
                )
        failed: httpcore.NetworkError | None = None
        for address in addresses:
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    str(address), port, _left(self._deadline, httpcore.ConnectTimeout), local_address, socket_options
                )
            except httpcore.ConnectError as error:
                failed = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failed or httpcore.ConnectError(f"{host} has no address")


class _TimedStream(httpcore.NetworkStream):
    """A stream whose reads and writes end at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(min(max_bytes, _READ_BYTES), _left(self._deadline, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, _left(self._deadline, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline, httpcore.ConnectTimeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, error: type[httpcore.TimeoutException]) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise error("the deadline has passed")
    return seconds


def _within(deadline: float) -> dict[str, float]:
    seconds = _left(deadline, httpcore.ConnectTimeout)
    return {"connect": seconds, "read": seconds, "write": seconds, "pool": seconds}


def _resolved(host: str, port: int, deadline: float) -> list[Address]:
    """Every IP address of the host. The system's resolver has no deadline, so it runs in its own thread."""
    asking = concurrent.futures.ThreadPoolExecutor(1)
    try:
        records = asking.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(
            _left(deadline, httpcore.ConnectTimeout)
        )
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from error
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} cannot be resolved ({error})") from error
    finally:
        asking.shutdown(wait=False)
    return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in records]


def _is_public(address: Address) -> bool:
    """Whether the address, and any IPv4 address embedded in it, is on the public internet."""
    inner: Address | None = None
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and any(address in network for network in _WITH_IPV4):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return _is_public(inner)
    is_site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local  # fec0::/10, which is_global forgets
    return address.is_global and not (address.is_multicast or address.is_reserved or is_site_local)


def _spelled(address: str, url: str) -> str:
    """The address in ASCII, as sent in the request."""
    try:
        parts = urlsplit(canonical_url(address.strip()))
        if parts.username is not None or parts.password is not None:
            raise ValueError("it holds a name or a password")
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError) as error:
        raise ArticleError(
            url, f"this address cannot be used: {error}; expected one such as https://example.org/news/1"
        ) from error
    kept = "%/:=&?~#+!$,;'@()*[]"
    netloc = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    return urlunsplit((parts.scheme, netloc, quote(parts.path, safe=kept), quote(parts.query, safe=kept), ""))


def _followed(location: str, wanted: str, url: str) -> str:
    """The address a redirect leads to. It must be on the same host, and never goes from https to http."""
    try:
        target = urljoin(wanted, location)
        leads_elsewhere = not same_site(target, url)
    except ValueError as error:
        raise ArticleError(url, f"it redirects to {location[:200]!r}, which is no address: {error}") from error
    if leads_elsewhere:
        raise ArticleError(url, f"it redirects to {target[:200]}, another host; give that address if you mean it")
    if urlsplit(wanted).scheme == "https" and urlsplit(target).scheme != "https":
        raise ArticleError(url, f"it redirects from https to {target[:200]}; give that address if you mean it")
    return _spelled(target, url)


def _host(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    default = _PORTS.get(parts.scheme)
    port = None if parts.port in (None, default) else parts.port
    return (parts.hostname or "").lower().removeprefix("www."), port
