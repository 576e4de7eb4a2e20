"""The public sanctions-screening-benchmark over OFAC's individuals, class by class."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ssb import benchmark, sources

from bench.data import DATA, found
from bench.lists import OFAC_SDN

THRESHOLD, LIMIT, SEEDS = 0.70, 60, range(5)
# Scores two names of persons; what it remembers of them is its own affair.
NameScore = Callable[[str, str], float]


class Outcome(NamedTuple):
    """Cases and right answers by class, and the negative cases with the false hits on them."""

    cases: Counter[str]
    right: Counter[str]
    negatives: int
    false_hits: int

    @property
    def recall(self) -> float:
        """Share of altered names whose bearer came first, at or above the threshold."""
        return self.right.total() / self.cases.total()

    @property
    def false_rate(self) -> float:
        """Share of names of nobody that raised a hit."""
        return self.false_hits / self.negatives

    def class_recall(self, name: str) -> float:
        """The recall of one class of alterations."""
        return self.right[name] / self.cases[name]


def run(score: NameScore, seeds: Iterable[int] = SEEDS) -> Outcome:
    """Judge every case as the benchmark's own `score` does, and add the seeds up."""
    snapshot = _snapshot()
    cases: Counter[str] = Counter()
    right: Counter[str] = Counter()
    negatives = false_hits = 0
    for seed in seeds:
        built = benchmark.build(snapshot, limit=LIMIT, seed=seed)
        for case in built.cases:
            best, best_id = _best(score, case.query, built.candidates)
            if case.expected_entity_id is None:
                negatives += 1
                false_hits += best >= THRESHOLD
            else:
                cases[case.perturbation] += 1
                right[case.perturbation] += best >= THRESHOLD and best_id == case.expected_entity_id
    return Outcome(cases, right, negatives, false_hits)


def _best(score: NameScore, query: str, candidates: dict[str, list[str]]) -> tuple[float, str]:
    best, best_id = 0.0, ""
    for entity_id, names in candidates.items():
        for name in names:
            value = score(query, name)
            if value > best:
                best, best_id = value, entity_id
    return best, best_id


def _snapshot() -> Any:
    folder = DATA / OFAC_SDN
    entities = sources._parse_sdn(_text(folder / "sdn.csv.gz"))
    sources._parse_alt(_text(folder / "alt.csv.gz"), entities)
    return sources.ListSnapshot("ofac_sdn", "2023-12-28", list(entities.values()))


def _text(path: Any) -> str:
    """An OFAC file as text; it ends with DOS's end-of-file sign."""
    with gzip.open(found(path), "rt", encoding="latin-1", newline="") as lines:
        return lines.read().rstrip("\x1a")
