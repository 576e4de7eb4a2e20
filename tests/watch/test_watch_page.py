"""What the page for operators says of the watch is what the program does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_world import list_bytes, people, registry_of

from tumen.cli.main import main
from tumen.lists.registry import published_lists
from tumen.model.watching import EventKind, ListHealth
from tumen.watch.drop import DONE, REFUSED, UNFINISHED
from tumen.watch.lock import TTL_SECONDS
from tumen.watch.run import TAKEN_UP_FOR

TEXT = (Path(__file__).parents[2] / "docs/operations.md").read_text("utf-8")


def section(title: str) -> str:
    """The text under one heading."""
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(title: str, number: int) -> list[str]:
    """The first column of the n-th table of a section."""
    table = re.findall(r"(?:^\|.*\n)+", section(title), re.MULTILINE)[number]
    return [row.strip("|").split(" | ")[0].strip() for row in table.splitlines()[2:]]


def test_its_states_are_those_that_are_shown() -> None:
    """Each with a row, and the two that are told without an attempt to renew."""
    states = [health.value for health in ListHealth]
    assert first_cells("Monitor", 1) == [*states, "stale", "not watched"]
    kinds = re.findall(r"`((?:list|not) \w+)`", section("Monitor"))
    assert len(kinds) == 4
    assert set(kinds) <= {kind.value for kind in EventKind}


def test_its_questions_can_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command of the table runs, in a store with one list."""
    registry = registry_of({"alpha": ""})
    # The importing module first: it would else keep what it finds here for good.
    for module in ("tumen.cli.watch_run", "tumen.lists.registry"):
        monkeypatch.setattr(f"{module}.published_lists", lambda: registry)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path / "home"))
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming/a.json").write_bytes(list_bytes("alpha", people(20)))
    (line,) = re.findall(r"^\$ (.*)$", section("Air gap"), re.MULTILINE)
    for words in (line, *(cell.strip("`") for cell in first_cells("Monitor", 0))):
        done = CliRunner().invoke(main, shlex.split(words)[1:])
        assert done.exit_code == 0, (words, done.output)
    assert (tmp_path / "incoming/done/a.json").is_file()


def test_its_numbers_and_names_are_the_programs() -> None:
    """Hours, minutes, folders and endings."""
    hours = {info.id: info.stale_after_hours for info in published_lists()}
    assert {hours.pop(name) for name in ("us_ofac_sdn", "us_ofac_cons")} == {24}
    assert set(hours.values()) == {48}
    assert "24 hours for the lists of OFAC, 48 for the others" in section("Monitor")
    assert TTL_SECONDS == 600
    assert "after ten minutes of silence" in section("Monitor")
    assert TAKEN_UP_FOR.total_seconds() == 3600
    assert {".part", ".tmp"} <= set(UNFINISHED)
    assert f"`{DONE}/`" in section("Air gap")
    assert f"`{REFUSED}/`" in section("Air gap")
