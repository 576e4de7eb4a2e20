"""The tool that tells what changed in lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from tumen.errors import RequestError
from tumen.lists.registry import published_lists
from tumen.model.delta import EntryChange, Materiality
from tumen.model.listing import ListVersion
from tumen.service.mcp.answers import Answer, page, version_answer
from tumen.service.mcp.desk import Desk
from tumen.service.mcp.list_tools import ListId, VersionName, current_versions, known_version
from tumen.store import Store
from tumen.watch.delta import delta_between
from tumen.watch.delta_report import DeltaReport, Only
from tumen.watch.version_names import before_it, day_of, versions_by_day

Offset = Annotated[int, Field(ge=0, description="The `next_offset` of the page before.")]
Limit = Annotated[int, Field(ge=1, le=200, description="At most so many.")]
_Pair = tuple[ListVersion | None, ListVersion]


class ChangeTools:
    """Bound to one desk; each public method is a tool."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def what_changed(
        self,
        list_id: ListId = "",
        since: Annotated[
            date | None, Field(description="From the version of this day, or last before it.")
        ] = None,
        before: VersionName = "",
        after: VersionName = "",
        only: Annotated[tuple[Only, ...], Field(description="These kinds of change alone.")] = (),
        programme: Annotated[str, Field(max_length=200, description="This programme alone.")] = "",
        cosmetic: Annotated[bool, Field(description="Show cosmetic changes too.")] = False,
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> dict[str, Any]:
        """Show what was added to lists, removed from them and changed, field by field.

        By default from the version before to the current one; with `since` from that of an earlier
        day; or between the versions `before` and `after`. Material changes can alter whom an entry
        means or what it forbids; cosmetic ones are only counted unless asked for. A removal is
        evidence of a delisting, not proof. `not_compared` names lists of which no earlier version
        is known.
        """
        store = self._desk.store()
        if before or after:
            if since is not None or list_id:
                raise RequestError("Give `before` and `after`, or `list_id` and `since`")
            pairs = iter([_named(store, before, after)])
        else:
            pairs = _since(store, list_id, since)
        programmes = (programme,) if programme else ()
        reports, first = [], []
        for earlier, later in pairs:
            if earlier is None:
                first.append(later.version_id)
            else:
                reports.append(_report(store, earlier, later).only(only, programmes))
        changes = (
            {"list_id": report.delta.list_id, **_change(change, cosmetic)}
            for report in reports
            for change in report.changes
            if cosmetic or change.is_material
        )
        today = self._desk.clock().date()
        return {
            "compared": [_compared(report, today) for report in reports],
            "not_compared": first,
            "changes": page(changes, offset, limit),
        }


def _named(store: Store, before: str, after: str) -> _Pair:
    if not after:
        earlier = known_version(store, before)
        return earlier, current_versions(store, earlier.list_id)[0]
    later = known_version(store, after)
    return (known_version(store, before) if before else before_it(store, later)), later


def _since(store: Store, list_id: str, since: date | None) -> Iterator[_Pair]:
    for later in current_versions(store, list_id):
        if since is None:
            yield before_it(store, later), later
        else:
            known = versions_by_day(store, later.list_id)
            earlier = [one for one in known if day_of(one) <= since]
            yield (earlier[-1] if earlier else None), later


def _report(store: Store, before: ListVersion, after: ListVersion) -> DeltaReport:
    registry = published_lists()
    title = registry.get(after.list_id).title if after.list_id in registry else ""
    delta = delta_between(store, before.version_id, after.version_id)
    return DeltaReport.of(delta, after, before, title)


def _compared(report: DeltaReport, today: date) -> Answer:
    return {
        "list_id": report.delta.list_id,
        "title": report.title,
        "before": version_answer(report.before, today) if report.before else None,
        "after": version_answer(report.after, today),
        "summary": report.headline(),
        "counts": report.counts(),
        "cautions": list(report.cautions()),
    }


def _change(change: EntryChange, is_whole: bool) -> Answer:
    """A change with its material fields, or with all."""
    shown = [
        one.to_dict()
        for one in change.fields
        if is_whole or one.materiality is Materiality.MATERIAL
    ]
    return {**change.to_dict(), "fields": shown}
