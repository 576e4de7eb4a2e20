"""The tools for agents, asked through the SDK's own client in this process."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp_types import CallToolResult, Tool
from mcp_world import GONE, KIM, NOW, RENAMED, SHIP, add_version, desk_over, fill

from tumen.errors import ListsMissingError
from tumen.model.entity import Entity
from tumen.model.screening import Hit
from tumen.model.watching import (
    BookVersion,
    HitState,
    ListHealth,
    ListState,
    Party,
    StandingHit,
)
from tumen.screening.policy import Policy
from tumen.screening.snapshots import snapshot_of
from tumen.service.mcp.desk import Desk
from tumen.service.mcp.server import create_server
from tumen.store import Store

Call = Callable[..., Any]
KIM_PARTY = {
    "name": "KIM, Yong Invented",
    "type": "person",
    "birth_date": "1965-03-01",
    "countries": ["North Korea"],
    "id": "C-1",
}


def ask(desk: Desk, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    """One call of a tool."""

    async def call() -> CallToolResult:
        async with Client(create_server(desk)) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(call())


def answer(desk: Desk, tool: str, **arguments: Any) -> Any:
    """What a tool answers."""
    result = ask(desk, tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


def problem(desk: Desk, tool: str, **arguments: Any) -> str:
    """What a tool refuses with."""
    result = ask(desk, tool, arguments)
    assert result.is_error, result.structured_content
    text = result.content[0]
    assert text.type == "text"
    return text.text


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with three versions of one list."""
    made = f"sqlite:///{tmp_path}/tumen.db"
    fill(made)
    return made


@pytest.fixture
def desk(url: str, tmp_path: Path) -> Iterator[Desk]:
    """A desk over the store."""
    made = desk_over(url, tmp_path / "snapshots")
    yield made
    made.close()


def tools_of(desk: Desk) -> list[Tool]:
    """The tools as a client sees them."""

    async def call() -> list[Tool]:
        async with Client(create_server(desk)) as client:
            return (await client.list_tools()).tools

    return asyncio.run(call())


def test_every_tool_says_what_it_takes_and_only_reads(desk: Desk) -> None:
    """A description of the tool and of each argument whose name does not say it all."""
    tools = {tool.name: tool for tool in tools_of(desk)}
    assert set(tools) == {
        "screen",
        "screen_many",
        "explain",
        "look_up",
        "search_names",
        "list_versions",
        "what_changed",
        "standing_hits",
    }
    for tool in tools.values():
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False
        assert tool.input_schema["additionalProperties"] is False
        for name, about in tool.input_schema["properties"].items():
            own = {"limit", "parties", "left", "party"}
            assert "description" in about or name in own, (tool.name, name)
        for about in (
            tool.input_schema.get("$defs", {}).get("Party", {}).get("properties", {}).values()
        ):
            assert about["description"]


def test_older_agents_are_served(desk: Desk) -> None:
    """Those that begin with a handshake, as the protocol was until 2026."""

    async def call() -> CallToolResult:
        async with Client(create_server(desk), mode="legacy") as client:
            assert client.instructions is not None
            assert '"Not screened" is never "no hit"' in client.instructions
            return await client.call_tool("screen", {"party": KIM_PARTY})

    found = asyncio.run(call()).structured_content
    assert found is not None
    assert found["results"][0]["outcome"] == "hit"


