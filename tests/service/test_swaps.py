"""Swaps of the index under load: no request fails, none sees parts of two generations."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from invented import PRIMO, add_lists, entry, version
from running import TOKEN, listening, settings_for

from tumen.config import ServiceSettings
from tumen.errors import ListsMissingError
from tumen.model.listing import Link
from tumen.screening.basis import put_in_force
from tumen.service.app import create_app
from tumen.service.engine import Engine, build
from tumen.service.refresh import Refresher, build_current, generations_folder
from tumen.service.sources.lists import plan_of_store
from tumen.store import Store

START = datetime(2026, 2, 1, tzinfo=UTC)
CLIENTS, SWAPS = 4, 5
# In every version one company belongs to that version's person.
COMPANY = f"{PRIMO}:2"


def put_version(settings: ServiceSettings, number: int) -> None:
    """A version of a list whose person has the version's number in name and id."""
    person = f"{PRIMO}:p{number}"
    entries = (
        entry(person, "Person", links=[Link("Ownership", COMPANY)], name=f"{NAMES[number]} Quill"),
        entry(COMPANY, "Company", name="Feathersby Maritime Trading Company"),
    )
    with Store.open(settings.base.store_url) as store:
        made = version(PRIMO, entries, f"{number}", START + timedelta(hours=number))
        store.add_version(made, entries)


NAMES = ("Anselm", "Bertrand", "Casimir", "Dagobert", "Eleazar", "Florimond")


class Hammer:
    """Asks again and again from several threads, and keeps what did not fit."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._done = threading.Event()
        self.faults: list[str] = []
        self.answers = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Ask while the block runs."""
        threads = [threading.Thread(target=self._ask) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._done.set()
            for thread in threads:
                thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self._address, timeout=30) as client:
            while not self._done.is_set():
                for question in (one_version_in_a_batch, one_version_in_a_nesting):
                    if fault := question(client):
                        self.faults.append(fault)
                    self.answers += 1


def one_version_in_a_batch(client: httpx.Client) -> str:
    """Of the persons of all versions exactly one is found in a batch."""
    queries = {
        name: {"schema": "Person", "properties": {"name": [f"{name} Quill"]}} for name in NAMES
    }
    response = client.post("/match/default", json={"queries": queries})
    if response.status_code != 200:
        return f"match: {response.status_code} {response.text}"
    found = [
        one["id"] for answer in response.json()["responses"].values() for one in answer["results"]
    ]
    return "" if len(found) == 1 else f"match: {found}"


def one_version_in_a_nesting(client: httpx.Client) -> str:
    """The company has one owner, who is nested whole."""
    response = client.get(f"/entities/{COMPANY}")
    if response.status_code != 200:
        return f"entity: {response.status_code} {response.text}"
    owners = [
        owner
        for ownership in response.json()["properties"].get("ownershipAsset", [])
        for owner in ownership["properties"]["owner"]
    ]
    whole = len(owners) == 1 and isinstance(owners[0], dict)
    return "" if whole else f"entity: {owners}"


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Return once it holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def has_swapped(address: str, number: int) -> bool:
    """Whether the version of this number is the one that is searched."""
    return f"{PRIMO}:p{number}" in httpx.get(f"{address}/search/default?q=quill").text


