"""An invented list with two formats, small enough to read: what the tests of this folder load.

`json` is one file: {"toy": 1, "published_on": ..., "entries": [[id, name], ...]}.
`csv` is a set: `toy.csv` (header `toy;id;name`) with aliases in `toy_alias.csv` (`toy;id;alias`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tumen.errors import SourceError
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.registry import ListInfo, Registry
from tumen.model.entity import Entity
from tumen.model.listing import ListedName, ListEntry, NameKind

FACTS: dict[str, Any] = {
    "id": "toy",
    "title": "Toy List",
    "authority": "Toy Authority",
    "jurisdiction": "xx",
    "description": "An invented list.",
    "formats": ["json", "csv"],
    "urls": [
        {"format": "json", "url": "https://toy.example/toy.json", "files": ["toy.json"]},
        {
            "format": "csv",
            "url": "https://toy.example/{file}",
            "files": ["toy.csv", "toy_alias.csv"],
        },
    ],
    "licence": "Public domain",
    "update_schedule": "Daily",
    "guard": {"min_entries": 2, "max_removed_percent": 10, "max_removed_entries": 1},
    "expected": {"entries": [2, 1000], "fill": {"name": 0.9}},
    "id_field": "id",
}


class ToyReader:
    """A reader as `tumen.lists.reader` asks for it."""

    def __init__(self, list_id: str = "toy") -> None:
        self.list_id = list_id

    def recognise(self, file: SourceFile) -> str | None:
        """`json` or `csv`."""
        if file.head.startswith(b'{"toy": 1'):
            return "json"
        return "csv" if file.head.startswith(b"toy;id;") else None

    def parse(self, files: Sequence[SourceFile]) -> ParsedList:
        """Read one JSON file or a CSV set."""
        if files[0].data.startswith(b"{"):
            return self._parse_json(files[0])
        rows: dict[str, list[ListedName]] = {}
        for file in sorted(files, key=lambda file: "alias" in file.name):
            kind = NameKind.ALIAS if b"alias" in file.head.splitlines()[0] else NameKind.PRIMARY
            for line in file.data.decode().splitlines()[1:]:
                _, key, name = line.split(";")
                rows.setdefault(key, []).append(ListedName(name, kind))
        entries = [an_entry(key, names, files[0].name) for key, names in rows.items()]
        return ParsedList(self.list_id, "csv", None, entries)

    def _parse_json(self, file: SourceFile) -> ParsedList:
        try:
            data = json.loads(file.data)
        except json.JSONDecodeError as error:
            raise SourceError(
                "the JSON is cut", where=f"{file.name}, line {error.lineno}", mend="Fetch it again"
            ) from error
        entries = [an_entry(key, [ListedName(name)], file.name) for key, name in data["entries"]]
        day = date.fromisoformat(data["published_on"]) if data["published_on"] else None
        unknown = Counter(data.get("unknown", {}))
        return ParsedList(self.list_id, "json", day, entries, unknown, tuple(data.get("warn", ())))


def an_entry(key: str, names: list[ListedName], file: str = "") -> ListEntry:
    """One entry with these names."""
    properties = {"name": tuple(name.text for name in names if name.text)}
    entity = Entity(f"toy-{key}", "Person", {k: v for k, v in properties.items() if v})
    return ListEntry(entity, tuple(names), file=file, locator=f"id {key}")


def toy_json(count: int, published_on: str | None = "2026-02-27", start: int = 0) -> bytes:
    """The bytes of a JSON version with `count` invented parties."""
    entries = [[str(number), f"Kim Invented {number}"] for number in range(start, start + count)]
    return json.dumps({"toy": 1, "published_on": published_on, "entries": entries}).encode()


def toy_csv(count: int, column: str = "name") -> bytes:
    """The bytes of one file of a CSV version."""
    rows = [f"toy;{number};Pak {column} {number}" for number in range(count)]
    return "\n".join([f"toy;id;{column}", *rows]).encode()


def toy_info(**changes: Any) -> ListInfo:
    """The facts of the toy list, with some changed."""
    return ListInfo.model_validate({**FACTS, **changes})


def toy_registry(*list_ids: str) -> Registry:
    """A registry of toy lists alone."""
    infos = {list_id: toy_info(id=list_id) for list_id in list_ids or ("toy",)}
    return Registry(infos, ToyReader)


def write(path: Path, data: bytes) -> Path:
    """Write a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
