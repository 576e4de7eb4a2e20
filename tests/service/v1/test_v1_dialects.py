"""The same answers over SQLite and over PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from api_cases import PROPOSAL, CaseDesk, add_people
from api_desk import opened
from invented import add_lists

from tumen.config import Settings
from tumen.model.access import Role

BOOK = b"id,name,birth date\nC-1,Quill Feathersby,1955-03-02\nC-2,Ada Example,\n"
QUILL = {"subject": {"schema": "Person", "properties": {"name": "Quill Feathersby"}}}


def test_from_import_to_evidence(store_url: str, tmp_path: Path) -> None:
    """A book, its screening, a decision, a repeated write, and the log of all of it."""
    add_lists(store_url)
    with opened(tmp_path, base=Settings(tmp_path, store_url)) as desk:
        files = {"file": ("book.csv", BOOK)}
        made = desk.ask("POST", "books/both/versions", Role.ANALYST, files=files)
        assert made.status_code == 201, made.text
        job = desk.ask("POST", "screenings", Role.ANALYST, json={"book_id": "both"}).json()
        result = desk.wait(job["job_id"])["result"]
        (hit,) = desk.get("books/both/hits?party_id=C-1&entity_id=un_sc_sanctions:1")["items"]
        assert hit["state"] == "open"
        add_people(desk.store)
        pair = {"party_id": "C-1", "entity_id": "un_sc_sanctions:1"}
        said = {name: value for name, value in PROPOSAL.items() if name != "outcome"}
        people = CaseDesk(desk)
        waiting = people.ask("anna", "POST", "books/both/suppressions", json={**pair, **said})
        assert waiting.status_code == 202, waiting.text
        people.done("carl", waiting.json()["case_id"], "approve")
        assert len(desk.get("books/both/suppressions?is_active=true")["items"]) == 1
        first, second = (
            desk.ask("POST", "screen", Role.ANALYST, json=QUILL, headers={"Idempotency-Key": "k"})
            for _ in range(2)
        )
        assert first.content == second.content
        kept = first.json()["screening_id"]
        page = desk.get("screenings?limit=1")
        assert page["items"][0]["screening_id"] == kept
        assert desk.get(page["next"])["items"][0]["screening_id"] == result["screening_id"]
        for screening_id in (kept, result["screening_id"]):
            replay = desk.ask("POST", f"screenings/{screening_id}/replay", Role.ANALYST).json()
            assert desk.wait(replay["job_id"])["result"]["is_identical"]
        assert desk.get("audit/verify", Role.AUDITOR)["is_intact"]
        assert desk.get("watch")["books"][0]["book_id"] == "both"
