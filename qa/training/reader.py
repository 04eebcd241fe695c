"""Examples → a trained reader: a span model that finds where a passage answers a question, or that it does not.

The loss has two parts. The first is the negative log of the probability of the answer's places: that it begins and ends at
one of them (marginal likelihood, Clark & Gardner, ACL 2018). The first token stands for no answer (Devlin et al., NAACL
2019). The second part is listwise over a question's passages (ListNet, Cao et al., ICML 2007). A passage's score is that of
its spans less that of no answer, and the passage with the answer should have the highest. Scores then compare across
passages.
"""

from __future__ import annotations

import contextlib
import json
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from qa.answer.reader_files import is_like_the_packaged, reader_folder
from qa.answer.span_model import SpanModel
from qa.base.errors import ModelError
from qa.index.encoder import has_bfloat16
from qa.training.batches import Labelled, batches, groups_of_epoch, labelled
from qa.training.pairs import Example

_CHECKPOINT = "checkpoint.pt"
_LOG = "log.jsonl"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a reader is trained.

    `near_misses` (passages) and `made_unanswerable` (questions) are for each right passage. `frozen_layers` are the first
    layers that are not trained, and the embeddings with them. `warmup` is a share of all steps.
    """

    epochs: int = 2
    near_misses: float = 1.2
    made_unanswerable: float = 0.35
    listwise_weight: float = 0.3
    batch_size: int = 24
    most_tokens: int = 320
    learning_rate: float = 2e-4
    head_learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.06
    frozen_layers: int = 1
    seed: int = 7
    checkpoint_minutes: float = 5.0


@dataclass(frozen=True, slots=True)
class Step:
    """How far a training is: steps done and in all, the mean loss of the last ones, and the seconds left."""

    step: int
    steps: int
    loss: float
    learning_rate: float
    seconds_left: float


def named_reader(name: str) -> Path:
    """The folder of a reader, named as in the setting `reader`.

    Raises:
        ModelError: it cannot be loaded, or trained further. It is known now rather than after minutes of training.
    """
    folder = reader_folder(name)
    if is_like_the_packaged(folder):
        raise ModelError(
            f"The reader {name!r} shares its words with the encoder: it cannot be trained further here. "
            "Name the folder of a model of transformers, or begin without --from."
        )
    SpanModel(folder, precision="float32").load()
    return folder


def train(body: Path, examples: Sequence[Example], out: Path, recipe: Recipe, *, progress: Callable[[Step], None]) -> None:
    """Train a reader from the body, an encoder's or a reader's, and write it to `out` with a log of its losses.

    An interrupted training continues. There is no dropout and no fused attention: on a CPU they take half of a step's time.

    The same examples, recipe and number of steps give the same weights on the same machine.
    """
    out.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(recipe.seed)
    tokenizer = AutoTokenizer.from_pretrained(body, local_files_only=True)
    model = AutoModelForQuestionAnswering.from_pretrained(
        body,
        local_files_only=True,
        dtype=torch.float32,
        attn_implementation="eager",
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=0.0,
    ).to(device)
    _freeze(model, recipe.frozen_layers)
    optimizer = _optimizer(model, recipe)
    plan = [_epoch(tokenizer, examples, recipe, epoch) for epoch in range(recipe.epochs)]
    steps = sum(map(len, plan))
    scale = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _scale(step, steps, recipe.warmup))
    done = _resumed(out, model, optimizer, scale)
    model.train()
    saved = started = time.monotonic()
    losses: list[float] = []
    with (out / _LOG).open("a", encoding="utf-8") as log:
        for number, batch in enumerate((batch for epoch in plan for batch in epoch), start=1):
            if number <= done:
                continue
            loss = _loss(model, tokenizer, batch, recipe.listwise_weight, device)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([one for one in model.parameters() if one.requires_grad], 1.0)
            optimizer.step()
            scale.step()
            losses.append(float(loss.detach()))
            if number % 20 == 0 or number == steps:
                seconds = time.monotonic() - started
                state = Step(
                    number,
                    steps,
                    float(np.mean(losses[-100:])),
                    float(scale.get_last_lr()[0]),
                    seconds / (number - done) * (steps - number),
                )
                log.write(json.dumps(asdict(state)) + "\n")
                log.flush()
                progress(state)
            if time.monotonic() - saved > 60 * recipe.checkpoint_minutes:
                _keep(out, model, optimizer, scale, number)
                saved = time.monotonic()
    model.half().save_pretrained(out, safe_serialization=True)
    tokenizer.save_pretrained(out)
    (out / _CHECKPOINT).unlink(missing_ok=True)


def _epoch(tokenizer: Any, examples: Sequence[Example], recipe: Recipe, epoch: int) -> list[list[list[Labelled]]]:
    random_ = random.Random(f"{recipe.seed} {epoch}")
    groups = groups_of_epoch(
        examples, near_misses=recipe.near_misses, made_unanswerable=recipe.made_unanswerable, random_=random_
    )
    return list(batches(labelled(tokenizer, groups, most_tokens=recipe.most_tokens), size=recipe.batch_size, random_=random_))


def _freeze(model: Any, layers: int) -> None:
    if not layers:
        return
    frozen = [model.base_model.embeddings, *model.base_model.encoder.layer[:layers]]
    for part in frozen:
        for parameter in part.parameters():
            parameter.requires_grad = False


def _optimizer(model: Any, recipe: Recipe) -> torch.optim.Optimizer:
    body: list[torch.nn.Parameter] = []
    head: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (head if name.startswith("qa_outputs") else body).append(parameter)
    return torch.optim.AdamW(
        [{"params": body, "lr": recipe.learning_rate}, {"params": head, "lr": recipe.head_learning_rate}],
        weight_decay=recipe.weight_decay,
        fused=True,
    )


def _scale(step: int, steps: int, warmup: float) -> float:
    """Linear up, then linear down to 0."""
    rising = max(1, math.ceil(steps * warmup))
    return step / rising if step < rising else max(0.0, (steps - step) / max(1, steps - rising))


def _loss(model: Any, tokenizer: Any, batch: Sequence[Sequence[Labelled]], listwise_weight: float, device: str) -> torch.Tensor:
    labels = [label for group in batch for label in group]
    inputs = tokenizer.pad([label.window.inputs for label in labels], return_tensors="pt").to(device)
    is_text = torch.zeros(tuple(inputs["input_ids"].shape), dtype=torch.bool)
    begins, ends = torch.zeros_like(is_text), torch.zeros_like(is_text)
    for row, label in enumerate(labels):
        length = label.window.length
        is_text[row, :length] = torch.from_numpy(label.window.starts >= 0)
        begins[row, :length] = torch.from_numpy(label.begins)
        ends[row, :length] = torch.from_numpy(label.ends)
    with _arithmetic(device):
        outputs = model(**inputs)
    is_text = is_text.to(device)
    is_allowed = is_text.clone()
    is_allowed[:, 0] = True
    span = torch.zeros((), device=device)
    relevance = torch.zeros(len(labels), device=device)
    for logits, right in ((outputs.start_logits.float(), begins), (outputs.end_logits.float(), ends)):
        span = span + (_over(logits, is_allowed) - _over(logits, right.to(device))).mean() / 2
        relevance = relevance + _over(logits, is_text) - logits[:, 0]
    return span + listwise_weight * _listwise(relevance, batch)


def _over(logits: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """(rows,) the log of the summed exponentials of each row's chosen logits."""
    return torch.logsumexp(logits.masked_fill(~chosen, -torch.inf), dim=1)


