"""A case opened from what a screening found: the outcome of one subject as its alert."""

from __future__ import annotations

import hashlib
from datetime import datetime

from tumen.cases.acting import open_by_hand
from tumen.cases.alerts import hit_as_seen, priority_of
from tumen.cases.workflow import Opening
from tumen.errors import ConflictError, RequestError
from tumen.model.case import Actor, Alert, Case
from tumen.model.casework import Origin
from tumen.service.casework import due_from
from tumen.service.pages.screen_data import RunShown, subject_key, subject_of
from tumen.service.problems import not_found
from tumen.store.work import Work


def open_case(work: Work, shown: RunShown, position: int, actor: Actor, now: datetime) -> Case:
    """Open a case about one outcome.

    Raises ConflictError where there is a case about it already, RequestError where it found
    nothing that somebody could decide.
    """
    run = shown.run
    found = work.screenings.outcome_at(run.screening_id, position)
    if found is None:
        raise not_found(f"row {position} in screening {run.screening_id}")
    if not found.hits:
        raise RequestError("There is no hit to decide about: keep the evidence file instead")
    key = subject_key(shown, found, position)
    if earlier := work.cases.of_subjects([key]):
        raise ConflictError(f"There is a case about this already: {earlier[0].case_id}")
    standing = {
        one.hit.entity_id: hit_as_seen(one)
        for one in work.hits.standing(shown.book_id, party_ids=[found.subject_id])
    }
    mark = hashlib.sha256(f"{run.screening_id} {position}".encode()).hexdigest()[:16]
    alert = Alert(
        alert_id=f"alert-{mark}",
        book_id=shown.book_id,
        party_id=found.subject_id,
        screening_id=run.screening_id,
        raised_at=now,
        subject=subject_of(work, shown, found),
        hits=tuple(standing.get(hit.entity_id) or hit.to_dict() for hit in found.hits),
        versions=run.versions,
        note="Screened by hand",
        policy=run.policy,
    )
    priority = priority_of(alert)
    title = found.caption or found.subject_id
    opening = Opening(Origin.MANUAL, title, key, priority, due_from(work, priority, now))
    return open_by_hand(work, opening, actor, now, [alert])
