"""The 50 listed entities that are nearest to a subject, for the peer to score.

yente asks a search engine for them. Here our own index says which are nearest, with far lower
bounds than we use ourselves, and letter groups fill up what it leaves open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from unittest.mock import patch

from anyascii import anyascii
from sparse_dot_topn import sp_matmul_topn

from bench.data import Entity
from tumen.matching import index
from tumen.matching.facts import facts_of
from tumen.matching.grams import gram_matrix, gram_weights, weighted
from tumen.matching.product import Rows, best_products
from tumen.matching.snapshot import Snapshot
from tumen.model.entity import Entity as Listed
from tumen.names.name import read_name
from tumen.scale import in_chunks

CANDIDATES = 50
# The index tells what is near, not how near: what is among fewer comes first.
_DEPTHS, _COSINE = (10, 50, 400), 0.1


class Candidates:
    """Finds the nearest entities of a snapshot, always as many as asked for if it has them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._index = snapshot.index
        captions = [snapshot.listed(number).entity.caption for number in range(len(snapshot))]
        matrix = gram_matrix(_plain(captions))
        self._weights = gram_weights(matrix)
        self._grams = weighted(matrix, self._weights).T.tocsr()

    def nearest(self, subjects: Sequence[Entity]) -> Iterator[list[int]]:
        """For each subject the numbers of its candidates, roughly the nearest first."""
        for chunk in in_chunks(subjects, 512):
            for found, filler in zip(self._by_index(chunk), self._by_letters(chunk), strict=True):
                numbers = dict.fromkeys(chain(found, filler))
                yield list(islice(numbers, CANDIDATES))

    def _by_index(self, chunk: Sequence[Entity]) -> list[dict[int, None]]:
        readings = []
        for subject in chunk:
            facts = facts_of(Listed.from_mapping(subject))
            readings.append([r for text, _ in facts.names for r in read_name(text, facts.bearer)])
        found: list[dict[int, None]] = [{} for _ in chunk]
        for depth in _DEPTHS:
            nearest = partial(_nearest, depth)
            with patch.multiple(index, near_products=nearest, NAMES_EACH=1):
                for one in self._index.candidates(readings, least=0.0):
                    found[one.subject][one.entity] = None
        return found

    def _by_letters(self, chunk: Sequence[Entity]) -> list[list[int]]:
        names = _plain(subject["properties"]["name"][0] for subject in chunk)
        asked = weighted(gram_matrix(names), self._weights)
        found = sp_matmul_topn(asked, self._grams, top_n=CANDIDATES, sort=True)
        places = found.indptr.tolist()
        numbers = found.indices.tolist()
        return [numbers[places[i] : places[i + 1]] for i in range(len(chunk))]


def _nearest(depth: int, left: Rows, right: Rows, _least: float) -> Rows:
    return best_products(left, right, depth, _COSINE)


def _plain(names: Iterable[str]) -> list[str]:
    return [anyascii(name).lower() for name in names]
