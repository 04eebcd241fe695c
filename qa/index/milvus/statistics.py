"""What is known of a whole index, as its collection has it beside the articles: counts, days, and sentences that recur.

The machine with the store counts them anew after each change. A machine without it could not: Milvus counts no groups.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from qa.index.copies import packed, unpacked
from qa.index.milvus.collection import COPIES, MilvusCollection, in_parts, joined

_KEY = "about"


@dataclass(frozen=True, slots=True)
class Statistics:
    """One generation. `fields` are the passages of each field of the postings, `stories` those of each source, and `recurring`
    are (key of the words, source, stories) of the sentences that recur in a source.

    `upload` is a random name of the last upload, by which a writer knows that no other was there.
    """

    generation: int
    upload: str
    facts: Mapping[str, str]
    articles: int
    sentences: int
    passages: int
    last_added_at: str | None
    fields: Mapping[str, int]
    days: tuple[str | None, str | None, int]
    sources: Sequence[str]
    languages: Sequence[tuple[str, int, int]]
    stories: Sequence[tuple[str | None, int]]
    recurring: Sequence[tuple[int, str | None, int]]
    overruled: Sequence[tuple[int, str, bool]]


def write_statistics(collection: MilvusCollection, statistics: Statistics, dimension: int) -> None:
    """Replace the statistics of a collection."""
    named = {"cluster": statistics.generation, "given_id": statistics.upload}
    collection.replace_text(in_parts(_KEY, packed(json.dumps(asdict(statistics))), dimension, named))


def read_statistics(collection: MilvusCollection) -> Statistics | None:
    """The statistics of a collection; None before the first are written, and while they are being replaced."""
    rows = collection.query(f'key like "{_KEY}:%"', ["part", "parts", "given_id", "body"], partition=COPIES)
    body = joined(rows, of="given_id")
    return None if body is None else Statistics(**json.loads(unpacked(body)))


def uploaded(collection: MilvusCollection) -> tuple[int, str] | None:
    """(generation, upload) of the statistics; None before the first. One small row."""
    found = collection.query(f'key == "{_KEY}:0"', ["cluster", "given_id"], partition=COPIES)
    return (int(found[0]["cluster"]), str(found[0]["given_id"])) if found else None
