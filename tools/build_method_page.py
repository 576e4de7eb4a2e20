"""Renew the tables in docs/method.md from src/tumen/matching/score.py.

Run it after changing the table: `python tools/build_method_page.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tumen.matching import score
from tumen.matching.features import Outcome

PAGE = Path(__file__).parents[1] / "docs/method.md"
_BLOCK = re.compile(r"(<!-- (\w+), made by .*? -->\n).*?(<!-- end -->)", re.DOTALL)


def render(page: str) -> str:
    """The page with its made parts as the code has them now."""
    return _BLOCK.sub(lambda found: found[1] + _PARTS[found[2]]() + found[3], page)


def effects() -> str:
    """What each outcome adds or takes."""
    lines = ["| feature | outcome | effect |", "|---|---|---:|"]
    for outcome, share in score.TABLE.items():
        feature, _, words = str(outcome).partition(": ")
        lines.append(f"| {feature.replace('_', ' ')} | {words} | {_effect(share)} |")
    return "\n".join(lines) + "\n"


def _effect(share: float) -> str:
    if share > 0:
        return f"+{share:.0%} of the gap to 1"
    return f"−{-share:.0%} of the score" if share else "none"


def limits() -> str:
    """The bounds within which the name gives its base, and identifiers stand alone."""
    lines = ["| bound | value |", "|---|---:|"]
    found = {
        "a hit needs": score.THRESHOLD,
        "the same name and nothing else, poorest evidence": score.NAME_CEILING_POOR,
        "the same name and nothing else, richest evidence": score.NAME_CEILING_RICH,
        "the same name where its authority calls it weak": score.WEAK_NAME_CEILING,
        "agreements begin to count above a base of": score.NAME_FLOOR,
        "agreements count in full from a base of": score.NAME_FULL,
        "a strong identifier alone": score.ALONE[Outcome.STRONG_IDENTIFIER],
        "a good identifier alone": score.ALONE[Outcome.GOOD_IDENTIFIER],
        "a weak identifier alone": score.ALONE[Outcome.WEAK_IDENTIFIER],
    }
    lines += [f"| {what} | {value:.2f} |" for what, value in found.items()]
    return "\n".join(lines) + "\n"


_PARTS: dict[str, Callable[[], str]] = {"effects": effects, "limits": limits}


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text("utf-8")), "utf-8")
