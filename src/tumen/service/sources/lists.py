"""The current list versions of a store as datasets, with the collections that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from tumen.lists.ingest import version_to_dict
from tumen.lists.registry import published_lists
from tumen.matching.snapshot import Listed
from tumen.model.listing import ListVersion
from tumen.screening.basis import basis_in_force, put_in_force
from tumen.screening.snapshots import listed_from
from tumen.service.building import Plan
from tumen.service.scopes import Dataset
from tumen.service.sources.wire import iso_seconds, wires_of
from tumen.service.wire import Wire
from tumen.store import Store

DEFAULT, SANCTIONS = "default", "sanctions"
# What a list's entries are, where it is not a list of sanctions.
_TOPICS = {"us_bis_denied": "export.control", "interpol_red_notices": "wanted"}
Seen = tuple[str | None, str | None, str | None]


def plan_of_store(store: Store) -> Plan | None:
    """What a generation of the store's current versions holds; None where it has no list."""
    versions = store.current_versions()
    if not versions:
        return None
    # What is compared is the entry itself: a peer's dates and topics say less, or more. So the
    # service scores as the command line does, on the same statistics.
    waiting: dict[str, Listed] = {}
    newest = max(version.retrieved_at for version in versions)
    return Plan(
        generation_of(versions),
        _datasets(versions),
        _records(store, versions, waiting),
        {"versions": [version_to_dict(version) for version in versions]},
        listed=lambda wire: waiting.pop(wire["id"], None),
        basis=basis_in_force(store),
        keep_basis=lambda basis: put_in_force(store, basis, newest),
    )


def generation_of(versions: Sequence[ListVersion]) -> str:
    """The name of the generation that holds exactly these versions."""
    marks = sorted(f"{one.version_id} {one.retrieved_at.isoformat()}" for one in versions)
    return sha256("\n".join(marks).encode()).hexdigest()[:16]


def topic_of(list_id: str) -> str:
    """What the entries of a list are, as FollowTheMoney calls it."""
    return _TOPICS.get(list_id, "sanction")


def dataset_version(version: ListVersion) -> str:
    """A list version as the peers name one: the time of retrieval and a mark of its content."""
    return f"{version.retrieved_at:%Y%m%d%H%M%S}-{version.content_hash[:3]}"


def _datasets(versions: Sequence[ListVersion]) -> list[Dataset]:
    lists = [_dataset(version) for version in versions]
    newest = max(dataset.version or "" for dataset in lists)
    names = tuple(dataset.name for dataset in lists)
    sanctions = tuple(name for name in names if name not in _TOPICS)
    return [
        *lists,
        Dataset(SANCTIONS, "Sanctions lists", newest, newest, sanctions),
        Dataset(DEFAULT, "All lists", newest, newest, names),
    ]


def _dataset(version: ListVersion) -> Dataset:
    retrieved = iso_seconds(version.retrieved_at)
    facts: dict[str, Any] = {
        "updated_at": retrieved,
        "last_export": retrieved,
        "entity_count": version.entries,
        "thing_count": version.entries,
        "published_on": version.published_on.isoformat() if version.published_on else None,
        "retrieved_at": version.retrieved_at.isoformat(),
        "is_starter": version.is_starter,
    }
    title = version.list_id
    registry = published_lists()
    if version.list_id in registry:
        info = registry.get(version.list_id)
        title = info.title
        facts["summary"] = info.description
        facts["publisher"] = {"name": info.authority, "country": info.jurisdiction}
        facts["stale_after_hours"] = info.stale_after_hours
    name = dataset_version(version)
    return Dataset(version.list_id, title, name, name, facts=facts)


def _records(
    store: Store, versions: Sequence[ListVersion], waiting: dict[str, Listed]
) -> Iterator[Wire]:
    """Every record; in `waiting` stands how an entry is compared, until it is taken."""
    for version in versions:
        topic = topic_of(version.list_id)
        seen = _seen(store, version)
        given: set[str] = set()
        for entry in store.entries(version.version_id):
            waiting[entry.entity.entity_id] = listed_from(version.list_id, entry)
            for wire in wires_of(entry, version.list_id, topic, seen[entry.entity.entity_id]):
                # Both ends of a relation may state it.
                if wire["id"] not in given:
                    given.add(wire["id"])
                    yield wire


def _seen(store: Store, current: ListVersion) -> dict[str, Seen]:
    """For each entry of a version when we first saw it, last saw it, and saw it change."""
    last = iso_seconds(current.retrieved_at)
    first: dict[str, str] = {}
    changes: dict[str, tuple[str, str]] = {}
    hashes: dict[str, str] = {}
    history = sorted(store.versions(current.list_id), key=lambda one: one.retrieved_at)
    for version in (one for one in history if one.retrieved_at <= current.retrieved_at):
        at = iso_seconds(version.retrieved_at)
        hashes = store.entry_hashes(version.version_id)
        for entity_id, content in hashes.items():
            first.setdefault(entity_id, at)
            if changes.get(entity_id, ("", ""))[0] != content:
                changes[entity_id] = (content, at)
    if history[-1].version_id != current.version_id:
        hashes = store.entry_hashes(current.version_id)
    return {one: (first.get(one, last), last, changes.get(one, ("", last))[1]) for one in hashes}
