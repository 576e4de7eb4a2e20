"""One run of the benchmark: its progress, its files, and the snapshots made so far."""

from __future__ import annotations

import sys
import time
from functools import cached_property
from pathlib import Path

from bench.alone import Figures, run_alone

COLUMNS = {"whole": "all columns", "name": "name alone"}


class Run:
    """One run of the benchmark: where its files go, and the snapshots made so far."""

    def __init__(self, scratch: Path, *, is_quick: bool) -> None:
        self.scratch, self.is_quick = scratch, is_quick
        self._started = time.monotonic()

    def say(self, text: str) -> None:
        """Progress, on stderr."""
        seconds = time.monotonic() - self._started
        print(f"{seconds:7.1f} s  {text}", file=sys.stderr, flush=True)

    def sample(self, count: int) -> int:
        """How many of `count` to measure: a fiftieth in a quick run."""
        return max(100, count // 50) if self.is_quick else count

    @cached_property
    def un_and_ofac(self) -> Path:
        """A snapshot of the UN's and OFAC's lists."""
        folder = self.scratch / "un_and_ofac"
        run_alone("build", folder, "un_and_ofac")
        return folder

    @cached_property
    def real(self) -> tuple[Path, Figures]:
        """A snapshot of all real lists, and how long it took from the files."""
        folder = self.scratch / "real"
        figures = run_alone("build", folder, "all")
        self.say(f"all real lists: {figures}")
        return folder, figures

    @cached_property
    def million(self) -> tuple[Path, Figures]:
        """A snapshot of a million names."""
        folder = self.scratch / "million"
        figures = run_alone("fill", folder, self.real[0])
        self.say(f"a million names: {figures}")
        return folder, figures
