"""What a person decides of a standing hit: mute it as a false positive, or release what fell away.

A suppression is of one pair as it was seen. It mutes no other hit, and none of this pair once a
side has changed materially.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime

from tumen.errors import RequestError
from tumen.model.watching import HitState, StandingHit, Suppression
from tumen.store.work import Work


def suppress(
    work: Work,
    book_id: str,
    party_id: str,
    entity_id: str,
    *,
    reason: str,
    decided_by: str,
    now: datetime,
    expires_on: date | None = None,
) -> Suppression:
    """Mute a hit that a person found to be false, until a side changes or its last day is over.

    Raises RequestError where the hit does not stand open, without a reason or a person, or for
    a last day that is over.
    """
    hit = _standing(work, book_id, party_id, entity_id)
    if hit.state is not HitState.OPEN:
        raise RequestError(f"{_words(hit)} is {hit.state.value}, not open: nothing to suppress")
    if not reason.strip() or not decided_by.strip():
        raise RequestError("A suppression needs a reason and the person who decided it")
    if expires_on is not None and expires_on < now.date():
        raise RequestError(f"{expires_on} is over: give a day to come")
    decided = Suppression(
        suppression_id=_mark(book_id, party_id, entity_id, now),
        book_id=book_id,
        party_id=party_id,
        entity_id=entity_id,
        party_hash=hit.party_hash,
        entry_hash=hit.entry_hash,
        reason=reason,
        decided_by=decided_by,
        decided_at=now,
        expires_on=expires_on,
    )
    work.suppressions.add(decided)
    muted = replace(hit, state=HitState.SUPPRESSED, known_from=now, note=reason)
    work.hits.replace([hit], [muted], now)
    return decided


def lift(work: Work, suppression_id: str, *, reason: str, now: datetime) -> Suppression:
    """End a suppression by decision; the hit that it muted is open again.

    Raises RequestError where there is none, or it has ended.
    """
    found = work.suppressions.get(suppression_id)
    if found is None or found.lapsed_at is not None:
        raise RequestError(f"There is no suppression {suppression_id!r} in force")
    work.suppressions.lapse(suppression_id, now, reason)
    muted = work.hits.standing(
        found.book_id,
        party_ids=[found.party_id],
        entity_ids=[found.entity_id],
        states=[HitState.SUPPRESSED],
    )
    again = [replace(hit, state=HitState.OPEN, known_from=now, note="") for hit in muted]
    work.hits.replace(muted, again, now)
    return replace(found, lapsed_at=now, lapse_reason=reason)


def release(
    work: Work, book_id: str, party_id: str, entity_id: str, *, now: datetime
) -> StandingHit:
    """Let go of a hit that fell away; what was known of it stays. Returns it as it stood.

    Raises RequestError where it is not proposed for release: a hit that is one is decided
    otherwise.
    """
    hit = _standing(work, book_id, party_id, entity_id)
    if hit.state is not HitState.PROPOSED_RELEASE:
        raise RequestError(f"{_words(hit)} is {hit.state.value}: it is still a hit")
    work.hits.replace([hit], [], now)
    return hit


def _standing(work: Work, book_id: str, party_id: str, entity_id: str) -> StandingHit:
    found = work.hits.standing(book_id, party_ids=[party_id], entity_ids=[entity_id])
    if not found:
        raise RequestError(f"No hit of {party_id!r} on {entity_id!r} stands in {book_id!r}")
    return found[0]


def _words(hit: StandingHit) -> str:
    return f"The hit of {hit.party_id!r} on {hit.hit.entity_id!r}"


def _mark(book_id: str, party_id: str, entity_id: str, now: datetime) -> str:
    said = "\n".join((book_id, party_id, entity_id, now.isoformat()))
    return f"sup-{hashlib.sha256(said.encode()).hexdigest()[:16]}"
