"""`python -m qa.training ranker`: groups of candidates, their labels, and trees that order them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from qa.base.settings import load_settings
from qa.evaluation.datasets.reading import read_dataset
from qa.search.features import FEATURES
from qa.search.ranker import Ranker
from qa.training.__main__ import main
from qa.training.ranker import CARD_FILE
from qa.training.ranking_groups import Group, groups_of
from qa.training.trees import TreesRecipe, train_trees

TOWNS = ("Skerrin", "Varrow", "Gallow", "Thornby")


def _write(path: Path, records: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    """A set of four towns whose mayors are asked for; one more article names the mayor of the first, and is not judged."""
    folder = tmp_path / "data" / "towns"
    _write(
        folder / "articles.jsonl",
        [
            {"id": town, "title": f"News of {town}", "text": f"The mayor of {town} is Ada {town[:3]}son. It rained."}
            | {"published_at": f"2024-03-0{number}"}
            for number, town in enumerate(TOWNS, start=1)
        ]
        + [{"id": "unjudged", "title": "Skerrin", "text": "Ada Skeson opened a fair."}],
    )
    _write(
        folder / "questions.jsonl",
        [
            {"id": town, "question": f"Who is the mayor of {town}?", "answers": [f"Ada {town[:3]}son"], "asked_at": "2024-03-05"}
            | {"articles_with_answer": [town], "retrieved_article_ids": [town], "answer_in_articles": True}
            for town in TOWNS
        ],
    )
    return tmp_path / "data"


def groups(data: Path, tmp_path: Path, *, seed: int = 1, late: tuple[int, ...] = (0,)) -> list[Group]:
    settings = load_settings(index=tmp_path / "indexes" / "towns", ranker="none")
    return list(groups_of(read_dataset(data / "towns"), settings, limit=None, seed=seed, late_days=late))


def test_a_group_has_the_right_candidate_and_leaves_out_those_that_hold_the_answer_unjudged(towns: Path, tmp_path: Path) -> None:
    made = [group for group in groups(towns, tmp_path) if (group.features[:, FEATURES.index("near_date_range")] == -1).all()]
    assert [int(group.right.sum()) for group in made] == [1, 1, 1, 1]
    assert [len(group.right) for group in made] == [4, 5, 5, 5]  # of five passages, one holds Ada Skeson unjudged


def test_each_question_is_asked_by_the_clock_that_was_drawn(towns: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.training.ranking_groups._NAMED_SHARE", 0.0)
    made = groups(towns, tmp_path, late=(365,))
    days = [np.expm1(group.features[:, FEATURES.index("days")]).max() for group in made]
    assert len(days) == 4
    assert all(366 <= one <= 370 for one in days)


def test_some_questions_are_asked_again_with_a_date_range(towns: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.training.ranking_groups._NAMED_SHARE", 1.0)
    monkeypatch.setattr("qa.training.ranking_groups._MISNAMED_SHARE", 0.0)
    near = [group.features[:, FEATURES.index("near_date_range")] for group in groups(towns, tmp_path)]
    assert [bool((one >= 0).any()) for one in near] == [False, True] * 4
    right = [group.right for group in groups(towns, tmp_path)]
    assert all((one[its] == 1).all() for one, its in zip(near[1::2], right[1::2], strict=True))


def test_the_same_seed_makes_the_same_groups(towns: Path, tmp_path: Path) -> None:
    late = (0, 30, 365)
    one, same, other = (groups(towns, tmp_path, seed=seed, late=late) for seed in (1, 1, 2))
    assert all(np.array_equal(a.features, b.features) for a, b in zip(one, same, strict=True))
    assert len(one) != len(other) or any(not np.array_equal(a.features, b.features) for a, b in zip(one, other, strict=True))


def _made(count: int, width: int = 12) -> list[Group]:
    """Groups in which the candidate with the best BM25 answers."""
    random = np.random.default_rng(1)
    made = []
    for _ in range(count):
        features = random.normal(size=(width, len(FEATURES))).astype(np.float32)
        bm25 = features[:, FEATURES.index("passage_bm25")]
        made.append(Group(features, bm25 == bm25.max()))
    return made


SMALL = TreesRecipe(trees=60, leaves=4, fewest_in_a_leaf=5, learning_rate=0.2)


def test_trees_learn_what_is_right_and_score_in_log_odds() -> None:
    ranker = Ranker(train_trees(_made(400), SMALL))
    fresh = _made(420)[400:]
    assert sum(group.right[ranker.score(group.features).argmax()] for group in fresh) >= 17  # 2 of 20 by chance
    odds = np.exp(np.concatenate([ranker.score(group.features) for group in fresh]))
    assert np.mean(odds / (1 + odds)) == pytest.approx(1 / 12, abs=0.02)


def test_a_better_match_never_lowers_a_score() -> None:
    ranker = Ranker(train_trees(_made(80), SMALL))
    rows = np.repeat(_made(1)[0].features[:1], 50, axis=0)
    for feature, sign in (("passage_bm25", 1), ("cosine_deviation", 1), ("cosine_gap", -1)):
        rising = rows.copy()
        rising[:, FEATURES.index(feature)] = np.linspace(-3, 3, 50)
        assert (sign * np.diff(ranker.score(rising)) >= -1e-6).all()


def test_the_same_groups_make_the_same_trees() -> None:
    one, same = (train_trees(_made(30), SMALL) for _ in range(2))
    assert one.value.tolist() == same.value.tolist()
    assert one.base == same.base


def test_the_command_makes_indexes_trees_and_a_card(towns: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ranker"
    arguments = ["--data", str(towns), "--indexes", str(tmp_path / "made"), "--out", str(out), "--take", "towns=4"]
    assert main(["ranker", *arguments, "--trees", "3", "--leaves", "4"]) == 0
    printed = capsys.readouterr()
    assert f"The ranker is in {out}." in printed.out
    assert "groups with a right passage" in printed.err
    assert (tmp_path / "made" / "towns").is_dir()
    assert Ranker.open(out).score(np.zeros((1, len(FEATURES)), np.float32)).shape == (1,)
    card = (out / CARD_FILE).read_text("utf-8")
    assert "--questions 150 --take towns=4 --trees 3 --leaves 4 --learning-rate 0.03 --seed 7" in card
    assert str(tmp_path) not in card
    assert "| towns | " in card


def test_sets_without_a_right_candidate_teach_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "data" / "empty"
    _write(folder / "articles.jsonl", [{"id": "a", "title": "", "text": "It rained."}])
    _write(folder / "questions.jsonl", [{"id": "q", "question": "Who?", "answers": ["Ada"], "article_id": "a"}])
    arguments = ["--data", str(tmp_path / "data"), "--indexes", str(tmp_path / "made"), "--out", str(tmp_path / "ranker")]
    assert main(["ranker", *arguments]) == 1
    assert "No question has a right passage among its candidates" in capsys.readouterr().err
    assert not (tmp_path / "ranker").exists()


def test_a_take_of_an_unknown_set_is_told_before_anything_is_read(
    towns: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--data", str(towns), "--indexes", str(tmp_path / "made"), "--out", str(tmp_path / "ranker")]
    assert main(["ranker", *arguments, "--take", "twons=4"]) == 2
    assert "--take twons=4: there is no set of this name, only towns." in capsys.readouterr().err
