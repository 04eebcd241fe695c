"""What a reader says of the windows of several groups, and what is right → the loss.

1. Spans in a window: the negative log of the probability that the answer begins, and ends, at one of its places (marginal
   likelihood, Clark & Gardner, ACL 2018). The first token stands for no answer (Devlin et al., NAACL 2019).
2. Spans in a group: the same over all tokens of a question's windows, so that scores compare across passages.
3. Relevance: listwise over a question's windows (ListNet, Cao et al., ICML 2007), and yes or no for each window.
4. Early relevance: the same, for the judgements after a few layers.
5. A teacher's begins, ends and relevance, where there is one (Hinton et al., arXiv:1503.02531).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from qa.training.groups import Group, Kind

_SPAN_WEIGHT = {Kind.ANSWERS: 1.0, Kind.RELEVANT: 0.0, Kind.MISS: 0.3, Kind.MADE: 0.7}
_GROUP_WEIGHT = _LISTWISE_WEIGHT = _BINARY_WEIGHT = 0.5
_EARLY_WEIGHT = 0.2
_RIGHT_WEIGHT = 2.0  # of a window that answers, in yes or no: near misses are many
_TEMPERATURE = 1.5  # of the teacher's begins and ends
_TAUGHT_ORDER_WEIGHT = 0.5
_FROM_TEACHER = {Kind.ANSWERS: 1.0, Kind.RELEVANT: 1.0, Kind.MISS: 0.5, Kind.MADE: 1.0}
_NEVER = -1e4  # a logit; infinity would make gradients that are no numbers


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What a reader says of n windows: `begins` and `ends` (n, t), `relevance` (n,), `early` (n, e); logits in float32."""

    begins: Tensor
    ends: Tensor
    relevance: Tensor
    early: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What is right of n windows of g groups.

    `is_text` (n, t) are the passage's tokens. `begins` and `ends` (n, t) are right: the first token where there is no answer,
    nothing where the places are not known. `group` (n,) numbers the questions.
    """

    kinds: Sequence[Kind]
    is_text: Tensor
    begins: Tensor
    ends: Tensor
    group: Tensor
    groups: int

    @classmethod
    def of(cls, groups: Sequence[Group], is_text: Tensor) -> Labels:
        """`is_text` is of the windows in order."""
        begins, ends = torch.zeros_like(is_text, device="cpu"), torch.zeros_like(is_text, device="cpu")
        first = is_text.int().argmax(dim=1).tolist()  # of the passage's tokens
        windows = [(number, window) for number, group in enumerate(groups) for window in group]
        for row, (_, window) in enumerate(windows):
            for place in window.places:
                begins[row, first[row] + place.first] = ends[row, first[row] + place.last] = True
            if window.kind in (Kind.MISS, Kind.MADE):
                begins[row, 0] = ends[row, 0] = True
        device = is_text.device
        group = torch.tensor([number for number, _ in windows], device=device)
        kinds = [window.kind for _, window in windows]
        return cls(kinds, is_text, begins.to(device), ends.to(device), group, len(groups))

    def weights(self, of_kind: dict[Kind, float]) -> Tensor:
        return torch.tensor([of_kind[kind] for kind in self.kinds], device=self.is_text.device)

    def are(self, *kinds: Kind) -> Tensor:
        return torch.tensor([kind in kinds for kind in self.kinds], device=self.is_text.device)

    @property
    def is_allowed(self) -> Tensor:
        """(n, t) the tokens that begins and ends may be."""
        allowed = self.is_text.clone()
        allowed[:, 0] = True
        return allowed


def label_loss(judged: Judged, labels: Labels) -> Tensor:
    """The loss by what is right, but for the early judgements."""
    relevance = _relevance_loss(judged.relevance, labels)
    return _span_loss(judged, labels) + _GROUP_WEIGHT * _group_loss(judged, labels) + relevance


def early_loss(judged: Judged, labels: Labels) -> Tensor:
    """The loss of the early judgements, which no teacher has a say in."""
    early = [_relevance_loss(of_layer, labels) for of_layer in judged.early.unbind(dim=1)]
    return _EARLY_WEIGHT * torch.stack([*early, judged.relevance.new_zeros(())]).sum()


def teaching_loss(judged: Judged, teacher: Judged, labels: Labels, strength: Tensor) -> Tensor:
    """How far the reader is from its teacher. `strength` (n,) is the teacher's weight in each window, 0 where it has no say."""
    spans = strength.new_zeros(())
    weight = strength * labels.weights(_FROM_TEACHER)
    for ours, theirs in ((judged.begins, teacher.begins), (judged.ends, teacher.ends)):
        log_ours, log_theirs = (_over_allowed(logits / _TEMPERATURE, labels) for logits in (ours, theirs))
        spans = spans + _TEMPERATURE**2 * (weight * _divergence(log_ours, log_theirs).sum(dim=1)).mean() / 2
    binary = functional.binary_cross_entropy_with_logits(judged.relevance, teacher.relevance.sigmoid(), reduction="none")
    chosen = (strength > 0) & ~labels.are(Kind.MADE)
    ours, theirs = ((one.relevance - _log_sums(one.relevance, chosen, labels)[labels.group])[chosen] for one in (judged, teacher))
    listwise = (strength[chosen] * _divergence(ours, theirs)).sum() / labels.groups
    return spans + _TAUGHT_ORDER_WEIGHT * ((strength * binary).mean() + listwise)


