"""What a token allows its client."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """Each allows all that those before it allow."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    @property
    def allows(self) -> str:
        """What it allows beyond the scope before it, in words."""
        return _ALLOWED[self]

    def covers(self, needed: Scope) -> bool:
        """Whether a token of this scope allows what needs that one."""
        order = list(Scope)
        return order.index(self) >= order.index(needed)


_ALLOWED = {
    Scope.READ: "ask and search",
    Scope.WRITE: "also add and remove articles",
    Scope.ADMIN: "everything",
}
