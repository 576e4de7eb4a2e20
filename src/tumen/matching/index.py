"""From the names of thousands of subjects to the few listed names that may be theirs.

Listed readings are a sparse matrix words × names, weighted by rarity. The words of a batch of
subjects meet listed words by letters, by single slips or by their culture's key; the product of
the two matrices, cut to the best, gives the candidates of the whole batch in one call, and a
rough score from word numbers throws out the hopeless ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tumen.matching.alike import WordIndex, initialled, word_hash
from tumen.matching.names import absence_cost
from tumen.matching.product import Rows, best_products
from tumen.matching.rough import Query, Row, rough_score
from tumen.matching.similarity import SYLLABIC
from tumen.names.cultures import LATIN
from tumen.names.name import Reading

# How many listed readings a subject's reading meets at most, and from which cosine of words.
NEAREST = 24
NEAREST_COSINE = 0.55
# How many of an entity's readings are compared in full, and from which rough score. Without this
# bound 3 in 1,000 more of badly misspelt names are found, at four times the comparisons.
NAMES_EACH = 3
LEAST_ROUGH = 0.48


class Candidate(NamedTuple):
    """A subject (by its place in the batch) may be an entity (by number), by this row's name."""

    subject: int
    entity: int
    row: int


class NameIndex:
    """Finds candidates for batches of readings. Made by `build`, read-only."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = arrays
        self._words = WordIndex(arrays)
        self.row_entities = arrays["row_entities"]
        names = (f"postings_{part}" for part in ("indptr", "indices", "data"))
        starts, columns, values = (arrays[name] for name in names)
        self._postings = Rows(starts, columns, values, len(self.row_entities))

    def candidates(
        self, batch: Sequence[Sequence[Reading]], least: float = LEAST_ROUGH
    ) -> list[Candidate]:
        """The nearest listed readings for each subject's readings, in the order of the batch.

        `least` is the rough score that a name must reach to be compared in full.
        """
        subjects = [i for i, readings in enumerate(batch) for _ in readings]
        readings = [reading for group in batch for reading in group]
        if not readings or not len(self._postings.columns):
            return []
        self._words.learn({(one.culture, word) for one in readings for word in one.words})
        queries = [self._query(reading) for reading in readings]
        asked = self._matrix(readings, queries)
        found = best_products(asked, self._postings, NEAREST, NEAREST_COSINE)
        scores = self._rough_scores(queries, found)
        return self._by_entity(found, scores, np.array(subjects), least)

    def _query(self, reading: Reading) -> Query:
        """A reading as numbers."""
        weights = []
        meanings: dict[int, list[tuple[int, float]]] = {}
        for i, (word, weight) in enumerate(zip(reading.words, reading.weights, strict=True)):
            alike = self._words.alike(reading.culture, word)
            weights.append(weight * alike.rarity)
            for number, similarity in zip(alike.numbers, alike.similarities, strict=True):
                meanings.setdefault(number, []).append((i, similarity))
        return Query(reading.words, weights, meanings, absence_cost(reading.culture))

    def _matrix(self, readings: Sequence[Reading], queries: Sequence[Query]) -> Rows:
        """Readings × listed words: what each reading's words may mean, and their joins."""
        columns: list[NDArray[np.int32]] = []
        values: list[NDArray[np.float32]] = []
        sizes: list[int] = []
        joins: list[tuple[int, float, int]] = []
        for row, (reading, query) in enumerate(zip(readings, queries, strict=True)):
            norm = math.sqrt(max(sum(w * w for w in query.weights), 1e-6))
            size = 0
            for word, weight in zip(reading.words, query.weights, strict=True):
                alike = self._words.alike(reading.culture, word)
                size += len(alike.numbers)
                columns.append(alike.columns)
                values.append(alike.values * (weight / norm))
            sizes.append(size)
            if reading.culture not in SYLLABIC:
                known = zip(reading.words, query.weights, strict=True)
                for (one, weight), (two, other) in pairwise(known):
                    joined = word_hash(reading.culture, one + two)
                    joins.append((row, math.hypot(weight, other) / norm, joined))
                for joined in _with_initials(reading):
                    joins.append((row, 1.0, joined))
        found = self._words.find([joined for _, _, joined in joins])
        met = found >= 0
        joined_rows = np.array([row for row, _, _ in joins], dtype=np.int32)[met]
        joined_values = np.array([value for _, value, _ in joins], dtype=np.float32)[met]
        rows = np.concatenate([np.repeat(np.arange(len(readings)), sizes), joined_rows])
        entries = np.concatenate([*values, joined_values]).astype(np.float32)
        numbers = np.concatenate([*columns, found[met]])
        shape = (len(readings), len(self._words))
        return Rows.of(sparse.csr_matrix((entries, (rows, numbers)), shape=shape))

    def _rough_scores(self, queries: Sequence[Query], found: Rows) -> NDArray[np.float64]:
        """About how alike each product's two readings are."""
        scores = np.zeros(len(found.columns))
        starts, columns = found.starts.tolist(), found.columns.tolist()
        for i, query in enumerate(queries):
            for place in range(starts[i], starts[i + 1]):
                scores[place] = rough_score(query, self._row(columns[place]), self._words.word)
        return scores

    def _row(self, row: int) -> Row:
        start, end = self._arrays["row_starts"][row : row + 2].tolist()
        numbers = self._arrays["row_words"][start:end].tolist()
        return Row(numbers, self._arrays["row_weights"][start:end].tolist())

    def _by_entity(
        self, found: Rows, scores: NDArray[np.float64], subjects: NDArray[np.int64], least: float
    ) -> list[Candidate]:
        """For each subject and entity the likest rows, best first, at most `NAMES_EACH`."""
        kept = scores >= least
        owners = np.repeat(subjects, np.diff(found.starts))[kept]
        rows = found.columns[kept]
        entities = self.row_entities[rows]
        order = np.lexsort((rows, -scores[kept], entities, owners))
        owners, entities, rows = owners[order], entities[order], rows[order]
        is_first = np.ones(len(order), dtype=bool)
        is_first[1:] = (owners[1:] != owners[:-1]) | (entities[1:] != entities[:-1])
        starts = np.flatnonzero(is_first)
        rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
        near = rank < NAMES_EACH
        chosen = (owners[near].tolist(), entities[near].tolist(), rows[near].tolist())
        return [Candidate(*one) for one in zip(*chosen, strict=True)]


def _with_initials(reading: Reading) -> list[int]:
    """Hashes of a family name with an initial, for names that give no more: Petrov I. I."""
    initials = [word for word in reading.words if len(word) == 1]
    whole = [word for word in reading.words if len(word) > 2]
    if reading.culture != LATIN or not initials or len(whole) != 1:
        return []
    return [word_hash(LATIN, initialled(whole[0], initials[0]))]
