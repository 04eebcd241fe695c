"""The name of a static file → its address. The files are those of `static/`, and the style sheets that the report shares."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.staticfiles import StaticFiles


@cache
def static_files() -> StaticFiles:
    """The application that serves them."""
    return StaticFiles(packages=[("web.pages", "static"), ("qa.base", "look")])


@cache
def static(name: str) -> str:
    """The address of a file. It changes with the content, so that browsers may keep it."""
    path, _ = static_files().lookup_path(name)
    return f"/static/{name}?v={hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]}"