def is_ready(address: str) -> bool:
    """Whether a service answers and is ready."""
    try:
        return httpx.get(f"{address}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_no_request_fails_or_sees_a_mixture(tmp_path: Path) -> None:
    """While versions are loaded and found by watching, and while an update is forced."""
    settings = settings_for(tmp_path, watch_seconds=0.1)
    put_version(settings, 0)
    with listening(create_app(settings)) as address:
        wait_for(lambda: is_ready(address))
        hammer = Hammer(address)
        seen = set()
        with hammer.running():
            for number in range(1, SWAPS + 1):
                put_version(settings, number)
                wait_for(
                    lambda n=number: (
                        f"{PRIMO}:p{n}" in httpx.get(f"{address}/search/default?q=quill").text
                    )
                )
                seen.add(httpx.get(f"{address}/catalog").json()["generation"])
            assert httpx.post(f"{address}/updatez?token={TOKEN}&sync=1").status_code == 200
    assert hammer.faults == []
    assert len(seen) == SWAPS
    assert hammer.answers > 20


# --- generations on disk ---


def test_old_generations_go_and_the_one_before_stays(tmp_path: Path) -> None:
    """Disk is not filled by changes; who has not swapped yet can still open its files."""
    settings = settings_for(tmp_path)
    for number in range(4):
        put_version(settings, number)
        build_current(settings, START)
    folders = [one for one in generations_folder(settings).iterdir() if one.is_dir()]
    assert len(folders) == 2


def test_nothing_new_is_not_built_again(tmp_path: Path) -> None:
    """Unless it is forced."""
    settings = settings_for(tmp_path)
    put_version(settings, 0)
    assert build_current(settings, START) is True
    assert build_current(settings, START) is False
    assert build_current(settings, START, is_forced=True) is True


def test_word_statistics_counted_anew_are_taken_up(tmp_path: Path) -> None:
    """The service scores as the command line does, also where no list has changed."""
    settings = settings_for(tmp_path)
    put_version(settings, 0)
    put_version(settings, 1)

    async def refreshed_twice() -> tuple[str, str, str]:
        refresher = Refresher(settings)
        await refresher.refresh()
        first = refresher.engine.current()
        with Store.open(settings.base.store_url) as store:
            counted = replace(first.snapshot.basis, names=first.snapshot.basis.names + 1)
            put_in_force(store, counted, START)
        await refresher.refresh()
        second = refresher.engine.current()
        await refresher.refresh()
        assert refresher.engine.current().generation_id == second.generation_id
        refresher.engine.close()
        hashes = (first.snapshot.basis_hash, second.snapshot.basis_hash)
        return *hashes, counted.basis_hash

    before, after, counted = asyncio.run(refreshed_twice())
    assert before != after == counted


def test_a_build_that_dies_leaves_the_current_one(tmp_path: Path) -> None:
    """What was half written is thrown away by the next build."""
    settings = settings_for(tmp_path)
    folder = generations_folder(settings)
    put_version(settings, 0)
    build_current(settings, START)
    engine = Engine(folder)
    engine.adopt()
    put_version(settings, 1)

    class Died(Exception):
        pass

    def broken() -> Iterator[Any]:
        raise Died
        yield

    with Store.open(settings.base.store_url) as store:
        plan = plan_of_store(store)
        assert plan is not None
        with pytest.raises(Died):
            build(folder, lambda: replace(plan, records=broken()), START)
    assert engine.adopt() is False
    assert engine.current().entity(f"{PRIMO}:p0") is not None
    build_current(settings, START)
    assert engine.adopt() is True
    assert engine.current().entity(f"{PRIMO}:p1") is not None
    assert not list(folder.glob("*.new"))


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.3, 0.6])
def test_a_build_that_is_killed_loses_nothing(tmp_path: Path, delay: float) -> None:
    """Wherever it is killed: the old generation is served, and the next build is whole."""
    settings = settings_for(tmp_path)
    put_version(settings, 0)
    build_current(settings, START)
    put_version(settings, 1)
    process = multiprocessing.get_context("fork").Process(
        target=build_current, args=(settings, START)
    )
    process.start()
    time.sleep(delay)
    process.kill()
    process.join()
    engine = Engine(generations_folder(settings))
    assert engine.adopt() is True
    scopes = engine.current()
    assert (scopes.entity(f"{PRIMO}:p0") is None) != (scopes.entity(f"{PRIMO}:p1") is None)
    build_current(settings, START)
    engine.adopt()
    assert engine.current().entity(f"{PRIMO}:p1") is not None


def test_a_damaged_generation_is_an_error_and_not_an_empty_answer(tmp_path: Path) -> None:
    """It is said, and not served."""
    settings = settings_for(tmp_path)
    put_version(settings, 0)
    build_current(settings, START)
    folder = generations_folder(settings)
    next(folder.glob("*/catalog.json")).unlink()
    with pytest.raises(ListsMissingError):
        Engine(folder).adopt()


# --- workers ---


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`tumen serve` with two workers over the invented lists: its address and process."""
    add_lists(settings_for(tmp_path).base.store_url)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("tumen"), "serve", "--port", str(port)]
    environment = {**os.environ, "TUMEN_HOME": str(tmp_path), "TUMEN_WATCH_SECONDS": "0.2"}
    process = subprocess.Popen(
        [*command, "--workers", "2"], env=environment, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: is_ready(address), 120)
        yield address, process
    finally:
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(child) for child in text.split()]


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="This system has no /proc")
def test_workers_answer_are_replaced_and_stop(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    """A worker that is killed is followed by another; what they count is told as one."""
    address, process = served
    before = children(process.pid)
    assert len(before) == 2
    for _ in range(20):
        assert httpx.get(f"{address}/search/default?q=quill").json()["total"]["value"] == 3
    time.sleep(2.5)  # One that dies sooner after its start is taken for one that cannot start.
    os.kill(before[0], signal.SIGKILL)
    wait_for(lambda: len(set(children(process.pid)) - {before[0]}) == 2)
    wait_for(lambda: is_ready(address))
    text = httpx.get(f"{address}/metrics").text
    counted = [line for line in text.splitlines() if '/search/{dataset}",status="200"' in line]
    assert float(counted[0].split()[-1]) >= 20
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
