"""Builds the arrays of a name index from the readings of listed names."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tumen.matching.alike import initialled, learn_all, word_hash
from tumen.matching.bare import bare
from tumen.matching.grams import gram_matrix, gram_weights, weighted
from tumen.matching.rarity import Rarity
from tumen.matching.similarity import SYLLABIC
from tumen.matching.slips import form_table
from tumen.names.cultures import CULTURES, LATIN
from tumen.names.name import Reading

Arrays = dict[str, NDArray[Any]]
# What one word may stand for several of a name, and for how many of them.
Joins = Callable[[Reading], Iterable[tuple[str, int]]]
# What letter groups tell, by culture.
GramWeights = Mapping[str, NDArray[np.float32]]


class IndexBuilder:
    """Takes readings one by one and ends in the arrays of a `NameIndex`.

    A word is known by the hash of culture and text. Words that stand in a name also keep their
    text; joins of neighbours, several times as many, are only ever looked up whole and do not:
    a million names are built in a third of the memory. A join is no word, even where another
    name has a word of the same letters: what a name means does not depend on other names.
    """

    def __init__(self, joins: Joins | None = None) -> None:
        self._joins = joins or listed_joins
        self._numbers: dict[int, int] = {}
        self._plain: dict[int, tuple[str, str]] = {}
        self._row_entities = array("i")
        self._row_starts = array("q", [0])
        self._row_words = array("i")
        self._row_weights = array("f")
        self._culture_rows: dict[str, int] = {}

    def add(self, entity: int, reading: Reading) -> None:
        """Add one reading of a name of the entity with this number."""
        self._row_entities.append(entity)
        self._culture_rows[reading.culture] = self._culture_rows.get(reading.culture, 0) + 1
        for word, weight in zip(reading.words, reading.weights, strict=True):
            number = self._number(reading.culture, word)
            self._plain.setdefault(number, (reading.culture, word))
            self._row_words.append(number)
            self._row_weights.append(weight)
        if reading.culture not in SYLLABIC:
            for joined, size in self._joins(reading):
                self._row_words.append(self._number(reading.culture + "+", joined))
                self._row_weights.append(-size)
        self._row_starts.append(len(self._row_words))

    def _number(self, culture: str, word: str) -> int:
        return self._numbers.setdefault(word_hash(culture, word), len(self._numbers))

    def shares(self) -> Mapping[str, float]:
        """The share of a culture's names that hold a word, for words in more than one name."""
        weights = np.frombuffer(self._row_weights, dtype=np.float32)
        numbers = np.frombuffer(self._row_words, dtype=np.int32)[weights >= 0]
        counts = np.bincount(numbers, minlength=len(self._numbers))
        common = {}
        for number, (culture, word) in self._plain.items():
            if counts[number] > 1:
                share = int(counts[number]) / self._culture_rows[culture]
                common[f"{culture}:{word}"] = share
        return common

    def finish(
        self, rarity: Rarity, gram_weights: GramWeights | None = None, *, learns: bool = True
    ) -> Arrays:
        """The arrays; `rarity` weighs the words, `gram_weights` their letter groups.

        With `learns` they hold what each word may mean, for readers that ask for the same words
        again and again.
        """
        arrays = self._word_arrays(rarity)
        arrays["row_entities"] = np.frombuffer(self._row_entities, dtype=np.int32).copy()
        self._put_rows(arrays)
        self._put_postings(arrays)
        self._put_keys(arrays)
        for culture in (name for name, found in CULTURES.items() if found.is_fuzzy):
            chosen = {n: word for n, (name, word) in self._plain.items() if name == culture}
            weights = gram_weights[culture] if gram_weights is not None else None
            _put_grams(arrays, culture, chosen, weights)
        return arrays | learn_all(arrays, self._plain) if learns else arrays

    def _word_arrays(self, rarity: Rarity) -> Arrays:
        count = len(self._numbers)
        hashes = np.fromiter(self._numbers, dtype=np.uint64, count=count)
        order = np.argsort(hashes)
        weights = np.ones(count, dtype=np.float32)
        lengths = np.zeros(count + 1, dtype=np.int64)
        texts = []
        for number in sorted(self._plain):
            culture, word = self._plain[number]
            weights[number] = rarity.weight(culture, word)
            lengths[number + 1] = len(word)
            texts.append(word)
        text = "".join(texts).encode("ascii") or b" "
        return {
            "word_hashes": hashes[order],
            "word_ids": order.astype(np.int32),
            "word_weights": weights,
            "word_text": np.frombuffer(text, dtype=np.uint8).copy(),
            "word_offsets": np.cumsum(lengths),
        }

    def _put_rows(self, arrays: Arrays) -> None:
        """The plain words of each row with their weights, role times rarity."""
        starts = np.frombuffer(self._row_starts, dtype=np.int64)
        numbers = np.frombuffer(self._row_words, dtype=np.int32)
        weights = np.frombuffer(self._row_weights, dtype=np.float32)
        plain = weights >= 0
        before = np.concatenate([[0], np.cumsum(plain)])
        arrays["row_starts"] = before[starts].astype(np.int64)
        arrays["row_words"] = numbers[plain]
        arrays["row_weights"] = weights[plain] * arrays["word_weights"][numbers[plain]]

    def _put_postings(self, arrays: Arrays) -> None:
        starts = np.frombuffer(self._row_starts, dtype=np.int64)
        numbers = np.frombuffer(self._row_words, dtype=np.int32)
        given = np.frombuffer(self._row_weights, dtype=np.float32)
        rows = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
        is_join = given < 0
        values = np.where(is_join, np.float32(0), given * arrays["word_weights"][numbers])
        squares = np.bincount(rows, weights=values * values, minlength=len(starts) - 1)
        # A join of some of a name's words weighs what they do together.
        lengths = np.bincount(rows, weights=~is_join, minlength=len(starts) - 1)
        joined = rows[is_join]
        share = np.minimum(1.0, -given[is_join] / lengths[joined])
        values[is_join] = np.sqrt(squares[joined] * share)
        values /= np.sqrt(np.maximum(squares, 1e-9))[rows]
        kept = values > 0
        shape = (len(self._numbers), len(starts) - 1)
        matrix = sparse.csr_matrix((values[kept], (numbers[kept], rows[kept])), shape=shape)
        _put(arrays, "postings", matrix)

    def _put_keys(self, arrays: Arrays) -> None:
        """Words by the key of their culture, in a fuzzy one by their consonants.

        A key is found by its hash like a word.
        """
        members: dict[int, list[int]] = {}
        for number, (culture, word) in self._plain.items():
            found = CULTURES[culture]
            if not found.is_fuzzy:
                key = found.key(word)
            elif word.isalpha():
                key = bare(word)
            else:
                continue
            members.setdefault(word_hash(culture + "#", key), []).append(number)
        hashes = np.fromiter(members, dtype=np.uint64, count=len(members))
        places = np.arange(len(members), dtype=np.int32)
        all_hashes = np.concatenate([arrays["word_hashes"], hashes])
        order = np.argsort(all_hashes)
        arrays["word_hashes"] = all_hashes[order]
        arrays["word_ids"] = np.concatenate([arrays["word_ids"], places])[order]
        sizes = [len(numbers) for numbers in members.values()]
        arrays["key_starts"] = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        flat = [number for numbers in members.values() for number in numbers]
        arrays["key_words"] = np.array(flat, dtype=np.int32)


