"""The server as agents start it: a process on standard input and output, or on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_world import fill

from tumen.cli.main import main

PARTY = {"name": "Dream of Invention", "type": "vessel", "identifiers": {"IMO": "9179842"}}
TUMEN = [sys.executable, "-c", "from tumen.cli.main import main; main()", "mcp"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data directory whose store holds the small list."""
    fill(f"sqlite:///{tmp_path}/tumen.db")
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    """What the process is started with."""
    own = {"TUMEN_HOME": str(home), "TUMEN_STORE": "", "TUMEN_POLICY": ""}
    return {**os.environ, **own}


@asynccontextmanager
async def started(home: Path, *words: str) -> AsyncIterator[Client]:
    """A client of a process of its own."""
    command, *arguments = [*TUMEN, *words]
    parameters = StdioServerParameters(command=command, args=arguments, env=environment(home))
    async with Client(stdio_client(parameters)) as client:
        yield client


def test_an_agent_starts_it_and_screens(home: Path) -> None:
    """Nothing but the protocol comes out of standard output, else the client would stumble."""

    async def talk() -> None:
        async with started(home) as client:
            tools = await client.list_tools()
            assert len(tools.tools) == 8
            result = await client.call_tool("screen", {"party": PARTY})
            assert result.structured_content is not None
            (outcome,) = result.structured_content["results"]
            assert outcome["outcome"] == "hit"
            assert outcome["hits"][0]["entity_id"] == "toy:ship"
            # The text says the same, for clients that read no structure.
            text = result.content[0]
            assert text.type == "text"
            assert json.loads(text.text) == result.structured_content
            refused = await client.call_tool("look_up", {"entity_id": "toy:nobody"})
            assert refused.is_error

    asyncio.run(asyncio.wait_for(talk(), 60))


def test_it_starts_without_a_store_and_says_so(tmp_path: Path) -> None:
    """The agent learns why nobody can be screened; the process does not end."""

    async def talk() -> None:
        async with started(tmp_path) as client:
            for _ in range(2):
                result = await client.call_tool("screen", {"party": PARTY})
                assert result.structured_content is not None
                (outcome,) = result.structured_content["results"]
                assert outcome["outcome"] == "not screened"
                assert "tumen lists load" in outcome["problem"]

    asyncio.run(asyncio.wait_for(talk(), 60))


def test_it_ends_when_the_agent_does(home: Path) -> None:
    """With its input, whatever it was about to read."""
    done = subprocess.run(
        TUMEN, env=environment(home), stdin=subprocess.DEVNULL, capture_output=True, timeout=30
    )
    assert (done.returncode, done.stdout) == (0, b"")


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def listening(home: Path) -> Iterator[str]:
    """The address of a process that serves over HTTP."""
    port = free_port()
    process = subprocess.Popen(
        [*TUMEN, "--http", "--port", str(port)], env=environment(home), stderr=subprocess.PIPE
    )
    try:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def test_it_serves_over_http_on_loopback(home: Path) -> None:
    """To programs of this machine; a page of another site in a browser is turned away."""

    async def talk(address: str) -> None:
        async with Client(address) as client:
            result = await client.call_tool("screen", {"party": PARTY})
            assert result.structured_content is not None
            assert result.structured_content["results"][0]["outcome"] == "hit"

    with listening(home) as address:
        asyncio.run(asyncio.wait_for(talk(address), 60))
        for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
            accept = {"Accept": "application/json, text/event-stream"}
            body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            refused = httpx.post(address, json=body, headers={**accept, **headers})
            assert refused.status_code in (403, 421), refused.text


def test_it_is_not_served_to_others() -> None:
    """Nobody is asked who he is, so only this machine may ask."""
    done = CliRunner().invoke(main, ["mcp", "--http", "--host", "0.0.0.0"])
    assert done.exit_code == 2
    assert "served on loopback alone" in done.output
    assert "tumen serve" in done.output


def test_the_tools_can_be_printed(home: Path) -> None:
    """As the protocol names them, without starting anything."""
    done = CliRunner().invoke(main, ["mcp", "--json"], env=environment(home))
    assert done.exit_code == 0, done.output
    tools = {tool["name"]: tool for tool in json.loads(done.stdout)["tools"]}
    assert "party" in tools["screen"]["inputSchema"]["properties"]
    assert tools["screen"]["annotations"]["readOnlyHint"] is True


def test_a_policy_of_ones_own_holds(home: Path, tmp_path: Path) -> None:
    """The threshold of the file stands in the answer."""
    policy = tmp_path / "own.yml"
    policy.write_text("name: agents\nversion: '2'\nthreshold: 0.85\n")

    async def talk() -> None:
        async with started(home, "--policy", str(policy)) as client:
            result = await client.call_tool("screen", {"party": PARTY})
            assert result.structured_content is not None
            assert result.structured_content["policy"]["name"] == "agents"
            assert result.structured_content["policy"]["threshold"] == 0.85

    asyncio.run(asyncio.wait_for(talk(), 60))
