"""One immutable folder of search files with their digests."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from qa.base.errors import IndexDamaged
from qa.index.edition import Edition, Fold, make_edition, open_edition, sweep_editions
from qa.index.layout import EDITIONS_FOLDER
from qa.index.postings import TantivyPostings
from qa.index.vectors import FaissVectors

VECTORS = np.eye(3, dtype=np.float32)
TEXTS = [(1, "one ship left"), (2, "two came"), (5, "three stayed")]


@pytest.fixture
def first(tmp_path: Path) -> Edition:
    return make_edition(tmp_path, 1, previous=None, added=TEXTS, removed=[], last_row=5, fold=Fold(np.array([1, 2, 5]), VECTORS))


def test_an_edition_holds_what_was_given_and_the_digest_of_each_file(first: Edition, tmp_path: Path) -> None:
    opened = open_edition(tmp_path, first.name)
    assert opened == first
    assert first.name.startswith("00000001-")
    manifest = first.manifest
    assert (manifest.generation, manifest.last_row, manifest.last_vector_row, manifest.vectors_kind) == (1, 5, 5, "Flat")
    for name, digest in manifest.digests.items():
        assert hashlib.sha256((first.folder / name).read_bytes()).hexdigest() == digest
    assert FaissVectors.open(first.vectors_file).search(VECTORS[1], k=1)[0].tolist() == [2]
    assert TantivyPostings.open(first.postings_folder).search("ship", k=1)[0].tolist() == [1]


def test_the_next_edition_shares_the_files_that_did_not_change(first: Edition, tmp_path: Path) -> None:
    second = make_edition(tmp_path, 2, previous=first, added=[(6, "four sank")], removed=[1], last_row=6, fold=None)
    assert first.vectors_file.samefile(second.vectors_file)
    assert (second.manifest.last_row, second.manifest.last_vector_row) == (6, 5)
    postings = TantivyPostings.open(second.postings_folder)
    assert (postings.search("ship", k=1)[0].tolist(), postings.search("sank", k=1)[0].tolist()) == ([], [6])
    assert open_edition(tmp_path, second.name) == second
    assert TantivyPostings.open(open_edition(tmp_path, first.name).postings_folder).search("ship", k=1)[0].tolist() == [
        1
    ]  # as it was


def test_without_hard_links_files_are_copied(first: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    second = make_edition(tmp_path, 2, previous=first, added=[(6, "four sank")], removed=[], last_row=6, fold=None)
    assert not first.vectors_file.samefile(second.vectors_file)
    assert open_edition(tmp_path, second.name) == second


def test_files_whose_digest_was_checked_are_not_read_again(first: Edition, tmp_path: Path) -> None:
    data = first.vectors_file.read_bytes()
    first.vectors_file.write_bytes(data[:-1] + b"?")
    assert open_edition(tmp_path, first.name, verified=first.manifest.digests) == first
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss does not match its digest"):
        open_edition(tmp_path, first.name)


def test_an_edition_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        make_edition(tmp_path, 1, previous=None, added=[(1, None)], removed=[], last_row=1, fold=None)  # type: ignore[list-item]
    assert list((tmp_path / EDITIONS_FOLDER).iterdir()) == []


def test_sweeping_keeps_those_named(first: Edition, tmp_path: Path) -> None:
    for name in ("00000002-aaaa", "00000003-bbbb"):
        (tmp_path / EDITIONS_FOLDER / name / "postings").mkdir(parents=True)
    sweep_editions(tmp_path, keep=(first.name, "00000003-bbbb"))
    assert sorted(edition.name for edition in (tmp_path / EDITIONS_FOLDER).iterdir()) == sorted([first.name, "00000003-bbbb"])
    sweep_editions(tmp_path / "nowhere", keep=())
