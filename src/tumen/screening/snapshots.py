"""Snapshots of list versions: from a store, from files, or from entities in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tumen.demo import LISTS
from tumen.errors import ListsMissingError, SourceError
from tumen.lists.bundle import content_hash
from tumen.lists.ingest import version_to_dict
from tumen.lists.recognise import recognise
from tumen.lists.registry import published_lists
from tumen.matching.basis import Basis
from tumen.matching.facts import COUNTRY_PROPERTIES, DATE_PROPERTIES, IDENTIFIER_PROPERTIES
from tumen.matching.snapshot import Listed, Snapshot
from tumen.model.entity import Entity
from tumen.model.listing import Designation, ListEntry, ListVersion
from tumen.screening.basis import basis_in_force, put_in_force
from tumen.store import Store

# What a comparison reads; the rest of an entry stays in the store.
_KEPT = frozenset(
    {"name", "alias", "weakAlias", "previousName", "firstName", "secondName", "middleName"}
    | {"fatherName", "lastName", "gender", "birthPlace", "topics"}
    | {*COUNTRY_PROPERTIES, *DATE_PROPERTIES, *IDENTIFIER_PROPERTIES}
)
Progress = Callable[[str, int, int], None]


def snapshot_from_store(store: Store, progress: Progress | None = None) -> Snapshot:
    """Index the current list versions of a store, in memory.

    It rests on the word statistics in force; the first one of a store, and one whose lists have
    grown too far from them, puts its own in force. `progress` is called with a list's id,
    entries done and entries in all. Raises ListsMissingError where the store holds no list.
    """
    versions = _current(store)
    basis = basis_in_force(store)
    if basis is not None:
        found = snapshot_of_versions(store, versions, basis, progress, learns=True)
        if basis.still_fits(int(found.meta["rows"])):
            return found
    return _rebased(store, versions, progress)


def snapshot_of(
    store: Store, folder: Path, progress: Progress | None = None, *, rebases: bool = False
) -> Snapshot:
    """The snapshot in `folder` if it is of the store's current versions, else a new one there.

    The new one appears whole or not at all. With `rebases` word statistics are counted anew.
    See `snapshot_from_store`.
    """
    versions = _current(store)
    if rebases:
        _rebased(store, versions, progress).save(folder)
        return Snapshot.open(folder)
    described = [version_to_dict(version) for version in versions]
    basis = basis_in_force(store)
    try:
        found = Snapshot.open(folder)
        is_same = _identity(found.meta.get("versions", [])) == _identity(described)
        if is_same and basis is not None and found.basis_hash == basis.basis_hash:
            return found
    except ListsMissingError:
        pass  # None yet, or one of an earlier tumen: it is built anew from the store.
    snapshot_from_store(store, progress).save(folder)
    return Snapshot.open(folder)


def snapshot_of_versions(
    store: Store,
    versions: Sequence[ListVersion],
    basis: Basis | None,
    progress: Progress | None = None,
    *,
    learns: bool = False,
) -> Snapshot:
    """Index these list versions of a store, current or past, with the statistics given."""
    meta = {"versions": [version_to_dict(version) for version in versions]}
    return Snapshot.build(_listed(store, versions, progress), meta, basis, learns=learns)


def _rebased(store: Store, versions: Sequence[ListVersion], progress: Progress | None) -> Snapshot:
    found = snapshot_of_versions(store, versions, None, progress, learns=True)
    put_in_force(store, found.basis, max(version.retrieved_at for version in versions))
    return found


def _current(store: Store) -> list[ListVersion]:
    versions = store.current_versions()
    if not versions:
        raise ListsMissingError("No list is loaded. Load some with: tumen lists load PATH")
    return versions


def _identity(versions: Iterable[Mapping[str, Any]]) -> list[tuple[str, object]]:
    return sorted((version["version_id"], version["retrieved_at"]) for version in versions)


def _listed(
    store: Store, versions: Iterable[ListVersion], progress: Progress | None
) -> Iterator[Listed]:
    for version in versions:
        for done, entry in enumerate(store.entries(version.version_id), start=1):
            if progress is not None and (done % 500 == 0 or done == version.entries):
                progress(version.list_id, done, version.entries)
            yield listed_from(version.list_id, entry)


def listed_from(list_id: str, entry: ListEntry) -> Listed:
    """A list entry as the snapshot keeps it."""
    kept = {name: values for name, values in entry.entity.properties.items() if name in _KEPT}
    entity = Entity(entry.entity.entity_id, entry.entity.schema, kept)
    return Listed(list_id, entity, programmes_of(entry.designations))


def programmes_of(designations: Iterable[Designation]) -> tuple[str, ...]:
    """The programmes of an entry, each once, in published order."""
    return tuple(dict.fromkeys(d.programme for d in designations if d.programme))


def snapshot_from_files(paths: Iterable[Path | str]) -> Snapshot:
    """Index official files without a store; of several versions of a list the newest counts.

    Raises SourceError for a file that is not recognised or cannot be read whole.
    """
    registry = published_lists()
    recognition = recognise([Path(path) for path in paths], registry)
    if recognition.unrecognised:
        first = recognition.unrecognised[0]
        raise SourceError(first.problem, where=first.place)
    newest: dict[str, tuple[dict[str, Any], list[Listed]]] = {}
    for bundle in recognition.bundles:
        files = bundle.read()
        parsed = registry.reader(bundle.list_id).parse(files)
        if not parsed.entries:
            raise SourceError("It has no entries", where=bundle.place, mend="Download it again")
        published = parsed.published_on or bundle.named_date
        day = published.isoformat() if published else ""
        described = {
            "version_id": f"{parsed.list_id}@{content_hash(files)[:12]}",
            "list_id": parsed.list_id,
            "format": parsed.format,
            "published_on": day or None,
            "entries": len(parsed.entries),
            "files": [file.name for file in files],
            "is_starter": all(one.path.resolve().is_relative_to(LISTS) for one in bundle.files),
        }
        older = newest.get(parsed.list_id)
        if older is None or day >= (older[0]["published_on"] or ""):
            listed = [listed_from(parsed.list_id, entry) for entry in parsed.entries]
            newest[parsed.list_id] = (described, listed)
    if not newest:
        raise ListsMissingError("No list was found at these paths")
    versions = [described for described, _ in newest.values()]
    return Snapshot.build(
        (one for _, listed in newest.values() for one in listed), {"versions": versions}
    )


def snapshot_from_entities(entities: Iterable[Mapping[str, Any]]) -> Snapshot:
    """Index FollowTheMoney mappings; `datasets[0]` names an entity's list (else `entities`)."""
    return Snapshot.build(_from_mappings(entities))


def _from_mappings(entities: Iterable[Mapping[str, Any]]) -> Iterator[Listed]:
    for number, data in enumerate(entities, start=1):
        entity = Entity.from_mapping(data)
        datasets = data.get("datasets") or ["entities"]
        if not entity.entity_id:
            raise SourceError("It has no id", where=f"entity {number}", mend="Give each an id")
        yield Listed(str(datasets[0]), entity, entity.get("program"))
