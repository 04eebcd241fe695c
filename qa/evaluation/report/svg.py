"""matplotlib's SVG file → a part of a page, in the page's colours and font.

Plots are drawn in stand-in colours. Each becomes `currentColor` or a custom property here, so one drawing serves light, dark
and print. An id gets the drawing's name as its prefix, so several drawings live in one page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

SERIES = 6  # colours that the page has to name, from --series-1 on
INK, MUTED, LINE = "#010000", "#020000", "#030000"
COLOURS = tuple(f"#0{number}0001" for number in range(1, SERIES + 1))
_THEME = {
    INK: "currentColor",
    MUTED: "var(--muted)",
    LINE: "var(--line)",
    **{colour: f"var(--series-{number})" for number, colour in enumerate(COLOURS, start=1)},
}
_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold, or should not


@dataclass(frozen=True, slots=True)
class Words:
    """What a drawing is called: `name` for its ids, unique in the page, and title and description for screen readers."""

    name: str
    title: str
    description: str


def inline(written: str, words: Words) -> str:
    """The file as an `<svg>` element of a page, with its title and description."""
    root = ElementTree.fromstring(written)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):  # a style would hold for the whole page
                parent.remove(child)
    wanted = {target for element in root.iter() for value in element.attrib.values() for target in re.findall(r"#(\w+)\b", value)}
    for element in root.iter():
        _adapt(element, wanted, words.name)
    for name in ("width", "height", "version"):
        del root.attrib[name]
    root.attrib |= {"role": "img", "aria-labelledby": f"{words.name}-title {words.name}-desc", "class": "plot"}
    for position, (tag, text) in enumerate((("title", words.title), ("desc", words.description))):
        child = ElementTree.Element(tag, {"id": f"{words.name}-{tag}"})
        child.text = CONTROL.sub("\ufffd", text)
        root.insert(position, child)
    return ElementTree.tostring(root, encoding="unicode")


def _adapt(element: ElementTree.Element, wanted: set[str], name: str) -> None:
    """Ids of its own for what is referred to and none for the rest, the page's colours, the page's font; no namespaces."""
    element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
    attributes = element.attrib
    if "id" in attributes and attributes["id"] not in wanted:
        del attributes["id"]
    elif "id" in attributes:
        attributes["id"] = f"{name}-{attributes['id']}"
    if _HREF in attributes:
        attributes["href"] = f"#{name}-{attributes.pop(_HREF).removeprefix('#')}"
    if "clip-path" in attributes:
        attributes["clip-path"] = attributes["clip-path"].replace("url(#", f"url(#{name}-")
    if "style" in attributes:
        styled = re.sub(r"font-family: [^;]*; ?", "", attributes["style"])
        attributes["style"] = re.sub(r"#[0-9a-f]{6}", lambda colour: _THEME.get(colour[0], colour[0]), styled)
