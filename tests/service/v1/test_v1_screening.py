"""Screening over HTTP: hits with reasons, warnings for what cannot be used, and evidence kept."""

from __future__ import annotations

from typing import Any

import pytest
from api_desk import Desk

from tumen.model.access import Role
from tumen.screening.policy import Policy

QUILL = {
    "id": "C-1",
    "schema": "Person",
    "properties": {"name": ["Quill Feathersby"], "birthDate": "1955-03-02", "nationality": "kp"},
}
NOBODY = {"schema": "Person", "properties": {"name": "Wilhelmina Unheard-Of"}}


def screened(desk: Desk, **body: Any) -> dict[str, Any]:
    """What a good request gives an analyst."""
    answer = desk.ask("POST", "screen", Role.ANALYST, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_listed_person_is_found_with_reasons(desk: Desk) -> None:
    """Score, sentence, each reason, the version it rests on, and its age."""
    found = screened(desk, subject=QUILL)
    (outcome,) = found["outcomes"]
    assert outcome["subject_id"] == "C-1"
    assert outcome["outcome"] == "hit"
    best = outcome["hits"][0]
    assert best["entity_id"] == "un_sc_sanctions:1"
    assert best["is_hit"]
    assert best["score"] > 0.9
    assert {"name", "birth_date"} <= {reason["feature"] for reason in best["reasons"]}
    assert best["sentence"]
    used = {version["list_id"]: version for version in found["versions"]}
    assert used["un_sc_sanctions"]["version_id"].startswith("un_sc_sanctions@")
    assert used["un_sc_sanctions"]["age_days"] > 0
    assert found["policy"]["threshold"] == Policy().threshold


def test_nothing_found_is_recorded_as_well(desk: Desk) -> None:
    """The certificate that users ask for: on that day, against these lists, nothing was found."""
    found = screened(desk, subject=NOBODY)
    assert found["outcomes"][0]["outcome"] == "no hit"
    kept = desk.get(f"screenings/{found['screening_id']}", Role.VIEWER)
    assert kept["statement"].startswith("One subject, screened on ")
    assert "against eu_fsf@" in kept["statement"]
    assert kept["statement"].endswith(": nothing was found.")
    assert kept["result_hash"] == found["result_hash"]
    assert kept["engine"] == found["engine"]
    assert {one["list_id"] for one in kept["used"]} == {one["list_id"] for one in found["versions"]}
    assert all(one["age_days"] >= 0 for one in kept["used"])
    assert kept["subjects"][0]["properties"]["name"] == ["Wilhelmina Unheard-Of"]


def test_a_stored_screening_can_be_repeated(desk: Desk) -> None:
    """From its input, versions, policy and word statistics alone, to the letter."""
    found = screened(desk, subject=QUILL, threshold=0.6, cutoff=0.3)
    outcomes = desk.get(f"screenings/{found['screening_id']}/outcomes")
    assert outcomes["items"] == found["outcomes"]
    answer = desk.ask("POST", f"screenings/{found['screening_id']}/replay", Role.ANALYST)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json()['job_id']}"
    job = desk.wait(answer.json()["job_id"])
    assert job["status"] == "done", job
    assert job["result"]["is_identical"], job["result"]


def test_what_is_not_to_be_kept_is_not(desk: Desk) -> None:
    """A try leaves no name behind."""
    before = desk.get("screenings")["items"]
    found = screened(desk, subject=QUILL, store=False)
    assert found["screening_id"] is None
    assert desk.get("screenings")["items"] == before


def test_reasons_are_left_out_on_request(desk: Desk) -> None:
    """The sentence stays."""
    (outcome,) = screened(desk, subject=QUILL, explain=False)["outcomes"]
    assert outcome["hits"][0]["reasons"] is None
    assert outcome["hits"][0]["sentence"]


def test_terms_narrow_the_screening(desk: Desk) -> None:
    """Lists, threshold and cut-off; the policy in the answer says that it was changed."""
    found = screened(desk, subject=QUILL, lists=["eu_fsf"], cutoff=0.1, threshold=0.99)
    hits = found["outcomes"][0]["hits"]
    assert {hit["list_id"] for hit in hits} <= {"eu_fsf"}
    assert not any(hit["is_hit"] for hit in hits if hit["score"] < 0.99)
    assert found["policy"]["version"] == "1, changed by the request"
    assert found["policy"]["cutoff"] == 0.1


def test_a_property_that_is_none_is_a_warning_or_in_strict_an_error(desk: Desk) -> None:
    """The user must not believe that a birth date was used that was never read."""
    wrong = {**QUILL, "properties": {"name": "Quill Feathersby", "birthdate": "1955-03-02"}}
    (outcome,) = screened(desk, subject=wrong)["outcomes"]
    assert any("'birthdate'" in text and "'birthDate'" in text for text in outcome["warnings"])
    answer = desk.ask("POST", "screen", json={"subject": wrong, "strict": True})
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["place"] == "subject.properties.birthdate"
    assert fault["mend"] == "Do you mean 'birthDate'?"


