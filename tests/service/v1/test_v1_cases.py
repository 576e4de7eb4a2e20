"""A case over HTTP: found, worked on, decided by two, and shown whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from api_cases import PROPOSAL, SENTENCE, CaseDesk, case_desk
from invented import add_lists

from tumen.model.access import Role
from tumen.model.casework import CaseState
from tumen.service.problems import KINDS


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseDesk]:
    """A desk of this file's own."""
    home: Path = tmp_path_factory.mktemp("cases")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    with case_desk(home) as found:
        yield found


def test_from_recommendation_to_closing(cases: CaseDesk) -> None:
    """A release is carried out and closed by the approval; the history says who did what."""
    case_id = cases.opened("un:1")
    given = cases.ask("anna", "GET", f"cases/{case_id}")
    tag = given.headers["ETag"]
    assert tag == '"2"'
    answer = cases.act("anna", case_id, "recommend", **PROPOSAL, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == '"3"'
    waiting = answer.json()
    assert waiting["state"] == "recommended"
    assert waiting["pending"]["entity_ids"] == ["un:1"]
    assert waiting["pending"]["by"]["name"] == "anna"
    approved = cases.done("carl", case_id, "approve", text="Seen the copies")
    assert approved["state"] == "closed"
    assert len(approved["effects"]) == 1
    (decision,) = approved["decisions"]
    assert decision["recommendation"]["by"]["person"] != decision["approved_by"]["person"]
    acts = [one["act"] for one in cases.case(case_id)["history"]]
    assert acts == ["opened", "alert added", "recommended", "approved", "actioned", "closed"]


def test_a_hit_of_a_book_is_muted_by_two(cases: CaseDesk) -> None:
    """From the screening, which opens the case, to the suppression that names both people."""
    book = b"id,name,birth date,country,schema\nC-1,Quill Feathersby,1955-03-02,KP,person\n"
    cases.desk.ask("POST", "books/whole/versions", Role.ANALYST, files={"file": ("b.csv", book)})
    begun = cases.desk.ask("POST", "screenings", Role.ANALYST, json={"book_id": "whole"})
    assert cases.desk.wait(begun.json()["job_id"])["status"] == "done"
    (one,) = cases.ask("vera", "GET", "cases?book_id=whole").json()["items"]
    assert (one["subject_key"], one["awaits"]) == ("whole/C-1", "analyst")
    (alert,) = cases.case(one["case_id"])["alerts"]
    assert alert["subject"]["properties"]["name"] == ["Quill Feathersby"]
    assert alert["versions"]
    cases.done("anna", one["case_id"], "recommend", **PROPOSAL)
    open_hits = cases.desk.get("books/whole/hits?state=open")["items"]
    assert len(open_hits) == one["hits"] > 0
    approved = cases.done("carl", one["case_id"], "approve")
    assert all("is suppressed" in line for line in approved["effects"])
    assert cases.desk.get("books/whole/hits?state=open")["items"] == []
    muted = cases.desk.get("books/whole/suppressions")["items"]
    assert {two["decided_by"] for two in muted} == {"user:anna, user:carl"}


def test_a_true_match_waits_for_what_is_to_be_done(cases: CaseDesk) -> None:
    """Approved, then actioned by people, then closed; each in its turn alone."""
    case_id = cases.opened("un:1")
    found = {**PROPOSAL, "reason": "TP-LIST", "outcome": "freeze"}
    cases.done("anna", case_id, "recommend", **found)
    assert cases.done("carl", case_id, "approve")["state"] == "approved"
    cases.refused(cases.act("anna", case_id, "close"), 409, "cannot be closed")
    assert cases.done("anna", case_id, "action", text="Frozen, and reported")["state"] == "actioned"
    assert cases.done("anna", case_id, "close")["state"] == "closed"
    cases.refused(cases.act("anna", case_id, "assign", assignee="anna"), 409, "is closed")
    assert cases.done("anna", case_id, "notes", text="The bank wrote")["state"] == "closed"


def test_a_recommendation_is_returned_and_withdrawn(cases: CaseDesk) -> None:
    """With what is missing; by whoever made it alone."""
    case_id = cases.recommended("anna")
    cases.refused(
        cases.act("carl", case_id, "return", text="More", seen=3), 422, "at least 20 characters"
    )
    returned = cases.done("carl", case_id, "return", text="The second passport is missing")
    assert (returned["state"], returned["pending"]) == ("returned", None)
    cases.done("anna", case_id, "recommend", **PROPOSAL)
    cases.refused(cases.act("arne", case_id, "withdraw", seen=5), 409, "Only anna may withdraw")
    assert cases.done("anna", case_id, "withdraw")["state"] == "investigating"


def test_work_short_of_deciding(cases: CaseDesk) -> None:
    """Assigned, moved, tagged, related, hurried; each shows in the case and in the queue."""
    other = cases.opened("un:2", title="Other")
    case_id = cases.opened("un:1", title="Worked on")
    assert cases.done("anna", case_id, "assign", assignee="me")["assignee"] == "user:anna"
    assert cases.done("anna", case_id, "assign", assignee="arne")["assignee"] == "user:arne"
    assert cases.done("anna", case_id, "move", state="investigating")["state"] == "investigating"
    assert cases.done("anna", case_id, "tags", tags=["b", " a ", "b"])["tags"] == ["a", "b"]
    assert cases.done("anna", case_id, "relate", case_id=other)["related"] == [other]
    hurried = cases.done("anna", case_id, "priority", priority="P2")
    assert hurried["priority"] == "P2"
    assert hurried["due_at"] is not None
    mine = cases.ask("arne", "GET", "cases?assignee=me&text=worked").json()["items"]
    assert [one["case_id"] for one in mine] == [case_id]
    assert mine[0]["sequence"] == cases.sequence(case_id)
    assert cases.done("anna", case_id, "assign", assignee="")["assignee"] == ""


@pytest.mark.parametrize(
    ("step", "body", "status", "words"),
    [
        ("assign", {"assignee": "nobody-here"}, 422, "no user"),
        ("assign", {"assignee": "vera"}, 422, "viewer"),
        ("relate", {"case_id": "case-none"}, 404, "no case"),
        ("move", {"state": "closed"}, 422, "state"),
        ("move", {"state": "new"}, 422, "state"),
        ("tags", {"tags": ["x" * 61]}, 422, "60"),
        ("notes", {"text": "   "}, 422, "at least 1 character"),
        ("notes", {"text": "x", "colour": "red"}, 422, "Extra inputs"),
        ("priority", {"priority": "P9"}, 422, "P1"),
        ("recommend", PROPOSAL, 422, "seen"),
        ("recommend", {**PROPOSAL, "seen": 2, "text": "Short"}, 422, "at least 20"),
        ("recommend", {**PROPOSAL, "seen": 2, "evidence": []}, 422, "at least 1 item"),
        ("recommend", {**PROPOSAL, "seen": 2, "evidence": ["  "]}, 422, "at least 1 character"),
        ("recommend", {**PROPOSAL, "seen": 2, "outcome": "freeze"}, 422, "leads to release"),
        ("recommend", {**PROPOSAL, "seen": 2, "entity_ids": ["x:9"]}, 409, "No hit of this case"),
        ("approve", {"seen": 2}, 409, "no recommendation"),
        ("action", {"seen": 2}, 409, "cannot be actioned"),
        ("notes", {"text": "x", "seen": 9}, 409, "has 2 records, not 9"),
        ("notes", {"text": "x", "seen": 2, "headers": {"If-Match": '"3"'}}, 422, "something else"),
        ("notes", {"text": "x", "headers": {"If-Match": '"abc"'}}, 422, "no ETag"),
    ],
)
def test_what_does_not_fit_is_refused(
    cases: CaseDesk, step: str, body: dict[str, object], status: int, words: str
) -> None:
    """422 for a value, 409 for what the case does not allow; nothing of it is kept."""
    case_id = cases.opened("un:1")
    cases.refused(cases.act("carl", case_id, step, **body), status, words)
    assert cases.sequence(case_id) == 2


def test_who_was_late_hears_of_whom(cases: CaseDesk) -> None:
    """Name, act and time of what happened meanwhile."""
    case_id = cases.opened("un:1")
    cases.done("anna", case_id, "notes", text="Called the bank")
    late = cases.act("arne", case_id, "recommend", **PROPOSAL, seen=2)
    cases.refused(late, 409, "anna: noted")
    assert late.json()["type"] == "urn:tumen:problem:conflict"
    assert KINDS["conflict"][0] == 409
    assert cases.case(case_id)["state"] == "new"


def test_the_queue_is_asked_in_many_ways(cases: CaseDesk) -> None:
    """Filters, orders, pages and counts agree."""
    made = {cases.opened("un:1", title=f"Queued {n}", score=0.5 + n / 100) for n in range(7)}
    path = "cases?text=queued&limit=3"
    found: list[str] = []
    while path:
        page = cases.ask("emil", "GET", path).json()
        found += [one["case_id"] for one in page["items"]]
        path = page["next"]
    assert set(found) == made
    assert len(found) == 7
    scores = [cases.ask("vera", "GET", "cases?text=queued").json()["items"][n]["score"]
              for n in range(7)]  # fmt: skip
    assert scores == sorted(scores, reverse=True)
    least = cases.ask("vera", "GET", "cases?text=queued&least_score=0.555").json()["items"]
    assert len(least) == 1
    counts = cases.ask("vera", "GET", "cases/counts?by=priority&text=queued").json()
    assert counts == {"by": "priority", "counts": {"P3": 7}, "total": 7}
    cases.done("anna", found[0], "recommend", **PROPOSAL)
    waiting = cases.ask("vera", "GET", "cases?awaits=approver&text=queued&order=changed").json()
    assert [one["case_id"] for one in waiting["items"]] == [found[0]]
    assert cases.ask("vera", "GET", "cases?state=nothing").status_code == 422
    assert cases.ask("vera", "GET", "cases?cursor=xyz").status_code == 422
    nobody = cases.ask("vera", "GET", "cases?assignee=nobody&text=queued").json()["items"]
    assert len(nobody) == 7


def test_a_case_is_opened_by_hand(cases: CaseDesk) -> None:
    """About something, or about a party of a book; twice about one party is refused."""
    made = cases.ask("anna", "POST", "cases", json={"title": "A call from the bank"})
    assert made.status_code == 201, made.text
    case = made.json()
    assert made.headers["Location"].endswith(case["case_id"])
    assert (case["origin"], case["priority"], case["state"]) == ("opened by hand", "P4", "new")
    assert case["due_at"]
    files = {"file": ("book.csv", b"id,name\nC-1,Ada Example\n")}
    cases.desk.ask("POST", "books/hand/versions", Role.ANALYST, files=files)
    about = {"title": "Ada Example", "book_id": "hand", "party_id": "C-1", "priority": "P2"}
    first = cases.ask("anna", "POST", "cases", json=about)
    assert first.json()["subject_key"] == "hand/C-1"
    again = cases.ask("arne", "POST", "cases", json=about)
    cases.refused(again, 409, first.json()["case_id"])
    unknown = cases.ask("anna", "POST", "cases", json={**about, "party_id": "C-9"})
    cases.refused(unknown, 404, "no party 'C-9'")
    half = cases.ask("anna", "POST", "cases", json={"title": "Half", "book_id": "hand"})
    cases.refused(half, 422, "Name the book and the party")


def test_a_repeated_write_is_done_once(cases: CaseDesk) -> None:
    """With an idempotency key the second answer is the first."""
    case_id = cases.opened("un:1")
    body = {"text": "Called", "headers": {"Idempotency-Key": f"note-{case_id}"}}
    first, second = (cases.act("anna", case_id, "notes", **dict(body)) for _ in range(2))
    assert first.content == second.content
    assert cases.sequence(case_id) == 3


def test_every_state_says_what_may_follow(cases: CaseDesk) -> None:
    """As the rules have it, so that a client need not know them."""
    case = cases.case(cases.opened("un:1"))
    assert set(case["may_become"]) == {one.value for one in CaseState.NEW.moves}
    assert case["undecided"] == ["un:1"]


def test_many_are_decided_with_one_reason(cases: CaseDesk) -> None:
    """Each for itself: what fails says why, and hinders no other."""
    made = [cases.opened("un:1", title=f"Many {n}") for n in range(4)]
    cases.done("arne", made[1], "notes", text="Meanwhile")
    wanted = [{"case_id": one, "seen": 2} for one in (*made, "case-none")]
    body = {"act": "recommend", "cases": wanted, "proposal": PROPOSAL}
    answer = cases.ask("anna", "POST", "cases/decisions", json=body)
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [200, 409, 200, 200, 404]
    assert answer.json()["done"] == 3
    assert "arne: noted" in results[1]["detail"]
    assert cases.case(made[0])["history"][-1]["details"]["text"] == SENTENCE
    own = cases.ask(
        "carl", "POST", "cases/decisions",
        json={"act": "approve", "cases": [{"case_id": one, "seen": 3} for one in made]},
    ).json()  # fmt: skip
    assert [one["state"] for one in own["results"]] == ["closed", None, "closed", "closed"]
    assert all(one["effects"] for one in own["results"] if one["is_done"])
    for name, status in (("anna", 403), ("vera", 403)):
        back = {"act": "return", "cases": wanted, "text": "The passports are missing here"}
        assert cases.ask(name, "POST", "cases/decisions", json=back).status_code == status
    twice = {**body, "cases": [wanted[0], wanted[0]]}
    cases.refused(cases.ask("anna", "POST", "cases/decisions", json=twice), 422, "once")
    bare = {"act": "recommend", "cases": wanted}
    cases.refused(cases.ask("anna", "POST", "cases/decisions", json=bare), 422, "proposal")
