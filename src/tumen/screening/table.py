"""Results for a person at a terminal: hits, what was not screened, and against which lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tumen.model.screening import Screening
from tumen.screening.output import (
    Explain,
    OutputOptions,
    is_shown,
    outcome_of,
    own_warnings,
    reasons_text,
)
from tumen.screening.run import Tally
from tumen.screening.versions import UsedVersion

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

MAX_SHOWN = 500
# From this age a list is pointed out, whatever the policy allows.
OLD_DAYS = 30


@dataclass(slots=True)
class TableWriter:
    """Keeps the first results that say something, and shows them at the end."""

    options: OutputOptions
    hits: list[Screening] = field(default_factory=list)
    others: list[Screening] = field(default_factory=list)
    left_out: int = 0

    def write(self, screening: Screening) -> None:
        """Keep a result; beyond `MAX_SHOWN` it is only counted."""
        if not is_shown(screening, self.options):
            return
        kept = self.hits if screening.hits else self.others
        if len(kept) >= MAX_SHOWN:
            self.left_out += 1
        else:
            kept.append(screening)

    def show(self, console: Console) -> None:
        """Print what stands on every result, then the tables."""
        for note in self.options.notes:
            console.print(f"! {note}", style="yellow")
        if self.hits:
            console.print(self._hit_table())
        if self.others:
            console.print(self._other_table())
        if self.left_out:
            console.print(f"{self.left_out:,} more results are not shown: write them with --out")

    def _hit_table(self) -> Table:
        from rich.text import Text

        columns = ["Subject", "Score", "Listed name", "List", "Programme"]
        if self.options.explain is not Explain.NONE:
            columns.append("Why")
        table = _table("Hits", columns)
        for screening in self.hits:
            for number, hit in enumerate(screening.hits):
                style = "bold" if hit.is_hit else "dim"
                cells = [
                    self._subject(screening) if not number else "",
                    f"{hit.score:.2f}{'' if hit.is_hit else ' (possible)'}",
                    f"{hit.caption}\n{hit.entity_id}",
                    hit.list_id,
                    "\n".join(hit.programmes),
                    reasons_text(hit, self.options.explain),
                ]
                texts = [Text(cell) for cell in cells[: len(columns)]]
                texts[1].stylize(style)
                table.add_row(*texts, end_section=number == len(screening.hits) - 1)
        return table

    def _other_table(self) -> Table:
        from rich.text import Text

        table = _table("Not screened, or with warnings", ["Subject", "Outcome", "What is wrong"])
        for screening in self.others:
            problems = [screening.problem] if screening.problem else []
            texts = "\n".join([*problems, *own_warnings(screening, self.options)])
            row = (self._subject(screening), outcome_of(screening).value, texts)
            table.add_row(*(Text(cell) for cell in row))
        return table

    def _subject(self, screening: Screening) -> str:
        lines = [screening.caption or "(no name)", screening.subject_id]
        if screening.where and "#" not in screening.subject_id:
            lines.append(screening.where)
        if screening.hits:
            lines += [f"! {warning}" for warning in own_warnings(screening, self.options)]
        return "\n".join(lines)


def _table(title: str, columns: Sequence[str]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def summary_lines(tally: Tally, versions: Sequence[UsedVersion], today: date) -> list[str]:
    """What was done and against which lists, one sentence a line; warnings begin with "!"."""
    lines = [
        f"{tally.subjects:,} subjects: {tally.hit:,} with hits, {tally.possible:,} possible, "
        f"{tally.no_hit:,} without, {tally.not_screened:,} NOT SCREENED; "
        f"{tally.with_warnings:,} with warnings"
    ]
    return lines + [version_line(version, today) for version in versions]


def version_line(version: UsedVersion, today: date) -> str:
    """A list version with its dates; "!" before one that is old or of unknown age."""
    age = version.age_days(today)
    # The day it was retrieved says nothing of how old it was by then.
    is_known = version.published_on is not None and age is not None
    mark = "" if is_known and age is not None and age <= OLD_DAYS else "! "
    parts = [
        f"{version.entries:,} entries",
        f"published {version.published_on}" if version.published_on else "states no date",
        f"retrieved {version.retrieved_on}" if version.retrieved_on else "",
        f"{age:,} days old" if is_known else "of unknown age",
    ]
    return f"{mark}{version.version_id}: {', '.join(part for part in parts if part)}"
