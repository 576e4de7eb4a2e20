"""Four eyes and the moves of a case: what is allowed, and what is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from desk import NOW, SENTENCE, Desk, actor, alert, proposal
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.cases import workflow
from tumen.cases.history import after
from tumen.cases.workflow import RefusedError
from tumen.errors import RequestError
from tumen.model.access import Role
from tumen.model.case import Actor, Case, CaseRecord
from tumen.model.casework import CaseState, Outcome, Priority, ReasonCode, Verdict

ANNA, BORIS, CHUN = actor("anna", Role.ANALYST), actor("boris"), actor("chun")


def _decided(*entity_ids: str) -> Desk:
    desk = Desk(*entity_ids)
    desk.add(workflow.recommend(desk.case, proposal(), ANNA, NOW))
    desk.add(workflow.approve(desk.case, "Agreed", BORIS, NOW))
    return desk


def test_a_case_from_alert_to_closed() -> None:
    """The whole way: every state in its order, the decision with both people in it."""
    desk = Desk("un:1")
    assert desk.case.state is CaseState.NEW
    desk.add(workflow.assign(desk.case, "anna", ANNA, NOW))
    desk.add(workflow.move(desk.case, CaseState.INVESTIGATING, ANNA, NOW))
    desk.add(workflow.recommend(desk.case, proposal(), ANNA, NOW))
    assert desk.case.decision is None
    desk.add(workflow.approve(desk.case, "Agreed", BORIS, NOW))
    desk.add(workflow.record_action(desk.case, "Payment let go", ANNA, NOW))
    case = desk.add(workflow.close(desk.case, ANNA, NOW))
    assert case.state is CaseState.CLOSED
    assert case.decision is not None
    people = case.decision.recommendation.by.person, case.decision.approved_by.person
    assert people == ("anna", "boris")
    assert case.decision.recommendation.entity_ids == ("un:1",)


@pytest.mark.parametrize(
    "second",
    [
        actor("anna"),
        actor("anna", account="anna.approver"),
        actor("boris", deputises="anna"),
    ],
    ids=["another role", "another account", "a deputy of who recommended"],
)
def test_whoever_recommended_cannot_approve(second: Actor) -> None:
    """Not in another role, not from another account, and nobody who stands in for them."""
    desk = Desk("un:1")
    desk.add(workflow.recommend(desk.case, proposal(), ANNA, NOW))
    with pytest.raises(RefusedError, match="another person has to look"):
        workflow.approve(desk.case, "Agreed", second, NOW)
    with pytest.raises(RefusedError, match="another person has to look"):
        workflow.send_back(desk.case, SENTENCE, second, NOW)


def test_who_was_stood_in_for_cannot_approve_either() -> None:
    """Boris recommended in Anna's place: Anna's eyes are not second eyes."""
    desk = Desk("un:1")
    desk.add(workflow.recommend(desk.case, proposal(), actor("boris", deputises="anna"), NOW))
    with pytest.raises(RefusedError):
        workflow.approve(desk.case, "Agreed", actor("anna"), NOW)
    assert workflow.approve(desk.case, "Agreed", CHUN, NOW)


@pytest.mark.parametrize("step", ["recommend", "approve"])
def test_a_program_decides_nothing(step: str) -> None:
    """A key has rights and no person behind it."""
    program = replace(BORIS, person="", name="key k-1")
    desk = Desk("un:1")
    if step == "approve":
        desk.add(workflow.recommend(desk.case, proposal(), ANNA, NOW))
        with pytest.raises(RefusedError, match="takes people"):
            workflow.approve(desk.case, "", program, NOW)
    else:
        with pytest.raises(RefusedError, match="takes people"):
            workflow.recommend(desk.case, proposal(), program, NOW)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.VIEWER, ""),
        (Role.AUDITOR, ""),
        (Role.ADMINISTRATOR, ""),
        (Role.ANALYST, "recommend"),
        (Role.APPROVER, "recommend approve"),
    ],
)
def test_each_role_does_what_it_may(role: Role, allowed: str) -> None:
    """An administrator sets up accounts and decides nothing."""
    someone = actor("dana", role)
    desk = Desk("un:1")
    assert _works(lambda: workflow.recommend(desk.case, proposal(), someone, NOW)) == (
        "recommend" in allowed
    )
    desk.add(workflow.recommend(desk.case, proposal(), ANNA, NOW))
    assert _works(lambda: workflow.approve(desk.case, "", someone, NOW)) == ("approve" in allowed)


def _works(step: Callable[[], object]) -> bool:
    try:
        step()
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (proposal(text="Not him"), "in a sentence"),
        (proposal(text="   " + " " * 30), "in a sentence"),
        (proposal(evidence=()), "evidence"),
        (proposal(evidence=("  ",)), "evidence"),
        (proposal(outcome=Outcome.FREEZE), "leads to release"),
        (proposal(reason=ReasonCode.TP_LIST), "does not lead to"),
        (proposal(reason=ReasonCode.IN_DATA), "does not lead to"),
        (proposal("un:2"), "No hit of this case: un:2"),
    ],
)
def test_a_recommendation_is_reasoned(wrong: workflow.Proposal, says: str) -> None:
    """Reason, evidence and a sentence are mandatory and fit together."""
    with pytest.raises(RefusedError, match=says):
        workflow.recommend(Desk("un:1").case, wrong, ANNA, NOW)


def test_every_reason_has_a_verdict_words_and_a_way_on() -> None:
    """No code leads nowhere."""
    for reason in ReasonCode:
        assert reason.label
        assert workflow.OUTCOMES[reason.verdict]
    assert {reason.verdict for reason in ReasonCode} == set(Verdict)


def test_a_returned_recommendation_is_gone_until_made_again() -> None:
    """And says what is missing."""
    desk = Desk("un:1")
    desk.add(workflow.recommend(desk.case, proposal(), ANNA, NOW))
    with pytest.raises(RefusedError, match="what is missing"):
        workflow.send_back(desk.case, "no", BORIS, NOW)
    desk.add(workflow.send_back(desk.case, "The passport copy is missing.", BORIS, NOW))
    assert (desk.case.state, desk.case.pending) == (CaseState.RETURNED, None)
    with pytest.raises(RefusedError, match="no recommendation"):
        workflow.approve(desk.case, "", BORIS, NOW)


def test_only_its_author_withdraws_a_recommendation() -> None:
    """Anybody else returns it, and says why."""
    desk = Desk("un:1")
    desk.add(workflow.recommend(desk.case, proposal(), ANNA, NOW))
    with pytest.raises(RefusedError, match="Only Anna"):
        workflow.withdraw(desk.case, "", BORIS, NOW)
    assert desk.add(workflow.withdraw(desk.case, "", ANNA, NOW)).pending is None


def test_what_is_not_decided_keeps_a_case_open() -> None:
    """Two hits, one of them released: the other one still waits."""
    desk = Desk("un:1", "us:2")
    desk.add(workflow.recommend(desk.case, proposal("un:1"), ANNA, NOW))
    desk.add(workflow.approve(desk.case, "", BORIS, NOW))
    desk.add(workflow.record_action(desk.case, "", ANNA, NOW))
    with pytest.raises(RefusedError, match="us:2"):
        workflow.close(desk.case, ANNA, NOW)


def test_inconclusive_clears_nobody() -> None:
    """It is escalated or chased, never closed."""
    desk = Desk("un:1")
    unsure = proposal(reason=ReasonCode.IN_DATA, outcome=Outcome.ESCALATE)
    desk.add(workflow.recommend(desk.case, unsure, ANNA, NOW))
    desk.add(workflow.approve(desk.case, "", BORIS, NOW))
    desk.add(workflow.record_action(desk.case, "", ANNA, NOW))
    with pytest.raises(RefusedError, match="clears nobody"):
        workflow.close(desk.case, ANNA, NOW)


def test_a_reopened_case_is_decided_anew() -> None:
    """The old decision stays on record; a later one supersedes it."""
    desk = _decided("un:1")
    desk.add(workflow.record_action(desk.case, "", ANNA, NOW))
    desk.add(workflow.close(desk.case, ANNA, NOW))
    desk.add(workflow.reopen(desk.case, "The entry got a birth date", None, CHUN, NOW))
    assert desk.case.reopened_for == "The entry got a birth date"
    assert workflow.decided_ids(desk.case) == frozenset()
    desk.add(workflow.recommend(desk.case, proposal(), CHUN, NOW))
    desk.add(workflow.approve(desk.case, "", BORIS, NOW))
    first, second = desk.case.decisions
    assert second.supersedes == first.recommendation.sequence
    assert desk.case.decision == second


def test_an_alert_is_gathered_once() -> None:
    """The same alert twice would count its hits twice."""
    desk = Desk("un:1")
    with pytest.raises(RefusedError, match="already"):
        workflow.add_alert(desk.case, alert("un:1"), ANNA, NOW)
    desk.add(workflow.add_alert(desk.case, alert("us:2", number=2), ANNA, NOW))
    assert len(desk.case.alerts) == 2


def test_what_is_written_beside_the_decision() -> None:
    """Notes, files, tags, related cases, priority."""
    desk = Desk("un:1")
    desk.add(workflow.note(desk.case, " Called the branch ", ANNA, NOW))
    desk.add(workflow.attach(desk.case, {"sha256": "ab", "name": "a.pdf"}, ANNA, NOW))
    desk.add(workflow.tag(desk.case, ["b", "a", " b "], ANNA, NOW))
    desk.add(workflow.relate(desk.case, "c-2", ANNA, NOW))
    due = NOW + timedelta(hours=1)
    case = desk.add(workflow.prioritise(desk.case, Priority.P1, due, ANNA, NOW))
    assert [one.details["text"] for one in case.notes] == ["Called the branch"]
    assert (case.attachments, case.tags, case.related) == (("ab",), ("a", "b"), ("c-2",))
    assert (case.priority, case.due_at) == (Priority.P1, due)
    for wrong in (
        lambda: workflow.note(case, "  ", ANNA, NOW),
        lambda: workflow.relate(case, "c-1", ANNA, NOW),
    ):
        with pytest.raises(RefusedError):
            wrong()


def test_records_come_in_order() -> None:
    """Two who act on the same state make the same number: only one of them is kept."""
    desk = Desk("un:1")
    first = workflow.note(desk.case, "one", ANNA, NOW)
    second = workflow.note(desk.case, "two", BORIS, NOW)
    case = after(desk.case, first)
    with pytest.raises(RequestError, match="out of order"):
        after(case, second)


# --- any sequence of calls -----------------------------------------------------------------

_PEOPLE = st.builds(
    actor,
    st.sampled_from(["anna", "boris"]),
    st.sampled_from(list(Role)),
    account=st.sampled_from(["", "other"]),
    deputises=st.sampled_from(["", "anna", "boris"]),
)
_STEPS: dict[str, Callable[[Case, Actor], CaseRecord]] = {
    "triage": lambda case, who: workflow.move(case, CaseState.TRIAGE, who, NOW),
    "look": lambda case, who: workflow.move(case, CaseState.INVESTIGATING, who, NOW),
    "recommend": lambda case, who: workflow.recommend(case, proposal(), who, NOW),
    "withdraw": lambda case, who: workflow.withdraw(case, "", who, NOW),
    "return": lambda case, who: workflow.send_back(case, SENTENCE, who, NOW),
    "approve": lambda case, who: workflow.approve(case, "", who, NOW),
    "act": lambda case, who: workflow.record_action(case, "", who, NOW),
    "close": lambda case, who: workflow.close(case, who, NOW),
    "reopen": lambda case, who: workflow.reopen(case, "changed", None, who, NOW),
}


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(sorted(_STEPS)), _PEOPLE), max_size=25))
def test_no_sequence_of_calls_decides_with_one_pair_of_eyes(
    calls: list[tuple[str, Actor]],
) -> None:
    """Whatever role, account or deputy: behind every decision stand two people."""
    desk = Desk("un:1")
    for name, who in calls:
        before = desk.case
        try:
            record = _STEPS[name](before, who)
        except RefusedError:
            continue
        case = desk.add(record)
        assert case.state is before.state or case.state in before.state.moves
        assert case.decisions[: len(before.decisions)] == before.decisions
        if case.state in (CaseState.APPROVED, CaseState.ACTIONED, CaseState.CLOSED):
            assert case.decisions
        for decision in case.decisions:
            assert decision.recommendation.by.person
            assert decision.approved_by.person
            assert decision.recommendation.by.eyes.isdisjoint(decision.approved_by.eyes)
