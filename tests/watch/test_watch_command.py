"""`tumen watch` as a person and as a program use it, with invented lists behind a local server."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer
from small_world import World, list_bytes, people, registry_of

from tumen.cli.main import main
from tumen.lists.registry import Registry
from tumen.store import Store
from tumen.watch.lock import TTL_SECONDS

BOOK = "id,name,date of birth\nC-1,Anselm Quandorvik,1940-03-01\nC-2,Nobody Whatsoever,1990-01-01\n"


class Shell:
    """Runs commands over one home folder."""

    def __init__(self, home: Path) -> None:
        self.home, self.url = home, f"sqlite:///{home}/tumen.db"
        self.env = {
            "TUMEN_HOME": str(home), "TUMEN_STORE": "", "TUMEN_POLICY": "", "TUMEN_SMTP_URL": "",
        }  # fmt: skip

    def __call__(self, *words: object) -> Result:
        """Run `tumen` with these words."""
        return CliRunner().invoke(main, [*map(str, words)], env=self.env)

    def json(self, *words: object) -> Any:
        """What a command prints as JSON."""
        return json.loads(self(*words, "--json").stdout)

    def add_book(self) -> None:
        """Store a book with one listed party."""
        with Store.open(self.url) as store:
            world = World(self.home, store, registry_of({}), datetime.now(UTC))
            world.add_book({"C-1": ("Anselm Quandorvik", "1940-03-01")})


@pytest.fixture
def shell(tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A fresh home, and the invented lists as the only ones; alpha and beta are published."""
    for name in ("alpha", "beta"):
        httpserver.expect_request(f"/{name}.json").respond_with_data(list_bytes(name, people(20)))
    registry = registry_of(
        {name: httpserver.url_for(f"/{name}.json") for name in ("alpha", "beta")}
    )
    use(monkeypatch, registry)
    return Shell(tmp_path / "home")


def use(monkeypatch: pytest.MonkeyPatch, registry: Registry) -> None:
    """Let the commands know these lists alone."""
    # The importing module first: it would else keep what it finds here for good.
    for module in ("tumen.cli.watch_run", "tumen.lists.registry"):
        monkeypatch.setattr(f"{module}.published_lists", lambda: registry)


def break_alpha(server: HTTPServer, data: bytes = b"", status: int = 404) -> None:
    """From now on alpha cannot be had, or not like this."""
    server.clear_all_handlers()
    server.expect_request("/alpha.json").respond_with_data(data, status=status)
    server.expect_request("/beta.json").respond_with_data(list_bytes("beta", people(20)))


def test_a_run_says_first_whom_it_touches(shell: Shell) -> None:
    """Steps on standard error, the report on standard output, exit code 0."""
    shell.add_book()
    result = shell("watch", "run")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("! Newly hit: 2\n    Anselm Quandorvik [C-1] in customers")
    assert "alpha: first version, 20 entries" in result.stdout
    assert "alpha: fetching" in result.stderr
    assert "Nobody is touched (1 party in 1 book)" in shell("watch", "run").stdout


def test_a_run_as_json(shell: Shell) -> None:
    """Programs get all that a person sees; a named list is fetched alone."""
    shell.add_book()
    found = shell.json("watch", "run", "beta")
    assert found["status"] == "done"
    assert found["tally"]["new_hits"] == 1
    assert [one["list_id"] for one in found["lists"]] == ["beta"]
    assert found["books"][0]["told"]["new_hits"][0]["party_id"] == "C-1"


def test_a_list_that_cannot_be_had_makes_the_exit_code_1(
    shell: Shell, httpserver: HTTPServer
) -> None:
    """And the report and the status say so."""
    shell("watch", "run")
    break_alpha(httpserver)
    result = shell("watch", "run")
    assert result.exit_code == 1
    assert "! alpha: could not be renewed" in result.stdout
    result = shell("watch", "status")
    assert result.exit_code == 1
    assert "unreachable" in result.stdout
    assert "answered 404" in result.stdout
    assert "Last run:" in result.stdout


def test_every_answer_says_that_a_list_could_not_be_renewed(
    shell: Shell, httpserver: HTTPServer, tmp_path: Path
) -> None:
    """The table, CSV, JSON lines and Parquet, in each row; and the lists as shown."""
    shell("watch", "run")
    book = tmp_path / "book.csv"
    book.write_text(BOOK)
    assert "could not be reached" not in shell("screen", book).output
    break_alpha(httpserver)
    shell("watch", "run")
    words = "alpha: its publisher could not be reached"
    assert shell("screen", book).stdout.count(words) == 2  # At its head and at its end.
    for name in ("out.csv", "out.jsonl", "out.parquet"):
        assert shell("screen", book, "--out", tmp_path / name, "--all").exit_code == 0
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert len(rows) == 3
    assert all(words in row["warnings"] for row in rows)
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    assert all(words in " ".join(json.loads(line)["warnings"]) for line in lines)
    assert all(
        words in text for text in pq.read_table(tmp_path / "out.parquet")["warnings"].to_pylist()
    )
    shown = {one["list_id"]: one for one in shell.json("lists", "show")["lists"]}
    assert shown["alpha"]["state"] == "unreachable"
    assert "answered 404" in shown["alpha"]["state_message"]
    assert shown["beta"]["state"] == "good"
    assert "unreachable" in shell("lists", "show").stdout
    assert words in shell("show", "alpha:p1").stdout
    assert words in shell.json("show", "alpha:p1")["notes"][0]
    assert words not in shell("show", "beta:p1").stdout
    assert shell("book", "import", book, "--book", "own").exit_code == 0
    assert words in shell("book", "screen", "own").output
    assert words in shell("hits", "own").stdout
    assert words in shell.json("hits", "own")["notes"][0]