def listed_joins(reading: Reading) -> Iterator[tuple[str, int]]:
    """What one word may stand for several of this name, and for how many of them.

    Neighbours written together, a whole short name in any usual order, and a family name with
    the initial of the first given name (`petrov.i` for Petrov I. I.).
    """
    words = reading.words
    for one, other in pairwise(words):
        yield one + other, 2
    if len(words) == 2:
        yield words[1] + words[0], 2
    elif len(words) == 3:
        for i in range(3):
            yield "".join(words[i:] + words[:i]), 3
    else:
        for i in range(len(words) - 2):
            yield "".join(words[i : i + 3]), 3
    if reading.culture == LATIN and len(words) > 1:
        yield initialled(words[0], words[1]), len(words)
        yield initialled(words[-1], words[0]), len(words)


def _put_grams(
    arrays: Arrays,
    culture: str,
    chosen: Mapping[int, str],
    weights: NDArray[np.float32] | None,
) -> None:
    words = list(chosen.values())
    matrix = gram_matrix(words)
    if weights is None:
        weights = gram_weights(matrix)
    arrays[f"{culture}_ids"] = np.array(list(chosen), dtype=np.int32)
    arrays[f"{culture}_gram_weights"] = weights
    _put(arrays, f"{culture}_grams", weighted(matrix, weights).T.tocsr())
    arrays[f"{culture}_forms"], arrays[f"{culture}_owners"] = form_table(list(chosen), words)


def _put(arrays: Arrays, name: str, matrix: sparse.csr_matrix) -> None:
    arrays[f"{name}_data"] = matrix.data.astype(np.float32)
    arrays[f"{name}_indices"] = matrix.indices.astype(np.int32)
    arrays[f"{name}_indptr"] = matrix.indptr.astype(np.int32)
