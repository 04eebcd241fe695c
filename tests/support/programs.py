"""A program that the tests run as its users do, but in this process."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def program(path: Path) -> ModuleType:
    """The module of a program that is in no package; what it imports from its own folder is found."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(path.parent)
        patch.setitem(sys.modules, path.stem, module)  # which its dataclasses look for
        spec.loader.exec_module(module)
    return module
