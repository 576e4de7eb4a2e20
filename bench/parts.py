"""The parts of the benchmark: each measures both engines and hands back one table."""

from __future__ import annotations

from collections.abc import Callable

from bench import accuracy, rescreen, serving, speed, store
from bench.report import Section
from bench.run import Run

PARTS: dict[str, Callable[[Run], Section]] = {
    "pairs": accuracy.labelled_pairs,
    "people": accuracy.listed_and_ordinary,
    "ssb": accuracy.screening_benchmark,
    "throughput": speed.throughput,
    "million": speed.million_names,
    "single": speed.one_party,
    "loading": speed.loading,
    "keeping": store.keeping,
    "serving": serving.serving,
    "rescreen": rescreen.every_step,
    "parties": rescreen.million_parties,
}