def test_closing_waits_for_no_index(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent that ends would else have to wait a minute, or kill the process."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: Any, **__: Any) -> Any:
        begun.set()
        go_on.wait(20)
        raise ListsMissingError("given up")

    monkeypatch.setattr("tumen.service.mcp.desk.snapshot_of_versions", slow)
    building = threading.Thread(target=lambda: problem(desk, "search_names", text="kim"))
    building.start()
    assert begun.wait(20)
    started = time.monotonic()
    desk.close()
    assert time.monotonic() - started < 5
    go_on.set()
    building.join(20)


def test_a_party_is_screened_with_reasons_versions_and_ages(desk: Desk) -> None:
    """All that a careful report needs is in one answer."""
    found = answer(desk, "screen", party=KIM_PARTY)
    (result,) = found["results"]
    assert (result["id"], result["outcome"], result["problem"]) == ("C-1", "hit", "")
    (hit,) = result["hits"]
    assert hit["entity_id"] == "toy:kim"
    assert hit["is_hit"] is True
    assert {"name", "birth_date"} <= {reason["feature"] for reason in hit["reasons"]}
    assert found["list_versions"] == [
        {
            "list_id": "toy",
            "version_id": "toy@cccccccccccc",
            "published_on": "2026-02-20",
            "retrieved_on": "2026-02-20",
            "age_days": 9,
            "entries": 3,
            "is_starter": False,
        }
    ]
    assert found["screened_at"] == "2026-03-01T12:00:00+00:00"
    assert found["policy"]["threshold"] == 0.7


def test_who_is_not_listed_is_no_hit(desk: Desk) -> None:
    """And the answer names what was looked at."""
    found = answer(desk, "screen", party={"name": "Anna Ordinary", "type": "person"})
    assert found["results"][0]["outcome"] == "no hit"
    assert found["list_versions"]


@pytest.mark.parametrize(
    ("party", "words"),
    [
        ({"type": "person"}, "No name and no identifier"),
        ({"name": "Anna", "type": "dragon"}, "Unknown type 'dragon'"),
        ({"name": "Anna", "identifiers": {"blub": "1"}}, "No property is called 'blub'"),
    ],
)
def test_what_cannot_be_compared_is_not_screened(
    desk: Desk, party: dict[str, Any], words: str
) -> None:
    """Never "no hit"; the other parties of the call are screened."""
    found = answer(desk, "screen_many", parties=[party, KIM_PARTY])
    first, second = found["results"]
    assert (first["id"], first["outcome"]) == ("party 1", "not screened")
    assert words in first["problem"]
    assert second["outcome"] == "hit"


def test_a_value_that_cannot_be_read_is_named(desk: Desk) -> None:
    """The agent would else believe that it had played a part."""
    found = answer(desk, "screen", party={**KIM_PARTY, "birth_date": "31 February 1965"})
    assert "played no part" in found["results"][0]["warnings"][0]


def test_what_a_party_holds_is_screened_too(desk: Desk) -> None:
    """A vessel in the row of its owner."""
    party = {
        "name": "Anna Ordinary",
        "type": "person",
        "id": "C-2",
        "identifiers": {"IMO": "9179842"},
    }
    person, vessel = answer(desk, "screen", party=party)["results"]
    assert person["outcome"] == "no hit"
    assert (vessel["id"], vessel["outcome"]) == ("C-2#vessel-1", "hit")
    assert vessel["caption"] == "Vessel of Anna Ordinary"
    assert "IMO number 9179842 agrees" in vessel["hits"][0]["sentence"]


def test_the_question_may_set_threshold_cutoff_and_lists(desk: Desk) -> None:
    """And the policy in the answer says so."""
    party = {"name": "Kim Yong Invited", "type": "person"}
    strict = answer(desk, "screen", party=party, threshold=0.99, cutoff=0.2)
    assert strict["results"][0]["outcome"] == "possible"
    assert strict["policy"]["threshold"] == 0.99
    assert strict["policy"]["cutoff"] == 0.2
    assert "changed by the question" in strict["policy"]["version"]
    assert "cut-off 0.9" in problem(desk, "screen", party=party, threshold=0.5, cutoff=0.9)
    missing = answer(desk, "screen", party=party, lists=["toy", "other"])
    assert missing["results"][0]["outcome"] == "not screened"
    assert "These lists are not loaded: other" in missing["results"][0]["problem"]


def test_a_misspelt_argument_is_refused(desk: Desk) -> None:
    """It would play no part, and the agent would not know."""
    assert "treshold" in problem(desk, "screen", party=KIM_PARTY, treshold=0.5)
    assert "nome" in problem(desk, "screen", party={"nome": "Kim"})
    assert "at most 100" in problem(desk, "screen_many", parties=[KIM_PARTY] * 101)
    assert "at least 1" in problem(desk, "screen_many", parties=[])


def test_lists_that_are_too_old_screen_nobody(url: str, tmp_path: Path) -> None:
    """The policy's limit holds for agents as for everybody."""
    desk = desk_over(url, tmp_path / "snapshots", Policy(max_list_age_days=7))
    found = answer(desk, "screen", party=KIM_PARTY)
    assert found["results"][0]["outcome"] == "not screened"
    assert "toy@cccccccccccc is 9 days old" in found["results"][0]["problem"]
    assert found["list_versions"][0]["age_days"] == 9
    desk.close()


def test_without_a_store_nobody_is_screened_and_none_is_made(tmp_path: Path) -> None:
    """A slip in the address must not look like a clean slate."""
    desk = desk_over(f"sqlite:///{tmp_path}/none.db", tmp_path)
    found = answer(desk, "screen", party=KIM_PARTY)
    assert found["results"][0]["outcome"] == "not screened"
    assert "There is no store" in found["results"][0]["problem"]
    assert "There is no store" in problem(desk, "list_versions")
    assert list(tmp_path.iterdir()) == []


def test_with_no_list_loaded_nobody_is_screened(tmp_path: Path) -> None:
    """An empty store is no list of nobody."""
    url = f"sqlite:///{tmp_path}/empty.db"
    Store.open(url).close()
    desk = desk_over(url, tmp_path / "snapshots")
    found = answer(desk, "screen", party=KIM_PARTY)
    assert "No list is loaded" in found["results"][0]["problem"]
    assert "No list is loaded" in problem(desk, "what_changed")
    desk.close()


def test_a_list_that_was_not_renewed_is_a_warning(desk: Desk, url: str) -> None:
    """In each screening, and where the versions are shown."""
    earlier = datetime(2026, 2, 20, 9, tzinfo=UTC)
    with Store.open(url) as store, store.writing() as work:
        work.list_states.set(ListState("toy", ListHealth.UNREACHABLE, NOW, earlier, "no answer"))
    for found in (answer(desk, "screen", party=KIM_PARTY), answer(desk, "list_versions")):
        assert "could not be reached" in found["warnings"][0]


def test_two_parties_are_explained(desk: Desk) -> None:
    """Feature by feature, with both values."""
    found = answer(
        desk,
        "explain",
        left=KIM_PARTY,
        right={"name": "Kim Yong Invented", "type": "person", "birth_date": "1971"},
    )
    assert found["right"]["properties"]["birthDate"] == ["1971"]
    born = next(one for one in found["reasons"] if one["feature"] == "birth_date")
    assert (born["left"], born["right"]) == ("1965-03-01", "1971")
    assert born["effect"] < 0


def test_a_party_is_explained_against_an_entry(desk: Desk) -> None:
    """With the score that a screening gives."""
    screened = answer(desk, "screen", party=KIM_PARTY)["results"][0]["hits"][0]
    found = answer(desk, "explain", left=KIM_PARTY, entity_id="toy:kim")
    assert found["score"] == screened["score"]
    assert found["sentence"] == screened["sentence"]
    assert found["list_version"]["version_id"] == "toy@cccccccccccc"
    assert "one of" in problem(desk, "explain", left=KIM_PARTY)
    assert "one of" in problem(
        desk, "explain", left=KIM_PARTY, right=KIM_PARTY, entity_id="toy:kim"
    )
    assert "look_up" in problem(desk, "explain", left=KIM_PARTY, entity_id="toy:gone")
    assert "left: No name" in problem(desk, "explain", left={}, entity_id="toy:kim")


def test_an_entry_is_shown_whole(desk: Desk) -> None:
    """Designations, links, quality marks, and where each value came from."""
    found = answer(desk, "look_up", entity_id="toy:trade")
    assert found["status"] == "listed"
    assert found["list_version"]["age_days"] == 9
    assert (found["first_seen_in"], found["last_seen_in"]) == (
        "toy@aaaaaaaaaaaa",
        "toy@cccccccccccc",
    )
    entry = found["entry"]
    assert entry["names"][1]["quality"] == "weak"
    assert entry["designations"][0]["programme"] == "RUSSIA"
    assert entry["designations"][0]["measures"] == ["asset freeze"]
    assert entry["remarks"] == RENAMED.remarks
    assert entry["provenance"]["values"] == [
        {
            "property": "name",
            "value": "Invented Ryonbong Trading",
            "published_field": "Name",
            "published_text": "INVENTED RYONBONG TRADING",
        }
    ]
    linked = answer(desk, "look_up", entity_id="toy:kim")["entry"]["links"]
    assert linked == [
        {
            "kind": "Ownership",
            "role": "",
            "target_id": "toy:ship",
            "target_name": "Dream Of Invention",
            "this_entry_is": "subject",
        }
    ]


def test_an_entry_that_left_is_shown_as_such(desk: Desk) -> None:
    """From the last version that had it; or from the one asked for."""
    found = answer(desk, "look_up", entity_id="toy:gone")
    assert found["status"] == "no longer listed"
    assert found["list_version"]["version_id"] == "toy@aaaaaaaaaaaa"
    assert found["entry"]["caption"] == GONE.entity.caption
    older = answer(desk, "look_up", entity_id="toy:trade", version="toy@2026-02-12")
    assert older["entry"]["remarks"] == "Reworded."
    assert older["entry"]["designations"][0]["programme"] == "DPRK"
    assert "toy@cccccccccccc does not have this entry" in problem(
        desk, "look_up", entity_id="toy:gone", version="toy"
    )
    assert "No list version has an entry 'toy:x'" in problem(desk, "look_up", entity_id="toy:x")
    assert "There is no list version 'nix'" in problem(
        desk, "look_up", entity_id="toy:kim", version="nix"
    )


def test_names_are_searched_in_every_kind(desk: Desk) -> None:
    """Persons, companies and vessels by a bare text; narrowed by a type."""
    for text, entity_id in (
        ("dream of invention", SHIP.entity.entity_id),
        ("kim yong", KIM.entity.entity_id),
        ("ryonbong trading", "toy:trade"),
    ):
        found = answer(desk, "search_names", text=text)
        assert found["entries"][0]["entity_id"] == entity_id, text
        assert found["list_versions"]
    assert answer(desk, "search_names", text="dream of invention", type="person")["found"] == 0
    assert answer(desk, "search_names", text="kim yong invented", limit=1)["entries"]
    assert "Unknown type" in problem(desk, "search_names", text="kim", type="dragon")


def test_versions_are_shown_with_their_age(desk: Desk) -> None:
    """The current ones, or all."""
    (current,) = answer(desk, "list_versions")["versions"]
    assert (current["version_id"], current["age_days"]) == ("toy@cccccccccccc", 9)
    assert current["is_current"] is True
    every = answer(desk, "list_versions", list_id="toy", every=True)["versions"]
    assert [one["published_on"] for one in every] == ["2026-02-01", "2026-02-10", "2026-02-20"]
    assert [one["is_current"] for one in every] == [False, False, True]
    assert "'other' is not loaded. Loaded are toy" in problem(
        desk, "list_versions", list_id="other"
    )


def changes(found: Any) -> dict[str, str]:
    """Entity id → kind of change."""
    return {one["entity_id"]: one["kind"] for one in found["changes"]["items"]}


def test_what_changed_last(desk: Desk) -> None:
    """From the version before to the current one, material changes alone."""
    found = answer(desk, "what_changed")
    assert changes(found) == {"toy:trade": "changed"}
    (compared,) = found["compared"]
    assert compared["before"]["version_id"] == "toy@bbbbbbbbbbbb"
    assert compared["after"]["version_id"] == "toy@cccccccccccc"
    assert compared["counts"]["reprogrammed"] == 1
    fields = {one["field"]: one for one in found["changes"]["items"][0]["fields"]}
    assert fields["programme"]["come"] == ["RUSSIA"]
    assert fields["weakAlias"]["come"] == ["Ryonbong Imports"]
    assert "remarks" not in fields
    whole = answer(desk, "what_changed", cosmetic=True)["changes"]["items"][0]["fields"]
    assert "remarks" in {one["field"] for one in whole}


def test_what_changed_since_a_day_or_between_versions(desk: Desk) -> None:
    """A removal comes with its caution; what has no earlier version is named."""
    since = answer(desk, "what_changed", list_id="toy", since="2026-02-05")
    expected = {"toy:gone": "removed", "toy:ship": "added", "toy:trade": "changed"}
    assert changes(since) == expected
    assert (
        "A removal is evidence of a delisting, not proof of one."
        in since["compared"][0]["cautions"]
    )
    between = {"before": "toy@aaaaaaaaaaaa", "after": "toy@cccc"}
    assert changes(answer(desk, "what_changed", **between)) == expected
    assert changes(answer(desk, "what_changed", before="toy@2026-02-01")) == expected
    assert set(changes(answer(desk, "what_changed", after="toy@bbbb"))) == {"toy:gone", "toy:ship"}
    early = answer(desk, "what_changed", since="2020-01-01")
    assert early["not_compared"] == ["toy@cccccccccccc"]
    assert early["changes"]["total"] == 0
    assert "Give `before` and `after`" in problem(
        desk, "what_changed", before="toy", since="2026-02-05"
    )


def test_changes_come_in_pages_and_parts(desk: Desk) -> None:
    """Each page says where the next begins."""
    first = answer(desk, "what_changed", since="2026-02-01", limit=2)["changes"]
    assert (first["total"], first["next_offset"]) == (3, 2)
    second = answer(desk, "what_changed", since="2026-02-01", limit=2, offset=2)["changes"]
    assert second["next_offset"] is None
    assert len(first["items"]) + len(second["items"]) == 3
    part = answer(desk, "what_changed", since="2026-02-01", only=["added"])
    assert changes(part) == {"toy:ship": "added"}
    russia = answer(desk, "what_changed", since="2026-02-01", programme="russia")
    assert set(changes(russia)) == {"toy:trade"}


def watch_a_book(url: str, book_id: str) -> None:
    """A watched book with two standing hits."""
    party = Party("C-1", Entity("C-1", "Person", {"name": ("Kim Y. Invented",)}))
    hit = Hit("toy:kim", "toy", "Person", "Kim Yong Invented", 0.9, True, (), "Same name.")
    rows = [
        StandingHit(book_id, "C-1", hit, HitState.OPEN, "p", "e", NOW),
        StandingHit(book_id, "C-9", hit, HitState.SUPPRESSED, "p", "e", NOW, note="decided"),
    ]
    with Store.open(url) as store, store.writing() as work:
        version = BookVersion(book_id, 1, "h" * 32, NOW, 1, "b.csv", ({"row": 2, "problem": "x"},))
        work.books.add_version(version, [party])
        work.hits.replace([], rows, NOW)


def test_standing_hits_of_a_book_are_shown(desk: Desk, url: str) -> None:
    """With state, note and since when; of a party that left the book too."""
    assert "No book is watched" in problem(desk, "standing_hits")
    watch_a_book(url, "customers")
    found = answer(desk, "standing_hits")
    assert found["book"]["book_id"] == "customers"
    assert found["book"]["rows_not_read"] == 1
    first, second = found["hits"]["items"]
    assert (first["party"], first["state"]) == ("Kim Y. Invented", "open")
    assert first["hit"]["sentence"] == "Same name."
    assert (second["party_id"], second["party"], second["note"]) == ("C-9", "", "decided")
    only = answer(desk, "standing_hits", states=["suppressed"])["hits"]
    assert [one["party_id"] for one in only["items"]] == ["C-9"]
    assert answer(desk, "standing_hits", party_id="C-1")["hits"]["total"] == 1
    assert "There is no book 'x'. There are customers" in problem(desk, "standing_hits", book="x")
    watch_a_book(url, "suppliers")
    assert "Say which book" in problem(desk, "standing_hits")


def test_a_new_version_is_used_at_once(desk: Desk, url: str) -> None:
    """An agent that runs for weeks must not screen against last month's list."""
    party = {"name": "Choe Newly Listed", "type": "person"}
    assert answer(desk, "screen", party=party)["results"][0]["outcome"] == "no hit"
    fresh = Entity("toy:new", "Person", {"name": ("Choe Newly Listed",)})
    with Store.open(url) as store:
        add_version(store, "d", date(2026, 2, 28), [KIM, type(KIM)(fresh, ())])
    found = answer(desk, "screen", party=party)
    assert found["results"][0]["outcome"] == "hit"
    assert found["list_versions"][0]["version_id"] == "toy@dddddddddddd"


def test_the_index_of_the_command_line_is_used(url: str, tmp_path: Path) -> None:
    """So that nobody waits a minute for what is there already; with the same answer."""
    folder = tmp_path / "snapshots"
    own = desk_over(url, folder)
    built = answer(own, "screen", party=KIM_PARTY)
    with Store.open(url) as store:
        snapshot_of(store, folder)
    desk = desk_over(url, folder)
    assert answer(desk, "screen", party=KIM_PARTY) == built
    assert desk.screener().snapshot.basis_hash == own.screener().snapshot.basis_hash
    for one in (own, desk):
        one.close()


def test_nothing_is_ever_written(desk: Desk, url: str, tmp_path: Path) -> None:
    """Not to the store, and no file beside it."""
    watch_a_book(url, "customers")
    before = digest(tmp_path)
    for tool, arguments in (
        ("screen", {"party": KIM_PARTY}),
        ("screen_many", {"parties": [KIM_PARTY]}),
        ("explain", {"left": KIM_PARTY, "entity_id": "toy:kim"}),
        ("look_up", {"entity_id": "toy:gone"}),
        ("search_names", {"text": "kim"}),
        ("list_versions", {"every": True}),
        ("what_changed", {"since": "2026-02-01"}),
        ("standing_hits", {}),
    ):
        answer(desk, tool, **arguments)
    assert digest(tmp_path) == before


def digest(folder: Path) -> tuple[str, list[str]]:
    """All rows of the store, and the names of all files but those of SQLite's own log."""
    with sqlite3.connect(folder / "tumen.db") as connection:
        rows = "\n".join(connection.iterdump())
    connection.close()
    names = [path.name for path in sorted(folder.rglob("*")) if path.suffix[:3] != ".db"]
    return hashlib.sha256(rows.encode()).hexdigest(), names
