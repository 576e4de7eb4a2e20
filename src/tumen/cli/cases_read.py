"""`tumen cases list`, `counts`, `show` and `save`: the queue, and one case whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.options import Instant, json_option, open_store, store_option
from tumen.cli.output import console, print_json, table
from tumen.errors import RequestError
from tumen.model.casework import CaseState, Priority

if TYPE_CHECKING:
    from tumen.model.case import CaseSummary
    from tumen.store.cases import CaseFilter

_FILTERS = (
    click.option("--state", multiple=True, type=click.Choice([one.value for one in CaseState])),
    click.option("--priority", multiple=True, type=click.Choice([one.value for one in Priority])),
    click.option("--assignee", default=None, metavar="USER", help="Whose; 'nobody' for none."),
    click.option("--awaits", default="", type=click.Choice(["", "analyst", "approver"])),
    click.option("--book", "book_id", default="", metavar="BOOK"),
    click.option("--list", "list_id", default="", metavar="LIST", help="With a hit on this list."),
    click.option("--entry", "entity_id", default="", metavar="ENTRY", help="With a hit on it."),
    click.option("--party", default="", metavar="PARTY", help="About it; say --book too."),
    click.option("--tag", default="", metavar="TAG"),
    click.option("--text", default="", metavar="TEXT", help="Part of a title, party or case id."),
    click.option("--due-before", type=Instant(), metavar="T", help="A day's end, or an instant."),
    click.option("--least-score", type=click.FloatRange(0, 1), default=0.0),
)


def filters(command: Any) -> Any:
    """The options that say which cases are asked for."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def _wanted(given: dict[str, Any]) -> CaseFilter:
    from tumen.store.cases import CaseFilter

    party, assignee = given["party"], given["assignee"]
    if party and not given["book_id"]:
        raise click.UsageError("--party is of a book: say --book")
    return CaseFilter(
        states=tuple(CaseState(one) for one in given["state"]),
        priorities=tuple(Priority(one) for one in given["priority"]),
        assignee=None if assignee is None else _account(assignee),
        awaits=given["awaits"],
        book_id="" if party else given["book_id"],
        list_id=given["list_id"],
        entity_id=given["entity_id"],
        subject_key=f"{given['book_id']}/{party}" if party else "",
        tag=given["tag"],
        text=given["text"],
        due_before=given["due_before"],
        least_score=given["least_score"],
    )


def _account(name: str) -> str:
    if name in ("", "nobody"):
        return ""
    return name if ":" in name else f"user:{name}"


@click.command("list", short_help="Show the queue.")
@filters
@click.option("--order", type=click.Choice(["score", "due", "changed"]), default="score")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@store_option
@json_option
def list_(order: str, limit: int, store_url: str, as_json: bool, **given: Any) -> None:
    """Show the cases that are asked for; by default those not yet closed."""
    from tumen.store.cases import CaseOrder

    if not given["state"]:
        given["state"] = tuple(one.value for one in CaseState if one.is_open)
    wanted = _wanted(given)
    store, _ = open_store(store_url)
    with store, store.reading() as work:
        found = work.cases.find(wanted, order=CaseOrder(order), limit=limit)
        total = work.cases.count(wanted)
    if as_json:
        from tumen.cli.cases_shown import summary_to_dict

        print_json({"cases": [summary_to_dict(one) for one in found], "total": total})
        return
    if found:
        columns = ("Case", "Priority", "State", "Due (UTC)", "Score", "Hits", "About", "Has it")
        console().print(table("", columns, [_row(one) for one in found]))
    click.echo(f"{len(found):,} of {total:,} cases")


def _row(one: CaseSummary) -> tuple[str, ...]:
    from tumen.cli.cases_shown import plain

    is_late = one.due_at is not None and one.due_at < datetime.now(UTC)
    due = f"{one.due_at.astimezone(UTC):%Y-%m-%d %H:%M}" if one.due_at else ""
    return (
        one.case_id,
        one.priority.value,
        one.state.value,
        f"{due} overdue" if is_late else due,
        f"{one.score:.2f}" if one.hits else "",
        str(one.hits),
        plain(f"{one.title} [{one.subject_key}]" if one.subject_key else one.title),
        one.assignee.removeprefix("user:"),
    )


@click.command(short_help="Show how many cases there are.")
@click.option(
    "--by", type=click.Choice(["state", "priority", "assignee", "awaits"]), default="state"
)
@filters
@store_option
@json_option
def counts(by: str, store_url: str, as_json: bool, **given: Any) -> None:
    """Show how many of the cases asked for there are of each state, priority or person."""
    wanted = _wanted(given)
    store, _ = open_store(store_url)
    with store, store.reading() as work:
        found = work.cases.counts(by, wanted)
    if as_json:
        print_json({"by": by, "counts": found, "total": sum(found.values())})
        return
    rows = [(value.removeprefix("user:") or "–", f"{found[value]:,}") for value in sorted(found)]
    console().print(table("", (by.capitalize(), "Cases"), rows))
    click.echo(f"{sum(found.values()):,} cases")


@click.command(short_help="Show a case whole.")
@click.argument("case_id", metavar="CASE")
@store_option
@json_option
def show(case_id: str, store_url: str, as_json: bool) -> None:
    """Show both sides of each hit, what was decided, the files, and all that happened."""
    from tumen.cases.keep import records_of
    from tumen.cli.cases_shown import case_to_dict, entries_of, print_case

    store, _ = open_store(store_url)
    with store, store.reading() as work:
        records = records_of(work, case_id)
        if as_json:
            print_json(case_to_dict(records))
        else:
            print_case(records, entries_of(work, records))


@click.command(short_help="Save a file of a case.")
@click.argument("case_id", metavar="CASE")
@click.argument("sha256", metavar="SHA256")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE"
)
@store_option
def save(case_id: str, sha256: str, out: Path, store_url: str) -> None:
    """Write a file of CASE to disk, named by its hash as `tumen cases show` has it."""
    from tumen.service.casework import file_of

    store, _ = open_store(store_url)
    with store, store.reading() as work:
        found = file_of(work, case_id, sha256)
    if found is None:
        raise RequestError(f"Case {case_id} has no file {sha256}")
    try:
        with out.open("xb") as target:
            target.write(found.content)
    except OSError as error:
        raise RequestError(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"{out}: {found.name}, {len(found.content):,} bytes")


COMMANDS: tuple[click.Command, ...] = (list_, counts, show, save)
