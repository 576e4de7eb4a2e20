"""Subscriptions over HTTP, their deliveries, and the feed that its token opens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from api_desk import Desk, opened
from invented import add_lists
from lxml import etree
from pytest_httpserver import HTTPServer

from tumen.lists.registry import Registry
from tumen.model.access import Role
from tumen.model.watching import Event, EventKind, Severity
from tumen.watch.notices.dispatch import dispatch

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service whose events this file alone makes."""
    home: Path = tmp_path_factory.mktemp("notices")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    with opened(home) as found:
        yield found


def event(number: int, **given: Any) -> Event:
    """Something that happened to a list."""
    usual: dict[str, Any] = {
        "event_id": f"event-{number}",
        "kind": EventKind.LIST_STALE,
        "severity": Severity.LOW,
        "occurred_at": NOW,
        "title": f"List {number} is stale",
        "text": "Nobody looked for a new version.",
        "list_id": "eu_fsf",
    }
    return Event(**{**usual, **given})


def test_a_feed_is_read_by_its_token_alone(own: Desk) -> None:
    """The address comes once; without the token there is nothing, and it ends with its end."""
    body = {"name": "Night desk", "channel": "atom", "lists": ["eu_fsf"]}
    made = own.ask("POST", "subscriptions", json=body)
    assert made.status_code == 201, made.text
    feed, subscription_id = made.json()["feed"], made.json()["subscription_id"]
    assert feed.startswith("/api/v1/feeds/")
    token = feed.rpartition("/")[2]
    assert token not in own.ask("GET", f"subscriptions/{subscription_id}").text
    assert token not in own.ask("GET", "subscriptions").text
    dispatch(own.store, [event(1), event(2, list_id="un_sc_sanctions")], NOW)

    answer = own.client.get(feed)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    document = etree.fromstring(answer.content)
    titles = [entry.findtext(f"{ATOM}title") for entry in document.findall(f"{ATOM}entry")]
    assert len(titles) == 1
    assert "low" in titles[0]
    assert own.client.get("/api/v1/feeds/guess").status_code == 404
    assert token not in own.ask("GET", "audit/records?limit=500", Role.AUDITOR).text

    assert own.ask("DELETE", f"subscriptions/{subscription_id}").status_code == 204
    assert own.ask("DELETE", f"subscriptions/{subscription_id}").status_code == 204
    assert own.client.get(feed).status_code == 404
    ended = own.get("subscriptions?include_ended=true")["items"]
    assert [one["ended_at"] is not None for one in ended] == [True]


def test_the_secret_of_a_webhook_comes_once(own: Desk) -> None:
    """It signs; whoever has it could sign as well."""
    body = {"name": "Core", "channel": "webhook", "target": "https://hooks.example/tumen"}
    made = own.ask("POST", "subscriptions", json=body)
    assert made.json()["secret"].startswith("whsec_")
    shown = own.get(f"subscriptions/{made.json()['subscription_id']}")
    assert "secret" not in shown
    assert shown["target"] == "https://hooks.example/tumen"


