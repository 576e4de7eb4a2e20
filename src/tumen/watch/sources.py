"""Renewing lists: fetched from their publishers or taken from a drop folder, checked, loaded.

What may not be taken over is put aside and the good version stays. A list that cannot be had
is never taken for an empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from tumen.errors import SourceError
from tumen.lists.bundle import Bundle
from tumen.lists.check import LoadOptions
from tumen.lists.ingest import Outcome, OutcomeStatus, check_to_dict, ingest
from tumen.lists.recognise import Recognition, recognise
from tumen.lists.registry import ListInfo
from tumen.model.listing import Check
from tumen.model.watching import ListHealth
from tumen.store.quarantine import Quarantined
from tumen.store.work import Work
from tumen.watch.events import list_quarantined, list_unreachable
from tumen.watch.put_aside import bytes_hash, put_aside
from tumen.watch.quarantine import DISCARDED
from tumen.watch.states import not_renewed, renewed
from tumen.watch.steps import Found, Run

FETCH, INGEST = "fetch", "ingest"
NEW, UNCHANGED, PUT_ASIDE, UNREACHABLE = "new version", "unchanged", "put aside", "unreachable"
# Fetches the files of a list; raises SourceError where they cannot be had whole.
Fetch = Callable[[ListInfo], Sequence[Path]]


@dataclass(frozen=True, slots=True)
class Refused:
    """Files that may not be taken over, and why. `list_id` is empty where no list is known."""

    list_id: str
    paths: tuple[Path, ...]
    reason: str
    checks: tuple[Check, ...] = ()


def fetch_and_load(run: Run, info: ListInfo, fetch: Fetch, aside: Path) -> None:
    """Renew one list from its publisher."""
    fetched = run.once(FETCH, info.id, partial(_fetch, run, info, fetch))
    if fetched["status"] != UNREACHABLE:
        paths = [Path(path) for path in fetched["paths"]]
        run.once(INGEST, info.id, partial(_load_fetched, run, info, paths, aside))


def _fetch(run: Run, info: ListInfo, fetch: Fetch) -> Found:
    run.tell(f"{info.id}: fetching")
    try:
        paths = fetch(info)
    except (SourceError, OSError) as error:
        return _unreachable(run, info.id, _said(error, info.id))
    detail = {"list_id": info.id, "status": "fetched", "paths": [str(path) for path in paths]}
    return Found(detail)


def _said(error: SourceError | OSError, list_id: str) -> str:
    if isinstance(error, SourceError):
        return str(error)
    return f"The files of {list_id} cannot be written: {error}. See to the data directory"


def _unreachable(run: Run, list_id: str, message: str) -> Found:
    current = run.store.current_version(list_id)
    with run.store.reading() as work:
        before = work.list_states.get(list_id)
    state = not_renewed(ListHealth.UNREACHABLE, list_id, message, run.clock(), before, current)
    detail = {
        "list_id": list_id,
        "status": UNREACHABLE,
        "message": message,
        "version_id": current.version_id if current else None,
    }
    return Found(detail, [list_unreachable(state, current)], [state])


def _load_fetched(run: Run, info: ListInfo, paths: list[Path], aside: Path) -> Found:
    """Load what was fetched: it is this list's, or it is put aside."""
    run.tell(f"{info.id}: checking and loading")
    found = recognise(paths, run.registry)
    outcomes = [
        (bundle, load(run, bundle)) for bundle in found.bundles if bundle.list_id == info.id
    ]
    for bundle, outcome in outcomes:
        if outcome.is_refused:
            refused = Refused(info.id, files_of(bundle), outcome.message, outcome.checks)
            return put_away(run, refused, aside)
    if not outcomes:
        return put_away(run, Refused(info.id, tuple(paths), _strange(found, info)), aside)
    return taken_over(run, [outcome for _, outcome in outcomes])


def load(run: Run, bundle: Bundle) -> Outcome:
    """Check one bundle and load it, with the points of the run."""
    now = run.clock()
    return ingest(bundle, run.registry, run.store, LoadOptions(), now, checkpoint=run.checkpoint)


def taken_over(run: Run, outcomes: Sequence[Outcome]) -> Found:
    """After bundles of one list were loaded, or were known already."""
    last = outcomes[-1]
    assert last.version is not None
    is_new = any(outcome.status is not OutcomeStatus.ALREADY_LOADED for outcome in outcomes)
    detail = {
        "list_id": last.version.list_id,
        "status": NEW if is_new else UNCHANGED,
        "message": last.message,
        "version_id": last.version.version_id,
    }
    return Found(detail, states=[renewed(last.version.list_id, run.clock())])


def put_away(run: Run, refused: Refused, aside: Path) -> Found:
    """Keep refused files where a person can look at them; the good version stays.

    Bytes that were put aside before are no news, also where a person has discarded them.
    """
    digest = bytes_hash(refused.paths)
    place = put_aside(aside, refused.list_id, refused.paths, digest)
    run.checkpoint(f"{INGEST}: put aside")
    current = run.store.current_version(refused.list_id) if refused.list_id else None
    with run.store.reading() as work:
        before = work.list_states.get(refused.list_id)
        earlier = _earlier(work, refused.list_id, digest)
    health, now = ListHealth.QUARANTINED, run.clock()
    state = not_renewed(health, refused.list_id, refused.reason, now, before, current)
    detail = {
        "list_id": refused.list_id,
        "status": PUT_ASIDE,
        "message": refused.reason,
        "version_id": current.version_id if current else None,
        "place": str(place),
    }
    states = [state] if refused.list_id else []
    if any(not one.resolved_at or one.note.startswith(DISCARDED) for one in earlier):
        return Found(detail, states=states)
    thing = refused.list_id or place.name
    return Found(
        detail,
        [list_quarantined(state, (digest, len(earlier)), str(place), current)],
        states,
        [run.entry("list file put aside", thing, {"sha256": digest}, reason=refused.reason)],
        partial(_record, refused=refused, at=now, digest=digest, place=place),
    )


def _earlier(work: Work, list_id: str, digest: str) -> list[Quarantined]:
    """What became of the same bytes before."""
    every = work.quarantine.all(open_only=False)
    return [one for one in every if (one.list_id, one.content_hash) == (list_id, digest)]


def _record(work: Work, *, refused: Refused, at: datetime, digest: str, place: Path) -> None:
    checks = [check_to_dict(check) for check in refused.checks]
    work.quarantine.add(refused.list_id, at, digest, str(place), refused.reason, checks)


def files_of(bundle: Bundle) -> tuple[Path, ...]:
    """The files on disk that a bundle is in, each once."""
    return tuple(dict.fromkeys(file.path for file in bundle.files))


def _strange(found: Recognition, info: ListInfo) -> str:
    """Why nothing that was fetched is a version of the list."""
    others = [f"{one.place} is {one.list_id}, not {info.id}" for one in found.bundles]
    problems = [one.problem for one in found.unrecognised]
    return "; ".join([*others, *problems]) or f"There is no file of {info.id}"
