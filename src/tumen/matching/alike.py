"""Which listed words a subject's word may mean: learnt once for each word, then remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from tumen.matching.align import SIMILARITY_FLOOR
from tumen.matching.bare import bare, is_bare
from tumen.matching.grams import gram_matrix, weighted
from tumen.matching.product import Rows, near_products
from tumen.matching.similarity import word_similarity
from tumen.matching.slips import find_near
from tumen.names.cultures import CULTURES, SINO

# From which cosine of letter groups a listed word is looked at.
NEAREST_COSINE = 0.33
# Whole words less alike than this in their letters are not worth the finer rules.
LEAST_LIKENESS = 0.65
# Words remembered before all are forgotten: about 150 MB.
MEMORY = 400_000

LEARNT_AT_ONCE = 20_000

Arrays = Mapping[str, NDArray[Any]]


class Alike(NamedTuple):
    """The listed words that a word may mean, the likest first: number → similarity.

    `columns` and `values` are the same as arrays; after them stands the join that the word is,
    where neighbours of a listed name make it up.
    """

    meaning: dict[int, float]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def of(cls, columns: NDArray[np.int32], values: NDArray[np.float32]) -> Alike:
        """From the arrays; the same to the last bit, however they were come by."""
        exact = np.round(values.astype(np.float64), 6).tolist()
        return cls(dict(zip(columns.tolist(), exact, strict=True)), columns, values)


def word_hash(culture: str, word: str) -> int:
    """A stable 64-bit number for a word of a culture.

    After the culture's name stands `#` for a key, and `+` for a join of several words.
    """
    digest = hashlib.blake2b(f"{culture}:{word}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def initialled(family: str, given: str) -> str:
    """A family name with the initial of a given name, as one word of the index."""
    return f"{family}.{given[0]}"


class WordIndex:
    """The words of all listed names, found by hash, key, letter groups and single slips."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._text = arrays["word_text"].data
        self._fuzzy: dict[str, Rows] = {}
        for culture in (name for name, culture in CULTURES.items() if culture.is_fuzzy):
            names = (f"{culture}_grams_{part}" for part in ("indptr", "indices", "data"))
            starts, columns, values = (arrays[name] for name in names)
            self._fuzzy[culture] = Rows(starts, columns, values, len(arrays[f"{culture}_ids"]))
        self._known: dict[tuple[str, str], Alike] = {}

    def __len__(self) -> int:
        return len(self._arrays["word_weights"])

    def word(self, number: int) -> str:
        """The text of a listed word; empty for a join, which is only ever met whole."""
        start, end = self._arrays["word_offsets"][number : number + 2].tolist()
        return str(self._text[start:end], "ascii")

    def alike(self, culture: str, word: str) -> Alike:
        """What a word may mean; it must have been learnt."""
        return self._known[culture, word]

    def find(self, hashes: Sequence[int]) -> NDArray[np.int32]:
        """The numbers of words by their hashes, -1 where a word is in no listed name."""
        known = self._arrays["word_hashes"]
        wanted = np.array(hashes, dtype=np.uint64)
        if not len(known):
            return np.full(len(wanted), -1, dtype=np.int32)
        places = np.searchsorted(known, wanted)
        places[places == len(known)] = 0
        found = known[places] == wanted
        return np.where(found, self._arrays["word_ids"][places], -1).astype(np.int32)

    def forget(self) -> None:
        """Let go of what was learnt; it is learnt again where it is asked for."""
        self._known.clear()

    def learn(self, wanted: set[tuple[str, str]]) -> None:
        """Find what words not met before may mean, all of one culture at once."""
        if len(self._known) > MEMORY:
            self._known.clear()
        new = [pair for pair in wanted if pair not in self._known]
        if "alike_starts" in self._arrays:
            new = self._recall(new)
        for culture in {culture for culture, _ in new}:
            words = [word for name, word in new if name == culture]
            if culture in self._fuzzy:
                self._learn_fuzzy(culture, words)
            else:
                for word in words:
                    self._remember(culture, word, self._by_key(culture, word))

    def _recall(self, wanted: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Take over what was learnt of listed words when the index was built; the rest is left."""
        starts = self._arrays["alike_starts"]
        left = []
        exact = self.find([word_hash(culture, word) for culture, word in wanted])
        for pair, number in zip(wanted, exact.tolist(), strict=True):
            start, end = starts[number : number + 2].tolist() if number >= 0 else (0, 0)
            if start == end:
                left.append(pair)
                continue
            columns = self._arrays["alike_words"][start:end]
            values = self._arrays["alike_values"][start:end]
            self._known[pair] = Alike.of(columns, values)
        return left

    def _by_key(self, culture: str, word: str) -> list[int]:
        """The word itself, the words with its key, and words of another sound that are it."""
        found: list[int] = self.find([word_hash(culture, word)]).tolist()
        if culture == SINO:
            found = [-1]  # Two Korean, or two Chinese, words are compared in their own culture.
        else:
            found += self._members(culture, CULTURES[culture].key(word))
        if others := CULTURES[culture].related(word):
            found += self.find([word_hash(culture, other) for other in others]).tolist()
        return found

    def _members(self, culture: str, key: str) -> list[int]:
        """The listed words with this key."""
        place = int(self.find([word_hash(culture + "#", key)])[0])
        if place < 0:
            return []
        start, end = self._arrays["key_starts"][place : place + 2].tolist()
        found: list[int] = self._arrays["key_words"][start:end].tolist()
        return found

    def _learn_fuzzy(self, culture: str, words: list[str]) -> None:
        arrays, related = self._arrays, CULTURES[culture].related
        exact = self.find([word_hash(culture, word) for word in words]).tolist()
        slips = find_near(arrays[f"{culture}_forms"], arrays[f"{culture}_owners"], words)
        for row, (word, near) in enumerate(
            zip(words, self._by_letters(culture, words), strict=True)
        ):
            chosen = [exact[row], *slips[row], *near]
            if others := related(word):
                chosen += self.find([word_hash(culture, other) for other in others]).tolist()
            if is_bare(word):
                chosen += self._members(culture, bare(word))
            elif word.isalpha():
                chosen += self._bare_ones(culture, word)
            self._remember(culture, word, chosen)

    def _bare_ones(self, culture: str, word: str) -> list[int]:
        """The listed words that are this one without its vowels, its last letter kept or not."""
        consonants = {bare(word), bare(word[:-1]) + word[-1]}
        found: list[int] = self.find([word_hash(culture, one) for one in consonants]).tolist()
        return found

    def _by_letters(self, culture: str, words: list[str]) -> Iterable[list[int]]:
        """For each word the listed words that share most of its letter groups."""
        weights = self._arrays[f"{culture}_gram_weights"]
        asked = Rows.of(weighted(gram_matrix(words), weights))
        found = near_products(asked, self._fuzzy[culture], NEAREST_COSINE)
        numbers = self._arrays[f"{culture}_ids"][found.columns].tolist()
        rows = np.repeat(np.arange(len(words)), np.diff(found.starts)).tolist()
        likeness = process.cpdist(
            [words[row] for row in rows],
            [self.word(number) for number in numbers],
            scorer=OSA.normalized_similarity,
        )
        near: list[list[int]] = [[] for _ in words]
        for place in np.flatnonzero(likeness >= LEAST_LIKENESS).tolist():
            near[rows[place]].append(numbers[place])
        return near

    def _remember(self, culture: str, word: str, numbers: Sequence[int]) -> None:
        """Keep the listed words that are alike enough, the most alike first.

        The first of `numbers` is that of the word itself, -1 where no listed name has it.
        """
        scored = [(1.0, numbers[0])] if numbers[0] >= 0 else []
        for number in dict.fromkeys(numbers[1:]):
            if number < 0 or number == numbers[0]:
                continue
            similarity = word_similarity(culture, word, self.word(number))
            if similarity >= SIMILARITY_FLOOR:
                scored.append((similarity, number))
        scored.sort(reverse=True)
        near = [number for _, number in scored]
        similarities = [similarity for similarity, _ in scored]
        join = int(self.find([word_hash(culture + "+", word)])[0])
        columns = np.array(near if join < 0 else [*near, join], dtype=np.int32)
        values = np.array(similarities if join < 0 else [*similarities, 1.0], dtype=np.float32)
        self._known[culture, word] = Alike.of(columns, values)


def learn_all(arrays: Arrays, words: Mapping[int, tuple[str, str]]) -> dict[str, NDArray[Any]]:
    """What each listed word may mean, learnt once when the index is built.

    Common words of any book are listed words too, and each process would learn them anew.
    """
    sizes = np.zeros(len(arrays["word_weights"]) + 1, dtype=np.int64)
    columns: list[NDArray[np.int32]] = []
    values: list[NDArray[np.float32]] = []
    ordered = sorted(words)
    for at in range(0, len(ordered), LEARNT_AT_ONCE):
        index = WordIndex(arrays)  # A new one each time, or it would remember them all.
        chunk = ordered[at : at + LEARNT_AT_ONCE]
        index.learn({words[number] for number in chunk})
        for number in chunk:
            found = index.alike(*words[number])
            sizes[number + 1] = len(found.columns)
            columns.append(found.columns)
            values.append(found.values)
    return {
        "alike_starts": np.cumsum(sizes),
        "alike_words": np.concatenate([*columns, np.zeros(0, dtype=np.int32)]),
        "alike_values": np.concatenate([*values, np.zeros(0, dtype=np.float32)]),
    }
