"""`tumen lists`: load files of published lists, fetch them, show what is loaded.

Exit codes: 0 done, 1 something was refused or not recognised, 2 bad usage or nothing
recognised, 3 no list is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from tumen.errors import RequestError, SourceError

if TYPE_CHECKING:
    from tumen.lists.check import LoadOptions
    from tumen.lists.ingest import Outcome
    from tumen.lists.recognise import Recognition
    from tumen.lists.registry import ListInfo, Registry
    from tumen.model.listing import ListVersion
    from tumen.store import Store

_REFUSED, _NOTHING, _MISSING = 1, 2, 3

_store = click.option(
    "--store", "store_url", metavar="URL", help="Where list versions are kept (SQLAlchemy URL)."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def lists() -> None:
    """Published sanctions lists: load, fetch, show."""


@lists.command()
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
    with _opened(context, store_url) as store:
        code = _load(paths, store, options, as_json=flags["as_json"])
    context.exit(code)


@lists.command()
@_store
@_json
@click.pass_context
def show(context: click.Context, store_url: str | None, as_json: bool) -> None:
    """Show the current version of each list: its dates, counts and checks."""
    from tumen.lists.registry import published_lists

    today = datetime.now(UTC).date()
    with _opened(context, store_url) as store:
        versions = store.current_versions()
    registry = published_lists()
    if as_json:
        _print_json({"lists": [_shown(version, registry, today) for version in versions]})
    else:
        _print_versions(versions, registry, today)
    context.exit(0 if versions else _MISSING)


@lists.command()
@click.argument("list_ids", metavar="[LIST]...", nargs=-1)
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the published files.",
)
@_store
@click.pass_context
def fetch(
    context: click.Context, list_ids: tuple[str, ...], into: Path, store_url: str | None
) -> None:
    """Fetch lists from their publishers' addresses (all that have one) and load them."""
    from tumen.lists.check import LoadOptions
    from tumen.lists.registry import published_lists

    registry = published_lists()
    with _refusing():
        wanted = [registry.get(list_id) for list_id in list_ids] or [
            info for info in registry if info.urls
        ]
    good = [info.id for info in wanted if _fetch_one(info, into)]
    code = 0 if len(good) == len(wanted) else _REFUSED
    if good:
        with _opened(context, store_url) as store:
            folders = [into / list_id for list_id in good]
            code = max(code, _load(folders, store, LoadOptions(), as_json=False))
    context.exit(code)


@contextmanager
def _opened(context: click.Context, store_url: str | None) -> Iterator[Store]:
    from tumen.store import Store

    with _refusing(), Store.open(_url(context, store_url)) as store:
        yield store


def _url(context: click.Context, given: str | None) -> str:
    if not given:
        raise click.UsageError("Name the store with --store", ctx=context)
    return given


@contextmanager
def _refusing() -> Iterator[None]:
    """Requests that make no sense end as bad usage does."""
    try:
        yield
    except RequestError as error:
        raise click.UsageError(str(error)) from error


def _load(paths: Sequence[Path], store: Store, options: LoadOptions, *, as_json: bool) -> int:
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
        _print_json(_loaded(outcomes, found))
    else:
        _print_rest(found)
    if not outcomes:
        return _NOTHING
    is_whole = not found.unrecognised and not any(outcome.is_refused for outcome in outcomes)
    return 0 if is_whole else _REFUSED


def _print_outcome(outcome: Outcome) -> None:
    from tumen.model.listing import CheckStatus

    line = f"{outcome.status.value}: {outcome.list_id} ({outcome.format}): {outcome.message}"
    click.secho(line, fg="red" if outcome.is_refused else None)
    click.echo(f"  from {outcome.place}")
    for check in outcome.checks:
        if check.status is CheckStatus.WARNING:
            click.secho(f"  warning: {check.message}", fg="yellow")


def _print_rest(found: Recognition) -> None:
    for file in found.unrecognised:
        click.secho(f"not recognised: {file.problem}", fg="red", err=True)
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


def _shown(version: ListVersion, registry: Registry, today: date) -> dict[str, Any]:
    from tumen.lists.ingest import version_to_dict

    title = registry.get(version.list_id).title if version.list_id in registry else ""
    return {**version_to_dict(version), "title": title, "age_days": _age_days(version, today)}


def _age_days(version: ListVersion, today: date) -> int | None:
    return (today - version.published_on).days if version.published_on else None


def _print_versions(versions: Sequence[ListVersion], registry: Registry, today: date) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("List", "Published", "Age", "Loaded", "Entries", "Names", "Checks")
    for version in versions:
        age = _age_days(version, today)
        table.add_row(
            version.list_id + (" (starter)" if version.is_starter else ""),
            str(version.published_on or "unknown"),
            "unknown" if age is None else f"{age} days",
            f"{version.retrieved_at:%Y-%m-%d %H:%M}",
            f"{version.entries:,}",
            f"{version.names:,}",
            _checks_in_words(version),
        )
    if versions:
        Console().print(table)
    loaded = {version.list_id for version in versions}
    if missing := [info.id for info in registry if info.id not in loaded]:
        click.echo(f"Not loaded: {', '.join(missing)}")


def _checks_in_words(version: ListVersion) -> str:
    from tumen.model.listing import CheckStatus

    warnings = [check.message for check in version.checks if check.status is CheckStatus.WARNING]
    return "passed" if not warnings else "; ".join(warnings)


def _fetch_one(info: ListInfo, into: Path) -> bool:
    """Fetch one list with a progress bar; False, and why, where it could not be had."""
    import httpx
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from tumen.lists.fetch import fetch as fetch_list

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    agent = {"User-Agent": f"tumen/{version_of('tumen')}"}
    with (
        Progress(*columns, TransferSpeedColumn(), console=Console(stderr=True)) as bars,
        httpx.Client(headers=agent) as client,
        _refusing(),
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


def _print_json(data: dict[str, Any]) -> None:
    click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
