"""`tumen mcp`: serve agents by the Model Context Protocol, read-only."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.errors import RequestError, TumenError

if TYPE_CHECKING:
    from tumen.service.mcp.desk import Desk

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.option("--store", "store_url", default="", metavar="URL", help="Read this store.")
@click.option(
    "--policy",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Policy file; else the one in the data directory.",
)
@click.option("--http", "is_http", is_flag=True, help="Serve over HTTP instead of standard input.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --http: loopback only.")
@click.option("--port", default=8766, show_default=True, type=click.IntRange(1, 65535))
@click.option("--json", "as_json", is_flag=True, help="Print the tools as JSON and end.")
def mcp(
    store_url: str, policy: Path | None, is_http: bool, host: str, port: int, as_json: bool
) -> None:
    """Let an agent screen, explain and look up. It can change nothing.

    Speaks the Model Context Protocol on standard input and output, as agents start it:

    \b
      {"mcpServers": {"tumen": {"command": "tumen", "args": ["mcp"]}}}

    With --http it answers at http://127.0.0.1:8766/mcp, to programs of this machine alone.
    """
    if is_http and host not in _LOOPBACK:
        raise RequestError(
            f"--host {host}: agents are served on loopback alone, for nobody is asked who he is. "
            "Use 127.0.0.1, or `tumen serve`, which asks for a key"
        )
    from tumen.service.mcp.server import create_server

    desk = _desk(store_url, policy)
    server = create_server(desk)
    if as_json:
        _print_tools(server)
        return
    # The index may take a minute: it is opened while the agent is still reading what there is.
    threading.Thread(target=_warm, args=(desk,), daemon=True).start()
    if is_http:
        click.echo(f"Serving agents at http://{host}:{port}/mcp", err=True)
        server.run("streamable-http", host=host, port=port, stateless_http=True, json_response=True)
    else:
        server.run("stdio")


def _desk(store_url: str, policy_file: Path | None) -> Desk:
    from tumen.cli.opening import find_store
    from tumen.config import load_settings
    from tumen.screening.policy import Policy, load_policy
    from tumen.service.mcp.desk import Desk

    settings = load_settings()
    url = find_store(store_url, settings)
    # The folder in which `tumen screen` keeps its index of this store.
    folder = settings.snapshots / hashlib.sha256(url.encode()).hexdigest()[:12]
    file = policy_file or settings.policy_file
    policy = load_policy(file) if file else Policy()
    is_fixed = policy_file is not None
    return Desk(url, folder, policy, lambda: datetime.now(UTC), is_fixed)


def _warm(desk: Desk) -> None:
    try:
        desk.screener()
    except TumenError as error:
        # Each tool will say so again; whoever looks at the log should not have to ask one.
        click.echo(f"Not ready to screen: {error}", err=True)


def _print_tools(server: Any) -> None:
    import asyncio

    from tumen.cli.output import print_json

    tools = asyncio.run(server.list_tools())
    print_json(
        {
            "tools": [
                tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools
            ]
        }
    )
