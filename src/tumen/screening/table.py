"""Results for a person at a terminal: hits, what was not screened, and against which lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tumen.model.screening import Hit, Screening
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
# Wider lines are no easier to read; names and reasons wrap, they are never cut.
_MOST_COLUMNS = 100
_SCORE_COLUMNS = 5
_INDENT = _SCORE_COLUMNS + 2


@dataclass(slots=True)
class TableWriter:
    """Keeps the first results that say something, and shows them at the end.

    In the book's order, or with `is_ranked` the best hits first.
    """

    options: OutputOptions
    is_ranked: bool = False
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

    @property
    def ranked(self) -> list[Screening]:
        """The results with hits, the best first."""
        return sorted(self.hits, key=lambda one: (-one.hits[0].score, one.subject_id))

    def show(self, console: Console) -> None:
        """Print what stands on every result, then the hits, then what else there is to say."""
        width = min(console.width, _MOST_COLUMNS)
        for note in self.options.notes:
            console.print(f"! {note}", style="yellow", width=width)
        if self.hits:
            console.print(f"\n{self._counts()}", style="bold")
            console.print(_line(width, "Score", "Party in the book", "Listed party", "List entry"))
            console.print("─" * width, style="dim")
        for screening in self.ranked if self.is_ranked else self.hits:
            self._show_hits(console, width, screening)
        if self.others:
            more = ", or without hit" if self.options.has_clean else ""
            console.print(f"\nNot screened, or not read whole{more}", style="bold")
        for screening in self.others:
            self._show_other(console, width, screening)
        if self.left_out:
            console.print(f"\n{self.left_out:,} more results are not shown: write them with --out")
        if self.hits or self.others:
            console.print()

    def _counts(self) -> str:
        possible = sum(not any(hit.is_hit for hit in one.hits) for one in self.hits)
        more = f", {possible:,} possible" if possible else ""
        return f"Hits: {len(self.hits) - possible:,} parties{more}"

    def _show_hits(self, console: Console, width: int, screening: Screening) -> None:
        """The first hit names the party; what else it may be stands below."""
        party = f"{_name(screening)} [{_row(screening) or screening.subject_id}]"
        for hit in screening.hits:
            style = "" if hit.is_hit else "dim"
            console.print(
                _line(width, f"{hit.score:.2f}", party, hit.caption, _entry(hit)), style=style
            )
            self._show_below(console, width, hit)
            party = "  the same, also"
        for warning in own_warnings(screening, self.options):
            _indented(console, width, f"! {warning}", "yellow")

    def _show_below(self, console: Console, width: int, hit: Hit) -> None:
        parts = [] if hit.is_hit else ["Possible, below the threshold."]
        if self.options.explain is not Explain.NONE:
            parts.append(reasons_text(hit, self.options.explain))
        if parts:
            _indented(console, width, " ".join(parts), "dim")

    def _show_other(self, console: Console, width: int, screening: Screening) -> None:
        from rich.text import Text

        outcome = outcome_of(screening).value
        said = [screening.problem, *own_warnings(screening, self.options)]
        place = ", ".join(_places(screening))
        outcome = outcome if screening.was_screened else outcome.upper()
        whole = ". ".join([outcome, *filter(None, ["; ".join(filter(None, said))])])
        text = Text(f"! {place}: {whole}", style="yellow" if any(said) else "")
        console.print(text, width=width)


def _places(screening: Screening) -> Iterator[str]:
    """Where in the book a result comes from, and whose it is."""
    if screening.where:
        yield screening.where
    if not _row(screening):
        yield screening.subject_id
    yield _name(screening)


def _row(screening: Screening) -> str:
    """The row of a subject without an id: the id that stands in for it is file and row."""
    stand_in = screening.where.replace(" row ", "#")
    return f"row {stand_in.rpartition('#')[2]}" if screening.subject_id == stand_in != "" else ""


def _name(screening: Screening) -> str:
    return screening.caption or "(no name)"


def _entry(hit: Hit) -> str:
    """The id to give to `tumen show`, and the programmes."""
    own = () if hit.entity_id.startswith(hit.list_id) else (hit.list_id,)
    return " ".join([*own, hit.entity_id, *hit.programmes])


def _indented(console: Console, width: int, text: str, style: str) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Padding(Text(text, style=style), (0, 0, 0, _INDENT)), width=width)


def _line(width: int, *cells: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    rest = width - _INDENT - 4
    party, listed = rest * 30 // 100, rest * 33 // 100
    line = Table.grid(padding=(0, 2, 0, 0))
    for columns in (_SCORE_COLUMNS, party, listed, rest - party - listed):
        line.add_column(width=columns, overflow="fold")
    line.add_row(*(Text(cell) for cell in cells))
    return line


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
