"""What the page of a case shows: both sides, history, and why."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from case_desk import FIRST, SECOND, acts, address, case_of, opened, recommend, seen, standing
from many_cases import ANNA, OPENED, SENTENCE, WATCH
from workbench import Workbench

from tumen.cases import workflow
from tumen.cases.acting import act, open_by_hand
from tumen.cases.policies import propose_policy
from tumen.cases.workflow import Opening
from tumen.model.case import CaseRecord
from tumen.model.casework import CaseAct, CaseState, Origin, Priority
from tumen.screening.policy import Policy
from tumen.service.pages.case_data import case_page
from tumen.service.pages.case_history import timeline
from tumen.service.pages.case_hits import SHOWN


def test_both_sides_stand_beside_one_another(workbench: Workbench) -> None:
    """The party as screened and the entry as published, marked; the sentence; the score's parts."""
    case_id = opened(workbench)
    with workbench.store.reading() as work:
        page = case_page(work, case_id, ANNA, OPENED, usual_policy=Policy())
    (hit,) = page.hits
    rows = {row.label: row for row in hit.rows}
    assert [one.text for one in rows["Birth date"].left] == ["1955"]
    assert [one.text for one in rows["Birth date"].right] == ["1955-03-02"]
    assert rows["Name"].verdict.value == "agrees"
    assert rows["Passport"].verdict.value == "only right"
    assert [part.effect for part in hit.parts] == [0.9, 0.05]
    assert hit.version_id.startswith("un_sc_sanctions@")
    assert hit.threshold == 0.7
    text = workbench.browser("vera").get(address(case_id)).text
    for words in ("Same name.", "1955-03-02", "K7700123", "+0.90", "agrees", FIRST):
        assert words in text


def test_an_entry_that_no_list_has_is_told(workbench: Workbench) -> None:
    """What was compared still stands there, and that the entry itself is gone."""
    case_id = opened(workbench, standing("un_sc_sanctions:404"))
    text = workbench.browser("vera").get(address(case_id)).text
    assert "The entry is in no list version of the store" in text
    assert "birth dates 1955 and 1955-03-02 agree" in text


def test_the_difference_is_in_front_when_it_was_reopened(workbench: Workbench) -> None:
    """Line by line above the hits, as long as the case is open."""
    case_id = opened(workbench)
    carl, bella = workbench.browser("carl"), workbench.browser("bella")
    recommend(carl, case_id, seen(carl, case_id))
    bella.post(address(case_id, "approve"), {"seen": seen(bella, case_id), "text": ""})
    assert case_of(workbench, case_id).state is CaseState.CLOSED
    difference = "birth date: 1955 → 1955-03-02\nThe policy changed: threshold: 0.7 → 0.6"
    now = OPENED + timedelta(days=9)
    with workbench.store.writing() as work:
        act(work, case_id, None, lambda one: workflow.reopen(one, difference, None, WATCH, now))
    text = carl.get(address(case_id)).text
    place = text.index("Reopened: what is different")
    assert place < text.index("birth date: 1955 → 1955-03-02") < text.index('id="hits"')
    assert text.count('<li dir="auto">') >= 2


def test_many_hits_are_shown_in_part(workbench: Workbench) -> None:
    """The first of them in full, the others a link away; those to be decided come first."""
    hits = [standing(f"un_sc_sanctions:{number}") for number in range(SHOWN + 5)]
    case_id = opened(workbench, *hits)
    anna = workbench.browser("anna")
    text = anna.get(address(case_id)).text
    assert text.count('<details class="hit card"') == SHOWN
    assert "Show 5 more hits" in text
    whole = anna.get(address(case_id) + "?hits=all").text
    assert whole.count('<details class="hit card"') == SHOWN + 5


def test_related_cases_and_those_of_the_same_party(workbench: Workbench) -> None:
    """Named ones, and what else there is about the subject."""
    case_id = opened(workbench, standing(FIRST))
    opening = Opening(Origin.MANUAL, "Another matter", "partners/p-1", Priority.P4)
    with workbench.store.writing() as work:
        other = open_by_hand(work, opening, ANNA, OPENED).case_id
    text = workbench.browser("vera").get(address(case_id)).text
    assert f'href="{address(other)}"' in text
    assert "same party" in text


def test_a_case_without_hits_is_answered(workbench: Workbench) -> None:
    """A request has the reasons of requests, and is recommended without any hit."""
    opening = Opening(Origin.HELP, "May we quote?", "", Priority.P3)
    with workbench.store.writing() as work:
        case_id = open_by_hand(work, opening, ANNA, OPENED).case_id
    anna = workbench.browser("anna")
    text = anna.get(address(case_id) + "?verdict=not%20about%20a%20match").text
    assert 'value="NO-ADVICE"' in text
    assert "NO-POLICY" not in text
    sent = recommend(anna, case_id, 1, reason="NO-ADVICE", outcome="answer", hit=[])
    assert sent.status_code == 303


