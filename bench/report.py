"""From measured rows to docs/benchmarks.md."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

NOT_MEASURED = "–"


class Row(NamedTuple):
    """One measured figure beside the peer's, its goal in words, and whether ours reaches it."""

    what: str
    peer: str
    ours: str
    goal: str = ""
    is_reached: bool | None = None


class Section(NamedTuple):
    """A table with a heading and a few sentences on how its figures were got."""

    title: str
    text: str
    rows: tuple[Row, ...]


def at_least(what: str, peer: float | None, ours: float, goal: float, form: str = ".3f") -> Row:
    """A row whose figure should be `goal` or more."""
    return _judged(what, peer, ours, f"≥ {goal:{form}}", ours >= goal, form)


def at_most(what: str, peer: float | None, ours: float, goal: float, form: str = ".3f") -> Row:
    """A row whose figure should be `goal` or less."""
    return _judged(what, peer, ours, f"≤ {goal:{form}}", ours <= goal, form)


def without_goal(what: str, peer: float | None, ours: float, form: str = ".3f") -> Row:
    """A row that no goal was set for."""
    return Row(what, _number(peer, form), _number(ours, form))


def _judged(
    what: str, peer: float | None, ours: float, goal: str, is_reached: bool, form: str
) -> Row:
    return Row(what, _number(peer, form), _number(ours, form), goal, is_reached)


def _number(value: float | None, form: str) -> str:
    return NOT_MEASURED if value is None else f"{value:{form}}"


def render(sections: Iterable[Section], machine: str) -> str:
    """The page as Markdown."""
    found = list(sections)
    parts = [_head(machine, found), *(_section(section) for section in found)]
    return "\n".join(parts)


def _head(machine: str, sections: Sequence[Section]) -> str:
    judged = [row.is_reached for s in sections for row in s.rows if row.is_reached is not None]
    return f"""\
# Benchmarks

Written by `make bench`; it runs `python -m bench`, which measures tumen and nomenklatura's
logic-v2 in the same run, on the same machine and the same data, in about an hour and a half.
The figures are of the development halves of the accuracy sets, which were looked at while the
method was made; a dash is what was not measured.

- Peer: logic-v2 of nomenklatura {version("nomenklatura")} with rigour {version("rigour")}
- Machine: {machine}
- Threshold: 0.70 for both
- Data: the folder that `TUMEN_BENCH_DATA` names (`../shared` where it is not set)

{sum(judged)} of {len(judged)} goals are reached.
"""


def _section(section: Section) -> str:
    lines = [f"## {section.title}", "", section.text.strip(), ""]
    lines += ["| what | logic-v2 | tumen | goal | |", "|---|---:|---:|---:|---|"]
    for row in section.rows:
        lines.append(
            f"| {row.what} | {row.peer} | {row.ours} | {row.goal} | {_verdict(row.is_reached)} |"
        )
    return "\n".join([*lines, ""])


def _verdict(is_reached: bool | None) -> str:
    if is_reached is None:
        return ""
    return "reached" if is_reached else "**not reached**"


def describe_machine() -> str:
    """CPU model, cores, memory and Python, without the machine's name."""
    cpu = _field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()
    cores = sum(line.startswith("processor") for line in _lines("/proc/cpuinfo"))
    memory = int((_field("/proc/meminfo", "MemTotal") or "0").split()[0]) / 2**20
    python = platform.python_version()
    return f"{cpu}, {cores} cores, {memory:.0f} GB memory, Linux, Python {python}"


def _field(path: str, name: str) -> str:
    for line in _lines(path):
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def _lines(path: str) -> list[str]:
    place = Path(path)
    return place.read_text("utf-8").splitlines() if place.exists() else []
