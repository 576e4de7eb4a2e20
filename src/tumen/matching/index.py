"""From the names of thousands of subjects to the few listed names that may be theirs.

Listed readings are a sparse matrix words × names, weighted by rarity. The words of a batch of
subjects meet listed words by letters, by single slips or by their culture's key; the product of
the two matrices, from a cosine on, gives the candidates of the whole batch in one call, and a
rough score from word numbers throws out the hopeless ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tumen.matching.alike import WordIndex
from tumen.matching.asked import asked_joins, asked_matrix
from tumen.matching.names import absence_cost
from tumen.matching.product import Rows, near_products
from tumen.matching.rarity import Rarity
from tumen.matching.rough import Query, Row, rough_score
from tumen.names.name import Reading

# From which cosine of words a listed reading is met.
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

    def __init__(self, arrays: Mapping[str, NDArray[Any]], rarity: Rarity) -> None:
        self._arrays = arrays
        self._rarity = rarity
        self._words = WordIndex(arrays)
        self.row_entities = arrays["row_entities"]
        names = (f"postings_{part}" for part in ("indptr", "indices", "data"))
        starts, columns, values = (arrays[name] for name in names)
        self._postings = Rows(starts, columns, values, len(self.row_entities))

    def forget(self) -> None:
        """Let go of the words of past subjects, which a process that never ends would heap up."""
        self._words.forget()

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
        weights = [query.weights for query in queries]
        asked = asked_matrix(self._words, readings, weights, asked_joins)
        found = near_products(asked, self._postings, NEAREST_COSINE)
        scores = self._rough_scores(queries, found)
        return self._by_entity(found, scores, np.array(subjects), least)

    def _query(self, reading: Reading) -> Query:
        """A reading as numbers."""
        culture = reading.culture
        meanings = [self._words.alike(culture, word).meaning for word in reading.words]
        rarities = [self._rarity.weight(culture, word) for word in reading.words]
        weights = [weight * rare for weight, rare in zip(reading.weights, rarities, strict=True)]
        return Query(reading.words, weights, meanings, absence_cost(culture))

    def _rough_scores(self, queries: Sequence[Query], found: Rows) -> NDArray[np.float64]:
        """About how alike each product's two readings are."""
        rows = self._rows(found.columns)
        starts = found.starts.tolist()
        scores = [
            rough_score(query, rows[place], self._words.word)
            for i, query in enumerate(queries)
            for place in range(starts[i], starts[i + 1])
        ]
        return np.array(scores, dtype=np.float64)

    def _rows(self, chosen: NDArray[np.int32]) -> list[Row]:
        """The readings with these numbers, gathered at once: one by one costs as much again."""
        starts = self._arrays["row_starts"][chosen]
        sizes = self._arrays["row_starts"][chosen.astype(np.int64) + 1] - starts
        ends = np.cumsum(sizes)
        flat = np.arange(sizes.sum()) + np.repeat(starts - (ends - sizes), sizes)
        numbers = self._arrays["row_words"][flat].tolist()
        weights = self._arrays["row_weights"][flat].tolist()
        parts = zip((ends - sizes).tolist(), ends.tolist(), strict=True)
        return [Row(numbers[start:end], weights[start:end]) for start, end in parts]

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