def test_a_fetch_by_hand_ends_the_warning(shell: Shell, httpserver: HTTPServer) -> None:
    """Its publisher was seen, whoever looked."""
    shell("watch", "run")
    break_alpha(httpserver)
    shell("watch", "run")
    httpserver.clear_all_handlers()
    for name in ("alpha", "beta"):
        httpserver.expect_request(f"/{name}.json").respond_with_data(list_bytes(name, people(20)))
    assert shell("lists", "fetch").exit_code == 0
    assert {one["state"] for one in shell.json("lists", "show")["lists"]} == {"good"}


def test_a_watch_that_stopped_is_said_by_the_answers(shell: Shell, tmp_path: Path) -> None:
    """Nobody raises an alarm for it, so each result has to."""
    shell("watch", "run")
    with Store.open(shell.url) as store, store.writing() as work:
        for state in work.list_states.all():
            old = state.checked_at - timedelta(hours=25)
            work.list_states.set(type(state)(state.list_id, state.health, old, old))
    book = tmp_path / "book.csv"
    book.write_text(BOOK)
    assert "nobody looked for a new version, and 24 hours" in shell("screen", book).stdout
    assert "good, stale" in shell("lists", "show").stdout
    assert "good, stale" in shell("watch", "status").stdout


def test_what_was_put_aside_can_be_accepted(shell: Shell, httpserver: HTTPServer) -> None:
    """Who and why stand in the audit log; the next run tells what changed."""
    shell("watch", "run")
    break_alpha(httpserver, list_bytes("alpha", people(9), "2026-02-28"), 200)
    assert shell("watch", "run").exit_code == 1
    (kept,) = shell.json("watch", "quarantine", "list")["quarantine"]
    listed = shell("watch", "quarantine", "list").stdout
    assert kept["quarantine_id"] in listed
    assert "11 of 20 entries" in listed
    refused = shell("watch", "quarantine", "accept", kept["quarantine_id"], "--why", " ")
    assert refused.exit_code == 2
    words = ("--why", "The authority delisted eleven", "--by", "officer")
    result = shell("watch", "quarantine", "accept", kept["quarantine_id"], *words)
    assert result.exit_code == 0, result.output
    report = shell.json("watch", "run")
    assert report["status"] == "done"
    assert report["changes"][0]["line"] == "11 removed"
    with Store.open(shell.url) as store, store.reading() as work:
        (entry,) = [
            one.entry for one in work.audit.records() if one.entry.action == "quarantine accepted"
        ]
        version = store.current_version("alpha")
    assert (entry.actor, entry.reason) == ("officer", "The authority delisted eleven")
    assert version is not None
    assert version.entries == 9
    assert any("Accepted with --accept-shrunken" in one.message for one in version.checks)
    assert "Nothing was put aside" in shell("watch", "quarantine", "list").stdout
    assert "accepted by officer" in shell("watch", "quarantine", "list", "--all").stdout


@pytest.mark.parametrize("fault", ["empty", "cut"])
def test_what_cannot_be_read_whole_cannot_be_accepted(
    shell: Shell, httpserver: HTTPServer, fault: str
) -> None:
    """It can only be discarded, and then raises no new alarm."""
    shell("watch", "run")
    data = list_bytes("alpha", {} if fault == "empty" else people(20), "2026-02-28")
    break_alpha(httpserver, data if fault == "empty" else data[:-30], 200)
    shell("watch", "run")
    (kept,) = shell.json("watch", "quarantine", "list")["quarantine"]
    place = (kept["quarantine_id"], "--why", "Never mind")
    result = shell("watch", "quarantine", "accept", *place)
    assert result.exit_code == 2
    assert "Discard it" in result.output
    assert shell("watch", "quarantine", "discard", *place).exit_code == 0
    assert shell("watch", "run").exit_code == 1
    assert shell.json("watch", "quarantine", "list")["quarantine"] == []
    assert shell("watch", "quarantine", "discard", *place).exit_code == 2


