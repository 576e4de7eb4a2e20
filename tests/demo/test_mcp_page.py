"""What the page on agents shows works as it is written."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp_types import CallToolResult

from tumen.cli.main import main
from tumen.demo import LISTS
from tumen.lists.check import LoadOptions
from tumen.lists.ingest import ingest_all
from tumen.lists.recognise import recognise
from tumen.lists.registry import published_lists
from tumen.screening.policy import Policy
from tumen.service.mcp.desk import Desk
from tumen.service.mcp.server import create_server
from tumen.store import Store

TEXT = (Path(__file__).parents[2] / "docs" / "mcp.md").read_text("utf-8")
BLOCKS = [json.loads(one) for one in re.findall(r"^```json\n(.*?)^```$", TEXT, re.DOTALL | re.M)]
CALLS = [block for block in BLOCKS if "tool" in block]
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk over the starter lists."""
    folder = tmp_path_factory.mktemp("desk")
    url = f"sqlite:///{folder}/tumen.db"
    registry = published_lists()
    with Store.open(url) as store:
        options = LoadOptions(is_starter=True, accept_shrunken=True)
        list(ingest_all(recognise([LISTS], registry).bundles, registry, store, options, NOW))
    made = Desk(url, folder / "snapshots", Policy(), lambda: NOW)
    yield made
    made.close()


def ask(desk: Desk, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What a tool answers."""

    async def call() -> CallToolResult:
        async with Client(create_server(desk)) as client:
            return await client.call_tool(tool, arguments)

    result = asyncio.run(call())
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


@pytest.mark.parametrize("call", CALLS, ids=[call["tool"] for call in CALLS])
def test_its_examples_are_answered(desk: Desk, call: dict[str, Any]) -> None:
    """Each call as it stands on the page."""
    assert ask(desk, call["tool"], call["arguments"])


def test_its_parties_are_found(desk: Desk) -> None:
    """The person by name and birth date, the vessel by its number; the warning is there."""
    by_tool = {call["tool"]: call["arguments"] for call in CALLS}
    one = ask(desk, "screen", by_tool["screen"])
    assert one["results"][0]["outcome"] == "hit"
    assert "not for a decision" in one["warnings"][0]
    many = ask(desk, "screen_many", by_tool["screen_many"])["results"]
    assert [result["outcome"] for result in many] == ["no hit", "hit"]
    assert ask(desk, "search_names", by_tool["search_names"])["entries"]


def test_its_table_has_every_tool(desk: Desk) -> None:
    """None missing, none too many."""
    named = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)
    tools = asyncio.run(create_server(desk).list_tools())
    assert sorted(named) == sorted(tool.name for tool in tools)


def test_its_options_exist() -> None:
    """And so does the command that an agent is told to start."""
    command = main.get_command(None, "mcp")  # type: ignore[arg-type]
    assert command is not None
    known = {name for parameter in command.params for name in parameter.opts}
    assert set(re.findall(r"--[a-z]+", TEXT)) <= known
    start = BLOCKS[0]["mcpServers"]["tumen"]
    assert (start["command"], start["args"]) == ("tumen", ["mcp"])
