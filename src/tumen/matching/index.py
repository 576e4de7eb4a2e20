"""From the names of thousands of subjects to the few listed names that may be theirs.

Listed readings are a sparse matrix names × words, weighted by rarity. The words of a batch of
subjects meet listed words by letter groups or by their culture's key; the product of the two
matrices, cut to the best, gives the candidates of the whole batch in one call.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from tumen.matching.align import SIMILARITY_FLOOR
from tumen.matching.bare import bare, is_bare
from tumen.matching.grams import gram_matrix, weighted
from tumen.matching.names import SYLLABIC, word_similarity
from tumen.matching.slips import find_near
from tumen.names.name import CULTURES, Reading

# How many listed words one word of a subject may mean, and from which cosine of letter groups.
ALIKE_WORDS = 16
ALIKE_COSINE = 0.33
ALIKE_OSA = 0.65
# How many listed readings a subject's reading meets at most, and from which cosine of words.
NEAREST = 24
NEAREST_COSINE = 0.62
# How many of an entity's readings are compared in full.
NAMES_EACH = 3

Array = NDArray[Any]


class Candidate(NamedTuple):
    """A subject (by position in the batch) may be an entity (by number); `cosine` ranks."""

    subject: int
    entity: int
    row: int
    cosine: float


def word_hash(culture: str, word: str) -> int:
    """A stable 64-bit number for a word of a culture."""
    digest = hashlib.blake2b(f"{culture}:{word}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


class NameIndex:
    """Finds candidates for batches of readings. Made by `build.build_index`, read-only."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays
        self._hashes = arrays["word_hashes"]
        self._ids = arrays["word_ids"]
        self._weights = arrays["word_weights"]
        self._text = arrays["word_text"].data
        self._offsets = arrays["word_offsets"]
        self.row_entities = arrays["row_entities"]
        words, rows = len(self._offsets) - 1, len(self.row_entities)
        self._postings = _csr(arrays, "postings", (words, rows))
        self._fuzzy: dict[str, tuple[sparse.csr_matrix, Array, Array]] = {}
        for culture in (name for name, culture in CULTURES.items() if culture.is_fuzzy):
            ids = arrays[f"{culture}_ids"]
            grams = arrays[f"{culture}_gram_weights"]
            matrix = _csr(arrays, f"{culture}_grams", (len(grams), len(ids)))
            self._fuzzy[culture] = (matrix, ids, grams)
        # What a word of a culture may mean here: listed words, how alike, and its own rarity.
        self._alike: dict[tuple[str, str], tuple[Array, Array, float]] = {}

    def word(self, number: int) -> str:
        """The text of a listed word."""
        start, end = self._offsets[number : number + 2].tolist()
        return str(self._text[start:end], "ascii")

    def candidates(self, batch: Sequence[Sequence[Reading]]) -> list[Candidate]:
        """The nearest listed readings for each subject's readings, in the order of the batch."""
        rows = [(i, reading) for i, readings in enumerate(batch) for reading in readings]
        if not rows or not self._postings.nnz:
            return []
        readings = [reading for _, reading in rows]
        self._learn({(reading.culture, word) for reading in readings for word in reading.words})
        queries = self._query_matrix(readings)
        found = sp_matmul_topn(
            queries, self._postings, top_n=NEAREST, threshold=NEAREST_COSINE, sort=False
        )
        return self._by_entity(found, np.fromiter((i for i, _ in rows), dtype=np.int64))

    def _by_entity(self, found: sparse.csr_matrix, subjects: NDArray[np.int64]) -> list[Candidate]:
        """For each subject and entity the nearest rows, nearest first, at most `NAMES_EACH`."""
        owners = np.repeat(subjects, np.diff(found.indptr))
        entities = self.row_entities[found.indices]
        order = np.lexsort((-found.data, entities, owners))
        owners, entities = owners[order], entities[order]
        is_first = np.ones(len(order), dtype=bool)
        is_first[1:] = (owners[1:] != owners[:-1]) | (entities[1:] != entities[:-1])
        starts = np.flatnonzero(is_first)
        rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
        kept = rank < NAMES_EACH
        chosen = order[kept]
        columns = (owners[kept], entities[kept], found.indices[chosen], found.data[chosen])
        return [Candidate(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]

    def _query_matrix(self, readings: Sequence[Reading]) -> sparse.csr_matrix:
        """Readings × listed words: what each reading's words may mean, and their joins."""
        ids: list[Array] = []
        weights: list[Array] = []
        sizes: list[int] = []
        norms: list[float] = []
        joins: list[tuple[int, float, str, str]] = []
        for row, reading in enumerate(readings):
            own: list[float] = []
            size = 0
            for word, weight in zip(reading.words, reading.weights, strict=True):
                alike, similarities, rarity = self._alike[reading.culture, word]
                own.append(weight * rarity)
                size += len(alike)
                ids.append(alike)
                weights.append(similarities * own[-1])
            sizes.append(size)
            norms.append(math.sqrt(max(sum(w * w for w in own), 1e-6)))
            if reading.culture not in SYLLABIC:
                for (one, w1), (other, w2) in pairwise(zip(reading.words, own, strict=True)):
                    joins.append((row, math.hypot(w1, w2), reading.culture, one + other))
        rows = np.repeat(np.arange(len(readings)), sizes)
        found = self._find([word_hash(culture, word) for _, _, culture, word in joins])
        kept = found >= 0
        join_rows = np.array([row for row, _, _, _ in joins], dtype=np.int64)[kept]
        join_weights = np.array([weight for _, weight, _, _ in joins], dtype=np.float64)[kept]
        data = np.concatenate([*weights, join_weights])
        rows = np.concatenate([rows, join_rows])
        data = (data / np.array(norms)[rows]).astype(np.float32)
        columns = np.concatenate([*ids, found[kept]])
        shape = (len(readings), self._postings.shape[0])
        return _int32(sparse.csr_matrix((data, (rows, columns)), shape=shape))

    def _find(self, hashes: Sequence[int]) -> NDArray[np.int32]:
        wanted = np.array(hashes, dtype=np.uint64)
        places = np.searchsorted(self._hashes, wanted)
        places[places == len(self._hashes)] = 0
        if not len(self._hashes):
            return np.full(len(wanted), -1, dtype=np.int32)
        found = self._hashes[places] == wanted
        return np.where(found, self._ids[places], -1).astype(np.int32)

    def _learn(self, wanted: set[tuple[str, str]]) -> None:
        """Find the listed words alike to words not met before, all of a culture at once."""
        new = [pair for pair in wanted if pair not in self._alike]
        if len(self._alike) > 500_000:
            self._alike.clear()
            new = list(wanted)
        for culture in {culture for culture, _ in new}:
            words = [word for name, word in new if name == culture]
            if culture in self._fuzzy:
                self._learn_fuzzy(culture, words)
            else:
                self._learn_keyed(culture, words)

    def _learn_keyed(self, culture: str, words: list[str]) -> None:
        key = CULTURES[culture].key
        for word in words:
            self._remember(culture, word, self._members(culture, key(word)).tolist())

    def _learn_fuzzy(self, culture: str, words: list[str]) -> None:
        matrix, ids, grams = self._fuzzy[culture]
        exact = self._find([word_hash(culture, word) for word in words])
        near = sp_matmul_topn(
            weighted(gram_matrix(words), np.asarray(grams)),
            matrix,
            top_n=ALIKE_WORDS,
            threshold=ALIKE_COSINE,
            sort=False,
        )
        rows = np.repeat(np.arange(len(words)), np.diff(near.indptr))
        found = ids[near.indices]
        texts = [self.word(number) for number in found.tolist()]
        asked = [words[row] for row in rows.tolist()]
        likeness = process.cpdist(asked, texts, scorer=OSA.normalized_similarity)
        starts = near.indptr.tolist()
        related = CULTURES[culture].related
        slips = find_near(
            self._arrays[f"{culture}_forms"], self._arrays[f"{culture}_owners"], words
        )
        for row, word in enumerate(words):
            chosen = [int(exact[row])] if exact[row] >= 0 else []
            chosen += slips[row]
            places = range(starts[row], starts[row + 1])
            chosen += [int(found[place]) for place in places if likeness[place] >= ALIKE_OSA]
            chosen += [
                n for n in self._find([word_hash(culture, w) for w in related(word)]) if n >= 0
            ]
            if is_bare(word):
                chosen += self._members(culture, bare(word)).tolist()
            self._remember(culture, word, chosen)

    def _members(self, culture: str, key: str) -> Array:
        """The listed words with this key."""
        place = int(self._find([word_hash(culture + "#", key)])[0])
        starts, words = self._arrays["key_starts"], self._arrays["key_words"]
        return words[starts[place] : starts[place + 1]] if place >= 0 else words[:0]

    def _remember(self, culture: str, word: str, numbers: list[int]) -> None:
        """Keep the listed words that are alike enough, the most alike first."""
        scored = []
        for number in dict.fromkeys(numbers):
            similarity = word_similarity(culture, word, self.word(number))
            if similarity >= SIMILARITY_FLOOR:
                scored.append((similarity, number))
        scored.sort(reverse=True)
        self._alike[culture, word] = (
            np.array([number for _, number in scored], dtype=np.int32),
            np.array([similarity for similarity, _ in scored], dtype=np.float64),
            float(self._weights[scored[0][1]]) if scored else 1.0,
        )


def _int32(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The same matrix with the index type that the product of two needs on both sides."""
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return matrix


def _csr(arrays: Mapping[str, Array], name: str, shape: tuple[int, int]) -> sparse.csr_matrix:
    parts = (arrays[f"{name}_data"], arrays[f"{name}_indices"], arrays[f"{name}_indptr"])
    return sparse.csr_matrix(parts, shape=shape, copy=False)
