"""A run that is killed at any of its points loses nothing and repeats nothing.

The run of one night is made undisturbed, and once for each of its points: killed there with
SIGKILL, and taken up by the next run. In the end the stores say the same, and the receiver of
the notices has got the same.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pytest_httpserver import HTTPServer
from small_world import START, World, list_bytes, people, registry_of
from sqlalchemy import URL
from werkzeug import Request, Response

from databases import postgres_url
from tumen.matching.snapshot import Snapshot
from tumen.model.watching import Channel, HitState, Subscription, Suppression
from tumen.store import Store
from tumen.store.backup import restore
from tumen.watch.notices.webhook import new_secret

NIGHT = START + timedelta(days=1)
BOOK = {
    "C-1": ("Ludmila Novice Karpova", "1971-01-01"),
    "C-2": ("Anselm Quandorvik", "1940-03-01"),
    "C-3": ("Birgitta Bellaxoni", "1941-03-02"),
    "C-4": ("", ""),
}
# What the list server gives in the evening and at night: a good version, a bad one, none.
EVENING = {name: list_bytes(name, people(20)) for name in ("alpha", "beta", "gamma")}
ALPHA_AT_NIGHT = {
    **{key: value for key, value in people(20).items() if key != "p0"},
    "p1": ("Birgitta Bellaxoni", "1941-03-03"),
    "new": BOOK["C-1"],
}
AT_NIGHT = {
    "alpha": list_bytes("alpha", ALPHA_AT_NIGHT, "2026-02-28"),
    "beta": list_bytes("beta", people(5), "2026-02-28"),
}


class Place(NamedTuple):
    """Where a run works: its folder, and the URL of its store."""

    folder: str
    url: str

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder)


class Outside:
    """The list server and the receiver of the notices."""

    def __init__(self, server: HTTPServer) -> None:
        self.published: dict[str, bytes] = dict(EVENING)
        self.received: list[tuple[str, bytes]] = []
        self._lock = threading.Lock()
        self.hook = server.url_for("/hook")
        self.addresses = {name: server.url_for(f"/lists/{name}.json") for name in EVENING}
        server.expect_request("/hook", method="POST").respond_with_handler(self._receive)
        for name in EVENING:
            server.expect_request(f"/lists/{name}.json").respond_with_handler(self._publish)

    def _publish(self, request: Request) -> Response:
        data = self.published.get(request.path.rpartition("/")[2].removesuffix(".json"))
        return Response(data) if data is not None else Response("down", status=500)

    def _receive(self, request: Request) -> Response:
        with self._lock:
            self.received.append((request.headers["webhook-id"], request.get_data()))
        return Response("thanks")

    def taken(self) -> list[tuple[str, bytes]]:
        """What was received since this was asked last."""
        with self._lock:
            taken, self.received = self.received, []
        return taken


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    """One server for all runs."""
    with HTTPServer(threaded=True) as server:
        yield Outside(server)


class Nursery:
    """Has runs made in processes of their own."""

    def __init__(self, child: subprocess.Popen[str], addresses: dict[str, str]) -> None:
        self._child, self._addresses = child, addresses

    def run(self, place: Place, kill_at: int | None = None, **order: bool) -> dict[str, int]:
        """One run in a place, killed at a point if one is given; how it ended."""
        whole = {
            **place._asdict(), "kill_at": kill_at, "now": NIGHT.isoformat(),
            "addresses": self._addresses, "drop": False, "notes": False, **order,
        }  # fmt: skip
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(whole) + "\n")
        self._child.stdin.flush()
        said: dict[str, int] = json.loads(self._child.stdout.readline())
        return said


@pytest.fixture(scope="module")
def nursery(outside: Outside) -> Iterator[Nursery]:
    """One process from which all runs are forked."""
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("nursery.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        yield Nursery(child, outside.addresses)
        assert child.stdin is not None
        child.stdin.close()


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory, outside: Outside) -> Path:
    """The state before the night: lists loaded, the book screened, one pair suppressed."""
    folder = tmp_path_factory.mktemp("evening")
    with Store.open(f"sqlite:///{folder}/tumen.db") as store:
        world = World(folder, store, registry_of(outside.addresses))
        world.add_book(BOOK)
        world.run()
        world.later(hours=1)
        _suppress(world, "C-3", "alpha:p1")
        subscription = Subscription(
            "S-1", "desk", Channel.WEBHOOK, outside.hook, world.now, secret=new_secret()
        )
        with store.writing() as work:
            work.subscriptions.add(subscription)
    (folder / "drop").mkdir()
    outside.published = dict(AT_NIGHT)
    return folder


def _suppress(world: World, party_id: str, entity_id: str) -> None:
    with world.store.writing() as work:
        (hit,) = work.hits.standing("customers", party_ids=[party_id], entity_ids=[entity_id])
        decided = Suppression(
            "SUP-1", "customers", party_id, entity_id, hit.party_hash, hit.entry_hash,
            "Another person", "officer", world.now,
        )  # fmt: skip
        work.suppressions.add(decided)
        muted = type(hit)(**{**_slots(hit), "state": HitState.SUPPRESSED})
        work.hits.replace([hit], [muted], world.now)


def _slots(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def truth(place: Place) -> dict[str, Any]:
    """All that a store says in the end, but for the names of runs and the minutes of sending."""
    folder = place.path
    with Store.open(place.url) as store, store.reading() as work:
        assert work.audit.verify() == []
        assert work.locks.held(NIGHT) == {}
        assert work.journal.open_run() is None
        events = work.outbox.events(limit=10_000)
        pairs = {(one.party_id, one.hit.entity_id) for one in work.hits.standing("customers")}
        found = {
            "versions": [one.version_id for one in store.current_versions()],
            "deltas": [delta.to_dict() for _, delta in work.deltas.find()],
            "states": [asdict(one) for one in work.list_states.all()],
            "quarantine": [(one.list_id, one.content_hash) for one in work.quarantine.all()],
            "hits": [
                [asdict(one) for one in work.hits.history("customers", *pair)]
                for pair in sorted(pairs)
            ],
            "suppressions": [asdict(one) for one in work.suppressions.all("customers")],
            "screenings": [asdict(one) for one in work.screenings.find()],
            "events": sorted(
                (
                    one.event_id,
                    one.kind,
                    one.party_id,
                    one.entity_id,
                    one.list_id,
                    one.text.replace(str(folder), ""),
                )
                for one in events
            ),
            "told": Counter(
                one for delivery in work.outbox.deliveries(limit=1000) for one in delivery.event_ids
            ),
            "undelivered": [
                one.delivery_id
                for one in work.outbox.deliveries(limit=1000)
                if one.status != "delivered"
            ],
            "audit": sorted(
                (one.entry.action, one.entry.object)
                for one in work.audit.records(limit=1000)
                if one.entry.action != "watch run finished"
            ),
            "runs": [(one.status, _without_sent(one.tally)) for one in work.journal.runs()[-2:]],
        }
    snapshot = Snapshot.open(folder / "snapshot")
    found["index"] = sorted(one["version_id"] for one in snapshot.meta["versions"])
    for name in ("quarantine", "drop"):
        found[name + " folder"] = sorted(
            (str(path.relative_to(folder)), path.read_bytes())
            for path in (folder / name).rglob("*")
            if path.is_file()
        )
    return found


def _without_sent(tally: Mapping[str, Any]) -> dict[str, Any]:
    """The tally without what was sent: the part of a run that was killed cannot count that."""
    sent = ("delivered", "to_try_again", "given_up", "waiting")
    return {name: count for name, count in tally.items() if name not in sent}


def chosen(points: Sequence[str], *, has_drop: bool) -> list[tuple[int, str]]:
    """The first passing of each point; with TUMEN_EVERY_POINT=1 every passing of every one.

    Beside loading, a run over a drop folder passes the same points as one that fetches.
    """
    if os.environ.get("TUMEN_EVERY_POINT"):
        return list(enumerate(points))
    wanted = {point for point in points if not has_drop or point.startswith("ingest")}
    return sorted((points.index(point), point) for point in wanted)


def copy_of(evening: Path, folder: Path) -> Place:
    """The evening's state in another folder."""
    shutil.copytree(evening, folder)
    return Place(str(folder), f"sqlite:///{folder}/tumen.db")


