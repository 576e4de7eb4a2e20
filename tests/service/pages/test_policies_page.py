"""The page of policies: what holds, what held, and proposing another for a second person."""

from __future__ import annotations

import re
from typing import Any

import pytest
from workbench import Browser, Workbench

from tumen.errors import RequestError
from tumen.service.pages.policies_data import SETTINGS, policies_page, policy_from, terms_between

WANTED = {
    "name": "strict",
    "version": "2",
    "threshold": "0.65",
    "cutoff": "0.5",
    "max_list_age_days": "7",
    "four_eyes_from": "0.8",
    "text": "The supervisor asked for it <b>now</b> in the last review of our screening",
}


def proposed(browser: Browser, **changed: Any) -> str:
    """The id of the case that a proposal opens."""
    sent = browser.post("/desk/policies", {**WANTED, "lists": ["un_sc_sanctions"], **changed})
    assert sent.status_code == 303, sent.text
    return sent.headers["location"].removeprefix("/desk/cases/")


def approved(browser: Browser, workbench: Workbench, case_id: str) -> int:
    """The status of the answer to an approval."""
    with workbench.store.reading() as work:
        summary = work.cases.summary(case_id)
    assert summary is not None
    fields = {"seen": str(summary.sequence), "text": "Agreed"}
    return browser.post(f"/desk/cases/{case_id}/approve", fields).status_code


def test_a_change_takes_two_people(workbench: Workbench) -> None:
    """Proposed at the desk, in force once another approves; who and when stand on the page."""
    usual = workbench.app.state.api.usual_policy
    case_id = proposed(workbench.browser("ben"))
    (row,) = policies_page(workbench.store, usual).rows
    assert row.state == "waits for a second person"
    assert ("Oldest list", "no limit", "7 days") in [
        (one.label, one.before, one.after) for one in row.changes
    ]
    assert workbench.app.state.api.policy == usual
    # bella is ben by another account.
    assert approved(workbench.browser("bella"), workbench, case_id) in (409, 422)
    assert approved(workbench.browser("carl"), workbench, case_id) == 303
    found = policies_page(workbench.store, usual)
    assert found.policy.threshold == 0.65
    assert found.rows[0].state == "in force"
    page = workbench.browser("vera").get("/desk/policies").text
    assert "In force: strict 2" in page
    assert "approved by user:carl" in page
    assert "&lt;b&gt;now" in page


def test_versions_are_compared(workbench: Workbench) -> None:
    """Any two, with the policy of the settings among them."""
    anna, usual = workbench.browser("anna"), workbench.app.state.api.usual_policy
    approved(workbench.browser("carl"), workbench, proposed(anna))
    proposed(anna, version="3", threshold="0.9", cutoff="")
    third, second = policies_page(workbench.store, usual).rows
    assert (second.state, third.state) == ("in force", "waits for a second person")
    assert {one.label.split(":")[0] for one in third.changes} == {"Threshold", "Cut-off"}
    ids = f"from={SETTINGS}&to={second.version.policy_id}"
    page = anna.get(f"/desk/policies/diff?{ids}").text
    assert re.search(r"<del>0.70</del>.*?<ins>0.65</ins>", page, re.DOTALL)
    same = anna.get(f"/desk/policies/diff?from={SETTINGS}&to={SETTINGS}").text
    assert "Their terms are the same" in same
    assert anna.get("/desk/policies/diff?from=nothing").status_code == 404


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"threshold": "high"}, 422, "is no threshold"),
        ({"threshold": "7"}, 422, "A threshold lies above 0"),
        ({"threshold": "nan"}, 422, "A threshold lies above 0"),
        ({"cutoff": "0.9"}, 422, "must lie from 0 to the threshold"),
        ({"max_list_age_days": "-1"}, 422, "is no number of days"),
        ({"name": " "}, 422, "a name and a version"),
        ({"text": "so"}, 422, ""),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    workbench: Workbench, changed: dict[str, str], status: int, words: str
) -> None:
    """The page says what is wrong, and keeps what was typed."""
    answer = workbench.browser("anna").post("/desk/policies", {**WANTED, **changed})
    assert answer.status_code == status
    assert words in answer.text
    assert 'value="0.8"' in answer.text
    assert policies_page(workbench.store, workbench.app.state.api.usual_policy).rows == ()


def test_other_terms_under_a_known_version_are_refused(workbench: Workbench) -> None:
    """A version names one set of terms for ever."""
    anna = workbench.browser("anna")
    proposed(anna)
    answer = anna.post("/desk/policies", {**WANTED, "threshold": "0.8"})
    assert answer.status_code == 409
    assert "give the new one another version" in answer.text


@pytest.mark.parametrize("name", ["vera", "emil", "dora"])
def test_who_decides_nothing_proposes_nothing(workbench: Workbench, name: str) -> None:
    """Everybody reads the policies; not even an administrator changes them."""
    browser = workbench.browser(name)
    page = browser.get("/desk/policies")
    assert page.status_code == 200
    assert "Propose a change" not in page.text
    assert browser.post("/desk/policies", WANTED).status_code == 403


def test_terms_and_forms() -> None:
    """An old version that lacks a term has its usual value; an empty field too."""
    (lists, *_, four_eyes) = terms_between({"threshold": 0.7, "cutoff": 0.7}, {"lists": ["a"]})
    assert (lists.before, lists.after) == ("every list that is loaded", "a")
    assert four_eyes.before == "any score"
    made = policy_from({**WANTED, "cutoff": "", "four_eyes_from": "", "max_list_age_days": ""}, [])
    assert (made.cutoff, made.four_eyes_from, made.max_list_age_days) == (None, 0.0, None)
    with pytest.raises(RequestError):
        policy_from({}, [])
