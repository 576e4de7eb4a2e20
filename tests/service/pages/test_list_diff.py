"""The page of the difference between two versions of a list."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from invented import PRIMO, SECUNDA
from jobs_done import waited
from second_versions import HOSTILE_ID, add_second, assert_harmless
from workbench import Workbench

from tumen.service import kept_deltas
from tumen.service.pages.list_diff_data import DiffFilter, change_rows, diff_of
from tumen.watch.delta import delta_between


def diff_address(workbench: Workbench, more: str = "") -> str:
    """The address of the difference between the two versions of the first list."""
    first, second = add_second(workbench.store)
    pair = f"from={quote(first.version_id)}&to={quote(second.version_id)}"
    return f"/desk/lists/{PRIMO}/diff?{pair}{more}"


def test_a_reader_sees_what_came_went_and_changed(workbench: Workbench) -> None:
    """Each entry with its fields, what went and what came, and whether it matters."""
    page = workbench.browser("vera").get(diff_address(workbench)).text
    assert "1 added, 1 removed, 1 changed" in page
    assert "<del>1955-03-02</del>" in page
    assert "<ins>1956-03-02</ins>" in page
    assert "A removal is evidence of a delisting" in page
    assert f"/desk/entries/{quote(HOSTILE_ID, safe='')}?version=" in page
    assert_harmless(page)


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ("&kind=removed", ["Blue Quill"]),
        ("&kind=changed&weight=material", ["Quill Feathersby"]),
        ("&weight=cosmetic", []),
        ("&q=QUILL", ["Blue Quill", "Quill Feathersby"]),
        ("&programme=DPRK&kind=changed", ["Quill Feathersby"]),
        ("&kind=nonsense&q=blue", ["Blue Quill"]),
    ],
)
def test_filters_narrow_it(workbench: Workbench, more: str, shown: list[str]) -> None:
    """A long difference is read part by part, and the numbers of all of it stay in sight."""
    page = workbench.browser("vera").get(diff_address(workbench, more)).text
    assert [one for one in ("Blue Quill", "Quill Feathersby") if f">{one}</a>" in page] == shown
    assert "1 added, 1 removed, 1 changed" in page


def test_changes_are_ordered_and_tell_who_is_meant(workbench: Workbench) -> None:
    """What came stands first, with what tells the entry apart; names are not said twice."""
    first, second = add_second(workbench.store)
    delta = delta_between(workbench.store, first.version_id, second.version_id)
    found = diff_of(delta, first, second, DiffFilter())
    rows = change_rows(workbench.store, found, found.changes)
    assert [row.kind_words for row in rows] == ["added", "removed", "changed"]
    assert ("IMO Number", "9074729") in rows[1].facts
    assert rows[1].names == ()


def test_versions_of_other_lists_are_not_compared(workbench: Workbench) -> None:
    """A slip in the address is a page that says so."""
    vera = workbench.browser("vera")
    first, _ = add_second(workbench.store)
    other = workbench.store.versions(SECUNDA)[0].version_id
    for pair in (f"from={first.version_id}&to={other}", f"from=x&to={first.version_id}", ""):
        assert vera.get(f"/desk/lists/{PRIMO}/diff?{pair}").status_code == 404


def test_long_comparisons_go_on_behind_the_page(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for seconds before a blank page; what was found once is there at once."""
    monkeypatch.setattr(kept_deltas, "QUICK", 0)
    address = diff_address(workbench)
    vera = workbench.browser("vera")
    started = vera.client.get(address, follow_redirects=False)
    assert "/desk/jobs/" in started.headers["location"]
    assert "1 added, 1 removed, 1 changed" in waited(vera, started)
    assert vera.client.get(address, follow_redirects=False).status_code == 200
    # Another worker has the files of this one.
    workbench.app.state.api.deltas._kept.clear()
    assert vera.client.get(address, follow_redirects=False).status_code == 200


def test_an_open_page_is_sent_on_when_it_is_ready(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With script the page that shows progress goes on by itself."""
    monkeypatch.setattr(kept_deltas, "QUICK", 0)
    address = diff_address(workbench)
    vera = workbench.browser("vera")
    started = vera.client.get(address, follow_redirects=False)
    waited(vera, started)
    part = vera.get(started.headers["location"], headers={"hx-request": "true"})
    assert part.headers["hx-redirect"].startswith(f"/desk/lists/{PRIMO}/diff?")
