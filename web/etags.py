"""What If-Match and If-None-Match say of an ETag (RFC 9110)."""

from __future__ import annotations


def is_named(etag: str, header: str) -> bool:
    """Whether the header names this ETag, in its quotes, or any."""
    return etag in header or header.strip() == "*"
