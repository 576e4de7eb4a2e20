"""`tumen serve`: answer over HTTP."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace

import click

from tumen.config import load_service_settings


@click.command()
@click.option("--host", default="", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on.  [default: 8000]")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@click.option("--manifest", default="", help="File or address of a manifest to serve instead.")
@click.option("--store", "store_url", default="", help="The store, by URL or SQLite file.")
@click.option("--quiet", is_flag=True, help="Log only what needs attention.")
@click.option("--json", "as_json", is_flag=True, help="Logs are lines of JSON; they always are.")
@click.pass_context
def serve(
    ctx: click.Context,
    host: str,
    port: int | None,
    workers: int,
    manifest: str,
    store_url: str,
    quiet: bool,
    as_json: bool,  # noqa: ARG001
) -> None:
    """Answer over HTTP: yente's API, OpenRefine's, Watchman's, and our own under /api/v1.

    \b
    tumen serve                            the lists of the store
    tumen serve --manifest manifest.yml    the datasets of a manifest as yente has it

    New list versions are taken up while it runs. Bound to another address than this machine's
    own it answers nobody without a key or a user (see tumen keys, tumen users).
    """
    with tempfile.TemporaryDirectory(prefix="tumen-metrics-") as shared:
        if workers > 1:
            # prometheus_client looks for this when it is imported.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        from tumen.cli.opening import find_store
        from tumen.service.logs import configure_logs
        from tumen.service.serving import serve as run

        settings = load_service_settings(host=host, port=port)
        base = replace(settings.base, store_url=find_store(store_url, settings.base))
        configure_logs(is_quiet=quiet)
        ctx.exit(
            run(
                replace(
                    settings,
                    base=base,
                    manifest=manifest or settings.manifest,
                    metrics_folder=shared if workers > 1 else "",
                ),
                workers,
            )
        )
