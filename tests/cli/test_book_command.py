"""`tumen book`, `hits`, `suppress`, `release` and `replay`: the life of a kept book, end to end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from case_desk_cli import PASSWORD, SENTENCE, add_people, decided, good
from click.testing import CliRunner, Result

from tumen.cases.acting import approve
from tumen.cases.policies import propose_policy
from tumen.cli.main import main
from tumen.model.case import Actor
from tumen.screening import runs
from tumen.screening.policy import Policy
from tumen.store import Store
from watched_book import entry, load

FILLER = [entry(f"f{i}", f"Filler{chr(97 + i % 26)} Stays{chr(97 + i // 26)}") for i in range(40)]
BOOK = "id,name,country,branch\n1,Ivan Petrov,ru,North\n2,Jane Roe,us,South\n3,,,\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with a store that holds one list, loaded an hour ago, and a book's file."""
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path))
    monkeypatch.delenv("TUMEN_STORE", raising=False)
    monkeypatch.delenv("TUMEN_POLICY", raising=False)
    (tmp_path / "book.csv").write_text(BOOK, "utf-8")
    with Store.open(f"sqlite:///{tmp_path}/tumen.db") as store:
        load(store, [*FILLER, entry(1, "Ivan PETROV")], datetime.now(UTC) - timedelta(hours=1))
    return tmp_path


def tumen(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, [str(one) for one in arguments])


def told(*arguments: str) -> Any:
    """What a command prints as JSON."""
    return json.loads(tumen(*arguments, "--json").stdout)


@pytest.fixture
def kept(home: Path) -> Path:
    """The same with the book imported and screened; one hit."""
    tumen("book", "import", str(home / "book.csv"), "--book", "b", "--group-column", "branch")
    assert tumen("book", "screen", "b").exit_code == 0
    with Store.open(f"sqlite:///{home}/tumen.db") as store:
        add_people(store)
    return home


def test_a_file_becomes_a_book_once(home: Path) -> None:
    """The same content makes no new version; a row that gave no party is told, and exit is 1."""
    arguments = ("book", "import", str(home / "book.csv"), "--book", "b")
    first = tumen(*arguments, "--group-column", "branch")
    assert first.exit_code == 1
    assert "version 1, 2 parties" in first.stdout
    assert "row 4" in first.stderr
    again = told(*arguments, "--group-column", "branch")
    assert (again["is_new"], again["version"]) == (False, 1)
    with Store.open(f"sqlite:///{home}/tumen.db") as store, store.reading() as work:
        assert [one.groups for one in work.books.parties("b", 1)] == [("North",), ("South",)]
        assert [one.entry.action for one in work.audit.records()] == ["book imported"]


def test_an_empty_file_takes_no_book_away(home: Path) -> None:
    """Every hit would fall away with it."""
    (home / "empty.csv").write_text("id,name\n1,\n", "utf-8")
    found = tumen("book", "import", str(home / "empty.csv"), "--book", "b")
    assert (found.exit_code, "no party" in found.stderr) == (2, True)
    assert tumen("book", "import", str(home / "book.csv"), "--book", "b@1").exit_code == 2


def test_books_are_listed_and_shown(kept: Path) -> None:
    """With their versions, their screenings, and what stands."""
    assert [one["book_id"] for one in told("book", "list")["books"]] == ["b"]
    shown = told("book", "show", "b")
    assert shown["hits"] == {"open": 1, "proposed release": 0, "suppressed": 0}
    assert shown["screenings"][0]["tally"]["subjects"] == 2
    assert "1 open" in tumen("book", "show", "b").stdout
    assert "b" in tumen("book", "list").stdout
    assert tumen("book", "show", "c").exit_code == 2


def test_hits_are_shown(kept: Path) -> None:
    """With party, entry and reason; by state."""
    found = told("hits", "b")["hits"]
    assert [(one["party_id"], one["hit"]["entity_id"]) for one in found] == [("1", "alpha:1")]
    assert "1 hits" in tumen("hits", "b").stdout
    assert told("hits", "b", "--state", "suppressed")["hits"] == []
    assert tumen("hits", "c").exit_code == 2


def test_what_was_known_on_a_day_stays_what_was_known(kept: Path) -> None:
    """Today's answer about a past instant is that instant's answer, whatever came since."""
    before = datetime.now(UTC).isoformat()
    then = told("hits", "b", "--known-at", before)["hits"]
    with Store.open(f"sqlite:///{kept}/tumen.db") as store:
        load(store, [*FILLER, entry(2, "Jane ROE")], datetime.now(UTC))
    tumen("book", "screen", "b")
    states = {one["party_id"]: one["state"] for one in told("hits", "b")["hits"]}
    assert states == {"1": "proposed release", "2": "open"}
    known = told("hits", "b", "--known-at", before)["hits"]
    assert [(one["party_id"], one["state"], one["hit"]) for one in known] == [
        (one["party_id"], one["state"], one["hit"]) for one in then
    ]
    assert tumen("hits", "b", "--known-at", "2024-02-20").exit_code == 2  # No book by then.
    assert tumen("hits", "b", "--known-at", "yesterday").exit_code == 2


