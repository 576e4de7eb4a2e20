"""The page on cases says what the program does: its tables are those of the words of casework."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
from fastapi import FastAPI

from tumen.cases.attaching import KINDS, MOST_BYTES
from tumen.cases.workflow import LEAST_TEXT, OUTCOMES
from tumen.cli.cases import cases
from tumen.cli.cases_eyes import COMMANDS as EYES
from tumen.cli.eyes import PAUSE_SECONDS
from tumen.model.access import Permission, Role
from tumen.model.casework import (
    CRISIS_LADDER,
    CaseState,
    Priority,
    ReasonCode,
    Verdict,
)
from tumen.service.routes.v1.cases import router

TEXT = (Path(__file__).parents[2] / "docs" / "cases.md").read_text("utf-8")
API = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


def table(head: str, text: str = TEXT) -> list[list[str]]:
    """The rows of the table whose first heading this is, without the code marks."""
    found = re.search(rf"^\| {re.escape(head)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found, head
    return [
        [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        for line in found[1].splitlines()
    ]


def test_the_states_and_their_moves() -> None:
    """All of them, and no other."""
    rows = {state: set(moves.split(", ")) for state, moves in table("state")}
    assert rows == {one.value: {move.value for move in one.moves} for one in CaseState}


def test_the_reasons_and_what_follows() -> None:
    """Each code in words, with its verdict; each verdict with the outcomes it allows."""
    rows = {code: (label, verdict) for code, label, verdict in table("reason")}
    assert rows == {one.value: (one.label, one.verdict.value) for one in ReasonCode}
    follows = {verdict: set(outcomes.split(", ")) for verdict, outcomes in table("verdict")}
    assert follows == {one.value: {out.value for out in OUTCOMES[one]} for one in Verdict}
    assert LEAST_TEXT == 20
    assert "twenty letters" in TEXT


def test_the_priorities_and_the_ladder() -> None:
    """When each is due, and who is called after how many minutes."""
    due = {}
    for one in Priority:
        number, unit = (one.hours, "hour") if one.hours else (one.business_days, "business day")
        due[one.value] = f"{number} {unit}{'s' if number != 1 else ''}"
    assert {row[0]: row[1] for row in table("priority")} == due
    ladder = [(f"{int(after.total_seconds() // 60)} minutes", who) for after, who in CRISIS_LADDER]
    assert [tuple(row) for row in table("after")] == ladder


def test_the_files() -> None:
    """Each ending with its type, and the largest size."""
    assert dict(table("ending")) == {ending: kind.media_type for ending, kind in KINDS.items()}
    assert f"{MOST_BYTES >> 20} MiB" in TEXT


def test_who_may_do_what() -> None:
    """The roles that the page names are those with the permission."""
    rows = {row[0]: row[1] for row in table("to")}
    for words, need in (("open, note", Permission.DECIDE), ("approve or", Permission.APPROVE)):
        (named,) = [roles for what, roles in rows.items() if what.startswith(words)]
        having = {role.value for role in Role if need in role.permissions}
        assert set(named.split(", ")) == having


def test_the_commands_can_be_typed() -> None:
    """With these options; those that the page says take a password do."""
    lines = re.findall(r"^\$ tumen cases (.*)$", TEXT, re.MULTILINE)
    assert len(lines) >= 5
    for line in lines:
        name, *given = shlex.split(line)
        command = cases.commands[name]
        with click.Context(cases) as context:
            known = {option for one in command.get_params(context) for option in one.opts}
        assert {one for one in given if one.startswith("--")} <= known, line
    assert {one.name for one in EYES} == {
        "recommend", "approve", "return", "withdraw", "action", "close",
    }  # fmt: skip
    assert PAUSE_SECONDS == 5.0
    assert "waits five seconds" in TEXT


def test_the_steps_over_http() -> None:
    """Each address of the API page is there, and takes the fields that the page names."""
    app = FastAPI()
    app.include_router(router)
    described = app.openapi()
    bodies = described["components"]["schemas"]
    for address, said, _ in table("address under `/cases/{case_id}`", API):
        operation = described["paths"][f"/cases/{{case_id}}{address}"]["post"]
        (content,) = operation["requestBody"]["content"].values()
        fields = bodies[content["schema"]["$ref"].rpartition("/")[2]]["properties"]
        codes = API.partition(f"| `{address}` |")[2].partition("|")[0]
        assert set(re.findall(r"`(\w+)`", codes)) - {"me"} <= set(fields), address
        assert bool(said) is bool(codes.strip())
    most = bodies["DecisionsBody"]["properties"]["cases"]["maxItems"]
    assert f"up to {most} cases" in API
