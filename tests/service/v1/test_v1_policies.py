"""Policies over HTTP: what holds, every version page by page, and that a change takes two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from api_cases import CaseDesk, case_desk
from invented import add_lists

from tumen.model.access import Role

WANTED = {
    "name": "strict",
    "version": "2",
    "lists": ["un_sc_sanctions"],
    "threshold": 0.65,
    "cutoff": 0.5,
    "max_list_age_days": 7,
    "four_eyes_from": 0.8,
    "text": "The supervisor asked for it in the last review of our screening",
}


@pytest.fixture
def cases(store_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseDesk]:
    """A desk of each test's own: policies are never taken back."""
    add_lists(store_url)
    with case_desk(tmp_path_factory.mktemp("policies"), store_url) as found:
        yield found


def proposed(cases: CaseDesk, name: str = "anna", **changed: Any) -> dict[str, Any]:
    """The answer to a proposal that is taken."""
    answer = cases.ask(name, "POST", "policies", json={**WANTED, **changed})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def in_force(cases: CaseDesk) -> dict[str, Any]:
    """What a viewer is told."""
    answer = cases.ask("vera", "GET", "policies/in-force")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_policy_holds_once_a_second_person_approved_it(cases: CaseDesk) -> None:
    """Until then that of the settings; the same eyes by another account are no second ones."""
    usual = in_force(cases)
    assert (usual["label"], usual["version"]) == ("default 1", None)
    waiting = proposed(cases, "bea")
    assert (waiting["state"], waiting["awaits"]) == ("recommended", "approver")
    assert waiting["href"] == f"/api/v1/cases/{waiting['case_id']}"
    assert in_force(cases) == usual
    seen = {"seen": waiting["sequence"]}
    cases.refused(cases.act("bob", waiting["case_id"], "approve", **seen), 409, "another person")
    done = cases.done("carl", waiting["case_id"], "approve", **seen)
    assert done["effects"] == ["The policy strict 2 is in force"]
    held = in_force(cases)
    terms = {key: value for key, value in WANTED.items() if key != "text"}
    assert held["content"] == terms
    (version,) = cases.ask("vera", "GET", "policies").json()["items"]
    assert held["version"] == version
    assert (version["proposed_by"], version["approved_by"]) == ("user:bea", "user:carl")
    assert (version["text"], version["content"]) == (WANTED["text"], terms)
    assert version["content_hash"] == held["content_hash"] != usual["content_hash"]
    assert version["in_force_from"] is not None


def test_versions_come_page_by_page_the_last_first(cases: CaseDesk) -> None:
    """What is proposed while pages are turned moves nothing; an unknown place ends the list."""
    for number in range(5):
        proposed(cases, version=str(number))
    page = cases.ask("vera", "GET", "policies?limit=2").json()
    proposed(cases, version="new")
    seen = [one["version"] for one in page["items"]]
    while page["next"]:
        page = cases.ask("vera", "GET", page["next"]).json()
        seen += [one["version"] for one in page["items"]]
    assert seen == ["4", "3", "2", "1", "0"]
    assert cases.ask("vera", "GET", "policies?cursor=WyJub25lIl0").json()["items"] == []


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"cutoff": 0.9}, 422, "must lie from 0 to the threshold"),
        ({"threshold": 7}, 422, ""),
        ({"text": "so"}, 422, ""),
        ({"name": " "}, 422, ""),
        ({"version": "2\x00"}, 422, ""),
        ({"treshold": 0.7}, 422, ""),
        ({"threshold": 0.9}, 409, "give the new one another version"),
    ],
)
def test_what_cannot_be_proposed_is_refused(
    cases: CaseDesk, changed: dict[str, Any], status: int, words: str
) -> None:
    """Terms that make no sense, and one label for two policies; nothing is kept of them."""
    proposed(cases)
    cases.refused(cases.ask("anna", "POST", "policies", json={**WANTED, **changed}), status, words)
    assert len(cases.ask("vera", "GET", "policies").json()["items"]) == 1


def test_programs_and_viewers_propose_nothing(cases: CaseDesk) -> None:
    """A key of an analyst may decide nothing, whatever its role; a viewer may only look."""
    answer = cases.desk.ask("POST", "policies", Role.ANALYST, json=WANTED)
    cases.refused(answer, 403, "is a program")
    assert cases.ask("vera", "POST", "policies", json=WANTED).status_code == 403
    assert cases.ask("vera", "GET", "policies").json()["items"] == []
