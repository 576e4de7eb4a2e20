"""The command line `yente-cli`, unchanged, as a process of its own against a server of ours."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

QUILL, SHIP = "un_sc_sanctions:1", "un_sc_sanctions:3"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(address: str, tmp_path: Path) -> Run:
    """Runs the command with these arguments; `stdin` is given to it."""

    def runs(*arguments: str, stdin: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "YENTE_BASE_URL": address,
            "OPENSANCTIONS_API_KEY": "a-key-that-loopback-does-not-need",
            "NO_PROXY": "*",
            "PYTHONWARNINGS": "ignore",
            "COLUMNS": "200",
        }
        done = subprocess.run(
            [str(Path(sys.executable).with_name("yente-cli")), *arguments],
            env=environment,
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done

    return runs


def document(done: subprocess.CompletedProcess[str]) -> Any:
    """The JSON that a command printed."""
    return json.loads(done.stdout)


def test_status(run: Run) -> None:
    """The first command of a new user: all green."""
    told = document(run("status", "-f", "json"))
    assert told["api"]["liveness"]["status"] == "ok"
    assert told["api"]["readiness"]["status"] == "ok"
    assert {one["name"] for one in told["loaded"]} >= {"un_sc_sanctions", "eu_fsf"}
    assert told["summary"]["stale"] == 0


def test_datasets(run: Run) -> None:
    """One by name with all that is known of it, and one that is misspelt."""
    shown = run("datasets", "un_sc_sanctions", "-f", "table").stdout
    assert "United Nations Security Council Consolidated List" in shown
    misspelt = run("datasets", "un_sc_sanction", "--current-only", code=2)
    assert "Did you mean: un_sc_sanctions?" in misspelt.stderr


def test_algorithms(run: Run) -> None:
    """As the table that a person reads."""
    assert "logic-v2" in run("algorithms", "-f", "table").stdout


def test_fetch(run: Run) -> None:
    """With all around it, and unknown."""
    assert "sanctions" in document(run("fetch", QUILL, "-f", "json"))["properties"]
    assert "NotFoundError (404)" in run("fetch", "nobody", "--no-nested", code=3).stderr


def test_search(run: Run) -> None:
    """With every option, and the exit code for nothing found."""
    found = document(
        run(
            "search", "quill", "-d", "default", "-d", "un_sc_sanctions", "-s", "Vessel",
            "-t", "sanction", "--countries", "kp", "--filter", "properties.imoNumber:9074729",
            "-l", "5", "--offset", "0", "--sort", "caption:asc", "--fuzzy", "-f", "json",
        )
    )  # fmt: skip
    assert [one["id"] for one in found["results"]] == [SHIP]
    run("search", "zzzzqqq (", "--simple", code=1)
    assert "BadRequestError (400)" in run("search", "AND (", code=3).stderr


def test_match(run: Run, tmp_path: Path) -> None:
    """From properties and from a file, with every option."""
    found = document(
        run(
            "match", "-s", "Person", "-p", "name=Quill Feathersby", "-p", "birthDate=1955-03-02",
            "-d", "sanctions", "-t", "sanction", "--threshold", "0.8", "-a", "best", "-l", "3",
            "--changed-since", "2020-01-01", "--exclude-entities", "x",
            "--exclude-schemata", "Vessel", "-f", "json",
        )
    )  # fmt: skip
    assert found["results"][0]["id"] == QUILL
    query = tmp_path / "query.json"
    query.write_text('{"schema": "Vessel", "properties": {"imoNumber": "9074729"}}')
    assert SHIP in run("match", "-s", "Vessel", "-i", str(query), "-f", "table").stdout
    run("match", "-s", "Person", "-p", "name=Zebulon Xqrth", "-f", "jsonl", code=1)


def test_match_by_parts_of_a_name_and_a_country_in_words(run: Run) -> None:
    """As the command's own help has it: names apart, and countries that the server reads."""
    found = document(
        run(
            "match", "-s", "Person", "-p", "firstName=Oleg", "-p", "lastName=Zavodnikov",
            "-p", "country=Russia", "-f", "json",
        )
    )  # fmt: skip
    assert found["results"][0]["id"] == "eu_fsf:10"
    assert found["query"]["properties"]["country"] == ["ru"]


def test_screen_a_file(run: Run, tmp_path: Path) -> None:
    """A file of customers in, candidates out; rows that fail do not end the run."""
    table = tmp_path / "customers.csv"
    table.write_text(
        "id,full_name,born,kind\n"
        "1,Quill Feathersby,1955-03-02,Person\n"
        "2,Zebulon Xqrth,1990,Person\n"
        "3,Blue Quill,,Vessel\n"
    )
    done = run(
        "screen", str(table), "out.csv", "--schema-column", "kind", "-i", "full_name=name",
        "-o", "country=candidate_country", "-d", "default", "--include-empty", "--explanation",
        "--url",
    )  # fmt: skip
    assert "screened 3 rows" in done.stderr
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    first = {row["id"]: row["match_id"] for row in reversed(rows)}
    assert first == {"1": QUILL, "2": "", "3": SHIP}
    hit = next(row for row in rows if row["match_id"] == QUILL)
    assert hit["match"] == "true"
    assert hit["match_explanation"]
    assert hit["match_topics"] == "sanction"


def test_screen_from_a_pipe(run: Run) -> None:
    """Rows on standard input, candidates on standard output."""
    done = run(
        "screen", "-", "-", "-s", "Person", "-i", "who=name", "--match",
        stdin="who\nQuill Feathersby\n",
    )  # fmt: skip
    assert QUILL in done.stdout


def test_statements_are_not_offered(run: Run) -> None:
    """The command says so in its own words."""
    assert "not available on this server" in run("statements", "-c", QUILL, code=3).stderr


def test_reference_commands_need_no_server(run: Run) -> None:
    """They read what came with the client; they must run beside ours all the same."""
    assert "birthDate" in run("ref", "schema", "Person", "-f", "json").stdout


def test_without_a_server(run: Run) -> None:
    """The exit code that tells a network fault from an empty answer."""
    run("--base-url", "http://127.0.0.1:9", "fetch", "x", code=4)
