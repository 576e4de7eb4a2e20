"""A run and its lists: what is new is told once, what is bad never takes over."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from small_world import World, list_bytes, people
from sqlalchemy import event
from werkzeug import Response

from tumen.errors import RequestError, StoreError
from tumen.model.watching import Event, EventKind, ListHealth, Severity
from tumen.watch.points import pass_by
from tumen.watch.report import report_lines


def publish(server: HTTPServer, data: bytes, name: str = "alpha", **answer: Any) -> None:
    """From now on the server gives these bytes for a list."""
    server.clear_all_handlers()
    for other in {"alpha", "beta"} - {name}:
        server.expect_request(f"/{other}.json").respond_with_data(list_bytes(other, people(20)))
    server.expect_request(f"/{name}.json").respond_with_data(data, **answer)


def events(world: World, *kinds: EventKind) -> list[Event]:
    """The events kept so far, first to last."""
    with world.store.reading() as work:
        return work.outbox.events(kinds=kinds or None)[::-1]


def state(world: World, list_id: str = "alpha") -> tuple[ListHealth, bool]:
    """How a list fares, and whether its last good look is of now."""
    with world.store.reading() as work:
        found = work.list_states.get(list_id)
    assert found is not None
    return found.health, found.succeeded_at == world.now


def in_use(world: World, list_id: str = "alpha") -> int:
    """How many entries the current version has."""
    version = world.store.current_version(list_id)
    assert version is not None
    return version.entries


def test_first_versions_are_loaded_and_told(world: World) -> None:
    """One quiet event for each list, its state good, the audit log says what is in use."""
    report = world.run()
    assert report.status == "done"
    assert [one["status"] for one in report.lists] == ["new version"] * 2
    told = events(world)
    assert [(one.kind, one.severity) for one in told] == [
        (EventKind.LIST_CHANGED, Severity.INFO)
    ] * 2
    assert told[0].title == "List Alpha: first version, 20 entries"
    assert state(world) == (ListHealth.GOOD, True)
    with world.store.reading() as work:
        actions = [one.entry.action for one in work.audit.records()]
        assert work.audit.verify() == []
        (run,) = work.journal.runs()
    assert actions == ["list version in use"] * 2 + ["watch run finished"]
    assert run.status == "done"
    assert run.tally["lists_changed"] == 2


def test_a_second_run_with_nothing_new_tells_nothing(world: World) -> None:
    """Neither event nor delta; the last good look is of now."""
    world.run()
    world.later(hours=12)
    report = world.run()
    assert [one["status"] for one in report.lists] == ["unchanged"] * 2
    assert report.changes == []
    assert len(events(world)) == 2
    assert state(world) == (ListHealth.GOOD, True)


def test_a_new_version_is_told_with_what_changed(world: World, httpserver: HTTPServer) -> None:
    """Counts, entries, the programmes that they are of, and a delta to look up."""
    world.run()
    before = world.store.current_version("alpha")
    assert before is not None
    changed = people(20, new=("Ludmila Novice", "1971-01-01"))
    del changed["p3"]
    changed["p4"] = ("Eberhard Renamed", "1944-03-05")
    publish(httpserver, list_bytes("alpha", changed, "2026-02-28"))
    world.later(days=1)
    report = world.run()
    (change,) = report.changes
    assert change["line"] == "1 added, 1 removed, 1 changed"
    event = events(world, EventKind.LIST_CHANGED)[-1]
    assert event.programmes == ("TEST",)
    assert "added: Ludmila Novice [alpha:new]" in event.text
    assert {one["kind"] for one in event.data["changes"]} == {"added", "removed", "changed"}
    with world.store.reading() as work:
        delta = work.deltas.get(before.version_id, change["after_id"])
    assert delta is not None
    assert len(delta.changes) == 3


def test_a_version_loaded_by_hand_is_told_too(world: World) -> None:
    """What is compared is what is current with what was seen, whoever loaded it."""
    from tumen.lists.check import LoadOptions
    from tumen.lists.ingest import ingest_all
    from tumen.lists.recognise import recognise

    world.run()
    path = world.folder / "by_hand.json"
    path.write_bytes(list_bytes("alpha", people(21), "2026-02-28"))
    bundles = recognise([path], world.registry).bundles
    world.later(hours=1)
    list(ingest_all(bundles, world.registry, world.store, LoadOptions(), world.now))
    report = world.run(lists=())
    assert [one["line"] for one in report.changes] == ["1 added"]
    assert world.run(lists=()).changes == []


BAD = {
    "shrunken": (list_bytes("alpha", people(10), "2026-02-28"), "10 of 20 entries"),
    "empty": (list_bytes("alpha", {}, "2026-02-28"), "No entries at all"),
    "cut": (list_bytes("alpha", people(20), "2026-02-28")[:-40], "The JSON is cut"),
    "backdated": (list_bytes("alpha", people(20), "2026-01-01"), "before the current version"),
    "another list": (list_bytes("beta", people(20), "2026-02-28"), "is beta, not alpha"),
    "no list": (b'{"error": "maintenance"}', "no list begins like this"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_is_put_aside_and_told_once(
    world: World, httpserver: HTTPServer, fault: str
) -> None:
    """The good version stays, the file is kept, an alarm is raised, the other list goes on."""
    data, problem = BAD[fault]
    world.run()
    publish(httpserver, data)
    for _ in range(3):
        world.later(hours=6)
        report = world.run()
        assert report.status == "incomplete"
        assert state(world) == (ListHealth.QUARANTINED, False)
    assert in_use(world) == 20
    assert state(world, "beta") == (ListHealth.GOOD, True)
    (alarm,) = events(world, EventKind.LIST_QUARANTINED)
    assert alarm.severity is Severity.CRITICAL
    assert problem in alarm.text
    assert "stays in use" in alarm.text
    with world.store.reading() as work:
        (kept,) = work.quarantine.all()
        audit = [one.entry for one in work.audit.records()]
    (file,) = (world.folder / "quarantine/alpha").glob("*/*")
    assert file.read_bytes() == data
    assert kept.place == str(file.parent)
    assert problem in kept.reason
    assert sum(one.action == "list file put aside" for one in audit) == 1
    assert any(line.startswith("! alpha: put aside") for line in report_lines(report))


def test_a_good_file_ends_the_alarm(world: World, httpserver: HTTPServer) -> None:
    """The state is good again; what was put aside stays there for a person."""
    world.run()
    publish(httpserver, BAD["empty"][0])
    world.run()
    publish(httpserver, list_bytes("alpha", people(21), "2026-02-28"))
    report = world.run()
    assert report.status == "done"
    assert state(world)[0] is ListHealth.GOOD
    assert in_use(world) == 21
    with world.store.reading() as work:
        assert len(work.quarantine.all()) == 1


def test_a_failed_download_is_no_delisting(world: World, httpserver: HTTPServer) -> None:
    """Told once for each time that the list is lost; the version stays, and its last good look."""
    world.run()
    publish(httpserver, b"down", status=500)
    for _ in range(3):
        world.later(hours=4)
        report = world.run()
        assert state(world) == (ListHealth.UNREACHABLE, False)
    assert report.status == "incomplete"
    assert in_use(world) == 20
    assert len(events(world, EventKind.LIST_UNREACHABLE)) == 1
    publish(httpserver, list_bytes("alpha", people(20)))
    world.run()
    publish(httpserver, b"down", status=500)
    world.later(hours=4)
    world.run()
    assert len(events(world, EventKind.LIST_UNREACHABLE)) == 2


def test_a_list_that_stays_away_becomes_stale_once(world: World, httpserver: HTTPServer) -> None:
    """After the hours that its facts allow, and again only after it was there in between."""
    world.run()
    publish(httpserver, b"down", status=500)
    world.later(hours=24)
    assert world.run().stale == []
    world.later(hours=1)
    report = world.run()
    assert report.stale == ["alpha"]
    world.later(hours=6)
    world.run()
    (alarm,) = events(world, EventKind.LIST_STALE)
    assert alarm.severity is Severity.CRITICAL
    assert "25 hours" in alarm.title
    assert "24 hours are allowed" in alarm.text


def test_a_list_that_never_came_is_no_empty_list(world: World, httpserver: HTTPServer) -> None:
    """Nothing is loaded, and the report says that nothing is screened against it."""
    publish(httpserver, b"gone", status=404)
    report = world.run()
    assert world.store.current_version("alpha") is None
    (line,) = [line for line in report_lines(report) if line.startswith("! alpha")]
    assert "answered 404" in line
    assert "Nothing is screened against it" in line


def test_a_disk_without_room_for_the_file_is_told(world: World) -> None:
    """An error of the file system is no crash: the other list goes on."""

    def fetch(info: Any) -> list[Any]:
        if info.id == "alpha":
            raise OSError(28, "No space left on device")
        return world._fetch(info)

    world.parts["fetch"] = fetch
    report = world.run()
    assert "No space left" in report.lists[0]["message"]
    assert in_use(world, "beta") == 20


def test_not_modified_is_a_good_look(world: World, httpserver: HTTPServer) -> None:
    """Status 304 renews the state without a new version."""
    headers = {"ETag": '"v1"'}
    publish(httpserver, list_bytes("alpha", people(20)), headers=headers)
    world.run()
    httpserver.clear_all_handlers()
    httpserver.expect_request("/alpha.json").respond_with_response(Response(status=304))
    httpserver.expect_request("/beta.json").respond_with_data(list_bytes("beta", people(20)))
    world.later(hours=12)
    assert world.run().status == "done"
    assert state(world) == (ListHealth.GOOD, True)


def test_a_store_without_room_ends_the_run_and_the_next_one_goes_on(world: World) -> None:
    """What was kept stays, what was not is done anew; nothing is told twice."""
    world.run(lists=(world.registry.get("beta"),))
    room = {"max_pages": 0}

    def limit(connection: Any, _record: Any, _proxy: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {room['max_pages'] or pages}")

    event.listen(world.store._engine, "checkout", limit)
    world.later(hours=1)
    with pytest.raises(StoreError, match="no room left"):
        world.run()
    assert world.store.current_version("alpha") is None
    room["max_pages"] = 1 << 30
    report = world.run()
    assert report.status == "done"
    assert in_use(world) == 20
    assert [one.list_id for one in events(world)] == ["beta", "alpha"]
    with world.store.reading() as work:
        assert work.audit.verify() == []
        assert [one.status for one in work.journal.runs()] == ["done", "done"]


def test_a_disk_without_room_for_what_is_put_aside_ends_the_run(
    world: World, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a message, and with the good version in use; the next run puts the file aside."""
    world.run()
    publish(httpserver, BAD["empty"][0])

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("tumen.watch.put_aside.shutil.copyfile", full)
        with pytest.raises(RequestError, match="No space left on device"):
            world.run()
    assert in_use(world) == 20
    assert events(world, EventKind.LIST_QUARANTINED) == []
    world.run()
    assert len(events(world, EventKind.LIST_QUARANTINED)) == 1


def test_a_run_cut_off_long_ago_is_not_taken_up(world: World) -> None:
    """Its lists were fetched then: today's run fetches anew and finds what was left undone."""
    passed = []

    def cut(point: str) -> None:
        passed.append(point)
        if point == "diff: begins":
            raise KeyboardInterrupt

    world.checkpoint = cut
    with pytest.raises(KeyboardInterrupt):
        world.run()
    world.checkpoint = pass_by
    world.later(hours=2)
    report = world.run()
    assert [one["status"] for one in report.lists] == ["unchanged"] * 2
    assert len(report.changes) == 2
    with world.store.reading() as work:
        assert [one.status for one in work.journal.runs()] == ["done", "abandoned"]
