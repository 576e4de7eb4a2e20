"""Differences between any two versions of a list, kept once somebody has asked for them.

Versions never change, so what differs between two is found once: comparing two states of a long
list entry by entry takes seconds.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from secrets import token_hex
from threading import Lock

from tumen import __version__
from tumen.errors import RequestError
from tumen.model.delta import Delta
from tumen.store import Store
from tumen.store.codec import Codec
from tumen.watch.delta import delta_between

_DELTA = Codec(Delta)
# A long one takes 20 MB of memory, and 6 MB on disk.
_MOST, _MOST_FILES = 4, 40
# Up to so many entries are compared while somebody waits: a tenth of a second.
QUICK = 250


class KeptDeltas:
    """The deltas that were asked for last: in memory, and in a folder that workers share."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Delta] = OrderedDict()
        self._lock = Lock()

    def get(self, store: Store, folder: Path, before_id: str, after_id: str) -> Delta | None:
        """The delta where it is kept or quickly found; None where it takes its time."""
        with self._lock:
            if (before_id, after_id) in self._kept:
                self._kept.move_to_end((before_id, after_id))
                return self._kept[before_id, after_id]
        with store.reading() as work:
            found = work.deltas.get(before_id, after_id)
        found = found or _read(_place(folder, before_id, after_id))
        if found is None and _is_quick(store, before_id, after_id):
            found = delta_between(store, before_id, after_id)
        return self._note(found) if found else None

    def find(self, store: Store, folder: Path, before_id: str, after_id: str) -> Delta:
        """The delta, however long it takes; kept for all workers."""
        found = delta_between(store, before_id, after_id)
        place = _place(folder, before_id, after_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(f".{token_hex(4)}.part")
        part.write_text(_DELTA.json(found), "utf-8")
        part.replace(place)
        _forget_old(place.parent)
        return self._note(found)

    def _note(self, delta: Delta) -> Delta:
        with self._lock:
            self._kept[delta.before_id, delta.after_id] = delta
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return delta


def _is_quick(store: Store, before_id: str, after_id: str) -> bool:
    """Whether few entries differ. Raises RequestError where a version is not stored."""
    old, new = store.entry_hashes(before_id), store.entry_hashes(after_id)
    return len(old.items() ^ new.items()) <= QUICK


def _place(folder: Path, before_id: str, after_id: str) -> Path:
    # Another release may tell other things apart.
    name = "_".join((before_id, after_id.partition("@")[2], __version__))
    if "/" in name or name.startswith("."):
        raise RequestError(f"{before_id!r} is no version of a list")
    return folder / f"{name}.json"


def _read(place: Path) -> Delta | None:
    try:
        return _DELTA.of_json(place.read_text("utf-8"))
    except FileNotFoundError:
        return None


def _forget_old(folder: Path) -> None:
    every = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in every[:-_MOST_FILES]:
        path.unlink(missing_ok=True)
