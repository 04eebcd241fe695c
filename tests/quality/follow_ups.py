"""How well follow-ups are made to stand alone, and what is found for them.

    python tests/quality/follow_ups.py [--data ../shared/data] [--index INDEX]

Found: the rank of the right article, asked as typed, as qa made the question stand alone, as an answer searches for it (with
two wordings where that is unsure), and as a human wrote it. Differences are to the question as typed; intervals are over
conversations.

- CAsT: every turn with a judged passage, after the turns before it, whose answers are those of qa over `--index`. That index
  holds the set's articles; `qa evaluate ../shared/data/dev/cast` makes it.
- CANARD has no passages. Each answer is taken for an article of its own under the conversation's title, in an index that is
  made for it; 400 turns are asked. Earlier turns have the set's own answers.
- The conversations of the sample articles, with qa's own answers.

CANARD's words: the share of the human's content words and names that qa adds too, and the share of qa's that the human did not
add. The title of the conversation's article is the title of the first citation in one pass, and absent in the other.

Stand-alone questions of other sets are asked after up to four turns of a CANARD conversation, and should stay as they are.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

import qa.evaluation.samples
from qa.api.answer import answer_shape, earlier_turn
from qa.base.types import Article, Ranking, parse_passage_id
from qa.conversation import Turn, resolve
from qa.conversation.parts_of_speech import singular
from qa.corpus.articles import make_article
from qa.evaluation.datasets.conversations import ConversationShape, TurnShape
from qa.evaluation.datasets.files import records_of
from qa.evaluation.datasets.spans import QuestionShape
from qa.evaluation.ranking import ranked_together
from qa.evaluation.resampling import Integers, mean_interval, statistic_interval
from qa.service.question import AnswerRequest, checked_request
from qa.service.rank import PASSAGES_KEPT
from qa.service.service import Service, open_index
from qa.service.wordings import encoded_wordings, rank_wordings

_MEASURES = ("recall@1", "recall@5", "recall@10", "MRR")
_TYPED = "as typed"
_SAMPLES = Path(qa.evaluation.samples.__path__[0])
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


# Is the passage found?

Asked = tuple[str, Sequence[Turn]]  # a question and the turns before it


@dataclass(frozen=True)
class Found:
    """Turns with what is right for each: the ranks of its article, by the way of asking. `groups` are turns of a conversation."""

    name: str
    ranks: dict[str, list[int | None]]
    groups: Sequence[Integers]

    def show(self) -> None:
        turns = len(self.ranks[_TYPED])
        print(f"{self.name}, {turns} turns of {len(self.groups)} conversations")
        for name in self.ranks:
            print(f"  {name:12}  " + " · ".join(self._figure(name, measure) for measure in _MEASURES))

    def _figure(self, name: str, measure: str) -> str:
        values, typed = values_of(measure, self.ranks[name]), values_of(measure, self.ranks[_TYPED])
        if name == _TYPED:
            return f"{measure} {values.mean():.3f}"
        gained = values - typed
        low, high = statistic_interval(
            lambda drawn: float(gained[np.concatenate([self.groups[one] for one in drawn])].mean()),
            len(self.groups),
            rounds=2_000,
        )
        return f"{measure} {values.mean():.3f} ({gained.mean():+.3f} [{low:+.3f}, {high:+.3f}])"


def found(
    service: Service, name: str, asked: Sequence[Asked], humans: Sequence[str], gold: Sequence[str], of: Sequence[int]
) -> Found:
    """`gold` are ids of articles; `of` is the number of each turn's conversation, ascending."""
    typed = [question for question, _ in asked]
    alone = [resolve(question, earlier).standalone_question for question, earlier in asked]
    ranks = {
        _TYPED: ranks_of(service, typed, gold),
        "stand-alone": ranks_of(service, alone, gold),
        "as qa does": ranks_in_conversation(service, asked, gold),
        "by a human": ranks_of(service, humans, gold),
    }
    groups = [np.array([at for at, _ in group]) for _, group in groupby(enumerate(of), key=lambda item: item[1])]
    return Found(name, ranks, groups)


def cast(service: Service, every: Sequence[ConversationShape]) -> None:
    ids = {stored.article.given_id: stored.article.id for stored in service.articles()}
    judged = [one for one in every if any(turn.article_id for turn in one.turns)]
    earlier = [turns for one in judged for turns in earlier_by_own_answers(service, one)]
    turns = [(number, turn) for number, one in enumerate(judged) for turn in one.turns]
    kept = [(number, turn, before) for (number, turn), before in zip(turns, earlier, strict=True) if turn.article_id]
    found(
        service,
        "CAsT",
        [(turn.question, before) for _, turn, before in kept],
        [turn.rewrite or turn.question for _, turn, _ in kept],
        [ids[turn.article_id or ""] for _, turn, _ in kept],
        [number for number, _, _ in kept],
    ).show()


