"""Hits gather in cases; what changes under a decided case opens it again, the difference first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import standing_desk
from desk import actor, proposal
from hypothesis import given
from hypothesis import strategies as st

from tumen.cases import workflow
from tumen.cases.acting import act, approve
from tumen.cases.alerts import alert_of, hit_as_seen, priority_of
from tumen.cases.gathering import Gathered, gather
from tumen.cases.keep import load as load_case
from tumen.model.access import Role
from tumen.model.audit import AuditEntry
from tumen.model.case import Actor, Case
from tumen.model.casework import CaseState, Origin, Outcome, Priority, ReasonCode
from tumen.model.desk import DeskSettings
from tumen.model.listing import ListEntry
from tumen.model.screening import Reason
from tumen.model.watching import EventKind, HitState
from tumen.screening.decide import lift
from tumen.screening.rescreen import rescreen
from tumen.screening.standing import Watchpost
from tumen.store import Store
from tumen.store.cases import CaseFilter
from watched_book import at, entry, keep_book, load, party, standing, watchpost

ANNA, BORIS = actor("anna", Role.ANALYST), actor("boris")
PROGRAM = Actor("tumen", "", "tumen")
FILLER = [entry(f"f{i}", f"Filler{chr(97 + i % 26)} Stays{chr(97 + i // 26)}") for i in range(40)]
PETROV = entry(1, "Ivan Petrov", birthDate="1960-01-01")
PARTIES = [party(1, "Ivan Petrov"), party(2, "Jane Roe")]


@dataclass
class Desk:
    """A book under watch, and the people who decide about it."""

    store: Store
    post: Watchpost
    day: float = 0

    def listed(self, *entries: ListEntry) -> Gathered:
        """A new version of the list comes, the book is screened again, and hits gather."""
        self.day += 1
        load(self.store, [*FILLER, *entries], at(self.day))
        return self.screened()

    def screened(self) -> Gathered:
        """The book is screened where anything changed, and hits gather."""
        rescreen(self.post, "b", at(self.day + 0.1))
        return self.gathered()

    def gathered(self) -> Gathered:
        """Hits gather in cases."""
        with self.store.writing() as work:
            now = at(self.day + 0.2)
            return gather(work, "b", now, PROGRAM, self.post.policy.to_dict())

    def decided(self, case_id: str, said: workflow.Proposal | None = None) -> Case:
        """Two people decide."""
        self.day += 0.3
        now = at(self.day)
        with self.store.writing() as work:
            recommend = workflow.recommend
            act(work, case_id, None, lambda one: recommend(one, said or proposal(), ANNA, now))
            return approve(work, case_id, None, "Agreed", BORIS, now).case

    def case(self, case_id: str) -> Case:
        """A case as it stands."""
        with self.store.reading() as work:
            return load_case(work, case_id)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """A desk whose book has two parties, one of which is to be listed."""
    keep_book(store, PARTIES, at(0))
    return Desk(store, watchpost(store, tmp_path))


def _opened(desk: Desk, entries: Sequence[ListEntry] = (PETROV,)) -> Case:
    (case_id,) = desk.listed(*entries).opened
    return desk.case(case_id)


def test_a_hit_comes_into_a_case_with_all_that_a_reviewer_needs(desk: Desk) -> None:
    """Both sides can be read, the reasons stand by the score, and the case has a time."""
    case = _opened(desk)
    (alert,) = case.alerts
    (hit,) = alert.hits
    (stands,) = standing(desk.store)
    assert hit == hit_as_seen(stands)
    assert (bool(hit["reasons"]), bool(hit["sentence"]), hit["state"]) == (True, True, "open")
    assert alert.subject["properties"]["name"] == ["Ivan Petrov"]
    assert (case.origin, case.title, case.subject_key) == (Origin.HIT, "Ivan Petrov", "b/p1")
    assert case.due_at is not None
    assert alert.policy == desk.post.policy.to_dict()
    with desk.store.reading() as work:
        assert work.screenings.get(alert.screening_id) is not None
        (listed,) = work.lists.entries_by_id(alert.versions[0], ["alpha:1"])
        (summary,) = work.cases.find(CaseFilter(list_id="alpha"))
        logged = [one.entry.action for one in work.audit.records(object=case.case_id)]
    assert listed == PETROV
    assert summary.book_id == "b"
    assert logged == ["case opened", "case alert added"]


def test_gathering_again_changes_nothing(desk: Desk) -> None:
    """Neither while the case is open, nor when it is decided either way."""
    case = _opened(desk, [PETROV, entry(2, "Ivan Petrov", birthDate="1970")])
    assert desk.gathered() == Gathered()
    said = proposal("alpha:1", reason=ReasonCode.TP_LIST, outcome=Outcome.FREEZE)
    desk.decided(case.case_id, said)
    assert desk.gathered() == Gathered()
    with desk.store.writing() as work:
        done = workflow.record_action
        act(work, case.case_id, None, lambda one: done(one, "Frozen", ANNA, at(desk.day)))
    assert desk.decided(case.case_id, proposal("alpha:2")).state is CaseState.CLOSED
    assert desk.gathered() == Gathered()
    assert desk.listed(PETROV, entry(2, "Ivan Petrov", birthDate="1970")) == Gathered()


def test_a_second_entry_joins_the_open_case(desk: Desk) -> None:
    """One open case a subject: what comes later is an alert more, and says what is new."""
    case = _opened(desk)
    found = desk.listed(PETROV, entry(2, "Petrov Ivan"))
    assert (found.opened, found.added, found.reopened) == ((), (case.case_id,), ())
    first, second = desk.case(case.case_id).alerts
    assert [one["entity_id"] for one in second.hits] == ["alpha:2"]
    assert second.note.startswith("New hit: Petrov Ivan [alpha:2], score ")
    assert first.note == ""


def test_an_entry_that_changes_reopens_the_case_field_by_field(desk: Desk) -> None:
    """What was decided no longer fits; before and after stand in front, and people are told."""
    case_id = _opened(desk).case_id
    assert desk.decided(case_id).state is CaseState.CLOSED
    found = desk.listed(entry(1, "Ivan Petrov", birthDate="1961-01-01", nationality="ru"))
    assert found.reopened == (case_id,)
    case = desk.case(case_id)
    assert case.state is CaseState.REOPENED
    assert case.reopened_for.splitlines()[0] == (
        "The entry Ivan Petrov [alpha:1] changed: birth date: 1960-01-01 → 1961-01-01; "
        "nationality: nothing → ru"
    )
    assert case.due_at is not None
    (event,) = found.events
    assert (event.kind, event.party_id, event.text) == (
        EventKind.CASE_REOPENED, "p1", case.reopened_for,
    )  # fmt: skip
    assert workflow.undecided_ids(case) == {"alpha:1"}
    assert desk.gathered() == Gathered()


def test_a_party_that_changes_reopens_the_case(desk: Desk) -> None:
    """The record of the party says who it is: another record, another question."""
    case_id = _opened(desk).case_id
    desk.decided(case_id)
    desk.day += 1
    keep_book(desk.store, [party(1, "Ivan Petrov", nationality="ru"), PARTIES[1]], at(desk.day))
    assert desk.screened().reopened == (case_id,)
    assert desk.case(case_id).reopened_for.splitlines()[0] == (
        "The party changed: nationality: nothing → ru"
    )


def test_a_delisting_reopens_the_case(desk: Desk) -> None:
    """Nothing is let go of by itself: the decision is taken again, by two."""
    case_id = _opened(desk).case_id
    desk.decided(case_id)
    assert desk.listed().reopened == (case_id,)
    case = desk.case(case_id)
    assert "is now proposed release (The entry is not on alpha" in case.reopened_for
    assert desk.decided(case_id).state is CaseState.CLOSED
    assert standing(desk.store) == []


def test_a_policy_that_changes_reopens_the_case_it_touches(desk: Desk) -> None:
    """The hit falls away under the new threshold; the case says which term changed."""
    case_id = _opened(desk, [PETROV, entry(2, "Petrow Iwan")]).case_id
    desk.decided(case_id)
    desk.day += 1
    stricter = replace(desk.post.policy, version="2", threshold=0.999)
    desk.post = replace(desk.post, policy=stricter)
    found = desk.screened()
    assert found.reopened == (case_id,)
    lines = desk.case(case_id).reopened_for.splitlines()
    assert "The policy changed: threshold: 0.7 → 0.999" in lines
    assert desk.gathered() == Gathered()


def test_what_was_decided_and_did_not_change_stays_decided(desk: Desk) -> None:
    """A new hit on a cleared party is decided by itself; the old ones are not asked again."""
    case_id = _opened(desk).case_id
    desk.decided(case_id)
    assert desk.listed(PETROV, entry(2, "Ivan Petrov")).reopened == (case_id,)
    case = desk.case(case_id)
    assert case.state is CaseState.REOPENED
    assert workflow.undecided_ids(case) == {"alpha:2"}
    assert desk.decided(case_id).state is CaseState.CLOSED
    assert {one.state for one in standing(desk.store)} == {HitState.SUPPRESSED}


@pytest.mark.parametrize("ends", ["its last day", "somebody lifts it"])
def test_a_suppression_that_ends_reopens_the_case(desk: Desk, ends: str) -> None:
    """Neither side changed, and yet nobody has decided for the time that begins now."""
    case_id = _opened(desk).case_id
    until = date(2024, 2, 23) if ends == "its last day" else None
    desk.decided(case_id, replace(proposal(), until=until))
    assert desk.gathered() == Gathered()
    desk.day += 5
    if until is None:
        with desk.store.writing() as work:
            (made,) = work.suppressions.active("b", at(desk.day))
            lift(work, made.suppression_id, reason="Doubts", now=at(desk.day))
    found = desk.screened()
    assert found.reopened == (case_id,)
    assert desk.case(case_id).reopened_for == (
        "Ivan Petrov [alpha:1] is open again: its suppression has ended"
    )
    assert desk.gathered() == Gathered()


def test_a_change_between_recommendation_and_approval_is_looked_at(desk: Desk) -> None:
    """What was recommended of the old entry does not decide the new one."""
    case_id = _opened(desk).case_id
    with desk.store.writing() as work:
        recommend = workflow.recommend
        act(work, case_id, None, lambda one: recommend(one, proposal(), ANNA, at(desk.day)))
    assert desk.listed(entry(1, "Ivan Petrov", birthDate="1961-01-01")).added == (case_id,)
    desk.day += 0.5
    with desk.store.writing() as work:
        done = approve(work, case_id, None, "Agreed", BORIS, at(desk.day))
    assert done.case.state is CaseState.ACTIONED
    assert workflow.undecided_ids(done.case) == {"alpha:1"}
    with pytest.raises(workflow.RefusedError, match="Not decided yet"):
        workflow.close(done.case, BORIS, at(desk.day))
    assert desk.decided(case_id).state is CaseState.CLOSED


def test_half_a_gathering_leaves_nothing(desk: Desk) -> None:
    """A kill before the end of the transaction: the next call does all of it."""
    desk.day += 1
    load(desk.store, [*FILLER, PETROV], at(desk.day))
    rescreen(desk.post, "b", at(desk.day + 0.1))
    with pytest.raises(KeyboardInterrupt):
        _gather_and_die(desk)
    with desk.store.reading() as work:
        assert work.cases.count(CaseFilter()) == 0
        assert work.audit.head()[0] == 0
    assert len(desk.gathered().opened) == 1


def _gather_and_die(desk: Desk) -> None:
    with desk.store.writing() as work:
        gather(work, "b", at(desk.day + 0.2), PROGRAM, {})
        raise KeyboardInterrupt


def test_a_hit_whose_screening_is_not_stored_is_gathered_too(store: Store) -> None:
    """What stands is before people whatever became of the rest; the policy in force is named."""
    with store.writing() as work:
        standing_desk.stand(work, standing_desk.standing("un:1"))
        found = gather(work, standing_desk.BOOK, at(900), PROGRAM, {"name": "default"})
        case = load_case(work, found.opened[0])
    assert (case.title, case.alerts[0].policy) == ("p-1", {"name": "default"})
    assert case.alerts[0].versions == ()


def test_a_case_is_due_by_the_clock_and_holidays_of_the_desk(store: Store) -> None:
    """Friday evening in Pyongyang, and Monday is a holiday: due on Tuesday at five there."""
    friday = datetime(2026, 3, 6, 3, 0, tzinfo=UTC)
    hit = standing_desk.standing("un:1", score=0.9)
    with store.writing() as work:
        desk = DeskSettings(time_zone="Asia/Pyongyang", holidays=(date(2026, 3, 9),))
        work.desk.put(desk, "admin", friday)
        standing_desk.stand(work, hit)
        found = gather(work, standing_desk.BOOK, friday, PROGRAM, {})
        case = load_case(work, found.opened[0])
    assert case.priority is Priority.P3
    assert case.due_at == datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


def test_a_more_urgent_alert_hurries_the_case(store: Store) -> None:
    """An identifier that agrees does not wait behind a likeness of names."""
    same = Reason("identifier", "1", "1", 0.05, "passport 1 agrees")
    sure = standing_desk.standing("un:2")
    sure = replace(sure, hit=replace(sure.hit, reasons=(same,)))
    now = at(900)
    with store.writing() as work:
        standing_desk.stand(work, standing_desk.standing("un:1"))
        (case_id,) = gather(work, standing_desk.BOOK, now, PROGRAM, {}).opened
        before = load_case(work, case_id)
        standing_desk.stand(work, sure)
        assert gather(work, standing_desk.BOOK, now, PROGRAM, {}).added == (case_id,)
        case = load_case(work, case_id)
    assert (before.priority, case.priority) == (Priority.P4, Priority.P2)
    assert before.due_at is not None
    assert case.due_at == at(900) + timedelta(hours=4) < before.due_at


@given(st.floats(0, 1), st.booleans(), st.floats(-0.5, 0.5))
def test_priority_by_score_and_identifier(score: float, has: bool, effect: float) -> None:
    """P2 from 0.95 or an identifier that agrees, P3 from 0.85, else P4; never P1."""
    hit = standing_desk.standing("un:1", score=score)
    reasons = (Reason("identifier", "1", "1", effect, ""),) if has else ()
    alert = alert_of([replace(hit, hit=replace(hit.hit, reasons=reasons))], None, {}, {}, at(0))
    if score >= 0.95 or (has and effect > 0):
        assert priority_of(alert) is Priority.P2
    else:
        assert priority_of(alert) is (Priority.P3 if score >= 0.85 else Priority.P4)


def test_each_decision_of_a_gathered_case_is_in_an_intact_log(desk: Desk) -> None:
    """Gathering and deciding write one chain."""
    desk.decided(_opened(desk).case_id)
    with desk.store.writing() as work:
        work.audit.append(AuditEntry(at(9), "x", "y", "z"))
        assert work.audit.verify() == []