def lay_down(folder: Path) -> None:
    """Files in the drop folder: a good version, a bad one, and a letter."""
    (folder / "drop/alpha.json").write_bytes(AT_NIGHT["alpha"])
    (folder / "drop/beta.json").write_bytes(AT_NIGHT["beta"])
    (folder / "drop/letter.txt").write_bytes(b"Dear colleague")


def told_events(received: list[tuple[str, bytes]]) -> set[str]:
    """The ids of all events that the receiver has heard of."""
    return {
        event["event_id"] for _, body in received for event in json.loads(body)["data"]["events"]
    }


def is_same_night(expected: Mapping[str, Any], found: Mapping[str, Any], where: str) -> None:
    """Whether nothing is lost and nothing repeated."""
    for name, value in expected.items():
        assert found[name] == value, (where, name)


def check_received(received: list[tuple[str, bytes]], heard: set[str], point: str) -> None:
    """Everything was heard of, and once: what died between sending and noting keeps its id."""
    assert told_events(received) == heard, point
    again = [count for count in Counter(one for one, _ in received).values() if count > 1]
    assert len(again) <= (point in ("notice: sent", "commit: before")), point


@pytest.mark.parametrize("has_drop", [False, True], ids=["fetched", "dropped"])
def test_a_run_killed_at_any_point_is_taken_up(
    evening: Path, nursery: Nursery, outside: Outside, tmp_path: Path, has_drop: bool
) -> None:
    """Hits, events, notices, files and audit log are those of an undisturbed night."""
    whole = copy_of(evening, tmp_path / "whole")
    if has_drop:
        lay_down(whole.path)
    assert nursery.run(whole, notes=True, drop=has_drop) == {"exit": 0}
    expected, heard = truth(whole), told_events(outside.taken())
    points: list[str] = json.loads((whole.path / "points.json").read_text())
    assert len(set(points)) >= 20
    assert {one[1] for one in expected["events"]} >= {
        "new hit", "proposed release", "suppression lapsed", "not screened", "list quarantined",
    }  # fmt: skip
    assert set(expected["told"].values()) == {1}
    for number, point in chosen(points, has_drop=has_drop):
        cut = copy_of(evening, tmp_path / "cut")
        if has_drop:
            lay_down(cut.path)
        where = f"killed at point {number}, {point}"
        assert nursery.run(cut, number, drop=has_drop) == {"signal": 9}, where
        assert nursery.run(cut, drop=has_drop) == {"exit": 0}, where
        is_same_night(expected, truth(cut), where)
        check_received(outside.taken(), heard, point)
        shutil.rmtree(cut.path)


