"""What a screening of a book changed, and the rules by which hits come, stay and fall away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from tumen.model.screening import Hit, Screening
from tumen.model.watching import HitState, StandingHit, Suppression

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a screening of a book brought, each with the hit as it stands now.

    `opened` are hits that a person has to look at: new ones, and those whose suppression
    lapsed or that came back. `changed` stood before and stand now, otherwise. `proposed` fell
    away and are proposed for release. `suppressed` are new and muted. `lapsed` are the
    suppressions that ended. `not_screened` are parties that could not be screened: what stood
    for them still stands.
    """

    opened: tuple[StandingHit, ...] = ()
    changed: tuple[StandingHit, ...] = ()
    proposed: tuple[StandingHit, ...] = ()
    suppressed: tuple[StandingHit, ...] = ()
    lapsed: tuple[Suppression, ...] = ()
    not_screened: tuple[Screening, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {name: len(getattr(self, name)) for name in self.__slots__}

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        hits = {
            name: [standing_to_dict(one) for one in getattr(self, name)]
            for name in ("opened", "changed", "proposed", "suppressed")
        }
        return {
            "counts": self.counts,
            **hits,
            "lapsed": [suppression_to_dict(one) for one in self.lapsed],
            "not_screened": [one.to_dict() for one in self.not_screened],
        }


class Ground(NamedTuple):
    """What the rules go by: the material fingerprints of both sides as they are now.

    An entity that is on none of the lists, and a party that is not in the book, is missing.
    `lists` are those that are screened against, each with its version.
    """

    book_id: str
    screening_id: str
    parties: Mapping[str, str]
    entries: Mapping[str, str]
    lists: Mapping[str, str]
    at: datetime


class Settled(NamedTuple):
    """The hits to close and to open in the store, and the same as changes."""

    closing: Sequence[StandingHit]
    opening: Sequence[StandingHit]
    changes: Changes


def settle(
    ground: Ground,
    screened: Iterable[Screening],
    standing: Iterable[StandingHit],
    suppressions: Iterable[Suppression],
) -> Settled:
    """Compare what was found with what stands, party by party.

    `screened` are the outcomes of all parties that are looked at (a party without an outcome
    has no hit any more), `standing` all that stands for them, `suppressions` those of the book
    that have not lapsed yet.
    """
    lapsed = tuple(_lapsed(ground, suppressions))
    ended = {one.suppression_id for one in lapsed}
    muted = {
        (one.party_id, one.entity_id): one
        for one in suppressions
        if one.suppression_id not in ended
    }
    outcomes = list(screened)
    unscreened = tuple(one for one in outcomes if not one.was_screened)
    kept = {one.subject_id for one in unscreened}
    found = {
        (one.subject_id, hit.entity_id): hit for one in outcomes for hit in one.hits if hit.is_hit
    }
    before = {_pair(one): one for one in standing if one.party_id not in kept}
    after = {pair: _found(ground, pair, hit, muted.get(pair)) for pair, hit in found.items()}
    for pair, one in before.items():
        if pair not in after:
            after[pair] = _fallen(ground, one)
    moved = {
        pair: one for pair, one in after.items() if _content(before.get(pair)) != _content(one)
    }
    ordered = [(before.get(pair), moved[pair]) for pair in sorted(moved)]
    return Settled(
        [old for old, _ in ordered if old is not None],
        [new for _, new in ordered],
        _sorted_out(ordered, lapsed, unscreened),
    )


def _sorted_out(
    moved: Iterable[tuple[StandingHit | None, StandingHit]],
    lapsed: tuple[Suppression, ...],
    unscreened: tuple[Screening, ...],
) -> Changes:
    kinds: dict[str, list[StandingHit]] = {
        "opened": [], "changed": [], "proposed": [], "suppressed": [],
    }  # fmt: skip
    for old, new in moved:
        if old is not None and old.state is new.state:
            kinds["changed"].append(new)
        elif new.state is HitState.OPEN:
            kinds["opened"].append(new)
        elif new.state is HitState.PROPOSED_RELEASE:
            kinds["proposed"].append(new)
        else:
            kinds["suppressed"].append(new)
    parts = {name: tuple(hits) for name, hits in kinds.items()}
    return Changes(**parts, lapsed=lapsed, not_screened=unscreened)


def covers(suppression: Suppression, party_hash: str, entry_hash: str) -> bool:
    """Whether a suppression is of these two sides as they are."""
    return (suppression.party_hash, suppression.entry_hash) == (party_hash, entry_hash)


def _lapsed(ground: Ground, suppressions: Iterable[Suppression]) -> Iterator[Suppression]:
    """The suppressions that end now. A side that is gone, or not looked at, ends none."""
    for one in suppressions:
        reason = ""
        if one.expires_on is not None and one.expires_on < ground.at.date():
            reason = f"Its date passed: {one.expires_on.isoformat()}"
        elif ground.parties.get(one.party_id, one.party_hash) != one.party_hash:
            reason = "The party changed materially"
        elif ground.entries.get(one.entity_id, one.entry_hash) != one.entry_hash:
            reason = "The entry changed materially"
        if reason:
            yield replace(one, lapsed_at=ground.at, lapse_reason=reason)


def _found(ground: Ground, pair: Pair, hit: Hit, muted: Suppression | None) -> StandingHit:
    party_hash, entry_hash = ground.parties[pair[0]], ground.entries[pair[1]]
    state, note = HitState.OPEN, ""
    if muted is not None and covers(muted, party_hash, entry_hash):
        state, note = HitState.SUPPRESSED, muted.reason
    return StandingHit(
        ground.book_id,
        pair[0],
        hit,
        state,
        party_hash,
        entry_hash,
        ground.at,
        screening_id=ground.screening_id,
        note=note,
    )


def _fallen(ground: Ground, before: StandingHit) -> StandingHit:
    """A hit that is none any more: proposed for release, as it was seen last."""
    if before.state is HitState.PROPOSED_RELEASE:
        return before
    return replace(
        before,
        state=HitState.PROPOSED_RELEASE,
        known_from=ground.at,
        screening_id=ground.screening_id,
        note=_why_fallen(ground, before),
    )


def _why_fallen(ground: Ground, before: StandingHit) -> str:
    hit = before.hit
    if before.party_id not in ground.parties:
        return "The party is no longer in the book"
    if hit.list_id not in ground.lists:
        return f"The list {hit.list_id} is no longer screened against"
    if hit.entity_id not in ground.entries:
        return f"The entry is not on {ground.lists[hit.list_id]}; evidence of a delisting, no proof"
    if ground.entries[hit.entity_id] != before.entry_hash:
        return f"The entry changed: see {ground.lists[hit.list_id]}"
    if ground.parties[before.party_id] != before.party_hash:
        return "The party changed"
    return "Under this policy and engine it is no hit"


def _pair(one: StandingHit) -> Pair:
    return one.party_id, one.hit.entity_id


def _content(one: StandingHit | None) -> tuple[Any, ...] | None:
    """What makes two standing hits the same, whenever they were found."""
    if one is None:
        return None
    return one.hit, one.state, one.party_hash, one.entry_hash, one.note


def standing_to_dict(one: StandingHit) -> dict[str, Any]:
    """JSON-ready form."""
    return {
        "book_id": one.book_id,
        "party_id": one.party_id,
        "state": one.state.value,
        "note": one.note,
        "known_from": one.known_from.isoformat(),
        "known_to": one.known_to.isoformat() if one.known_to else None,
        "screening_id": one.screening_id,
        "party_hash": one.party_hash,
        "entry_hash": one.entry_hash,
        "hit": one.hit.to_dict(),
    }


def suppression_to_dict(one: Suppression) -> dict[str, Any]:
    """JSON-ready form."""
    return {
        "suppression_id": one.suppression_id,
        "book_id": one.book_id,
        "party_id": one.party_id,
        "entity_id": one.entity_id,
        "reason": one.reason,
        "decided_by": one.decided_by,
        "decided_at": one.decided_at.isoformat(),
        "expires_on": one.expires_on.isoformat() if one.expires_on else None,
        "lapsed_at": one.lapsed_at.isoformat() if one.lapsed_at else None,
        "lapse_reason": one.lapse_reason,
    }
