"""Where a command's lists come from: a snapshot, official files, or the store."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tumen.config import Settings
from tumen.errors import ListsMissingError, RequestError

if TYPE_CHECKING:
    from tumen.screening.run import Screens
    from tumen.screening.screener import Screener
    from tumen.screening.versions import UsedVersion


def open_screener(
    settings: Settings, *, snapshot: str = "", store_url: str = "", files: Sequence[Path] = ()
) -> Screener:
    """A screener over the one source that is named, by default over the store.

    The store's snapshot is kept in the data directory, one per store, and built anew when
    its list versions have changed. Raises ListsMissingError where there is nothing to open.
    """
    from tumen.cli.output import console
    from tumen.screening.progress import showing_indexing
    from tumen.screening.screener import Screener
    from tumen.screening.snapshots import snapshot_of
    from tumen.store import Store

    if sum(map(bool, (snapshot, store_url, files))) > 1:
        raise RequestError("Give one of --snapshot, --store and --list-file")
    if files:
        with console(is_error=True).status("Reading and indexing the official files …"):
            return Screener.from_files(files)
    if snapshot:
        return Screener.open(Path(snapshot))
    url = find_store(store_url, settings)
    with Store.open(url) as store:
        place = snapshot_place(settings, url)
        total = sum(version.entries for version in store.current_versions())
        with showing_indexing(console(is_error=True), total) as show:
            return Screener(snapshot_of(store, place, show))


def snapshot_place(settings: Settings, url: str) -> Path:
    """The folder of a store's snapshot; the folder above it is made."""
    settings.snapshots.mkdir(parents=True, exist_ok=True)
    return settings.snapshots / hashlib.sha256(url.encode()).hexdigest()[:12]


def state_notes_of(
    settings: Settings,
    versions: Sequence[UsedVersion],
    now: datetime,
    *,
    snapshot: str = "",
    store_url: str = "",
    files: Sequence[Path] = (),
) -> tuple[str, ...]:
    """What every answer says of lists that could not be renewed.

    Nothing where the lists come from a snapshot or from files: nobody watches those.
    """
    from tumen.lists.registry import published_lists
    from tumen.screening.versions import state_notes
    from tumen.store import Store

    if snapshot or files:
        return ()
    with Store.open(find_store(store_url, settings)) as store, store.reading() as work:
        states = work.list_states.all()
    limits = published_lists().stale_limits(version.list_id for version in versions)
    return state_notes(states, versions, now, limits)


def versions_of(screener: Screens) -> tuple[UsedVersion, ...]:
    """The list versions that a screener describes.

    Entities of which no list version is known are named by their lists, so that they can be
    screened against and every result says so.
    """
    from tumen.screening.screener import Screener
    from tumen.screening.versions import read_versions, versions_without_facts

    described = read_versions(screener.versions)
    if described or not isinstance(screener, Screener):
        return described
    snapshot = screener.snapshot
    return versions_without_facts(
        Counter(snapshot.listed(number).list_id for number in range(len(snapshot)))
    )


def find_store(given: str, settings: Settings) -> str:
    """The URL of a store given by URL or by the path of its SQLite file; else the settings'.

    Raises ListsMissingError for a path where there is no file: to make one there would hide
    a slip of the pen behind an empty store.
    """
    if not given:
        return settings.store_url
    if "://" in given:
        return given
    if not Path(given).is_file():
        raise ListsMissingError(f"There is no store at {given}")
    return f"sqlite:///{Path(given).absolute()}"
