"""What the page on peers' clients shows can be run, against a service over the starter lists."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from click.testing import CliRunner
from peers import served, settings_of

from tumen.cli.main import main
from tumen.demo import LISTS
from tumen.lists.registry import published_lists
from tumen.service.sources.specs import read_specs
from tumen.service.watchman.lists import datasets_of

PAGE = Path(__file__).parents[2] / "docs" / "peers.md"
TEXT = PAGE.read_text("utf-8")
ADDRESS = "http://127.0.0.1:8000"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)
LINES = [
    line.removeprefix("$ ")
    for kind, block in BLOCKS
    for line in block.splitlines()
    if kind == "console"
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over the starter lists."""
    home = tmp_path_factory.mktemp("page")
    done = CliRunner().invoke(
        main, ["lists", "load", "--accept-shrunken", str(LISTS)], env={"TUMEN_HOME": str(home)}
    )
    assert done.exit_code == 0, done.output
    with served(settings_of(home)) as address:
        yield address


def answer(line: str, address: str) -> Any:
    """What the service answers to a line of curl."""
    words = shlex.split(line.replace(ADDRESS, address))
    url = words[-1]
    if "-d" in words:
        name, _, value = words[words.index("-d") + 1].partition("=")
        given = httpx.post(url, data={name: value})
    else:
        given = httpx.get(url)
    assert given.status_code == 200, given.text
    is_lines = "x-ndjson" in given.headers["content-type"]
    return [json.loads(one) for one in given.text.splitlines()] if is_lines else given.json()


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("curl")])
def test_every_line_of_curl_finds_something(demo: str, line: str) -> None:
    """No example on the page gives an error or nothing."""
    body = answer(line, demo)
    if "/v2/search" in line:
        records = body if isinstance(body, list) else body["entities"]
        assert records
    elif "queries=" in line:
        assert body["q0"]["result"][0]["match"]
    elif "suggest" in line:
        assert body["result"]
    else:
        assert body


def test_the_program_on_the_page_runs(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints the name, the score and that it is a match."""
    block = next(block for kind, block in BLOCKS if kind == "python")
    exec(compile(block.replace(ADDRESS, demo), str(PAGE), "exec"), {})
    assert re.fullmatch(r".*KIM.* 0\.\d+ True\n", capsys.readouterr().out)


def test_the_manifest_on_the_page_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its keys are those that a manifest has; the catalogue is asked for with the token."""
    asked = []

    def catalogue(place: str, token: str = "") -> Any:
        if place.startswith("https:"):
            asked.append((place, token))
            return {"datasets": [{"name": "org_7", "entities_url": "https://marble.example/x"}]}
        return yaml.safe_load(Path(place).read_text("utf-8"))

    monkeypatch.setenv("MARBLE_INDEXER_TOKEN", "secret")
    monkeypatch.setattr("tumen.service.sources.specs.read_document", catalogue)
    manifest = tmp_path / "marble.yml"
    manifest.write_text(next(block for kind, block in BLOCKS if kind == "yaml"))
    assert {spec.name for spec in read_specs(str(manifest))} == {"org_7", "default"}
    assert asked == [("https://marble.example/screening-indexer/catalogs", "secret")]


def test_the_table_of_sources_is_right() -> None:
    """Each of Watchman's names on the page means the lists beside it, and those exist."""
    table = TEXT.partition("| Watchman's source | ours |")[2].partition("\n\n")[0]
    rows = [re.findall(r"`(\w+)`", line) for line in table.splitlines()[2:]]
    known = {info.id for info in published_lists()}
    sources = {name for row in rows for name in row if name not in known}
    assert sources == {"us_ofac", "us_non_sdn", "us_csl", "us_dpl", "eu_csl", "uk_csl", "un_csl"}
    for row in rows:
        ours = [name for name in row if name in known]
        meant = [one for name in row if name in sources for one in datasets_of(name)]
        assert meant == ours


def test_commands_on_the_page_exist() -> None:
    """Lines that are no curl begin with a program that the page speaks of."""
    programs = {shlex.split(line)[0] for line in LINES if not line.startswith("curl")}
    assert programs == {"tumen", "export", "yente-cli"}
