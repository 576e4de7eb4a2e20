"""`tumen lists` as a person and as a program use it, with an invented list."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer
from toy_published import toy

from tumen.cli.main import main
from tumen.lists.registry import ListInfo, Registry


class Shell:
    """Runs commands over one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *words: object) -> Result:
        """Run `tumen lists` with these words."""
        env = {"TUMEN_HOME": str(self.home), "TUMEN_STORE": "", "TUMEN_POLICY": ""}
        return CliRunner().invoke(main, ["lists", *map(str, words)], env=env)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A fresh home, and the toy list as the only one."""
    use(monkeypatch, toy.toy_registry())
    return Shell(tmp_path / "home")


def use(monkeypatch: pytest.MonkeyPatch, registry: Registry) -> None:
    """Let the commands know these lists alone."""
    monkeypatch.setattr("tumen.lists.registry.published_lists", lambda: registry)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A good version on disk."""
    path: Path = toy.write(tmp_path / "in/toy.json", toy.toy_json(20))
    return path


def test_a_list_is_loaded_and_shown(shell: Shell, published: Path) -> None:
    """The way of the first day."""
    done = shell("load", published)
    assert done.exit_code == 0, done.output
    assert "loaded: toy (json): 20 entries, published 2026-02-27" in done.output
    shown = shell("show")
    assert shown.exit_code == 0
    for text in ("toy", "2026-02-27", "days", "20", "none"):
        assert text in shown.output


def test_show_as_json(shell: Shell, published: Path) -> None:
    """All a program needs to judge how fresh the lists are."""
    shell("load", published)
    (version,) = json.loads(shell("show", "--json").output)["lists"]
    assert version["list_id"] == "toy"
    assert version["title"] == "Toy List"
    assert version["published_on"] == "2026-02-27"
    assert (version["entries"], version["names"], version["is_starter"]) == (20, 20, False)
    assert version["age_days"] > 0
    assert {"name": "entries", "status": "passed"}.items() <= version["checks"][0].items()


def test_show_without_lists(shell: Shell) -> None:
    """Nothing loaded is exit code 3, and says how to begin."""
    shown = shell("show")
    assert shown.exit_code == 3
    assert "Not loaded: toy" in shown.output
    assert "tumen lists load" in shown.output
    as_json = shell("show", "--json")
    assert as_json.exit_code == 3
    assert json.loads(as_json.output) == {"lists": []}


def test_a_refused_version_is_exit_code_one(shell: Shell, published: Path) -> None:
    """The message says how to override; the override works and is shown for good."""
    shell("load", published)
    toy.write(published, toy.toy_json(5, "2026-02-28"))
    refused = shell("load", published)
    assert refused.exit_code == 1
    assert "refused: toy (json): 15 of 20 entries" in refused.output
    assert "--accept-shrunken" in refused.output
    assert json.loads(shell("show", "--json").output)["lists"][0]["entries"] == 20
    assert shell("load", published, "--accept-shrunken").exit_code == 0
    shown = shell("show")
    assert shown.output.splitlines()[3].split()[-1] == "1"
    assert "Accepted with --accept-shrunken" in shown.output


def test_a_stranger_among_lists_is_exit_code_one(shell: Shell, published: Path) -> None:
    """The list is loaded, and the stranger named with its first bytes."""
    toy.write(published.parent / "customers.csv", b"name,born\nKim,1965\n")
    toy.write(published.parent / ".DS_Store", b"x")
    done = shell("load", published.parent)
    assert done.exit_code == 1
    assert "loaded: toy" in done.output
    assert "customers.csv: no list begins like this: name,born" in done.output
    assert "hidden files left out: 1" in done.output


def test_a_file_cannot_steer_the_terminal(shell: Shell, tmp_path: Path) -> None:
    """Control characters in values and names are shown, not sent."""
    data = json.loads(toy.toy_json(5)) | {"unknown": {"Mood: \x1b[2Jsad": 1}}
    done = shell("load", toy.write(tmp_path / "a\x1b[31m.json", json.dumps(data).encode()))
    assert done.exit_code == 0
    assert "\x1b" not in done.output
    assert "Mood: \\x1b[2Jsad" in done.output


def test_nothing_recognised_is_exit_code_two(shell: Shell, tmp_path: Path) -> None:
    """Strangers alone, and an empty folder."""
    path = toy.write(tmp_path / "in/customers.csv", b"name,born\n")
    assert shell("load", path).exit_code == 2
    (tmp_path / "empty").mkdir()
    empty = shell("load", tmp_path / "empty")
    assert empty.exit_code == 2
    assert "Nothing" in empty.output


