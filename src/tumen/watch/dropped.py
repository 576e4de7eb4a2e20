"""Reading a drop folder: each version in it is checked and loaded as a fetched one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tumen.errors import RequestError, SourceError
from tumen.lists.bundle import Bundle, content_hash
from tumen.lists.recognise import Recognition, recognise
from tumen.watch.drop import DONE, REFUSED, SETTLE_SECONDS, move_to, settled
from tumen.watch.put_aside import bytes_hash
from tumen.watch.sources import (
    INGEST,
    PUT_ASIDE,
    UNCHANGED,
    Refused,
    files_of,
    load,
    put_away,
    taken_over,
)
from tumen.watch.steps import Detail, Found, Run


@dataclass(frozen=True, slots=True)
class Drop:
    """A drop folder. With `is_left` the files in it stay where they are."""

    folder: Path
    is_left: bool = False
    settle_seconds: float = SETTLE_SECONDS


def load_dropped(run: Run, drop: Drop, aside: Path) -> list[Path]:
    """Load what lies in a drop folder; returns the files that are still being written.

    Raises RequestError where the folder is not there or files cannot be moved in it.
    """
    run.tell(f"{drop.folder}: looking for files")
    whole, unfinished = settled(drop.folder, settle_seconds=drop.settle_seconds)
    found = recognise(whole, run.registry)
    for bundle in found.bundles:
        _load_one(run, drop, bundle, found, aside)
    for path, problem in _odd(whole, found).items():
        _refuse_odd(run, drop, path, problem, aside)
    return unfinished


def _load_one(run: Run, drop: Drop, bundle: Bundle, found: Recognition, aside: Path) -> None:
    paths = files_of(bundle)
    key = f"{bundle.place}@{bytes_hash(paths)[:12]}"
    detail = run.once(INGEST, key, partial(_load, run, drop, bundle, aside))
    # An archive stays until its last version is read.
    last = {path: one for one in found.bundles for path in files_of(one)}
    _move(run, drop, [path for path in paths if last[path] == bundle], detail)


def _load(run: Run, drop: Drop, bundle: Bundle, aside: Path) -> Found:
    run.tell(f"{bundle.place}: checking and loading")
    if drop.is_left and (known := _past(run, bundle)):
        return known
    outcome = load(run, bundle)
    if outcome.is_refused:
        refused = Refused(outcome.list_id, files_of(bundle), outcome.message, outcome.checks)
        return put_away(run, refused, aside)
    return taken_over(run, [outcome])


def _past(run: Run, bundle: Bundle) -> Found | None:
    """Of a folder that is left as it is, versions that were loaded before are no news."""
    try:
        digest = content_hash(bundle.read())
    except SourceError:
        return None
    version = run.store.version(f"{bundle.list_id}@{digest[:12]}")
    current = run.store.current_version(bundle.list_id)
    if version is None or version == current:
        return None
    text = f"{version.version_id} was loaded before"
    return Found(
        {
            "list_id": bundle.list_id,
            "status": UNCHANGED,
            "message": text,
            "version_id": current.version_id if current else None,
        }
    )


def _odd(whole: Sequence[Path], found: Recognition) -> dict[Path, str]:
    """Files that hold no version of any list, each with the reason."""
    useful = {path for bundle in found.bundles for path in files_of(bundle)}
    odd: dict[Path, str] = {}
    for path in whole:
        if path not in useful:
            said = [
                one.problem for one in found.unrecognised if Path(one.place).is_relative_to(path)
            ]
            odd[path] = "; ".join(said) or f"{path}: no list that tumen reads"
    return odd


def _refuse_odd(run: Run, drop: Drop, path: Path, problem: str, aside: Path) -> None:
    key = f"{path}@{bytes_hash([path])[:12]}"
    refused = Refused("", (path,), problem)
    detail = run.once(INGEST, key, partial(put_away, run, refused, aside))
    _move(run, drop, [path], detail)


def _move(run: Run, drop: Drop, paths: Sequence[Path], detail: Detail) -> None:
    if drop.is_left:
        return
    run.checkpoint(f"{INGEST}: before the move")
    try:
        move_to(drop.folder, REFUSED if detail["status"] == PUT_ASIDE else DONE, list(paths))
    except OSError as error:
        raise RequestError(
            f"Files in {drop.folder} cannot be moved: {error}. "
            "Let this user write there, or leave the files where they are: --leave"
        ) from error
    run.checkpoint(f"{INGEST}: moved")
