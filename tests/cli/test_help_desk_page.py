"""What `docs/help-desk.md` says works as it is written there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from click.testing import CliRunner

from tumen.cli.main import main
from tumen.model.desk import HelpKind
from tumen.service.help_desk.informing import CONFIRM_WITHIN, MOST_A_DAY
from tumen.service.help_desk.letters import next_step
from tumen.service.help_desk.rounds import SECONDS
from tumen.watch.notices.backoff import MOST_ATTEMPTS

PAGE = (Path(__file__).parents[2] / "docs/help-desk.md").read_text("utf-8")


def block(kind: str) -> list[str]:
    """The blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_every_command_of_the_page_works(tmp_path: Path) -> None:
    """In the order of the page, with the briefing that it shows."""
    (written,) = block("markdown")
    (tmp_path / "coal.md").write_text(written, "utf-8")
    env = {"TUMEN_HOME": str(tmp_path), "TUMEN_STORE": "", "TUMEN_SMTP_URL": ""}
    lines = [line[2:] for one in block("console") for line in one.splitlines()]
    assert len(lines) == 8
    for line in lines:
        words = shlex.split(line.replace("coal.md", str(tmp_path / "coal.md")))[1:]
        done = CliRunner().invoke(main, words, env=env)
        assert done.exit_code == 0, (line, done.output)


def test_the_page_says_what_the_code_does() -> None:
    """Its table of doors and its numbers."""
    for kind in HelpKind:
        (row,) = re.findall(
            rf"^\| {re.escape(kind.label)} \| (P\d) \| (.*) \|$", PAGE, re.MULTILINE
        )
        assert row[0] == kind.priority.value
        if kind is not HelpKind.URGENT:
            assert row[1] in next_step(kind)
    words = {3: "three", 9: "nine"}
    assert f"{words[MOST_A_DAY]} confirmations a day" in PAGE
    assert f"within {words[CONFIRM_WITHIN.days]} days is forgotten" in PAGE
    assert f"tried {words[MOST_ATTEMPTS]} times" in PAGE
    assert f"every {SECONDS:.0f} seconds" in PAGE
