"""Where a command's lists come from: a snapshot, official files, or the store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tumen.config import Settings
from tumen.errors import RequestError

if TYPE_CHECKING:
    from tumen.screening.screener import Screener


def open_screener(
    settings: Settings, *, snapshot: str = "", store_url: str = "", files: Sequence[Path] = ()
) -> Screener:
    """A screener over the one source that is named, by default over the store.

    The store's snapshot is kept in the data directory, one per store, and built anew when
    its list versions have changed. Raises ListsMissingError where there is nothing to open.
    """
    from tumen.screening.screener import Screener
    from tumen.screening.snapshots import snapshot_of
    from tumen.store import Store

    if sum(map(bool, (snapshot, store_url, files))) > 1:
        raise RequestError("Give one of --snapshot, --store and --list-file")
    if files:
        return Screener.from_files(files)
    if snapshot:
        return Screener.open(Path(snapshot))
    url = store_url or settings.store_url
    with Store.open(url) as store:
        mark = hashlib.sha256(url.encode()).hexdigest()[:12]
        settings.snapshots.mkdir(parents=True, exist_ok=True)
        return Screener(snapshot_of(store, settings.snapshots / mark))
