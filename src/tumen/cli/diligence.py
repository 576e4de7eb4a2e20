"""`tumen diligence`: the due-diligence file of a party. Two people sign it at the workbench.

Exit codes: 0 done, 1 required fields are missing (`complete`), 2 bad usage or no such party.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.exits import Exit
from tumen.cli.options import json_option, open_store, policy_in_force, store_option
from tumen.cli.output import console, print_json, table
from tumen.config import account_name, load_settings
from tumen.errors import RequestError

if TYPE_CHECKING:
    from tumen.cases.diligence.answering import Change
    from tumen.cases.diligence.overview import Overview
    from tumen.model.case import Actor
    from tumen.screening.policy import Policy

_book = click.argument("book_id", metavar="BOOK")
_party = click.argument("party_id", metavar="PARTY")
_field = click.argument("field_id", metavar="FIELD")
_evidence = click.option("--evidence", multiple=True, metavar="REF", help="What shows it (repeat).")


@click.group()
def diligence() -> None:
    """The due-diligence file of a party: sections, gaps, triggers, export."""


@diligence.command(short_help="Show a file.")
@_book
@_party
@click.option("--section", default="", metavar="NAME", help="Only this one, such as ownership.")
@store_option
@json_option
def show(book_id: str, party_id: str, section: str, store_url: str, as_json: bool) -> None:
    """Show the file of PARTY: each field with its answer, where from, and by whom."""
    from tumen.cases.diligence.shown import overview_to_dict

    view = _view(store_url, book_id, party_id)
    if as_json:
        print_json(overview_to_dict(view))
        return
    known = [one.section.id for one in view.sections]
    if section and section not in known:
        raise click.UsageError(f"There is no section {section!r}. There are: {', '.join(known)}")
    for one in view.sections:
        if section in ("", one.section.id):
            title = f"{one.number} {one.section.label}"
            rows = [_row(field) for field in one.fields]
            columns = ("Field", "Standing", "Answer", "Source")
            console().print(table(title, columns, rows))
    _print_review(view)


@diligence.command("set", short_help="Answer a field.")
@_book
@_party
@_field
@click.argument("values", metavar="VALUE...", nargs=-1, required=True)
@click.option("--source", required=True, metavar="TEXT", help="Where it comes from.")
@click.option("--note", default="", metavar="TEXT", help="What else to say of it.")
@_evidence
@store_option
def set_field(
    book_id: str,
    party_id: str,
    field_id: str,
    values: tuple[str, ...],
    source: str,
    note: str,
    evidence: tuple[str, ...],
    store_url: str,
) -> None:
    """Answer FIELD of the file of PARTY with one VALUE or more; an earlier answer stays in it."""
    from tumen.cases.diligence.answering import Change
    from tumen.model.diligence import Standing

    change = Change(field_id, Standing.ANSWERED, values, note, source, evidence)
    _keep(store_url, book_id, party_id, change)


@diligence.command(short_help="Say that a field has no answer.")
@_book
@_party
@_field
@click.argument("reason", metavar="REASON")
@click.option("--not-applicable", is_flag=True, help="It does not apply, rather than is unknown.")
@_evidence
@store_option
def unknown(
    book_id: str,
    party_id: str,
    field_id: str,
    reason: str,
    not_applicable: bool,
    evidence: tuple[str, ...],
    store_url: str,
) -> None:
    """Say why FIELD is unknown, in ten letters or more. It shows, and counts apart."""
    from tumen.cases.diligence.answering import Change
    from tumen.model.diligence import Standing

    standing = Standing.NOT_APPLICABLE if not_applicable else Standing.UNKNOWN
    change = Change(field_id, standing, note=reason, evidence=evidence)
    _keep(store_url, book_id, party_id, change)


@diligence.command(short_help="Show how complete a file is.")
@_book
@_party
@store_option
@json_option
@click.pass_context
def complete(
    context: click.Context, book_id: str, party_id: str, store_url: str, as_json: bool
) -> None:
    """Show how complete the file of PARTY is, and which required fields are missing."""
    from tumen.cases.diligence.shown import overview_to_dict

    view = _view(store_url, book_id, party_id)
    if as_json:
        told = overview_to_dict(view)
        sections = {one["id"]: one["progress"] for one in told["sections"]}
        print_json({"progress": told["progress"], "sections": sections, "missing": told["missing"]})
    else:
        _print_progress(view)
        for spec in view.missing:
            click.echo(f"Missing: {spec.id} ({spec.label})")
        _print_review(view)
    context.exit(Exit.NOT_SCREENED if view.missing else Exit.DONE)


@diligence.command(short_help="Show which files are due.")
@_book
@click.option("--all", "shows_all", is_flag=True, help="Also those that hold.")
@store_option
@json_option
def due(book_id: str, shows_all: bool, store_url: str, as_json: bool) -> None:
    """Show the files of BOOK that somebody has begun and that do not hold, or not much longer."""
    from tumen.cases.diligence.refresh import ReviewState

    views = [
        one
        for one in _begun(store_url, book_id)
        if shows_all or one.review.state is not ReviewState.IN_FORCE
    ]
    if as_json:
        print_json({"files": [_due_line(one) for one in views]})
        return
    rows = [
        (
            line["party_id"],
            line["caption"],
            line["state"],
            line["due_on"] or "",
            "; ".join(line["why"]),
        )
        for line in map(_due_line, views)
    ]
    console().print(table("", ("Party", "Name", "State", "Due", "Why"), rows))


@diligence.command(short_help="Write a file out.")
@_book
@_party
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Into this file: .json, .pdf or .zip.",
)
@store_option
def export(book_id: str, party_id: str, out: Path, store_url: str) -> None:
    """Write the file of PARTY as JSON, as pages, or as an archive with a manifest of hashes."""
    from tumen.cases.diligence.export import Form, collect

    forms = {f".{form.value}": form for form in Form}
    form = forms.get(out.suffix.lower())
    if form is None:
        raise click.UsageError(f"{out}: end its name with {', '.join(forms)}")
    store, _ = open_store(store_url)
    with store, store.reading() as work:
        found = collect(work, book_id, party_id, _usual_policy(), datetime.now(UTC))
    try:
        out.write_bytes(found.to(form))
    except OSError as error:
        raise RequestError(f"{out} cannot be written: {error}") from error
    click.echo(f"Written: {out}")


def _view(store_url: str, book_id: str, party_id: str) -> Overview:
    from tumen.cases.diligence.overview import overview

    store, _ = open_store(store_url)
    with store, store.reading() as work:
        return overview(work, book_id, party_id, _usual_policy(), datetime.now(UTC))


def _begun(store_url: str, book_id: str) -> Iterator[Overview]:
    """Every file of a book in which something was set, one at a time."""
    from tumen.cases.diligence.overview import overview

    store, _ = open_store(store_url)
    after, now, policy = "", datetime.now(UTC), _usual_policy()
    with store, store.reading() as work:
        while party_ids := work.diligence.parties(book_id, after):
            for after in party_ids:
                yield overview(work, book_id, after, policy, now)


def _due_line(view: Overview) -> dict[str, Any]:
    review = view.review
    return {
        "party_id": view.file.party_id,
        "caption": view.known.party.entity.caption,
        "state": review.state.value,
        "due_on": review.due_on.isoformat() if review.due_on else None,
        "why": list(review.reasons),
    }


def _keep(store_url: str, book_id: str, party_id: str, change: Change) -> None:
    from tumen.cases.diligence import keeping

    now = datetime.now(UTC)
    step = keeping.set_field(change, _actor(), now)
    store, _ = open_store(store_url)
    with store, store.writing() as work:
        record = keeping.act(work, book_id, party_id, step, now, usual_policy=_usual_policy())
    click.echo(f"{record.field_id}: {record.act.value} (record {record.sequence})")


def _actor() -> Actor:
    """The account that runs this process. Nobody is who they say they are: it cannot be named."""
    from tumen.model.access import Permission
    from tumen.model.case import Actor

    name = account_name()
    return Actor(name, name, name, (Permission.DECIDE.value,))


def _usual_policy() -> Policy:
    return policy_in_force(load_settings())


def _row(field: Any) -> tuple[str, str, str, str]:
    required = "" if field.is_required else ", not required"
    said = "; ".join(field.values) or (field.answer.note if field.answer else "")
    by = f", {field.answer.by.name}" if field.answer else ""
    name = f"{field.spec.label}\n{field.spec.id}"
    return name, f"{field.standing.value}{required}", said, f"{field.source}{by}".strip(", ")


def _print_progress(view: Overview) -> None:
    rows: list[Sequence[str]] = [
        (f"{one.number} {one.section.label}", *_counts(one.progress)) for one in view.sections
    ]
    rows.append(("All", *_counts(view.progress)))
    columns = ("Section", "Answered", "Required", "Share", "Unknown", "Not applicable", "Missing")
    console().print(table("", columns, rows))


def _counts(progress: Any) -> tuple[str, ...]:
    counts = (progress.answered, progress.required)
    rest = (progress.unknown, progress.not_applicable, progress.missing)
    return (*map(str, counts), f"{progress.percent} %", *map(str, rest))


def _print_review(view: Overview) -> None:
    duty = "is" if view.circumstances.is_enhanced else "is not"
    click.echo(f"Enhanced due diligence {duty} required")
    for one in view.triggers:
        if one.state.value == "raised":
            for reason in one.reasons:
                click.echo(f"  {one.label}: {reason}")
    due = f", due {view.review.due_on}" if view.review.due_on else ""
    click.echo(f"The file is {view.review.state.value}{due}")
    for reason in view.review.reasons:
        click.echo(f"  {reason}")
