"""Opening, migrating, and refusing what is no store of ours."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from tumen.errors import RequestError, StoreError
from tumen.store import Store, migrations
from tumen.store import engine as engine_module
from tumen.store.columns import metadata
from tumen.store.engine import create, reading, writing
from tumen.store.migrations import LATEST, STEPS, Step, applied, make_tables


def test_migrations_make_the_tables_we_use(new_store_url: str) -> None:
    """The SQL of the steps and the tables in Python name the same columns and keys."""
    Store.open(new_store_url).close()
    engine = create(new_store_url)
    made = inspect(engine)
    for name, table in metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in made.get_columns(name)}
        assert set(columns) == set(table.columns.keys())
        # SQLite says of a key alone that it may be null.
        others = [column for column in table.columns if not column.primary_key]
        assert {c.name: columns[c.name] for c in others} == {c.name: c.nullable for c in others}
        assert made.get_pk_constraint(name)["constrained_columns"] == [
            column.name for column in table.primary_key
        ]
    assert set(made.get_table_names()) == {*metadata.tables, "schema_version"}
    engine.dispose()


def test_steps_are_numbered_without_a_gap() -> None:
    """A database's number says which steps it has."""
    assert [step.number for step in STEPS] == list(range(1, LATEST + 1))


def test_a_second_opening_changes_nothing(tmp_path: Path) -> None:
    """Steps are applied once."""
    url, path = f"sqlite:///{tmp_path}/tumen.db", tmp_path / "tumen.db"
    for _ in range(2):
        Store.open(url).close()
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT number, name FROM schema_version").fetchall()
        mode = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    assert rows == [(step.number, step.name) for step in STEPS]
    assert mode == ("wal",)


def test_a_newer_store_is_refused(new_store_url: str) -> None:
    """An old tumen does not guess what a newer one wrote."""
    with Store.open(new_store_url) as store, store.writing() as work:
        work._connection.execute(text("INSERT INTO schema_version VALUES (99, 'of the future')"))
    with pytest.raises(RequestError, match="newer tumen"):
        Store.open(new_store_url)


def test_a_store_of_the_first_version_is_brought_up_to_date(new_store_url: str) -> None:
    """An upgrade needs no command: opening applies what is missing, and keeps what is there."""
    engine = create(new_store_url)
    with writing(engine) as connection:
        make_tables(connection, 0, 1)
        connection.execute(
            text(
                "INSERT INTO list_version VALUES ('toy@a', 1, 'toy', 'a', 'csv', NULL, "
                "'2026-01-01T00:00:00+00:00', 0, 0, '[]', '[]', '{}', 0)"
            )
        )
    engine.dispose()
    with Store.open(new_store_url) as store:
        assert [version.version_id for version in store.versions("toy")] == ["toy@a"]
        with store.reading() as work:
            assert work.audit.verify() == []
    engine = create(new_store_url)
    with reading(engine) as connection:
        assert applied(connection) == LATEST
    engine.dispose()


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    new_store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power loss or an error half-way through an upgrade: the old version still opens it."""
    Store.open(new_store_url).close()
    broken = Step(LATEST + 1, "broken", ("CREATE TABLE half (a TEXT)", "CREATE TABEL done"))
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, broken))
    monkeypatch.setattr(migrations, "LATEST", LATEST + 1)
    monkeypatch.setattr(engine_module, "LATEST", LATEST + 1)
    with pytest.raises(RequestError, match="syntax error"):
        Store.open(new_store_url)
    monkeypatch.undo()
    with Store.open(new_store_url) as store:
        assert store.current_versions() == []
        assert not inspect(store._engine).has_table("half")


def test_a_store_that_must_be_there_is_not_made(tmp_path: Path) -> None:
    """A backup of a mistyped path must not be an empty one."""
    with pytest.raises(StoreError, match="is gone"):
        Store.open(f"sqlite:///{tmp_path}/tumen.db", may_create=False)
    assert not list(tmp_path.iterdir())


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """Its owner would not thank us for thirty tables."""
    path = tmp_path / "mail.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mail (subject TEXT)")
        connection.commit()
    with pytest.raises(RequestError, match="of another program"):
        Store.open(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert names == [("mail",)]


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    """Blanks, signs of URLs and other scripts are common in folder names."""
    folder = tmp_path / "김 (1) #2 & '3'"
    for _ in range(2):
        Store.open(f"sqlite:///{folder}/tumen.db").close()
    assert (folder / "tumen.db").is_file()


def test_folders_are_made(tmp_path: Path) -> None:
    """A first run needs no preparation."""
    Store.open(f"sqlite:///{tmp_path}/new/folder/tumen.db").close()
    assert (tmp_path / "new/folder/tumen.db").is_file()


def test_another_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    """A spreadsheet named by mistake is neither read as empty nor overwritten."""
    path = tmp_path / "sdn.csv"
    path.write_bytes(b"36,AEROCARIBBEAN AIRLINES\r\n" * 100)
    with pytest.raises(RequestError, match="Name another file"):
        Store.open(f"sqlite:///{path}")
    assert path.read_bytes() == b"36,AEROCARIBBEAN AIRLINES\r\n" * 100


@pytest.mark.parametrize(
    "url",
    ["", "tumen.db", "nosuchdatabase://x/y", "sqlite:////proc/x/t.db", "sqlite://", "mysql://x/y"],
)
def test_an_address_that_makes_no_sense_is_refused(url: str) -> None:
    """The message shows the form that works."""
    with pytest.raises(RequestError, match="sqlite:///"):
        Store.open(url)


def test_many_may_open_a_new_store_at_once(new_store_url: str) -> None:
    """Two processes that start together migrate once."""
    with ThreadPoolExecutor(8) as pool:
        for store in pool.map(lambda _: Store.open(new_store_url), range(8)):
            assert store.current_versions() == []
            store.close()


def test_the_store_knows_nothing_of_what_lies_above() -> None:
    """Importing it loads neither readers nor the web; start-up stays small."""
    code = "import sys, tumen.store; print(sorted(m for m in sys.modules if 'tumen.' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {
        name.split(".")[1].strip("'")
        for name in done.stdout.strip("[]\n").split(", ")
        if name.startswith("'tumen.")
    }
    assert loaded == {"errors", "model", "store"}
