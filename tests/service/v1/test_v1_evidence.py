"""Evidence files over HTTP: handed to who may read, verified, and each on record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from api_desk import Desk

from tumen.cases.acting import open_by_hand
from tumen.cases.evidence.in_store import compare
from tumen.cases.evidence.verify import verify
from tumen.cases.workflow import Opening
from tumen.model.access import Role
from tumen.model.case import Actor
from tumen.model.casework import Origin, Priority

QUILL = {"id": "C-1", "schema": "Person", "properties": {"name": "Quill Feathersby"}}
NOBODY = {"id": "C-2", "schema": "Person", "properties": {"name": "Zaphod Unknownov"}}


def screened(desk: Desk, *subjects: dict[str, Any]) -> str:
    """The id of a stored screening of these subjects."""
    answer = desk.ask("POST", "screen/many", Role.ANALYST, json={"subjects": list(subjects)})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["screening_id"])


def case_of(desk: Desk) -> str:
    """The id of a case that was opened by hand."""
    opening = Opening(Origin.MANUAL, "A question", "partners/p-1", Priority.P4)
    ana = Actor("ana", "ana", "Ana", ("decide",))
    with desk.store.writing() as work:
        return open_by_hand(work, opening, ana, datetime.now(UTC)).case_id


@pytest.mark.parametrize("kind", ["zip", "pdf"])
def test_a_case_is_handed_out_and_on_record(desk: Desk, kind: str) -> None:
    """The file is intact beside the store, and the log says by its hash that this one left."""
    case_id = case_of(desk)
    answer = desk.ask("GET", f"cases/{case_id}/evidence", Role.VIEWER, params={"format": kind})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == f"application/{kind}"
    disposition = f'attachment; filename="evidence-{case_id}.{kind}"'
    assert answer.headers["content-disposition"] == disposition
    assert answer.headers["cache-control"] == "no-store"
    desk.app.state.api.audit.flush()
    found = verify(answer.content)
    with desk.store.reading() as work:
        compare(work, found.evidence, found.findings)
    assert found.findings.problems == []
    assert not any("handed out" in one for one in found.findings.remarks)


def test_a_clean_search_is_handed_out(desk: Desk) -> None:
    """All outcomes of the request are inside, so that its result hash can be worked out."""
    path = f"screenings/{screened(desk, NOBODY)}/evidence"
    found = verify(desk.ask("GET", path, Role.VIEWER).content)
    assert found.findings.is_intact
    (run,) = found.evidence.data["screenings"]
    assert run["hashed"] is not None
    assert "The outcomes give the result hashes" in found.findings.checked
    (finding,) = found.evidence.data["finding"]
    assert finding.endswith("Nothing was found.")


def test_of_two_subjects_one_is_told(desk: Desk) -> None:
    """Nothing of the other stands in the file."""
    path = f"screenings/{screened(desk, NOBODY, QUILL)}/evidence"
    answer = desk.ask("GET", path, Role.VIEWER, params={"subject_id": "C-1", "format": "zip"})
    found = verify(answer.content)
    assert found.findings.is_intact
    assert "Found: 1 hit" in found.evidence.data["finding"][0]
    assert b"Unknownov" not in found.evidence.document


def test_what_is_not_there_is_a_404_and_what_makes_no_sense_a_422(desk: Desk) -> None:
    """As problem details."""
    assert desk.ask("GET", "cases/none/evidence").status_code == 404
    assert desk.ask("GET", "screenings/none/evidence").status_code == 404
    path = f"screenings/{screened(desk, QUILL)}/evidence"
    assert desk.ask("GET", path, params={"format": "doc"}).status_code == 422
    refused = desk.ask("GET", path, params={"subject_id": "C-9"})
    assert refused.status_code == 400
    assert "did not look at 'C-9'" in refused.json()["detail"]
