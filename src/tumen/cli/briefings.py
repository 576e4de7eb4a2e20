"""`tumen briefings`: advisories of the desk, written as Markdown files.

Exit codes: 0 done, 2 bad usage or a file that cannot be used.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.output import console, print_json, table
from tumen.config import load_settings
from tumen.errors import RequestError

if TYPE_CHECKING:
    from tumen.model.briefing import Briefing, BriefingText
    from tumen.store import Store
    from tumen.store.work import Work

_store = click.option("--store", "store_url", default="", metavar="URL", help="Of this store.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_quiet = click.option("--no-mail", is_flag=True, help="Tell no readers by mail.")
_LISTS = {"topics": "topics", "entries": "entity_ids", "cases": "case_ids"}
_TEXTS = ("title", "summary", "diligence", "regulation", "risk")


@click.group()
def briefings() -> None:
    """Short advisories that the desk writes, publishes and withdraws."""


@briefings.command("list", short_help="Show all briefings.")
@_store
@_json
def list_(store_url: str, as_json: bool) -> None:
    """Show each briefing with the state of its last version."""
    with _open(store_url) as store, store.reading() as work:
        found, readers = work.briefings.all(), len(work.readers.all())
    if as_json:
        print_json({"briefings": [_shown(one) for one in found], "readers": readers})
        return
    rows = [
        (
            one.briefing_id,
            one.title,
            one.state.value,
            str(one.version),
            f"{one.at:%Y-%m-%d}",
            one.by,
        )
        for one in found
    ]
    if rows:
        console().print(table("", ("Id", "Title", "State", "Version", "Changed", "By"), rows))
    else:
        click.echo("There is no briefing yet. Write one: tumen briefings write FILE.md")


@briefings.command(short_help="Write a briefing from a Markdown file.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--revise", "briefing_id", default="", metavar="ID", help="A new version of this.")
@click.option("--publish", "is_published", is_flag=True, help="And publish it.")
@_quiet
@_store
@_json
def write(
    file: Path, briefing_id: str, is_published: bool, no_mail: bool, store_url: str, as_json: bool
) -> None:
    """Keep FILE as a draft. Above its text stand, between lines of ---, its other parts:

    \b
    ---
    title: Coal transfers off Chongjin
    summary: Three vessels met at sea; look at flags and positions.
    topics: [north-korea, shipping]
    diligence: Ask for the logs of the last 90 days.
    entries: ["un_sc_sanctions:1"]
    ---
    Three vessels met …
    """
    from tumen.cli.help_desk import local_actor
    from tumen.service.help_desk import writing

    content, now, actor = _read(file), datetime.now(UTC), local_actor()
    letters = 0
    with _open(store_url) as store, store.writing() as work:
        if briefing_id:
            seen = _found(work, briefing_id).version
            made = writing.revise(work, briefing_id, seen, content, actor, now)
        else:
            made = writing.draft(work, content, actor, now)
        if is_published:
            done = writing.publish(
                work, made.briefing_id, made.version, actor, now, tells_readers=not no_mail
            )
            made, letters = done.briefing, done.letters
    _tell(made, letters, as_json=as_json)


@briefings.command(short_help="Publish the last version.")
@click.argument("briefing_id", metavar="ID")
@_quiet
@_store
@_json
def publish(briefing_id: str, no_mail: bool, store_url: str, as_json: bool) -> None:
    """Let readers see the last version of a briefing, and tell them by mail."""
    from tumen.cli.help_desk import local_actor
    from tumen.service.help_desk import writing

    with _open(store_url) as store, store.writing() as work:
        seen, now = _found(work, briefing_id).version, datetime.now(UTC)
        done = writing.publish(
            work, briefing_id, seen, local_actor(), now, tells_readers=not no_mail
        )
    _tell(done.briefing, done.letters, as_json=as_json)


@briefings.command(short_help="Take a briefing back.")
@click.argument("briefing_id", metavar="ID")
@click.option("--reason", required=True, help="Readers see it in place of the briefing.")
@_store
@_json
def withdraw(briefing_id: str, reason: str, store_url: str, as_json: bool) -> None:
    """Withdraw what readers see of a briefing. What was published stays on record."""
    from tumen.cli.help_desk import local_actor
    from tumen.service.help_desk import writing

    with _open(store_url) as store, store.writing() as work:
        seen = _found(work, briefing_id).version
        now = datetime.now(UTC)
        made = writing.withdraw(work, briefing_id, seen, reason, local_actor(), now)
    _tell(made, 0, as_json=as_json)


def _read(file: Path) -> BriefingText:
    """A briefing from a file. Raises RequestError where its head cannot be read."""
    import yaml

    from tumen.model.briefing import BriefingText

    text = file.read_text("utf-8").replace("\r\n", "\n")
    head, mark, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not mark:
        raise RequestError(f"{file}: begin with a line of ---, title, summary, topics, and ---")
    try:
        given = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise RequestError(f"{file}: its head is no YAML: {error}") from error
    if not isinstance(given, dict) or set(given) - {*_TEXTS, *_LISTS}:
        raise RequestError(f"{file}: its head may have {', '.join((*_TEXTS, *_LISTS))} alone")
    texts = {name: str(given.get(name) or "").strip() for name in _TEXTS}
    lists = {field: tuple(map(str, given.get(name) or ())) for name, field in _LISTS.items()}
    return BriefingText(body=body.strip(), **texts, **lists)  # type: ignore[arg-type]


def _found(work: Work, briefing_id: str) -> Briefing:
    found = work.briefings.get(briefing_id)
    if found is None:
        raise RequestError(f"There is no briefing {briefing_id!r}: tumen briefings list")
    return found


def _tell(one: Briefing, letters: int, *, as_json: bool) -> None:
    if as_json:
        print_json({**_shown(one), "letters": letters})
        return
    mailed = f", {letters:,} letters wait: tumen notices --send" if letters else ""
    click.echo(f"{one.briefing_id} ({one.title}): version {one.version}, {one.state.value}{mailed}")


def _shown(one: Briefing) -> dict[str, Any]:
    return {
        "briefing_id": one.briefing_id,
        "version": one.version,
        "state": one.state.value,
        "slug": one.slug,
        "title": one.title,
        "topics": list(one.content.topics),
        "at": one.at.isoformat(),
        "by": one.by,
    }


def _open(store_url: str) -> Store:
    from tumen.cli.opening import find_store
    from tumen.store import Store

    return Store.open(find_store(store_url, load_settings()))
