"""An encoder whose passages are embedded on the machines of a Ray cluster; all else is done here. Home of ray.

Each worker loads the model once. One that dies is started again, and what it had in work is done again.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from qa.base.errors import EngineError, EngineUnreachable, ExtraMissing, SettingsError
from qa.base.protocols import Encoder, EncoderIdentity, TitledText, Vectors
from qa.base.types import Span

_AUTH = "RAY_AUTH_MODE"  # without a token, whoever reaches a cluster's port runs any program on it
_CPUS = 2  # of a worker without a GPU
_AT_ONCE = 64  # passages that a worker embeds between two looks for others


class RayEncoder:
    """Embeds passages on a cluster, to the same vectors as the `inner` encoder does here.

    `arguments` are those from which each worker makes the same encoder. The cluster is reached at the first passage.
    """

    def __init__(self, inner: Encoder, arguments: Mapping[str, Any], address: str) -> None:
        """SettingsError where Ray would not ask for a token."""
        if os.environ.get(_AUTH) != "token":
            raise SettingsError(
                f"Ray needs {_AUTH}=token here and on all of its machines: without a token, whoever reaches the cluster runs any "
                "program there. `qa help growing` says how."
            )
        self._inner = inner
        self._arguments = dict(arguments)
        self._address = address
        self._workers: list[Any] = []

    @property
    def identity(self) -> EncoderIdentity:
        return self._inner.identity

    def token_ends(self, texts: Sequence[str]) -> list[list[int]]:
        return self._inner.token_ends(texts)

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return self._inner.token_counts(texts)

    def passage_budget(self, title: str) -> int:
        return self._inner.passage_budget(title)

    def shorten_title(self, title: str) -> str:
        return self._inner.shorten_title(title)

    def embed_question(self, question: str) -> Vectors:
        return self._inner.embed_question(question)

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        return self._inner.embed_questions(questions)

    def embed_sentences(self, passages: Sequence[TitledText], spans: Sequence[Sequence[Span]]) -> list[Vectors]:
        return self._inner.embed_sentences(passages, spans)

    def embed_passages(self, passages: Sequence[TitledText]) -> Vectors:
        """As `Encoder` says.

        Raises:
            EngineUnreachable: the cluster is not there, or is gone.
            EngineError: a worker has another encoder, or cannot embed.
        """
        parts = [self._inner.embed_passages([])]
        with self._reaching():
            from ray.util import ActorPool

            pool = ActorPool(self._ready_workers())
            chunks = [list(passages[start : start + _AT_ONCE]) for start in range(0, len(passages), _AT_ONCE)]
            parts.extend(pool.map(lambda worker, chunk: worker.embed.remote(chunk), chunks))
        return np.concatenate(parts)

    def _ready_workers(self) -> list[Any]:
        """One worker for each GPU, or for every two processors where there are none."""
        import ray

        if not ray.is_initialized():
            ray.init(address=self._address, logging_level=logging.ERROR, log_to_driver=False)
            self._workers = []
        if not self._workers:
            there = ray.cluster_resources()
            gpus = int(there.get("GPU", 0))
            needs = {"num_gpus": 1} if gpus else {"num_cpus": min(_CPUS, max(1, int(there["CPU"])))}
            count = gpus or max(1, int(there["CPU"]) // _CPUS)
            worker = ray.remote(_Worker).options(**needs, max_restarts=-1, max_task_retries=-1)
            self._workers = [worker.remote(self._arguments) for _ in range(count)]
            others = set(ray.get([one.identity.remote() for one in self._workers])) - {self.identity}
            if others:
                raise EngineError(
                    f"A machine of Ray at {self._address} has another encoder: {others.pop()}; here it is {self.identity}. "
                    "Install the same versions there, or set encoder_precision."
                )
        return self._workers

    def worker_processes(self) -> list[int]:
        """The process of each worker, on its machine."""
        import ray

        return [int(pid) for pid in ray.get([one.process.remote() for one in self._ready_workers()])]

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            import ray
        except ImportError as error:
            raise ExtraMissing("Embedding on a Ray cluster", "ray") from error
        try:
            yield
        except ray.exceptions.RayTaskError as error:
            raise EngineError(f"A worker of Ray at {self._address} failed: {error.cause}.") from error
        except (ray.exceptions.RayError, ConnectionError) as error:
            raise EngineUnreachable(
                f"Ray at {self._address} does not answer: {str(error).strip().splitlines()[0]}. Finished batches are kept: the "
                "same command goes on from there."
            ) from error


class _Worker:
    """In a process of its own, on any machine of the cluster."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        from qa.index.encoder import TransformerEncoder  # torch comes with it

        self._encoder = TransformerEncoder(**arguments)

    def identity(self) -> EncoderIdentity:
        return self._encoder.identity

    def process(self) -> int:
        return os.getpid()

    def embed(self, passages: Sequence[TitledText]) -> Vectors:
        return self._encoder.embed_passages(passages)