# One in each kind of work: loading, a step's findings, before and after a commit, sending.
ON_POSTGRESQL = ("ingest: half stored", "diff: written", "rescreen: written", "rescreen: kept",
                 "notice: sent")  # fmt: skip


def test_a_killed_run_is_taken_up_on_postgresql(
    evening: Path, nursery: Nursery, outside: Outside, tmp_path: Path, postgres: URL
) -> None:
    """The server ends the transaction of a client that is gone, and the night is the same."""
    backup = tmp_path / "evening.backup"
    with Store.open(f"sqlite:///{evening}/tumen.db") as store:
        store.back_up(backup, NIGHT)

    @contextmanager
    def place(name: str) -> Iterator[Place]:
        with postgres_url(postgres) as url:
            restore(url, backup, NIGHT)
            yield Place(copy_of(evening, tmp_path / name).folder, url)

    with place("whole") as whole:
        assert nursery.run(whole, notes=True) == {"exit": 0}
        expected, heard = truth(whole), told_events(outside.taken())
        points: list[str] = json.loads((whole.path / "points.json").read_text())
    for point in ON_POSTGRESQL:
        with place(point.replace(": ", "_")) as cut:
            assert nursery.run(cut, points.index(point)) == {"signal": 9}, point
            assert nursery.run(cut) == {"exit": 0}, point
            is_same_night(expected, truth(cut), point)
            check_received(outside.taken(), heard, point)
