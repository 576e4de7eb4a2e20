"""What happened to a list, as events. Pure.

The id of an event is made from what happened, not from when it was noticed: whoever notices
it again makes the same event, and nobody hears of it twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tumen.model.delta import ChangeKind, Delta, EntryChange
from tumen.model.listing import ListVersion
from tumen.model.watching import Event, EventKind, ListState, Severity

# So many changed entries are told one by one; all of them stand in the stored delta.
MOST_TOLD = 50


def event_id(kind: EventKind, *facts: str) -> str:
    """The id of what happened: the same facts give the same id."""
    text = "\x1f".join((kind.value, *facts))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def list_changed(delta: Delta, version: ListVersion, title: str, at: datetime) -> Event:
    """A new version of a list is in use."""
    material = delta.material
    is_first = not delta.before_id
    told = () if is_first else material
    counts = change_counts(delta, version)
    return Event(
        event_id=event_id(
            EventKind.LIST_CHANGED, delta.list_id, delta.before_id, delta.after_id, at.isoformat()
        ),
        kind=EventKind.LIST_CHANGED,
        severity=Severity.LOW if told else Severity.INFO,
        occurred_at=at,
        title=f"{title or delta.list_id}: {change_line(delta, version)}",
        text="\n".join(_told(told, version, delta)),
        list_id=delta.list_id,
        programmes=_union(one.programmes for one in told),
        countries=_union(one.countries for one in told),
        data={
            "before_id": delta.before_id,
            "after_id": delta.after_id,
            "published_on": version.published_on.isoformat() if version.published_on else None,
            "counts": counts,
            "changes": [one.to_dict() for one in told[:MOST_TOLD]],
        },
    )


def change_line(delta: Delta, version: ListVersion) -> str:
    """A delta in one line: how many entries came, went and changed."""
    counts = change_counts(delta, version)
    if not delta.before_id:
        return f"first version, {counts['added']:,} entries"
    cosmetic = counts["changed"] - counts["changed_materially"]
    parts = [
        f"{counts['added']:,} added" if counts["added"] else "",
        f"{counts['removed']:,} removed" if counts["removed"] else "",
        f"{counts['changed_materially']:,} changed" if counts["changed_materially"] else "",
        f"{cosmetic:,} reworded" if cosmetic else "",
    ]
    return ", ".join(filter(None, parts)) or "a new version with the same entries"


def change_counts(delta: Delta, version: ListVersion) -> dict[str, int]:
    """How many entries came, went and changed; of a first version, all came."""
    changed = delta.of_kind(ChangeKind.CHANGED)
    added = len(delta.of_kind(ChangeKind.ADDED)) if delta.before_id else version.entries
    return {
        "added": added,
        "removed": len(delta.of_kind(ChangeKind.REMOVED)),
        "changed": len(changed),
        "changed_materially": sum(one.is_material for one in changed),
    }


def list_quarantined(
    state: ListState, content: tuple[str, int], place: str, current: ListVersion | None
) -> Event:
    """A file was not taken over; what was good stays in use.

    `content` is the hash of its bytes, and how often a person has already decided about them.
    """
    content_hash, decided = content
    what = f"{state.list_id}: a new file" if state.list_id else "A file that is no known list"
    in_use = [_in_use(current)] if state.list_id else []
    lines = [state.message, *in_use, "Look at it: tumen watch quarantine list"]
    return Event(
        event_id=event_id(EventKind.LIST_QUARANTINED, state.list_id, content_hash, str(decided)),
        kind=EventKind.LIST_QUARANTINED,
        severity=Severity.CRITICAL if state.list_id else Severity.HIGH,
        occurred_at=state.checked_at,
        title=f"{what} was put aside and not taken over",
        text="\n".join(lines),
        list_id=state.list_id,
        data={"place": place, "content_hash": content_hash, **_version_facts(current)},
    )


def list_unreachable(state: ListState, current: ListVersion | None) -> Event:
    """A list could not be had; one event for each time that it was lost, not for each attempt."""
    return Event(
        event_id=event_id(EventKind.LIST_UNREACHABLE, state.list_id, _since(state)),
        kind=EventKind.LIST_UNREACHABLE,
        severity=Severity.HIGH,
        occurred_at=state.checked_at,
        title=f"{state.list_id} could not be renewed",
        text=f"{state.message}\n{_in_use(current)}",
        list_id=state.list_id,
        data={"succeeded_at": _since(state) or None, **_version_facts(current)},
    )


def list_stale(
    state: ListState, stale_after_hours: int, current: ListVersion | None, now: datetime
) -> Event:
    """Nobody has had a good look at a list for longer than it may go unseen."""
    assert state.succeeded_at is not None
    hours = (now - state.succeeded_at).total_seconds() / 3600
    return Event(
        event_id=event_id(EventKind.LIST_STALE, state.list_id, _since(state)),
        kind=EventKind.LIST_STALE,
        severity=Severity.CRITICAL,
        occurred_at=now,
        title=f"{state.list_id} has not been renewed for {hours:,.0f} hours",
        text=f"{stale_after_hours} hours are allowed. {state.message}\n{_in_use(current)}",
        list_id=state.list_id,
        data={
            "succeeded_at": _since(state),
            "stale_after_hours": stale_after_hours,
            **_version_facts(current),
        },
    )


def _told(told: tuple[EntryChange, ...], version: ListVersion, delta: Delta) -> list[str]:
    before = f" after {delta.before_id}" if delta.before_id else ""
    lines = [f"{version.version_id}{before}, published {version.published_on or 'without a date'}"]
    lines += [_entry_line(one) for one in told[:MOST_TOLD]]
    if len(told) > MOST_TOLD:
        lines.append(f"and {len(told) - MOST_TOLD:,} more")
    if delta.before_id:
        lines.append(f"All of it: tumen lists diff {delta.before_id} {delta.after_id}")
    return lines


def _entry_line(change: EntryChange) -> str:
    what = ", ".join(one.field for one in change.fields)
    more = f" ({what})" if what else ""
    again = f", relisted from {change.relisted_from}" if change.relisted_from else ""
    return f"{change.kind.value}: {change.caption} [{change.entity_id}]{more}{again}"


def _in_use(current: ListVersion | None) -> str:
    if current is None:
        return "No version of it is loaded: nothing is screened against it."
    day = f"published {current.published_on}" if current.published_on else "of unknown date"
    return f"{current.version_id}, {day}, stays in use."


def _version_facts(current: ListVersion | None) -> dict[str, Any]:
    return {"version_in_use": current.version_id if current else None}


def _since(state: ListState) -> str:
    return state.succeeded_at.isoformat() if state.succeeded_at else ""


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({one for group in groups for one in group}))