def earlier_by_own_answers(service: Service, conversation: ConversationShape) -> list[list[Turn]]:
    """For each turn those before it, with qa's own answers."""
    earlier: list[Turn] = []
    for turn in conversation.turns[:-1]:
        earlier.append(earlier_turn(answer_shape(service.ask(turn.question, earlier=earlier))))
    return [earlier[:at] for at in range(len(conversation.turns))]


def canard(service: Service, every: Sequence[ConversationShape], titles: Sequence[str]) -> None:
    """Each answer is an article of its own, under its conversation's title. Turns are drawn among those with an answer."""
    answered = [
        (number, at, article)
        for number, one in enumerate(every)
        for at, turn in enumerate(one.turns)
        if (article := _answer_as_article(f"{one.id}-{at}", titles[number], turn)) is not None
    ]
    service.add_articles(article for _, _, article in answered)
    asked = sorted(random.Random(7).sample([one for one in answered if one[1]], _ASKED_OF_A_SET), key=lambda one: one[:2])
    found(
        service,
        f"CANARD, among {len(answered)} answers",
        [(every[n].turns[at].question, [turn_of(turn, titles[n]) for turn in every[n].turns[:at]]) for n, at, _ in asked],
        [every[n].turns[at].rewrite or every[n].turns[at].question for n, at, _ in asked],
        [article.id for _, _, article in asked],
        [n for n, _, _ in asked],
    ).show()


def _answer_as_article(name: str, title: str, turn: TurnShape) -> Article | None:
    said = turn_of(turn, None).answer
    return make_article(text=said, given_id=name, title=title) if said else None


def samples(service: Service) -> None:
    """The sample conversations, whose earlier turns have qa's own answers."""
    ids = {stored.article.given_id: stored.article.id for stored in service.articles()}
    asked: list[Asked] = []
    humans, gold = [], []
    for _, record in records_of(_SAMPLES / "questions.jsonl", QuestionShape):
        if not record.earlier_questions:
            continue
        earlier: list[Turn] = []
        for question in record.earlier_questions:
            earlier.append(earlier_turn(answer_shape(service.ask(question, earlier=earlier))))
        asked.append((record.question, earlier))
        humans.append(record.standalone_question or record.question)
        gold.append(ids[record.judgements[0].article_id])
    found(service, "Our samples", asked, humans, gold, range(len(asked))).show()


def ranks_of(service: Service, questions: Sequence[str], gold: Sequence[str]) -> list[int | None]:
    rankings = [ranked.rankings[-1] for ranked in ranked_together(service, questions)]
    return [_rank_of(right, ranking) for right, ranking in zip(gold, rankings, strict=True)]


def ranks_in_conversation(service: Service, asked: Sequence[Asked], gold: Sequence[str]) -> list[int | None]:
    """The ranks by the wordings that an answer searches for."""
    ranks = []
    engine = service.engine
    with service.snapshot() as snapshot:
        for (question, earlier), right in zip(asked, gold, strict=True):
            request = checked_request(AnswerRequest(question, earlier=earlier), service.settings)
            wordings = encoded_wordings(engine, request, engine.encode(request.question.words))
            ranking = rank_wordings(request, wordings, engine, snapshot, most=PASSAGES_KEPT).rankings[-1]
            ranks.append(_rank_of(right, ranking))
    return ranks


def _rank_of(article_id: str, ranking: Ranking) -> int | None:
    articles = list(dict.fromkeys(parse_passage_id(hit.passage_id)[0] for hit in ranking.hits))
    return articles.index(article_id) + 1 if article_id in articles else None


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
        cast(service, conversations(asked.data / "dev" / "cast"))
    every = conversations(asked.data / "dev" / "canard")
    titles = titles_of(asked.data / "dev" / "canard")
    with tempfile.TemporaryDirectory() as folder, open_index(folder + "/canard") as service:
        canard(service, every, titles)
    with tempfile.TemporaryDirectory() as folder, open_index(folder + "/samples") as service:
        service.add(_SAMPLES / "articles.jsonl")
        samples(service)
    wording(every, titles)
    wording(every, None)
    untouched(asked.data / "dev", every, titles)


if __name__ == "__main__":
    main()
