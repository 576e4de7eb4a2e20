"""What the README and CONTRIBUTING show works as it is written."""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from tumen.cli.exits import Exit
from tumen.cli.main import COMMANDS, main
from tumen.errors import SourceError
from tumen.lists.check import LoadOptions
from tumen.lists.ingest import OutcomeStatus, ingest_all
from tumen.lists.reader import SourceFile
from tumen.lists.recognise import recognise
from tumen.lists.registry import Registry, read_lists
from tumen.store import Store

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
SVG = ROOT / "docs" / "flow.svg"


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language on a page."""
    text = page.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_library_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The README's Python prints the hit it promises."""
    (code,) = blocks(README, "python")
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "NO Kwang Chol eu_journal_sanctions:32014R0269-I.PERSONS-1869" in printed


def test_the_excerpt_is_what_the_demo_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each party in the README's excerpt stands in the demo's output with its list."""
    monkeypatch.chdir(tmp_path)
    env = {"TUMEN_HOME": str(tmp_path / "home"), "TUMEN_STORE": "", "TUMEN_POLICY": ""}
    printed = CliRunner().invoke(main, ["demo"], env=env).output
    known = {" ".join(line.split()[1:]) for line in printed.splitlines() if line}
    (excerpt,) = blocks(README, "text")
    for line in excerpt.splitlines():
        if re.match(r"\d\.\d\d ", line):  # scores and sentences may be tuned, parties may not
            assert " ".join(line.split()[1:]) in known, line


def test_the_commands_shown_exist() -> None:
    """Every `tumen WORD` on both pages is a command."""
    for page in (README, CONTRIBUTING):
        for block in blocks(page, "console"):
            for word in re.findall(r"\btumen (\w+)", block):
                assert word in COMMANDS, (page.name, word)


def test_the_exit_codes_are_those_of_the_program() -> None:
    """The README's table has each code once."""
    table = README.read_text("utf-8").partition("## Exit codes")[2]
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]
    assert codes == sorted(int(code) for code in Exit)


def test_the_picture_reads_in_light_and_dark() -> None:
    """The README shows it; it has both palettes, a title, and loads nothing from elsewhere."""
    svg = SVG.read_text("utf-8")
    assert "docs/flow.svg" in README.read_text("utf-8")
    assert "prefers-color-scheme: dark" in svg
    assert "<title" in svg
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]


class Example:
    """The list that CONTRIBUTING adds, put where it says."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "xf_example"
        self.folder.mkdir()
        (facts,) = blocks(CONTRIBUTING, "yaml")
        (code,) = blocks(CONTRIBUTING, "python")
        (self.sample,) = blocks(CONTRIBUTING, "text")
        (self.folder / "list.yml").write_text(facts, "utf-8")
        (self.folder / "parse.py").write_text(code, "utf-8")
        self.registry = Registry(read_lists(root), self.reader)

    def reader(self, list_id: str) -> ModuleType:
        """Its parse module."""
        spec = spec_from_file_location(list_id, self.folder / "parse.py")
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        sys.modules.setdefault(list_id, module)
        spec.loader.exec_module(module)
        return module


@pytest.fixture
def example(tmp_path: Path) -> Example:
    """The worked example in a folder of lists of its own."""
    root = tmp_path / "lists"
    root.mkdir()
    return Example(root)


def test_the_example_list_is_loaded(example: Example, tmp_path: Path) -> None:
    """Recognised by content, read, checked and stored like any other list."""
    file = tmp_path / "register.csv"
    file.write_text(example.sample, "utf-8")
    found = recognise([file], example.registry)
    assert found.unrecognised == ()
    with Store.open(f"sqlite:///{tmp_path / 'store.db'}") as store:
        now = datetime(2026, 3, 2, tzinfo=UTC)
        outcomes = list(ingest_all(found.bundles, example.registry, store, LoadOptions(), now))
        (outcome,) = outcomes
        assert outcome.status is OutcomeStatus.LOADED, outcome.message
        assert outcome.version is not None
        assert outcome.version.published_on == date(2026, 3, 1)
        entries = list(store.entries(outcome.version.version_id))
    person, company = entries
    assert person.entity.names == ("Rufus T. Firefly", "Rufus Firefly")
    assert person.entity.get("birthDate") == ("1890-10-02",)
    assert company.entity.schema == "Company"


def test_the_example_counts_and_refuses(example: Example) -> None:
    """It keeps the rules of the page: the unknown is counted, the cut line refused."""
    reader = example.reader("xf_example")
    strange = example.sample.replace("2,company", "2,moon base")
    parsed = reader.parse([SourceFile("register.csv", strange.encode())])
    assert parsed.unknown == {"kind: moon base": 1}
    cut = example.sample.rstrip().removesuffix(",,")
    with pytest.raises(SourceError, match=r"register.csv, line 4: The line is cut"):
        reader.parse([SourceFile("register.csv", cut.encode())])
