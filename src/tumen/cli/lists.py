"""`tumen lists`: load files of published lists, fetch them, show what is loaded.

Exit codes: 0 done, 1 something was refused or not recognised, 2 bad usage or nothing
recognised, 3 no list is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.exits import Exit
from tumen.cli.lists_diff import diff
from tumen.cli.lists_versions import versions
from tumen.cli.output import console, print_json
from tumen.cli.output import table as table_of
from tumen.config import load_settings
from tumen.errors import RequestError, SourceError

if TYPE_CHECKING:
    from tumen.lists.check import LoadOptions
    from tumen.lists.ingest import Outcome
    from tumen.lists.recognise import Recognition
    from tumen.lists.registry import ListInfo, Registry
    from tumen.model.listing import Check, ListVersion
    from tumen.model.watching import ListState
    from tumen.store import Store

_store = click.option(
    "--store", "store_url", metavar="URL", help="Where list versions are kept (SQLAlchemy URL)."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def lists() -> None:
    """Published sanctions lists: load, fetch, show, compare."""


lists.add_command(diff)
lists.add_command(versions)


@lists.command(short_help="Load files of published lists.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--published-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The publisher's date, for files that state none (OFAC's CSV).",
)
@click.option(
    "--accept-shrunken",
    is_flag=True,
    help="Take a version that lost more entries than usual; the version's checks say so.",
)
@click.option("--history", is_flag=True, help="Keep as a past version; the current one stays.")
@_store
@_json
@click.pass_context
def load(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    published_on: datetime | None,
    store_url: str | None,
    **flags: bool,
) -> None:
    """Load files, zip archives or folders of published lists, whatever their names."""
    from tumen.lists.check import LoadOptions

    options = LoadOptions(
        published_on=published_on.date() if published_on else None,
        accept_shrunken=flags["accept_shrunken"],
        is_history=flags["history"],
    )
    with _open(store_url) as store:
        code = _load(paths, store, options, as_json=flags["as_json"])
    context.exit(code)


@lists.command(short_help="Show what is loaded: dates, counts, checks.")
@_store
@_json
@click.pass_context
def show(context: click.Context, store_url: str | None, as_json: bool) -> None:
    """Show the current version of each list: its dates, counts and checks."""
    from tumen.lists.registry import published_lists

    now = datetime.now(UTC)
    with _open(store_url) as store:
        versions = store.current_versions()
        with store.reading() as work:
            states = {state.list_id: state for state in work.list_states.all()}
    registry = published_lists()
    if as_json:
        print_json({"lists": [_shown(one, registry, states, now) for one in versions]})
    else:
        _print_versions(versions, registry, states, now)
    context.exit(Exit.DONE if versions else Exit.LISTS_MISSING)


@lists.command(short_help="Fetch lists from their publishers and load them.")
@click.argument("list_ids", metavar="[LIST]...", nargs=-1)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the published files (by default in the data directory).",
)
@_store
@click.pass_context
def fetch(
    context: click.Context, list_ids: tuple[str, ...], into: Path | None, store_url: str | None
) -> None:
    """Fetch lists from their publishers' addresses (all that have one) and load them."""
    from tumen.lists.check import LoadOptions
    from tumen.lists.registry import published_lists

    registry = published_lists()
    wanted = [registry.get(list_id) for list_id in list_ids]
    wanted = wanted or [info for info in registry if info.has_address]
    if not wanted:
        raise RequestError("No list has an address to fetch from: load files yourself")
    into = into or load_settings().home / "published"
    good = [info.id for info in wanted if _fetch_one(info, into)]
    code = Exit.DONE if len(good) == len(wanted) else Exit.NOT_SCREENED
    if good:
        with _open(store_url) as store:
            folders = [into / list_id for list_id in good]
            before = datetime.now(UTC)
            code = max(code, _load(folders, store, LoadOptions(), as_json=False))
            if code is Exit.DONE:
                _renew_states(store, good, before)
    context.exit(code)


def _renew_states(store: Store, list_ids: Sequence[str], at: datetime) -> None:
    """Of lists that are watched: their publishers were seen just now."""
    from tumen.watch.states import renewed

    with store.writing() as work:
        for list_id in list_ids:
            if work.list_states.get(list_id) is not None:
                work.list_states.set(renewed(list_id, at))


def _open(store_url: str | None) -> Store:
    from tumen.store import Store

    return Store.open(store_url or load_settings().store_url)


def _load(paths: Sequence[Path], store: Store, options: LoadOptions, *, as_json: bool) -> Exit:
    """Recognise and ingest what lies at the paths, say what became of it; the exit code."""
    from tumen.lists.ingest import ingest_all
    from tumen.lists.recognise import recognise
    from tumen.lists.registry import published_lists

    registry = published_lists()
    found = recognise(paths, registry)
    outcomes = []
    for outcome in ingest_all(found.bundles, registry, store, options, datetime.now(UTC)):
        outcomes.append(outcome)
        if not as_json:
            _print_outcome(outcome)
    if as_json:
        print_json(_loaded(outcomes, found))
    else:
        _print_rest(found)
    if not outcomes:
        click.echo("Nothing here is a list that tumen reads", err=True)
        return Exit.BAD_INPUT
    is_whole = not found.unrecognised and not any(outcome.is_refused for outcome in outcomes)
    return Exit.DONE if is_whole else Exit.NOT_SCREENED


