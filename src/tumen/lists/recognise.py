"""From paths to bundles: which list and format each file is, and which files belong together.

Judged by content: each list's reader is asked. What no reader, or more than one, claims is
reported with its name and first bytes. Hidden files (`.DS_Store`, our own notes beside fetched
files) are named apart.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tumen.errors import RequestError, SourceError
from tumen.lists.bundle import Bundle, Limits, PackedFile, members
from tumen.lists.registry import ListInfo, Registry

# Enough to tell the root element of an XML file.
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A file that becomes part of no list version, and why."""

    place: str
    problem: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """What lies at some paths: bundles in the order to load them, and what is in none."""

    bundles: tuple[Bundle, ...]
    unrecognised: tuple[Unrecognised, ...]
    hidden: tuple[str, ...] = ()


def recognise(
    paths: Iterable[Path], registry: Registry, limits: Limits | None = None
) -> Recognition:
    """Recognise files, the members of zip archives, and folders with all below them.

    Bundles of one list come oldest first, as far as file names tell; formats of one day come
    in reverse of the order in `list.yml`, so that the best one is loaded last and stays.
    Raises RequestError for a path that does not exist.
    """
    limits = limits or Limits()
    groups: dict[tuple[str, str, str], list[PackedFile]] = defaultdict(list)
    unrecognised: list[Unrecognised] = []
    hidden: list[str] = []
    for path in _walk(paths, hidden):
        for file in _unpack(path, unrecognised):
            claim = _judge(file, registry, limits)
            if isinstance(claim, Unrecognised):
                unrecognised.append(claim)
            else:
                groups[(*claim, file.folder)].append(file)
    bundles = [
        Bundle(list_id, format_name, part, limits)
        for (list_id, format_name, _), files in groups.items()
        for part in _split(files, registry.get(list_id).files_of(format_name))
    ]
    bundles.sort(key=lambda bundle: _loading_order(bundle, registry.get(bundle.list_id)))
    return Recognition(tuple(bundles), tuple(unrecognised), tuple(hidden))


def _walk(paths: Iterable[Path], hidden: list[str]) -> Iterator[Path]:
    """Every file at or below the paths once, in a stable order."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise RequestError(f"There is no file or folder {str(path)!r}")
        if not path.is_dir():
            found[path] = None
            continue
        for folder, subfolders, names in os.walk(path):
            subfolders.sort()
            for name in sorted(names):
                if name.startswith("."):
                    hidden.append(str(Path(folder, name)))
                else:
                    found[Path(folder, name)] = None
    return iter(found)


def _unpack(path: Path, unrecognised: list[Unrecognised]) -> list[PackedFile]:
    try:
        return members(path)
    except SourceError as error:
        unrecognised.append(Unrecognised(str(path), str(error)))
        return []


def _judge(file: PackedFile, registry: Registry, limits: Limits) -> tuple[str, str] | Unrecognised:
    """The list and format of one file, or why it has none."""
    try:
        head = file.head(limits)
    except SourceError as error:
        return Unrecognised(file.place, str(error))
    claims = [
        (info.id, format_name)
        for info in registry
        if (format_name := registry.reader(info.id).recognise(head)) is not None
    ]
    if len(claims) == 1:
        return claims[0]
    if claims:
        lists = " and ".join(f"{list_id} ({format_name})" for list_id, format_name in claims)
        return Unrecognised(file.place, f"{file.place}: it looks like {lists}")
    if not head.data:
        return Unrecognised(file.place, f"{file.place}: the file is empty")
    start = repr(head.data[:_SHOWN])[2:-1]
    return Unrecognised(file.place, f"{file.place}: no list begins like this: {start}")


def _split(files: list[PackedFile], names: tuple[str, ...]) -> list[tuple[PackedFile, ...]]:
    """The files of one folder, list and format, by version.

    Where a version is one file, each is its own; else the day in the name tells versions
    apart, and files without a day join the only day there is.
    """
    is_set = len(names) > 1 or any("*" in name for name in names)
    if not is_set:
        return [(file,) for file in files]
    by_day: dict[date | None, list[PackedFile]] = defaultdict(list)
    for file in files:
        by_day[file.named_date].append(file)
    undated = by_day.pop(None, [])
    if len(by_day) == 1:
        (dated,) = by_day.values()
        return [(*dated, *undated)]
    parts = [tuple(part) for part in by_day.values()]
    return [*parts, tuple(undated)] if undated else parts


def _loading_order(bundle: Bundle, info: ListInfo) -> tuple[str, date, int, str]:
    rank = info.formats.index(bundle.format) if bundle.format in info.formats else len(info.formats)
    return (info.id, bundle.named_date or date.min, -rank, bundle.place)
