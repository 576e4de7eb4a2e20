"""The page on the method says what the code does."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from tumen.matching import score
from tumen.matching.features import Outcome

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/method.md"


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    """The script that makes the tables."""
    return runpy.run_path(str(ROOT / "tools/build_method_page.py"))


def test_the_page_is_current(tool: dict[str, Any]) -> None:
    """Protects the published table from drifting away from the one that scores."""
    page = PAGE.read_text("utf-8")
    assert tool["render"](page) == page, "run tools/build_method_page.py"


def test_every_outcome_stands_in_the_page() -> None:
    """Protects against an outcome that scores without being published."""
    page = PAGE.read_text("utf-8")
    for outcome in Outcome:
        feature, _, words = str(outcome).partition(": ")
        assert f"| {feature.replace('_', ' ')} | {words} |" in page


def test_a_changed_table_changes_the_page(
    tool: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects the comparison itself: a table that differs must not pass as current."""
    monkeypatch.setitem(score.TABLE, Outcome.SAME_DAY, 0.123)
    page = PAGE.read_text("utf-8")
    assert tool["render"](page) != page
    assert "| birth date | same day | +12% of the gap to 1 |" in tool["render"](page)


def test_text_outside_the_tables_is_left_alone(tool: dict[str, Any]) -> None:
    """Protects the hand-written words around the made parts."""
    page = "before\n<!-- effects, made by x -->\nold\n<!-- end -->\nafter\n"
    made = tool["render"](page)
    assert made.startswith("before\n<!-- effects, made by x -->\n| feature |")
    assert made.endswith("<!-- end -->\nafter\n")
    assert "old" not in made
