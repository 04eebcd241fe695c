"""Keys → what was made for each, that of the keys used last kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Recent(Generic[Key, Made]):
    """What was made for the keys used last, up to `most` in all by `size_of`. Threads may share it."""

    def __init__(self, most: int, *, size_of: Callable[[Made], int] = lambda _: 1) -> None:
        self._most = most
        self._size_of = size_of
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """The sizes of all that is kept."""
        return self._size

    def of(self, keys: Sequence[Key], make: Callable[[list[Key]], Iterable[Made]]) -> list[Made]:
        """One for each key. `make` makes those that are not kept, each once, for keys in their order here."""
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = list(dict.fromkeys(key for key in keys if key not in found))
        if missing:
            found.update(zip(missing, make(missing), strict=True))
        with self._lock:
            for key, made in found.items():
                self._keep(key, made)
        return [found[key] for key in keys]

    def _keep(self, key: Key, made: Made) -> None:
        if key in self._kept:
            self._size -= self._size_of(self._kept.pop(key))
        self._kept[key] = made
        self._size += self._size_of(made)
        while self._size > self._most:
            self._size -= self._size_of(self._kept.popitem(last=False)[1])
