"""A book over HTTP: imported, screened, its hits decided, and its past asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from api_cases import PROPOSAL, CaseDesk, add_people
from api_desk import Desk, opened
from invented import add_lists

from tumen.cases.acting import approve
from tumen.cases.policies import propose_policy
from tumen.model.access import Role
from tumen.model.case import Actor
from tumen.screening.policy import Policy

ROWS = (
    "id,name,birth date,country,schema\n"
    "C-1,Quill Feathersby,1955-03-02,KP,person\n"
    "C-2,Wilhelmina Unheard-Of,1980-05-06,DE,person\n"
    "C-3,,,,person\n"
)
FALSE = {name: value for name, value in PROPOSAL.items() if name != "outcome"}
LATER = "id,name,schema\nC-2,Wilhelmina Unheard-Of,person\n"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service of its own for each test file: what it stores is seen by no other."""
    home: Path = tmp_path_factory.mktemp("books")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    with opened(home) as found:
        yield found


def imported(desk: Desk, book_id: str, text: str, name: str = "book.csv") -> Any:
    """The answer to an import."""
    files = {"file": (name, text.encode())}
    return desk.ask("POST", f"books/{book_id}/versions", Role.ANALYST, files=files)


def screened(desk: Desk, book_id: str) -> dict[str, Any]:
    """The result of a screening of the book."""
    answer = desk.ask("POST", "screenings", Role.ANALYST, json={"book_id": book_id})
    assert answer.status_code == 202, answer.text
    job = desk.wait(answer.json()["job_id"])
    assert job["status"] == "done", job
    assert job["done"] == job["total"]
    result: dict[str, Any] = job["result"]
    return result


def decided(desk: Desk, path: str, **body: Any) -> Any:
    """The answer to a decision of an analyst."""
    return desk.ask("POST", path, Role.ANALYST, json=body)


def test_an_import_makes_a_version_and_names_what_it_left_out(own: Desk) -> None:
    """The row without a name is a problem of the version, not a silent loss."""
    answer = imported(own, "first", ROWS)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["Location"] == "/api/v1/books/first/versions/1"
    assert (made["version"], made["parties"], made["problems"], made["is_new"]) == (1, 2, 1, True)
    assert made["problem_rows"][0]["party_id"] == "C-3"
    again = imported(own, "first", ROWS)
    assert again.status_code == 200
    assert not again.json()["is_new"]
    assert imported(own, "first", LATER).json()["version"] == 2
    versions = own.get("books/first/versions")["items"]
    assert [one["version"] for one in versions] == [1, 2]
    assert own.get("books/first")["version"] == 2
    assert own.get("books/first/versions/1")["problem_rows"] == made["problem_rows"]
    assert own.get("books")["items"][0]["book_id"] == "first"


def test_a_workbook_is_told_by_its_content(own: Desk) -> None:
    """Whatever its name."""
    made, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.append(["id", "name"])
    sheet.append(["1", "Anna Invented"])
    made.save(stream)
    files = {"file": ("../../odd name", stream.getvalue())}
    answer = own.ask("POST", "books/sheet/versions", Role.ANALYST, files=files)
    assert answer.status_code == 201, answer.text
    assert answer.json()["source"] == "odd name"


def test_headings_that_are_not_known_are_chosen(own: Desk) -> None:
    """Named by property, or left out; a choice that is none is refused."""
    files = {"file": ("odd.csv", b"Kennung,Wer,Notiz\n1,Anna Invented,x\n")}
    chosen = {"column": ["Kennung=id", "Wer=name"], "ignore_column": "Notiz"}
    answer = own.ask("POST", "books/odd/versions", Role.ANALYST, files=files, data=chosen)
    assert answer.status_code == 201, answer.text
    assert own.get("books/odd/parties")["items"][0]["caption"] == "Anna Invented"
    wrong = {"column": "Wer"}
    answer = own.ask("POST", "books/odd/versions", Role.ANALYST, files=files, data=wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "body.column"


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "empty"), ("%PDF-1.7", "PDF"), ("id,favourite colour\n1,red\n", "favourite colour")],
)
def test_a_file_that_is_no_book_is_refused(own: Desk, text: str, words: str) -> None:
    """With the mend, and without a trace."""
    answer = imported(own, "refused", text)
    assert answer.status_code == 422, answer.text
    assert words in answer.json()["detail"]
    assert own.ask("GET", "books/refused").status_code == 404


