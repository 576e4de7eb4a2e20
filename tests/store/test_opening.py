"""Opening, migrating, and refusing what is no store of ours."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from tumen.errors import RequestError
from tumen.store import Store
from tumen.store.migrations import LATEST, STEPS
from tumen.store.tables import metadata


def test_migrations_make_the_tables_we_use(tmp_path: Path) -> None:
    """The SQL of the steps and the tables in Python name the same columns and keys."""
    url = f"sqlite:///{tmp_path}/tumen.db"
    Store.open(url).close()
    engine = create_engine(url)
    made = inspect(engine)
    for name, table in metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in made.get_columns(name)}
        assert set(columns) == set(table.columns.keys())
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


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    """An old tumen does not guess what a newer one wrote."""
    url, path = f"sqlite:///{tmp_path}/tumen.db", tmp_path / "tumen.db"
    Store.open(url).close()
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO schema_version VALUES (99, 'of the future')")
    connection.commit()
    connection.close()
    with pytest.raises(RequestError, match="newer tumen"):
        Store.open(url)


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


@pytest.mark.parametrize("url", ["", "tumen.db", "nosuchdatabase://x/y", "sqlite:////proc/x/t.db"])
def test_an_address_that_makes_no_sense_is_refused(url: str) -> None:
    """The message shows the form that works."""
    with pytest.raises(RequestError, match="sqlite:///"):
        Store.open(url)


def test_many_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    """Two processes that start together migrate once."""
    url = f"sqlite:///{tmp_path}/tumen.db"
    with ThreadPoolExecutor(8) as pool:
        for store in pool.map(lambda _: Store.open(url), range(8)):
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
