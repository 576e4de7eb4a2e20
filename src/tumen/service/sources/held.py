"""The entities of a manifest's datasets as they were last loaded: one file of lines for each.

What a dataset's file holds is what is searched; it is replaced whole, by a full file or by a
chain of deltas, so that a source that fails leaves the last good state.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from tumen.errors import SourceError
from tumen.service.sources.fetching import read_document, save
from tumen.service.sources.specs import Spec

_STATE = "state.json"


class Held:
    """What is loaded of each dataset, in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._state: dict[str, dict[str, str]] = {}
        if (folder / _STATE).exists():
            self._state = orjson.loads((folder / _STATE).read_bytes())

    def version(self, name: str) -> str:
        """The version that is loaded of a dataset; empty where none is."""
        return self._state.get(name, {}).get("version", "")

    def mark(self, name: str) -> str:
        """What changes whenever other entities are loaded."""
        found = self._state.get(name, {})
        return f"{found.get('version', '')} {found.get('loaded_at', '')}"

    def loaded_at(self, name: str) -> str | None:
        """When a dataset was last loaded."""
        return self._state.get(name, {}).get("loaded_at")

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """The entities of a dataset, each once. Raises SourceError where a line is damaged."""
        place = self._place(name)
        # Where a file has an entity twice, the last counts.
        last = {one["id"]: number for number, one in enumerate(read_lines(place))}
        for number, one in enumerate(read_lines(place)):
            if last[one["id"]] == number:
                yield one

    def renew(self, spec: Spec, now: str, *, is_forced: bool) -> None:
        """Load what is new of a dataset. Raises SourceError; what was loaded then stays."""
        base = self.version(spec.name)
        if not spec.entities_url:
            raise SourceError("It names no file of entities", where=spec.name)
        if base and not is_forced:
            if not spec.version or spec.version <= base:
                return
            if spec.delta_url and self._renew_by_deltas(spec, base, now):
                return
        self._renew_whole(spec, now)

    def _renew_whole(self, spec: Spec, now: str) -> None:
        fresh = self._place(spec.name).with_suffix(".fresh")
        try:
            found = save(spec.entities_url, fresh, spec.token)
            if spec.checksum and found != spec.checksum:
                raise SourceError(
                    f"Its SHA-1 is {found}, {spec.checksum} is stated", where=spec.entities_url
                )
            for _ in read_lines(fresh):
                pass  # A damaged line is found before the file replaces a good one.
            os.replace(fresh, self._place(spec.name))
        finally:
            fresh.unlink(missing_ok=True)
        self._note(spec.name, spec.version or _digits(now), now)

    def _renew_by_deltas(self, spec: Spec, base: str, now: str) -> bool:
        """Whether deltas lead from the loaded version to the newest, and were applied."""
        index = read_document(spec.delta_url, spec.token)
        versions = index.get("versions") if isinstance(index, dict) else None
        if not versions or base < min(versions):
            return False
        chain = [one for one in sorted(versions) if base < one <= spec.version]
        if not chain:
            return False
        changes: dict[str, dict[str, Any] | None] = {}
        for version in chain:
            place = self._folder / f"{spec.name}.delta"
            try:
                save(versions[version], place, spec.token)
                changes.update(_operations(place))
            finally:
                place.unlink(missing_ok=True)
        self._apply(spec.name, changes)
        self._note(spec.name, chain[-1], now)
        return True

    def _apply(self, name: str, changes: dict[str, dict[str, Any] | None]) -> None:
        fresh = self._place(name).with_suffix(".fresh")
        with fresh.open("wb") as file:
            for one in self.lines(name):
                if one["id"] not in changes:
                    file.write(orjson.dumps(one) + b"\n")
            for changed in changes.values():
                if changed is not None:
                    file.write(orjson.dumps(changed) + b"\n")
        os.replace(fresh, self._place(name))

    def _note(self, name: str, version: str, now: str) -> None:
        self._state[name] = {"version": version, "loaded_at": now}
        fresh = self._folder / f"{_STATE}.new"
        fresh.write_bytes(orjson.dumps(self._state))
        os.replace(fresh, self._folder / _STATE)

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}.jsonl"


def read_lines(place: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects in a file, one a line. Raises SourceError naming the line at fault."""
    with place.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            where = f"{place.stem}, line {number}"
            try:
                found = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise SourceError(f"Damaged JSON ({error.msg})", where=where) from error
            if not isinstance(found, dict) or not isinstance(found.get("id", found.get("op")), str):
                raise SourceError("This is no entity", where=where)
            yield found


def _operations(place: Path) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """For each entity that a delta names what it is now, None where it is gone."""
    for number, line in enumerate(read_lines(place), 1):
        entity = line.get("entity")
        if line.get("op") not in ("ADD", "MOD", "DEL") or not isinstance(entity, dict):
            raise SourceError("This is no change", where=f"{place.name}, line {number}")
        yield str(entity["id"]), None if line["op"] == "DEL" else entity


def _digits(now: str) -> str:
    return "".join(char for char in now if char.isdigit())[:14]
