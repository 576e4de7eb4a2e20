"""Screens with logic-v2 the way yente does: the 50 best candidates of an index, each scored.

The time that finding the candidates takes is not counted.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from followthemoney.proxy import EntityProxy

from bench import peer
from bench.data import Entity
from bench.peer_candidates import Candidates
from tumen.matching.snapshot import Snapshot
from tumen.scale import in_chunks, run_chunks

THRESHOLD = 0.70
_CHUNK = 50
Work = tuple[Entity, list[int]]


class Judged(NamedTuple):
    """For each subject of a chunk the ids it hits; when it was begun and done, and CPU seconds."""

    hits: list[list[str]]
    started: float
    ended: float
    used: float


class PeerRun(NamedTuple):
    """Hits by subject, subjects a second over the time that all processes took, and the share
    of the processors that they had of it.
    """

    hits: list[list[str]]
    rate: float
    had: float


def screen(folder: Path, subjects: Sequence[Entity], workers: int) -> PeerRun:
    """Score each subject's 50 nearest listed entities, in `workers` processes."""
    nearest = list(Candidates(Snapshot.open(folder)).nearest(subjects))
    work = zip(subjects, nearest, strict=True)
    judge = partial(_judge, str(folder))
    setup = partial(_warm_up, str(folder))
    chunks = in_chunks(work, _CHUNK)
    judged = list(run_chunks(judge, chunks, workers=workers, setup=setup))
    seconds = max(one.ended for one in judged) - min(one.started for one in judged)
    had = sum(one.used for one in judged) / (workers * seconds)
    return PeerRun([hits for one in judged for hits in one.hits], len(subjects) / seconds, had)


def _judge(folder: str, chunk: Sequence[Work]) -> Judged:
    started, used = time.monotonic(), time.process_time()
    hits = []
    for subject, numbers in chunk:
        asked = peer.proxy(subject, subject["id"])
        listed = [_listed(folder, number) for number in numbers]
        hits.append([one.id for one in listed if peer.compare(asked, one) >= THRESHOLD])
    return Judged(hits, started, time.monotonic(), time.process_time() - used)


@cache
def _snapshot(folder: str) -> Snapshot:
    return Snapshot.open(Path(folder))


@cache
def _listed(folder: str, number: int) -> EntityProxy:
    entity = _snapshot(folder).listed(number).entity
    return peer.proxy(entity.to_dict(), entity.entity_id)


def _warm_up(folder: str) -> None:
    """Let it load its tables of names, which takes seconds once."""
    person = {"schema": "Person", "properties": {"name": ["Ivan Petrov"]}}
    peer.compare(peer.proxy(person, "warm-up"), _listed(folder, 0))
