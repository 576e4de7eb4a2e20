"""Who may do what at the pages of cases, and what a case must never hand out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from case_desk import (
    FIRST,
    acts,
    address,
    approve,
    case_of,
    opened,
    recommend,
    said,
    seen,
    standing,
)
from workbench import Workbench

# Every form of a case, with what it would send.
FORMS: Mapping[str, Mapping[str, Any]] = {
    "recommend": said(),
    "approve": {"text": "Agreed"},
    "return": {"text": "The register extract is of another company."},
    "withdraw": {"text": "Wait"},
    "action": {"text": "The offer was declined by letter."},
    "close": {},
    "reopen": {"text": "The bank has sent another passport."},
    "move": {"state": "investigating"},
    "assign": {"user": "user:anna"},
    "priority": {"priority": "P1"},
    "notes": {"text": "A note"},
    "tags": {"tags": "shipping"},
    "related": {"other": "case-0"},
}
EVERY = (*FORMS, "attachments")


@pytest.mark.parametrize("name", ["vera", "dora", "emil"])
def test_who_may_not_decide_changes_nothing(workbench: Workbench, name: str) -> None:
    """Viewer, administrator and auditor may look, and every form refuses them."""
    case_id = opened(workbench)
    browser = workbench.browser(name)
    assert browser.get(address(case_id)).status_code == 200
    for step in EVERY:
        files = {"file": ("a.txt", b"words")} if step == "attachments" else None
        sent = browser.post(address(case_id, step), {"seen": 2, **FORMS.get(step, {})}, files=files)
        assert sent.status_code == 403, step
    bulk = {"case": [f"{case_id}.2"], "step": "recommend", **said()}
    assert browser.post("/desk/queue/decide", bulk).status_code == 403
    assert browser.get(f"/desk/queue/alike?case={case_id}").status_code == 403
    assert acts(case_of(workbench, case_id), workbench) == ["opened", "alert added"]


@pytest.mark.parametrize("name", ["anna", "vera", "dora", "emil"])
def test_only_approvers_approve_and_return(workbench: Workbench, name: str) -> None:
    """By the page of a case and by the page of many."""
    case_id = opened(workbench)
    carl = workbench.browser("carl")
    recommend(carl, case_id, seen(carl, case_id))
    browser = workbench.browser(name)
    assert approve(browser, case_id, 3).status_code == 403
    back = browser.post(address(case_id, "return"), {"seen": 3, **FORMS["return"]})
    assert back.status_code == 403
    bulk = {"case": [f"{case_id}.3"], "step": "approve"}
    assert browser.post("/desk/queue/decide", bulk).status_code == 403
    assert acts(case_of(workbench, case_id), workbench)[-1] == "recommended"


def test_a_form_without_our_token_is_refused(workbench: Workbench) -> None:
    """No other site makes a signed-in browser act on a case."""
    case_id = opened(workbench)
    sends = workbench.browser("carl").client.post
    for step in EVERY:
        answer = sends(address(case_id, step), data={"seen": 2, **FORMS.get(step, {})})
        assert answer.status_code == 403, step
    assert acts(case_of(workbench, case_id), workbench) == ["opened", "alert added"]


def test_strangers_are_led_to_the_form(workbench: Workbench) -> None:
    """Nothing of a case is seen without an account."""
    case_id = opened(workbench)
    stranger = workbench.browser().client
    for path in ("/desk/queue", address(case_id), address(case_id, "evidence")):
        answer = stranger.get(path, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")


def test_a_case_that_is_not_there_is_a_404(workbench: Workbench) -> None:
    """For every address of it; the id comes back escaped."""
    anna, nothing = workbench.browser("anna"), "%3Cscript%3Ealert(1)"
    for step in ("", "evidence", f"attachments/{'a' * 64}"):
        answer = anna.get(address(nothing, step))
        assert answer.status_code == 404
        assert "<script>alert" not in answer.text
    for step in FORMS:
        if step not in ("approve", "return"):
            answer = anna.post(address("case-0", step), {"seen": 1, **FORMS[step]})
            assert answer.status_code in (404, 422), step


def test_a_form_without_what_was_seen_is_refused(workbench: Workbench) -> None:
    """Nobody acts on a case without saying which state of it they looked at."""
    case_id = opened(workbench)
    anna = workbench.browser("anna")
    for at in ({}, {"seen": ""}, {"seen": "0"}, {"seen": "x"}, {"seen": "9" * 30}):
        assert anna.post(address(case_id, "notes"), {**at, "text": "A note"}).status_code == 422
    assert anna.post(address(case_id, "notes"), {"seen": 7, "text": "x"}).status_code == 409


def test_words_that_mean_nothing_are_refused(workbench: Workbench) -> None:
    """States, priorities, users and cases that are not there."""
    case_id = opened(workbench)
    anna = workbench.browser("anna")
    for step, fields in (
        ("move", {"state": "closed"}),
        ("move", {"state": "paradise"}),
        ("priority", {"priority": "P0"}),
        ("assign", {"user": "user:vera"}),
        ("assign", {"user": "user:nobody-of-that-name"}),
        ("related", {"other": "case-0"}),
        ("related", {"other": case_id}),
        ("tags", {"tags": "x" * 61}),
        ("notes", {"text": "  "}),
        ("approve", {}),
    ):
        answer = anna.post(address(case_id, step), {"seen": seen(anna, case_id), **fields})
        assert answer.status_code in (403, 422), (step, fields)
    assert acts(case_of(workbench, case_id), workbench) == ["opened", "alert added"]


def test_the_care_of_a_case(workbench: Workbench) -> None:
    """Assigned, prioritised, moved, tagged, related and noted by its forms, each on record."""
    case_id, other = opened(workbench), opened(workbench, standing(FIRST, party_id="p-2"))
    anna = workbench.browser("anna")
    steps = {**FORMS, "related": {"other": other}}
    for step in ("assign", "priority", "move", "tags", "related", "notes"):
        sent = anna.post(address(case_id, step), {"seen": seen(anna, case_id), **steps[step]})
        assert sent.status_code == 303, step
    case = case_of(workbench, case_id)
    assert (case.assignee, case.priority.value, case.tags) == ("user:anna", "P1", ("shipping",))
    assert case.related == (other,)
    page = anna.get(address(case_id)).text
    assert "assigned it to anna" in page
    assert f'href="{address(other)}"' in page
    with workbench.store.reading() as work:
        entries = [one.entry for one in work.audit.latest(50) if one.entry.object == case_id]
    assert {one.actor for one in entries} == {"watch", "user:anna"}
