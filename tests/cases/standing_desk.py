"""A stored book with standing hits, for tests of what people decide of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desk import NOW

from tumen.cases.acting import act, approve, open_by_hand
from tumen.cases.workflow import Opening, Proposal, recommend
from tumen.model.case import Actor, Alert, Case
from tumen.model.casework import Origin, Priority
from tumen.model.screening import Hit
from tumen.model.watching import HitState, StandingHit
from tumen.store import Store
from tumen.store.work import Work

BOOK, PARTY = "partners", "p-1"


def standing(
    entity_id: str,
    state: HitState = HitState.OPEN,
    *,
    party_id: str = PARTY,
    score: float = 0.8,
    party_hash: str = "party-1",
    entry_hash: str = "entry-1",
    at: datetime = NOW,
    note: str = "",
    screening_id: str = "screening-1",
) -> StandingHit:
    """A hit as a screening would leave it."""
    list_id = entity_id.partition(":")[0]
    hit = Hit(entity_id, list_id, "Person", f"Listed {entity_id}", score, True, (), "Alike.")
    return StandingHit(
        BOOK, party_id, hit, state, party_hash, entry_hash, at, screening_id=screening_id, note=note
    )


def seen(one: StandingHit) -> Mapping[str, Any]:
    """The hit as an alert shows it."""
    return {
        **one.hit.to_dict(),
        "state": one.state.value,
        "party_hash": one.party_hash,
        "entry_hash": one.entry_hash,
        "known_from": one.known_from.isoformat(),
    }


def stand(work: Work, *hits: StandingHit) -> None:
    """Let hits stand in the place of what stood for their pairs."""
    pairs = {(one.party_id, one.hit.entity_id) for one in hits}
    before = [one for one in work.hits.standing(BOOK) if (one.party_id, one.hit.entity_id) in pairs]
    work.hits.replace(before, hits, max((one.known_from for one in hits), default=NOW))


def states(store: Store, party_id: str = PARTY) -> dict[str, HitState]:
    """Entity id → the state in which its hit stands."""
    with store.reading() as work:
        found = work.hits.standing(BOOK, party_ids=[party_id])
    return {one.hit.entity_id: one.state for one in found}


def opened(store: Store, actor: Actor, *hits: StandingHit) -> Case:
    """A case about hits that stand."""
    opening = Opening(Origin.HIT, "Kim Chol", f"{BOOK}/{PARTY}", Priority.P3)
    alert = Alert("alert-1", BOOK, PARTY, "screening-1", NOW, {}, tuple(map(seen, hits)))
    with store.writing() as work:
        stand(work, *hits)
        return open_by_hand(work, opening, actor, NOW, [alert])


def recommended(store: Store, case: Case, said: Proposal, actor: Actor) -> Case:
    """The case with a recommendation that waits."""
    with store.writing() as work:
        return act(work, case.case_id, None, lambda case: recommend(case, said, actor, NOW))


def approved(store: Store, case: Case, actor: Actor) -> tuple[Case, tuple[str, ...]]:
    """The case after its approval, and what followed."""
    with store.writing() as work:
        done = approve(work, case.case_id, case.sequence, "Agreed", actor, NOW)
    return done.case, done.effects
