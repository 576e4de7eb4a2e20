"""Who may do what to a case over HTTP, and that a decision takes two people whatever they try."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from api_cases import PEOPLE, PROPOSAL, CaseDesk, case_desk, change_role
from fastapi.testclient import TestClient
from invented import add_lists
from running import settings_for, wait_ready

from tumen.model.access import Permission, Role
from tumen.service.access import accounts, people
from tumen.service.app import create_app

STEPS: dict[str, dict[str, object]] = {
    "notes": {"text": "A word"},
    "assign": {"assignee": ""},
    "move": {"state": "triage"},
    "tags": {"tags": []},
    "priority": {"priority": "P2"},
    "recommend": {**PROPOSAL, "seen": 2},
    "withdraw": {"seen": 2},
    "action": {"text": "Done"},
    "close": {},
}
SECOND_EYES: dict[str, dict[str, object]] = {
    "approve": {"seen": 2},
    "return": {"seen": 2, "text": "The second passport is missing"},
}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseDesk]:
    """A desk of this file's own."""
    home: Path = tmp_path_factory.mktemp("people")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    with case_desk(home) as found:
        yield found


@pytest.mark.parametrize("name", list(PEOPLE))
def test_each_role_does_what_it_may(cases: CaseDesk, name: str) -> None:
    """Everybody who may read reads; analysts work; approvers are second eyes; nobody else acts."""
    case_id = cases.opened("un:1")
    role = PEOPLE[name][0]
    for path in (f"cases/{case_id}", "cases", "cases/counts"):
        assert cases.ask(name, "GET", path).status_code == 200
    for steps, need in ((STEPS, Permission.DECIDE), (SECOND_EYES, Permission.APPROVE)):
        for step, body in steps.items():
            answer = cases.act(name, case_id, step, **body)
            is_refused = answer.status_code == 403
            assert is_refused is (need not in role.permissions), (step, answer.text)
    opened = cases.ask(name, "POST", "cases", json={"title": "By hand"})
    assert (opened.status_code == 201) is (Permission.DECIDE in role.permissions)


@pytest.mark.parametrize("role", list(Role))
def test_a_program_decides_nothing(cases: CaseDesk, role: Role) -> None:
    """A key may read, note and open where its role may, and never recommend, approve or close."""
    case_id = cases.recommended("anna")
    ask = cases.desk.ask
    assert ask("GET", f"cases/{case_id}", role).status_code == 200
    may = Permission.DECIDE in role.permissions
    noted = ask("POST", f"cases/{case_id}/notes", role, json={"text": "The bank's system says so"})
    assert (noted.status_code == 200) is may
    opened = ask("POST", "cases", role, json={"title": "From the payment system"})
    assert (opened.status_code == 201) is may
    if may:
        assert opened.json()["history"][0]["by"]["person"] == ""
    for step, body in {**STEPS, **SECOND_EYES}.items():
        if step in ("recommend", "withdraw", "action", "close", "approve", "return"):
            answer = ask("POST", f"cases/{case_id}/{step}", role, json=body)
            assert answer.status_code == 403, (step, answer.text)
    wanted = [{"case_id": case_id, "seen": 3}]
    for given in ({"act": "approve"}, {"act": "recommend", "proposal": PROPOSAL}):
        answer = ask("POST", "cases/decisions", role, json={**given, "cases": wanted})
        assert answer.status_code == 403, answer.text
    assert cases.case(case_id)["state"] == "recommended"


def test_a_stranger_learns_nothing_of_a_case(cases: CaseDesk) -> None:
    """Not even whether it is there."""
    case_id = cases.opened("un:1")
    for one in (case_id, "case-none"):
        answer = cases.desk.client.get(f"/api/v1/cases/{one}")
        assert answer.status_code == 401
        wrong = cases.desk.client.get(f"/api/v1/cases/{one}", auth=("vera", "a wrong password"))
        assert wrong.status_code == 401


def test_nobody_is_their_own_second_pair_of_eyes(cases: CaseDesk) -> None:
    """Not as an approver, nor after a change of role."""
    case_id = cases.recommended("carl")
    cases.refused(cases.act("carl", case_id, "approve", seen=3), 409, "another person")
    own = cases.recommended("arne")
    change_role(cases, "arne", Role.APPROVER)
    try:
        cases.refused(cases.act("arne", own, "approve", seen=3), 409, "another person")
        cases.refused(
            cases.act("arne", own, "return", seen=3, text="I should like to see more"),
            409,
            "another person",
        )
    finally:
        change_role(cases, "arne", Role.ANALYST)
    assert cases.case(own)["state"] == "recommended"


def test_two_accounts_of_one_person_are_one_pair_of_eyes(cases: CaseDesk) -> None:
    """However the person is written."""
    case_id = cases.recommended("bea")
    cases.refused(cases.act("bob", case_id, "approve", seen=3), 409, "another person")
    wanted = {"act": "approve", "cases": [{"case_id": case_id, "seen": 3}]}
    (result,) = cases.ask("bob", "POST", "cases/decisions", json=wanted).json()["results"]
    assert (result["is_done"], result["status"]) == (False, 409)
    assert cases.done("carl", case_id, "approve")["state"] == "closed"


