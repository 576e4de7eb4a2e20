"""The inverse index: from a listed entry to the parties of a book that may have it as candidate.

It holds the words of the parties as a `NameIndex` holds those of the lists, under the same word
statistics, and does the same arithmetic from the other side: who is not found here is no
candidate there. So a change of a few entries touches a few parties and not the whole book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from tumen.errors import ListsMissingError
from tumen.matching.alike import WordIndex, word_hash
from tumen.matching.asked import asked_matrix, with_initials
from tumen.matching.basis import Basis
from tumen.matching.build import IndexBuilder, listed_joins
from tumen.matching.index import NEAREST_COSINE
from tumen.matching.names import absence_cost
from tumen.matching.product import Rows, near_products
from tumen.matching.rarity import Rarity
from tumen.matching.rough import Query, Row, rough_score
from tumen.matching.snapshot import FORMAT
from tumen.matching.stored import map_arrays, write_whole
from tumen.names.name import Reading

_META, _IDS = "meta.json", "party_ids.json"
# The sums are taken in another order than from the other side.
_COSINE_SLACK, _ROUGH_SLACK = 0.01, 0.001
Identifier = tuple[str, str]


class IndexedParty(NamedTuple):
    """What the index keeps of a party: its names as they are asked for, and its identifiers."""

    party_id: str
    readings: Sequence[Reading]
    identifiers: frozenset[Identifier]


class PartyIndex:
    """Some or all parties of a book, found by listed names and by identifiers. Read-only."""

    def __init__(
        self,
        meta: Mapping[str, Any],
        arrays: Mapping[str, NDArray[Any]],
        party_ids: Sequence[str],
        rarity: Rarity,
    ) -> None:
        self.meta = meta
        self.party_ids = party_ids
        self._arrays = arrays
        self._rarity = rarity
        self._words = WordIndex(arrays)
        names = (f"postings_{part}" for part in ("indptr", "indices", "data"))
        starts, columns, values = (arrays[name] for name in names)
        self._postings = Rows(starts, columns, values, len(arrays["row_entities"]))

    def __len__(self) -> int:
        return len(self.party_ids)

    @classmethod
    def build(
        cls, parties: Iterable[IndexedParty], basis: Basis, meta: Mapping[str, Any] | None = None
    ) -> PartyIndex:
        """Index parties with the word statistics of the snapshot they are screened against."""
        builder = IndexBuilder(_party_joins)
        party_ids: list[str] = []
        identifiers: list[tuple[int, int]] = []
        for number, party in enumerate(parties):
            party_ids.append(party.party_id)
            identifiers += [(word_hash(*one), number) for one in party.identifiers]
            for reading in party.readings:
                builder.add(number, reading)
        rarity = Rarity(basis.shares)
        arrays = builder.finish(rarity, basis.gram_weights, learns=False)
        identifiers.sort()
        arrays["identifier_hashes"] = np.array([h for h, _ in identifiers], dtype=np.uint64)
        arrays["identifier_parties"] = np.array([n for _, n in identifiers], dtype=np.int32)
        whole = {"format": FORMAT, "basis": basis.basis_hash, **(meta or {})}
        return cls(whole, arrays, party_ids, rarity)

    def save(self, folder: Path) -> None:
        """Write to `folder` so that it appears whole or not at all."""
        files = {_META: orjson.dumps(self.meta), _IDS: orjson.dumps(self.party_ids)}
        write_whole(folder, self._arrays, files)

    @classmethod
    def open(cls, folder: Path, basis: Basis) -> PartyIndex:
        """Map a saved index into memory; `basis` must be the one it was built with.

        Raises ListsMissingError where there is none, or one of another format or basis.
        """
        try:
            meta = orjson.loads((folder / _META).read_bytes())
            party_ids = orjson.loads((folder / _IDS).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            raise ListsMissingError(f"{folder}: no index of parties") from None
        if meta.get("format") != FORMAT or meta.get("basis") != basis.basis_hash:
            raise ListsMissingError(f"{folder}: made with other word statistics. Build it again")
        return cls(meta, map_arrays(folder), party_ids, Rarity(basis.shares))

    def bearers(self, identifiers: Iterable[Identifier]) -> set[str]:
        """The parties that bear any of these identifiers."""
        hashes = self._arrays["identifier_hashes"]
        wanted = np.array([word_hash(*one) for one in identifiers], dtype=np.uint64)
        starts = np.searchsorted(hashes, wanted, side="left").tolist()
        ends = np.searchsorted(hashes, wanted, side="right").tolist()
        owners = self._arrays["identifier_parties"]
        return {
            self.party_ids[number]
            for start, end in zip(starts, ends, strict=True)
            for number in owners[start:end].tolist()
        }

    def near(self, readings: Sequence[Reading], least: float) -> set[str]:
        """All parties that have an entity with such a name as candidate, from this rough score."""
        if not readings or not len(self._postings.columns):
            return set()
        self._words.learn({(one.culture, word) for one in readings for word in one.words})
        weights = [self._weights(reading) for reading in readings]
        asked = asked_matrix(self._words, readings, weights, _entry_joins)
        found = near_products(asked, self._postings, NEAREST_COSINE - _COSINE_SLACK)
        owners = self._arrays["row_entities"]
        near: set[int] = set()
        starts, rows = found.starts.tolist(), found.columns.tolist()
        for i, reading in enumerate(readings):
            met = rows[starts[i] : starts[i + 1]]
            if met:
                culture = reading.culture
                meanings = [self._words.alike(culture, word).meaning for word in reading.words]
                for row, owner in zip(met, owners[met].tolist(), strict=True):
                    if (
                        owner not in near
                        and self._rough(reading, weights[i], meanings, row) >= least - _ROUGH_SLACK
                    ):
                        near.add(owner)
        return {self.party_ids[number] for number in near}

    def _weights(self, reading: Reading) -> list[float]:
        pairs = zip(reading.words, reading.weights, strict=True)
        return [weight * self._rarity.weight(reading.culture, word) for word, weight in pairs]

    def _rough(
        self,
        reading: Reading,
        weights: Sequence[float],
        meanings: Sequence[Mapping[int, float]],
        row: int,
    ) -> float:
        """The rough score as the party asks for it: its words against the entry's by place."""
        start, end = self._arrays["row_starts"][row : row + 2].tolist()
        numbers = self._arrays["row_words"][start:end].tolist()
        turned = [
            {place: meaning[number] for place, meaning in enumerate(meanings) if number in meaning}
            for number in numbers
        ]
        words = [self._words.word(number) for number in numbers]
        own = self._arrays["row_weights"][start:end].tolist()
        query = Query(words, own, turned, absence_cost(reading.culture))
        return rough_score(query, Row(range(len(weights)), weights), reading.words.__getitem__)


def _party_joins(reading: Reading) -> Iterator[tuple[str, int]]:
    """The joins that a party asks by (see `asked_joins`), each as telling as the whole name."""
    whole = len(reading.words)
    for one, other in pairwise(reading.words):
        yield one + other, whole
    for text in with_initials(reading):
        yield text, whole


def _entry_joins(reading: Reading, _weights: Sequence[float]) -> Iterator[tuple[str, float]]:
    """The joins that a listed name is found by, each as telling as the whole name."""
    for text, _ in listed_joins(reading):
        yield text, 1.0