@pytest.mark.parametrize(
    "words",
    [
        ("load",),
        ("load", "/no/such/file"),
        ("load", ".", "--published-on", "3 May 2024"),
        ("show", "--store", "nonsense"),
        ("fetch", "no_such_list"),
    ],
)
def test_bad_usage_is_exit_code_two(shell: Shell, words: tuple[str, ...]) -> None:
    """No half-understood command does anything."""
    done = shell(*words)
    assert done.exit_code == 2
    assert "Error" in done.output


def test_options_for_undated_and_past_versions(shell: Shell, tmp_path: Path) -> None:
    """--published-on dates OFAC-like CSV, --history keeps the past without making it current."""
    new = toy.write(tmp_path / "new/toy.csv", toy.toy_csv(5))
    old = toy.write(tmp_path / "old/toy.csv", toy.toy_csv(4))
    assert shell("load", new, "--published-on", "2026-02-01").exit_code == 0
    done = shell("load", old, "--published-on", "2026-01-01", "--history")
    assert done.exit_code == 0
    assert "stored: toy (csv): 4 entries, published 2026-01-01" in done.output
    (version,) = json.loads(shell("show", "--json").output)["lists"]
    assert (version["entries"], version["published_on"]) == (5, "2026-02-01")
    many = shell("load", tmp_path / "new", tmp_path / "old", "--published-on", "2026-02-01")
    assert many.exit_code == 2


def test_load_as_json(shell: Shell, published: Path) -> None:
    """One document with outcomes and strangers, nothing else on standard output."""
    toy.write(published.parent / "customers.csv", b"name\n")
    data = json.loads(shell("load", published.parent, "--json").stdout)
    assert [outcome["status"] for outcome in data["outcomes"]] == ["loaded"]
    assert data["outcomes"][0]["version"]["entries"] == 20
    assert data["unrecognised"][0]["place"].endswith("customers.csv")
    again = json.loads(shell("load", published, "--json").stdout)
    assert again["outcomes"][0]["status"] == "already loaded"


def test_the_store_can_be_named(shell: Shell, published: Path, tmp_path: Path) -> None:
    """--store goes before the settings."""
    url = f"sqlite:///{tmp_path}/other.db"
    assert shell("load", published, "--store", url).exit_code == 0
    assert shell("show").exit_code == 3
    assert shell("show", "--store", url).exit_code == 0


def toy_info_at(url: str, list_id: str = "toy") -> ListInfo:
    """The toy list at a local address."""
    urls = [{"format": "json", "url": url, "files": ["toy.json"]}]
    info: ListInfo = toy.toy_info(id=list_id, urls=urls)
    return info


def test_fetch_downloads_and_loads(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer, tmp_path: Path
) -> None:
    """One command from the publisher's address to a current version; twice does no harm."""
    httpserver.expect_request("/toy.json").respond_with_data(
        toy.toy_json(20), headers={"ETag": '"1"'}
    )
    infos = {"toy": toy_info_at(httpserver.url_for("/toy.json"))}
    use(monkeypatch, Registry(infos, toy.ToyReader))
    done = shell("fetch", "toy", "--into", tmp_path / "published")
    assert done.exit_code == 0, done.output
    assert "fetched: toy:" in done.output
    assert "loaded: toy (json): 20 entries" in done.output
    assert (tmp_path / "published/toy/toy.json").read_bytes() == toy.toy_json(20)
    again = shell("fetch")
    assert again.exit_code == 0
    assert "already loaded" in again.output
    assert (shell.home / "published/toy/toy.json").is_file()


def test_a_list_that_cannot_be_fetched_stops_no_other(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    """The reachable list is loaded; the other is told, with exit code 1."""
    httpserver.expect_request("/toy.json").respond_with_data(toy.toy_json(20))
    httpserver.expect_request("/gone.json").respond_with_data("", status=404)
    infos = {
        "gone": toy_info_at(httpserver.url_for("/gone.json"), "gone"),
        "toy": toy_info_at(httpserver.url_for("/toy.json")),
    }

    class OnlyToy(toy.ToyReader):  # type: ignore[misc, name-defined]
        def recognise(self, file: Any) -> str | None:
            return super().recognise(file) if self.list_id == "toy" else None

    use(monkeypatch, Registry(infos, OnlyToy))
    done = shell("fetch")
    assert done.exit_code == 1
    assert "not fetched: gone" in done.output
    assert "loaded: toy" in done.output


def test_a_list_without_address_cannot_be_fetched(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said that its files must be loaded by hand."""
    use(monkeypatch, Registry({"toy": toy.toy_info(urls=[])}, toy.ToyReader))
    done = shell("fetch", "toy")
    assert done.exit_code == 2
    assert "load its files yourself" in done.output
    assert shell("fetch").exit_code == 2


def test_help_costs_little() -> None:
    """`tumen lists --help` loads no database, network or readers."""
    code = (
        "import sys; from tumen.cli.lists import lists;"
        "print([m for m in ('sqlalchemy', 'httpx', 'pydantic', 'lxml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
