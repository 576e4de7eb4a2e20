"""`tumen audit`, `tumen backup` and `tumen restore` as they are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from stored_things import a_deed

from tumen.cli.exits import Exit
from tumen.cli.main import main
from tumen.store import Store


@pytest.fixture(autouse=True)
def home(tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory, and the store of the test as the one in use."""
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TUMEN_STORE", store_url)
    return tmp_path


def run(*arguments: object) -> Result:
    """Call tumen."""
    return CliRunner().invoke(main, [str(one) for one in arguments])


def log(url: str, count: int = 3) -> None:
    """Write some records."""
    with Store.open(url) as store, store.writing() as work:
        for number in range(1, count + 1):
            work.audit.append(a_deed(number))


def spoil(url: str) -> None:
    """Change a record past the guards."""
    with Store.open(url) as store, store.writing() as work:
        on_postgresql = store._engine.dialect.name == "postgresql"
        guard = "audit_record_change ON audit_record" if on_postgresql else "audit_record_update"
        work._connection.execute(text(f"DROP TRIGGER {guard}"))
        work._connection.execute(text("UPDATE audit_record SET actor = 'eve' WHERE sequence = 2"))


def test_an_intact_log_says_so_and_gives_its_head(store_url: str) -> None:
    """The head can be noted, and checked later with --head."""
    log(store_url)
    done = run("audit", "verify")
    assert done.exit_code == Exit.DONE
    assert "Intact: 3 records" in done.output
    head = done.output.split()[-1]
    log(store_url)
    assert run("audit", "verify", "--head", head).exit_code == Exit.DONE
    wrong = run("audit", "verify", "--head", head[:-1] + "_")
    assert wrong.exit_code == Exit.NOT_SCREENED
    assert "Record 3 does not have the hash that was noted" in wrong.output


def test_a_head_that_makes_no_sense_is_refused(store_url: str) -> None:
    """Otherwise a slip would look like a broken log."""
    log(store_url)
    for wrong in ("3", "x:y", ":", "3:"):
        done = run("audit", "verify", "--head", wrong)
        assert done.exit_code == Exit.BAD_INPUT
        assert "NUMBER:HASH" in done.output


def test_a_broken_log_names_the_record_and_exits_otherwise(store_url: str) -> None:
    """A nightly job notices by the exit code alone."""
    log(store_url)
    spoil(store_url)
    done = run("audit", "verify")
    assert done.exit_code == Exit.NOT_SCREENED
    assert "Record 2 was changed" in done.output
    as_json = json.loads(run("audit", "verify", "--json").output)
    assert as_json == {"is_intact": False, "head": None, "problems": ["Record 2 was changed"]}


def test_many_problems_are_cut_for_people_and_whole_for_programs(store_url: str) -> None:
    """A screen of red is enough; the JSON has each."""
    log(store_url, 30)
    with Store.open(store_url) as store, store.writing() as work:
        is_sqlite = store._engine.dialect.name == "sqlite"
        guards = ["update"] if is_sqlite else ["change ON audit_record"]
        for guard in guards:
            work._connection.execute(text(f"DROP TRIGGER audit_record_{guard}"))
        work._connection.execute(text("UPDATE audit_record SET reason = 'other'"))
    shown = run("audit", "verify").output
    assert "and 10 more" in shown
    assert len(json.loads(run("audit", "verify", "--json").output)["problems"]) == 30


def test_records_are_shown(store_url: str) -> None:
    """Who did what to which, by actor and object, as a table or JSON."""
    log(store_url, 6)
    table = run("audit", "show", "--limit", 2).output
    assert "hit opened" in table
    assert "clients/P2" in table
    assert "clients/P1" not in table
    one = json.loads(
        run("audit", "show", "--actor", "ana", "--object", "clients/P0", "--json").output
    )
    assert [record["sequence"] for record in one["records"]] == [3]
    assert one["records"][0]["details"] == {"number": 3, "score": 0.9}


def test_a_store_goes_into_a_file_and_comes_back(store_url: str, home: Path) -> None:
    """One command each; the restore is itself in the log."""
    log(store_url)
    file = home / "b.tumen"
    done = run("backup", file)
    assert done.exit_code == Exit.DONE
    assert "b.tumen: " in done.output
    target = home / "other.db"
    done = run("restore", file, "--store", target)
    assert done.exit_code == Exit.DONE, done.output
    assert "audit log verified" in done.output
    with Store.open(f"sqlite:///{target}") as store, store.reading() as work:
        assert work.audit.verify() == []
        (last,) = work.audit.latest(1)
    assert (last.entry.action, last.entry.object) == ("store restored", "b.tumen")
    assert last.entry.details["audit_sequence"] == 3


def test_a_store_is_replaced_only_by_force_and_kept(store_url: str, home: Path) -> None:
    """The message says how, and afterwards where the old one is."""
    log(store_url)
    file = home / "b.tumen"
    run("backup", file)
    refused = run("restore", file)
    assert refused.exit_code == Exit.BAD_INPUT
    assert "--force" in refused.output
    done = run("restore", file, "--force")
    assert done.exit_code == Exit.DONE
    assert "is kept: " in done.output
    again = json.loads(run("backup", home / "c.tumen", "--json").output)
    assert again["tables"]["audit_record"] == 4
    assert again["audit_head"]["sequence"] == 4


def test_what_restore_says_as_json(store_url: str, home: Path) -> None:
    """For programs."""
    log(store_url)
    run("backup", home / "b.tumen")
    done = run("restore", home / "b.tumen", "--force", "--json")
    found = json.loads(done.output)
    assert found["rows"] == 4
    assert "before_restore" in found["kept_aside"].replace("-", "_")


def test_a_broken_log_is_backed_up_and_named(store_url: str, home: Path) -> None:
    """Better a backup with a warning than none."""
    log(store_url)
    spoil(store_url)
    done = run("backup", home / "b.tumen")
    assert done.exit_code == Exit.NOT_SCREENED
    assert "Record 2 was changed" in done.output
    assert run("restore", home / "b.tumen", "--store", home / "x.db").exit_code == Exit.BAD_INPUT
    forced = run("restore", home / "b.tumen", "--store", home / "x.db", "--force")
    assert forced.exit_code == Exit.DONE


def test_a_store_that_is_not_there_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is an empty store made, nor an empty backup."""
    monkeypatch.setenv("TUMEN_STORE", f"sqlite:///{home}/none.db")
    for arguments in (("backup", home / "b.tumen"), ("audit", "verify"), ("audit", "show")):
        done = run(*arguments)
        assert done.exit_code == Exit.BAD_INPUT
        assert "none.db is gone" in done.output
    assert not (home / "none.db").exists()
    assert not (home / "b.tumen").exists()


def test_a_damaged_backup_is_refused(home: Path) -> None:
    """It says which file, and what to do."""
    (home / "b.tumen").write_bytes(b"PK\x03\x04 and then nothing")
    done = run("restore", home / "b.tumen")
    assert done.exit_code == Exit.BAD_INPUT
    assert "b.tumen: This is no backup of tumen, or it is damaged" in done.output
    assert "Use another backup" in done.output
