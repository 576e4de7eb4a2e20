"""A drop folder: where files are laid by hand or by another program, without a network.

A file that is still being copied is left alone: one with the name of an unfinished file, and
one whose size or time changes while we look. What has been read moves to `done/`, what was
refused to `refused/`, unless the folder is to be left as it is.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tumen.errors import RequestError

DONE, REFUSED = "done", "refused"
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", ".download")
SETTLE_SECONDS = 2.0


def settled(
    folder: Path,
    *,
    settle_seconds: float = SETTLE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[list[Path], list[Path]]:
    """The files in `folder` that are whole, and those that are still being written.

    Looks twice, `settle_seconds` apart. Raises RequestError where there is no such folder.
    """
    if not folder.is_dir():
        raise RequestError(f"There is no drop folder {folder}")
    first = {path: _look(path) for path in _files(folder)}
    if first:
        sleep(settle_seconds)
    whole = [path for path, seen in first.items() if seen and seen == _look(path)]
    names = {path.name for path in first}
    whole = [path for path in whole if not _is_unfinished(path, names)]
    return whole, [path for path in first if path not in set(whole)]


def move_to(folder: Path, name: str, paths: list[Path]) -> None:
    """Move files of the drop folder below `name`, keeping their place in it.

    A file of the same name that lies there is kept: the new one gets a number.
    """
    for path in paths:
        if not path.exists():
            continue
        target = folder / name / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, _free(target))


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        if Path(place) == folder:
            folders[:] = [name for name in folders if name not in (DONE, REFUSED)]
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(place, name)


def _look(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def _is_unfinished(path: Path, names: set[str]) -> bool:
    if path.name.lower().endswith(UNFINISHED):
        return True
    # Some programs lay a mark beside the file for as long as they write it.
    return any(f"{path.name}{ending}" in names for ending in UNFINISHED)


def _free(target: Path) -> Path:
    number, free = 1, target
    while free.exists():
        number += 1
        free = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return free
