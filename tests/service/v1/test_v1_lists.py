"""Lists over HTTP: what is loaded, loading files, what changed, and the lists of a past day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_desk import Desk, opened
from invented import add_lists

from tumen.demo import LISTS
from tumen.model.access import Role

UN_FILE = LISTS / "un_consolidated.xml"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service whose lists this file alone changes."""
    home: Path = tmp_path_factory.mktemp("lists")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    with opened(home) as found:
        yield found


def test_every_list_with_its_version_age_and_state(own: Desk) -> None:
    """Those that are loaded, and those that could be."""
    every = own.get("lists?limit=500", Role.VIEWER)["items"]
    loaded = own.get("lists?is_loaded=true", Role.VIEWER)["items"]
    assert {one["list_id"] for one in loaded} == {"eu_fsf", "un_sc_sanctions", "us_bis_denied"}
    assert len(every) > len(loaded)
    un = own.get("lists/un_sc_sanctions")
    assert un["title"]
    assert un["age_days"] > 0
    assert un["version"]["entries"] > 0
    assert un["state"] is None
    assert own.get("lists?is_loaded=true&as_of=2020-01-01")["items"] == []
    assert own.get("lists?is_loaded=true&known_at=2020-01-01T00:00:00Z")["items"] == []


def test_pages_hold_each_list_once(own: Desk) -> None:
    """Whatever the size of a page; the header names the next one as well."""
    found: list[str] = []
    path = "lists?limit=2"
    while path:
        answer = own.ask("GET", path)
        page = answer.json()
        found += [one["list_id"] for one in page["items"]]
        assert ('rel="next"' in answer.headers.get("Link", "")) is bool(page["next"])
        path = page["next"]
    assert found == sorted(set(found))
    assert found == [one["list_id"] for one in own.get("lists?limit=500")["items"]]


@pytest.mark.parametrize("cursor", ["x", "e30", "WzFd", "WyJhIiwiYiJd", "%00", "é"])
def test_a_cursor_of_ones_own_making_is_refused(own: Desk, cursor: str) -> None:
    """As a value at fault."""
    answer = own.ask("GET", "lists", params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "query.cursor"


def test_official_files_are_loaded_and_the_change_is_told(own: Desk) -> None:
    """The version, its checks, the versions of the list, and what changed in three forms."""
    before = own.get("lists/un_sc_sanctions")["version"]["version_id"]
    files = [("files", ("whatever.bin", UN_FILE.read_bytes()))]
    form = {"accept_shrunken": "true"}
    answer = own.ask("POST", "lists", files=files, data=form)
    assert answer.status_code == 201, answer.text
    (outcome,) = answer.json()["outcomes"]
    assert outcome["status"] == "loaded", outcome
    assert outcome["place"] == "whatever.bin"
    made = outcome["version"]["version_id"]
    assert own.get(f"list-versions/{made}")["checks"]
    versions = own.get("lists/un_sc_sanctions/versions")["items"]
    assert [one["version_id"] for one in versions] == [before, made]

    delta = own.get(f"list-versions/{made}/delta")
    assert delta["before"]["version_id"] == before
    assert delta["counts"]["removed"] > 0
    kinds = {change["kind"] for change in delta["changes"]}
    only = own.get(f"list-versions/{made}/delta?only=added")["changes"]
    assert {change["kind"] for change in only} == {"added"} < kinds
    text = own.ask("GET", f"list-versions/{made}/delta?format=markdown")
    assert text.headers["content-type"].startswith("text/markdown")
    assert text.text.startswith("# What changed")
    lines = own.ask("GET", f"list-versions/{made}/delta?format=ftm").text.splitlines()
    assert {json.loads(line)["op"] for line in lines} <= {"ADD", "MOD", "DEL"}
    assert len(lines) >= len(delta["changes"])
    again = own.ask("POST", "lists", files=files, data=form)
    assert again.json()["outcomes"][0]["status"] == "already loaded"
    records = own.get(f"audit/records?object={made}", Role.AUDITOR)["items"]
    actions = [one["action"] for one in records if one["action"].startswith("POST")]
    assert actions == ["POST /api/v1/lists"] * 2


@pytest.mark.parametrize("content", [b"", b"<html>No</html>", b"PK\x03\x04 torn", b"a,b\n1,2\n"])
def test_what_is_no_list_changes_nothing(own: Desk, content: bytes) -> None:
    """A problem that names the file and not where it lay."""
    before = own.get("lists?limit=500")["items"]
    answer = own.ask("POST", "lists", files=[("files", ("odd.xml", content))])
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:tumen:problem:source-refused"
    assert "odd.xml" in answer.json()["detail"]
    assert "/tmp" not in answer.json()["detail"]
    assert own.get("lists?limit=500")["items"] == before


def test_deltas_are_kept_and_paged(own: Desk) -> None:
    """Newest first, with the address of each whole."""
    from tumen.service.routes.v1.needs import now_utc
    from tumen.watch.delta import delta_between

    ids = [one["version_id"] for one in own.get("lists/un_sc_sanctions/versions")["items"]]
    with own.store.writing() as work:
        for before, after in ((ids[0], ids[-1]), (ids[-1], ids[0])):
            work.deltas.add(delta_between(own.store, before, after), now_utc())
    page = own.get("deltas?limit=1&list_id=un_sc_sanctions")
    rest = own.get(page["next"])
    assert rest["next"] is None
    pairs = [(one["before_id"], one["after_id"]) for one in [*page["items"], *rest["items"]]]
    assert pairs == [(ids[-1], ids[0]), (ids[0], ids[-1])]
    whole = own.get(rest["items"][0]["href"])
    assert whole["counts"]["added"] == rest["items"][0]["counts"]["added"]
    assert own.get("deltas?since=2999-01-01T00:00:00Z")["items"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("lists/us_made_up", 404),
        ("lists/us_made_up/versions", 404),
        ("list-versions/none@0", 404),
        ("list-versions/none@0/delta", 404),
        ("lists?known_at=yesterday", 422),
        ("list-versions/none@0/delta?only=sideways", 422),
    ],
)
def test_what_is_not_there_or_makes_no_sense(own: Desk, path: str, status: int) -> None:
    """Is said so."""
    assert own.ask("GET", path).status_code == status


def test_fetching_names_what_is_wrong(own: Desk) -> None:
    """An unknown list, and one that has no address."""
    assert own.ask("POST", "lists/us_made_up/fetch").status_code == 404
    without: list[Any] = [
        one["list_id"] for one in own.get("lists?limit=500")["items"] if not one["has_address"]
    ]
    assert own.ask("POST", f"lists/{without[0]}/fetch").status_code == 409
