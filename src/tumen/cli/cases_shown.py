"""A case as text: both sides of each hit field by field, decisions, files, and the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tumen.cases.history import fold
from tumen.cases.workflow import undecided_ids
from tumen.cli.output import console, table
from tumen.model.casework import CaseAct

if TYPE_CHECKING:
    from rich.table import Table

    from tumen.model.case import Alert, Case, CaseRecord, CaseSummary, Recommendation
    from tumen.store.work import Work

# (alert id, entity id) → the entry as the screening saw it.
Entries = Mapping[tuple[str, str], Mapping[str, Any]]
_NOT_TOLD = frozenset({"sha256", "alert_id", "subject", "hits", "versions", "policy"})


def plain(text: object) -> str:
    """Text from lists and parties without what a terminal would obey."""
    return "".join(one if one.isprintable() else " " for one in str(text))


def summary_to_dict(one: CaseSummary) -> dict[str, Any]:
    """A case in the queue, JSON-ready."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(one).items()
    }


def case_to_dict(records: Sequence[CaseRecord]) -> dict[str, Any]:
    """A case as its history, JSON-ready, with where it stands."""
    case = fold(records)
    return {
        "case_id": case.case_id,
        "sequence": case.sequence,
        "state": case.state.value,
        "priority": case.priority.value,
        "origin": case.origin.value,
        "title": case.title,
        "subject_key": case.subject_key,
        "opened_at": case.opened_at.isoformat(),
        "due_at": case.due_at.isoformat() if case.due_at else None,
        "assignee": case.assignee,
        "tags": list(case.tags),
        "related": list(case.related),
        "undecided": sorted(undecided_ids(case)),
        "history": [_record_to_dict(one) for one in records],
    }


def _record_to_dict(record: CaseRecord) -> dict[str, Any]:
    return {
        "sequence": record.sequence,
        "act": record.act.value,
        "at": record.at.isoformat(),
        "by": {
            "user_id": record.actor.user_id,
            "name": record.actor.name,
            "person": record.actor.person,
            "deputises_for": record.actor.deputises_for,
        },
        "details": dict(record.details),
    }


def entries_of(work: Work, records: Sequence[CaseRecord]) -> Entries:
    """The entries of all hits of a case, each from the list version that was screened against."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for alert in fold(records).alerts:
        for version_id in alert.versions:
            list_id = version_id.rpartition("@")[0]
            wanted = {str(hit["entity_id"]) for hit in alert.hits if hit.get("list_id") == list_id}
            for entry in work.lists.entries_by_id(version_id, wanted) if wanted else ():
                found[alert.alert_id, entry.entity.entity_id] = entry.entity.to_dict()
    return found


def print_case(records: Sequence[CaseRecord], entries: Entries) -> None:
    """Show a case."""
    out, case = console(), fold(records)
    for line in _head(case):
        out.print(line)
    for alert in case.alerts:
        for part in _alert(alert, entries):
            out.print(part)
    if case.pending:
        out.print(f"\nRecommended, and waits for a second person:\n{_told(case.pending)}")
    for one in case.decisions:
        words = f": {plain(one.text)}" if one.text else ""
        out.print(f"\nDecided:\n{_told(one.recommendation)}")
        out.print(f"  Approved by {plain(one.approved_by.name)}, {_at(one.approved_at)}{words}")
    out.print()
    out.print(table("History", ("No.", "At (UTC)", "Who", "What", "Words"), _history(records)))
    files = [one.details for one in records if one.act is CaseAct.ATTACHED]
    if files:
        rows = [(plain(one["name"]), f"{one['size_bytes']:,}", one["sha256"]) for one in files]
        out.print(table("Files", ("Name", "Bytes", "SHA-256"), rows))
    out.print(f"As of record {case.sequence}: to decide, say --seen {case.sequence}")


def _head(case: Case) -> Iterator[str]:
    yield f"{case.case_id}: {plain(case.title)}"
    due = f", due {_at(case.due_at)}" if case.due_at else ""
    yield f"{case.priority.value}, {case.state.value}{due}; {case.origin.value}"
    if case.subject_key:
        yield f"About {plain(case.subject_key)}"
    yield f"With {plain(case.assignee.removeprefix('user:')) or 'nobody'}"
    if case.tags:
        yield f"Tags: {plain(', '.join(case.tags))}"
    if case.related:
        yield f"Belongs with {', '.join(case.related)}"
    if case.reopened_for:
        yield "Reopened, for:"
        yield from (f"  {plain(line)}" for line in case.reopened_for.splitlines())
    if open_ids := sorted(undecided_ids(case)):
        yield f"To be decided: {plain(', '.join(open_ids))}"


def _alert(alert: Alert, entries: Entries) -> Iterator[Table | str]:
    from tumen.service.pages.comparison import align

    yield f"\nAlert of {_at(alert.raised_at)}, by {plain(', '.join(alert.versions)) or 'hand'}"
    for line in alert.note.splitlines():
        yield f"  ! {plain(line)}"
    for hit in alert.hits:
        entity_id = str(hit["entity_id"])
        title = f"{hit.get('caption', '')} [{entity_id}], score {float(hit['score']):.2f}"
        entry = entries.get((alert.alert_id, entity_id), {})
        rows = [
            (
                row.label,
                "\n".join(plain(one.text) for one in row.left),
                row.verdict.sign,
                "\n".join(plain(one.text) for one in row.right),
                f"{row.effect:+.2f}" if row.effect is not None else "",
                plain(row.text),
            )
            for row in align(alert.subject, entry, hit.get("reasons", ()))
        ]
        yield f"\n{plain(title)}"
        if rows:
            yield table("", ("", "Party", "", "Entry", "Effect", "Why"), rows)


def _told(one: Recommendation) -> str:
    until = f" until {one.until}" if one.until else ""
    return (
        f"  {one.reason.value} ({one.reason.label}): {one.outcome.value}{until}\n"
        f"  {plain(one.text)}\n"
        f"  Evidence: {plain('; '.join(one.evidence))}\n"
        f"  Of {plain(', '.join(one.entity_ids)) or 'the whole case'}\n"
        f"  By {plain(one.by.name)}, {_at(one.at)}"
    )


def _history(records: Sequence[CaseRecord]) -> Iterator[tuple[str, ...]]:
    for one in records:
        told = {k: v for k, v in one.details.items() if v and k not in _NOT_TOLD}
        words = str(told.pop("text", ""))
        rest = "; ".join(f"{name.replace('_', ' ')}: {_short(told[name])}" for name in told)
        shown = plain(" · ".join(filter(None, (words, rest))))
        yield str(one.sequence), _at(one.at), plain(one.actor.name), one.act.value, shown


def _short(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _at(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M}"
