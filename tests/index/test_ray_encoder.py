"""What can be seen of embedding on a cluster without one; `tests/benchmarks/ray_workers.py` starts one."""

from __future__ import annotations

import sys

import pytest

from qa.base.errors import ExtraMissing, SettingsError
from qa.base.protocols import Encoder, TitledText
from qa.index.ray_encoder import RayEncoder, _Worker


@pytest.mark.parametrize("mode", [None, "", "none"])
def test_without_a_token_no_cluster_is_reached(encoder: Encoder, mode: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    if mode is not None:
        monkeypatch.setenv("RAY_AUTH_MODE", mode)
    with pytest.raises(SettingsError, match="RAY_AUTH_MODE=token"):
        RayEncoder(encoder, {}, "auto")


def test_a_machine_without_ray_is_told_what_to_install(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ExtraMissing, match=r"article-qa\[ray\]"):
        RayEncoder(encoder, {}, "auto").embed_passages([TitledText("", "The ferry waits.")])


def test_a_worker_makes_the_vectors_that_are_made_here(encoder: Encoder) -> None:
    passages = [TitledText("Harbour", "The ferry waits at the quay."), TitledText("", "Nobody was there.")]
    worker = _Worker({})
    assert worker.identity() == encoder.identity
    assert worker.embed(passages).tobytes() == encoder.embed_passages(passages).tobytes()
