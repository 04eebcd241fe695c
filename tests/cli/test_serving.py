"""What `qa serve` says of the index before anything is loaded."""

from __future__ import annotations

from pathlib import Path

from qa.base.settings import load_settings
from qa.cli.serving import what_is_served
from qa.index.layout import STORE_FILE
from qa.service.service import Service


def test_a_new_index_is_called_new_and_those_beside_it_are_named() -> None:
    service = Service(load_settings(index="indexes/default"))
    assert what_is_served(service) == f"{service.folder} (a new index without articles)"
    for name in ("demo", "my news"):
        (service.folder.parent / name).mkdir(parents=True)
        (service.folder.parent / name / STORE_FILE).touch()
    others = "--index indexes/demo or 'indexes/my news'"
    assert what_is_served(service) == f"{service.folder} (a new index without articles; another one is served by {others})"
    assert what_is_served(Service(load_settings(index="indexes/demo"))) == str(Path("indexes/demo").absolute())
