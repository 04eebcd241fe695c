"""Which models the engines of a process share."""

from __future__ import annotations

import shutil
from pathlib import Path

from qa.answer.reader_files import reader_folder
from qa.base.protocols import Encoder
from qa.base.settings import PACKAGED_READER, load_settings
from qa.service.engine import open_engine


def test_engines_share_the_packaged_reader(tmp_path: Path, encoder: Encoder) -> None:
    one, other = (open_engine(load_settings(index=tmp_path / name), encoder) for name in ("one", "other"))
    assert one.reading_model is not None and one.reading_model is other.reading_model


def test_a_reader_of_a_folder_is_opened_anew_since_its_files_may_have_changed(tmp_path: Path, encoder: Encoder) -> None:
    folder = Path(shutil.copytree(reader_folder(PACKAGED_READER), tmp_path / "reader"))
    one, other = (open_engine(load_settings(index=tmp_path / "index", reader=str(folder)), encoder) for _ in range(2))
    assert one.reading_model is one.reading_model and one.reading_model is not other.reading_model
