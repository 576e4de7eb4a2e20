"""What a person decides about a file that was put aside: taken over all the same, or discarded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tumen.errors import RequestError
from tumen.lists.check import LoadOptions
from tumen.lists.ingest import Outcome, ingest
from tumen.lists.recognise import recognise
from tumen.lists.registry import Registry
from tumen.model.audit import AuditEntry
from tumen.store import Store
from tumen.store.quarantine import Quarantined
from tumen.store.work import Work
from tumen.watch.put_aside import bytes_hash
from tumen.watch.states import renewed

DISCARDED = "discarded by "
# What a person may overrule; a file that cannot be read whole stays refused.
_OVERRULED = LoadOptions(accept_shrunken=True, accept_older=True)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who decides, why, and when."""

    by: str
    why: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.why.strip():
            raise RequestError("Say why: a decision without a reason cannot be followed later")


def accept(store: Store, registry: Registry, quarantine_id: str, ruling: Ruling) -> Outcome:
    """Load a file that was put aside, although it lost entries or goes back in date.

    The next run screens the books against it. Raises RequestError where the file cannot be
    read whole, is no longer the one that was put aside, or nothing is open under that id.
    """
    kept = _open(store, quarantine_id)
    outcome = _load(store, registry, kept, ruling.at)
    assert outcome.version is not None
    with store.writing() as work:
        work.list_states.set(renewed(outcome.version.list_id, kept.quarantined_at))
        _resolve(work, kept, "accepted by ", ruling, outcome.version.version_id)
    return outcome


def discard(store: Store, quarantine_id: str, ruling: Ruling) -> Quarantined:
    """Leave a file where it is and hear no more of it; the same bytes raise no new alarm.

    Raises RequestError where nothing is open under that id.
    """
    kept = _open(store, quarantine_id)
    with store.writing() as work:
        _resolve(work, kept, DISCARDED, ruling, kept.content_hash)
    return kept


def _open(store: Store, quarantine_id: str) -> Quarantined:
    with store.reading() as work:
        found = {one.quarantine_id: one for one in work.quarantine.all()}
    if quarantine_id not in found:
        known = ", ".join(found) or "none"
        raise RequestError(f"There is no open quarantine {quarantine_id!r}. Open are: {known}")
    return found[quarantine_id]


def _load(store: Store, registry: Registry, kept: Quarantined, at: datetime) -> Outcome:
    folder = Path(kept.place)
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    if not paths or bytes_hash(paths) != kept.content_hash:
        raise RequestError(f"{folder}: these are not the files that were put aside any more")
    bundles = [
        one
        for one in recognise(paths, registry).bundles
        if one.list_id == kept.list_id or registry.get(one.list_id).holds_any_list
    ]
    outcomes = [ingest(one, registry, store, _OVERRULED, at) for one in bundles]
    refused = [one.message for one in outcomes if one.is_refused]
    if refused or not outcomes:
        reason = "; ".join(refused) or kept.reason
        raise RequestError(
            f"{kept.quarantine_id} cannot be taken over: {reason}. "
            f"Discard it: tumen watch quarantine discard {kept.quarantine_id}"
        )
    return outcomes[-1]


def _resolve(work: Work, kept: Quarantined, verb: str, ruling: Ruling, after: str) -> None:
    work.quarantine.resolve(kept.quarantine_id, ruling.at, f"{verb}{ruling.by}: {ruling.why}")
    work.audit.append(
        AuditEntry(
            occurred_at=ruling.at,
            actor=ruling.by,
            action=f"quarantine {verb.removesuffix(' by ')}",
            object=kept.quarantine_id,
            reason=ruling.why,
            after=after,
            details={"list_id": kept.list_id, "sha256": kept.content_hash, "place": kept.place},
        )
    )
