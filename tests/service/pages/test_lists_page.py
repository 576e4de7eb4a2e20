"""The pages of lists: how they fare, their versions, files put aside, loading and fetching."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from invented import PRIMO, SECUNDA
from jobs_done import waited
from second_versions import HOSTILE, SECOND, add_second, assert_harmless
from workbench import Workbench

from tumen.model.watching import ListHealth, ListState
from tumen.service.pages.lists_data import one_list, overview
from tumen.store import Store

NOW = SECOND + timedelta(days=20)
HEAD = b'<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="2020-01-01T00:00:00Z">'


def put_aside(store: Store, folder: Path) -> None:
    """A file of the first list that waits for a person."""
    folder.mkdir(exist_ok=True)
    with store.writing() as work:
        work.quarantine.add(PRIMO, SECOND, "e" * 64, str(folder), f"600 entries gone {HOSTILE}")
        work.list_states.set(
            ListState(PRIMO, ListHealth.QUARANTINED, SECOND, SECOND - timedelta(days=1), HOSTILE)
        )


def test_the_overview_says_how_each_list_fares(workbench: Workbench, tmp_path: Path) -> None:
    """Age, state and alarms of every list, and the lists that could be loaded."""
    add_second(workbench.store)
    found = overview(workbench.store, NOW)
    rows = {row.list_id: row for row in found.loaded}
    assert rows[PRIMO].age_days == 21
    assert rows[PRIMO].health == ("Loaded by hand", "")
    assert not found.alarms
    assert "us_ofac_sdn" in {row.list_id for row in found.others}
    put_aside(workbench.store, tmp_path / "aside")
    with workbench.store.writing() as work:
        long_ago = NOW - timedelta(days=30)
        work.list_states.set(ListState(SECUNDA, ListHealth.GOOD, long_ago, long_ago))
    found = overview(workbench.store, NOW)
    assert {row.list_id: row.health[0] for row in found.alarms} == {
        PRIMO: "File put aside", SECUNDA: "Not seen for too long"
    }  # fmt: skip


def test_versions_stand_by_day_with_their_growth(workbench: Workbench) -> None:
    """A reader sees the list over time, and which version is in use."""
    first, second = add_second(workbench.store)
    found = one_list(workbench.store, PRIMO, "", NOW)
    assert [row.version.version_id for row in found.versions] == [
        second.version_id, first.version_id
    ]  # fmt: skip
    assert [(row.growth, row.before_id) for row in found.versions] == [
        (0, first.version_id), (None, "")
    ]  # fmt: skip
    assert found.chosen is not None
    assert found.chosen.is_current
    assert [one.bar.label for one in found.chart] == ["2026-01-09", "2026-02-09"]
    page = workbench.browser("vera").get(f"/desk/lists/{PRIMO}?version={first.version_id}")
    assert f"Version {first.version_id}" in page.text
    assert workbench.browser("vera").get(f"/desk/lists/{PRIMO}?version=x").status_code == 404
    assert workbench.browser("vera").get("/desk/lists/nothing").status_code == 404


@pytest.mark.parametrize("path", ["/desk/lists", f"/desk/lists/{PRIMO}"])
def test_what_a_list_says_is_no_markup(workbench: Workbench, tmp_path: Path, path: str) -> None:
    """XSS: messages and reasons come from files that strangers wrote."""
    put_aside(workbench.store, tmp_path / "aside")
    assert_harmless(workbench.browser("dora").get(path).text)


@pytest.mark.parametrize("name", ["vera", "anna", "emil"])
def test_only_administrators_change_lists(workbench: Workbench, tmp_path: Path, name: str) -> None:
    """Others see what fares badly, are offered nothing to press, and are refused all the same."""
    put_aside(workbench.store, tmp_path / "aside")
    browser = workbench.browser(name)
    page = browser.get(f"/desk/lists/{PRIMO}").text
    assert "600 entries gone" in page
    assert "Fetch it now" not in page
    assert 'name="verdict"' not in page
    assert "Load official files" not in browser.get("/desk/lists").text
    ruling = {"verdict": "discard", "reason": "a slip"}
    assert browser.post(f"/desk/lists/{PRIMO}/quarantine/Q1", ruling).status_code == 403
    assert browser.post(f"/desk/lists/{PRIMO}/fetch").status_code == 403
    files = {"files": ("a.xml", HEAD)}
    assert browser.post("/desk/lists", files=files).status_code == 403


def test_an_administrator_rules_over_a_file(workbench: Workbench, tmp_path: Path) -> None:
    """A ruling has a reason, stands in the audit log, and cannot be made twice."""
    put_aside(workbench.store, tmp_path / "aside")
    dora = workbench.browser("dora")
    place = f"/desk/lists/{PRIMO}/quarantine/Q1"
    blank = dora.post(place, {"verdict": "discard", "reason": " "})
    assert blank.status_code == 422
    assert "Say why" in blank.text
    changed = dora.post(place, {"verdict": "accept", "reason": "They confirm <it>"})
    assert changed.status_code == 422
    assert "not the files that were put aside" in changed.text
    assert "They confirm &lt;it&gt;" in changed.text
    done = dora.post(place, {"verdict": "discard", "reason": "Their server sent half of it"})
    assert (done.status_code, done.headers["location"]) == (303, f"/desk/lists/{PRIMO}")
    page = dora.get(f"/desk/lists/{PRIMO}").text
    assert "Q1 is discarded" in page
    assert "Their server sent half of it" in page
    again = dora.post(place, {"verdict": "discard", "reason": "once more"})
    assert again.status_code == 422
    workbench.app.state.api.audit.flush()
    with workbench.store.reading() as work:
        actions = [one.entry.action for one in work.audit.latest(object="Q1", limit=20)]
    assert "quarantine discarded" in actions


def test_a_file_of_no_known_list_is_seen_and_discarded(workbench: Workbench) -> None:
    """What was dropped for us and nobody could read does not wait unseen."""
    with workbench.store.writing() as work:
        work.quarantine.add("", SECOND, "e" * 64, "/nowhere", f"This is no list {HOSTILE}")
    page = workbench.browser("vera").get("/desk/lists").text
    assert "A file of no known list was put aside: Q1" in page
    assert "Discard it" not in page
    assert_harmless(page)
    place = "/desk/lists/quarantine/Q1"
    assert workbench.browser("anna").post(place, {"reason": "a slip"}).status_code == 403
    dora = workbench.browser("dora")
    assert dora.post(place, {"reason": " "}).status_code == 422
    assert dora.post(place, {"reason": "Somebody's holiday pictures"}).status_code == 303
    assert "Q1 is discarded" in dora.get("/desk/lists").text
    assert dora.post(place, {"reason": "once more"}).status_code == 422


def test_files_are_loaded_behind_the_page(workbench: Workbench) -> None:
    """The job says what became of each file, and what was refused and why."""
    dora = workbench.browser("dora")
    refused = waited(dora, dora.post("/desk/lists", files={"files": ("un.xml", HEAD)}))
    assert "un.xml" in refused or PRIMO in refused
    assert 'class="note bad"' in refused
    nothing = dora.post("/desk/lists", files={"files": ("", b"")})
    assert nothing.status_code == 422
    wrong = dora.post(
        "/desk/lists", {"published_on": "yesterday"}, files={"files": ("un.xml", HEAD)}
    )
    assert wrong.status_code == 422
    assert "is no day" in wrong.text


def test_fetching_goes_on_behind_the_page(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A publisher that cannot be reached is told of in words; a list without address is refused."""

    def unreachable(*_: object, **__: object) -> None:
        raise httpx.ConnectError("no way")

    monkeypatch.setattr("tumen.service.list_loading.fetch", unreachable)
    dora = workbench.browser("dora")
    page = waited(dora, dora.post(f"/desk/lists/{PRIMO}/fetch"))
    assert "It failed" in page
    assert re.search(r'class="button main-act" href="/desk/lists/un_sc_sanctions"', page)
    assert dora.post("/desk/lists/nothing/fetch").status_code == 404


def test_a_job_that_nobody_knows_is_a_page(workbench: Workbench) -> None:
    """And `back` leads to no other site."""
    vera = workbench.browser("vera")
    assert vera.get("/desk/jobs/0123").status_code == 404
    api = workbench.app.state.api
    job = api.jobs.start("a thing", "user:vera", lambda report: {"at": str(datetime.now(UTC))})
    page = vera.get(f"/desk/jobs/{job.job_id}?back=https://evil.example/").text
    assert 'href="/desk"' in page
    assert "evil.example" not in page
