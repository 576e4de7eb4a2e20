"""What the page for operators says of the store can be typed, and does what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from stored_things import a_deed

from tumen.cli.main import main
from tumen.config import load_settings
from tumen.store import Store, faults

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
TEXT = PAGE.read_text("utf-8")


def section(title: str) -> str:
    """The text under one heading."""
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def commands(title: str) -> list[tuple[str, int]]:
    """The calls of tumen in a section, each with its exit code."""
    blocks = re.findall(r"^```console\n(.*?)^```$", section(title), re.DOTALL | re.MULTILINE)
    lines = [line[2:] for block in blocks for line in block.splitlines()]
    parted = [line.partition("# exit code ") for line in lines if line.startswith("tumen ")]
    return [(line, int(code or 0)) for line, _, code in parted]


@pytest.mark.parametrize("title", ["Back up and restore", "The audit log"])
def test_the_commands_work(
    title: str, tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in its place on the page, on either database, with folders of the test."""
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path / "home"))
    found = commands(title)
    assert found
    for number, (line, code) in enumerate(found):
        first = f"sqlite:///{tmp_path}/{number}.db" if "restore" in line else store_url
        monkeypatch.setenv("TUMEN_STORE", first)
        with Store.open(store_url) as store, store.writing() as work:
            work.audit.append(a_deed(1))
        words = re.sub("/(backup|tmp)/", f"{tmp_path}/", line)
        words = words.replace("postgresql://tumen@db.example.org/tumen", f"{tmp_path}/moved.db")
        done = CliRunner().invoke(main, shlex.split(words)[1:])
        assert done.exit_code == code, done.output


def test_every_fault_is_in_the_table() -> None:
    """Whoever searches the page for what was on the screen finds the mend."""
    forms = {*faults._SQLITE.values(), *faults._POSTGRESQL.values()} - {faults._CONFLICT}
    for form in forms:
        assert f"| {re.split('[:;]', form)[0]} |" in section("The store")


def test_the_settings_are_those_that_are_read() -> None:
    """The variables of the table and no others decide where things are."""
    named = re.findall(r"`(TUMEN_\w+)`", section("Install"))
    assert named == ["TUMEN_HOME", "TUMEN_STORE", "TUMEN_POLICY"]
    environ = {"TUMEN_HOME": "/data", "TUMEN_STORE": "postgresql://tumen@db.example.org/tumen"}
    assert load_settings(environ).store_url == environ["TUMEN_STORE"]
    assert load_settings({"TUMEN_HOME": "/data"}).store_url == "sqlite:////data/tumen.db"


def test_the_page_names_the_locks_there_are() -> None:
    """Files of the source tree that the installation needs."""
    for name in re.findall(r"requirements/[\w.]+", TEXT):
        assert (PAGE.parents[1] / name).is_file()
