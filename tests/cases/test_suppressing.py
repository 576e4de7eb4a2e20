"""One person recommends to mute a hit; nothing is muted until another one approves it."""

from __future__ import annotations

import pytest
from desk import NOW, actor, proposal
from standing_desk import BOOK, PARTY, approved, opened, recommended, stand, standing, states

from tumen.cases import workflow
from tumen.cases.acting import act
from tumen.cases.keep import load
from tumen.cases.suppressing import recommend_suppression, release_alone
from tumen.cases.workflow import RefusedError
from tumen.errors import RequestError
from tumen.model.access import Role
from tumen.model.case import Actor, Case
from tumen.model.casework import CaseState, Outcome, ReasonCode
from tumen.model.watching import HitState, StandingHit
from tumen.screening.policy import Policy
from tumen.store import Store
from tumen.store.cases import CaseFilter

ANNA, BORIS = actor("anna", Role.ANALYST), actor("boris")


def _suppress(store: Store, entity_id: str, by: Actor = ANNA) -> Case:
    with store.writing() as work:
        return recommend_suppression(work, BOOK, PARTY, entity_id, proposal(), by, NOW)


def test_a_suppression_waits_in_the_case_of_its_party(store: Store) -> None:
    """A case comes of it where there is none; approved, the hit is muted and the case closed."""
    with store.writing() as work:
        stand(work, standing("un:1"))
    case = _suppress(store, "un:1")
    assert (case.state, case.subject_key) == (CaseState.RECOMMENDED, f"{BOOK}/{PARTY}")
    assert states(store) == {"un:1": HitState.OPEN}
    case, _ = approved(store, case, BORIS)
    assert (case.state, states(store)) == (CaseState.CLOSED, {"un:1": HitState.SUPPRESSED})


def test_it_joins_the_open_case(store: Store) -> None:
    """One party, one case; the recommendation is of this hit alone."""
    before = opened(store, ANNA, standing("un:1"), standing("un:2"))
    case = _suppress(store, "un:2")
    assert case.case_id == before.case_id
    assert case.pending is not None
    assert case.pending.entity_ids == ("un:2",)
    with pytest.raises(RefusedError, match="cannot be recommended"):
        _suppress(store, "un:1")


def test_the_hit_is_shown_as_it_stands(store: Store) -> None:
    """What changed since the case saw it comes into it first, so that the approver sees it."""
    before = opened(store, ANNA, standing("un:1"))
    with store.writing() as work:
        stand(work, standing("un:1", entry_hash="entry-2"))
    case = _suppress(store, "un:1")
    assert case.case_id == before.case_id
    assert [one.hits[0]["entry_hash"] for one in case.alerts] == ["entry-1", "entry-2"]
    approved(store, case, BORIS)
    assert states(store) == {"un:1": HitState.SUPPRESSED}


@pytest.mark.parametrize("is_done", [False, True])
def test_a_decided_case_is_reopened_for_it(store: Store, is_done: bool) -> None:
    """Two people called it a true match: to call it false takes a new decision of two."""
    said = proposal(reason=ReasonCode.TP_LIST, outcome=Outcome.FREEZE)
    case = opened(store, ANNA, standing("un:1"))
    case, _ = approved(store, recommended(store, case, said, ANNA), BORIS)
    if is_done:
        with store.writing() as work:
            done, close = workflow.record_action, workflow.close
            act(work, case.case_id, None, lambda one: done(one, "Frozen", ANNA, NOW))
            act(work, case.case_id, None, lambda one: close(one, ANNA, NOW))
    again = _suppress(store, "un:1")
    assert again.case_id == case.case_id
    assert again.reopened_for == "Anna recommends to suppress the hit on Listed un:1 [un:1]"
    assert again.due_at is not None
    case, _ = approved(store, again, BORIS)
    assert (case.state, states(store)) == (CaseState.CLOSED, {"un:1": HitState.SUPPRESSED})


@pytest.mark.parametrize(
    ("hits", "message"),
    [
        ([], "No hit of 'p-1' on 'un:1' stands"),
        ([standing("un:1", HitState.PROPOSED_RELEASE)], "proposed release, not open"),
        ([standing("un:1", HitState.SUPPRESSED)], "suppressed, not open"),
    ],
)
def test_only_an_open_hit_is_muted(store: Store, hits: list[StandingHit], message: str) -> None:
    """Nothing is written where there is nothing to suppress."""
    with store.writing() as work:
        stand(work, *hits)
    with pytest.raises(RequestError, match=message):
        _suppress(store, "un:1")
    with store.reading() as work:
        assert work.cases.count(CaseFilter()) == 0


def test_a_program_recommends_nothing(store: Store) -> None:
    """And no case is left behind by the attempt."""
    with store.writing() as work:
        stand(work, standing("un:1"))
    program = Actor("key:1", "", "key", ("decide",))
    with pytest.raises(RefusedError, match="takes people"):
        _suppress(store, "un:1", program)
    with store.reading() as work:
        assert work.cases.count(CaseFilter()) == 0


@pytest.mark.parametrize(
    ("line", "score", "is_allowed"),
    [(0.0, 0.0, False), (0.0, 0.7, False), (0.8, 0.79, True), (0.8, 0.8, False), (0.8, 1, False)],
)
def test_one_person_releases_below_the_line_alone(
    store: Store, line: float, score: float, is_allowed: bool
) -> None:
    """From the line on it takes two; without a line it always does."""
    with store.writing() as work:
        stand(work, standing("un:1", HitState.PROPOSED_RELEASE, score=score))
    policy = Policy(four_eyes_from=line)
    if is_allowed:
        with store.writing() as work:
            release_alone(work, BOOK, PARTY, "un:1", policy, NOW)
        assert states(store) == {}
        return
    with pytest.raises(RefusedError, match="recommend its release in its case"):
        _release(store, policy)
    assert states(store) == {"un:1": HitState.PROPOSED_RELEASE}


def _release(store: Store, policy: Policy) -> None:
    with store.writing() as work:
        release_alone(work, BOOK, PARTY, "un:1", policy, NOW)


def test_an_open_hit_is_released_by_nobody(store: Store) -> None:
    """Whatever the line: it is still a hit."""
    case = opened(store, ANNA, standing("un:1", score=0.1))
    with pytest.raises(RequestError, match="still a hit"):
        _release(store, Policy(four_eyes_from=1))
    with store.reading() as work:
        assert load(work, case.case_id) == case