def test_a_deputy_sees_with_both_pairs_of_eyes(cases: CaseDesk) -> None:
    """In an approver's place they approve; neither what they nor what the absent recommended."""
    now = datetime.now(UTC)
    with cases.store.writing() as work:
        by = accounts.By("test")
        given = people.delegate(work, "carl", "anna", now, now + timedelta(days=3), by, now)
    for_carl = {"X-Acting-For": "carl"}
    of_arne = cases.recommended("arne")
    for name, maker in (("anna", "anna"), ("anna", "carl")):
        case_id = cases.recommended(maker)
        refused = cases.act(name, case_id, "approve", seen=3, headers=for_carl)
        cases.refused(refused, 409, "another person")
    approved = cases.done("anna", of_arne, "approve", headers=for_carl)
    decision = approved["decisions"][0]["approved_by"]
    assert (decision["person"], decision["deputises_for"]) == ("anna", "carl")
    made = cases.opened("un:1")
    cases.done("anna", made, "recommend", **PROPOSAL, headers=for_carl)
    cases.refused(cases.act("carl", made, "approve", seen=3), 409, "another person")
    cases.refused(cases.act("anna", made, "approve", seen=3), 403, "approve")
    with cases.store.writing() as work:
        people.end_delegation(work, given.delegation_id, by, now)
    last = cases.recommended("arne")
    ended = cases.act("anna", last, "approve", seen=3, headers=for_carl)
    assert ended.status_code in (400, 401, 403), ended.text
    assert cases.case(last)["state"] == "recommended"


def test_of_two_who_decide_at_once_one_decides(store_url: str, tmp_path: Path) -> None:
    """On both databases, again and again: one decision, and the other hears of whom."""
    add_lists(store_url)
    with case_desk(tmp_path, store_url) as desk:
        for name in ("anna", "arne", "carl"):
            assert desk.ask(name, "GET", "cases").status_code == 200
        for turn in range(5):
            case_id = desk.opened("un:1", title=f"Contested {turn}")
            found = _at_once(desk, ("anna", "arne"), case_id, "recommend", {**PROPOSAL, "seen": 2})
            (good, bad) = sorted(found, key=lambda one: one.status_code)
            assert (good.status_code, bad.status_code) == (200, 409), bad.text
            winner = good.json()["pending"]["by"]["name"]
            assert f"{winner}: recommended" in bad.json()["detail"]
            assert "Look at it again" in bad.json()["detail"]
            history = desk.case(case_id)["history"]
            assert [one["act"] for one in history].count("recommended") == 1
            both = _at_once(desk, ("carl", "bob"), case_id, "approve", {"seen": 3})
            assert sorted(one.status_code for one in both) == [200, 409]
            assert len(desk.case(case_id)["decisions"]) == 1
        assert desk.desk.get("audit/verify", Role.AUDITOR)["is_intact"]


def _at_once(
    desk: CaseDesk, names: tuple[str, ...], case_id: str, step: str, body: dict[str, object]
) -> list[httpx.Response]:
    """The answers to several people who ask at the same moment."""
    ready = Barrier(len(names))

    def ask(name: str) -> httpx.Response:
        ready.wait()
        return desk.act(name, case_id, step, **body)

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(ask, names))


def test_each_act_is_in_the_audit_log_once(cases: CaseDesk) -> None:
    """With who did it and a hash that binds the record; a refusal leaves no record of an act."""
    case_id = cases.recommended("anna")
    cases.act("anna", case_id, "withdraw", seen=1)
    cases.desk.app.state.api.audit.flush()
    with cases.store.reading() as work:
        acts = [
            (one.entry.action, one.entry.actor)
            for one in work.audit.records(object=case_id, limit=100)
            if one.entry.action.startswith("case ")
        ]
        assert work.audit.verify() == []
    assert acts == [
        ("case opened", "watch"),
        ("case alert added", "watch"),
        ("case recommended", "user:anna"),
    ]


def test_whoever_works_at_an_open_service_is_one_person(tmp_path: Path) -> None:
    """On this machine alone, with no user made, a decision cannot be had at all."""
    settings = settings_for(tmp_path)
    add_lists(settings.base.store_url)
    with TestClient(create_app(settings)) as client:
        wait_ready(client)
        made = client.post("/api/v1/cases", json={"title": "By whoever is here"})
        assert made.status_code == 201, made.text
        place = f"/api/v1/cases/{made.json()['case_id']}"
        body = {**PROPOSAL, "reason": "IN-DATA", "outcome": "escalate", "seen": 1}
        recommended = client.post(f"{place}/recommend", json=body)
        assert recommended.status_code == 200, recommended.text
        approved = client.post(f"{place}/approve", json={"seen": 2})
        assert approved.status_code == 409
        assert "another person has to look" in approved.json()["detail"]
