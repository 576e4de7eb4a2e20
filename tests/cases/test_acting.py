"""Acting on a case: one decision of two, four eyes, and what an approval does at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from desk import NOW, SENTENCE, actor, proposal
from standing_desk import BOOK, PARTY, approved, opened, recommended, stand, standing, states

from tumen.cases import workflow
from tumen.cases.acting import act, approve, open_by_hand
from tumen.cases.auditing import record_hash
from tumen.cases.keep import load
from tumen.cases.workflow import RefusedError
from tumen.errors import ConflictError, RequestError
from tumen.model.access import Role
from tumen.model.casework import CaseState, Origin, Outcome, Priority, ReasonCode
from tumen.model.watching import HitState
from tumen.store import Store

ANNA, BORIS, CHUN = actor("anna", Role.ANALYST), actor("boris"), actor("chun")


def test_a_release_mutes_what_is_open_and_lets_go_of_what_fell_away(store: Store) -> None:
    """Both at once with the approval, told in words, and the case is closed."""
    case = opened(
        store, ANNA, standing("un:1"), standing("un:2", HitState.PROPOSED_RELEASE, note="Delisted")
    )
    case = recommended(store, case, proposal(), ANNA)
    assert states(store) == {"un:1": HitState.OPEN, "un:2": HitState.PROPOSED_RELEASE}
    case, effects = approved(store, case, BORIS)
    assert states(store) == {"un:1": HitState.SUPPRESSED}
    assert case.state is CaseState.CLOSED
    assert "un:1] is suppressed (sup-" in effects[0]
    assert effects[1].endswith("[un:2] is released")
    with store.reading() as work:
        (made,) = work.suppressions.all(BOOK)
    assert made.decided_by == "anna, boris"
    assert made.reason == f"FP-DOB: {SENTENCE}"


def test_a_release_may_have_a_last_day(store: Store) -> None:
    """The day that was recommended is the last day of the suppression."""
    case = opened(store, ANNA, standing("un:1"))
    said = replace(proposal(), until=date(2026, 12, 31))
    _, effects = approved(store, recommended(store, case, said, ANNA), BORIS)
    assert "until 2026-12-31" in effects[0]
    with store.reading() as work:
        assert work.suppressions.all(BOOK)[0].expires_on == date(2026, 12, 31)


def test_a_hit_that_no_longer_stands_hinders_nothing(store: Store) -> None:
    """It is named, and the rest of the decision is carried out."""
    case = opened(store, ANNA, standing("un:1"), standing("un:2"))
    case = recommended(store, case, proposal(), ANNA)
    with store.writing() as work:
        work.hits.replace([standing("un:1")], [], NOW)
    case, effects = approved(store, case, BORIS)
    assert effects[0].endswith("[un:1] no longer stands")
    assert states(store) == {"un:2": HitState.SUPPRESSED}
    assert case.state is CaseState.CLOSED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (standing("un:1"), standing("un:1", entry_hash="entry-2")),
        (standing("un:1"), standing("un:1", party_hash="party-2")),
        (standing("un:1", HitState.PROPOSED_RELEASE), standing("un:1")),
    ],
    ids=["the entry changed", "the party changed", "listed again"],
)
def test_what_changed_since_it_was_looked_at_is_left(
    store: Store, before: object, after: object
) -> None:
    """Nobody has seen it as it is by now: it stays open, and so does the case."""
    case = recommended(store, opened(store, ANNA, before), proposal(), ANNA)  # type: ignore[arg-type]
    with store.writing() as work:
        stand(work, after)  # type: ignore[arg-type]
    case, effects = approved(store, case, BORIS)
    assert states(store) == {"un:1": HitState.OPEN}
    assert effects[0].endswith("changed since it was looked at, and stays open")
    assert case.state is CaseState.ACTIONED


def test_some_hits_are_decided_before_the_others(store: Store) -> None:
    """What is decided takes effect; the case waits for the rest, and is closed with it."""
    case = opened(store, ANNA, standing("un:1"), standing("un:2"))
    case, _ = approved(store, recommended(store, case, proposal("un:1"), ANNA), BORIS)
    assert case.state is CaseState.ACTIONED
    assert states(store) == {"un:1": HitState.SUPPRESSED, "un:2": HitState.OPEN}
    with pytest.raises(RefusedError, match="Decided already: un:1"):
        recommended(store, case, proposal("un:1", "un:2"), ANNA)
    case = recommended(store, case, proposal(), CHUN)
    assert case.pending is not None
    assert case.pending.entity_ids == ("un:2",)
    case, _ = approved(store, case, BORIS)
    assert case.state is CaseState.CLOSED
    assert set(states(store).values()) == {HitState.SUPPRESSED}


def test_inconclusive_about_one_hit_keeps_the_case_open(store: Store) -> None:
    """A clear decision about another hit does not close over what nobody could decide."""
    case = opened(store, ANNA, standing("un:1"), standing("un:2"))
    doubt = proposal("un:1", reason=ReasonCode.IN_DATA, outcome=Outcome.ESCALATE)
    case, effects = approved(store, recommended(store, case, doubt, ANNA), BORIS)
    assert (case.state, effects) == (CaseState.APPROVED, ())
    with store.writing() as work:
        done = workflow.record_action
        act(work, case.case_id, None, lambda case: done(case, "Asked the bank", ANNA, NOW))
    case, _ = approved(store, recommended(store, case, proposal("un:2"), ANNA), BORIS)
    assert case.state is CaseState.ACTIONED
    case, _ = approved(store, recommended(store, case, proposal("un:1"), ANNA), BORIS)
    assert case.state is CaseState.CLOSED


def test_a_true_match_is_muted_no_longer(store: Store) -> None:
    """A hit suppressed by an earlier decision is open again; what to do is left to people."""
    case = opened(store, ANNA, standing("un:1"))
    case, _ = approved(store, recommended(store, case, proposal(), ANNA), BORIS)
    with store.writing() as work:
        reopen = workflow.reopen
        act(work, case.case_id, None, lambda case: reopen(case, "A photograph", None, ANNA, NOW))
    said = proposal(reason=ReasonCode.TP_LIST, outcome=Outcome.FREEZE)
    case, effects = approved(store, recommended(store, case, said, ANNA), BORIS)
    assert states(store) == {"un:1": HitState.OPEN}
    assert effects[0].endswith("is no longer suppressed")
    assert case.state is CaseState.APPROVED


def test_one_decides_and_the_other_is_told(store: Store) -> None:
    """Two people approve what they both look at: one decision, and one clear message."""
    case = recommended(store, opened(store, ANNA, standing("un:1")), proposal(), ANNA)
    together, outcomes = threading.Barrier(2), list[object]()

    def decide(who: str) -> None:
        together.wait()
        try:
            with store.writing() as work:
                approve(work, case.case_id, case.sequence, "Agreed", actor(who), NOW)
            outcomes.append(who)
        except ConflictError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=decide, args=[who]) for who in ("boris", "chun")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [one for one in outcomes if isinstance(one, str)]
    (refused,) = [one for one in outcomes if isinstance(one, ConflictError)]
    assert f"({winner.title()}: approved, 2026-03-02 09:30:00 UTC; " in str(refused)
    with store.reading() as work:
        decided = load(work, case.case_id)
        assert len(work.suppressions.all(BOOK)) == 1
    assert [one.approved_by.person for one in decided.decisions] == [winner]


def test_a_step_on_a_case_that_went_on_is_refused(store: Store) -> None:
    """Nothing of it is kept; a number from the future is an error of the caller."""
    case = opened(store, ANNA, standing("un:1"))
    note = workflow.note
    with store.writing() as work:
        act(work, case.case_id, case.sequence, lambda case: note(case, "Look", CHUN, NOW))
    for seen, said in ((case.sequence, "Chun: noted"), (99, "has 3 records, not 99")):
        with pytest.raises(ConflictError, match=said), store.writing() as work:
            act(work, case.case_id, seen, lambda case: note(case, "Me too", ANNA, NOW))
    with store.reading() as work:
        assert len(load(work, case.case_id).notes) == 1


def test_each_step_is_in_the_audit_log(store: Store) -> None:
    """The log names person, step and case, and has the hash of each record as it is kept."""
    case = recommended(store, opened(store, ANNA, standing("un:1")), proposal(), ANNA)
    approved(store, case, BORIS)
    with store.reading() as work:
        records = work.cases.records(case.case_id)
        logged = [one.entry for one in work.audit.records(object=case.case_id)]
        assert work.audit.verify() == []
    said = ["opened", "alert added", "recommended", "approved", "actioned", "closed"]
    assert [one.action for one in logged] == [f"case {one}" for one in said]
    assert [one.after for one in logged] == [record_hash(one) for one in records]
    assert [one.actor for one in logged] == ["anna"] * 3 + ["boris"] * 3


def test_where_the_effect_fails_there_is_no_decision(store: Store) -> None:
    """Its last day is over: neither approval nor suppression nor audit record is kept."""
    case = opened(store, ANNA, standing("un:1"))
    case = recommended(store, case, replace(proposal(), until=date(2026, 3, 1)), ANNA)
    with pytest.raises(RequestError, match="give a day to come"):
        approved(store, case, BORIS)
    with store.reading() as work:
        assert load(work, case.case_id) == case
        assert not work.audit.records(object=case.case_id, actor="boris")


def test_a_request_for_help_is_answered(store: Store) -> None:
    """A case without hits is closed with an answer that a second person approved."""
    opening = workflow.Opening(Origin.HELP, "May we ship?", "", Priority.P3)
    with store.writing() as work:
        case = open_by_hand(work, opening, ANNA, NOW)
    said = proposal(reason=ReasonCode.NO_ADVICE, outcome=Outcome.ANSWER)
    case, _ = approved(store, recommended(store, case, said, ANNA), BORIS)
    assert case.state is CaseState.CLOSED


def test_reasons_fit_the_case(store: Store) -> None:
    """What a hit is called is no advice, and a policy is not put in force by the way."""
    case = opened(store, ANNA, standing("un:1"))
    for said, message in (
        (proposal(reason=ReasonCode.NO_ADVICE, outcome=Outcome.ANSWER), "has hits"),
        (proposal(reason=ReasonCode.NO_ADVICE, outcome=Outcome.ADOPT), "does not lead to"),
        (proposal(reason=ReasonCode.NO_POLICY, outcome=Outcome.ADOPT), "cannot be NO-POLICY"),
        (
            replace(
                proposal(reason=ReasonCode.TP_LIST, outcome=Outcome.FREEZE), until=date(2030, 1, 1)
            ),
            "Only a release",
        ),
    ):
        with pytest.raises(RefusedError, match=message):
            recommended(store, case, said, ANNA)


def test_ids_of_new_cases_differ(store: Store) -> None:
    """Two cases about the same party are two cases."""
    opening = workflow.Opening(Origin.MANUAL, "Kim Chol", f"{BOOK}/{PARTY}", Priority.P3)
    with store.writing() as work:
        ids = {open_by_hand(work, opening, ANNA, NOW).case_id for _ in range(3)}
    assert len(ids) == 3
