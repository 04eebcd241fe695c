"""A snapshot and its engine → what the index is and holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.base.protocols import EncoderIdentity
from qa.base.types import PassageRule
from qa.index.snapshot import Snapshot
from qa.index.store import Counts
from qa.service.engine import Engine


@dataclass(frozen=True, slots=True)
class IndexDescription:
    """One generation of an index: what it holds and what it was made with.

    Times are RFC 3339 in UTC, None before the first article; `digests` are the SHA-256 of the edition's files, by name.
    """

    generation: int
    counts: Counts
    changed_at: str | None
    last_added_at: str | None
    encoder: EncoderIdentity
    rule: PassageRule
    digests: Mapping[str, str]


def describe(engine: Engine, snapshot: Snapshot) -> IndexDescription:
    store, edition = snapshot.store, snapshot.edition
    return IndexDescription(
        generation=snapshot.generation,
        counts=store.counts(),
        changed_at=store.fact("changed_at"),
        last_added_at=store.last_added_at(),
        encoder=engine.encoder.identity,
        rule=engine.rule,
        digests=edition.manifest.digests if edition else {},
    )
