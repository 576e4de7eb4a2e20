"""What `tumen watch` shows a person: the status, what was put aside, the report of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from tumen.cli.output import console, table
from tumen.store.quarantine import Quarantined


def say(line: str) -> None:
    """One line of a report; what needs a person stands out."""
    text = "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)
    click.secho(text, fg="yellow" if line.startswith("!") else None)


def needs_somebody(found: dict[str, Any]) -> bool:
    """Whether anything in a status waits for a person."""
    return bool(
        found["quarantine"]
        or found["notices"]["given up"]
        or any(_is_failing(one) for one in found["lists"])
        or any(one["hits"]["proposed release"] for one in found["books"])
    )


def print_status(found: dict[str, Any]) -> None:
    """The status for a person: runs, lists, books, and what waits."""
    for line in (*_runs(found), ""):
        say(line)
    if not found["lists"]:
        say("! No list is loaded. Load some: tumen watch run")
        return
    columns = ("List", "State", "Renewed", "In use", "Age")
    console().print(table("", columns, [_list_row(one) for one in found["lists"]]))
    for one in found["lists"]:
        if one["message"]:
            say(f"! {one['list_id']}: {one['message']}")
    for line in _waiting(found):
        say(line)


def _runs(found: dict[str, Any]) -> Iterator[str]:
    for name, holder in found["locks"].items():
        yield f"At work ({name}): {holder}"
    if not found["runs"]:
        yield "No run was made yet: tumen watch run"
        return
    last = found["runs"][0]
    if last["ended_at"] is None and not found["locks"]:
        yield f"! The run of {_hour(last['began_at'])} was cut off; the next one takes it up"
    elif last["ended_at"] is not None:
        yield f"Last run: {_hour(last['began_at'])}, {last['status']}, by {last['actor']}"


def _list_row(one: dict[str, Any]) -> Sequence[str]:
    renewed = _hour(one["succeeded_at"]) if one["succeeded_at"] else "never"
    age = "unknown" if one["age_days"] is None else f"{one['age_days']:,} days"
    state = one["state"] + (", stale" if one["is_stale"] else "")
    return (one["list_id"], state, renewed, one["version_id"] or "nothing", age)


def _waiting(found: dict[str, Any]) -> Iterator[str]:
    for book in found["books"]:
        counts = ", ".join(f"{count:,} {state}" for state, count in book["hits"].items())
        when = _hour(book["screened_at"]) if book["screened_at"] else "never"
        yield f"Book {book['book_id']}: screened {when}; hits: {counts}"
    if found["quarantine"]:
        count = len(found["quarantine"])
        yield f"! {count:,} put aside, waiting for a decision: tumen watch quarantine list"
    if pending := found["notices"]["pending"]:
        yield f"Notices that wait to be sent: {pending:,}"
    if given_up := found["notices"]["given up"]:
        yield f"! Notices that could not be delivered: {given_up:,}"


def print_quarantine(found: Iterable[Quarantined]) -> None:
    """What was put aside, each with its reason and what can be done."""
    is_empty = True
    for one in found:
        is_empty = False
        resolved = f" – {one.note}" if one.resolved_at else ""
        say(
            f"{one.quarantine_id}  {one.list_id or 'no list'}  "
            f"{one.quarantined_at:%Y-%m-%d %H:%M} UTC{resolved}"
        )
        say(f"    {one.reason}")
        say(f"    files: {one.place}")
    if is_empty:
        say("Nothing was put aside.")


def quarantined_to_dict(one: Quarantined) -> dict[str, Any]:
    """JSON-ready form."""
    return {
        "quarantine_id": one.quarantine_id,
        "list_id": one.list_id,
        "quarantined_at": one.quarantined_at.isoformat(),
        "sha256": one.content_hash,
        "place": one.place,
        "reason": one.reason,
        "checks": [dict(check) for check in one.checks],
        "resolved_at": one.resolved_at.isoformat() if one.resolved_at else None,
        "note": one.note,
    }


def _is_failing(one: dict[str, Any]) -> bool:
    return one["is_stale"] or one["state"] in ("unreachable", "quarantined")


def _hour(text: str) -> str:
    return text[:16].replace("T", " ") + " UTC"
