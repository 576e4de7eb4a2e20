"""A write that is repeated under one key is done once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from api_desk import Desk, opened
from invented import add_lists

from tumen.model.access import Role
from tumen.store import Store

BODY = {"subject": {"schema": "Person", "properties": {"name": "Quill Feathersby"}}}


def keyed(key: str) -> dict[str, str]:
    """The header."""
    return {"Idempotency-Key": key}


def test_the_second_answer_is_the_first(desk: Desk) -> None:
    """To the byte, and nothing new was made."""
    first = desk.ask("POST", "screen", json=BODY, headers=keyed("once"))
    second = desk.ask("POST", "screen", json=BODY, headers=keyed("once"))
    assert second.status_code == first.status_code == 200
    assert second.content == first.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    third = desk.ask("POST", "screen", json=BODY)
    assert third.json()["screening_id"] != first.json()["screening_id"]


def test_another_request_under_the_key_is_refused(desk: Desk) -> None:
    """Another body, or another address."""
    desk.ask("POST", "screen", json=BODY, headers=keyed("mine"))
    other = {**BODY, "threshold": 0.5}
    for path, body in (("screen", other), ("screen?x=1", BODY), ("screen/many", BODY)):
        answer = desk.ask("POST", path, json=body, headers=keyed("mine"))
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:tumen:problem:idempotency-key-reused"


def test_a_key_is_its_owners(desk: Desk) -> None:
    """Another caller's key of the same text is another key."""
    first = desk.ask("POST", "screen", Role.ANALYST, json=BODY, headers=keyed("shared"))
    other = desk.ask("POST", "screen", Role.APPROVER, json=BODY, headers=keyed("shared"))
    assert other.json()["screening_id"] != first.json()["screening_id"]


def test_who_may_not_is_told_nothing(desk: Desk) -> None:
    """The answer kept for one is not given to a role that may not ask."""
    body = {"name": "x", "role": "viewer"}
    answer = desk.ask("POST", "keys", Role.VIEWER, json=body, headers=keyed("viewer"))
    assert answer.status_code == 403


def test_a_refusal_is_not_kept(desk: Desk) -> None:
    """Whoever mends the cause may try again under the same key."""
    path = "books/idem/versions"
    files = {"file": ("a.csv", b"")}
    refused = desk.ask("POST", path, files=files, headers=keyed("retry"))
    assert refused.status_code == 422
    good = {"file": ("a.csv", b"id,name\n1,Anna Invented\n")}
    assert desk.ask("POST", path, files=good, headers=keyed("retry")).status_code == 201


def test_a_form_is_the_same_whatever_parts_it(desk: Desk) -> None:
    """A client draws a new boundary each time; the files are what counts."""
    path, files = "books/forms/versions", {"file": ("a.csv", b"id,name\n1,Anna Invented\n")}
    first = desk.ask("POST", path, files=files, headers=keyed("form"))
    second = desk.ask("POST", path, files=files, headers=keyed("form"))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Location"] == first.headers["Location"]
    other = {"file": ("a.csv", b"id,name\n1,Anna Other\n")}
    assert desk.ask("POST", path, files=other, headers=keyed("form")).status_code == 422


def test_no_secret_is_kept(desk: Desk, closed_home: Path) -> None:
    """The text of a key comes once, also to whoever repeats the request."""
    body = {"name": "repeated", "role": "viewer"}
    first = desk.ask("POST", "keys", json=body, headers=keyed("secret"))
    second = desk.ask("POST", "keys", json=body, headers=keyed("secret"))
    text = first.json()["key"]
    assert text.startswith("tmn_")
    assert second.status_code == 201
    assert second.json() == {**first.json(), "key": None}
    files = [path.read_bytes() for path in closed_home.glob("tumen.db*")]
    assert not any(text.rpartition("_")[2].encode() in content for content in files)


def test_two_at_once_do_it_once(desk: Desk) -> None:
    """One is answered; the other is told to try again, and then gets the same answer."""
    answers: list[Any] = []

    def ask() -> None:
        answers.append(desk.ask("POST", "screen", json=BODY, headers=keyed("race")))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    good = {answer.content for answer in answers if answer.status_code == 200}
    assert len(good) == 1
    assert {answer.status_code for answer in answers} <= {200, 409}


def test_a_request_under_way_elsewhere_holds_the_key(desk: Desk) -> None:
    """Another worker's lock in the store is respected, and is given back after a fault."""
    from hashlib import sha256

    from tumen.service.routes.v1.needs import now_utc

    store: Store = desk.store
    caller = desk.get("me")["actor"]
    lock = f"idempotency {sha256(f'{caller} held'.encode()).hexdigest()}"
    with store.writing() as work:
        assert work.locks.acquire(lock, "another worker", now_utc(), 60) is None
    answer = desk.ask("POST", "screen", json=BODY, headers=keyed("held"))
    assert answer.status_code == 409
    assert answer.headers["Retry-After"] == "1"
    with store.writing() as work:
        work.locks.release(lock, "another worker")
    wrong = desk.ask("POST", "screen", json={}, headers=keyed("held"))
    assert wrong.status_code == 422
    assert desk.ask("POST", "screen", json=BODY, headers=keyed("held")).status_code == 200


def test_a_key_of_no_use_is_refused(desk: Desk) -> None:
    """Too long, or empty."""
    for key in ("x" * 201, ""):
        answer = desk.ask("POST", "screen", json=BODY, headers=keyed(key))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["place"] == "header.Idempotency-Key"


def test_old_answers_are_dropped_when_a_service_starts(tmp_path: Path) -> None:
    """What is older than a month; what is younger stays."""
    from datetime import timedelta

    from tumen.service.api import KEPT_FOR
    from tumen.service.routes.v1.needs import now_utc

    add_lists(f"sqlite:///{tmp_path / 'tumen.db'}")
    with Store.open(f"sqlite:///{tmp_path / 'tumen.db'}") as store, store.writing() as work:
        for key, age in (("old", KEPT_FOR + timedelta(hours=1)), ("young", timedelta(days=29))):
            work.idempotency.put(key, "key:a", "0" * 64, 200, "{}", now_utc() - age)
    with opened(tmp_path) as own, own.store.reading() as work:
        assert work.idempotency.find("old", "key:a") is None
        assert work.idempotency.find("young", "key:a") is not None
