"""Forgets, from time to time, what was remembered of names that hardly come again.

The caches of the name rules are made for books, where a name is compared thousands of times in
a minute. A service runs for months and is asked for other names all the time: they would grow
to a gigabyte in each worker.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator

from tumen.matching.snapshot import Snapshot

_FOLDERS = ("tumen.names.", "tumen.matching.", "tumen.model.")
# Smaller caches hold what belongs to the lists rather than to those who ask.
_LARGE = 10_000
# So many parties leave about 20 MB behind; to learn frequent words anew takes a tenth of the time.
EVERY = 2_000


class Tidier:
    """Counts parties, and empties the caches after every so many of them."""

    def __init__(self, every: int = EVERY) -> None:
        self._every = every
        self._count = 0

    def note(self, parties: int, snapshot: Snapshot) -> None:
        """So many parties were screened against a snapshot."""
        self._count += parties
        if self._count >= self._every:
            self._count = 0
            snapshot.index.forget()
            for cache in large_caches():
                cache.cache_clear()


def large_caches() -> Iterator[functools._lru_cache_wrapper[object]]:
    """The large caches of the functions that read and compare names."""
    for name, module in list(sys.modules.items()):
        if not name.startswith(_FOLDERS):
            continue
        for found in vars(module).values():
            # A module that imports a function has it too, under the name of its home.
            if isinstance(found, functools._lru_cache_wrapper) and found.__module__ == name:
                size = found.cache_info().maxsize
                if size is not None and size >= _LARGE:
                    yield found