def test_files_changed_after_they_were_put_aside_are_not_loaded(
    shell: Shell, httpserver: HTTPServer
) -> None:
    """What a person looked at is what is taken over."""
    shell("watch", "run")
    break_alpha(httpserver, list_bytes("alpha", people(9), "2026-02-28"), 200)
    shell("watch", "run")
    (kept,) = shell.json("watch", "quarantine", "list")["quarantine"]
    (file,) = Path(kept["place"]).iterdir()
    file.write_bytes(list_bytes("alpha", people(10), "2026-02-28"))
    result = shell("watch", "quarantine", "accept", kept["quarantine_id"], "--why", "Fine")
    assert result.exit_code == 2
    assert "not the files that were put aside" in result.output


def test_a_second_run_says_who_is_at_work(shell: Shell) -> None:
    """Exit code 4, and nothing is done."""
    shell("watch", "run")
    with Store.open(shell.url) as store, store.writing() as work:
        now = datetime.now(UTC)
        work.locks.acquire("watch", "elsewhere pid 17", now, TTL_SECONDS)
    result = shell("watch", "run")
    assert result.exit_code == 4
    assert "Another run is under way: elsewhere pid 17 since" in result.stderr
    assert "At work (watch): elsewhere pid 17" in shell("watch", "status").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "nowhere"), "no list 'nowhere'"),
        (("run", "--every", "soon"), "write it as 30m, 6h or 1d"),
        (("run", "--every", "0h"), "write it as 30m, 6h or 1d"),
        (("run", "--leave"), "--drop"),
        (("run", "--drop", "/nowhere"), "no drop folder"),
        (("run", "alpha", "--drop", "/tmp"), "name no lists"),
        (("quarantine", "accept", "Q7", "--why", "x"), "no open quarantine 'Q7'"),
        (("status", "--store", "/nowhere.db"), "no store"),
    ],
)
def test_bad_usage_is_said(shell: Shell, words: tuple[str, ...], said: str) -> None:
    """Before anything is done."""
    result = shell("watch", *words)
    assert result.exit_code in (2, 3)
    assert said in result.output


def test_a_book_screened_by_hand_is_told_as_well(shell: Shell, tmp_path: Path) -> None:
    """What a person finds by a screening of their own, the subscribers hear of too; once."""
    shell("watch", "run")
    path = tmp_path / "book.csv"
    path.write_text(BOOK)
    assert shell("book", "import", path, "--book", "own").exit_code == 0
    assert shell("book", "screen", "own").exit_code == 0
    report = shell.json("watch", "run")
    assert report["books"][0]["status"] == "up to date"
    with Store.open(shell.url) as store, store.reading() as work:
        told = [one.party_id for one in work.outbox.events(book_id="own")]
        actions = [one.entry.action for one in work.audit.records()]
    assert told == ["C-1", "C-1"]
    assert actions.count("book screened") == 1


def test_a_status_without_lists_says_what_to_do(shell: Shell) -> None:
    """Exit code 3: nothing can be screened."""
    result = shell("watch", "status")
    assert result.exit_code == 3
    assert "No list is loaded" in result.stdout


def test_a_basis_can_be_counted_anew(shell: Shell) -> None:
    """The next run screens the book whole, and finds the same."""
    shell.add_book()
    shell("watch", "run")
    result = shell("watch", "rebase")
    assert result.exit_code == 0, result.output
    assert "40 entries are in force" in result.stdout
    assert shell("watch", "run").exit_code == 0


EVERY = """
import sys
sys.path.insert(0, {folder!r})
from small_world import registry_of
import tumen.lists.registry, tumen.cli.watch_run
registry = registry_of({addresses!r})
tumen.lists.registry.published_lists = lambda: registry
tumen.cli.watch_run.published_lists = lambda: registry
from tumen.cli.main import main
main(["watch", "run", "--every", "1s"])
"""


def test_it_goes_on_until_it_is_told_to_stop(shell: Shell, httpserver: HTTPServer) -> None:
    """A fault in one run does not end it; SIGTERM gives the lock back, exit code 130."""
    httpserver.expect_request("/gone.json").respond_with_data("", status=404)
    places = {"alpha": "/alpha.json", "beta": "/gone.json"}
    addresses = {name: httpserver.url_for(place) for name, place in places.items()}
    code = EVERY.format(folder=str(Path(__file__).parent), addresses=addresses)
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env={**shell.env, "PATH": "/usr/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        _await_runs(shell, 2)
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=30)
    assert child.returncode == 130, err
    assert "could not be renewed" in out
    assert "Next run in" in err
    assert "Stopped" in err
    with Store.open(shell.url) as store, store.reading() as work:
        assert work.locks.held(datetime.now(UTC)) == {}


def _await_runs(shell: Shell, count: int) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if (shell.home / "tumen.db").is_file():
            with Store.open(shell.url) as store, store.reading() as work:
                if sum(one.ended_at is not None for one in work.journal.runs()) >= count:
                    return
        time.sleep(0.2)
    raise AssertionError("It made no second run")
