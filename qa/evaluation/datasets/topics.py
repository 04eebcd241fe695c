"""A file of TREC topics → question ids and wordings.

Read are the old SGML (`<top><num> Number: 401 <title> …`, tags closed or not), XML (`<topic number="1"><query>…`)
and two columns parted by a tab. Of a topic's fields the question is the first that is filled of question, query,
title and description: what a searcher would type, not the narrative for the judges.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from qa.base.errors import DatasetError
from qa.evaluation.datasets.files import lines_of, text_of

_TOP = re.compile(r"<top>(.*?)(?=</top>|<top>|\Z)", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(r"<(num|title|desc)>(?:\s*(?:Number|Topic|Description):)?(.*?)(?=</?[a-z]+>|\Z)", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"<topic[\s>]")
_IDS = ("number", "id", "num")
_WORDINGS = ("question", "query", "title", "desc", "description")
_EXPECTED = (
    "expected <top> with <num> and <title>, <topic number=…> with <query> or <title>, or an id, a tab and a question a line"
)


def read_topics(path: Path) -> list[tuple[str, str]]:
    """(id, question) of each topic, in the order of the file.

    Raises:
        DatasetError: a topic without an id or words, broken XML, or a line that is not two columns.
    """
    text = text_of(path)
    if _TOP.search(text):
        topics = [_sgml_fields(top[1]) for top in _TOP.finditer(text)]
    elif _XML.search(text):
        topics = _xml_topics(path, text)
    else:
        topics = [_columns(path, number, line) for number, line in lines_of(path)]
    return [_topic(path, position, fields) for position, fields in enumerate(topics, start=1)]


def _sgml_fields(top: str) -> dict[str, str]:
    return {field[1].lower(): html.unescape(field[2]) for field in _FIELD.finditer(top)}


def _xml_topics(path: Path, text: str) -> list[dict[str, str]]:
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise DatasetError(f"{path}: not XML: {error}; {_EXPECTED}. Mend the file.") from error
    return [_xml_fields(topic) for topic in root.iter("topic")]


def _xml_fields(topic: ElementTree.Element) -> dict[str, str]:
    """Attributes and children by name; the topic's own text is its question when it has no children."""
    children = {child.tag.lower(): "".join(child.itertext()) for child in topic}
    return {**({} if children else {"question": topic.text or ""}), **topic.attrib, **children}


def _columns(path: Path, number: int, line: str) -> dict[str, str]:
    name, tab, question = line.partition("\t")
    if not tab or "\t" in question:
        raise DatasetError(f"{path}, line {number}: {line[:60]!r} is no topic; {_EXPECTED}. Mend the line.")
    return {"id": name, "question": question}


def _topic(path: Path, position: int, fields: Mapping[str, str]) -> tuple[str, str]:
    name, question = _first(fields, _IDS), _first(fields, _WORDINGS)
    if not name or not question:
        what = "words" if name else "id"
        shown = f" ({name!r})" if name else ""
        raise DatasetError(f"{path}: topic {position}{shown} has no {what}; {_EXPECTED}. Mend the topic.")
    return name, question


def _first(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first of these fields that is filled, its white space single blanks; empty when none is."""
    return next((" ".join(fields[name].split()) for name in names if fields.get(name, "").strip()), "")
