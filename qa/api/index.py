"""The description of an index → its JSON."""

from __future__ import annotations

from typing import Literal

from qa.api.shape import Shape
from qa.base.protocols import EncoderIdentity
from qa.base.types import PassageRule


class EncoderShape(Shape):
    name: str
    digest: str
    dimension: int
    max_tokens: int
    passage_prompt: str
    precision: str


class ReaderShape(Shape):
    name: str


class PassageRuleShape(Shape):
    characters: int
    overlap_sentences: int
    title_tokens: int


class IndexShape(Shape):
    """`digests` are the SHA-256 of the searchable files, by name; times are null before the first article."""

    object: Literal["index"] = "index"
    name: str
    index_generation: int
    articles: int
    sentences: int
    passages: int
    changed_at: str | None
    last_added_at: str | None
    encoder: EncoderShape
    reader: ReaderShape
    passage_rule: PassageRuleShape
    digests: dict[str, str]


def encoder_shape(identity: EncoderIdentity) -> EncoderShape:
    return EncoderShape(
        name=identity.name,
        digest=identity.digest,
        dimension=identity.dimension,
        max_tokens=identity.max_tokens,
        passage_prompt=identity.passage_prompt,
        precision=identity.precision,
    )


def passage_rule_shape(rule: PassageRule) -> PassageRuleShape:
    return PassageRuleShape(characters=rule.characters, overlap_sentences=rule.overlap_sentences, title_tokens=rule.title_tokens)
