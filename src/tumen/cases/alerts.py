"""Standing hits as alerts: what of them a case has seen, and how urgent they are. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tumen.cases.workflow import decisions_in_force
from tumen.model.case import Alert, Case
from tumen.model.casework import Outcome, Priority
from tumen.model.watching import HitState, ScreeningRun, StandingHit

# From these scores on an alert is as urgent as this.
_URGENT: tuple[tuple[float, Priority], ...] = ((0.95, Priority.P2), (0.85, Priority.P3))


def priority_of(alert: Alert) -> Priority:
    """How soon an alert is to be looked at: by its best score, or an identifier that agrees."""
    if any(_has_identifier(hit) for hit in alert.hits):
        return Priority.P2
    return next((one for least, one in _URGENT if alert.score >= least), Priority.P4)


def alert_of(
    hits: Sequence[StandingHit],
    run: ScreeningRun | None,
    subject: Mapping[str, Any],
    policy: Mapping[str, Any],
    now: datetime,
    note: str = "",
) -> Alert:
    """The alert that hits of one party and one screening make, as they stand now.

    `policy` is what to name where the screening itself is not stored.
    """
    first = hits[0]
    return Alert(
        alert_id=_alert_id(hits),
        book_id=first.book_id,
        party_id=first.party_id,
        screening_id=first.screening_id,
        raised_at=now,
        subject=subject,
        hits=tuple(hit_as_seen(one) for one in hits),
        versions=run.versions if run else (),
        note=note,
        policy=run.policy if run else policy,
    )


def hit_as_seen(one: StandingHit) -> dict[str, Any]:
    """A standing hit as an alert keeps it: all that a reviewer needs of it."""
    return {
        **one.hit.to_dict(),
        "state": one.state.value,
        "note": one.note,
        "party_hash": one.party_hash,
        "entry_hash": one.entry_hash,
        "known_from": one.known_from.isoformat(),
    }


def last_shown(case: Case, one: StandingHit) -> tuple[Alert, Mapping[str, Any]] | None:
    """The last alert of a case that shows a hit of this pair, and the hit as it shows it."""
    for alert in reversed(case.alerts):
        if (alert.book_id, alert.party_id) == (one.book_id, one.party_id):
            for hit in alert.hits:
                if hit["entity_id"] == one.hit.entity_id:
                    return alert, hit
    return None


def is_dealt_with(case: Case, one: StandingHit) -> bool:
    """Whether a hit is before people in this case as it stands, or was decided so."""
    shown = last_shown(case, one)
    if shown is None:
        return False
    _, hit = shown
    decision = decisions_in_force(case).get(one.hit.entity_id)
    if (hit.get("party_hash"), hit.get("entry_hash")) != (one.party_hash, one.entry_hash):
        return False
    if decision is None:
        return hit.get("state") == one.state.value
    if decision.recommendation.outcome is Outcome.RELEASE:
        # It was muted or let go of, and is here again: that has ended.
        return False
    return one.state is HitState.OPEN or hit.get("state") == one.state.value


def _alert_id(hits: Sequence[StandingHit]) -> str:
    first = hits[0]
    said = [first.book_id, first.party_id, first.screening_id]
    said += [f"{one.hit.entity_id} {one.known_from.isoformat()}" for one in hits]
    mark = hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
    return f"alert-{mark}"


def _has_identifier(hit: Mapping[str, Any]) -> bool:
    # One that agrees raises the score; one that differs lowers it.
    reasons = hit.get("reasons", ())
    return any(one["feature"] == "identifier" and one["effect"] > 0 for one in reasons)
