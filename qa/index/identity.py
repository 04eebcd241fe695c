"""The encoder, passage rule and format of an index, stored as its facts; an index with others is refused."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qa.base.errors import IndexDamaged, IndexMismatch
from qa.base.protocols import EncoderIdentity
from qa.base.settings import LOCAL
from qa.base.types import PassageRule
from qa.index.pending import ENGINE_FACT
from qa.index.statements import stored_rows
from qa.index.store import Store

_WORDS = ("encoder", "passage_prompt", ENGINE_FACT, "uri", "collection")
_NUMBERS = ("passage_characters", "passage_overlap_sentences", "title_tokens")
PASSAGES_A_SECOND = 30  # that the default encoder embeds on two cores with bfloat16
INDEX_FORMAT = "3"  # increased when sentences, titles or words are prepared differently


def index_facts(encoder: EncoderIdentity, rule: PassageRule) -> dict[str, str]:
    """The facts that must be equal whenever the index is opened. `precision` is not among them."""
    return {
        "format": INDEX_FORMAT,
        "encoder": encoder.name,
        "encoder_digest": encoder.digest,
        "dimension": str(encoder.dimension),
        "passage_prompt": encoder.passage_prompt,
        "passage_characters": str(rule.characters),
        "passage_overlap_sentences": str(rule.overlap_sentences),
        "title_tokens": str(rule.title_tokens),
    }


def kept_settings(facts: Mapping[str, str]) -> dict[str, str | int]:
    """The settings that an index was built with, by name; empty if it has no facts yet."""
    words: dict[str, str | int] = {name: facts[name] for name in _WORDS if name in facts}
    with stored_rows():
        return words | {name: int(facts[name]) for name in _NUMBERS if name in facts}


def check_format(store: Store) -> None:
    """Refuse an index that a newer qa made: this one would destroy what it does not know.

    Raises:
        IndexMismatch: as said.
    """
    stored = store.fact("format") or ""
    if stored.isdecimal() and int(stored) > int(INDEX_FORMAT):
        raise IndexMismatch(
            store.folder,
            f"The index {store.folder} was made by a newer qa: it has format {stored}, this qa has {INDEX_FORMAT}. "
            "Install a newer qa; this one changes nothing in it.",
        )


def check_engine(store: Store, engine: str) -> None:
    """Refuse an index that another engine searches than the settings say.

    Raises:
        IndexMismatch: as said.
    """
    stored = store.fact(ENGINE_FACT) or LOCAL
    if stored != engine:
        raise IndexMismatch(
            store.folder,
            f"The index {store.folder} has engine = {stored!r}; now it is {engine!r}. Set it back (--engine, QA_ENGINE or "
            f"qa.toml), or move the index with `qa rebuild --engine {engine}`. That keeps the articles and their vectors.",
        )


def check_identity(store: Store, expected: Mapping[str, str]) -> None:
    """Refuse an index that was built with other settings than the current ones.

    Raises:
        IndexDamaged: the facts were never written, or were damaged.
        IndexMismatch: a fact differs. The message names it, both values and the solutions.
    """
    check_format(store)
    for name, value in expected.items():
        stored = store.fact(name)
        if stored != value and name != "format" and not store.is_fact_intact(name):  # a format is told with the same advice
            raise IndexDamaged(
                store.folder,
                f"{store.folder} was damaged: it says that {name} is {stored!r}, which is not what qa wrote. "
                "The articles are safe: `qa rebuild` rebuilds it from them with the settings in force.",
            )
        if stored is None:
            raise IndexDamaged(
                store.folder,
                f"{store.folder} was never finished: it lacks {name!r}. Delete the folder and add the articles again.",
            )
        if stored != value:
            raise IndexMismatch(store.folder, _mismatch(store, name, stored, value))


def rebuilding_cost(passages: int) -> str:
    """How long new vectors for so many passages take, in words."""
    minutes = passages / PASSAGES_A_SECOND / 60
    length = f"{minutes / 60:.1f} hours" if minutes >= 90 else f"{math.ceil(minutes)} min"
    return f"new vectors for {passages:,} passages, some {PASSAGES_A_SECOND} a second on two cores: about {length}"


def _mismatch(store: Store, name: str, stored: str, expected: str) -> str:
    folder = store.folder
    if name == "format":
        return (
            f"The index {folder} has format {stored}, this qa has {expected}. `qa rebuild` brings it over: it keeps the articles "
            "and makes vectors only for passages that are cut otherwise now."
        )
    return (
        f"The index {folder} was made with {name} = {stored!r}; now it is {expected!r}. "
        f"Set it back (QA_* variable or qa.toml), or rebuild the index with `qa rebuild`. That keeps the articles and makes "
        f"{rebuilding_cost(store.counts().passages)}."
    )
