"""Cases in the store: found again, never rewritten, and decided once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from desk import NOW, actor, alert, proposal
from sqlalchemy import text

from tumen.cases import workflow
from tumen.cases.keep import keep, load
from tumen.errors import ConflictError, RequestError
from tumen.model.access import Role
from tumen.model.case import Case
from tumen.model.casework import CaseState, Origin, Priority
from tumen.store import Store
from tumen.store.cases import CaseFilter, CaseOrder

ANNA, BORIS = actor("anna", Role.ANALYST), actor("boris")


def _open(store: Store, case_id: str, title: str = "Kim Chol", **values: object) -> Case:
    wanted = {"origin": Origin.HIT, "subject_key": "partners/p-1", "priority": Priority.P3}
    opening = workflow.Opening(title=title, **{**wanted, **values})  # type: ignore[arg-type]
    first = workflow.open_case(case_id, opening, ANNA, NOW)
    with store.writing() as work:
        case = keep(work, None, [first])
        return keep(work, case, [workflow.add_alert(case, alert("un:1"), ANNA, NOW)])


def test_a_case_is_kept_whole(store: Store) -> None:
    """What is read back is what happened, people and alerts and all."""
    case = _open(store, "c-1")
    with store.writing() as work:
        case = keep(work, case, [workflow.recommend(case, proposal(), ANNA, NOW)])
        case = keep(work, case, [workflow.approve(case, "Agreed", BORIS, NOW)])
    with store.reading() as work:
        assert load(work, "c-1") == case
        summary = work.cases.summary("c-1")
    assert summary is not None
    assert (summary.state, summary.score, summary.hits) == (CaseState.APPROVED, 0.8, 1)


def test_of_two_who_decide_at_once_one_decides(store: Store) -> None:
    """The other one is told that somebody else acted, and nothing of theirs is kept."""
    seen = _open(store, "c-1")
    with store.writing() as work:
        keep(work, seen, [workflow.recommend(seen, proposal(), ANNA, NOW)])
    late = workflow.recommend(seen, proposal(), BORIS, NOW)
    with pytest.raises(ConflictError, match="Somebody else acted"), store.writing() as work:
        keep(work, seen, [late])
    with store.reading() as work:
        case = load(work, "c-1")
    assert case.pending is not None
    assert case.pending.by == ANNA


@pytest.mark.parametrize("change", ["UPDATE case_record SET act = 'x'", "DELETE FROM case_record"])
def test_the_database_refuses_to_rewrite_history(store: Store, change: str) -> None:
    """Whoever reaches the database past us still cannot edit a decision."""
    _open(store, "c-1")
    with pytest.raises(RequestError, match="only ever added to"), store.writing() as work:
        work._connection.execute(text(change))
    with store.reading() as work:
        assert load(work, "c-1").alerts


def test_there_is_no_such_case(store: Store) -> None:
    """An unknown id is an error, not an empty case."""
    with store.reading() as work:
        assert work.cases.summary("nothing") is None
        with pytest.raises(RequestError, match="no case"):
            load(work, "nothing")


def test_a_queue_is_filtered_and_ordered(store: Store) -> None:
    """By state, priority, words of the title; by score within priority, or by what is due."""
    _open(store, "c-1", "Kim Chol", priority=Priority.P4, due_at=NOW + timedelta(hours=1))
    _open(store, "c-2", "Star 100% Trading", priority=Priority.P2, due_at=NOW + timedelta(days=2))
    _open(store, "c-3", "Ivan Petrov", subject_key="partners/p-3")
    with store.reading() as work:
        cases = work.cases
        assert [one.case_id for one in cases.find(CaseFilter())] == ["c-2", "c-3", "c-1"]
        due = cases.find(CaseFilter(), order=CaseOrder.DUE)
        assert [one.case_id for one in due] == ["c-1", "c-2", "c-3"]
        for wanted, ids in (
            (CaseFilter(priorities=(Priority.P2, Priority.P3)), {"c-2", "c-3"}),
            (CaseFilter(states=(CaseState.CLOSED,)), set()),
            (CaseFilter(text="kim"), {"c-1"}),
            (CaseFilter(text="100%"), {"c-2"}),
            (CaseFilter(text="c-3"), {"c-3"}),
            (CaseFilter(subject_key="partners/p-3"), {"c-3"}),
            (CaseFilter(due_before=NOW + timedelta(days=1)), {"c-1"}),
            (CaseFilter(opened_from=NOW, opened_before=NOW + timedelta(1)), {"c-1", "c-2", "c-3"}),
            (CaseFilter(opened_before=NOW), set()),
            (CaseFilter(assignee=""), {"c-1", "c-2", "c-3"}),
            (CaseFilter(assignee="anna"), set()),
            (CaseFilter(awaits="approver"), set()),
            (CaseFilter(least_score=0.9), set()),
        ):
            assert {one.case_id for one in cases.find(wanted)} == ids
            assert cases.count(wanted) == len(ids)
        since = [NOW + timedelta(1), NOW]
        assert cases.ages(CaseFilter(text="kim"), since) == {"P4": (0, 1, 1)}
        assert cases.counts("priority", CaseFilter()) == {"P4": 1, "P2": 1, "P3": 1}
        assert [one.case_id for one in cases.find(CaseFilter(), offset=1, limit=1)] == ["c-3"]
        assert len(cases.of_subjects(["partners/p-1", "partners/p-3"])) == 3


def test_a_list_is_found_whole(store: Store) -> None:
    """`us_ofac` is not `us_ofac_sdn`."""
    case = _open(store, "c-1")
    hit = {"entity_id": "us_ofac_sdn:1", "list_id": "us_ofac_sdn", "score": 0.9}
    second = replace(alert(number=2), hits=(hit,))
    with store.writing() as work:
        keep(work, case, [workflow.add_alert(case, second, ANNA, NOW)])
        assert work.cases.count(CaseFilter(list_id="us_ofac_sdn")) == 1
        assert work.cases.count(CaseFilter(list_id="us_ofac")) == 0


def test_a_file_is_kept_once_by_its_bytes(store: Store) -> None:
    """Two cases with the same document share it; unknown names give nothing."""
    with store.writing() as work:
        kept = work.attachments.add(b"%PDF-1.7 extract", "application/pdf", NOW)
        again = work.attachments.add(b"%PDF-1.7 extract", "text/plain", NOW + timedelta(days=1))
        assert again == kept
        assert work.attachments.content(kept.sha256) == b"%PDF-1.7 extract"
        assert work.attachments.get("00") is None
        assert work.attachments.content("00") is None
