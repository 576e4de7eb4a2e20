"""What charts show: plain numbers with where each leads. Drawn by `macros/charts.html`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, how much, where it leads, and a class of the stylesheet."""

    label: str
    value: float
    address: str = ""
    tone: str = "one"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar of several parts, in the order of the chart's heads."""

    label: str
    parts: tuple[Bar, ...]

    @property
    def total(self) -> float:
        """All parts together."""
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, slots=True)
class Placed:
    """A bar with its place in a drawing of 100 by 100."""

    bar: Bar
    x: float
    y: float
    width: float
    height: float


def columns(bars: Iterable[Bar]) -> list[Placed]:
    """Bars side by side as columns, the highest of full height; a small one still shows."""
    every = list(bars)
    most = max((bar.value for bar in every), default=0) or 1
    step = 100 / max(len(every), 1)
    placed = []
    for number, bar in enumerate(every):
        height = max(bar.value / most * 100, 2.0) if bar.value else 0.0
        width = step * 0.8
        placed.append(
            Placed(
                bar, round(number * step + step * 0.1, 2), round(100 - height, 2), round(width, 2),
                round(height, 2),
            )
        )  # fmt: skip
    return placed


def lengths(bars: Iterable[Bar]) -> list[Placed]:
    """Bars one below the other, each as long as its share of the longest."""
    every = list(bars)
    most = max((bar.value for bar in every), default=0) or 1
    return [Placed(bar, 0.0, 0.0, _length(bar.value, most), 100.0) for bar in every]


def stacked(stacks: Iterable[Stack]) -> list[tuple[Stack, list[Placed]]]:
    """The parts of each bar end to end, the longest bar of full length."""
    every = list(stacks)
    most = max((stack.total for stack in every), default=0) or 1
    found = []
    for stack in every:
        start, placed = 0.0, []
        for part in stack.parts:
            width = part.value / most * 100
            placed.append(Placed(part, round(start, 2), 0.0, round(width, 2), 100.0))
            start += width
        found.append((stack, placed))
    return found


def _length(value: float, most: float) -> float:
    return round(max(value / most * 100, 1.0), 2) if value else 0.0