def test_a_past_days_lists_are_screened_against_anew(kept: Path) -> None:
    """`--as-of` asks what was true by the lists published until then, not what was known."""
    today = datetime.now(UTC).date()
    found = told("hits", "b", "--as-of", today.isoformat())["outcomes"]
    assert [one["subject_id"] for one in found] == ["1"]
    assert tumen("hits", "b", "--as-of", "2001-01-01").exit_code == 3
    assert tumen("hits", "b", "--as-of", str(today), "--state", "open").exit_code == 2
    assert "1 hits" in tumen("hits", "b", "--as-of", str(today)).stdout


def _recommend(*more: str, name: str = "anna") -> Result:
    """Somebody signs in, and recommends to mute the one hit."""
    said = ("--reason", "FP-DOB", "--text", SENTENCE, "--evidence", "Passport", *more)
    given = ["suppress", "b", "1", "alpha:1", *said, "--as", name, "--password-stdin"]
    return CliRunner().invoke(main, given, input=f"{PASSWORD}\n")


def _mute(*more: str) -> str:
    """Two people mute the one hit; the id of the suppression."""
    waiting = json.loads(_recommend(*more, "--json").stdout)
    seen = ("--seen", str(waiting["sequence"]))
    assert "is suppressed" in decided("carl", "approve", waiting["case_id"], *seen).stdout
    (made,) = told("suppressions", "b")["suppressions"]
    suppression_id: str = made["suppression_id"]
    return suppression_id


def test_a_hit_is_muted_by_two(kept: Path) -> None:
    """One recommends, and is told where it waits; until another one approves it stays open."""
    (case,) = json.loads(good("cases", "list", "--json"))["cases"]
    waiting = _recommend()
    assert (waiting.exit_code, case["case_id"] in waiting.stdout) == (0, True)
    assert "tumen cases approve" in waiting.stdout
    assert [one["state"] for one in told("hits", "b")["hits"]] == ["open"]
    assert _recommend(name="carl").exit_code == 2
    assert _recommend(name="dora").exit_code == 2
    assert decided("anna", "approve", case["case_id"], "--seen", "3").exit_code == 2
    assert decided("carl", "approve", case["case_id"], "--seen", "3").exit_code == 0
    assert [one["state"] for one in told("hits", "b")["hits"]] == ["suppressed"]


def test_a_false_hit_is_muted_until_the_entry_changes(kept: Path) -> None:
    """The suppression lapses with what was seen, and says why."""
    suppression_id = _mute()
    assert [one["state"] for one in told("hits", "b")["hits"]] == ["suppressed"]
    assert _recommend().exit_code == 2
    with Store.open(f"sqlite:///{kept}/tumen.db") as store:
        changed = entry(1, "Ivan PETROV", birthDate="1970-01-01")
        load(store, [*FILLER, changed], datetime.now(UTC))
    screened = told("book", "screen", "b")
    assert [one["suppression_id"] for one in screened["lapsed"]] == [suppression_id]
    assert [one["party_id"] for one in screened["opened"]] == ["1"]
    assert told("suppressions", "b")["suppressions"] == []
    assert "entry changed" in tumen("suppressions", "b", "--all").stdout


def test_a_suppression_is_lifted(kept: Path) -> None:
    """The hit is open again at once."""
    suppression_id = _mute("--until", "2999-01-01")
    assert "2999-01-01" in tumen("suppressions", "b").stdout
    lift = ("suppressions", "b", "--lift", suppression_id)
    assert tumen(*lift).exit_code == 2
    assert tumen(*lift, "--reason", "a slip").exit_code == 0
    assert [one["state"] for one in told("hits", "b")["hits"]] == ["open"]


def test_only_what_fell_away_is_released(kept: Path) -> None:
    """A hit that is one is not let go of by mistake, and by one person below the line alone."""
    arguments = ("release", "b", "1", "alpha:1", "--reason", "delisted")
    assert tumen(*arguments).exit_code == 2
    with Store.open(f"sqlite:///{kept}/tumen.db") as store:
        load(store, FILLER, datetime.now(UTC))
    shown = tumen("book", "screen", "b").stdout
    assert "proposed for release: 1" in shown
    assert "recommend its release in its case" in tumen(*arguments).stderr
    policy = 'name: "lax"\nversion: "1"\nfour_eyes_from: 1.0\n'
    (kept / "policy.yml").write_text(policy)
    done = tumen(*arguments)
    assert done.exit_code == 0, done.stderr
    assert told("hits", "b")["hits"] == []
    with Store.open(f"sqlite:///{kept}/tumen.db") as store, store.reading() as work:
        last = list(work.audit.records())[-1].entry
        assert (last.action, last.reason) == ("hit released", "delisted")


