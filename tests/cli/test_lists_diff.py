"""`tumen lists diff` and `tumen lists versions` as they are typed, with an invented list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from toy_published import toy

from tumen.cli.main import main


class Shell:
    """Runs commands over one home folder in which three versions are loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: object) -> Result:
        """Run `tumen lists` with these words."""
        env = {"TUMEN_HOME": str(self.folder / "home"), "TUMEN_STORE": "", "TUMEN_POLICY": ""}
        return CliRunner().invoke(main, ["lists", *map(str, words)], env=env)

    def file(self, name: str, entries: list[list[str]], day: str) -> Path:
        """A published file of the toy list."""
        data = {"toy": 1, "published_on": day, "entries": entries}
        path: Path = toy.write(self.folder / name, json.dumps(data).encode())
        return path


FIRST = [["1", "Kim Invented"], ["2", "Pak Invented"], ["3", "Ri Invented"]]
SECOND = [["1", "KIM Invented"], ["2", "Pak Invented"], ["4", "Choe Invented"]]
THIRD = [["1", "KIM Invented"], ["2", "Pak Renamed"], ["4", "Choe Invented"]]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The toy list is the only one, and has three versions."""
    registry = toy.toy_registry()
    monkeypatch.setattr("tumen.lists.registry.published_lists", lambda: registry)
    shell = Shell(tmp_path)
    for day, entries in (("01", FIRST), ("10", SECOND), ("20", THIRD)):
        path = shell.file(f"in/toy-{day}.json", entries, f"2026-02-{day}")
        assert shell("load", path, "--accept-shrunken").exit_code == 0
    return shell


@pytest.fixture
def ids(shell: Shell) -> list[str]:
    """The ids of the three versions, oldest first."""
    done = shell("versions", "--json")
    assert done.exit_code == 0
    return [one["version_id"] for one in json.loads(done.output)["versions"]]


def changes(result: Result) -> dict[str, str]:
    """Entity id → kind of change, of a JSON answer."""
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    return {one["entity_id"]: one["kind"] for one in data["changes"]}


def test_versions_are_listed(shell: Shell, ids: list[str]) -> None:
    """By day, with the current one marked."""
    text = shell("versions").output
    assert [line.split()[0] for line in text.splitlines() if "toy@" in line] == ids
    assert next(line for line in text.splitlines() if "current" in line).split()[0] == ids[2]
    assert shell("versions", "nothing").exit_code == 3


def test_a_list_alone_gives_its_last_two_versions(shell: Shell, ids: list[str]) -> None:
    """What happened last night, in one word."""
    done = shell("diff", "toy")
    assert done.exit_code == 0
    assert f"from {ids[1]}" in done.output
    assert f"to   {ids[2]}" in done.output
    assert "0 added, 0 removed, 1 changed" in done.output
    assert "− Pak Invented" in done.output
    assert "+ Pak Renamed" in done.output


ALL = {"toy-1": "changed", "toy-2": "changed", "toy-3": "removed", "toy-4": "added"}


def test_versions_are_named_in_each_way(shell: Shell, ids: list[str]) -> None:
    """By id, by its first letters, by list and day, by file."""
    for first in (
        ids[0],
        ids[0][:8],
        ids[0].partition("@")[2],
        "toy@2026-02-01",
        "toy@2026-02-09",
        shell.folder / "in/toy-01.json",
    ):
        for second in (ids[2], "toy", "toy@2026-12-31", shell.folder / "in/toy-20.json"):
            assert changes(shell("diff", first, second, "--json")) == ALL, (first, second)


def test_a_file_alone_is_compared_with_the_current_version(shell: Shell) -> None:
    """What loading it would change; it stays unloaded."""
    path = shell.file("new.json", [*THIRD, ["5", "Jo Invented"]], "2026-03-01")
    assert changes(shell("diff", path, "--format", "json")) == {"toy-5": "added"}
    assert len(json.loads(shell("versions", "--json").output)["versions"]) == 3


def test_a_version_alone_is_compared_with_the_one_before(shell: Shell, ids: list[str]) -> None:
    """Whether or not it is current."""
    assert set(changes(shell("diff", ids[1], "--json"))) == {"toy-1", "toy-3", "toy-4"}
    first = shell("diff", ids[0])
    assert first.exit_code == 2
    assert "nothing is before it" in first.output


def test_cosmetic_changes_are_counted_or_shown(shell: Shell, ids: list[str]) -> None:
    """Capitals alone alarm nobody."""
    folded = shell("diff", ids[0], ids[1]).output
    assert "1 entry changed only cosmetically" in folded
    assert "KIM" not in folded
    assert "KIM Invented" in shell("diff", ids[0], ids[1], "--all").output


def test_a_part_is_shown_alone(shell: Shell, ids: list[str]) -> None:
    """The additions, say."""
    assert changes(shell("diff", ids[0], ids[2], "--only", "added", "--json")) == {"toy-4": "added"}
    assert (
        "Only part of the changes is shown: added"
        in shell("diff", ids[0], ids[2], "--only", "added").output
    )


def test_a_report_is_written_to_a_file(shell: Shell, ids: list[str], tmp_path: Path) -> None:
    """In each format; the terminal says where."""
    for kind, start in (
        ("markdown", "# What changed: Toy List"),
        ("json", "{"),
        ("ftm", '{"op": '),
        ("table", "Toy List"),
    ):
        out = tmp_path / f"report.{kind}"
        done = shell("diff", ids[0], ids[2], "--format", kind, "--out", out)
        assert done.exit_code == 0, done.output
        assert f"Written to {out}" in done.stderr
        assert done.stdout == ""
        assert out.read_text("utf-8").startswith(start)
    refused = shell("diff", "toy", "--out", tmp_path / "no/such/folder.md", "--format", "markdown")
    assert refused.exit_code == 2
    assert "cannot be written" in refused.output


def test_operations_for_other_systems(shell: Shell, ids: list[str]) -> None:
    """One a line, by entity; what was seen before keeps its first day."""
    done = shell("diff", ids[0], ids[2], "--format", "ftm")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["op"], line["entity"]["id"]) for line in lines] == [
        ("MOD", "toy-1"),
        ("MOD", "toy-2"),
        ("DEL", "toy-3"),
        ("ADD", "toy-4"),
    ]
    entity = lines[1]["entity"]
    assert entity["caption"] == "Pak Renamed"
    assert entity["first_seen"] <= entity["last_change"]
    assert entity["datasets"] == ["toy"]
    narrowed = shell("diff", "toy", "--format", "ftm", "--only", "added")
    assert narrowed.exit_code == 2
    assert "leave out --only" in narrowed.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nix"], "There is no list version and no file 'nix'"),
        (["toy@zzzz"], "toy has no version 'zzzz'"),
        (["toy@2020-01-01"], "the first is of 2026-02-01"),
        (["other@2020-01-01"], "There is no list version and no file"),
        (["toy", "stranger.csv"], "There is no list version and no file 'stranger.csv'"),
    ],
)
def test_what_is_not_there_is_named(shell: Shell, words: list[str], message: str) -> None:
    """With the forms that there are."""
    done = shell("diff", *words)
    assert done.exit_code == 2
    assert message in done.output


def test_a_file_that_is_no_list_is_refused(shell: Shell) -> None:
    """So is a folder with two versions, and one with nothing."""
    stranger = toy.write(shell.folder / "s/customers.csv", b"name,born\nKim,1965\n")
    done = shell("diff", stranger)
    assert done.exit_code == 2
    assert "no list begins like this" in done.output
    two = shell("diff", shell.folder / "in")
    assert two.exit_code == 2
    assert "name one file, or say which with --list" in two.output
    empty = shell.file("empty.json", [], "2026-03-01")
    assert "It has no entries" in shell("diff", empty).output


def test_a_file_of_a_list_that_is_not_loaded_needs_another(tmp_path: Path, shell: Shell) -> None:
    """There is nothing to compare it with."""
    fresh = Shell(tmp_path / "fresh")
    path = fresh.file("toy.json", FIRST, "2026-02-01")
    done = fresh("diff", path)
    assert done.exit_code == 3
    assert "No version of toy is loaded" in done.output
    other = fresh.file("new.json", SECOND, "2026-02-10")
    assert changes(fresh("diff", path, other, "--json")) == {
        "toy-1": "changed",
        "toy-3": "removed",
        "toy-4": "added",
    }


def test_letters_that_two_versions_share_are_refused(
    shell: Shell, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names both."""
    monkeypatch.setattr("tumen.watch.version_names._LEAST_PREFIX", 0)
    done = shell("diff", "toy@")
    assert done.exit_code == 2
    assert all(version_id in done.output for version_id in ids)
    assert "Give more letters" in done.output
