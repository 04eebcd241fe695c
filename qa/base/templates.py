"""A folder of templates → Jinja's environment for them, with the look that all pages of qa share."""

from __future__ import annotations

from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined


def environment(folder: Path) -> Environment:
    """The templates in the folder, and the style sheets of `look/` to include. All values are escaped."""
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(folder), PackageLoader("qa.base", "look")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
