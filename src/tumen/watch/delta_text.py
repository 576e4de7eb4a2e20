"""A delta for a terminal: counts first, then what came, went and changed, materially first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tumen.model.countries import country_name
from tumen.model.delta import ChangeKind, EntryChange, FieldChange, Materiality
from tumen.watch.delta_report import DeltaReport, describe, field_label, printable, shortened

_TITLES = {
    ChangeKind.ADDED: "Added",
    ChangeKind.REMOVED: "Removed",
    ChangeKind.CHANGED: "Changed",
}


def delta_text(report: DeltaReport, *, show_all: bool = False) -> Iterator[RenderableType]:
    """What to print, part by part. Cosmetic changes are counted unless `show_all`."""
    yield Text(report.title or report.delta.list_id, style="bold")
    yield Text(f"from {describe(report.before)}")
    yield Text(f"to   {describe(report.after)}")
    yield Text(report.headline())
    for caution in report.cautions():
        yield Text(f"! {caution}", style="yellow")
    for kind, title in _TITLES.items():
        changes = report.of_kind(kind, show_all=show_all)
        if changes:
            yield Text(f"\n{title} ({len(changes):,})", style="bold")
            yield from _entries(kind, changes, show_all)
    if report.cosmetic_only and not show_all:
        count = report.cosmetic_only
        entries = "1 entry" if count == 1 else f"{count:,} entries"
        yield Text(f"\n{entries} changed only cosmetically: --all shows them", style="dim")


def _entries(
    kind: ChangeKind, changes: tuple[EntryChange, ...], show_all: bool
) -> Iterator[RenderableType]:
    if kind is not ChangeKind.CHANGED:
        yield _listing(changes)
        return
    for change in changes:
        yield _heading(change)
        yield Padding(_fields(change, show_all), (0, 0, 0, 2))


def _listing(changes: tuple[EntryChange, ...]) -> Table:
    made = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(4):
        made.add_column(overflow="fold")
    for change in changes:
        again = f"\nlisted before as {printable(change.relisted_from)}" * bool(change.relisted_from)
        name = printable(change.caption) + again
        about = ", ".join([change.schema, *map(country_name, change.countries)])
        programmes = printable(", ".join(change.programmes))
        made.add_row(*map(Text, (printable(change.entity_id), name, about, programmes)))
    return made


def _heading(change: EntryChange) -> Text:
    programmes = f" [{printable(', '.join(change.programmes))}]" if change.programmes else ""
    line = Text(f"{printable(change.entity_id)} ")
    line.append(printable(change.caption), style="bold")
    return line.append(f" ({change.schema}){programmes}")


def _fields(change: EntryChange, show_all: bool) -> Table:
    made = Table.grid(padding=(0, 1, 0, 0))
    for width in (18, 1, None):
        made.add_column(min_width=width, overflow="fold")
    hidden = 0
    for one in change.fields:
        if show_all or one.materiality is Materiality.MATERIAL:
            _add_field(made, change.schema, one)
        else:
            hidden += 1
    if hidden:
        made.add_row(Text(""), Text(""), Text(f"and {hidden} cosmetic", style="dim"))
    return made


def _add_field(made: Table, schema: str, one: FieldChange) -> None:
    label = Text(field_label(schema, one.field))
    if one.materiality is Materiality.COSMETIC:
        label.stylize("dim")
    gone, come = shortened(one)
    for sign, style, values in (("−", "red", gone), ("+", "green", come)):
        for value in values:
            made.add_row(label, Text(sign, style=style), Text(printable(value), style=style))
            label = Text("")
    if not gone and not come:
        made.add_row(label, Text(""), Text("the order of values"))
