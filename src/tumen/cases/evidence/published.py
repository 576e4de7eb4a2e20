"""What the lists published: the versions used, and the entry behind each hit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tumen.model.listing import ListVersion, entry_to_dict
from tumen.store.work import Work


def with_entry(
    work: Work, hit: Mapping[str, Any], used: Sequence[str], seen_at: datetime
) -> dict[str, Any]:
    """A hit with its entry as published in the version that was used.

    Where the entry is in none of those (it fell away), it is that of the last version before
    that had it; where none has it, `published` is None.
    """
    entity_id = str(hit["entity_id"])
    found = _found(work, entity_id, used)
    if found is None:
        found = _found(work, entity_id, _earlier(work, entity_id, seen_at))
    return {**hit, "published": found}


def _found(work: Work, entity_id: str, version_ids: Iterable[str]) -> dict[str, Any] | None:
    for version_id in version_ids:
        for entry in work.lists.entries_by_id(version_id, [entity_id]):
            return {"version_id": version_id, "entry": entry_to_dict(entry)}
    return None


def _earlier(work: Work, entity_id: str, seen_at: datetime) -> Iterable[str]:
    """The versions retrieved by then that have the entry, the last one first."""
    holding = work.lists.versions_holding([entity_id]).get(entity_id, [])
    known = [work.lists.known_version(one) for one in holding]
    before = [one for one in known if one.retrieved_at <= seen_at]
    return [one.version_id for one in sorted(before, key=lambda one: one.retrieved_at)[::-1]]


def versions_section(work: Work, version_ids: Iterable[str]) -> list[dict[str, Any]]:
    """The list versions that are in the store, with what identifies their bytes.

    The hash is over the published bytes: of the one file, or of the sorted hashes of several.
    """
    found = [work.lists.version(one) for one in sorted(set(version_ids))]
    return [_version(one) for one in found if one is not None]


def missing_versions(work: Work, version_ids: Iterable[str]) -> list[str]:
    """Sentences on versions that are named and not in the store."""
    names = [one for one in sorted(set(version_ids)) if work.lists.version(one) is None]
    return [f"The list version {name} is not in the store" for name in names]


def _version(version: ListVersion) -> dict[str, Any]:
    published = version.published_on
    return {
        "version_id": version.version_id,
        "list_id": version.list_id,
        "content_hash": version.content_hash,
        "format": version.format,
        "published_on": published.isoformat() if published else None,
        "retrieved_at": version.retrieved_at.isoformat(),
        "entries": version.entries,
        "names": version.names,
        "files": list(version.files),
        "is_starter": version.is_starter,
        "checks": [[one.name, one.status.value, one.message] for one in version.checks],
    }