def _print_outcome(outcome: Outcome) -> None:
    line = f"{outcome.status.value}: {outcome.list_id} ({outcome.format}): {outcome.message}"
    click.secho(_plain(line), fg="red" if outcome.is_refused else None)
    click.echo(_plain(f"  from {outcome.place}"))
    for text in _warnings(outcome.checks):
        click.secho(_plain(f"  warning: {text}"), fg="yellow")


def _plain(text: str) -> str:
    """Text of a foreign file without what would steer the terminal."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _print_rest(found: Recognition) -> None:
    for file in found.unrecognised:
        click.secho(_plain(f"not recognised: {file.problem}"), fg="red", err=True)
    if found.hidden:
        click.echo(f"hidden files left out: {len(found.hidden)}", err=True)


def _loaded(outcomes: Sequence[Outcome], found: Recognition) -> dict[str, Any]:
    return {
        "outcomes": [outcome.to_dict() for outcome in outcomes],
        "unrecognised": [
            {"place": file.place, "problem": file.problem} for file in found.unrecognised
        ],
        "hidden": list(found.hidden),
    }


def _shown(
    version: ListVersion, registry: Registry, states: Mapping[str, ListState], now: datetime
) -> dict[str, Any]:
    from tumen.lists.ingest import version_to_dict

    title = registry.get(version.list_id).title if version.list_id in registry else ""
    state = states.get(version.list_id)
    renewed = state.succeeded_at.isoformat() if state and state.succeeded_at else None
    return {
        **version_to_dict(version),
        "title": title,
        "age_days": _age_days(version, now.date()),
        "state": _state_word(version, registry, state, now),
        "renewed_at": renewed,
        "state_message": state.message if state else "",
    }


def _state_word(
    version: ListVersion, registry: Registry, state: ListState | None, now: datetime
) -> str:
    """How a list fares in a word or two; `not watched` where nobody ever tried to renew it."""
    if state is None:
        return "not watched"
    limit = registry.stale_limits([version.list_id]).get(version.list_id)
    return state.health.value + (", stale" if state.is_stale(limit, now) else "")


def _age_days(version: ListVersion, today: date) -> int | None:
    return (today - version.published_on).days if version.published_on else None


def _print_versions(
    versions: Sequence[ListVersion],
    registry: Registry,
    states: Mapping[str, ListState],
    now: datetime,
) -> None:
    columns = ("List", "Published", "Age", "Loaded", "Entries", "Names", "State", "Warnings")
    if versions:
        rows = [
            _row(one, _state_word(one, registry, states.get(one.list_id), now), now.date())
            for one in versions
        ]
        console().print(table_of("", columns, rows))
    for version in versions:
        state = states.get(version.list_id)
        said = [state.message] if state and state.message else []
        for text in (*said, *_warnings(version.checks)):
            click.secho(_plain(f"{version.list_id}: {text}"), fg="yellow")
    loaded = {version.list_id for version in versions}
    own = [info.id for info in registry if not info.holds_any_list]
    if missing := [list_id for list_id in own if list_id not in loaded]:
        click.echo(f"Not loaded: {', '.join(missing)}")
    if not versions:
        click.echo("No list is loaded. Load files: tumen lists load PATH", err=True)


def _row(version: ListVersion, state: str, today: date) -> tuple[str, ...]:
    age = _age_days(version, today)
    return (
        version.list_id + (" (starter)" if version.is_starter else ""),
        str(version.published_on or "unknown"),
        "unknown" if age is None else f"{age:,} days",
        f"{version.retrieved_at:%Y-%m-%d}",
        f"{version.entries:,}",
        f"{version.names:,}",
        state,
        str(len(_warnings(version.checks)) or "none"),
    )


def _warnings(checks: Sequence[Check]) -> list[str]:
    from tumen.model.listing import CheckStatus

    return [check.message for check in checks if check.status is CheckStatus.WARNING]


def _fetch_one(info: ListInfo, into: Path) -> bool:
    """Fetch one list with a progress bar; False, and why, where it could not be had."""
    import httpx
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from tumen.lists.fetch import fetch as fetch_list

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    agent = {"User-Agent": f"tumen/{version_of('tumen')}"}
    with (
        Progress(*columns, TransferSpeedColumn(), console=console(is_error=True)) as bars,
        httpx.Client(headers=agent) as client,
    ):
        tasks: dict[str, Any] = {}

        def advance(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(f"{info.id} {name}", total=total)
            bars.update(tasks[name], completed=done, total=total)

        try:
            fetched = fetch_list(info, into, client, progress=advance)
        except SourceError as error:
            click.secho(f"not fetched: {info.id}: {error}", fg="red", err=True)
            return False
    for file in fetched:
        click.echo(f"{file.status.value}: {info.id}: {file.path} ({file.size_bytes:,} bytes)")
    return True
