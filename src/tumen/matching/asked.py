"""Readings as rows of a matrix over the words of an index: what each word may mean, and joins."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tumen.matching.alike import WordIndex, initialled, word_hash
from tumen.matching.product import Rows
from tumen.matching.similarity import SYLLABIC
from tumen.names.cultures import LATIN
from tumen.names.name import Reading

# The joins of a reading whose words have these weights, and what each weighs beside the whole.
Joined = Callable[[Reading, Sequence[float]], Iterable[tuple[str, float]]]


def asked_matrix(
    words: WordIndex,
    readings: Sequence[Reading],
    weights: Sequence[Sequence[float]],
    joined: Joined,
) -> Rows:
    """Readings × words of the index; the words of the readings must have been learnt."""
    columns: list[NDArray[np.int32]] = []
    values: list[NDArray[np.float32]] = []
    sizes: list[int] = []
    joins: list[tuple[int, float, int]] = []
    for row, (reading, own) in enumerate(zip(readings, weights, strict=True)):
        norm = length(own)
        size = 0
        for word, weight in zip(reading.words, own, strict=True):
            alike = words.alike(reading.culture, word)
            size += len(alike.columns)
            columns.append(alike.columns)
            values.append(alike.values * (weight / norm))
        sizes.append(size)
        if reading.culture not in SYLLABIC:
            for text, value in joined(reading, own):
                # It may be one word over there, or neighbours as here.
                joins.append((row, value, word_hash(reading.culture, text)))
                joins.append((row, value, word_hash(reading.culture + "+", text)))
    found = words.find([join for _, _, join in joins])
    met = found >= 0
    joined_rows = np.array([row for row, _, _ in joins], dtype=np.int32)[met]
    joined_values = np.array([value for _, value, _ in joins], dtype=np.float32)[met]
    rows = np.concatenate([np.repeat(np.arange(len(readings)), sizes), joined_rows])
    entries = np.concatenate([*values, joined_values]).astype(np.float32)
    numbers = np.concatenate([*columns, found[met]])
    shape = (len(readings), len(words))
    return Rows.of(sparse.csr_matrix((entries, (rows, numbers)), shape=shape))


def length(weights: Sequence[float]) -> float:
    """The length of a reading's row of weights."""
    return math.sqrt(max(sum(weight * weight for weight in weights), 1e-6))


def asked_joins(reading: Reading, weights: Sequence[float]) -> Iterator[tuple[str, float]]:
    """Neighbours of a subject's name written together, and a family name with an initial."""
    norm = length(weights)
    for (one, weight), (two, other) in pairwise(zip(reading.words, weights, strict=True)):
        yield one + two, math.hypot(weight, other) / norm
    for text in with_initials(reading):
        yield text, 1.0


def with_initials(reading: Reading) -> list[str]:
    """A family name with an initial, for names that give no more: Petrov I. I."""
    initials = [word for word in reading.words if len(word) == 1]
    whole = [word for word in reading.words if len(word) > 2]
    if reading.culture != LATIN or not initials or len(whole) != 1:
        return []
    return [initialled(whole[0], initials[0])]