def test_deliveries_and_events_are_shown(own: Desk) -> None:
    """With their state; the newest first, page by page."""
    body = {"name": "Mail", "channel": "email", "target": "desk@bank.example"}
    subscription_id = own.ask("POST", "subscriptions", json=body).json()["subscription_id"]
    dispatch(own.store, [event(number) for number in range(10, 15)], NOW)
    deliveries = own.get(f"deliveries?subscription_id={subscription_id}&status=pending")["items"]
    (one,) = deliveries
    assert len(one["event_ids"]) == 5
    assert own.get(f"deliveries/{one['delivery_id']}")["event_ids"] == one["event_ids"]
    page = own.get("events?limit=2&list_id=eu_fsf")
    found = [item["event_id"] for item in page["items"]]
    while page["next"]:
        page = own.get(page["next"])
        found += [item["event_id"] for item in page["items"]]
    assert found[:5] == [f"event-{number}" for number in range(14, 9, -1)]
    assert len(found) == len(set(found))
    assert own.get("events?since=2999-01-01T00:00:00Z")["items"] == []
    assert own.ask("GET", "deliveries/none").status_code == 404
    assert own.ask("GET", "subscriptions/none").status_code == 404
    assert own.ask("DELETE", "subscriptions/none").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "channel": "email", "target": "nobody"},
        {"name": "x", "channel": "webhook", "target": "ftp://x"},
        {"name": "x", "channel": "atom", "schedule": "daily"},
        {"name": "", "channel": "atom"},
    ],
)
def test_terms_that_make_no_sense_are_refused(own: Desk, body: Any) -> None:
    """With the reason."""
    answer = own.ask("POST", "subscriptions", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"]


def test_the_watch_says_how_it_fares(own: Desk) -> None:
    """Runs, lists, books, and what waits; decisions on files that are not there are refused."""
    found = own.get("watch", Role.VIEWER)
    assert {one["list_id"] for one in found["lists"]} >= {"eu_fsf", "un_sc_sanctions"}
    assert own.get("watch/runs", Role.VIEWER)["items"] == []
    assert own.get("quarantine", Role.VIEWER)["items"] == []
    for verb in ("accept", "discard"):
        answer = own.ask("POST", f"quarantine/Q9/{verb}", json={"reason": "none there"})
        assert answer.status_code == 404


def test_a_file_that_was_put_aside_is_decided(own: Desk, tmp_path: Path) -> None:
    """Discarded with a reason that stands on record; what cannot be read whole is not accepted."""
    from tumen.watch.put_aside import bytes_hash

    (tmp_path / "torn.xml").write_bytes(b"<html>torn</html>")
    digest = bytes_hash([tmp_path / "torn.xml"])
    with own.store.writing() as work:
        found = work.quarantine.add("eu_fsf", NOW, digest, str(tmp_path), "It is torn")
    (shown,) = own.get("quarantine", Role.VIEWER)["items"]
    assert shown["reason"] == "It is torn"
    assert "place" not in shown
    answer = own.ask("POST", f"quarantine/{found}/accept", json={"reason": "I insist"})
    assert answer.status_code == 400, answer.text
    answer = own.ask("POST", f"quarantine/{found}/discard", json={"reason": "A torn page"})
    assert answer.status_code == 200
    assert "A torn page" in answer.json()["note"]
    assert own.get("quarantine")["items"] == []
    entries = own.get(f"audit/records?object={found}", Role.AUDITOR)["items"]
    assert "A torn page" in {one["reason"] for one in entries}


def test_a_run_of_the_watch_is_a_job(
    own: Desk, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists that cannot be had are said, the good ones stay; the run stands among the runs."""
    from tumen.lists.registry import published_lists
    from tumen.service import watch_runs

    httpserver.expect_request("/list.xml").respond_with_data("gone", status=404)
    info = published_lists().get("un_sc_sanctions")
    download = info.urls[0].model_copy(update={"url": httpserver.url_for("/list.xml")})
    near = info.model_copy(update={"urls": (download,)})
    registry = Registry({near.id: near}, lambda _: None)  # type: ignore[arg-type, return-value]
    monkeypatch.setattr(watch_runs, "published_lists", lambda: registry)

    before = own.get("lists/un_sc_sanctions")["version"]["version_id"]
    answer = own.ask("POST", "watch/runs", json={"lists": ["un_sc_sanctions"]})
    assert answer.status_code == 202, answer.text
    job = own.wait(answer.json()["job_id"])
    assert job["status"] == "done", job["problem"]
    assert job["result"]["status"] == "incomplete"
    found = own.get("lists/un_sc_sanctions")
    assert found["version"]["version_id"] == before
    assert found["state"]["health"] == "unreachable"
    assert own.get("watch/runs")["items"][0]["run_id"] == job["result"]["run_id"]
    quill = {"schema": "Person", "properties": {"name": "Quill Feathersby"}}
    screened = own.ask("POST", "screen", Role.ANALYST, json={"subject": quill}).json()
    for notes in (screened["warnings"], own.get("status")["notes"]):
        assert any("could not be reached" in note for note in notes)
    assert own.ask("POST", "watch/runs", json={"lists": ["us_made_up"]}).status_code == 404
