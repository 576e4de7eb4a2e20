"""Standing hits in two times: what stands, and what was known to stand at any past instant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stored_things import NOW, a_hit, later, trial

from tumen.errors import RequestError
from tumen.model.watching import HitState, StandingHit
from tumen.store import Store, Work


def pairs(hits: list[StandingHit]) -> list[tuple[str, str]]:
    """Who is hit by what."""
    return [(hit.party_id, hit.hit.entity_id) for hit in hits]


def test_a_hit_comes_back_as_it_went_in(store: Store) -> None:
    """Score, reasons and fingerprints are what a later decision rests on."""
    with store.writing() as work:
        work.hits.replace([], [a_hit(note="new listing", screening_id="S1")], NOW)
    with store.reading() as work:
        assert work.hits.standing("clients") == [a_hit(note="new listing", screening_id="S1")]


def test_a_change_closes_a_row_and_opens_another(store: Store) -> None:
    """The past is not edited: both states can be told, each with its instants."""
    changed = a_hit(state=HitState.PROPOSED_RELEASE, note="delisted")
    with store.writing() as work:
        work.hits.replace([], [a_hit()], NOW)
        work.hits.replace([a_hit()], [changed], later(60))
    with store.reading() as work:
        assert work.hits.history("clients", "P1", "toy-1") == [
            a_hit(known_to=later(60)),
            replace(changed, known_from=later(60)),
        ]
        (before,) = work.hits.standing("clients", known_at=later(59))
        (after,) = work.hits.standing("clients", known_at=later(60))
        assert (before.state, after.state) == (HitState.OPEN, HitState.PROPOSED_RELEASE)
        assert work.hits.standing("clients", known_at=later(-1)) == []


def test_what_can_be_asked_for(store: Store) -> None:
    """Parties, entities and states, each alone and together; no ids ask for no hits."""
    opened = [a_hit(party, entity) for party in (1, 2, 10) for entity in (1, 2)]
    opened[0] = replace(opened[0], state=HitState.SUPPRESSED)
    with store.writing() as work:
        work.hits.replace([], [*opened, a_hit(book_id="suppliers")], NOW)
    with store.reading() as work:

        def found(**wanted: object) -> list[tuple[str, str]]:
            return pairs(work.hits.standing("clients", **wanted))

        assert found() == [(p, e) for p in ("P1", "P10", "P2") for e in ("toy-1", "toy-2")]
        assert found(party_ids=["P2"]) == [("P2", "toy-1"), ("P2", "toy-2")]
        assert found(entity_ids=["toy-2", "toy-9"], party_ids=["P1", "P2"]) == [
            ("P1", "toy-2"),
            ("P2", "toy-2"),
        ]
        assert found(states=[HitState.SUPPRESSED]) == [("P1", "toy-1")]
        assert found(party_ids=[]) == found(entity_ids=[]) == found(states=[]) == []
        assert found(limit=2) == [("P1", "toy-1"), ("P1", "toy-2")]
        assert found(limit=2, after=("P1", "toy-2")) == [("P10", "toy-1"), ("P10", "toy-2")]
        assert found(after=("P2", "toy-2")) == []
        assert work.hits.standing("nobody") == []


def test_thousands_of_ids_can_be_asked_for_at_once(store: Store) -> None:
    """More than one statement takes; the order and the limit hold over all of them."""
    with store.writing() as work:
        work.hits.replace([], [a_hit(number) for number in range(2500)], NOW)
        ids = [f"P{number}" for number in range(5000)]
        found = work.hits.standing("clients", party_ids=ids, limit=1500)
        assert pairs(found) == [(party, "toy-1") for party in sorted(ids[:2500])[:1500]]
        work.hits.replace(found, [], later(1))
        assert len(work.hits.standing("clients")) == 1000
        assert len(work.hits.standing("clients", known_at=NOW)) == 2500


@pytest.mark.parametrize(
    ("closing", "opening", "at", "problem"),
    [
        ([a_hit(2)], [], later(1), "does not stand"),
        ([], [a_hit()], later(1), "stands already"),
        ([a_hit()], [], later(-1), "see to the clock"),
        ([a_hit(3)], [], later(9), "does not stand"),
        ([], [a_hit(3)], later(4), "see to the clock"),
    ],
)
def test_what_contradicts_the_store_is_refused(
    store: Store,
    closing: list[StandingHit],
    opening: list[StandingHit],
    at: object,
    problem: str,
) -> None:
    """A stale view or a clock that went wrong must not bend the history."""
    with store.writing() as work:
        work.hits.replace([], [a_hit(), a_hit(3)], NOW)
        work.hits.replace([a_hit(3)], [], later(5))
    with pytest.raises(RequestError, match=problem), store.writing() as work:
        work.hits.replace(closing, opening, at)
    with store.reading() as work:
        assert pairs(work.hits.standing("clients")) == [("P1", "toy-1")]


# Seconds that pass, who is closed of those who stand, who is opened of those who do not.
changes = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sets(st.integers(1, 4)),
        st.sets(st.integers(1, 4)),
        st.sampled_from(HitState),
    ),
    max_size=8,
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes)
def test_every_past_instant_answers_as_it_did(
    store: Store, steps: list[tuple[int, set[int], set[int], HitState]]
) -> None:
    """Whatever was closed and opened, each instant gives what stood when it was the present."""
    with trial(store) as work:
        second, seen, standing = 0, {-1: dict[str, HitState]()}, dict[str, HitState]()
        for passing, closing, opening, state in steps:
            second += passing
            _apply(work, standing, closing, opening, state, second)
            seen[second] = dict(standing)
        for instant in range(-1, second + 2):
            then = seen[max(known for known in seen if known <= instant)]
            found = work.hits.standing("clients", known_at=later(instant))
            assert {hit.party_id: hit.state for hit in found} == then
        now = work.hits.standing("clients")
        assert {hit.party_id: hit.state for hit in now} == standing


def _apply(
    work: Work,
    standing: dict[str, HitState],
    closing: set[int],
    opening: set[int],
    state: HitState,
    second: int,
) -> None:
    """The same change in the store and in a plain dictionary."""
    closed = {f"P{n}" for n in closing} & set(standing)
    opened = {f"P{n}" for n in opening} - (set(standing) - closed)
    hits = {hit.party_id: hit for hit in work.hits.standing("clients")}
    new = [a_hit(int(party[1:]), state=state) for party in opened]
    work.hits.replace([hits[party] for party in closed], new, later(second))
    for party in closed:
        del standing[party]
    standing.update(dict.fromkeys(opened, state))
