"""The style sheets: each rule and each colour token stands once, and the pages link those that they need."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from web.pages.static_files import static

ROOT = Path(__file__).parents[3]
LOOK = ROOT / "qa" / "base" / "look"
STATIC = ROOT / "web" / "pages" / "static"
REPORT = ROOT / "qa" / "evaluation" / "report" / "templates" / "report.css"
OWN = ("fonts", "base", "chat", "library", "adding", "explain", "manual", "print")
OF_THE_WEB = [*sorted(LOOK.glob("*.css")), *(STATIC / f"{name}.css" for name in OWN)]
OF_THE_REPORT = [*sorted(LOOK.glob("*.css")), REPORT]


def test_no_rule_stands_twice() -> None:
    for sheets in (OF_THE_WEB, OF_THE_REPORT, [*OF_THE_WEB, REPORT]):
        rules = Counter(rule for sheet in sheets for rule in _rules(sheet.read_text("utf-8")))
        assert [rule for rule, times in rules.items() if times > 1] == []


def test_the_reports_sheet_sets_no_light_token_of_the_shared_ones() -> None:
    shared, own = (_first_root(sheet.read_text("utf-8")) for sheet in (LOOK / "tokens.css", REPORT))
    assert "--accent" in shared
    assert shared & own == set()


def test_what_a_sheet_names_is_kept_by_browsers_until_it_changes() -> None:
    named = [address for sheet in OF_THE_WEB for address in re.findall(r'url\("([^"]*)"\)', sheet.read_text("utf-8"))]
    assert len(named) == 2
    assert [f"/static/{address}" for address in named] == [static(address.partition("?")[0]) for address in named]


def test_every_sheet_but_vendors_is_linked_by_a_page() -> None:
    pages = "".join(page.read_text("utf-8") for page in (STATIC.parent / "templates").glob("*.html"))
    sheets = {sheet.name for folder in (LOOK, STATIC) for sheet in folder.glob("*.css")}
    assert sheets == set(re.findall(r"""["'](\w+\.css)["']""", pages))


def _rules(sheet: str) -> Iterator[str]:
    """Each rule without a rule inside it, on one line."""
    for rule in re.findall(r"[^{};]+\{[^{}]*\}", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        yield " ".join(rule.split())


def _first_root(sheet: str) -> set[str]:
    """The tokens that the sheet sets for every colour scheme."""
    return set(re.findall(r"(--[\w-]+):", re.search(r":root \{(.*?)\}", sheet, re.DOTALL)[1]))  # type: ignore[index]
