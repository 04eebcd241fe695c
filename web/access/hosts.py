"""Where the server is bound → what a request's Host header may name, so that no foreign name leads here (DNS rebinding)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The names as they stand in a Host header, in lower case; `any_address` allows every literal address too.

    No page of another site can be under a literal address of this machine, whatever its DNS says.
    """

    names: tuple[str, ...] = LOOPBACK_NAMES
    any_address: bool = False

    def allow(self, header: str) -> bool:
        """Whether this Host header, with a port or without, names the server."""
        host = _HOST.fullmatch(header)
        if host is None:
            return False
        name = as_in_address(host["name"])
        return name in self.names or (self.any_address and _address(name) is not None)

    def __str__(self) -> str:
        return ", ".join([*self.names, *(["any literal address"] if self.any_address else [])])


TO_THIS_MACHINE = AllowedHosts()


def allowed_hosts(bound: str, others: Iterable[str]) -> AllowedHosts:
    """The names of a server that is bound to this name or address, with the others that it was given."""
    address = _address(bound)
    names = [*LOOPBACK_NAMES, *([] if is_any(bound) else [as_in_address(bound)]), *map(as_in_address, others)]
    has_others = address is None and not is_loopback(bound)  # a name of an address that is not known here
    return AllowedHosts(tuple(dict.fromkeys(names)), any_address=has_others or is_any(bound))


def as_in_address(host: str) -> str:
    """The host as a URL has it: in lower case, an address of IP 6 in brackets and in its usual spelling."""
    address = _address(host)
    if address is None:
        return host.lower()
    return f"[{address}]" if address.version == 6 else str(address)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host. Of all names, only localhost is known to be such a host."""
    address = _address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def is_any(host: str) -> bool:
    """Whether it stands for every address of this machine."""
    address = _address(host)
    return address is not None and address.is_unspecified


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
