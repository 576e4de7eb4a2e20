"""`tumen lists versions`: every version of a list that was ever loaded."""

from __future__ import annotations

import click

from tumen.cli.exits import Exit


@click.command(short_help="Show all versions that were loaded.")
@click.argument("list_ids", metavar="[LIST]...", nargs=-1)
@click.option("--store", "store_url", default="", metavar="URL", help="Look in this store.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def versions(
    context: click.Context, list_ids: tuple[str, ...], store_url: str, as_json: bool
) -> None:
    """Show all versions of lists that were loaded, oldest first, and which is current."""
    from tumen.cli.opening import find_store
    from tumen.cli.output import console, print_json, table
    from tumen.config import load_settings
    from tumen.lists.ingest import version_to_dict
    from tumen.store import Store
    from tumen.watch.version_names import versions_by_day

    with Store.open(find_store(store_url, load_settings())) as store:
        current = {version.version_id for version in store.current_versions()}
        wanted = list_ids or sorted(one.partition("@")[0] for one in current)
        found = [one for list_id in wanted for one in versions_by_day(store, list_id)]
    if as_json:
        described = (
            {**version_to_dict(one), "is_current": one.version_id in current} for one in found
        )
        print_json({"versions": list(described)})
    elif found:
        rows = [
            (
                one.version_id,
                str(one.published_on or "unknown"),
                f"{one.retrieved_at:%Y-%m-%d %H:%M}",
                one.format,
                f"{one.entries:,}",
                "current" if one.version_id in current else "",
            )
            for one in found
        ]
        columns = ("Version", "Published", "Loaded", "Format", "Entries", "")
        console().print(table("", columns, rows))
    else:
        click.echo("No version is loaded. Load files: tumen lists load PATH", err=True)
    context.exit(Exit.DONE if found else Exit.LISTS_MISSING)
