"""What the guide says can be typed works, and what it quotes is what the program says."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import openpyxl
import pytest
from click.testing import CliRunner, Result

from tumen.cli.bulk import SMALL_BOOK
from tumen.cli.exits import Exit
from tumen.cli.main import COMMANDS, main
from tumen.config import load_settings
from tumen.demo import LISTS
from tumen.screening.headings import find_property, find_schema
from tumen.screening.output import Outcome
from tumen.screening.policy import load_policy
from tumen.screening.table import MAX_SHOWN
from tumen.watch.report import TOUCHED

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide.md"
TEXT = GUIDE.read_text("utf-8")
BOOK = "name,Born on or about,country,Account manager\nAnna Invented,1980-05-06,DE,Kim\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the guide's reader works in: two official files and two books."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copy(LISTS / "un_consolidated.xml", folder / "consolidated.xml")
    shutil.copy(LISTS / "sdn_enhanced.xml", folder / "sdn_enhanced.xml")
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (["id", "name", "imo"], ["1", "Sea Dream 7", 9179842], ["2", "Anna Invented", None]):
        sheet.append(row)
    made.save(folder / "customers.xlsx")
    (folder / "book.csv").write_text(BOOK)
    lay_down_the_new_version(folder)
    return folder


def lay_down_the_new_version(folder: Path) -> None:
    """A file in which the ship of the book is listed no more, as it comes one night."""
    before, *entries = re.split(r"(?=<entity id=)", (folder / "sdn_enhanced.xml").read_text())
    kept = [
        entry.partition("</entity>")[2] if "IMO 9179842" in entry else entry for entry in entries
    ]
    (folder / "incoming").mkdir()
    (folder / "incoming/sdn_enhanced.xml").write_text("".join([before, *kept]))


def commands() -> list[tuple[str, int]]:
    """Every command line on the page, and the exit code that it says, by default 0."""
    blocks = re.findall(r"^```console\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    parted = [line.partition("# exit code ") for line in lines]
    return [(line, int(code or 0)) for line, _, code in parted]


def type_in(line: str, home: Path) -> Result:
    """What a command line of the page gives."""
    words = shlex.split(line)[1:]
    if words[:2] == ["lists", "load"]:
        words.append("--accept-shrunken")  # The samples are shorter than whole lists may be.
    env = {"TUMEN_HOME": str(home), "TUMEN_STORE": "", "TUMEN_POLICY": "", "XDG_DATA_HOME": ""}
    return CliRunner().invoke(main, words, env=env)


def test_its_commands_can_be_typed_in_its_order(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each ends as the page says; the ship is found, and by night is listed no more."""
    monkeypatch.chdir(desk)
    assert len(commands()) >= 6
    outputs = []
    for line, code in commands():
        result = type_in(line, desk / "home")
        assert result.exit_code == code, (line, result.output)
        outputs.append(result.output)
    assert any("IMO number 9179842 agrees" in text for text in outputs)
    assert "IMO number 9179842" in (desk / "hits.csv").read_text("utf-8")
    quoted = [line for line in TEXT.splitlines() if line.startswith(("! Hits", "    Sea Dream"))]
    for line in quoted:
        assert any(line.removesuffix(" …") in text for text in outputs), line
    assert len(quoted) == 2


def test_every_option_it_names_exists() -> None:
    """An option that was renamed would leave the reader alone."""
    known = {"--help"}
    stack: list[click.Command] = [main]
    while stack:
        command = stack.pop()
        known |= {name for parameter in command.params for name in parameter.opts}
        if isinstance(command, click.Group):
            context = click.Context(command)
            stack += [
                found
                for name in command.list_commands(context)
                if (found := command.get_command(context, name)) is not None
            ]
    named = set(re.findall(r"--[a-z][a-z-]+", TEXT))
    assert len(named) > 15
    assert named <= known
    assert set(re.findall(r"`tumen (\w+)", TEXT)) <= set(COMMANDS)


def table_of(section: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its head."""
    text = TEXT.partition(f"## {section}\n")[2]
    rows = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert rows is not None
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[0].splitlines()]
    return cells[2:]


def test_its_headings_are_known() -> None:
    """Each column heading and type in the table is read."""
    for what, examples in table_of("Your file"):
        headings, _, types = examples.partition(": ")
        for heading in re.split(r"[,;]", headings.partition("; address")[0]):
            name = heading.replace(" or ", "").strip()
            assert find_property(name), (what, name)
        for word in filter(None, types.replace("…", "").split(",")):
            assert find_schema(word.strip()), word


def test_its_outcomes_and_exit_codes_are_the_programs() -> None:
    """No row missing, none too many."""
    assert [row[0] for row in table_of("What comes back")] == [one.value for one in Outcome]
    assert [int(row[0]) for row in table_of("Exit codes")] == sorted(int(code) for code in Exit)


def test_its_policy_can_be_loaded(tmp_path: Path) -> None:
    """The YAML as it stands on the page."""
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    path = tmp_path / "policy.yml"
    path.write_text(text)
    policy = load_policy(path)
    assert (policy.name, policy.cutoff, policy.max_list_age_days) == ("onboarding", 0.6, 7)
    settings = load_settings({"TUMEN_HOME": str(tmp_path)})
    assert settings.policy_file == path


def test_its_settings_are_read(tmp_path: Path) -> None:
    """Each variable of the table changes something."""
    named = {row[0].strip("`") for row in table_of("Settings")}
    policy = tmp_path / "p.yml"
    policy.write_text("x")
    for name, value in (
        ("TUMEN_HOME", str(tmp_path)),
        ("TUMEN_STORE", "sqlite:///x.db"),
        ("TUMEN_POLICY", str(policy)),
    ):
        assert name in named
        assert load_settings({name: value}) != load_settings({})
    assert len(named) == 3


def test_what_it_says_of_a_report_is_the_programs() -> None:
    """Each kind of the report has a row in the night's table, in its order."""
    rows = [row[0] for row in table_of("A night in the life of a list")]
    assert len(rows) == len(TOUCHED)
    for row, words in zip(rows, TOUCHED.values(), strict=True):
        assert words.startswith(row)


def test_the_messages_it_explains_are_the_programs() -> None:
    """Each stands in the code as the page quotes it, up to what is filled in."""
    code = "".join(path.read_text("utf-8") for path in (ROOT / "src" / "tumen").rglob("*.py"))
    rows = table_of("When something is in the way")
    assert len(rows) >= 6
    for message, _ in rows:
        plain = message.replace("Read as cp1251, a guess", "Read as {encoding.name}, a guess")
        assert plain in code, message


def test_its_numbers_are_the_programs() -> None:
    """From how many rows on all cores are used, and where the table stops."""
    assert f"From {SMALL_BOOK:,} rows on" in TEXT
    assert f"the table stops after {MAX_SHOWN}" in TEXT
