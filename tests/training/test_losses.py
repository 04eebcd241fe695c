"""Losses: what is right costs nothing, and each part costs what its formula says."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, log1p

import pytest
import torch
from torch import Tensor

from qa.training.examples import Place
from qa.training.groups import Kind, Window
from qa.training.losses import Judged, Labels, early_loss, label_loss, teaching_loss

# each window: the first token, which stands for no answer, and two tokens of the passage
GROUPS = [
    [Window(Kind.ANSWERS, [], [], [5, 6], [Place(0, 1)], True), Window(Kind.MISS, [], [], [5, 6], [], True)],
    [Window(Kind.RELEVANT, [], [], [5, 6], [], True), Window(Kind.MADE, [], [], [5, 6], [], False)],
]
LABELS = Labels.of(GROUPS, torch.tensor([[False, True, True]] * 4))
RIGHT_BEGINS = torch.tensor([[0, 1, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0]]).float()
RIGHT_ENDS = torch.tensor([[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0]]).float()
RIGHT_RELEVANCE = torch.tensor([1.0, -1, 1, -1])


def judged(
    *, begins: Tensor = RIGHT_BEGINS, ends: Tensor = RIGHT_ENDS, relevance: Tensor = RIGHT_RELEVANCE, sure: float = 50.0
) -> Judged:
    early = torch.stack([relevance, relevance], dim=1)
    return Judged(sure * begins, sure * ends, sure * relevance, sure * early)


def test_a_reader_that_is_right_and_sure_loses_nothing() -> None:
    assert float(label_loss(judged(), LABELS)) == pytest.approx(0, abs=1e-6)
    assert float(early_loss(judged(), LABELS)) == pytest.approx(0, abs=1e-6)


def test_a_reader_that_knows_nothing_loses_what_chance_costs() -> None:
    nothing = judged(sure=0.0)
    spans = log(3)  # of three tokens, one is right; so in each window that counts
    over_group = log(4)  # of two windows with two tokens each, one is right
    listwise = log(2) / 2 + log(1) / 2  # two windows are in the order of the first group, one in that of the second
    binary = (2 + 1 + 2 + 1) * log(2) / 4  # what answers counts twice
    assert float(label_loss(nothing, LABELS)) == pytest.approx(spans + (over_group + listwise + binary) / 2)
    assert float(early_loss(nothing, LABELS)) == pytest.approx(0.2 * 2 * (listwise + binary) / 2)


def test_an_answer_where_there_is_none_costs_more_over_the_right_passage_than_over_a_near_miss() -> None:
    answered = torch.tensor([0.0, 1, 0])

    def loss(row: int) -> float:
        begins, ends = RIGHT_BEGINS.clone(), RIGHT_ENDS.clone()
        begins[row] = ends[row] = answered
        return float(label_loss(judged(begins=begins, ends=ends, sure=4.0), LABELS))

    without = float(label_loss(judged(sure=4.0), LABELS))
    assert loss(row=3) - without == pytest.approx((0.7 / 2) * 4, rel=0.05)  # weights are 1, .3 and .7
    assert loss(row=3) > loss(row=1) > without


def test_places_that_are_not_known_cost_nothing() -> None:
    begins = RIGHT_BEGINS.clone()
    begins[2] = torch.tensor([1.0, 0, 0])
    assert float(label_loss(judged(begins=begins), LABELS)) == pytest.approx(0, abs=1e-6)


def test_a_made_question_is_no_part_of_the_order() -> None:
    liked = replace(judged(sure=0.0), relevance=torch.tensor([0.0, 0, 0, 3]))
    before, after = (float(label_loss(one, LABELS)) for one in (judged(sure=0.0), liked))
    assert after - before == pytest.approx((log1p(exp(3)) - log(2)) / 4 / 2)  # as yes or no alone


def test_a_reader_like_its_teacher_has_nothing_to_learn_from_it() -> None:
    teacher = judged(sure=1.0)
    pupil = Judged(*(one.clone().requires_grad_() for one in (teacher.begins, teacher.ends, teacher.relevance, teacher.early)))
    teaching_loss(pupil, teacher, LABELS, torch.ones(4)).backward()  # type: ignore[no-untyped-call]
    for logits in (pupil.begins, pupil.ends, pupil.relevance):
        assert logits.grad is not None and torch.allclose(logits.grad, torch.zeros(()), atol=1e-6)


def test_a_teacher_has_a_say_only_where_it_is_strong() -> None:
    teacher, none = judged(sure=3.0), torch.zeros(4)
    pupil = judged(sure=0.0)
    for logits in (pupil.begins, pupil.ends, pupil.relevance):
        logits.requires_grad_()
    assert float(teaching_loss(pupil, teacher, LABELS, none).detach()) == 0
    teaching_loss(pupil, teacher, LABELS, torch.tensor([1.0, 0, 0, 0])).backward()  # type: ignore[no-untyped-call]
    assert pupil.begins.grad is not None and pupil.relevance.grad is not None
    assert [bool(row.any()) for row in pupil.begins.grad] == [True, False, False, False]
    assert [bool(row) for row in pupil.relevance.grad] == [True, False, False, False]
    assert float(pupil.begins.grad[0, 1]) < 0  # towards where the teacher sees the beginning
