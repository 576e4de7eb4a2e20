"""A policy is proposed by one person, approved by another, and every version is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from desk import NOW, SENTENCE, actor
from sqlalchemy import text

from tumen.cases import workflow
from tumen.cases.acting import Approval, act, approve, open_by_hand
from tumen.cases.policies import effective_policy, hash_of, history, propose_policy
from tumen.cases.workflow import RefusedError
from tumen.errors import ConflictError, RequestError
from tumen.model.access import Role
from tumen.model.case import Actor, Case
from tumen.model.casework import CaseState, Origin, Outcome, Priority, ReasonCode
from tumen.screening.policy import Policy
from tumen.store import Store

ANNA, BORIS = actor("anna", Role.ANALYST), actor("boris")
FALLBACK = Policy("file")
STRICT = Policy("strict", "2", ("un_sc_sanctions",), 0.65, 0.5, 7, 0.8)


def _propose(store: Store, policy: Policy = STRICT, by: Actor = ANNA) -> Case:
    with store.writing() as work:
        return propose_policy(work, policy, SENTENCE, by, NOW)


def _approve(store: Store, case: Case, by: Actor = BORIS, days: int = 0) -> Approval:
    with store.writing() as work:
        return approve(work, case.case_id, None, "Agreed", by, NOW + timedelta(days=days))


def _held(store: Store) -> Policy:
    with store.reading() as work:
        return effective_policy(work, FALLBACK)


def test_a_policy_holds_once_a_second_person_approved_it(store: Store) -> None:
    """Until then the one before; afterwards it is in force, its case closed, all of it told."""
    case = _propose(store)
    assert (case.origin, case.state) == (Origin.POLICY, CaseState.RECOMMENDED)
    assert _held(store) == FALLBACK
    done = _approve(store, case)
    assert (done.case.state, done.effects) == (
        CaseState.CLOSED, ("The policy strict 2 is in force",)
    )  # fmt: skip
    assert _held(store) == STRICT
    with store.reading() as work:
        (version,) = history(work)
        (logged,) = [
            one.entry for one in work.audit.records() if one.entry.action == "policy put in force"
        ]
    assert (version.proposed_by, version.approved_by) == ("anna", "boris")
    assert (version.in_force_from, version.content_hash) == (NOW, hash_of(STRICT))
    assert (logged.actor, logged.after) == ("boris", hash_of(STRICT))


def test_the_last_approved_holds_and_all_are_kept(store: Store) -> None:
    """What was approved last counts, not what was proposed last; nothing is forgotten."""
    first = _propose(store)
    second = _propose(store, replace(STRICT, version="3"))
    third = _propose(store, replace(STRICT, version="4"))
    _approve(store, second)
    _approve(store, first, days=1)
    assert _held(store) == STRICT
    with store.reading() as work:
        kept = [(one.version, one.in_force_from) for one in history(work)]
    assert kept == [("4", None), ("3", NOW), ("2", NOW + timedelta(days=1))]
    assert third.state is CaseState.RECOMMENDED


@pytest.mark.parametrize(
    "by", [actor("anna"), actor("boris", deputises="anna"), replace(BORIS, person="")]
)
def test_one_pair_of_eyes_puts_nothing_in_force(store: Store, by: Actor) -> None:
    """Neither the one who proposed it in another role, nor their deputy, nor a program."""
    case = _propose(store)
    with pytest.raises(RefusedError):
        _approve(store, case, by)
    assert _held(store) == FALLBACK


def test_a_proposal_can_be_dropped(store: Store) -> None:
    """Returned, and recommended to be rejected: its case closes and nothing changes."""
    case = _propose(store)
    said = workflow.Proposal(ReasonCode.NO_POLICY, Outcome.REJECT, SENTENCE, ("minutes",))
    with store.writing() as work:
        back = workflow.send_back
        act(work, case.case_id, None, lambda one: back(one, SENTENCE, BORIS, NOW))
        act(work, case.case_id, None, lambda one: workflow.recommend(one, said, ANNA, NOW))
    assert _approve(store, case).case.state is CaseState.CLOSED
    assert _held(store) == FALLBACK


def test_a_version_has_one_content(store: Store) -> None:
    """Two policies of one name and version cannot be told apart; the same again is no change."""
    case = _propose(store)
    with pytest.raises(ConflictError, match="give the new one another version"):
        _propose(store, replace(STRICT, threshold=0.9))
    _approve(store, case)
    with pytest.raises(ConflictError, match="strict 2 is in force already"):
        _propose(store)


def test_a_policy_case_without_a_policy_puts_nothing_in_force(store: Store) -> None:
    """A case that was opened by hand under this origin names no content."""
    opening = workflow.Opening(Origin.POLICY, "Policy x 1", "policy/x", Priority.P3)
    said = workflow.Proposal(ReasonCode.NO_POLICY, Outcome.ADOPT, SENTENCE, ("minutes",))
    with store.writing() as work:
        case = open_by_hand(work, opening, ANNA, NOW)
        act(work, case.case_id, None, lambda one: workflow.recommend(one, said, ANNA, NOW))
    with pytest.raises(RequestError, match="has no policy"):
        _approve(store, case)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE policy_proposal SET content = '{}'",
        "DELETE FROM policy_proposal",
        "UPDATE policy_in_force SET approved_by = 'x'",
        "DELETE FROM policy_in_force",
    ],
)
def test_the_database_refuses_to_rewrite_policies(store: Store, change: str) -> None:
    """Which policy held on a day is evidence."""
    _approve(store, _propose(store))
    with pytest.raises(RequestError, match="only ever added to"), store.writing() as work:
        work._connection.execute(text(change))
    assert _held(store) == STRICT


def test_screening_does_not_depend_on_how_many_decide() -> None:
    """A book is not screened anew because the line of four eyes moved; for the rest it is."""
    assert STRICT.screens_as(replace(STRICT, four_eyes_from=0.1))
    assert not STRICT.screens_as(replace(STRICT, threshold=0.7))
    with pytest.raises(RequestError, match="Four eyes count from 0 to 1"):
        Policy(four_eyes_from=1.5)
