"""What a screening of a book changed, as events and as the lines of a report. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tumen.model.entity import Entity, get_schema
from tumen.model.screening import Hit, Screening
from tumen.model.watching import (
    Event,
    EventKind,
    HitState,
    Party,
    Severity,
    StandingHit,
    Suppression,
)
from tumen.screening.changes import Changes
from tumen.watch.events import event_id

# From this score a new hit leaves little doubt.
SURE = 0.90
# So many are told in a report; the events have them all.
MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """The two sides of the hits: the parties of the book version, the entries as last listed."""

    version: int
    parties: Mapping[str, Party] = field(default_factory=dict)
    entities: Mapping[str, Entity] = field(default_factory=dict)


def book_events(book_id: str, changes: Changes, seen: Seen, at: datetime) -> list[Event]:
    """One event for each hit that came, changed or fell away, and each party left unscreened."""
    ended = {(one.party_id, one.entity_id): one for one in changes.lapsed}
    events = []
    for hit in changes.opened:
        lapsed = ended.pop((hit.party_id, hit.hit.entity_id), None)
        events.append(_lapsed(hit, lapsed, seen, at) if lapsed else _opened(hit, seen, at))
    events += [_changed(one, seen, at) for one in changes.changed if one.state is HitState.OPEN]
    events += [_proposed(one, seen, at) for one in changes.proposed]
    events += [_ended(one, seen, at) for one in ended.values()]
    events += [_not_screened(book_id, one, seen, at) for one in changes.not_screened]
    return events


def touched(changes: Changes, seen: Seen) -> dict[str, Any]:
    """Whom the changes touch, for a report: how many of each kind, and the first of them."""
    kinds = {
        "new_hits": [_line(one, seen) for one in _unmuted(changes)],
        "lapsed": [_lapsed_line(one, seen) for one in changes.lapsed],
        "changed": [_line(one, seen) for one in changes.changed if one.state is HitState.OPEN],
        "released": [_line(one, seen) for one in changes.proposed],
        "not_screened": [_problem_line(one) for one in changes.not_screened],
    }
    return {
        "counts": {kind: len(lines) for kind, lines in kinds.items()},
        "told": {kind: lines[:MOST_TOLD] for kind, lines in kinds.items() if lines},
    }


def touched_ids(changes: Changes) -> tuple[set[str], set[str]]:
    """The ids of the parties and of the entities that the changes speak of."""
    hits = [*changes.opened, *changes.changed, *changes.proposed]
    pairs = [(one.party_id, one.hit.entity_id) for one in hits]
    pairs += [(one.party_id, one.entity_id) for one in changes.lapsed]
    parties = {party_id for party_id, _ in pairs}
    parties |= {one.subject_id for one in changes.not_screened}
    return parties, {entity_id for _, entity_id in pairs}


def _unmuted(changes: Changes) -> Iterator[StandingHit]:
    ended = {(one.party_id, one.entity_id) for one in changes.lapsed}
    return (one for one in changes.opened if (one.party_id, one.hit.entity_id) not in ended)


def _opened(one: StandingHit, seen: Seen, at: datetime) -> Event:
    hit = one.hit
    severity = Severity.CRITICAL if hit.score >= SURE else Severity.HIGH
    title = f"New hit: {_name(one.party_id, seen)} may be {hit.caption} ({hit.list_id})"
    return _hit_event(EventKind.NEW_HIT, severity, title, one, seen, at)


def _lapsed(one: StandingHit, lapsed: Suppression, seen: Seen, at: datetime) -> Event:
    title = f"Suppression lapsed: {_name(one.party_id, seen)} and {one.hit.caption}"
    kind, note = EventKind.SUPPRESSION_LAPSED, lapsed.lapse_reason
    return _hit_event(kind, Severity.HIGH, title, one, seen, at, note)


def _changed(one: StandingHit, seen: Seen, at: datetime) -> Event:
    title = f"Hit changed: {_name(one.party_id, seen)} and {one.hit.caption}"
    return _hit_event(EventKind.HIT_CHANGED, Severity.MEDIUM, title, one, seen, at)


def _proposed(one: StandingHit, seen: Seen, at: datetime) -> Event:
    title = f"Proposed release: {_name(one.party_id, seen)} is no longer a hit on {one.hit.caption}"
    return _hit_event(EventKind.PROPOSED_RELEASE, Severity.MEDIUM, title, one, seen, at)


def _hit_event(
    kind: EventKind,
    severity: Severity,
    title: str,
    one: StandingHit,
    seen: Seen,
    at: datetime,
    note: str = "",
) -> Event:
    hit = one.hit
    lines = [f"Score {hit.score:.2f}. {hit.sentence}", note or one.note]
    party = seen.parties.get(one.party_id)
    return Event(
        event_id=event_id(kind, one.book_id, one.party_id, hit.entity_id, at.isoformat()),
        kind=kind,
        severity=severity,
        occurred_at=at,
        title=title,
        text="\n".join(filter(None, lines)),
        list_id=hit.list_id,
        programmes=hit.programmes,
        countries=_countries(party.entity if party else None, seen.entities.get(hit.entity_id)),
        book_id=one.book_id,
        party_id=one.party_id,
        groups=party.groups if party else (),
        entity_id=hit.entity_id,
        data={"hit": hit.to_dict(), "state": one.state.value, "note": note or one.note},
    )


def _ended(one: Suppression, seen: Seen, at: datetime) -> Event:
    """A suppression lapsed and there is no hit to look at."""
    party = seen.parties.get(one.party_id)
    return Event(
        event_id=event_id(EventKind.SUPPRESSION_LAPSED, one.suppression_id),
        kind=EventKind.SUPPRESSION_LAPSED,
        severity=Severity.LOW,
        occurred_at=at,
        title=f"Suppression lapsed: {_name(one.party_id, seen)} and {one.entity_id}",
        text=one.lapse_reason,
        book_id=one.book_id,
        party_id=one.party_id,
        groups=party.groups if party else (),
        entity_id=one.entity_id,
        data={"suppression_id": one.suppression_id, "reason": one.lapse_reason},
    )


def _not_screened(book_id: str, one: Screening, seen: Seen, at: datetime) -> Event:
    party = seen.parties.get(one.subject_id)
    return Event(
        # The same record in the same version of the book is no news at the next run.
        event_id=event_id(
            EventKind.NOT_SCREENED, book_id, str(seen.version), one.subject_id, one.problem
        ),
        kind=EventKind.NOT_SCREENED,
        severity=Severity.HIGH,
        occurred_at=at,
        title=f"Not screened: {one.caption or one.subject_id}",
        text=one.problem,
        book_id=book_id,
        party_id=one.subject_id,
        groups=party.groups if party else (),
        data={"problem": one.problem, "where": one.where},
    )


def _line(one: StandingHit, seen: Seen) -> dict[str, Any]:
    return _told(one.party_id, one.hit, one.note, seen)


def _told(party_id: str, hit: Hit, note: str, seen: Seen) -> dict[str, Any]:
    party = seen.parties.get(party_id)
    return {
        "party_id": party_id,
        "caption": party.entity.caption if party else "",
        "entity_id": hit.entity_id,
        "listed": hit.caption,
        "score": hit.score,
        "note": note,
    }


def _lapsed_line(one: Suppression, seen: Seen) -> dict[str, Any]:
    entity, party = seen.entities.get(one.entity_id), seen.parties.get(one.party_id)
    return {
        "party_id": one.party_id,
        "caption": party.entity.caption if party else "",
        "entity_id": one.entity_id,
        "listed": entity.caption if entity else "",
        "note": one.lapse_reason,
    }


def _problem_line(one: Screening) -> dict[str, Any]:
    return {"party_id": one.subject_id, "caption": one.caption, "note": one.problem}


def _name(party_id: str, seen: Seen) -> str:
    party = seen.parties.get(party_id)
    return f"{party.entity.caption} [{party_id}]" if party else party_id


def _countries(*entities: Entity | None) -> tuple[str, ...]:
    """The countries of either side: who follows one hears of its parties and of its entries."""
    return tuple(sorted({code for one in entities if one for code in _countries_of(one)}))


def _countries_of(entity: Entity) -> Iterable[str]:
    known = get_schema(entity.schema).properties
    for name, values in entity.properties.items():
        if name in known and known[name].type == "country":
            yield from values
