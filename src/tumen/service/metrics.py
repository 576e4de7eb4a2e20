"""What is counted for Prometheus, over all workers where there are several."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from tumen.service.scopes import Scopes

CONTENT_TYPE = CONTENT_TYPE_LATEST
_REQUESTS = Counter("tumen_requests", "Requests answered", ["method", "route", "status"])
_SECONDS = Histogram(
    "tumen_request_seconds",
    "Time to answer a request",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_QUERIES = Counter("tumen_screened", "Parties screened", ["outcome"])
_SWAPS = Counter("tumen_index_swaps", "Times an index was swapped")
_READY = Gauge("tumen_ready", "Whether an index is loaded", multiprocess_mode="livemin")
_ENTITIES = Gauge("tumen_entities", "Entities in the index", multiprocess_mode="livemax")
_BUILT = Gauge("tumen_index_built_at", "When the index was built", multiprocess_mode="livemin")
_AGE = Gauge(
    "tumen_list_age_hours",
    "Hours since a list was retrieved",
    ["list"],
    multiprocess_mode="livemax",
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request."""
    _REQUESTS.labels(method, route, str(status)).inc()
    _SECONDS.labels(route).observe(seconds)


def count_screened(matched: int, clear: int, failed: int) -> None:
    """Count parties by what was found of them; those that could not be screened by themselves."""
    for outcome, count in (("match", matched), ("clear", clear), ("not_screened", failed)):
        if count:
            _QUERIES.labels(outcome).inc(count)


def note_swap(scopes: Scopes) -> None:
    """Say what is in the index now."""
    _SWAPS.inc()
    _READY.set(1)
    _ENTITIES.set(len(scopes.entities))
    _BUILT.set(scopes.built_at.timestamp())


def note_ages(ages: Mapping[str, float]) -> None:
    """Say how old each list is, in hours."""
    for name, hours in ages.items():
        _AGE.labels(name).set(hours)


def ages_of(scopes: Scopes, now: datetime) -> dict[str, float]:
    """Hours since each list was retrieved, where that is known."""
    found = {}
    for dataset in scopes.datasets.values():
        text = dataset.facts.get("retrieved_at") or dataset.facts.get("last_export")
        if text:
            at = datetime.fromisoformat(text)
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
            found[dataset.name] = round((now - at).total_seconds() / 3600, 1)
    return found


def exposition(folder: str) -> bytes:
    """All counts as Prometheus reads them; of all workers where they share a folder.

    They do where PROMETHEUS_MULTIPROC_DIR names it before anything here is imported.
    """
    if not folder:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
