"""Questions with their passages as tokens: what a reader learns from, and the file that keeps them.

Finding them takes longer than reading them again, so that a training which goes on does not search once more.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import NamedTuple

Tokens = Sequence[int]


class Place(NamedTuple):
    """The first and the last token of an answer in its passage."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """A passage, cut to the tokens that a reader learns from."""

    title: Tokens
    text: Tokens
    is_english: bool


@dataclass(frozen=True, slots=True)
class Right:
    """A passage that answers, by its number in the set, with the places of the answer; none where they are not known."""

    passage: int
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its passages, by their numbers in the set, each kind best first.

    Without a right passage, the near misses do not answer either. `made` are questions like it that its first right passage
    does not answer. Headlines ask for the first passage of their own article, which is read without its title.
    """

    question: Tokens
    right: Sequence[Right]
    near_misses: Sequence[int]
    made: Sequence[Tokens]
    is_headline: bool = False


@dataclass(frozen=True, slots=True)
class SetExamples:
    """The examples of one set and the passages that they name; `skipped` counts questions that nothing is learned from."""

    name: str
    passages: Sequence[PassageTokens]
    examples: Sequence[Example]
    skipped: int

    @property
    def has_answers(self) -> bool:
        return any(right.places for example in self.examples for right in example.right)


def write_examples(sets: Sequence[SetExamples], path: Path) -> None:
    """Write the file beside the old one and rename it, so that it is whole or not there."""
    content = [astuple(one) for one in sets]
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    with gzip.open(new, "wt", compresslevel=1, encoding="utf-8") as stream:
        json.dump(content, stream, separators=(",", ":"))
    new.replace(path)


def read_examples(path: Path) -> list[SetExamples]:
    """What `write_examples` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        content = json.load(stream)
    return [
        SetExamples(name, [PassageTokens(*one) for one in passages], [_example(*one) for one in examples], skipped)
        for name, passages, examples, skipped in content
    ]


def _example(
    question: Tokens, right: list[tuple[int, list[list[int]]]], near_misses: list[int], made: list[Tokens], is_headline: bool
) -> Example:
    places = [Right(passage, [Place(*place) for place in of_passage]) for passage, of_passage in right]
    return Example(question, places, near_misses, made, is_headline)
