"""The command starts fast, knows its commands without importing them, and exits by its table."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tumen.cli.exits import Exit, exit_of, refusing
from tumen.cli.main import COMMANDS, main
from tumen.config import load_settings
from tumen.errors import (
    ListsMissingError,
    RecordError,
    RequestError,
    SourceError,
    TumenError,
)


def test_the_version_is_there_in_a_blink() -> None:
    """Scripts call it in loops; heavy imports belong inside the commands."""
    code = "import sys; from tumen.cli.main import main; main(['--version'])"
    times = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    assert done.stdout.startswith(b"tumen ") or b" 0." in done.stdout
    # Measured 0.07 s on an idle core; the margin is for a machine that is busy.
    assert min(times) < 0.6


def test_help_and_version_import_no_engine() -> None:
    """The measured reason for the short start."""
    code = (
        "import sys, click; from tumen.cli.main import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "heavy = {'numpy', 'scipy', 'sqlalchemy', 'pyarrow', 'rich', 'pydantic', 'openpyxl'}\n"
        "print(heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_where_the_table_says(name: str) -> None:
    """A slip in the table would show only when somebody calls the command."""
    if find_spec(COMMANDS[name].module) is None:
        pytest.skip(f"{COMMANDS[name].module} is not part of this build")
    place = COMMANDS[name]
    assert isinstance(getattr(import_module(place.module), place.name), click.Command)


def test_an_unknown_command_is_bad_usage() -> None:
    """Exit code 2, with the name."""
    done = CliRunner().invoke(main, ["scren"])
    assert done.exit_code == Exit.BAD_INPUT
    assert "scren" in done.output


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ListsMissingError("x"), 3),
        (RequestError("x"), 2),
        (SourceError("x"), 2),
        (RecordError("x"), 2),
        (TumenError("x"), 1),
    ],
)
def test_each_error_has_its_exit_code(error: TumenError, code: int) -> None:
    """A nightly job decides by the code alone."""
    assert exit_of(error) == code


def test_an_error_is_shown_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    """Text, notes, and nothing of a traceback."""
    error = RecordError("Broken", where="book.csv row 7", mend="Mend it")
    error.add_note("In chunk 4")
    with pytest.raises(click.exceptions.Exit) as caught, refusing():
        raise error
    assert caught.value.exit_code == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "Error: book.csv row 7: Broken. Mend it\nIn chunk 4\n"


def test_ctrl_c_has_its_own_code(capsys: pytest.CaptureFixture[str]) -> None:
    """It is not "something was not screened"."""
    with pytest.raises(click.exceptions.Exit) as caught, refusing():
        raise KeyboardInterrupt
    assert caught.value.exit_code == Exit.INTERRUPTED
    assert "no result file was written" in capsys.readouterr().err


def test_an_error_of_the_program_itself_is_not_dressed_up() -> None:
    """A bug shows its traceback."""
    with pytest.raises(ZeroDivisionError), refusing():
        raise ZeroDivisionError


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    """Data directory, store and policy, each with its default."""
    policy = tmp_path / "policy.yml"
    plain = load_settings({"TUMEN_HOME": str(tmp_path)})
    assert plain.store_url == f"sqlite:///{tmp_path / 'tumen.db'}"
    assert plain.policy_file is None
    assert plain.snapshots == tmp_path / "snapshots"
    policy.write_text("x")
    assert load_settings({"TUMEN_HOME": str(tmp_path)}).policy_file == policy
    given = load_settings({"TUMEN_STORE": "postgresql://x", "TUMEN_POLICY": str(policy)})
    assert (given.store_url, given.policy_file) == ("postgresql://x", policy)


def test_the_home_is_the_users_data_directory() -> None:
    """Where nothing is said."""
    assert load_settings({}).home == Path.home() / ".local" / "share" / "tumen"
    assert load_settings({"XDG_DATA_HOME": "/data"}).home == Path("/data/tumen")


def test_a_policy_that_is_named_must_be_there() -> None:
    """The built-in policy must not step in for a strict one."""
    with pytest.raises(RequestError, match="TUMEN_POLICY names"):
        load_settings({"TUMEN_POLICY": "/none/policy.yml"})


def test_lists_use_the_same_store_as_the_other_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `tumen lists load` keeps is what `tumen screen` screens against."""
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path))
    done = CliRunner().invoke(main, ["lists", "show"])
    assert done.exit_code == Exit.LISTS_MISSING, done.output
    assert (tmp_path / "tumen.db").exists()
