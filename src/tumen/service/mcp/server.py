"""The server: every tool with its name, what it takes, and the promise that it only reads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version as version_of
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations

from tumen.service.mcp.answers import answering
from tumen.service.mcp.book_tools import BookTools
from tumen.service.mcp.change_tools import ChangeTools
from tumen.service.mcp.desk import Desk
from tumen.service.mcp.list_tools import ListTools
from tumen.service.mcp.screening_tools import ScreeningTools

INSTRUCTIONS = """\
Tumen screens parties against published sanctions lists and says why.

An outcome is "hit", "possible", "no hit" or "not screened". "Not screened" is never "no hit":
say so, and what the problem is. Always name the list versions and their dates beside an outcome,
and repeat the warnings. A score ranks likeness and is no probability. Whether a hit is true is for
a person to decide; nothing here decides, and nothing here changes what is stored."""
_ONLY_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def create_server(desk: Desk) -> MCPServer[Any]:
    """The server over one desk, which it closes at its end."""

    @asynccontextmanager
    async def lifespan(_: MCPServer[Any]) -> AsyncIterator[None]:
        yield
        desk.close()

    screening, lists = ScreeningTools(desk), ListTools(desk)
    tools = (
        ("Screen a party", screening.screen),
        ("Screen many parties", screening.screen_many),
        ("Explain a likeness", screening.explain),
        ("Look up a list entry", lists.look_up),
        ("Search names on lists", screening.search_names),
        ("Show list versions", lists.list_versions),
        ("Show what changed in lists", ChangeTools(desk).what_changed),
        ("Show standing hits of a book", BookTools(desk).standing_hits),
    )
    return MCPServer(
        "tumen",
        title="Tumen sanctions screening",
        instructions=INSTRUCTIONS,
        version=version_of("tumen"),
        log_level="WARNING",
        lifespan=lifespan,
        tools=[_tool(title, function) for title, function in tools],
    )


def _tool(title: str, function: Callable[..., Any]) -> Tool:
    """A tool that refuses arguments it does not know: a misspelt one would play no part."""
    tool = Tool.from_function(answering(function), title=title, annotations=_ONLY_READS)
    arguments = tool.fn_metadata.arg_model
    arguments.model_config["extra"] = "forbid"
    arguments.model_rebuild(force=True)
    tool.parameters = arguments.model_json_schema(by_alias=True)
    return tool