def test_parties_are_turned_page_by_page(own: Desk) -> None:
    """Each once, in the order of the file; of the version that the first page showed."""
    lines = [f"P-{number:03},Invented {number:03}" for number in range(25)]
    imported(own, "pages", "id,name\n" + "\n".join(lines))
    page = own.get("books/pages/parties?limit=10")
    imported(own, "pages", "id,name\nZ,Another Invented")
    found = [one["party_id"] for one in page["items"]]
    while page["next"]:
        page = own.get(page["next"])
        found += [one["party_id"] for one in page["items"]]
    assert found == [f"P-{number:03}" for number in range(25)]
    (only,) = own.get("books/pages/parties?version=1&party_id=P-007")["items"]
    assert only["caption"] == "Invented 007"


def test_a_policy_holds_from_its_approval_on(own: Desk) -> None:
    """A running service screens under what two people put in force, without a restart."""
    anna, carl = (
        Actor(f"user:{name}", name, name, ("decide", "approve")) for name in ("anna", "carl")
    )
    policy = Policy("approved", "7", threshold=0.71)
    with own.store.writing() as work:
        case = propose_policy(work, policy, PROPOSAL["text"], anna, datetime.now(UTC))
    assert own.get("status")["policy"] == str(Policy())
    with own.store.writing() as work:
        approve(work, case.case_id, case.sequence, "Agreed", carl, datetime.now(UTC))
    assert own.get("status")["policy"] == str(policy)
    imported(own, "held", ROWS)
    run = own.get(f"screenings/{screened(own, 'held')['screening_id']}")
    assert run["policy"] == policy.to_dict()


def test_from_hit_to_release(own: Desk) -> None:
    """Found, muted by two, open again, gone from the book: proposed, and released by two."""
    imported(own, "whole", ROWS)
    result = screened(own, "whole")
    assert result["changes"]["opened"] >= 1
    hits = own.get("books/whole/hits?state=open", Role.VIEWER)["items"]
    hit = next(one for one in hits if one["hit"]["entity_id"] == "un_sc_sanctions:1")
    assert hit["party_id"] == "C-1"
    pair = {"party_id": "C-1", "entity_id": "un_sc_sanctions:1"}

    add_people(own.store)
    people = CaseDesk(own)
    wanted = {**pair, **FALSE, "expires_on": "2099-12-31"}
    assert decided(own, "books/whole/suppressions", **wanted).status_code == 403  # A program.
    waiting = people.ask("anna", "POST", "books/whole/suppressions", json=wanted)
    assert waiting.status_code == 202, waiting.text
    case_id, seen = waiting.json()["case_id"], waiting.json()["sequence"]
    assert waiting.json()["awaits"] == "approver"
    assert own.get("books/whole/suppressions?is_active=true")["items"] == []
    again = people.ask("arne", "POST", "books/whole/suppressions", json=wanted)
    assert again.status_code == 409
    assert again.json()["type"] == "urn:tumen:problem:conflict"
    assert people.act("anna", case_id, "approve", seen=seen).status_code == 403
    people.done("carl", case_id, "approve", seen=seen)
    (shown,) = own.get("books/whole/suppressions?is_active=true")["items"]
    assert shown["decided_by"] == "user:anna, user:carl"
    assert shown["expires_on"] == "2099-12-31"

    suppression_id = shown["suppression_id"]
    lifted = decided(own, f"suppressions/{suppression_id}/lift", reason="New facts")
    assert lifted.json()["lapse_reason"] == "New facts"
    assert own.get("books/whole/suppressions?is_active=true")["items"] == []

    early = decided(own, "books/whole/releases", **pair, reason="Too early")
    assert early.status_code == 409
    imported(own, "whole", LATER)
    screened(own, "whole")
    fallen = own.get("books/whole/hits?state=proposed release&party_id=C-1")["items"]
    assert {one["state"] for one in fallen} == {"proposed release"}
    alone = decided(own, "books/whole/releases", **pair, reason="No longer a customer")
    assert (alone.status_code, "in its case" in alone.json()["detail"]) == (409, True)
    people.done("anna", case_id, "recommend", **PROPOSAL)
    people.done("carl", case_id, "approve")

    history = own.get("books/whole/hits/C-1/un_sc_sanctions:1/history")["items"]
    states = [one["state"] for one in history]
    assert states == ["open", "suppressed", "open", "proposed release"]
    assert all(one["known_to"] for one in history)
    then = own.get("books/whole/hits", params={"known_at": history[1]["known_from"]})["items"]
    assert {one["state"] for one in then if one["party_id"] == "C-1"} >= {"suppressed"}
    day = history[0]["known_from"][:10]
    assert own.get(f"books/whole/hits?as_of={day}")["items"] == own.get("books/whole/hits")["items"]
    assert own.get("books/whole/hits?as_of=2020-01-01")["items"] == []


