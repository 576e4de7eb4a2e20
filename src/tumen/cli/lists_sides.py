"""The two sides of a comparison: versions in the store, or official files that are not loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tumen.errors import ListsMissingError, RequestError, SourceError
from tumen.lists.bundle import Bundle
from tumen.lists.ingest import version_of_files
from tumen.lists.recognise import recognise
from tumen.lists.registry import Registry
from tumen.model.delta import Delta
from tumen.model.listing import ListEntry, ListVersion
from tumen.store import Store
from tumen.watch.delta import delta_between, diff
from tumen.watch.version_names import FORMS, before_it, find_version


@dataclass(frozen=True, slots=True)
class Side:
    """A list version, with its entries where they are not in the store."""

    version: ListVersion
    entries: tuple[ListEntry, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """Two versions of one list and where they come from; `wanted` picks a list in files."""

    store: Store
    registry: Registry
    now: datetime
    wanted: str = ""

    def find(self, first: str, second: str | None) -> tuple[Side, Side]:
        """The sides that are named. Without `second`, a version follows the one before it,
        and a file the current version of its list.

        Raises RequestError where one is not there or they are of two lists, SourceError for a
        file that cannot be read.
        """
        if second is not None:
            before, after = self._side(first), self._side(second)
        else:
            after = self._side(first)
            before = Side(self._predecessor(after))
        if before.version.list_id != after.version.list_id:
            ids = f"{before.version.version_id} and {after.version.version_id}"
            raise RequestError(f"{ids} are not versions of one list")
        return before, after

    def delta(self, before: Side, after: Side) -> Delta:
        """What changed from one side to the other."""
        ids = (before.version.version_id, after.version.version_id)
        if before.entries is None and after.entries is None:
            return delta_between(self.store, *ids)
        return diff(
            self.entries(before),
            self.entries(after),
            list_id=after.version.list_id,
            before_id=ids[0],
            after_id=ids[1],
        )

    def entries(self, side: Side, ids: Iterable[str] | None = None) -> Iterable[ListEntry]:
        """The entries of one side, all of them or those with these ids."""
        if side.entries is None:
            version_id = side.version.version_id
            if ids is None:
                return self.store.entries(version_id)
            return self.store.entries_by_id(version_id, ids)
        if ids is None:
            return side.entries
        wanted = set(ids)
        return [entry for entry in side.entries if entry.entity.entity_id in wanted]

    def first_seen(self, entity_ids: Iterable[str]) -> dict[str, datetime]:
        """When each entry was first retrieved, as far as the store has it."""
        holding = self.store.versions_holding(entity_ids)
        ids = {version_id for held in holding.values() for version_id in held}
        versions = map(self.store.version, sorted(ids))
        at = {one.version_id: one.retrieved_at for one in versions if one is not None}
        return {key: min(at[version_id] for version_id in held) for key, held in holding.items()}

    def _side(self, text: str) -> Side:
        if version := find_version(self.store, text):
            return Side(version)
        path = Path(text)
        if path.exists():
            return self._read(path)
        raise RequestError(
            f"There is no list version and no file {text!r}. {FORMS}, or the path of a file"
        )

    def _predecessor(self, after: Side) -> ListVersion:
        version = after.version
        if after.entries is not None:
            if current := self.store.current_version(version.list_id):
                return current
            raise ListsMissingError(
                f"No version of {version.list_id} is loaded: name the file to compare with"
            )
        if earlier := before_it(self.store, version):
            return earlier
        raise RequestError(f"{version.version_id} is the first version: nothing is before it")

    def _read(self, path: Path) -> Side:
        bundle = self._bundle(path)
        files = bundle.read()
        parsed = self.registry.reader(bundle.list_id).parse(files)
        if not parsed.entries:
            raise SourceError("It has no entries", where=bundle.place, mend="Download it again")
        version = version_of_files(files, parsed, self.now)
        published = version.published_on or bundle.named_date
        return Side(replace(version, published_on=published), tuple(parsed.entries))

    def _bundle(self, path: Path) -> Bundle:
        """The one version of a list at a path."""
        found = recognise([path], self.registry)
        bundles = [one for one in found.bundles if self.wanted in ("", one.list_id)]
        if len(bundles) == 1:
            return bundles[0]
        if not bundles and found.unrecognised:
            raise SourceError(found.unrecognised[0].problem, where=str(path))
        what = ", ".join(f"{one.list_id} ({one.place})" for one in bundles) or "no list"
        raise RequestError(f"{path} holds {what}: name one file, or say which with --list")
