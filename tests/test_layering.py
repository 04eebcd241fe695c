"""Import arrows point down, every module has a layer, and each heavy library has one home."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for package in ("qa", "web")
    for file in sorted((ROOT / package).rglob("*.py"))
}
# From the bottom up. A room imports from itself and from the layers below: never from above, never from a room beside it.
# `qa` and `web` stand for their __init__ alone; every other room is a module, or a package with all that it holds.
LAYERS = (
    ("qa.base.errors", "qa.base.in_words", "qa.base.version", "qa.base.writing_systems"),
    ("qa.base.types", "qa.base.settings", "qa.base.times"),
    ("qa.base",),
    ("qa.corpus", "qa.index", "qa.search", "qa.answer", "qa.conversation", "qa.manual"),  # the stages, and the manual
    ("qa.api",),
    ("qa.service.state",),
    ("qa.service",),
    ("qa.service.service",),
    ("qa.service.conversations", "qa.service.verification", "qa"),
    ("qa.evaluation",),
    ("qa.cli.output", "qa.cli.exit_codes"),
    ("qa.cli.process",),
    ("web", "web.problems"),
    ("web.access",),
    ("web.runtime",),
    ("web.errors",),
    ("web.guards",),
    ("web.api",),
    ("web.openai", "web.mcp", "web.pages"),
    ("web.app",),
    ("web.serving",),
    ("qa.cli",),
    ("qa.training", "qa.__main__"),
)
MOST_ENTRIES = {"qa": 14, "web": 12}
HOMES = {
    "torch": (
        *(
            "qa.base.arithmetic",
            "qa.base.bert",
            "qa.base.input_ranges",
            "qa.base.int8_layers",
            "qa.index.encoder",
            "qa.index.embedding_model",
            "qa.index.quantised_model",
            "qa.index.packaged_words",
        ),
        *("qa.index.sentence_transformer", "qa.index.text_tokens"),
        *("qa.answer.packaged_reader", "qa.answer.reader_weights", "qa.answer.span_model", "qa.training"),
    ),
    "sentence_transformers": ("qa.index.sentence_transformer",),
    "transformers": (*("qa.index.sentence_transformer", "qa.index.text_tokens", "qa.answer.span_model", "qa.training"),),
    "tokenizers": ("qa.index.unigram",),
    "lightgbm": ("qa.training.trees",),
    "faiss": ("qa.index.vectors",),
    "tantivy": ("qa.index.postings",),
    "pymilvus": ("qa.index.milvus.server",),
    "grpc": ("qa.index.milvus.server",),
    "ray": ("qa.index.ray_encoder",),
    "sqlite3": (
        *(
            "qa.index.store",
            "qa.index.near_duplicates",
            "qa.index.row_digests",
            "qa.index.filter_values",
            "qa.index.statements",
            "qa.index.copies",
            "qa.index.pending",
            "qa.service.state.file",
            "qa.service.state.answers",
            "qa.service.state.forgetting",
        ),
        *("qa.service.state.conversations", "qa.service.state.jobs", "qa.service.state.upload_series"),
        "qa.cli.doctor",  # asks for its version alone
    ),
    "filelock": ("qa.index.lock", "qa.service.state.tokens", "web.runtime.upload_folder"),
    "sentencex": ("qa.corpus.sentences",),
    "mammoth": ("qa.corpus.formats.docx",),
    "feedparser": ("qa.corpus.formats.feed",),
    "warcio": ("qa.corpus.formats.warc",),
    "py3langid": ("qa.corpus.languages",),
    "text_to_num": ("qa.answer.statements.quantities",),
    "lemminflect": ("qa.conversation.parts_of_speech",),
    "fastapi": ("web",),
    "httpx": ("qa.api.client",),
    "ir_measures": ("qa.evaluation.measures",),
    "matplotlib": ("qa.evaluation.report.plots",),
    "mcp": ("web.mcp.server",),
    "mcp_types": ("web.mcp.server",),
    "prometheus_client": ("web.runtime.metrics",),
    "structlog": ("web.runtime.logs",),
    "markdown_it": ("web.pages.manual",),
}


def _is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


@functools.cache  # read for each library
def _imports(module: str) -> frozenset[str]:
    """Every module that this one names in an import, at whatever depth; those for type checkers alone too."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            named.add(node.module or "")
            named |= {f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.{alias.name}" in MODULES}
    return frozenset(named)


Imports = Mapping[str, Collection[str]]  # module → the modules of ours that it imports


def _room(module: str) -> str | None:
    """The narrowest room of LAYERS that holds the module."""
    parts = module.split(".")
    packages = (".".join(parts[:length]) for length in range(len(parts), 1, -1))
    rooms = {room for layer in LAYERS for room in layer}
    return next((package for package in (module, *packages) if package in rooms), None)


def _height(room: str) -> int:
    return next(height for height, layer in enumerate(LAYERS) if room in layer)


def _faults(imports: Imports) -> list[str]:
    """What is wrong with the modules: each that has no layer, and each import that does not point down."""
    faults = [f"{module} has no layer" for module in imports if _room(module) is None]
    for module, imported in imports.items():
        for other in imported:
            room, other_room = _room(module), _room(other)
            if room and other_room and room != other_room and _height(other_room) >= _height(room):
                faults.append(f"{module} imports {other}")
    return faults


def _circle(arrows: Mapping[str, Collection[str]]) -> list[str]:
    """The nodes from which the arrows lead into a circle; empty where there is none."""
    left = dict(arrows)
    while free := [node for node, targets in left.items() if not any(target in left for target in targets)]:
        for node in free:
            del left[node]
    return list(left)


@pytest.fixture(scope="module")
def imports() -> Imports:
    return {module: {name for name in _imports(module) if name in MODULES} for module in MODULES}


def test_every_module_has_a_layer_and_imports_from_below_alone(imports: Imports) -> None:
    assert _faults(imports) == []


def test_no_circle_runs_through_the_rooms(imports: Imports) -> None:
    arrows: dict[str, set[str]] = {str(_room(module)): set() for module in imports}
    for module, imported in imports.items():
        arrows[str(_room(module))] |= {str(_room(other)) for other in imported} - {str(_room(module))}
    assert _circle(arrows) == []


def test_a_module_without_a_layer_is_a_fault() -> None:
    assert _faults({"qa.ranking": []}) == ["qa.ranking has no layer"]
    assert _faults({"web.caching.file": ["qa.base.types"]}) == ["web.caching.file has no layer"]


def test_every_room_of_the_layers_is_there() -> None:
    rooms = {room for layer in LAYERS for room in layer}
    assert rooms == {_room(module) for module in MODULES}


def test_importing_from_above_and_from_beside_are_faults() -> None:
    assert _faults({"qa.corpus.dates": ["qa.service.build"]}) == ["qa.corpus.dates imports qa.service.build"]
    assert _faults({"qa.base.types": ["qa"]}) == ["qa.base.types imports qa"]
    assert _faults({"web.pages.render": ["web.openai.shapes"]}) == ["web.pages.render imports web.openai.shapes"]
    assert _faults({"web.pages.render": ["web.guards.base", "web.pages.exports"]}) == []


def test_a_circle_is_found() -> None:
    assert _circle({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) == ["a", "b", "c", "d"]
    assert _circle({"a": ["b", "c"], "b": ["c"], "c": []}) == []


@pytest.mark.parametrize(("package", "most"), MOST_ENTRIES.items())
def test_the_top_of_a_package_is_read_at_a_glance(package: str, most: int) -> None:
    named = subprocess.run(["git", "ls-files", package], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    entries = {line.split("/")[1] for line in named.stdout.splitlines()}
    assert 0 < len(entries) <= most, sorted(entries)


def test_only_the_command_line_imports_the_web_and_only_inside_its_commands() -> None:
    importing = {
        module for module in MODULES if module.startswith("qa") and any(_is_within(name, ("web",)) for name in _imports(module))
    }
    assert importing <= {"qa.cli.serving", "qa.cli.conversations"}
    if "qa.cli.serving" in importing:
        top = ast.parse(MODULES["qa.cli.serving"].read_text("utf-8")).body
        at_import = {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
        assert not any(_is_within(name, ("web",)) for name in at_import)


@pytest.mark.parametrize(("library", "homes"), HOMES.items())
def test_a_heavy_library_is_imported_in_its_home_alone(library: str, homes: tuple[str, ...]) -> None:
    importing = {module for module in MODULES if any(_is_within(name, (library,)) for name in _imports(module))}
    assert {module for module in importing if not _is_within(module, homes)} == set()


def _loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize(
    "statement",
    ["import qa", "import qa.cli.app", "import qa.api.client", "import qa.base.errors, qa.base.types, qa.base.settings"],
)
def test_importing_loads_neither_torch_nor_faiss_nor_fastapi(statement: str) -> None:
    heavy = {"torch", "faiss", "fastapi", "transformers", "sentence_transformers", "tantivy"}
    assert _loaded_by(statement) & heavy == set()


def test_answering_loads_no_library_that_it_does_not_need() -> None:
    """The first two take seconds to import, which every `qa ask` would wait for; nothing is fetched, so HTTP is not needed."""
    answering = (
        "import qa.service.service; from qa.base.settings import Settings;"
        "from qa.base.protocols import TitledText; from qa.base.types import Span;"
        "from qa.service.engine import open_engine; engine = open_engine(Settings()); engine.load();"
        "engine.reading_model.read('Who?', [TitledText('', 'Ada kept it.')], [[Span(0, 12)]])"
    )
    loaded = _loaded_by(answering)
    assert "torch" in loaded and loaded & {"transformers", "sentence_transformers", "httpcore"} == set()


def test_the_nouns_and_errors_need_the_standard_library_alone() -> None:
    assert _loaded_by("import qa.base.types, qa.base.errors") & {"pydantic", "numpy", "typer"} == set()
