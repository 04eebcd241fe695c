"""Memory that is free goes back to the system."""

from __future__ import annotations

import subprocess
import sys

# Of 200 MB all is freed but the last kilobyte, without which glibc would give the rest back by itself.
HOLES = """
import ctypes
from web.runtime.allocator import give_back_free_memory

C = ctypes.CDLL(None)
C.malloc.restype, C.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
C.free.argtypes, C.memset.argtypes = [ctypes.c_void_p], [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]

def megabytes():
    return int(open("/proc/self/status").read().partition("RssAnon:")[2].split()[0]) // 1_000

blocks = [C.malloc(1_000) for _ in range(200_000)]
for block in blocks:
    C.memset(block, 1, 1_000)
for block in blocks[:-1]:
    C.free(block)
before = megabytes()
give_back_free_memory()
print(before - megabytes())
"""


def test_what_is_free_between_blocks_in_use_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 150
