"""What is known of a whole index, as its collection has it beside the articles: counts, days, and sentences that recur.

The machine with the store counts them anew after each change. A machine without it could not: Milvus counts no groups.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from qa.index.copies import packed, unpacked
from qa.index.milvus.collection import COPIES, MilvusCollection, copy_row, parts

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
    """Replace the statistics of a collection. The first part is written last, and names how many there are."""
    texts = list(parts(_KEY, packed(json.dumps(asdict(statistics)))))
    for key, number, text in reversed(texts):
        row = copy_row(key, dimension) | {
            "part": number, "parts": len(texts), "body": text, "cluster": statistics.generation, "given_id": statistics.upload
        }  # fmt: skip
        collection.write(COPIES, [row])


def read_statistics(collection: MilvusCollection) -> Statistics | None:
    """The statistics of a collection; None before the first are written, and while they are being replaced."""
    rows = collection.query('key like "about:%"', ["part", "parts", "cluster", "given_id", "body"], partition=COPIES)
    first = next((row for row in rows if row["part"] == 0), None)
    if first is None:
        return None
    same = [row for row in rows if row["given_id"] == first["given_id"] and row["part"] < first["parts"]]
    if len(same) != first["parts"]:
        return None
    body = "".join(row["body"] for row in sorted(same, key=lambda row: int(row["part"])))
    return Statistics(**json.loads(unpacked(body)))


def uploaded(collection: MilvusCollection) -> tuple[int, str] | None:
    """(generation, upload) of the statistics; None before the first. One small row."""
    found = collection.query(f'key == "{_KEY}:0"', ["cluster", "given_id"], partition=COPIES)
    return (int(found[0]["cluster"]), str(found[0]["given_id"])) if found else None
