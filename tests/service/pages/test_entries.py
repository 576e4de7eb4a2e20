"""The pages of list entries: found by words, whole, with their history and whom they hit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from invented import FIRST, FIRST_ENTRIES, PRIMO, version
from second_versions import HOSTILE_ID, SECOND, add_second, assert_harmless
from workbench import Workbench

from tumen.model.listing import Link, ListedName, NameQuality, SourceField
from tumen.service.pages.entries_data import entry_page
from tumen.service.pages.entries_names import by_script, script_of


def test_an_entry_is_shown_whole(workbench: Workbench) -> None:
    """Names, designations, links both ways, and each value with its published field."""
    vera = workbench.browser("vera")
    page = vera.get(f"/desk/entries/{PRIMO}:1").text
    for part in ("Кuill Feathersby", "The Silver Fox", "DPRK", "2016-11-30", "K7700123"):
        assert part in page
    assert f'href="/desk/entries/{quote(f"{PRIMO}:2", safe="")}"' in page
    assert "Ri Invented" in page
    owned = entry_page(workbench.store, f"{PRIMO}:2", "")
    assert [(one.words, one.name, one.said_by) for one in owned.links] == [
        ("is owned by", "Quill Feathersby", "the other")
    ]


def test_a_relation_that_both_sides_state_is_one(workbench: Workbench) -> None:
    """A reader who counts owners must not count one twice."""
    quill, company, vessel = FIRST_ENTRIES
    owned = Link("Ownership", f"{PRIMO}:1", role="shareholder", is_inverse=True)
    entries = [quill, replace(company, links=(owned,)), vessel]
    workbench.store.add_version(version(PRIMO, entries, "f", SECOND), entries)
    found = entry_page(workbench.store, f"{PRIMO}:1", "").links
    assert ("owns", "both") in {(one.words, one.said_by) for one in found}
    assert sum(one.words == "owns" for one in found) == 1


def test_where_a_value_was_published(workbench: Workbench) -> None:
    """Provenance down to the published row: field, text, place in the file."""
    quill = replace(
        FIRST_ENTRIES[0],
        file="sdn.csv",
        locator="row 17",
        fields=(SourceField("birthDate", "1955-03-02", "DOB", "2 Mar 1955"),),
    )
    workbench.store.add_version(version(PRIMO, [quill], "f", SECOND), [quill])
    found = entry_page(workbench.store, f"{PRIMO}:1", "")
    facts = {(one.label, one.shown): (one.field, one.raw) for one in found.facts}
    assert facts["Birth date", "1955-03-02"] == ("DOB", "2 Mar 1955")
    assert ("Nationality", "North Korea") in facts
    page = workbench.browser("vera").get(f"/desk/entries/{PRIMO}:1").text
    assert "sdn.csv" in page
    assert "row 17" in page


def test_the_history_says_when_it_came_changed_and_left(workbench: Workbench) -> None:
    """By the days of all stored versions, field by field; an entry that left is still shown."""
    first, second = add_second(workbench.store)
    quill = entry_page(workbench.store, f"{PRIMO}:1", "").history
    assert [(one.kind, one.day, one.is_material) for one in quill.events] == [
        ("changed", date(2026, 2, 9), True), ("came", date(2026, 1, 9), True)
    ]  # fmt: skip
    assert quill.events[0].fields[0].gone == ("1955-03-02",)
    vessel = entry_page(workbench.store, f"{PRIMO}:3", "")
    assert [one.kind for one in vessel.history.events] == ["left", "came"]
    assert (vessel.version.version_id, vessel.current_id) == (first.version_id, "")
    vera = workbench.browser("vera")
    assert "no longer screened against" in vera.get(f"/desk/entries/{PRIMO}:3").text
    past = vera.get(f"/desk/entries/{PRIMO}:1?version={first.version_id}").text
    assert "This is a past state" in past
    assert "1955-03-02" in past
    gone = vera.get(f"/desk/entries/{PRIMO}:3?version={second.version_id}")
    assert gone.status_code == 404
    again = replace(
        version(PRIMO, FIRST_ENTRIES, "f", SECOND + timedelta(days=9)), published_on=None
    )
    workbench.store.add_version(again, FIRST_ENTRIES)
    events = entry_page(workbench.store, f"{PRIMO}:3", "").history.events
    assert [one.kind for one in events] == ["came again", "left", "came"]
    assert FIRST < SECOND


def test_hostile_lists_do_no_harm(workbench: Workbench) -> None:
    """XSS: an id, a name, an address and remarks that a stranger wrote; addresses stay whole."""
    add_second(workbench.store)
    page = workbench.browser("vera").get(f"/desk/entries/{quote(HOSTILE_ID, safe='')}")
    assert page.status_code == 200
    assert_harmless(page.text)
    assert quote(HOSTILE_ID, safe="") in page.text


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Kim Il", "Latin"),
        ("김정은", "Hangul"),
        ("金正恩", "Han"),
        ("Ким", "Cyrillic"),
        ("عبد المنان", "Arabic"),
        ("タナカ 田中", "Japanese"),
        ("123-45", "Other signs"),
        ("Кuill", "Latin"),
    ],
)
def test_names_are_told_by_script(text: str, script: str) -> None:
    """A reviewer looks first for the script that they read."""
    assert script_of(text) == script


def test_names_stay_in_their_order_within_a_script() -> None:
    """The primary name of a script comes first, weak ones are marked."""
    names = [ListedName("Kim"), ListedName("김"), ListedName("Gim", quality=NameQuality.WEAK)]
    found = by_script(names)
    assert [(one.script, [name.text for name in one.names]) for one in found] == [
        ("Latin", ["Kim", "Gim"]), ("Hangul", ["김"])
    ]  # fmt: skip


def test_entries_are_found_by_words_and_ids(workbench: Workbench) -> None:
    """Any name finds an entry, an id leads to it at once, and a list is leafed through."""
    vera = workbench.browser("vera")
    assert "Quill Feathersby" in vera.get("/desk/entries?q=quillon").text
    found = vera.get("/desk/entries?q=quill&list=us_bis_denied").text
    assert "Denied Quill Holdings" in found
    assert "Feathersby" not in found
    assert "Blue Quill" in vera.get(f"/desk/entries?list={PRIMO}").text
    led = vera.client.get(f"/desk/entries?q={PRIMO}:3", follow_redirects=False)
    assert led.headers["location"] == f"/desk/entries/{quote(f'{PRIMO}:3', safe='')}"
    nothing = vera.get('/desk/entries?q="><script>alert(1)</script>').text
    assert "No entry of the lists" in nothing
    assert_harmless(nothing)
    assert vera.get("/desk/entries/nobody:1").status_code == 404


@pytest.mark.parametrize("name", ["vera", "anna", "carl", "dora", "emil"])
def test_every_role_reads_entries(workbench: Workbench, name: str) -> None:
    """Lists are public: whoever may read may read all of them; a stranger may not."""
    assert workbench.browser(name).get(f"/desk/entries/{PRIMO}:1").status_code == 200
    stranger = workbench.browser().client.get(f"/desk/entries/{PRIMO}:1", follow_redirects=False)
    assert stranger.headers["location"].startswith("/sign-in")
