"""`tumen cases` short of deciding: open, note, attach, assign, move, tag, relate, prioritise …

These acts take the account of this machine: it stands in the history, and counts as nobody's
eyes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tumen.cli.options import by_option, open_store, policy_in_force, policy_option, store_option
from tumen.config import account_name, load_settings
from tumen.errors import RequestError
from tumen.model.casework import CaseState, Priority

if TYPE_CHECKING:
    from tumen.cases.acting import Step
    from tumen.model.case import Actor, Case
    from tumen.store.work import Work

_case = click.argument("case_id", metavar="CASE")
seen_option = click.option(
    "--seen",
    type=click.IntRange(min=1),
    metavar="N",
    help="The record you looked at: refuse if somebody acted since.",
)
_PRIORITIES = click.Choice([one.value for one in Priority])
_MOVES = (CaseState.TRIAGE, CaseState.INVESTIGATING, CaseState.AWAITING_INFO)


def account(by: str) -> Actor:
    """Who works at this machine: no user of the service, and nobody's eyes."""
    from tumen.model.access import Permission
    from tumen.model.case import Actor

    name = by or account_name()
    return Actor(f"account:{name}", "", name, (Permission.DECIDE.value,))


def _do(store_url: str, doing: Callable[[Work], Case]) -> None:
    store, _ = open_store(store_url)
    with store, store.writing() as work:
        case = doing(work)
    click.echo(f"{case.case_id} is {case.state.value} (record {case.sequence})")


def _step(store_url: str, case_id: str, seen: int | None, step: Step) -> None:
    from tumen.cases.acting import act

    _do(store_url, lambda work: act(work, case_id, seen, step))


@click.command("open", short_help="Open a case by hand.")
@click.argument("title")
@click.option("--book", "book_id", default="", metavar="BOOK", help="About a party of this book.")
@click.option("--party", "party_id", default="", metavar="PARTY", help="The party.")
@click.option("--priority", type=_PRIORITIES, default=Priority.P4.value, show_default=True)
@by_option
@store_option
def open_(title: str, book_id: str, party_id: str, priority: str, by: str, store_url: str) -> None:
    """Open a case called TITLE, about a party of a book or about something else."""
    from tumen.service.casework import open_about

    if bool(book_id) != bool(party_id):
        raise click.UsageError("Say both --book and --party, or neither")
    if not title.strip():
        raise click.UsageError("A case needs a title")
    subject, now = (book_id, party_id), datetime.now(UTC)
    _do(
        store_url,
        lambda work: open_about(work, title.strip(), subject, Priority(priority), account(by), now),
    )


@click.command(short_help="Note something.")
@_case
@click.argument("text")
@seen_option
@by_option
@store_option
def note(case_id: str, text: str, seen: int | None, by: str, store_url: str) -> None:
    """Add a note to CASE."""
    from tumen.cases import workflow

    actor, now = account(by), datetime.now(UTC)
    _step(store_url, case_id, seen, lambda case: workflow.note(case, text, actor, now))


@click.command(short_help="Put a file beside a case.")
@_case
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@seen_option
@by_option
@store_option
def attach(case_id: str, file: Path, seen: int | None, by: str, store_url: str) -> None:
    """Keep FILE beside CASE for good: PDF, PNG, JPEG, text, CSV, JSON, mail, DOCX or XLSX."""
    from tumen.cases.attaching import MOST_BYTES, accept
    from tumen.cases.attaching import attach as keep

    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise RequestError(f"{file} cannot be read: {error.strerror}") from error
    taken, now = accept(file.name, content), datetime.now(UTC)
    _do(store_url, lambda work: keep(work, case_id, seen, taken, content, account(by), now))
    click.echo(f"{taken.name}: {taken.sha256}")


@click.command(short_help="Give a case to somebody.")
@_case
@click.argument("user")
@seen_option
@by_option
@store_option
def assign(case_id: str, user: str, seen: int | None, by: str, store_url: str) -> None:
    """Give CASE to USER, or to nobody."""
    from tumen.cases import workflow
    from tumen.cases.acting import act
    from tumen.service.casework import assignee_of

    actor, now = account(by), datetime.now(UTC)

    def giving(work: Work) -> Case:
        who = assignee_of(work, "" if user == "nobody" else user)
        return act(work, case_id, seen, lambda case: workflow.assign(case, who, actor, now))

    _do(store_url, giving)


@click.command(short_help="Say where the investigation stands.")
@_case
@click.argument("state", type=click.Choice([one.value for one in _MOVES]))
@seen_option
@by_option
@store_option
def move(case_id: str, state: str, seen: int | None, by: str, store_url: str) -> None:
    """Move CASE between the states of investigating."""
    from tumen.cases import workflow

    actor, now = account(by), datetime.now(UTC)
    _step(store_url, case_id, seen, lambda case: workflow.move(case, CaseState(state), actor, now))


@click.command(short_help="Tag a case.")
@_case
@click.argument("tags", nargs=-1)
@seen_option
@by_option
@store_option
def tag(case_id: str, tags: tuple[str, ...], seen: int | None, by: str, store_url: str) -> None:
    """Set the TAGS that CASE has from now on; none takes them all away."""
    from tumen.cases import workflow

    actor, now = account(by), datetime.now(UTC)
    _step(store_url, case_id, seen, lambda case: workflow.tag(case, tags, actor, now))


@click.command(short_help="Name a case that belongs with this one.")
@_case
@click.argument("other_id", metavar="OTHER")
@seen_option
@by_option
@store_option
def relate(case_id: str, other_id: str, seen: int | None, by: str, store_url: str) -> None:
    """Say that the case OTHER belongs with CASE."""
    from tumen.cases import workflow
    from tumen.cases.acting import act
    from tumen.cases.keep import records_of

    actor, now = account(by), datetime.now(UTC)

    def relating(work: Work) -> Case:
        records_of(work, other_id)
        return act(work, case_id, seen, lambda case: workflow.relate(case, other_id, actor, now))

    _do(store_url, relating)


@click.command(short_help="Say how soon.")
@_case
@click.argument("priority", type=_PRIORITIES)
@seen_option
@by_option
@store_option
def prioritise(case_id: str, priority: str, seen: int | None, by: str, store_url: str) -> None:
    """Give CASE another priority; what is due when follows from it, counted from now."""
    from tumen.cases import workflow
    from tumen.cases.acting import act
    from tumen.service.casework import due_from

    actor, now, wanted = account(by), datetime.now(UTC), Priority(priority)

    def hurrying(work: Work) -> Case:
        due = due_from(work, wanted, now)
        return act(
            work, case_id, seen, lambda case: workflow.prioritise(case, wanted, due, actor, now)
        )

    _do(store_url, hurrying)


@click.command(short_help="Bring the hits of a book into cases.")
@click.argument("book_id", metavar="BOOK")
@policy_option
@store_option
def gather(book_id: str, policy: Path | None, store_url: str) -> None:
    """Bring every hit of BOOK that waits for people into a case; done after each screening."""
    from tumen.screening.standing import known_book
    from tumen.service.gathering import gather_hits

    store, _ = open_store(store_url)
    with store:
        with store.reading() as work:
            known_book(work, book_id)
        in_force = policy_in_force(load_settings(), policy)
        found = gather_hits(store, book_id, in_force, datetime.now(UTC))
    click.echo(
        f"{len(found.opened):,} cases opened, {len(found.added):,} added to, "
        f"{len(found.reopened):,} reopened"
    )


COMMANDS: tuple[click.Command, ...] = (
    open_, note, attach, assign, move, tag, relate, prioritise, gather,
)  # fmt: skip
