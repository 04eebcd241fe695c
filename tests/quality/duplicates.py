"""The share of near-duplicates that are recognised, and the share of wrong ones.

    python tests/quality/duplicates.py [../shared/data/dev/news_bbc] [--every 9] [--read 0.75]

Every ninth article gets near-duplicates, each changed in one way. Originals and near-duplicates are added to an index as `qa
add` does. A near-duplicate is found when its original is in its cluster. It is wrong when another original is in it, unless
the two originals are similar themselves. The set has near-duplicates of its own. The pairs of these that are less similar
than `--read` are printed for reading.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from qa.base.settings import load_settings
from qa.base.types import Article
from qa.corpus.article_reader import ArticleReader
from qa.corpus.near_duplicates import SIMILAR, shingles, similarity
from qa.evaluation.resampling import mean_interval
from qa.service.service import open_index

_WORD = re.compile(r"\w+")


def paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def reworded(share: float) -> Callable[[str, str, random.Random], str]:
    """Words replaced at random by words of another article."""

    def change(text: str, other: str, chance: random.Random) -> str:
        words = _WORD.findall(other)
        return _WORD.sub(lambda found: chance.choice(words) if chance.random() < share else found[0], text)

    return change


def marked_otherwise(text: str, _: str, __: random.Random) -> str:
    return text.upper().replace(" ", "\n").replace('"', "”").replace("'", "’")


def reordered(text: str, _: str, chance: random.Random) -> str:
    return "\n".join(chance.sample(paragraphs(text), k=len(paragraphs(text))))


def with_frame(text: str, _: str, __: random.Random) -> str:
    """What another site puts around it."""
    return (
        f"Home | News | World | Sport\nBy our own reporter, updated at 17:45\n{text}\nRead more about this story\nMore from our "
        "correspondents\nSign up for the morning newsletter\n© The Example Times. All rights reserved."
    )


def extended(text: str, other: str, _: random.Random) -> str:
    """A third more, from another article."""
    return f"{text}\n{other[: len(text) // 3]}"


def shortened(text: str, _: str, __: random.Random) -> str:
    """Without its last third."""
    return text[: 2 * len(text) // 3]


CHANGES = {
    "other marks, blanks and capitals": marked_otherwise,
    "another site around it": with_frame,
    "paragraphs in another order": reordered,
    "a third more": extended,
    "the last third cut": shortened,
    "2 % of words replaced": reworded(0.02),
    "5 % of words replaced": reworded(0.05),
    "10 % of words replaced": reworded(0.10),
}


def copies_of(originals: Sequence[Article], every: int) -> list[tuple[str, Article, Article]]:
    """(change, copy, original) for every so many articles and each change."""
    chance = random.Random(7)
    made = []
    for position in range(0, len(originals), every):
        original, other = originals[position], originals[position - 1]
        for number, (name, change) in enumerate(CHANGES.items()):
            text = change(original.text, other.text, chance)
            id_ = f"{original.id}_{number}"
            made.append((name, Article(id=id_, given_id=id_, title=original.title, text=text), original))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data/dev/news_bbc"), metavar="SET")
    parser.add_argument("--every", type=int, default=9)
    parser.add_argument("--read", type=float, default=0.75)
    arguments = parser.parse_args()
    with ArticleReader([str(arguments.data)], settings=load_settings()) as reader:
        originals = [item for item in reader if isinstance(item, Article)]
    made = copies_of(originals, arguments.every)
    with tempfile.TemporaryDirectory() as folder, open_index(folder) as index:
        index.add_articles([*originals, *(copy for _, copy, _ in made)])
        ids = {original.id for original in originals}
        with index.snapshot() as snapshot:
            clusters = snapshot.store.near_duplicates.clusters([*ids, *(copy.id for _, copy, _ in made)])
    words = {original.id: shingles(original.text) for original in originals}
    members: dict[int, list[str]] = {}
    for original in originals:
        members.setdefault(clusters[original.id], []).append(original.id)

    print(f"{len(originals):,} originals, {len(made):,} near-duplicates of {len(made) // len(CHANGES):,} of them")
    right, wrong = 0, 0
    for name in CHANGES:
        of_kind = [(copy, original) for kind, copy, original in made if kind == name]
        found = np.array([clusters[copy.id] == clusters[original.id] for copy, original in of_kind], float)
        similarities = np.array([similarity(shingles(copy.text), words[original.id]) for copy, original in of_kind])
        low, high = mean_interval(found)
        similar = found[similarities >= SIMILAR]
        print(
            f"{name:<34} found {found.mean():.3f} [{low:.3f}, {high:.3f}]  n {len(found)}, "
            f"similarity {np.median(similarities):.2f}; of the {SIMILAR} similar {similar.mean():.3f}, n {len(similar)}"
        )
        for copy, original in of_kind:
            in_cluster = members.get(clusters[copy.id], [])
            right += original.id in in_cluster
            wrong += sum(other != original.id and similarity(words[original.id], words[other]) < SIMILAR for other in in_cluster)
    print(f"precision: {right:,} of {right + wrong:,} pairs of near-duplicate and original are right")

    own = [
        (similarity(words[first], words[second]), first, second)
        for cluster in members.values()
        for position, second in enumerate(cluster)
        for first in cluster[:position]
    ]
    print(f"{len(own)} pairs of originals in one cluster, {sum(pair[0] >= 0.9 for pair in own)} of them at least .9 similar")
    for similar, first, second in sorted(own):
        if similar < arguments.read:
            print(f"  {similar:.2f}  {first}  {second}")


if __name__ == "__main__":
    main()