def test_every_kind_of_record_is_told() -> None:
    """No act is without words: a new one must be given some."""
    details: dict[str, Any] = {
        "origin": "hit", "priority": "P3", "hits": [{}], "note": "", "user_id": "user:anna",
        "state": "triage", "text": SENTENCE, "name": "a.txt", "sha256": "f" * 64, "size_bytes": 1,
        "media_type": "text/plain", "tags": ["shipping"], "case_id": "case-2", "to": "deputy",
        "reason": "FP-DOB", "outcome": "release", "entity_ids": [FIRST], "evidence": ["extract"],
        "until": "2027-01-31",
    }  # fmt: skip
    records = [
        CaseRecord("case-1", number, one, OPENED, ANNA, details)
        for number, one in enumerate(CaseAct, start=1)
    ]
    told = timeline(records)
    assert [one.sequence for one in told] == [*range(len(records), 0, -1)]
    assert all(one.words for one in told)
    assert len({one.words for one in told}) == len(told)
    assert "false positive, FP-DOB" in " ".join(one.words for one in told)
    # The same words again, one after the other, are read once.
    assert sum(one.text == SENTENCE for one in told) == 1


@pytest.mark.parametrize("name", ["anna", "carl", "vera", "dora", "emil"])
def test_looking_changes_nothing(workbench: Workbench, name: str) -> None:
    """Whoever opens a case leaves no record in it."""
    case_id = opened(workbench, standing(FIRST), standing(SECOND))
    browser = workbench.browser(name)
    for path in ("", "?hits=all", "?verdict=true%20match"):
        assert browser.get(address(case_id) + path).status_code == 200
    assert acts(case_of(workbench, case_id), workbench) == ["opened", "alert added"]


def test_a_policy_is_approved_by_who_sees_what_it_changes(workbench: Workbench) -> None:
    """Term by term beside what holds; after the second person's approval it is in force."""
    with workbench.store.writing() as work:
        proposed = replace(Policy(), name="desk", version="2", threshold=0.61)
        text = "Fewer matches are missed with a lower threshold."
        case_id = propose_policy(work, proposed, text, ANNA, OPENED).case_id
    carl = workbench.browser("carl")
    page = carl.get(address(case_id)).text
    assert "<ins>0.61</ins>" in page
    assert page.count("≠ changes") == 4  # name, version, threshold, and the cut-off with it
    done = carl.post(address(case_id, "approve"), {"seen": seen(carl, case_id), "text": ""})
    assert done.status_code == 303
    page = carl.get(address(case_id)).text
    assert "The policy desk 2 is in force" in page
    assert "≠ changes" not in page


def test_a_case_is_opened_by_hand(workbench: Workbench) -> None:
    """With its first note; what is missing is said with what was typed kept."""
    anna, form = workbench.browser("anna"), "/desk/cases/new"
    fields = {"title": "A call from the bank", "text": "They ask about a vessel.", "priority": "P2"}
    sent = anna.post(form, fields)
    assert sent.status_code == 303
    page = anna.get(sent.headers["location"]).text
    assert "They ask about a vessel." in page
    assert "opened it (opened by hand), P2" in page
    for wrong in ({"title": " "}, {"priority": "P9"}, {"book": "partners"}, {"text": " "},
                  {"book": "partners", "party": "p-404"}):  # fmt: skip
        answer = anna.post(form, {**fields, **wrong})
        assert answer.status_code == 422, wrong
        assert 'role="alert"' in answer.text
    assert "They ask about a vessel.</textarea>" in answer.text
    assert workbench.browser("vera").get(form).status_code == 403
    assert workbench.browser("vera").post(form, fields).status_code == 403


def test_the_next_case_is_one_that_waits_for_the_reader(workbench: Workbench) -> None:
    """An approver is led to what another recommended, never to their own recommendation."""
    case_id = opened(workbench)
    own, other = (opened(workbench, standing(FIRST, party_id=one)) for one in ("p-2", "p-3"))
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    recommend(carl, own, seen(carl, own))
    recommend(anna, other, seen(anna, other))
    link = re.compile(r'href="([^"#]+)#decide" data-key="\]"')
    assert link.findall(carl.get(address(case_id)).text) == [address(other)]
    assert link.findall(anna.get(address(other)).text) == [address(case_id)]
    assert link.findall(workbench.browser("vera").get(address(case_id)).text) == []