def test_a_value_that_cannot_be_read_is_a_warning_or_in_strict_an_error(desk: Desk) -> None:
    """A date of letters."""
    wrong = {**QUILL, "properties": {"name": "Quill Feathersby", "birthDate": "the third"}}
    (outcome,) = screened(desk, subject=wrong)["outcomes"]
    assert any("the third" in text for text in outcome["warnings"])
    answer = desk.ask("POST", "screen", json={"subject": wrong, "strict": True})
    assert answer.status_code == 422
    assert "the third" in answer.json()["detail"]


@pytest.mark.parametrize("properties", [{}, {"name": []}, {"name": "n/a"}, {"birthDate": "1955"}])
def test_a_subject_without_a_name_is_not_screened(desk: Desk, properties: dict[str, Any]) -> None:
    """And says so: it is never "no hit"."""
    found = screened(desk, subject={"schema": "Person", "properties": properties})
    (outcome,) = found["outcomes"]
    assert outcome["outcome"] == "not screened"
    assert not outcome["was_screened"]
    assert outcome["problem"]
    assert found["tally"]["not_screened"] == 1


def test_many_subjects_come_back_in_their_order(desk: Desk) -> None:
    """One that cannot be screened stops no other; what a party holds is screened behind it."""
    body = {
        "subjects": [
            QUILL,
            {"id": "C-2", "schema": "Person", "properties": {}},
            {"id": "C-3", **NOBODY},
        ]
    }
    answer = desk.ask("POST", "screen/many", Role.ANALYST, json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [one["subject_id"] for one in found["outcomes"]] == ["C-1", "C-2", "C-3"]
    assert [one["outcome"] for one in found["outcomes"]] == ["hit", "not screened", "no hit"]
    assert found["tally"]["subjects"] == 3
    kept = desk.get(f"screenings/{found['screening_id']}")
    assert "3 subjects, screened on" in kept["statement"]
    assert "1 with a hit, 1 not screened" in kept["statement"]


def test_lists_of_a_past_day(desk: Desk) -> None:
    """As we knew them then; before the first list was there, nothing can be screened."""
    body = {"subject": QUILL, "known_at": "2026-01-11T00:00:00Z"}
    assert screened(desk, **body)["outcomes"][0]["outcome"] == "hit"
    answer = desk.ask("POST", "screen", json={**body, "known_at": "2020-01-01T00:00:00Z"})
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:tumen:problem:lists-missing"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "body.subject"),
        ({"subject": {"schema": "Persona", "properties": {}}}, "subject.schema"),
        ({"subject": QUILL, "treshold": 0.5}, "body.treshold"),
        ({"subject": QUILL, "threshold": 2}, "body.threshold"),
        ({"subject": QUILL, "known_at": "2026-01-01T00:00:00"}, "body.known_at"),
        ({"subject": {**QUILL, "properties": {"name": {"a": 1}}}}, "body.subject.properties.name"),
    ],
)
def test_what_cannot_be_used_is_named(desk: Desk, body: Any, place: str) -> None:
    """The place in the request, and the mend."""
    answer = desk.ask("POST", "screen", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert any(fault["place"].startswith(place) for fault in answer.json()["errors"])
    assert all(fault["mend"] for fault in answer.json()["errors"])


def test_a_cutoff_above_the_threshold_and_an_unknown_list_are_refused(desk: Desk) -> None:
    """Both would hide hits."""
    answer = desk.ask("POST", "screen", json={"subject": QUILL, "threshold": 0.5, "cutoff": 0.9})
    assert answer.status_code == 400
    answer = desk.ask("POST", "screen", json={"subject": QUILL, "lists": ["us_made_up"]})
    assert answer.status_code == 503
    assert "us_made_up" in answer.json()["detail"]


def test_compare_says_why(desk: Desk) -> None:
    """Two parties, their score and each reason."""
    body = {
        "left": QUILL,
        "right": {"schema": "Person", "properties": {"name": "FEATHERSBY Quill"}},
    }
    answer = desk.ask("POST", "compare", Role.ANALYST, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["is_hit"]
    assert answer.json()["reasons"][0]["text"]
    body["right"] = {"schema": "Person", "properties": {}}
    answer = desk.ask("POST", "compare", Role.ANALYST, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "body.right"


def test_an_entry_is_shown_whole(desk: Desk) -> None:
    """Names, designations, links and the version; also as it was known then."""
    found = desk.get("entities/un_sc_sanctions:1", Role.VIEWER)
    assert found["caption"] == "Quill Feathersby"
    assert found["entity"]["schema"] == "Person"
    assert found["designations"][0]["programme"] == "DPRK"
    assert {link["kind"] for link in found["links"]} == {"Ownership", "Family"}
    version_id = found["version"]["version_id"]
    assert desk.get(f"entities/un_sc_sanctions:1?version_id={version_id}") == found
    assert desk.get("entities/un_sc_sanctions:1?known_at=2026-01-11T00:00:00Z") == found
    for question in ("", "?known_at=2020-01-01T00:00:00Z", "?as_of=2020-01-01", "?version_id=x"):
        entity = "none" if not question else "un_sc_sanctions:1"
        answer = desk.ask("GET", f"entities/{entity}{question}")
        assert answer.status_code == 404, question
