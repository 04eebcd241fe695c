from __future__ import annotations

import pytest

from web.access.hosts import allowed_hosts, as_in_address, is_any, is_loopback
from web.serving.server import address, listen


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_is_this_machine_alone(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.1", "fd00::2", "localhost.example", "127.0.0.1.example", "127.1", "0", ""]
)
def test_whatever_may_be_reached_from_elsewhere_is_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_both_kinds_of_wildcard_are_known() -> None:
    assert [host for host in ("0.0.0.0", "::", "[::]", "127.0.0.1", "any") if is_any(host)] == ["0.0.0.0", "::", "[::]"]


@pytest.mark.parametrize(
    ("host", "written"),
    [("::1", "[::1]"), ("FD00:0::2", "[fd00::2]"), ("192.0.2.1", "192.0.2.1"), ("QA.Example.org", "qa.example.org")],
)
def test_a_host_is_written_as_an_address_has_it(host: str, written: str) -> None:
    assert as_in_address(host) == written


@pytest.mark.parametrize(
    ("bound", "others", "header", "allowed"),
    [
        ("127.0.0.1", [], "localhost:8000", True),
        ("127.0.0.1", [], "192.0.2.1", False),
        ("127.0.0.1", ["qa.example.org"], "QA.example.org:443", True),
        ("127.0.0.1", ["qa.example.org"], "qa.example.org.evil.example", False),
        ("127.0.0.2", [], "127.0.0.2:8000", True),
        ("192.0.2.1", [], "192.0.2.1:8000", True),
        ("192.0.2.1", [], "192.0.2.2:8000", False),
        ("fd00::2", [], "[FD00:0:0::2]:8000", True),
        ("fd00::2", [], "[fd00::3]:8000", False),
        ("0.0.0.0", [], "192.0.2.2", True),
        ("0.0.0.0", [], "[fd00::3]:8000", True),
        ("0.0.0.0", [], "evil.example", False),
        ("0.0.0.0", [], "127.1", False),
        ("0.0.0.0", [], "2130706433", False),
        ("::", ["qa.example.org"], "qa.example.org", True),
        ("qa.example.org", [], "qa.example.org:8000", True),
        ("qa.example.org", [], "192.0.2.1", True),
        ("qa.example.org", [], "www.example.org", False),
        ("0.0.0.0", [], "", False),
        ("0.0.0.0", [], "192.0.2.1@evil.example", False),
        ("0.0.0.0", [], "evil.example\n192.0.2.1", False),
    ],
)
def test_the_host_header_must_name_the_server(bound: str, others: list[str], header: str, allowed: bool) -> None:
    assert allowed_hosts(bound, others).allow(header) is allowed


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1"),
        ("127.0.0.2", "http://127.0.0.2"),
        ("localhost", "http://127.0.0.1"),
        ("0.0.0.0", "http://127.0.0.1"),
    ],
)
def test_the_url_that_is_told_can_be_opened_on_this_machine(host: str, url: str) -> None:
    with listen(host, 0) as listener:
        assert address(listener) == f"{url}:{listener.getsockname()[1]}"
