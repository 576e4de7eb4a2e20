"""`tumen hits`: who of a book is hit, now, at a past instant, or under the lists of a past day.

Exit codes: 0 done, 1 a party could not be screened, 2 bad usage or no such book, 3 no list by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.exits import Exit
from tumen.cli.options import (
    Instant,
    json_option,
    open_store,
    store_option,
    watchpost,
    workers_option,
)
from tumen.cli.output import console, print_json, table

if TYPE_CHECKING:
    from tumen.model.screening import Screening
    from tumen.model.watching import StandingHit
    from tumen.store import Store

_STATES = {"open": "open", "proposed-release": "proposed release", "suppressed": "suppressed"}


@click.command()
@click.argument("book_id", metavar="BOOK")
@click.option(
    "--known-at", type=Instant(), metavar="T", help="As we knew it at that instant or day's end."
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Screen under the lists published by that day.",
)
@click.option("--state", multiple=True, type=click.Choice([*_STATES]), help="Only these (repeat).")
@workers_option
@store_option
@json_option
@click.pass_context
def hits(
    context: click.Context,
    /,
    book_id: str,
    known_at: datetime | None,
    as_of: datetime | None,
    state: tuple[str, ...],
    workers: int | None,
    store_url: str,
    as_json: bool,
) -> None:
    """Show the hits that stand for BOOK.

    \b
    tumen hits customers                          now
    tumen hits customers --known-at 2024-02-20    the answer of that day, the same for ever
    tumen hits customers --as-of 2024-02-20       by the lists published until then
    """
    if as_of is not None and state:
        raise click.UsageError("--state speaks of hits that stand; --as-of screens anew")
    store, url = open_store(store_url)
    with store:
        if as_of is not None:
            found = _look_back(store, url, book_id, as_of, known_at, workers)
            has_problem = any(not one.was_screened for one in found)
            _print_outcomes(found, as_json)
            context.exit(Exit.NOT_SCREENED if has_problem else Exit.DONE)
        standing = _standing(store, book_id, known_at, state)
        notes = () if known_at else _notes(store)
    if as_json:
        from tumen.screening.changes import standing_to_dict

        then = known_at.isoformat() if known_at else None
        told = [standing_to_dict(one) for one in standing]
        whole = {"book_id": book_id, "known_at": then, "hits": told, "notes": list(notes)}
        print_json(whole)
    else:
        _print_standing(standing)
        for text in notes:
            click.secho(f"! {text}", fg="yellow")


def _standing(
    store: Any, book_id: str, known_at: datetime | None, state: Sequence[str]
) -> list[StandingHit]:
    from tumen.model.watching import HitState
    from tumen.screening.standing import known_book

    states = [HitState(_STATES[one]) for one in state] or None
    with store.reading() as work:
        known_book(work, book_id, known_at=known_at)
        found: list[StandingHit] = work.hits.standing(book_id, known_at=known_at, states=states)
    return found


def _notes(store: Store) -> tuple[str, ...]:
    """What the answer says of lists that could not be renewed."""
    from tumen.lists.registry import published_lists
    from tumen.watch.states import list_notes

    with store.reading() as work:
        return list_notes(work, published_lists(), datetime.now(UTC))


def _look_back(
    store: Any,
    url: str,
    book_id: str,
    as_of: datetime,
    known_at: datetime | None,
    workers: int | None,
) -> list[Screening]:
    from dataclasses import replace

    from tumen.screening.progress import showing_indexing
    from tumen.screening.standing import known_book, look_back

    with store.reading() as work:
        parties = known_book(work, book_id, known_at=known_at).parties
    post = watchpost(store, url, parties, None, workers)
    versions = store.versions_at(as_of=as_of.date(), known_at=known_at)
    total = sum(version.entries for version in versions)
    with showing_indexing(console(is_error=True), total) as indexed:
        post = replace(post, indexed=indexed)
        return list(look_back(post, book_id, as_of.date(), known_at, datetime.now(UTC)))


def _print_standing(standing: Sequence[StandingHit]) -> None:
    rows = [
        (
            one.party_id,
            one.hit.entity_id,
            one.hit.caption,
            f"{one.hit.score:.2f}",
            one.state.value,
            f"{one.known_from:%Y-%m-%d %H:%M}",
            one.note or one.hit.sentence,
        )
        for one in standing
    ]
    if rows:
        columns = ("Party", "Entry", "Listed name", "Score", "State", "Since (UTC)", "Why")
        console().print(table("", columns, rows))
    click.echo(f"{len(rows):,} hits")


def _print_outcomes(found: Sequence[Screening], as_json: bool) -> None:
    if as_json:
        print_json({"outcomes": [one.to_dict() for one in found]})
        return
    rows = [
        (one.subject_id, one.caption, hit.entity_id, hit.caption, f"{hit.score:.2f}", hit.sentence)
        for one in found
        for hit in one.hits
        if hit.is_hit
    ]
    if rows:
        columns = ("Party", "Name", "Entry", "Listed name", "Score", "Why")
        console().print(table("", columns, rows))
    for one in found:
        if not one.was_screened:
            text = f"! Not screened: {one.subject_id}: {one.problem}"
            click.secho(text, fg="yellow", err=True)
    click.echo(f"{len(rows):,} hits")
