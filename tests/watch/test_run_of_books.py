"""A run and the books: whom a change touches is told once, and nothing vanishes."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer
from small_world import World, list_bytes, people

from tumen.model.watching import Event, EventKind, HitState, Severity, Suppression
from tumen.screening.policy import Policy
from tumen.watch.report import report_lines

LUDMILA = ("Ludmila Novice Karpova", "1971-01-01")
BOOK = {
    "C-1": LUDMILA,
    "C-2": ("Anselm Quandorvik", "1940-03-01"),
    "C-3": ("Nobody Special Whatsoever", "1990-01-01"),
}


def publish(server: HTTPServer, entries: dict[str, tuple[str, str]], day: str) -> None:
    """From now on the server gives this version of alpha."""
    server.clear_all_handlers()
    server.expect_request("/beta.json").respond_with_data(list_bytes("beta", people(20)))
    server.expect_request("/alpha.json").respond_with_data(list_bytes("alpha", entries, day))


def events(world: World, *kinds: EventKind) -> list[Event]:
    """The events about books kept so far, first to last."""
    with world.store.reading() as work:
        return [one for one in work.outbox.events(kinds=kinds or None)[::-1] if one.book_id]


def told(world: World) -> list[tuple[EventKind, str, str]]:
    """What happened to whom, sorted."""
    return sorted((one.kind, one.party_id, one.entity_id) for one in events(world))


@pytest.fixture
def world(world_on_each: World) -> World:
    """Each test runs on both databases."""
    return world_on_each


@pytest.fixture
def watched(world: World) -> World:
    """The lists are loaded, then the book is screened: C-2 is listed on both."""
    world.add_book(BOOK)
    world.run()
    return world


def test_a_new_book_is_screened_whole(watched: World) -> None:
    """Each hit is an event with party, group, programme and entry; the report names the party."""
    assert told(watched) == [
        (EventKind.NEW_HIT, "C-2", "alpha:p0"),
        (EventKind.NEW_HIT, "C-2", "beta:p0"),
    ]
    event = events(watched)[0]
    assert event.severity is Severity.CRITICAL
    assert event.groups == ("berlin",)
    assert event.programmes == ("TEST",)
    assert "Anselm Quandorvik [C-2]" in event.title
    with watched.store.reading() as work:
        assert {one.state for one in work.hits.standing("customers")} == {HitState.OPEN}
        assert len(work.screenings.find(book_id="customers")) == 1


def test_the_report_says_first_whom_it_touches(world: World) -> None:
    """Names before lists; the second run touches nobody."""
    world.add_book(BOOK)
    lines = report_lines(world.run())
    assert lines[0] == "! Newly hit: 2"
    assert lines[1].startswith("    Anselm Quandorvik [C-2] in customers: Anselm Quandorvik [")
    assert any(line.startswith("alpha: first version") for line in lines)
    world.later(hours=1)
    lines = report_lines(world.run())
    assert lines[0] == "Nobody is touched (3 parties in 1 book)."
    assert "alpha: unchanged" in lines


def test_whoever_is_listed_at_night_is_told_by_morning(
    watched: World, httpserver: HTTPServer
) -> None:
    """One event, and at the next run none."""
    publish(httpserver, people(20, new=LUDMILA), "2026-02-28")
    for _ in range(2):
        watched.later(days=1)
        watched.run()
    assert told(watched)[0] == (EventKind.NEW_HIT, "C-1", "alpha:new")
    assert len(told(watched)) == 3


def test_a_hit_that_falls_away_is_proposed_for_release(
    watched: World, httpserver: HTTPServer
) -> None:
    """It never vanishes; when it comes back it is a new hit, told again."""
    gone = {key: value for key, value in people(20).items() if key != "p0"}
    publish(httpserver, gone, "2026-02-28")
    watched.later(days=1)
    lines = report_lines(watched.run())
    assert lines[0] == "! Hits that fell away: proposed release, a person decides: 1"
    (event,) = events(watched, EventKind.PROPOSED_RELEASE)
    assert (event.party_id, event.entity_id) == ("C-2", "alpha:p0")
    assert "evidence of a delisting, no proof" in event.text
    with watched.store.reading() as work:
        states = {one.hit.entity_id: one.state for one in work.hits.standing("customers")}
    assert states == {"alpha:p0": HitState.PROPOSED_RELEASE, "beta:p0": HitState.OPEN}
    publish(httpserver, people(20), "2026-03-01")
    watched.later(days=1)
    watched.run()
    assert len(events(watched, EventKind.NEW_HIT)) == 3


def test_an_entry_that_changes_under_a_suppression_ends_it(
    watched: World, httpserver: HTTPServer
) -> None:
    """The person who decided is asked again: one event, not also a new hit."""
    with watched.store.writing() as work:
        hit = next(
            one for one in work.hits.standing("customers") if one.hit.entity_id == "alpha:p0"
        )
        decided = Suppression(
            "S1", "customers", "C-2", "alpha:p0", hit.party_hash, hit.entry_hash,
            "Another person of that name", "officer", watched.now,
        )  # fmt: skip
        work.suppressions.add(decided)
        muted = [hit.__class__(**{**_fields(hit), "state": HitState.SUPPRESSED})]
        watched.later(hours=1)
        work.hits.replace([hit], muted, watched.now)
    entries = people(20, p0=("Anselm Quandorvik", "1940-03-02"))
    publish(httpserver, entries, "2026-02-28")
    watched.later(days=1)
    report = watched.run()
    assert report.tally["lapsed"] == 1
    assert report.tally["new_hits"] == 0
    (event,) = events(watched, EventKind.SUPPRESSION_LAPSED)
    assert event.severity is Severity.HIGH
    assert "The entry changed materially" in event.text
    assert len(events(watched, EventKind.NEW_HIT)) == 2


def _fields(one: object) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}  # type: ignore[attr-defined]


def test_a_party_that_cannot_be_screened_is_told_once(world: World) -> None:
    """It is no "no hit": the run is incomplete, the event names the party."""
    world.add_book({**BOOK, "C-4": ("", "")})
    report = world.run()
    assert report.status == "incomplete"
    assert report.tally["not_screened"] == 1
    (event,) = events(world, EventKind.NOT_SCREENED)
    assert event.party_id == "C-4"
    world.later(hours=1)
    world.run()
    assert len(events(world, EventKind.NOT_SCREENED)) == 1


def test_a_book_that_cannot_be_screened_at_all_is_an_alarm(world: World) -> None:
    """The policy names a list that is not loaded: nobody was looked at, and that is said."""
    world.add_book(BOOK)
    world.policy = Policy(lists=("gamma",))
    report = world.run()
    assert report.status == "incomplete"
    assert report.tally["not_screened"] == 3
    assert any(line.startswith("! customers: NOT SCREENED") for line in report_lines(report))
    (event,) = events(world)
    assert event.severity is Severity.CRITICAL
    assert "gamma" in event.text


def test_a_book_that_changed_is_screened_against_the_lists(watched: World) -> None:
    """A new version of the book with one more party touches that party alone."""
    watched.later(hours=1)
    watched.add_book({**BOOK, "C-5": ("Birgitta Bellaxoni", "1941-03-02")})
    report = watched.run()
    assert {(one.party_id) for one in events(watched)} == {"C-2", "C-5"}
    assert report.tally["new_hits"] == 2


def test_a_stored_screening_says_how_its_lists_fared(
    watched: World, httpserver: HTTPServer
) -> None:
    """A list that cannot be renewed stands in the record of each screening against it."""
    httpserver.clear_all_handlers()
    watched.later(days=2)
    watched.add_book({**BOOK, "C-5": ("Somebody Else Entirely", "1951-03-02")})
    watched.run()
    with watched.store.reading() as work:
        run = work.screenings.find(book_id="customers")[0]
    assert any("alpha: its publisher could not be reached" in one for one in run.warnings)
