"""The due-diligence file over HTTP: filled in, refused, signed by two people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_desk import Desk, opened
from argon2 import PasswordHasher
from invented import add_lists

from tumen.model.access import Role
from tumen.service.access import accounts
from tumen.service.access.passwords import Passwords

ROWS = "id,name,country,schema\nC-1,Amur Invented Trading,DE,company\nC-2,Some One,DE,person\n"
PLACE = "books/clients/parties/C-1/diligence"
WHY = "The register of the place is closed to us"
PASSWORD = "correct horse battery"
_QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service with a screened book, an analyst and an approver."""
    home: Path = tmp_path_factory.mktemp("diligence")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    with opened(home) as found:
        with found.store.writing() as work:
            for name, role in (("anna", Role.ANALYST), ("boris", Role.APPROVER)):
                wanted = accounts.NewUser(name, role, _QUICK.hash(PASSWORD))
                accounts.add_user(work, wanted, accounts.By("test"), datetime.now(UTC))
        files = {"file": ("book.csv", ROWS.encode())}
        found.ask("POST", "books/clients/versions", Role.ANALYST, files=files)
        job = found.ask("POST", "screenings", Role.ANALYST, json={"book_id": "clients"}).json()
        assert found.wait(job["job_id"])["status"] == "done"
        yield found


def as_user(desk: Desk, name: str, path: str, **body: Any) -> httpx.Response:
    """The answer to a person."""
    return desk.client.post(f"/api/v1/{path}", json=body, auth=(name, PASSWORD))  # type: ignore[return-value]


def fill(desk: Desk, place: str) -> None:
    """Say of everything that is missing that nobody can find it out."""
    for field_id in desk.get(place)["missing"]:
        if not field_id.startswith(("decision.", "audit.")):
            body = {"field_id": field_id, "standing": "unknown", "note": WHY}
            assert desk.ask("POST", f"{place}/answers", Role.ANALYST, json=body).status_code == 201
    answered = {
        "field_id": "risk.residual",
        "values": ["medium"],
        "source": "The desk's method",
        "evidence": ["worksheet 7"],
    }
    assert desk.ask("POST", f"{place}/answers", Role.ANALYST, json=answered).status_code == 201


def test_a_file_begins_with_what_the_store_knows(own: Desk) -> None:
    """Sections in order, facts from the book and the screening, and the gaps by name."""
    file = own.get("books/clients/parties/C-2/diligence", Role.VIEWER)
    assert (file["sequence"], file["kind"], file["is_enhanced"]) == (0, "person", False)
    assert [one["number"] for one in file["sections"]] == list(range(1, 14))
    fields = {one["id"]: one for part in file["sections"] for one in part["fields"]}
    assert fields["identity.legal_name"]["values"] == ["Some One"]
    assert fields["screening.hits"]["values"] == ["Nothing found"]
    assert fields["screening.lists"]["values"]
    assert "identity.born_on" in file["missing"]
    assert file["progress"]["percent"] < 100
    assert file["review"]["state"] == "not signed off"


def test_two_people_sign_and_one_does_not(own: Desk) -> None:
    """From gaps to a signed file; each wrong turn is 409 and says why."""
    early = as_user(own, "anna", f"{PLACE}/recommendation", conclusion="accept", text="x" * 30)
    assert early.status_code == 409
    assert "residual risk first" in early.json()["detail"]
    fill(own, PLACE)
    seen = own.get(PLACE)["sequence"]
    stale = as_user(own, "anna", f"{PLACE}/recommendation", conclusion="accept", text="x" * 30,
                    seen=seen - 1)  # fmt: skip
    assert stale.status_code == 409
    assert "Meanwhile" in stale.json()["detail"]
    given = {"conclusion": "accept", "text": "The register names other people.", "seen": seen}
    made = as_user(own, "boris", f"{PLACE}/recommendation", **given)
    assert made.status_code == 201, made.text
    assert made.json()["pending"]["recommended_by"]["name"] == "boris"
    alone = as_user(own, "boris", f"{PLACE}/approval", text="Agreed")
    assert alone.status_code == 409
    assert "another person has to look" in alone.json()["detail"]
    by_key = own.ask("POST", f"{PLACE}/approval", Role.APPROVER, json={"text": "Agreed"})
    assert by_key.status_code == 409
    assert "takes people" in by_key.json()["detail"]
    taken = as_user(own, "boris", f"{PLACE}/withdrawal", text="A slip")
    assert taken.json()["pending"] is None
    again = as_user(own, "anna", f"{PLACE}/recommendation", **{**given, "seen": None})
    assert again.status_code == 201, again.text
    back = as_user(own, "boris", f"{PLACE}/return", text="The chart of the owners is missing.")
    assert back.status_code == 200, back.text
    as_user(own, "anna", f"{PLACE}/recommendation", **{**given, "seen": None})
    done = as_user(own, "boris", f"{PLACE}/approval", text="Agreed")
    assert done.status_code == 200, done.text
    file = done.json()
    assert file["review"]["state"] == "in force"
    assert file["missing"] == []
    assert file["progress"]["percent"] < 100
    assert (
        file["signed"][0]["approved_by"]["person"] != file["signed"][0]["recommended_by"]["person"]
    )
    with own.store.reading() as work:
        actions = [one.entry.action for one in work.audit.latest(object="clients/C-1")]
    assert actions.count("due diligence approved") == 1


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"field_id": "people.pep", "standing": "unknown", "note": "no"}, 409, "in 10 letters"),
        ({"field_id": "people.pep", "values": ["maybe"], "source": "x"}, 409, "yes, no"),
        ({"field_id": "people.pope", "values": ["no"], "source": "x"}, 400, "no field"),
        ({"field_id": "people.pep", "standing": "missing"}, 422, ""),
        ({"field_id": "people.pep", "by": "somebody else"}, 422, ""),
        ({"field_id": "people.pep", "values": ["no"] * 501, "source": "x"}, 422, ""),
    ],
)
def test_what_is_no_answer_is_refused(
    own: Desk, body: dict[str, Any], status: int, says: str
) -> None:
    """With the field and the mend."""
    place = "books/clients/parties/C-2/diligence/answers"
    answer = own.ask("POST", place, Role.ANALYST, json=body)
    assert answer.status_code == status, answer.text
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("place", ["books/nowhere/parties/C-1", "books/clients/parties/C-9"])
def test_what_is_not_there_is_404(own: Desk, place: str) -> None:
    """The file, and whatever is to be set in it."""
    assert own.ask("GET", f"{place}/diligence").status_code == 404
    body = {"field_id": "people.pep", "standing": "unknown", "note": WHY}
    answer = own.ask("POST", f"{place}/diligence/answers", Role.ANALYST, json=body)
    assert answer.status_code == 404, answer.text


def test_a_file_is_handed_over_in_each_form(own: Desk) -> None:
    """Under a name of its own, to whoever may read."""
    for form, begins in (("json", b"{"), ("pdf", b"%PDF-"), ("zip", b"PK")):
        answer = own.ask("GET", f"{PLACE}/export?form={form}", Role.VIEWER)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == f"application/{form}"
        name = answer.headers["content-disposition"]
        assert name == f'attachment; filename="diligence-clients_C_1.{form}"'
        assert answer.content.startswith(begins)
    assert own.ask("GET", f"{PLACE}/export?form=exe").status_code == 422
    assert own.ask("GET", "books/clients/parties/C-9/diligence/export").status_code == 404
