"""`tumen serve`: answer over HTTP."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace

import click

from tumen.config import load_service_settings

# The folder in which prometheus_client gathers the counts of several processes.
_SHARED = "PROMETHEUS_MULTIPROC_DIR"


@click.command()
@click.option("--host", default="", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on.  [default: 8000]")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@click.option("--manifest", default="", help="File or address of a manifest to serve instead.")
@click.option("--store", "store_url", default="", help="The store, by URL or SQLite file.")
@click.option("--quiet", is_flag=True, help="Log only what needs attention.")
@click.option("--json", "as_json", is_flag=True, help="Logs are lines of JSON; they always are.")
@click.option("--fd", type=int, hidden=True, help="A socket that is open already.")
def serve(
    host: str,
    port: int | None,
    workers: int,
    manifest: str,
    store_url: str,
    quiet: bool,
    as_json: bool,  # noqa: ARG001
    fd: int | None,
) -> None:
    """Answer over HTTP: yente's API, OpenRefine's, Watchman's, and our own under /api/v1.

    \b
    tumen serve                            the lists of the store
    tumen serve --manifest manifest.yml    the datasets of a manifest as yente has it

    New list versions are taken up while it runs. Bound to another address than this machine's
    own it answers nobody without a key or a user (see tumen keys, tumen users).
    """
    shared = os.environ.get(_SHARED, "") if fd is not None else ""
    if workers > 1:
        # Before prometheus_client is imported, which looks for it then.
        shared = os.environ[_SHARED] = tempfile.mkdtemp(prefix="tumen-metrics-")
    from tumen.cli.opening import find_store
    from tumen.service.logs import configure_logs
    from tumen.service.serving import serve as run
    from tumen.service.serving import serve_with_workers

    settings = load_service_settings(host=host, port=port)
    store_url = find_store(store_url, settings.base)
    settings = replace(
        settings,
        base=replace(settings.base, store_url=store_url),
        manifest=manifest or settings.manifest,
        metrics_folder=shared,
    )
    configure_logs(is_quiet=quiet)
    if workers == 1:
        run(settings, fd=fd)
        return
    options = ["--host", settings.host, "--store", store_url, *(["--quiet"] if quiet else [])]
    if settings.manifest:
        options += ["--manifest", settings.manifest]
    serve_with_workers(settings, workers, options)