def test_a_screening_is_repeated(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Identical while the engine is; after the lists have changed too. Another engine is named."""
    screening_id = told("book", "show", "b")["screenings"][0]["screening_id"]
    with Store.open(f"sqlite:///{kept}/tumen.db") as store:
        load(store, FILLER, datetime.now(UTC))
    found = tumen("replay", screening_id)
    assert (found.exit_code, found.stdout.startswith("Identical")) == (0, True)
    assert told("replay", screening_id)["is_identical"] is True
    assert tumen("replay", "nothing").exit_code == 2


def test_a_screening_of_a_file_can_be_kept_and_repeated(home: Path) -> None:
    """With its input whole, also the row that could not be screened."""
    made = tumen("screen", str(home / "book.csv"), "--keep", "--ignore-column", "branch")
    assert made.exit_code == 1
    screening_id = made.stderr.strip().splitlines()[-1].split()[1]
    found = told("replay", screening_id)
    assert found["is_identical"] is True
    with Store.open(f"sqlite:///{home}/tumen.db") as store, store.reading() as work:
        run = work.screenings.get(screening_id)
        assert run is not None
        assert len(run.subjects) == run.tally["subjects"] == 3
        assert len(list(work.screenings.outcomes(screening_id))) == 3
    refused = tumen("screen", str(home / "book.csv"), "--keep", "--list-file", str(home))
    assert refused.exit_code == 2


def test_what_stands_on_every_result_is_no_difference(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a list was too old on that day says nothing of the outcomes."""
    (home / "policy.yml").write_text('name: "strict"\nversion: "1"\nmax_list_age_days: 1\n')
    with Store.open(f"sqlite:///{home}/tumen.db") as store:
        load(store, [*FILLER, entry(2, "Jane ROE")], datetime.now(UTC) - timedelta(days=5))
    arguments = ("screen", str(home / "book.csv"), "--keep", "--ignore-column", "branch")
    assert tumen(*arguments).exit_code == 3
    made = tumen(*arguments, "--accept-stale")
    screening_id = made.stderr.strip().splitlines()[-1].split()[1]
    with Store.open(f"sqlite:///{home}/tumen.db") as store, store.reading() as work:
        run = work.screenings.get(screening_id)
    assert run is not None
    assert len(run.warnings) == 1
    assert told("replay", screening_id)["is_identical"] is True


def test_what_differs_is_told(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an outcome is another by now, with what it was and what it became."""
    from dataclasses import replace

    from tumen.screening import replay

    with Store.open(f"sqlite:///{kept}/tumen.db") as store:
        with store.writing() as work:
            run = work.screenings.find(book_id="b", limit=1)[0]
            (outcome,) = work.screenings.outcomes(run.screening_id)
            other = replace(run, screening_id="other", engine="tumen 0.0", result_hash="0")
            work.screenings.add(other)
            best = replace(outcome.hits[0], score=0.5)
            work.screenings.add_outcomes("other", [replace(outcome, hits=(best,))])
        found = replay.replay(store, "other")
    assert not found.is_identical
    assert found.causes == (f"The engine was tumen 0.0, it is {runs.engine_name()}",)
    assert [one.subject_id for one in found.differences] == ["1"]
    shown = tumen("replay", "other")
    assert shown.exit_code == 1
    assert "was:" in shown.stdout


def test_a_kept_book_is_screened_under_the_policy_in_force(kept: Path) -> None:
    """What two people approved holds, and one person's file does not stand above it."""
    anna, carl = (
        Actor(f"user:{name}", name, name, ("decide", "approve")) for name in ("anna", "carl")
    )
    now, strict = datetime.now(UTC), Policy("strict", "2", threshold=0.99)
    (kept / "own.yml").write_text('name: "own"\nversion: "1"\nthreshold: 0.1\n')
    with Store.open(f"sqlite:///{kept}/tumen.db") as store, store.writing() as work:
        case = propose_policy(work, strict, SENTENCE, anna, now)
        approve(work, case.case_id, case.sequence, "Agreed", carl, now)
    refused = tumen("book", "screen", "b", "--policy", str(kept / "own.yml"))
    assert (refused.exit_code, "put in force by two people" in refused.stderr) == (2, True)
    tumen("book", "screen", "b")
    with Store.open(f"sqlite:///{kept}/tumen.db") as store, store.reading() as work:
        (last,) = work.screenings.find(book_id="b", limit=1)
    assert last.policy == strict.to_dict()
