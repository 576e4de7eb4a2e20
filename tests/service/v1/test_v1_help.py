"""The help desk over HTTP: requests, settings, briefings, and who may do what of it."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from api_desk import Desk

from tumen.model.access import Role

ASKED = {
    "kind": "urgent",
    "subject": "A payment to Rason",
    "text": "The beneficiary is on a list since this morning.",
    "telephone": "+82 2 555 0100",
}
WRITTEN = {
    "title": "Coal transfers off Chongjin",
    "summary": "Three vessels met at sea.",
    "body": "Three vessels met.",
    "topics": ["shipping"],
}


def post(desk: Desk, path: str, body: dict[str, Any], role: Role = Role.ANALYST) -> Any:
    """The JSON of a good answer."""
    answer = desk.ask("POST", path, role, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_request_is_a_case(desk: Desk) -> None:
    """Whoever has an account may ask; who asked is known, and urgent is a P1."""
    made = post(desk, "help", ASKED, Role.VIEWER)
    assert made["priority"] == "P1"
    assert "duty officer" in made["next_step"]
    with desk.store.reading() as work:
        contact = work.help_contacts.of(made["case_id"])
    assert contact is not None
    assert contact.reference == made["reference"]
    assert contact.asked_by.startswith("key:")
    assert desk.ask("POST", "help", json={**ASKED, "telephone": ""}).status_code == 400
    assert desk.ask("POST", "help", json={**ASKED, "text": "x" * 20_000}).status_code == 422
    assert desk.client.post("/api/v1/help", json=ASKED).status_code == 401


def test_settings_are_kept_in_versions(desk: Desk) -> None:
    """What another administrator set is never overwritten unseen."""
    before = desk.get("desk/settings")
    wanted = {**before, "name": "Night desk", "seen": before["version"]}
    wanted.pop("version")
    answer = desk.ask("PUT", "desk/settings", json=wanted)
    assert answer.status_code == 200, answer.text
    assert desk.get("desk/settings") == {**before, "name": "Night desk", "version": 1}
    assert desk.ask("PUT", "desk/settings", json=wanted).status_code == 409
    assert desk.ask("PUT", "desk/settings", Role.APPROVER, json=wanted).status_code == 403
    wrong = {**wanted, "seen": 1, "time_zone": "Mars/Olympus"}
    assert desk.ask("PUT", "desk/settings", json=wrong).status_code == 400


def test_a_briefing_from_draft_to_withdrawal(desk: Desk) -> None:
    """Each step a version; readers see what is published and nothing else."""
    made = post(desk, "briefings", WRITTEN)
    place = f"briefings/{made['briefing_id']}"
    assert (made["version"], made["state"]) == (1, "draft")
    assert desk.get("briefings")["items"] == []
    assert len(desk.get("briefings?with_drafts=true")["items"]) == 1
    revised = post(desk, f"{place}/versions", {**WRITTEN, "title": "Three ships", "seen": 1})
    assert revised["slug"] == made["slug"]
    late = desk.ask("POST", f"{place}/publication", Role.APPROVER, json={"seen": 1})
    assert late.status_code == 409
    done = post(desk, f"{place}/publication", {"seen": 2}, Role.APPROVER)
    assert (done["state"], done["letters"]) == ("published", 0)
    assert [one["title"] for one in desk.get("briefings?topic=shipping")["items"]] == [
        "Three ships"
    ]
    assert desk.get("briefings?topic=cyber")["items"] == []
    post(desk, f"{place}/withdrawal", {"seen": 3, "note": "Another ship"})
    assert desk.get("briefings")["items"] == []
    versions = desk.get(f"{place}/versions")["items"]
    assert [one["state"] for one in versions] == ["withdrawn", "published", "draft", "draft"]
    for path in ("publication", "withdrawal", "versions"):
        answer = desk.ask("POST", f"{place}/{path}", Role.ADMINISTRATOR, json={"seen": 4})
        assert answer.status_code == 403
    assert desk.ask("GET", "briefings/none").status_code == 404


def test_no_evidence_file_carries_who_asked(desk: Desk) -> None:
    """Files of a case go to others; what was asked is in them, who asked is not."""
    contact = {"name": "Mina Park", "email": "mina@client.example", "organisation": "Hanbit"}
    made = post(desk, "help", {**ASKED, **contact, "kind": "advice"})
    answer = desk.ask("GET", f"cases/{made['case_id']}/evidence?format=zip", Role.ANALYST)
    assert answer.status_code == 200, answer.text
    with ZipFile(BytesIO(answer.content)) as archive:
        texts = [archive.read(name) for name in archive.namelist()]
    assert any(str(ASKED["text"]).encode() in one for one in texts)
    for private in (*contact.values(), str(ASKED["telephone"]), made["reference"]):
        assert not any(private.encode() in one for one in texts)