def test_what_happened_is_told(own: Desk) -> None:
    """A new hit is an event, and the screening stands in the audit log with its result."""
    imported(own, "told", ROWS)
    result = screened(own, "told")
    events = own.get("events?book_id=told&kind=new hit")["items"]
    assert {one["party_id"] for one in events} == {"C-1"}
    assert own.get(f"events/{events[0]['event_id']}")["event_id"] == events[0]["event_id"]
    records = own.get("audit/records?object=told@1", Role.AUDITOR)["items"]
    (record,) = [one for one in records if one["action"] == "book screened"]
    assert record["details"]["screening_id"] == result["screening_id"]
    assert record["after"] == own.get(f"screenings/{result['screening_id']}")["result_hash"]


def test_a_screening_of_a_book_is_evidence_and_can_be_repeated(own: Desk) -> None:
    """Only outcomes with something to say are kept; the statement counts the others."""
    imported(own, "again", ROWS)
    result = screened(own, "again")
    kept = own.get(f"screenings/{result['screening_id']}")
    assert kept["input_ref"] == "again@1"
    assert kept["statement"].startswith("The book again@1, screened on ")
    outcomes = own.get(f"screenings/{result['screening_id']}/outcomes")["items"]
    assert [one["subject_id"] for one in outcomes] == ["C-1"]
    assert own.get("screenings?book_id=again")["items"][0]["screening_id"] == kept["screening_id"]
    job = own.ask("POST", f"screenings/{result['screening_id']}/replay", Role.ANALYST).json()
    assert own.wait(job["job_id"])["result"]["is_identical"]


def test_a_look_back_keeps_nothing(own: Desk) -> None:
    """Who would have been hit by what we knew then; before the first list, nothing is said."""
    imported(own, "past", ROWS)
    body = {"as_of": "2026-01-10"}
    job = own.ask("POST", "books/past/look-back", Role.ANALYST, json=body).json()
    job = own.wait(job["job_id"])
    assert [one["subject_id"] for one in job["result"]["outcomes"]] == ["C-1"]
    assert own.get("screenings?book_id=past")["items"] == []
    job = own.ask("POST", "books/past/look-back", Role.ANALYST, json={"as_of": "2019-01-01"}).json()
    failed = own.wait(job["job_id"])
    assert failed["status"] == "failed"
    assert failed["problem"]["type"] == "urn:tumen:problem:lists-missing"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "screenings", {"book_id": "nowhere"}),
        ("POST", "books/nowhere/look-back", {}),
        ("GET", "books/nowhere", None),
        ("GET", "books/nowhere/hits", None),
        ("GET", "books/nowhere/versions", None),
        ("GET", "books/nowhere/parties", None),
        ("GET", "books/nowhere/hits/a/b/history", None),
        ("GET", "screenings/nowhere", None),
        ("GET", "screenings/nowhere/outcomes", None),
        ("POST", "screenings/nowhere/replay", None),
        ("POST", "suppressions/nowhere/lift", {"reason": "none"}),
        ("GET", "events/nowhere", None),
        ("GET", "jobs/nowhere", None),
    ],
)
def test_what_is_not_there_is_404(own: Desk, method: str, path: str, body: Any) -> None:
    """As a problem that says what is not there."""
    answer = own.ask(method, path, Role.ANALYST, json=body)
    assert answer.status_code == 404, answer.text
    assert answer.json()["type"] == "urn:tumen:problem:not-found"
    assert answer.json()["instance"] == f"/api/v1/{path}"
