"""Examples → what one pass asks, and for each question its group: the windows that the losses compare."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from qa.training.examples import Example, PassageTokens, Place, SetExamples, Tokens

_BOTH_RIGHT = 0.5  # of the groups with two right passages have both
_MADE_SHARE = 0.6  # of the groups with a made question have one
_TITLES_SHOWN = 0.8  # of the groups: passages without a title are read too
_NEAR = 5.0  # mean rank of the near misses that are taken


class Kind(Enum):
    """What a window is to its question."""

    ANSWERS = auto()  # it holds the answer at known places
    RELEVANT = auto()  # it answers, the places are not known
    MISS = auto()
    MADE = auto()  # the right passage with a question made unanswerable, which is no part of the order


@dataclass(frozen=True, slots=True)
class Window:
    """A question and a passage as they are read together; an empty title is not shown."""

    kind: Kind
    question: Tokens
    title: Tokens
    text: Tokens
    places: Sequence[Place]
    is_english: bool


Group = Sequence[Window]  # of one question


@dataclass(frozen=True, slots=True)
class Asked:
    """An example and the set that holds its passages."""

    example: Example
    passages: Sequence[PassageTokens]


def window_of(
    kind: Kind, question: Tokens, passage: PassageTokens, places: Sequence[Place] = (), *, shows_title: bool = True
) -> Window:
    return Window(kind, question, passage.title if shows_title else (), passage.text, places, passage.is_english)


def questions_of_pass(
    sets: Sequence[SetExamples], *, times: Mapping[str, int], takes: Mapping[str, int], random_: random.Random
) -> list[Asked]:
    """All questions in an order that the random source fixes.

    Those of a set are there as often as `times` says for its name, then at most as many as `takes` says, others in every pass.
    """
    chosen: list[Asked] = []
    for one in sets:
        own = [Asked(example, one.passages) for example in one.examples] * times.get(one.name, 1)
        most = takes.get(one.name, len(own))
        chosen += random_.sample(own, most) if most < len(own) else own
    random_.shuffle(chosen)
    return chosen


def group_of(asked: Asked, *, size: int, random_: random.Random) -> list[Window]:
    """The windows of a question, right ones first; at most `size`, fewer where there are not so many near misses."""
    example, passages = asked.example, asked.passages
    shows_titles = not example.is_headline and random_.random() < _TITLES_SHOWN

    def window(kind: Kind, number: int, places: Sequence[Place] = (), question: Tokens = example.question) -> Window:
        return window_of(kind, question, passages[number], places, shows_title=shows_titles)

    right = random_.sample(example.right, len(example.right))[: 2 if random_.random() < _BOTH_RIGHT else 1]
    group = [window(Kind.ANSWERS if one.places else Kind.RELEVANT, one.passage, one.places) for one in right]
    if example.made and random_.random() < _MADE_SHARE:
        group.append(window(Kind.MADE, example.right[0].passage, question=random_.choice(example.made)))
    misses = list(example.near_misses)
    while misses and len(group) < size:
        group.append(window(Kind.MISS, misses.pop(min(int(random_.expovariate(1 / _NEAR)), len(misses) - 1))))
    return group
