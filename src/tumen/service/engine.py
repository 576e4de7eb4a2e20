"""Which generation is current: found at the start, built when the sources change, swapped whole."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tumen.errors import ListsMissingError
from tumen.service.building import Plan, write_generation
from tumen.service.scopes import Scopes

_CURRENT = "current"
# Beside the generations: what sources keep of their own.
DATA = "data"
Planner = Callable[[], Plan | None]


class NotReadyError(ListsMissingError):
    """No list version is loaded yet."""


class Engine:
    """Holds the current `Scopes`; a request takes them once and keeps them to its end.

    Workers share `folder`: one of them builds a generation there, all adopt it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._current: Scopes | None = None
        self._lock = threading.Lock()

    def current(self) -> Scopes:
        """The view that is current now. Raises NotReadyError while there is none."""
        current = self._current
        if current is None:
            raise NotReadyError("Index not ready.")
        return current

    @property
    def is_ready(self) -> bool:
        """Whether any request can be answered."""
        return self._current is not None

    def adopt(self) -> bool:
        """Take over the generation that the folder names as current; whether it was another."""
        with self._lock:
            name = _named(self.folder)
            while name and not (self._current and self._current.generation_id == name):
                try:
                    self._current = Scopes.open(self.folder / name)
                    return True
                except (ListsMissingError, FileNotFoundError):
                    # Two builds have passed between reading the name and opening the files.
                    before, name = name, _named(self.folder)
                    if name == before:
                        raise
            return False

    def close(self) -> None:
        """Let go of the current view."""
        self._current = None


def build(folder: Path, planner: Planner, now: datetime, *, is_forced: bool = False) -> bool:
    """Build what is planned and name it current, if it is not already; whether it was built.

    Safe to call from several processes: one builds, the others wait for it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "building.lock"):
        plan = planner()
        if plan is None:
            return False
        named, name = _named(folder), plan.generation_id
        if is_current(folder, plan.generation_id) and not is_forced:
            return False
        if is_forced:
            name = f"{name}-{now:%Y%m%d%H%M%S%f}"
        write_generation(folder / name, plan, now, generation_id=name)
        pointer = folder / _CURRENT
        fresh = pointer.with_suffix(".new")
        fresh.write_text(name, "ascii")
        os.replace(fresh, pointer)
        # The one before stays: a worker that has not swapped yet may still open its files.
        _prune(folder, keep={name, named})
        return True


def is_current(folder: Path, generation_id: str) -> bool:
    """Whether the folder names this generation, or one forced of the same, as current."""
    return _named(folder).partition("-")[0] == generation_id


def _named(folder: Path) -> str:
    try:
        return (folder / _CURRENT).read_text("ascii")
    except FileNotFoundError:
        return ""


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else is looking at the sources while the block runs; nobody waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "looking.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _prune(folder: Path, keep: set[str]) -> None:
    for old in folder.iterdir():
        if old.is_dir() and old.name not in {*keep, DATA}:
            shutil.rmtree(old, ignore_errors=True)
