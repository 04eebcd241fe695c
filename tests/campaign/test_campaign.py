"""A small part of the campaign, always with the same seed; `python -m tests.campaign` does more."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers import ServerProcess

sys.path.insert(0, str(Path(__file__).parent))

import damage
import disturbances
import inputs
import kills
from files import right_files
from plan import Plan
from requests_of_api import Requests
from ships import harbour, service_of
from soak import Soak

from qa.base.fail_points import VARIABLE, FailPoint

SEED = 27


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(SEED, 60, tmp_path)


def some(rounds: Iterator[None], count: int) -> None:
    for _ in itertools.islice(rounds, count):
        pass


def test_killed_at_each_fail_point_and_at_any_moment_nothing_is_lost_and_nothing_comes_back(plan: Plan) -> None:
    folder = kills.new_index(plan.folder / "index")
    reached = [point for point in FailPoint if kills.kill(plan, folder, point)]
    kills.kill(plan, folder, None)
    assert plan.outcome.faults == []
    assert reached == list(FailPoint)


def test_a_fail_point_is_chosen_by_the_environment() -> None:
    program = "from qa.base.fail_points import FailPoint, pass_point; [pass_point(one) for one in FailPoint]; print('lives')"
    last = list(FailPoint)[-1]
    ended = [
        subprocess.run([sys.executable, "-c", program], env={VARIABLE: point}, capture_output=True, check=False)
        for point in (last, "no such point")
    ]
    assert [(one.returncode, one.stdout) for one in ended] == [(-9, b""), (0, b"lives\n")]


def test_damage_is_found_or_changes_nothing(plan: Plan) -> None:
    some(damage.rounds(plan), 20)
    assert plan.outcome.faults == []
    assert plan.outcome.tried.total() == 20
    assert len(plan.outcome.tried) == 2, "neither kind of damage is missing"


@pytest.mark.parametrize("what", ["disk", "handles", "clock"])  # how much memory is too little, each machine has its own answer
def test_too_little_of_something_leaves_the_index_whole(plan: Plan, what: str) -> None:
    disturbances.try_shortage(plan, what)
    assert plan.outcome.faults == []


def test_two_writers_that_are_killed_lose_nothing(plan: Plan) -> None:
    disturbances.try_two_writers(plan)
    assert plan.outcome.faults == []


def test_bad_inputs_over_every_door_are_refused_or_read(plan: Plan, server: ServerProcess) -> None:
    folder = plan.folder / "ships"
    harbour.indexer(folder).add(harbour.articles(1, 5))
    run = Path(__file__).parents[1] / "quality" / "runs" / "everyday_samples.jsonl.gz"
    requests = Requests(server.client.get("/openapi.json").json(), ["sorrowby-obituary", "1"], right_files())
    with service_of(folder) as service:
        for number in range(40):
            inputs.try_question(plan, service)
            inputs.try_own_file(plan, *inputs.own_files(folder, run)[number % 3])
            inputs.try_head(plan, server)
        inputs.try_files(plan)
    for sent in (requests.draw(plan.chance) for _ in range(200)):
        if sent.method == "GET":  # which leaves the server of all tests as it is
            inputs.try_request(plan, server, sent)
    assert plan.outcome.tried["requests, answered 4xx"] > 20
    inputs.look_after(plan, server, 0)
    assert plan.outcome.faults == []


def test_a_server_answers_without_error_while_articles_change(
    tmp_path: Path, sample_copy: Path, start_server: Callable[..., ServerProcess]
) -> None:
    server = start_server(sample_copy, requests_per_minute=0).wait_until_ready()
    soak = Soak(Plan(SEED, 2, tmp_path), server)
    soak.run()
    assert soak.outcome.faults == []
    assert soak.outcome.tried["citations compared with the article's text"] > 0
    assert len(soak.sizes.memory) > 0