def _divergence(log_ours: Tensor, log_theirs: Tensor) -> Tensor:
    """The terms of the Kullback-Leibler divergence of our distribution from theirs."""
    return log_theirs.exp() * (log_theirs - log_ours)


def _span_loss(judged: Judged, labels: Labels) -> Tensor:
    weights = labels.weights(_SPAN_WEIGHT)
    losses = weights.new_zeros(len(weights))
    for logits, right in ((judged.begins, labels.begins), (judged.ends, labels.ends)):
        losses = losses + (_log_sum(logits, labels.is_allowed) - _log_sum(logits, right)) / 2
    return (weights * losses).sum() / weights.sum().clamp(min=1e-6)


def _group_loss(judged: Judged, labels: Labels) -> Tensor:
    answers, ordered = labels.are(Kind.ANSWERS), ~labels.are(Kind.MADE)
    losses = judged.begins.new_zeros(labels.groups)
    for logits, right in ((judged.begins, labels.begins), (judged.ends, labels.ends)):
        anywhere = _log_sums(_log_sum(logits, labels.is_text), ordered, labels)
        losses = losses + (anywhere - _log_sums(_log_sum(logits, right), answers, labels)) / 2
    return _mean_of_groups(losses, answers, labels)


def _relevance_loss(logits: Tensor, labels: Labels) -> Tensor:
    right, ordered = labels.are(Kind.ANSWERS, Kind.RELEVANT), ~labels.are(Kind.MADE)
    listwise = _mean_of_groups(_log_sums(logits, ordered, labels) - _log_sums(logits, right, labels), right, labels)
    weights = torch.where(right, _RIGHT_WEIGHT, 1.0)
    binary = functional.binary_cross_entropy_with_logits(logits, right.float(), weights)
    return _LISTWISE_WEIGHT * listwise + _BINARY_WEIGHT * binary


def _log_sum(logits: Tensor, chosen: Tensor) -> Tensor:
    """(n,) the log of the summed exponentials of each row's chosen logits."""
    return torch.logsumexp(logits.masked_fill(~chosen, _NEVER), dim=1)


def _log_sums(values: Tensor, chosen: Tensor, labels: Labels) -> Tensor:
    """(g,) the log of the summed exponentials of each group's chosen windows, whose values are (n,)."""
    own = labels.group[None, :] == torch.arange(labels.groups, device=values.device)[:, None]  # (g, n)
    return _log_sum(values.expand(labels.groups, -1), own & chosen)


def _mean_of_groups(losses: Tensor, chosen: Tensor, labels: Labels) -> Tensor:
    """The mean over the groups with a chosen window; 0 without any."""
    counted = torch.zeros(labels.groups, dtype=torch.bool, device=losses.device)
    counted[labels.group[chosen]] = True
    return losses[counted].sum() / counted.sum().clamp(min=1)


def _over_allowed(logits: Tensor, labels: Labels) -> Tensor:
    return functional.log_softmax(logits.masked_fill(~labels.is_allowed, _NEVER), dim=1)
