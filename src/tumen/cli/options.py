"""Options that several commands share, and what they come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from tumen.config import Settings
    from tumen.screening.book import BookOptions
    from tumen.screening.policy import Policy
    from tumen.screening.standing import Watchpost
    from tumen.store import Store

_Command = TypeVar("_Command", bound=Callable[..., Any])
store_option = click.option(
    "--store", "store_url", default="", metavar="URL", help="Another store (SQLAlchemy URL)."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
by_option = click.option("--by", default="", metavar="NAME", help="Who decides; by default you.")
policy_option = click.option(
    "--policy",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Policy file (YAML).",
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes; else 1 for a small book, all cores for a large one.",
)
_READING = (
    click.option(
        "--schema",
        default="",
        metavar="TYPE",
        help="Of rows that state none: person, company, vessel …",
    ),
    click.option(
        "--column", multiple=True, metavar="HEADING=PROPERTY", help="What a column holds (repeat)."
    ),
    click.option(
        "--ignore-column", multiple=True, metavar="HEADING", help="Leave a column out (repeat)."
    ),
    click.option("--encoding", default="", metavar="NAME", help="Of a text file, such as cp1251."),
    click.option(
        "--sheet", default="", metavar="NAME", help="Of a workbook, by default the first."
    ),
    click.option(
        "--date-order", type=click.Choice(["day", "month"]), help="What 03/04/1980 means."
    ),
    click.option(
        "--strict", is_flag=True, help="Do not screen a row with a value nobody can read."
    ),
)


def reading_options(command: _Command) -> _Command:
    """The options that say how to read a file of parties."""
    for option in reversed(_READING):
        command = option(command)
    return command


def book_options(given: dict[str, Any], group_columns: tuple[str, ...] = ()) -> BookOptions:
    """How to read a file, by the options given; `group_columns` hold divisions of the user's own.

    Raises UsageError for a column that is not written as heading and property.
    """
    from tumen.screening.book import BookOptions
    from tumen.screening.columns import ColumnChoice
    from tumen.screening.headings import GROUP

    columns = dict.fromkeys(group_columns, GROUP)
    for text in given["column"]:
        heading, equals, prop = text.rpartition("=")
        if not equals or not heading:
            raise click.UsageError(f"--column {text!r}: write it as 'Heading=property'")
        columns[heading] = prop
    return BookOptions(
        schema=given["schema"],
        encoding=given["encoding"],
        sheet=given["sheet"],
        columns=ColumnChoice(columns, tuple(given["ignore_column"])),
        date_order=given["date_order"] or "",
        is_strict=given["strict"],
        notice=lambda text: click.secho(f"! {text}", err=True, fg="yellow"),
    )


def policy_in_force(
    settings: Settings, file: Path | None = None, store: Store | None = None
) -> Policy:
    """The policy of a file, else the one approved in the store, else that of the settings.

    Where there is none of these it is the built-in one.
    """
    from tumen.cases.policies import effective_policy
    from tumen.screening.policy import Policy, load_policy

    chosen = file or settings.policy_file
    policy = load_policy(chosen) if chosen else Policy()
    if file or store is None:
        return policy
    with store.reading() as work:
        return effective_policy(work, policy)


def open_store(store_url: str) -> tuple[Store, str]:
    """The store that is named, or that of the settings, and its URL."""
    from tumen.cli.opening import find_store
    from tumen.config import load_settings
    from tumen.store import Store

    url = find_store(store_url, load_settings())
    return Store.open(url), url


def watchpost(
    store: Store, url: str, parties: int, policy_file: Path | None, workers: int | None
) -> Watchpost:
    """Where the books of a store are screened, by the account that runs this process."""
    from tumen.cli.bulk import SMALL_BOOK, usable_cores
    from tumen.cli.opening import snapshot_place
    from tumen.config import account_name, load_settings
    from tumen.screening.standing import Watchpost

    settings = load_settings()
    _refuse_another_policy(store, policy_file)
    return Watchpost(
        store,
        snapshot_place(settings, url),
        policy_in_force(settings, policy_file, store),
        account_name(),
        workers or (1 if parties <= SMALL_BOOK else usable_cores()),
    )


def _refuse_another_policy(store: Store, file: Path | None) -> None:
    """One person does not screen a kept book under other terms than two have approved."""
    with store.reading() as work:
        held = work.policies.in_force()
    if file is not None and held is not None:
        raise click.UsageError(
            f"The policy {held.label} was put in force by two people. Leave --policy away, or "
            "propose another one"
        )


class Instant(click.ParamType[datetime]):
    """A day (its end, UTC) or an instant in ISO 8601 (UTC where it names no zone)."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The instant; refuses what is none."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r}: write it as 2024-02-20 or 2024-02-20T08:30+01:00", param, ctx)
        if len(value) == len("2024-02-20"):
            found = datetime.combine(found.date(), time.max)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
