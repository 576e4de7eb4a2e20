"""What an approved decision does at once to the hits it speaks of, and how that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tumen.errors import RequestError
from tumen.model.audit import AuditEntry
from tumen.model.case import Case, Decision
from tumen.model.casework import Outcome, Verdict
from tumen.model.watching import HitState, StandingHit
from tumen.screening.decide import lift, release, suppress
from tumen.store.work import Work

# (book id, party id, entity id).
_Pair = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Effects:
    """What followed, in words. `is_done`: nothing is left for people to carry out.

    `has_changed_hits`: a decided hit is no longer what was looked at, so it was left as it is.
    """

    words: tuple[str, ...] = ()
    is_done: bool = False
    has_changed_hits: bool = False


def carry_out(work: Work, looked_at: Case, case: Case, now: datetime) -> Effects:
    """Do what the last decision of `case` says of the hits of `looked_at`.

    `looked_at` is the case as it was when the decision was recommended: a hit that stands
    otherwise by now is left alone and named.
    """
    decision = case.decision
    assert decision is not None
    recommendation = decision.recommendation
    hits = hits_of(looked_at, recommendation.entity_ids)
    if recommendation.outcome is Outcome.RELEASE:
        told = [_let_go(work, pair, hit, decision, now) for pair, hit in hits.items()]
        words = tuple(text for text, _ in told)
        return Effects(words, True, any(is_changed for _, is_changed in told))
    if recommendation.outcome is Outcome.ADOPT:
        return Effects((_put_in_force(work, case, decision, now),), True)
    if recommendation.reason.verdict is Verdict.TRUE_MATCH:
        return Effects(tuple(_unmute(work, hits, decision, now)))
    return Effects(is_done=recommendation.reason.verdict is Verdict.NO_MATCH_ASKED)


def hits_of(case: Case, entity_ids: tuple[str, ...]) -> dict[_Pair, Mapping[str, Any]]:
    """The hits of a case on these entities, each as it was last seen."""
    return {
        (alert.book_id, alert.party_id, str(hit["entity_id"])): hit
        for alert in case.alerts
        for hit in alert.hits
        if hit["entity_id"] in entity_ids
    }


def is_as_seen(seen: Mapping[str, Any], hit: StandingHit) -> bool:
    """Whether a hit is of the two sides that somebody looked at, and not worse than by then."""
    hashes = seen.get("party_hash"), seen.get("entry_hash")
    if hashes != (hit.party_hash, hit.entry_hash):
        return False
    return hit.state is not HitState.OPEN or seen.get("state") != HitState.PROPOSED_RELEASE.value


def _let_go(
    work: Work, pair: _Pair, seen: Mapping[str, Any], decision: Decision, now: datetime
) -> tuple[str, bool]:
    """Mute or release one hit; what happened in words, and whether it stands otherwise by now."""
    book_id, _, _ = pair
    name = _words(pair, seen)
    if not book_id:
        return f"{name} is released; it was screened by hand, so there is nothing to mute", False
    hit = _standing(work, pair)
    if hit is None:
        return f"{name} no longer stands", False
    if not is_as_seen(seen, hit):
        return f"{name} changed since it was looked at, and stays {hit.state.value}", True
    if hit.state is HitState.SUPPRESSED:
        return f"{name} is suppressed already", False
    if hit.state is HitState.PROPOSED_RELEASE:
        release(work, *pair, now=now)
        return f"{name} is released", False
    recommendation = decision.recommendation
    made = suppress(
        work,
        *pair,
        reason=f"{recommendation.reason.value}: {recommendation.text}",
        decided_by=f"{recommendation.by.user_id}, {decision.approved_by.user_id}",
        now=now,
        expires_on=recommendation.until,
    )
    until = f" until {made.expires_on}" if made.expires_on else ""
    return f"{name} is suppressed{until} ({made.suppression_id})", False


def _unmute(
    work: Work, hits: Mapping[_Pair, Mapping[str, Any]], decision: Decision, now: datetime
) -> Iterator[str]:
    """A true match that was muted is open again."""
    reason = f"{decision.recommendation.reason.value}: {decision.recommendation.text}"
    for (book_id, party_id, entity_id), seen in hits.items():
        for one in work.suppressions.active(book_id, now):
            if (one.party_id, one.entity_id) == (party_id, entity_id):
                lift(work, one.suppression_id, reason=reason, now=now)
                yield f"{_words((book_id, party_id, entity_id), seen)} is no longer suppressed"


def _put_in_force(work: Work, case: Case, decision: Decision, now: datetime) -> str:
    """The policy of this case holds from now on."""
    proposed, held = work.policies.of_case(case.case_id), work.policies.in_force()
    if proposed is None:
        raise RequestError(f"Case {case.case_id} has no policy to put in force")
    by = decision.approved_by.user_id
    version = replace(proposed, approved_by=by, in_force_from=now)
    work.policies.put_in_force(version)
    work.audit.append(
        AuditEntry(
            now,
            by,
            "policy put in force",
            version.policy_id,
            reason=proposed.text,
            before=held.content_hash if held else "",
            after=version.content_hash,
            details={"case_id": case.case_id, "proposed_by": proposed.proposed_by},
        )
    )
    return f"The policy {version.label} is in force"


def _standing(work: Work, pair: _Pair) -> StandingHit | None:
    book_id, party_id, entity_id = pair
    found = work.hits.standing(book_id, party_ids=[party_id], entity_ids=[entity_id])
    return found[0] if found else None


def _words(pair: _Pair, seen: Mapping[str, Any]) -> str:
    book_id, party_id, entity_id = pair
    caption = seen.get("caption") or entity_id
    # Without a book the id is that of a row, and says nothing to anybody.
    whose = f" of {party_id}" if book_id else ""
    return f"The hit{whose} on {caption} [{entity_id}]"
