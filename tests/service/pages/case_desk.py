"""Cases at the workbench, and what people do with them through its pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from invented import PRIMO
from many_cases import OPENED, SENTENCE, WATCH
from workbench import Browser, Workbench

from tumen.cases.acting import open_by_hand
from tumen.cases.keep import load
from tumen.cases.workflow import Opening
from tumen.model.case import Alert, Case
from tumen.model.casework import Origin, Priority
from tumen.model.screening import Hit, Reason
from tumen.model.watching import HitState, StandingHit

BOOK, PARTY = "partners", "p-1"
VERSION = f"{PRIMO}@{'a' * 12}"
FIRST, SECOND = f"{PRIMO}:1", f"{PRIMO}:2"
_REASONS = (
    Reason("name", "Quill Feathersby", "Quill Feathersby", 0.9, "same name: 'Quill Feathersby'"),
    Reason("birth_date", "1955", "1955-03-02", 0.05, "birth dates 1955 and 1955-03-02 agree"),
)


def standing(
    entity_id: str,
    *,
    caption: str = "Quill Feathersby",
    state: HitState = HitState.OPEN,
    party_id: str = PARTY,
    sentence: str = "Same name.",
) -> StandingHit:
    """A hit as a screening left it."""
    hit = Hit(entity_id, PRIMO, "Person", caption, 0.95, True, _REASONS, sentence, ("DPRK",))
    hashes = {"party_hash": "party-1", "entry_hash": "entry-1"}
    return StandingHit(
        BOOK, party_id, hit, state, **hashes, known_from=OPENED, screening_id="screening-1"
    )


def opened(
    workbench: Workbench,
    *hits: StandingHit,
    title: str = "Quill Feathersby",
    subject: Mapping[str, Any] | None = None,
) -> str:
    """A new case about hits that stand; its id."""
    found = hits or (standing(FIRST),)
    party_id = found[0].party_id
    versions = tuple(one.version_id for one in workbench.store.current_versions())
    alert = Alert(
        f"alert-{party_id}",
        BOOK,
        party_id,
        "screening-1",
        OPENED,
        subject or {"schema": "Person", "properties": {"name": [title], "birthDate": ["1955"]}},
        tuple(_seen(one) for one in found),
        versions,
        policy={"threshold": 0.7},
    )
    opening = Opening(Origin.HIT, title, f"{BOOK}/{party_id}", Priority.P3)
    with workbench.store.writing() as work:
        work.hits.replace([], found, OPENED)
        return open_by_hand(work, opening, WATCH, OPENED, [alert]).case_id


def case_of(workbench: Workbench, case_id: str) -> Case:
    """A case as it stands."""
    with workbench.store.reading() as work:
        return load(work, case_id)


def states(workbench: Workbench, party_id: str = PARTY) -> dict[str, HitState]:
    """Entity id → the state in which its hit stands."""
    with workbench.store.reading() as work:
        found = work.hits.standing(BOOK, party_ids=[party_id])
    return {one.hit.entity_id: one.state for one in found}


def address(case_id: str, step: str = "") -> str:
    """Where a case is, or a step of it."""
    return f"/desk/cases/{case_id}/{step}" if step else f"/desk/cases/{case_id}"


def seen(browser: Browser, case_id: str) -> int:
    """The record that the forms of the page carry."""
    found = re.search(r'name="seen" value="(\d+)"', browser.get(address(case_id)).text)
    assert found
    return int(found[1])


def said(**changed: Any) -> dict[str, Any]:
    """What is typed to recommend a release."""
    usual = {
        "reason": "FP-DOB",
        "outcome": "release",
        "text": SENTENCE,
        "evidence": "Register extract\nPassport copy",
        "hit": [FIRST],
    }
    return {**usual, **changed}


def recommend(browser: Browser, case_id: str, at: int, **changed: Any) -> httpx.Response:
    """Send the form of a recommendation."""
    return browser.post(address(case_id, "recommend"), {"seen": at, **said(**changed)})


def approve(browser: Browser, case_id: str, at: int) -> httpx.Response:
    """Press the button that approves."""
    return browser.post(address(case_id, "approve"), {"seen": at, "text": "Agreed"})


def refusal(page: httpx.Response) -> str:
    """What a page says was refused."""
    found = re.findall(r'role="alert"><p>([^<]+)</p>', page.text)
    assert found, page.text
    return str(found[0])


def acts(case: Case, workbench: Workbench) -> Sequence[str]:
    """What happened in a case, in order."""
    with workbench.store.reading() as work:
        return [one.act.value for one in work.cases.records(case.case_id)]


def _seen(one: StandingHit) -> Mapping[str, Any]:
    return {
        **one.hit.to_dict(),
        "state": one.state.value,
        "party_hash": one.party_hash,
        "entry_hash": one.entry_hash,
        "known_from": one.known_from.isoformat(),
    }
