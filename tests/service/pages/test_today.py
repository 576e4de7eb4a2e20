"""The first page of the desk: what is due, what waits for the reader, what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from fastapi.testclient import TestClient
from invented import FIRST_ENTRIES, PRIMO, entry, version
from running import settings_for
from strange_tags import HOSTILE, strange_tags
from workbench import Browser, Workbench

from tumen.cases.acting import act, open_by_hand
from tumen.cases.workflow import Opening, Proposal, recommend
from tumen.model.access import Role
from tumen.model.case import Actor, Alert, Case
from tumen.model.casework import Origin, Outcome, Priority, ReasonCode
from tumen.model.watching import ListHealth, ListState
from tumen.service.app import create_app
from tumen.service.pages.today_data import today
from tumen.service.pages.today_lists import changes_since
from tumen.store import Store

NOW = datetime.now(UTC)


def person(name: str, role: Role = Role.APPROVER) -> Actor:
    """One of the people of the workbench, as they act."""
    rights = tuple(sorted(one.value for one in role.permissions))
    eyes = {"ben": "benedict", "bella": "benedict"}.get(name, name)
    return Actor(f"user:{name}", eyes, name, rights)


def opened(
    store: Store,
    title: str,
    *,
    priority: Priority = Priority.P3,
    due: timedelta | None = None,
    days_old: float = 0,
) -> Case:
    """A case with one hit, opened by ben."""
    began = NOW - timedelta(days=days_old)
    opening = Opening(Origin.MANUAL, title, f"b/{title}", priority, NOW + due if due else None)
    hit = {"entity_id": f"{PRIMO}:1", "list_id": PRIMO, "score": 0.9, "caption": "Q", "reasons": []}
    alert = Alert(f"alert-{title}", "b", title, "s", began, {"schema": "Person"}, (hit,))
    with store.writing() as work:
        return open_by_hand(work, opening, person("ben"), began, [alert])


def recommended(store: Store, title: str, by: str) -> Case:
    """A case that waits for its second person."""
    case = opened(store, title, due=timedelta(hours=2))
    said = Proposal(
        ReasonCode.FP_DOB, Outcome.RELEASE, "Born thirty years apart in two towns.", ("extract",)
    )
    with store.writing() as work:
        return act(work, case.case_id, None, lambda one: recommend(one, said, person(by), NOW))


def test_the_most_overdue_case_comes_first(workbench: Workbench) -> None:
    """Nobody has to look for what is late: it stands at the top, in words."""
    opened(workbench.store, "later", due=timedelta(days=3))
    opened(workbench.store, "late", due=timedelta(days=-2))
    opened(workbench.store, "soon", due=timedelta(minutes=30))
    found = today(workbench.store, person("anna", Role.ANALYST), NOW)
    assert [one.summary.title for one in found.due] == ["late", "soon", "later"]
    assert [one.is_overdue for one in found.due] == [True, False, False]
    page = workbench.browser("anna").get("/desk")
    assert page.text.index(">late<") < page.text.index(">soon<")
    assert "2 days overdue" in page.text


def test_nobody_is_asked_to_approve_their_own_recommendation(workbench: Workbench) -> None:
    """Four eyes start on the first page: bella is ben by another account."""
    recommended(workbench.store, "by-ben", "ben")
    seen = {
        name: [one.title for one in today(workbench.store, person(name), NOW).approvals]
        for name in ("bella", "carl")
    }
    assert seen == {"bella": [], "carl": ["by-ben"]}
    assert not today(workbench.store, person("anna", Role.ANALYST), NOW).approvals


def test_numbers_lead_to_the_rows_behind_them(workbench: Workbench) -> None:
    """Each number of a chart is the number of rows that its link opens."""
    opened(workbench.store, "a", priority=Priority.P2, days_old=0.1)
    opened(workbench.store, "b", priority=Priority.P2, days_old=3)
    opened(workbench.store, "c", priority=Priority.P4, days_old=60)
    opened(workbench.store, "d", due=timedelta(days=-1), days_old=10)
    found = today(workbench.store, person("anna", Role.ANALYST), NOW)
    told = {stack.label[:2]: [int(part.value) for part in stack.parts] for stack, _ in found.ages}
    assert told == {"P1": [0] * 4, "P2": [1, 1, 0, 0], "P3": [0, 0, 1, 0], "P4": [0, 0, 0, 1]}
    browser = workbench.browser("anna")
    behind = [(part.address, part.value) for stack, _ in found.ages for part in stack.parts]
    behind += [(one.address, one.count) for one in found.figures]
    for address, count in behind:
        page = browser.get(address)
        assert page.status_code == 200
        titles = {one for one in "abcd" if f">{one}</a>" in page.text}
        assert len(titles) == count, address


def test_a_change_of_a_list_is_counted_and_leads_to_the_difference(workbench: Workbench) -> None:
    """What came, went and changed is told though it was loaded by hand, without the watch."""
    changed = entry(f"{PRIMO}:2", "Company", name="Feathersby Maritime Renamed", country="kp")
    fresh = entry(f"{PRIMO}:9", "Person", name="Newly Listed")
    entries = (FIRST_ENTRIES[0], changed, fresh)
    made = version(PRIMO, entries, "d", NOW - timedelta(hours=1))
    workbench.store.add_version(made, entries)
    (change,) = changes_since(workbench.store, NOW - timedelta(days=2))
    assert (change.added, change.removed, change.changed) == (1, 1, 1)
    assert changes_since(workbench.store, NOW - timedelta(days=2)) == [change]
    browser = workbench.browser("vera")
    page = browser.get("/desk")
    assert (
        f"/desk/lists/{PRIMO}/diff?from={PRIMO}%40{'a' * 12}&amp;to={made.version_id[:15]}%40"
        in (page.text)
    )
    day = f"{change.at:%Y-%m-%d}"
    assert f"/desk/changes?day={day}" in page.text
    assert change.title in browser.get(f"/desk/changes?day={day}").text
    assert "Nothing changed" in browser.get("/desk/changes?day=2001-01-01").text


@pytest.mark.parametrize(
    ("health", "words"),
    [(ListHealth.UNREACHABLE, "Unreachable"), (ListHealth.QUARANTINED, "File put aside")],
)
def test_a_list_that_fares_badly_stands_first(
    workbench: Workbench, health: ListHealth, words: str
) -> None:
    """Whoever relies on a list sees at once that it could not be renewed."""
    state = ListState(PRIMO, health, NOW, NOW - timedelta(days=4), "The publisher is silent")
    with workbench.store.writing() as work:
        work.list_states.set(state)
    found = today(workbench.store, person("vera", Role.VIEWER), NOW)
    assert found.lists[0].row.list_id == PRIMO
    assert words in workbench.browser("vera").get("/desk").text


def test_an_empty_desk_says_what_to_do_next(tmp_path: Path) -> None:
    """A newcomer reads what to load and where, not a page of zeros."""
    with Store.open(f"sqlite:///{tmp_path / 'empty.db'}") as store:
        found = today(store, person("dora", Role.ADMINISTRATOR), NOW)
    assert not found.has_lists
    assert not found.has_books
    assert not found.has_cases
    app = create_app(settings_for(tmp_path, host="127.0.0.1"))
    with TestClient(app) as client:
        page = client.get("/desk")
    assert page.status_code == 200
    assert "No list is loaded" in page.text
    assert 'href="/desk/lists"' in page.text
    assert "Import a book" in page.text


def test_names_of_parties_are_text(workbench: Workbench) -> None:
    """XSS: a party may call itself whatever it likes."""
    opened(workbench.store, HOSTILE, due=timedelta(hours=1))
    page = workbench.browser("anna").get("/desk")
    assert strange_tags(page.text) == []
    assert "&lt;img src=x" in page.text


def test_the_first_page_is_quick(workbench: Workbench) -> None:
    """The answer takes a small part of the 300 ms that a first paint may take."""
    for number in range(30):
        opened(workbench.store, f"case {number}", due=timedelta(hours=number - 5))
    browser = workbench.browser("carl")
    assert median(_seconds(browser, "/desk") for _ in range(5)) < 0.3


def _seconds(browser: Browser, path: str) -> float:
    started = perf_counter()
    assert browser.get(path).status_code == 200
    return perf_counter() - started
