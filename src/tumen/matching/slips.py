"""Words one slip of the pen apart, found by what is left when each leaves out a letter.

A letter changed, added, left out or swapped with its neighbour: in each case the two words share
a form with at most one letter taken out of each.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# A slip in two or three letters is another word; long words are found by their letter groups.
_SHORTEST, _LONGEST = 4, 14


def forms(word: str) -> list[str]:
    """The word, and the word without each of its letters; empty where it is too short or long."""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return []
    return [word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]


def form_table(
    numbers: Sequence[int], words: Sequence[str]
) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Checksums of all forms in order, and beside each the number of its word.

    Two forms may share a checksum: whoever looks one up compares the words anyway.
    """
    sums: list[int] = []
    owners: list[int] = []
    for number, word in zip(numbers, words, strict=True):
        found = forms(word)
        sums += [zlib.crc32(form.encode()) for form in found]
        owners += [number] * len(found)
    keys = np.array(sums, dtype=np.uint32)
    order = np.argsort(keys, kind="stable")
    return keys[order], np.array(owners, dtype=np.int32)[order]


def find_near(
    keys: NDArray[np.uint32], owners: NDArray[np.int32], words: Sequence[str]
) -> list[list[int]]:
    """For each word the numbers of the words that share a form with it."""
    sums: list[int] = []
    sizes: list[int] = []
    for word in words:
        found = forms(word)
        sums += [zlib.crc32(form.encode()) for form in found]
        sizes.append(len(found))
    wanted = np.array(sums, dtype=np.uint32)
    starts = np.searchsorted(keys, wanted, side="left").tolist()
    ends = np.searchsorted(keys, wanted, side="right").tolist()
    near: list[list[int]] = []
    at = 0
    for size in sizes:
        members: set[int] = set()
        for i in range(at, at + size):
            if ends[i] > starts[i]:
                members.update(owners[starts[i] : ends[i]].tolist())
        near.append(sorted(members))
        at += size
    return near
