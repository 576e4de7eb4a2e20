"""What `tumen demo` prints: each hit on one line, its reason below, and the odd rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tumen.model.screening import Hit, Screening
from tumen.screening.output import OutputOptions, own_warnings

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# Made for 100 columns; names wrap, they are never cut.
_COLUMNS = 100
_WIDTHS = (5, 28, 34, 27)
_INDENT = _WIDTHS[0] + 2


@dataclass(slots=True)
class DemoReport:
    """Keeps the results that say something, and shows them best first."""

    options: OutputOptions
    hits: list[Screening] = field(default_factory=list)
    odd: list[Screening] = field(default_factory=list)

    def write(self, screening: Screening) -> None:
        """Keep a result with a hit, a problem or a warning of its own."""
        if screening.hits:
            self.hits.append(screening)
        if screening.problem or own_warnings(screening, self.options):
            self.odd.append(screening)

    @property
    def example(self) -> str:
        """The entity id of the best hit; a placeholder where there is none."""
        ranked = self._ranked()
        return ranked[0].hits[0].entity_id if ranked else "ENTITY_ID"

    def show(self, console: Console) -> None:
        """Print hits, then what was not screened or not read whole."""
        from rich.text import Text

        console.print(f"\nHits: {len(self.hits)} parties", style="bold")
        console.print(_line("Score", "Party in the book", "Listed party", "List and programme"))
        console.print("─" * _COLUMNS, style="dim")
        for screening in self._ranked():
            self._show_hits(console, screening)
        console.print("\nNot screened, or not read whole", style="bold")
        for screening in self.odd:
            outcome = "" if screening.was_screened else "NOT SCREENED. "
            said = [screening.problem, *own_warnings(screening, self.options)]
            text = (
                f"{screening.where}, {_name(screening)}: {outcome}{'; '.join(filter(None, said))}"
            )
            console.print(Text(f"! {text}", style="yellow"), width=_COLUMNS)
        console.print()

    def _show_hits(self, console: Console, screening: Screening) -> None:
        """The first hit names the party; what other lists say of it stands below."""
        from rich.padding import Padding
        from rich.text import Text

        party = f"{_name(screening)} [{screening.subject_id}]"
        for hit in screening.hits:
            console.print(_line(f"{hit.score:.2f}", party, hit.caption, _listing(hit)))
            why = Text(hit.sentence, style="dim")
            console.print(Padding(why, (0, 0, 0, _INDENT)), width=_COLUMNS)
            party = "  the same, also"

    def _ranked(self) -> list[Screening]:
        return sorted(self.hits, key=lambda one: (-one.hits[0].score, one.subject_id))


def _name(screening: Screening) -> str:
    return screening.caption or "(no name)"


def _listing(hit: Hit) -> str:
    return " ".join([hit.list_id, *hit.programmes])


def _line(*cells: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    line = Table.grid(padding=(0, 2, 0, 0))
    for width in _WIDTHS:
        line.add_column(width=width, overflow="fold")
    line.add_row(*(Text(cell) for cell in cells))
    return line
