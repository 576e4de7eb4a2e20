"""What was known of a party when its file was recommended, and what has changed materially since.

The snapshot is plain data and stands in the recommendation itself: what people signed can be shown
for ever, whatever happens to lists and books afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tumen.cases.diligence.known import Known
from tumen.cases.diligence.prefill import Fact
from tumen.cases.diligence.triggers import Trigger, TriggerState, rules
from tumen.model.delta import Materiality
from tumen.model.entity import Entity
from tumen.model.field_changes import field_changes
from tumen.model.listing import ListEntry
from tumen.model.materiality import party_fingerprint
from tumen.model.watching import HitState, StandingHit

# A score that rises by less says the same.
_RISE = 0.005


def snapshot_of(
    known: Known, triggers: Sequence[Trigger], facts: Mapping[str, Fact]
) -> dict[str, Any]:
    """What is known now, to stand in a recommendation."""
    run = known.screened
    return {
        "book_version": known.book.version,
        "has_left": known.has_left,
        "party": known.party.entity.to_dict(),
        "party_hash": party_fingerprint(known.party.entity),
        "hits": {one.hit.entity_id: _hit(one) for one in known.hits},
        "triggers": [one.id for one in triggers if one.state is TriggerState.RAISED],
        "screening_id": run.screening_id if run else "",
        "facts": {one.field_id: list(one.values) for one in facts.values()},
    }


def changes_since(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Each material difference between two snapshots, in a sentence."""
    raised = [one for one in now["triggers"] if one not in then["triggers"]]
    return (
        *_party_changes(then, now),
        *_hit_changes(then["hits"], now["hits"]),
        *(f"New cause for enhanced due diligence: {rules()[one].label}" for one in raised),
        *_screening_changes(then, now),
    )


def _hit(one: StandingHit) -> dict[str, Any]:
    return {
        "caption": one.hit.caption,
        "list_id": one.hit.list_id,
        "score": one.hit.score,
        "state": one.state.value,
        "entry_hash": one.entry_hash,
        "known_from": one.known_from.isoformat(),
    }


def _party_changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[str]:
    if now["has_left"] and not then["has_left"]:
        yield "The party is no longer in its book"
    if then["party_hash"] == now["party_hash"]:
        return
    before, after = (ListEntry(_entity(one["party"]), ()) for one in (then, now))
    for change in field_changes(before, after):
        if change.materiality is Materiality.MATERIAL:
            gone, come = (", ".join(one) or "empty" for one in (change.gone, change.come))
            yield f"The party's {change.field} was {gone} and is {come} now"


def _entity(data: Mapping[str, Any]) -> Entity:
    properties = {name: tuple(values) for name, values in data["properties"].items()}
    return Entity(data["id"], data["schema"], properties)


def _hit_changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[str]:
    for entity_id in sorted({*then, *now}):
        name = f"{entity_id} ({(now.get(entity_id) or then[entity_id])['caption']})"
        if entity_id not in then:
            yield f"New hit: {name} with a score of {now[entity_id]['score']:.2f}"
        elif entity_id not in now:
            yield f"The hit {name} stands no more"
        else:
            yield from _one_hit(name, then[entity_id], now[entity_id])


def _one_hit(name: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[str]:
    if then["entry_hash"] != now["entry_hash"]:
        yield f"The entry {name} changed materially"
    if now["score"] > then["score"] + _RISE:
        yield f"The score of {name} rose from {then['score']:.2f} to {now['score']:.2f}"
    if then["state"] != now["state"] and now["state"] != HitState.SUPPRESSED:
        yield f"The hit {name} was {then['state']} and is {now['state']} now"


def _screening_changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[str]:
    if then["screening_id"] and not now["screening_id"]:
        yield "The party as it stands now was not screened"
