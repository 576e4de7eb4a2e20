"""A delta as a report in Markdown that can be filed: versions, counts, every change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tumen.model.countries import country_name
from tumen.model.delta import ChangeKind, EntryChange, Materiality
from tumen.model.listing import ListVersion
from tumen.watch.delta_report import DeltaReport, field_label, printable

# What would make markup, or a cell of its own, out of a published text.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LISTINGS = (
    (ChangeKind.ADDED, "Added", "listed before as"),
    (ChangeKind.REMOVED, "Removed", ""),
)


def delta_markdown(report: DeltaReport, *, show_all: bool = False) -> str:
    """The report as text. Cosmetic changes are counted unless `show_all`."""
    return "\n".join(_lines(report, show_all)) + "\n"


def _lines(report: DeltaReport, show_all: bool) -> Iterator[str]:
    yield f"# What changed: {_plain(report.title or report.delta.list_id)}"
    yield from ("", report.headline(), "")
    yield from _versions(report)
    for caution in report.cautions():
        yield from ("", f"**Note.** {_plain(caution)}")
    for kind, title, again in _LISTINGS:
        if changes := report.of_kind(kind):
            yield from ("", f"## {title} ({len(changes):,})", "")
            yield from _listing(changes, again)
    if changes := report.of_kind(ChangeKind.CHANGED, show_all=show_all):
        yield from ("", f"## Changed ({len(changes):,})")
        for change in changes:
            yield from _entry(change, show_all)
    if report.cosmetic_only and not show_all:
        yield from (
            "",
            f"Entries that changed only cosmetically, not listed: {report.cosmetic_only:,}.",
        )


def _versions(report: DeltaReport) -> Iterator[str]:
    yield "| | before | after |"
    yield "|---|---|---|"
    for label, slot in (
        ("version", "version_id"),
        ("published", "published_on"),
        ("retrieved", "retrieved_at"),
        ("entries", "entries"),
        ("format", "format"),
        ("SHA-256", "content_hash"),
    ):
        cells = (_slot(version, slot) for version in (report.before, report.after))
        yield f"| {label} | {' | '.join(cells)} |"


def _slot(version: ListVersion | None, slot: str) -> str:
    if version is None:
        return "–"
    value = getattr(version, slot)
    if slot == "retrieved_at":
        return f"{value:%Y-%m-%d %H:%M:%S %Z}"
    return f"{value:,}" if isinstance(value, int) else _plain(str(value or "unknown"))


def _listing(changes: tuple[EntryChange, ...], again: str) -> Iterator[str]:
    yield "| id | name | type | countries | programmes |"
    yield "|---|---|---|---|---|"
    for change in changes:
        note = f" ({again} {change.relisted_from})" if change.relisted_from else ""
        cells = (
            change.entity_id,
            change.caption + note,
            change.schema,
            ", ".join(map(country_name, change.countries)),
            ", ".join(change.programmes),
        )
        yield f"| {' | '.join(map(_plain, cells))} |"


def _entry(change: EntryChange, show_all: bool) -> Iterator[str]:
    yield from ("", f"### {_plain(change.caption)} ({_plain(change.entity_id)})", "")
    under = f", {_plain(', '.join(change.programmes))}" if change.programmes else ""
    yield from (f"{change.schema}{under}", "")
    yield "| field | gone | come | |"
    yield "|---|---|---|---|"
    hidden = 0
    for one in change.fields:
        if one.materiality is Materiality.COSMETIC and not show_all:
            hidden += 1
            continue
        gone, come = ("<br>".join(map(_plain, values)) for values in (one.gone, one.come))
        label = _plain(field_label(change.schema, one.field))
        yield f"| {label} | {gone} | {come} | {one.materiality.value} |"
    if hidden:
        yield from ("", f"Cosmetic changes, not listed: {hidden}.")


def _plain(text: str) -> str:
    """Published text as it is, on one line, with nothing in it that Markdown would read."""
    return _MARKUP.sub(r"\\\1", printable(text))
