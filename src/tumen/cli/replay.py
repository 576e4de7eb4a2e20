"""`tumen replay`: repeat a stored screening, and say whether it comes to the same.

Exit codes: 0 identical, 1 something differs, 2 no such screening or part of it is gone.
"""

from __future__ import annotations

import click

from tumen.cli.exits import Exit
from tumen.cli.options import json_option, open_store, store_option, workers_option
from tumen.cli.output import console, print_json

_SHOWN = 50


@click.command()
@click.argument("screening_id", metavar="SCREENING")
@workers_option
@store_option
@json_option
@click.pass_context
def replay(
    context: click.Context, /, screening_id: str, workers: int | None, store_url: str, as_json: bool
) -> None:
    """Repeat SCREENING with the input, the list versions, the policy and the word statistics that
    it had, and say "identical" or what differs.
    """
    from tumen.screening.progress import showing_indexing
    from tumen.screening.replay import replay as repeat

    store, _ = open_store(store_url)
    with store:
        with store.reading() as work:
            run = work.screenings.get(screening_id)
            versions = [work.lists.known_version(one) for one in run.versions] if run else []
        total = sum(version.entries for version in versions)
        with showing_indexing(console(is_error=True), total) as indexed:
            found = repeat(store, screening_id, workers=workers or 1, progress=indexed)
    if as_json:
        print_json(found.to_dict())
    elif found.is_identical:
        run = found.run
        click.echo(f"Identical: {run.tally['subjects']:,} outcomes of {run.screened_at:%Y-%m-%d}, "
                   f"screened against {', '.join(run.versions)} by {run.engine}")  # fmt: skip
    else:
        click.echo(f"Not identical to what it was on {found.run.screened_at:%Y-%m-%d}")
    if not as_json:
        for cause in found.causes:
            click.echo(cause)
        for one in found.differences[:_SHOWN]:
            click.echo(f"{one.subject_id}\n  was:    {one.was}\n  became: {one.became}")
        if len(found.differences) > _SHOWN:
            click.echo(f"and {len(found.differences) - _SHOWN:,} more; --json shows all")
    context.exit(Exit.DONE if found.is_identical else Exit.NOT_SCREENED)
