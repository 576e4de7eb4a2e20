"""`tumen show`: one list entry whole, and where each value came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from tumen.errors import ListsMissingError, RequestError

if TYPE_CHECKING:
    from rich.padding import Padding
    from rich.table import Table

    from tumen.model.listing import Designation, ListEntry, ListVersion
    from tumen.store import Store


@click.command()
@click.argument("entity_id")
@click.option("--store", "store_url", default="", metavar="URL", help="Look in this store.")
@click.option(
    "--version", "version_id", default="", metavar="ID", help="Look in this past list version."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(entity_id: str, store_url: str, version_id: str, as_json: bool) -> None:
    """Show a list entry: names, designations, links, identifiers and their sources.

    ENTITY_ID stands in every hit, such as us_ofac_sdn:20157.
    """
    version, entry, notes = _find(entity_id, store_url, version_id)
    if as_json:
        from tumen.cli.output import print_json
        from tumen.lists.ingest import version_to_dict
        from tumen.model.listing import entry_to_dict

        found = {"version": version_to_dict(version), "entry": entry_to_dict(entry)}
        print_json({**found, "notes": list(notes)})
    else:
        _print(version, entry, notes)


def _find(
    entity_id: str, store_url: str, version_id: str
) -> tuple[ListVersion, ListEntry, Sequence[str]]:
    """The entry, the version that it stands in, and what is to be said of the list."""
    from tumen.cli.opening import find_store
    from tumen.config import load_settings
    from tumen.store import Store

    with Store.open(find_store(store_url, load_settings())) as store:
        found = store.find_entity(entity_id, version_id=version_id)
        if found is not None:
            return (*found, () if version_id else _notes(store, found[0].list_id))
        versions = [version.version_id for version in store.current_versions()]
    if not versions:
        raise ListsMissingError("No list is loaded. Load some: tumen lists load PATH")
    where = version_id or ", ".join(versions)
    raise RequestError(f"There is no entry {entity_id!r} in {where}")


def _notes(store: Store, list_id: str) -> list[str]:
    from datetime import UTC, datetime

    from tumen.lists.registry import published_lists
    from tumen.watch.states import list_notes

    with store.reading() as work:
        found = list_notes(work, published_lists(), datetime.now(UTC))
    return [text for text in found if text.startswith(f"{list_id}: ")]


def _print(version: ListVersion, entry: ListEntry, notes: Sequence[str]) -> None:
    from tumen.cli.output import console

    out = console()
    out.print(f"{entry.entity.caption} ({entry.entity.schema}, {entry.entity.entity_id})")
    out.print(f"{version.version_id}, published {version.published_on or 'without a date'}")
    if version.is_starter:
        out.print("! From the starter lists that come with tumen: not for a decision")
    for text in notes:
        out.print(f"! {text}")
    out.print(_names(entry))
    for one in entry.designations:
        for line in _designation(one):
            out.print(line)
        out.print()
    for part in _tables(entry):
        out.print(part)
    if entry.remarks:
        out.print(f"Remarks: {entry.remarks}\n")
    out.print(f"Source: {entry.file}, {entry.locator}")


def _names(entry: ListEntry) -> Table:
    from tumen.cli.output import table

    names = [(n.text, n.kind.value, n.quality.value, n.script, n.language) for n in entry.names]
    return table("\nNames", ("Name", "Kind", "Quality", "Script", "Language"), names)


def _tables(entry: ListEntry) -> Iterator[Table]:
    from tumen.cli.output import table

    if entry.links:
        links = [(k.kind, k.role, k.target_name, k.target_id, _way(k)) for k in entry.links]
        columns_of_links = ("Kind", "Role", "Who", "Id", "This entry is")
        yield table("Links", columns_of_links, links)
    yield table("Facts", ("Property", "Value", "Published field", "Published text"), _facts(entry))


def _designation(one: Designation) -> Iterator[Padding]:
    """One designation, a line for each thing that the list states of it."""
    from rich.padding import Padding

    listed = f", listed {one.listed_on}" if one.listed_on else ""
    listed += f", amended {one.amended_on}" if one.amended_on else ""
    listed += f", ends {one.ends_on}" if one.ends_on else ""
    yield Padding(f"Designated by {one.authority}: {one.programme}{listed}", 0)
    stated = {
        "Legal basis": one.legal_basis,
        "Reference": one.reference,
        "Measures": "; ".join(one.measures),
        "Reason": one.reason,
        "Source": one.source_url,
    }
    for label, text in stated.items():
        if text:
            yield Padding(f"{label}: {text}", (0, 0, 0, 2))


def _way(link: Any) -> str:
    return "the object" if link.is_inverse else "the subject"


def _facts(entry: ListEntry) -> list[tuple[str, str, str, str]]:
    """Every property value with the published field it came from."""
    sources = {(field.prop, field.value): field for field in entry.fields}
    rows = []
    for prop, values in entry.entity.properties.items():
        for value in values:
            source = sources.get((prop, value))
            rows.append((prop, value, source.field if source else "", source.raw if source else ""))
    return rows
