"""A delta as operations on entities: who applies them has what the next full export holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from invented_entries import entries, entry

from tumen.model.entity import Entity
from tumen.model.listing import Designation, Link, ListEntry, ListVersion
from tumen.service.delta_lines import delta_lines
from tumen.service.sources.wire import wires_of
from tumen.watch.delta import diff

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EARLIER = datetime(2025, 3, 1, 12, tzinfo=UTC)
VERSION = ListVersion("toy", "b" * 64, "csv", date(2026, 2, 27), NOW, 1, 1, ("toy.csv",))
INSTANTS = ("first_seen", "last_seen", "last_change")


def exported(entries: Iterable[ListEntry]) -> dict[str, dict[str, Any]]:
    """A full export by id, without when each was seen."""
    wires = [wire for one in entries for wire in wires_of(one, "toy", "sanction", (None,) * 3)]
    return {wire["id"]: without_instants(wire) for wire in wires}


def without_instants(wire: dict[str, Any]) -> dict[str, Any]:
    """What an entity says."""
    return {slot: value for slot, value in wire.items() if slot not in INSTANTS}


def lines_between(before: list[ListEntry], after: list[ListEntry]) -> list[dict[str, Any]]:
    """The operations, computed from the entries that differ alone, as the command does."""
    ids = {change.entity_id for change in diff(before, after).changes}

    def of(side: list[ListEntry], wanted: Iterable[str]) -> list[ListEntry]:
        chosen = set(wanted)
        return [one for one in side if one.entity.entity_id in chosen]

    found = delta_lines(
        of(before, ids), of(after, ids), VERSION, "sanction", find=lambda others: of(after, others)
    )
    return list(found)


@given(entries(), entries())
def test_the_operations_lead_from_one_export_to_the_next(
    before: list[ListEntry], after: list[ListEntry]
) -> None:
    """Also for what an entry implies: its sanctions and its relations."""
    state = exported(before)
    for line in lines_between(before, after):
        entity = line["entity"]
        if line["op"] == "DEL":
            assert line == {"op": "DEL", "entity": {"id": entity["id"]}}
            del state[entity["id"]]
        else:
            assert (line["op"] == "MOD") is (entity["id"] in state)
            state[entity["id"]] = without_instants(entity)
    assert state == exported(after)


def owner(*links: Link) -> ListEntry:
    """An owner that states some links."""
    return ListEntry(Entity("toy:owner", "Person", {"name": ("Kim",)}), (), links=links)


def test_a_relation_stays_while_the_other_end_states_it() -> None:
    """The same fact has the same id from either side."""
    link = Link("Ownership", "toy:ship")
    back = Link("Ownership", "toy:owner", is_inverse=True)
    ship = ListEntry(Entity("toy:ship", "Vessel", {"name": ("Dream",)}), (), links=(back,))
    assert lines_between([owner(link), ship], [owner(), ship]) == []
    assert lines_between([owner(), ship], [owner(link), ship]) == []
    lines = lines_between([owner(link), ship], [owner()])
    assert [line["op"] for line in lines] == ["DEL", "DEL"]


def test_an_entity_says_when_it_was_seen() -> None:
    """First as far as known, last and changed with this version."""
    old, new = entry("1", name=("Kim",)), entry("1", name=("Pak",))
    known = {"toy:1": EARLIER}
    came = entry("2", name=("Ri",))
    lines = list(delta_lines([old], [new, came], VERSION, "sanction", first_seen=known))
    assert [line["op"] for line in lines] == ["MOD", "ADD"]
    assert lines[0]["entity"] == {
        "id": "toy:1",
        "caption": "Pak",
        "schema": "Person",
        "properties": {"name": ["Pak"], "topics": ["sanction"]},
        "datasets": ["toy"],
        "referents": [],
        "target": True,
        "first_seen": "2025-03-01T12:00:00",
        "last_seen": "2026-03-01T12:00:00",
        "last_change": "2026-03-01T12:00:00",
    }
    assert lines[1]["entity"]["first_seen"] == "2026-03-01T12:00:00"


def test_a_remark_changes_no_entity() -> None:
    """What the entity does not hold makes no operation; a reason stands in its sanction."""
    one = entry("1", name=("Kim",))
    assert lines_between([one], [ListEntry(one.entity, one.names, remarks="New.")]) == []
    told = [
        ListEntry(one.entity, one.names, (Designation("A", "DPRK", reason=reason),))
        for reason in ("Old.", "New.")
    ]
    (line,) = lines_between(told[:1], told[1:])
    assert (line["op"], line["entity"]["schema"]) == ("MOD", "Sanction")
