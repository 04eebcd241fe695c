"""Import arrows point down, and each heavy library has one home."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for package in ("qa", "web")
    for file in sorted((ROOT / package).rglob("*.py"))
}
STAGES = ("corpus", "index", "search", "answer", "conversation")

# From the bottom up: a module imports from its own layer or from those below, never from above.
LAYERS = (
    ("qa.base.errors",),
    ("qa.base.types", "qa.base.settings", "qa.base.times"),
    (
        "qa.base.protocols",
        "qa.base.stages",
        "qa.base.scopes",
        "qa.base.quotes",
        "qa.base.feedback",
        "qa.base.checkpoints",
        "qa.base.writing_systems",
    ),
    (*(f"qa.{stage}" for stage in STAGES), "qa.evaluation.samples"),
    ("qa.api",),
    ("qa.service.state",),
    ("qa.service",),
    ("qa.evaluation",),
    ("qa.cli.output", "qa.cli.exit_codes"),
    ("qa.cli.process",),
    ("qa.training",),
)
HOMES = {
    "torch": ("qa.index.encoder", "qa.answer.span_model", "qa.training"),
    "sentence_transformers": ("qa.index.encoder",),
    "transformers": ("qa.index.encoder", "qa.answer.span_model", "qa.training"),
    "faiss": ("qa.index.vectors",),
    "tantivy": ("qa.index.postings",),
    "sqlite3": (
        *("qa.index.store", "qa.index.copies", "qa.index.statements", "qa.service.state.file", "qa.service.state.answers"),
        *("qa.service.state.conversations", "qa.service.state.jobs"),
        "qa.cli.doctor",  # asks for its version alone
    ),
    "filelock": ("qa.index.lock", "qa.service.state.tokens"),
    "sentencex": ("qa.corpus.sentences",),
    "mammoth": ("qa.corpus.formats.docx",),
    "feedparser": ("qa.corpus.formats.feed",),
    "warcio": ("qa.corpus.formats.warc",),
    "py3langid": ("qa.corpus.languages",),
    "lemminflect": ("qa.conversation.parts_of_speech",),
    "fastapi": ("web",),
    "httpx": ("qa.api.client",),
    "ir_measures": ("qa.evaluation.measures",),
    "datasketch": ("qa.corpus.near_duplicates",),
    "matplotlib": ("qa.evaluation.report.plots",),
    "mcp": ("web.mcp.server",),
    "mcp_types": ("web.mcp.server",),
    "prometheus_client": ("web.runtime.metrics",),
    "structlog": ("web.runtime.logs",),
}


def _is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def _imports(module: str) -> set[str]:
    """Every module that this one names in an import, at whatever depth; those for type checkers alone too."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            named.add(node.module or "")
            named |= {f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.{alias.name}" in MODULES}
    return named


def _layer(module: str) -> int | None:
    return next((height for height, packages in enumerate(LAYERS) if _is_within(module, packages)), None)


@pytest.mark.parametrize("module", [module for module in MODULES if _layer(module) is not None])
def test_a_module_imports_nothing_from_above_it(module: str) -> None:
    height = _layer(module)
    above = {
        name
        for name in _imports(module)
        if name in MODULES and name not in ("qa",) and (_layer(name) is None or (_layer(name) or 0) > (height or 0))
    }
    assert above == set()


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_no_other_stage(stage: str) -> None:
    others = tuple(f"qa.{other}" for other in STAGES if other != stage)
    for module in MODULES:
        if _is_within(module, (f"qa.{stage}",)):
            assert {name for name in _imports(module) if _is_within(name, others)} == set(), module


def test_only_the_command_line_imports_the_web_and_only_inside_its_commands() -> None:
    importing = {
        module for module in MODULES if module.startswith("qa") and any(_is_within(name, ("web",)) for name in _imports(module))
    }
    assert importing <= {"qa.cli.serving"}
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


def test_the_nouns_and_errors_need_the_standard_library_alone() -> None:
    assert _loaded_by("import qa.base.types, qa.base.errors") & {"pydantic", "numpy", "typer"} == set()
