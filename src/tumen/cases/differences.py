"""What changed under a case since it last saw a hit, in words: field, before and after. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tumen.model.case import Alert
from tumen.model.delta import FieldChange, Materiality
from tumen.model.entity import Entity
from tumen.model.field_changes import field_changes
from tumen.model.listing import ListEntry
from tumen.model.watching import HitState, StandingHit

# The entry with this id in these list versions; None where none of them has it.
FindEntry = Callable[[tuple[str, ...], str], ListEntry | None]
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST_VALUES = 5


def differences(
    before: tuple[Alert, Mapping[str, Any]] | None,
    now: StandingHit,
    versions: tuple[str, ...],
    subject: Mapping[str, Any],
    find: FindEntry,
) -> Iterator[str]:
    """Every difference between a hit as it was last shown and as it stands, a line each."""
    name = f"{now.hit.caption} [{now.hit.entity_id}]"
    if before is None:
        yield f"New hit: {name}, score {now.hit.score:.2f}. {now.hit.sentence}".rstrip()
        return
    alert, hit = before
    if hit.get("entry_hash") != now.entry_hash:
        earlier = find(alert.versions, now.hit.entity_id)
        later = find(versions, now.hit.entity_id)
        yield f"The entry {name} changed{_fields(earlier, later)}"
    if hit.get("party_hash") != now.party_hash:
        yield f"The party changed{_fields(_party(alert.subject), _party(subject))}"
    if hit.get("state") != now.state.value:
        yield f"{name} is now {now.state.value}{_because(now.note)}"
    elif now.state is HitState.OPEN and hit.get("known_from") != now.known_from.isoformat():
        yield f"{name} is open again: its suppression has ended"


def policy_differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Every term of a policy that is another one by now, a line each."""
    if not before or not now:
        return
    for term in sorted(before.keys() | now.keys()):
        old, new = before.get(term), now.get(term)
        if old != new:
            yield f"The policy changed: {term.replace('_', ' ')}: {_said(old)} → {_said(new)}"


def _fields(before: ListEntry | None, after: ListEntry | None) -> str:
    if before is None or after is None:
        return ""
    changes = field_changes(before, after)
    material = [one for one in changes if one.materiality is Materiality.MATERIAL]
    return f": {'; '.join(map(_field, material))}" if material else ""


def _field(change: FieldChange) -> str:
    name = _CAPITAL.sub(" ", change.field).lower()
    return f"{name}: {_values(change.gone)} → {_values(change.come)}"


def _values(values: tuple[str, ...]) -> str:
    if not values:
        return "nothing"
    more = f" and {len(values) - _MOST_VALUES} more" if len(values) > _MOST_VALUES else ""
    return f"{', '.join(values[:_MOST_VALUES])}{more}"


def _party(subject: Mapping[str, Any]) -> ListEntry | None:
    if not subject.get("schema"):
        return None
    # The name of a party under another id is no change of the party.
    return ListEntry(Entity.from_mapping({**subject, "id": "party"}, strict=False), ())


def _because(note: str) -> str:
    return f" ({note})" if note else ""


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "all"
    return "none" if value is None else str(value)