def _listwise(relevance: torch.Tensor, batch: Sequence[Sequence[Labelled]]) -> torch.Tensor:
    """The mean over windows with an answer of -log p(window | it and its question's windows without one); 0 without any."""
    losses = []
    start = 0
    for group in batch:
        rows = range(start, start + len(group))
        start += len(group)
        misses = [row for row, label in zip(rows, group, strict=True) if not label.has_answer]
        if misses:
            right = [row for row, label in zip(rows, group, strict=True) if label.has_answer]
            losses += [torch.logsumexp(relevance[[row, *misses]], dim=0) - relevance[row] for row in right]
    return torch.stack(losses).mean() if losses else relevance.new_zeros(())


def _arithmetic(device: str) -> contextlib.AbstractContextManager[object]:
    if device == "cuda" or has_bfloat16():
        return torch.autocast(device, torch.bfloat16)
    return contextlib.nullcontext()


def _keep(out: Path, model: Any, optimizer: torch.optim.Optimizer, scale: Any, step: int) -> None:
    """Write a checkpoint beside the old one and rename it, so that an interruption leaves a whole one."""
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "scale": scale.state_dict(), "step": step}
    torch.save(state, out / f"{_CHECKPOINT}.new")
    (out / f"{_CHECKPOINT}.new").replace(out / _CHECKPOINT)


def _resumed(out: Path, model: Any, optimizer: torch.optim.Optimizer, scale: Any) -> int:
    """The steps done in the checkpoint, 0 without one."""
    path = out / _CHECKPOINT
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    scale.load_state_dict(state["scale"])
    return int(state["step"])
