"""One thread computes for all that ask."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.base.models_thread import in_models_thread

IN_A_COPY = """
import os
from qa.base.models_thread import in_models_thread
double = in_models_thread(lambda number: 2 * number)
assert double(2) == 4
child = os.fork()
if not child:
    os._exit(double(3))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@in_models_thread
def computes_in() -> int:
    return threading.get_ident()


def test_all_threads_let_the_same_one_compute() -> None:
    with ThreadPoolExecutor(4) as callers:
        found = set(callers.map(lambda _: computes_in(), range(20)))
    assert found == {computes_in()} and threading.get_ident() not in found


def test_what_computes_may_call_what_computes() -> None:
    assert in_models_thread(lambda: computes_in() == threading.get_ident())()


def test_an_error_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        in_models_thread(lambda: 1 // 0)()


def test_a_copy_of_the_process_has_a_thread_of_its_own() -> None:
    done = subprocess.run([sys.executable, "-c", IN_A_COPY], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "6\n"
