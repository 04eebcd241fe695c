"""How well follow-ups are made to stand alone.

    python tests/quality/follow_ups.py [--data ../shared/data] [--index INDEX]

CAsT: every turn with a judged passage is asked after the turns before it, whose answers are those of qa over `--index`.
That index holds the set's articles; `qa evaluate ../shared/data/dev/cast` makes it. Passages are searched for with the question
as typed, as qa made it stand alone, and as a human did. The ratio is to the human's; intervals are over conversations.

CANARD has no passages. Measured is the share of the human's content words and names that qa adds too, and the share of qa's that
the human did not add. Earlier turns have the set's own answers. The title of the conversation's article is the title of the
first citation in one pass, and absent in the other.

Stand-alone questions of other sets are asked after up to four turns of a CANARD conversation, and should stay as they are.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from qa.api.answer import answer_shape, earlier_turn
from qa.base.types import parse_passage_id
from qa.conversation import Turn, resolve
from qa.conversation.parts_of_speech import singular
from qa.evaluation.datasets.conversations import ConversationShape, TurnShape
from qa.evaluation.datasets.files import records_of
from qa.evaluation.ranking import ranked_together
from qa.evaluation.resampling import Integers, mean_interval, statistic_interval
from qa.service.service import Service, open_index

_CUTS = (1, 5, 10)
_ASKED_OF_A_SET = 400
_LONGEST_SHORT_ANSWER = 60  # characters of a set's answer that is taken for one
_STAND_ALONE = ("selqa", "realtimeqa_2024", "squad11_dev", "squad20_dev")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FUNCTION_WORDS = frozenset(
    "a an the of in on at to for from by with and or but is are was were be been being do does did has have had what which who"
    " whom whose when where why how can could will would should may might must i you me my we our us your tell about more any"
    " some other else also so if as than then not no yes s he him his she her hers it its they them their theirs this that these"
    " those one ones there besides aside addition along".split()
)


def conversations(folder: Path) -> list[ConversationShape]:
    return [record for _, record in records_of(folder / "conversations.jsonl.gz", ConversationShape)]


# CAsT: is the passage found?


def retrieval(service: Service, every: Sequence[ConversationShape]) -> None:
    ids = {stored.article.given_id: stored.article.id for stored in service.articles()}
    judged = [one for one in every if any(turn.article_id for turn in one.turns)]
    resolved = [question for one in judged for question in resolved_by_own_answers(service, one)]
    turns = [(number, turn) for number, one in enumerate(judged) for turn in one.turns]
    kept = [(number, turn, question) for (number, turn), question in zip(turns, resolved, strict=True) if turn.article_id]
    gold = [ids[turn.article_id or ""] for _, turn, _ in kept]
    wordings = {
        "as typed": [turn.question for _, turn, _ in kept],
        "resolved": [question for _, _, question in kept],
        "by a human": [turn.rewrite or turn.question for _, turn, _ in kept],
    }
    ranks = {name: ranks_of(service, questions, gold) for name, questions in wordings.items()}
    groups = [np.array([at for at, _ in group]) for _, group in groupby(enumerate(kept), key=lambda item: item[1][0])]
    print(f"CAsT, {len(kept)} turns of {len(groups)} conversations, {len(ids)} passages")
    for name, found in ranks.items():
        figures = []
        for measure in (*(f"recall@{cut}" for cut in _CUTS), "MRR"):
            values, human = values_of(measure, found), values_of(measure, ranks["by a human"])

            def ratio(drawn: Integers, values: np.ndarray = values, human: np.ndarray = human) -> float:
                at = np.concatenate([groups[one] for one in drawn])
                return float(values[at].mean() / human[at].mean())

            low, high = statistic_interval(ratio, len(groups), rounds=2_000)
            whole = values.mean() / human.mean()
            figures.append(f"{measure} {values.mean():.3f}, ratio {whole:.3f} [{low:.3f}, {high:.3f}]")
        print(f"  {name:10}  " + " · ".join(figures))


def resolved_by_own_answers(service: Service, conversation: ConversationShape) -> list[str]:
    earlier: list[Turn] = []
    for turn in conversation.turns:
        earlier.append(earlier_turn(answer_shape(service.ask(turn.question, earlier=earlier))))
    return [turn.standalone_question or "" for turn in earlier]


def ranks_of(service: Service, questions: Sequence[str], gold: Sequence[str]) -> list[int | None]:
    ranks: list[int | None] = []
    for ranked, right in zip(ranked_together(service, questions), gold, strict=True):
        articles = list(dict.fromkeys(parse_passage_id(hit.passage_id)[0] for hit in ranked.rankings[-1].hits))
        ranks.append(articles.index(right) + 1 if right in articles else None)
    return ranks


def values_of(measure: str, ranks: Sequence[int | None]) -> np.ndarray:
    if measure == "MRR":
        return np.array([1 / rank if rank else 0.0 for rank in ranks])
    cut = int(measure.partition("@")[2])
    return np.array([float(rank is not None and rank <= cut) for rank in ranks])


# CANARD: are the words those that a human added?


def wording(every: Sequence[ConversationShape], titles: Sequence[str] | None) -> None:
    counts: list[tuple[int, int, int]] = []  # a conversation's words added by both, by the human, by qa
    stayed = 0
    same = 0
    for number, conversation in enumerate(every):
        added = np.zeros(3, dtype=int)
        for at, turn in enumerate(conversation.turns[1:], start=1):
            earlier = [
                turn_of(before, titles[number] if titles and not i else None) for i, before in enumerate(conversation.turns[:at])
            ]
            resolved = resolve(turn.question, earlier).standalone_question
            asked = content(turn.question)
            human, ours = content(turn.rewrite or turn.question) - asked, content(resolved) - asked
            added += (len(human & ours), len(human), len(ours))
            if not human:
                same += 1
                stayed += resolved == turn.question
        counts.append((int(added[0]), int(added[1]), int(added[2])))
    table = np.array(counts)

    def recall(drawn: Integers) -> float:
        return float(table[drawn, 0].sum() / table[drawn, 1].sum())

    def foreign(drawn: Integers) -> float:
        return float(1 - table[drawn, 0].sum() / table[drawn, 2].sum())

    all_of_them = np.arange(len(table))
    print(f"CANARD, {sum(len(one.turns) - 1 for one in every)} turns, {'with' if titles else 'without'} the article's title")
    for name, statistic in (("of the human's words, added too", recall), ("of the words added, not the human's", foreign)):
        low, high = statistic_interval(statistic, len(table), rounds=2_000)
        print(f"  {name}: {statistic(all_of_them):.3f} [{low:.3f}, {high:.3f}]")
    print(f"  of the questions to which the human added none, left as they are: {stayed / same:.3f} (n {same})")


def turn_of(turn: TurnShape, title: str | None) -> Turn:
    answered = next((answer for answer in turn.answers if not answer.startswith("I don't know")), "")
    return Turn(
        turn.question,
        answer=answered,
        short_answer=answered if 0 < len(answered) <= _LONGEST_SHORT_ANSWER else None,
        titles=(title,) if title else (),
    )


def content(text: str) -> set[str]:
    words = (word.lower().removesuffix("'s").removesuffix("’s") for word in _WORD.findall(text))
    return {singular(word) for word in words if word not in _FUNCTION_WORDS}


# Questions that stand alone, in the middle of a conversation


def untouched(dev: Path, every: Sequence[ConversationShape], titles: Sequence[str]) -> None:
    chance = random.Random(7)
    print("Stand-alone questions after up to four turns of CANARD, left as they are")
    for name in _STAND_ALONE:
        with gzip.open(dev / name / "questions.jsonl.gz", "rt", encoding="utf-8") as lines:
            questions = [str(json.loads(line)["question"]) for line in lines]
        stayed = []
        for question in chance.sample(questions, _ASKED_OF_A_SET):
            number = chance.randrange(len(every))
            before = every[number].turns[: chance.randint(1, 4)]
            earlier = [turn_of(turn, titles[number] if not at else None) for at, turn in enumerate(before)]
            stayed.append(float(resolve(question, earlier).standalone_question == question))
        low, high = mean_interval(np.array(stayed))
        print(f"  {name}: {np.mean(stayed):.4f} [{low:.4f}, {high:.4f}] (n {len(stayed)})")


def titles_of(folder: Path) -> list[str]:
    with gzip.open(folder / "conversations.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [str(json.loads(line)["topic"]) for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--index", type=Path, default=None, help="of CAsT's articles; default: the one that qa evaluate made")
    asked = parser.parse_args()
    index = asked.index or next(Path("indexes").glob("evaluation-cast-*"))
    with open_index(index) as service:
        retrieval(service, conversations(asked.data / "dev" / "cast"))
    canard = conversations(asked.data / "dev" / "canard")
    titles = titles_of(asked.data / "dev" / "canard")
    wording(canard, titles)
    wording(canard, None)
    untouched(asked.data / "dev", canard, titles)


if __name__ == "__main__":
    main()
