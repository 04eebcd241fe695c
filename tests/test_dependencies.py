"""Every package that is imported is named in pyproject.toml, below a version that nobody has tried; the lock has them all."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCK = (ROOT / ".ci" / "requirements.lock").read_text("utf-8")
FOR_TYPE_CHECKERS = {"_typeshed"}


def required(*lists: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(one.name): one for spelled in lists for one in map(Requirement, spelled)}


OF_THE_PRODUCT = required(
    PROJECT["dependencies"], EXTRAS["mcp"], EXTRAS["milvus"], EXTRAS["minilm"], EXTRAS["ray"], EXTRAS["train"]
)


def imported() -> set[str]:
    """The top-level modules that qa and web import, other than their own and Python's."""
    named: set[str] = set()
    for file in (file for package in ("qa", "web") for file in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                named.add(node.module.partition(".")[0])
    return named - sys.stdlib_module_names - {"qa", "web"} - FOR_TYPE_CHECKERS


def test_what_is_imported_is_named() -> None:
    packages = importlib.metadata.packages_distributions()
    unnamed = [
        name for name in imported() if not {canonicalize_name(one) for one in packages.get(name, [name])} & OF_THE_PRODUCT.keys()
    ]
    assert unnamed == []


def test_each_package_of_the_product_has_an_upper_bound() -> None:
    unbounded = [str(one) for one in OF_THE_PRODUCT.values() if not any(bound.operator in ("<", "==") for bound in one.specifier)]
    assert unbounded == []


def test_the_lock_has_a_version_that_is_let_in_of_each_package_and_digests_of_each_version() -> None:
    pins = [
        (Requirement(line.removesuffix("\\").strip()), digests)
        for line, digests in re.findall(r"^([a-z0-9]\S*==.*\\)\n((?:    --hash=sha256:[0-9a-f]{64}.*\n?)+)", LOCK, re.MULTILINE)
    ]
    assert len(pins) == len(re.findall(r"^\S+==", LOCK, re.MULTILINE)) > 100
    named = required(PROJECT["dependencies"], *EXTRAS.values())
    del named["torch"], named["article-qa"]
    for name, requirement in named.items():
        versions = [next(iter(pin.specifier)).version for pin, _ in pins if canonicalize_name(pin.name) == name]
        assert versions and all(requirement.specifier.contains(version) for version in versions), name
