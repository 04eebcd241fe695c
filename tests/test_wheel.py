"""The wheel, installed outside the tree, does the main job: it carries samples, templates and all that is data."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a virtual environment outside the tree with the wheel in it.

    The dependencies are those of this environment, by a .pth file: installing torch again takes a minute
    and proves nothing about our wheel.
    """
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
    source = folder / "source"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, tracked):  # a copy: building leaves build/ and *.egg-info behind
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run([*build, str(source)], check=True, cwd=folder)
    (wheel,) = folder.glob("article_qa-*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    install = [sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install", "--quiet", "--no-deps"]
    subprocess.run([*install, wheel], check=True)
    (site_packages,) = environment.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin"


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run([installed / command[0], *command[1:]], cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def demo(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A folder that was empty before `qa demo` ran in it, and what it said."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, run(installed, folder, "qa", "demo", "--no-serve")


@pytest.fixture
def with_demo(demo: tuple[Path, object], tmp_path: Path) -> Path:
    """A copy of that folder."""
    return Path(shutil.copytree(demo[0], tmp_path, dirs_exist_ok=True))


def test_the_installed_command_answers_the_demo_in_an_empty_folder(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = demo
    assert done.returncode == 0, done.stderr
    assert "[1]" in done.stdout
    assert (folder / "indexes" / "demo" / "store.sqlite").is_file()


def test_the_installed_package_brings_its_reader(installed: Path, with_demo: Path) -> None:
    (with_demo / "qa.toml").write_text('reader = "qa-reader"\nindex = "indexes/demo"\n')
    done = run(installed, with_demo, "qa", "ask", "How old was Wilhelmina Sorrowby when she died?", "--json")
    assert json.loads(done.stdout)["short_answer"]["text"] == "94", done.stderr


def test_the_installed_command_measures_its_own_index_and_reports(installed: Path, with_demo: Path) -> None:
    evaluated = ("qa", "evaluate", "--known-item", "--limit", "4", "--index", "indexes/demo", "--out", "run.jsonl")
    for command in (evaluated, ("qa", "report", "run.jsonl")):
        done = run(installed, with_demo, *command)
        assert done.returncode == 0, done.stderr
    assert "</html>" in (with_demo / "report.html").read_text("utf-8")


def test_the_installed_command_brings_the_manual(installed: Path, tmp_path: Path) -> None:
    topics = re.findall(r"^  (\w+)  ", run(installed, tmp_path, "qa", "help").stdout, re.MULTILINE)
    assert "serving" in topics
    for topic in topics:
        assert run(installed, tmp_path, "qa", "help", topic).stdout.startswith("# ")


def test_the_code_that_runs_is_the_wheel_and_not_the_tree(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "python", "-c", "import qa, web; print(qa.__file__); print(web.__file__)")
    assert [line.startswith(str(installed.parent)) for line in done.stdout.splitlines()] == [True, True], done.stderr


def test_the_installed_command_serves_a_page_with_its_style_and_script(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    environment.pop("PYTHONPATH", None)
    command = [installed / "qa", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split()[0]
            assert server.stdout.readline().startswith("Ready")
            page = httpx.get(url, headers={"Accept": "text/html"}).text
            files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
            kinds = {httpx.get(url + file).raise_for_status().headers["content-type"].partition(";")[0] for file in files}
        finally:
            server.terminate()
    assert server.returncode == 0
    assert kinds >= {"text/css", "text/javascript", "image/svg+xml"}
    assert (tmp_path / "indexes" / "default" / "store.sqlite").is_file()
