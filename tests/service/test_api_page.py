"""What the API page shows can be typed, in its order, against a real server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from api_cases import PASSWORD, add_people
from invented import add_lists
from peers import served, settings_of

from tumen.config import AccessSettings, load_service_settings
from tumen.model.access import Permission, Role
from tumen.service.problems import KINDS
from tumen.store import Store

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(console|python)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of the page's reader: a running service, and `tumen` on the path."""
    add_lists(f"sqlite:///{tmp_path / 'tumen.db'}")
    with served(settings_of(tmp_path)) as address:
        programs = str(Path(sys.executable).parent)
        yield {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "TUMEN": address,
            "TUMEN_HOME": str(tmp_path),
            "TUMEN_STORE": f"sqlite:///{tmp_path / 'tumen.db'}",
        }


def type_in(line: str, environment: dict[str, str]) -> str:
    """What a line of the page prints; an `export` changes the environment of the next."""
    found = re.fullmatch(r"export (\w+)=\$\((.*)\)", line)
    command = found[2] if found else line
    done = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, check=True
    )
    if found:
        environment[found[1]] = done.stdout.strip()
    return done.stdout


def type_all(block: str, environment: dict[str, str]) -> None:
    """Type the lines of a block; each prints what stands below it, as far as it is shown."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, expected = part.partition("\n")
        printed = type_in(line, environment)
        if expected.strip():
            pattern = ".*".join(re.escape(text.strip()) for text in expected.strip().split("…"))
            assert re.match(pattern, printed, re.DOTALL), (line, printed)


def test_its_examples_can_be_typed_in_their_order(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Commands and Python alike; the person on the list is found by both."""
    assert {kind for kind, _ in BLOCKS} == {"console", "python"}
    shared: dict[str, Any] = {}
    environment["PASSWORD"] = ""
    for kind, block in BLOCKS:
        if kind == "console":
            type_all(block, environment)
            continue
        if not environment["PASSWORD"]:
            with Store.open(environment["TUMEN_STORE"]) as store:
                add_people(store)
            environment["PASSWORD"] = PASSWORD
        for name in ("TUMEN", "KEY", "PASSWORD"):
            monkeypatch.setenv(name, environment[name])
        exec(compile(block, "docs/api.md", "exec"), shared)
    printed = capsys.readouterr().out
    assert "C-1 hit" in printed
    assert "waits for an approver" in printed
    assert "un_sc_sanctions:1" in printed
    assert "1 with a hit" in printed
    assert "Do you mean 'birthDate'?" in printed
    shared["tumen"].close()


def table_of(section: str, number: int = 0) -> list[list[str]]:
    """The rows of a table under a heading, without its head."""
    text = TEXT.partition(f"## {section}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)[number]
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows.splitlines()]
    return cells[2:]


def test_its_errors_are_the_services() -> None:
    """Each kind with its status, none missing."""
    shown = {row[0].strip("`"): int(row[1]) for row in table_of("Errors")}
    assert shown == {kind: status for kind, (status, _) in KINDS.items()}


def test_its_roles_may_what_it_says() -> None:
    """Each role, each permission, and nothing besides."""
    rows = {row[0].strip("`"): row[1] for row in table_of("Who gets in", 1)}
    assert set(rows) == {role.value for role in Role}
    words = {
        Permission.READ: "read",
        Permission.SCREEN: "screen",
        Permission.EDIT_BOOKS: "edit books",
        Permission.DECIDE: "decide",
        Permission.ADMINISTER: "administer",
        Permission.READ_AUDIT: "read the audit log",
    }
    for role in Role:
        if role is Role.APPROVER:
            assert rows[role.value] == "as an analyst, and approve"
            assert role.permissions == {*Role.ANALYST.permissions, Permission.APPROVE}
            continue
        said = set(rows[role.value].partition(";")[0].split(", "))
        assert said == {words[one] for one in role.permissions}


def test_its_settings_are_read_and_have_these_values() -> None:
    """Each variable changes something, and its usual value is the code's."""
    usual = AccessSettings()
    issuer = {"TUMEN_OIDC_ISSUER": "https://sso.example", "TUMEN_OIDC_CLIENT_ID": "x"}
    given: Mapping[str, Mapping[str, str]] = {
        "TUMEN_RATE_PER_SECOND": {"TUMEN_RATE_PER_SECOND": "1"},
        "TUMEN_RATE_BURST": {"TUMEN_RATE_BURST": "1"},
        "TUMEN_MAX_BODY_BYTES": {"TUMEN_MAX_BODY_BYTES": "1"},
        "TUMEN_MAX_UPLOAD_BYTES": {"TUMEN_MAX_UPLOAD_BYTES": "1"},
        "TUMEN_METRICS_PUBLIC": {"TUMEN_METRICS_PUBLIC": "1"},
        "TUMEN_OIDC_ISSUER": issuer,
        "TUMEN_OIDC_CLIENT_ID": issuer,
        "TUMEN_OIDC_AUDIENCE": {**issuer, "TUMEN_OIDC_AUDIENCE": "a"},
        "TUMEN_OIDC_ROLE_CLAIM": {**issuer, "TUMEN_OIDC_ROLE_CLAIM": "a"},
        "TUMEN_OIDC_ROLES": {**issuer, "TUMEN_OIDC_ROLES": "a=viewer"},
        "TUMEN_OIDC_ALGORITHMS": {**issuer, "TUMEN_OIDC_ALGORITHMS": "ES512"},
    }
    rows = table_of("Who gets in", 2)
    named = [name.strip("`") for row in rows for name in row[0].split(", ")]
    assert named == list(given)
    for environ in given.values():
        assert load_service_settings(environ).access != usual
    shown = {row[0].strip("`"): row[1].strip("`") for row in rows}
    assert float(shown["TUMEN_RATE_PER_SECOND"]) == usual.rate_per_second
    assert int(shown["TUMEN_RATE_BURST"]) == usual.rate_burst
    assert int(shown["TUMEN_MAX_BODY_BYTES"]) == usual.max_body_bytes
    assert int(shown["TUMEN_MAX_UPLOAD_BYTES"]) == usual.max_upload_bytes


def test_its_addresses_are_the_services(environment: dict[str, str]) -> None:
    """Every tag of the OpenAPI document has its row, and every address that it names exists."""
    import httpx

    document = httpx.get(f"{environment['TUMEN']}/openapi.json").json()
    own = {
        path.removeprefix("/api/v1"): operations
        for path, operations in document["paths"].items()
        if path.startswith("/api/v1/")
    }
    tags = {
        tag for operations in own.values() for one in operations.values() for tag in one["tags"]
    }
    rows = {row[0]: row[1] for row in table_of("What is where")}
    assert set(rows) == tags
    for text in rows.values():
        for address in re.findall(r"`(/[^`]*)`", text):
            assert any(path.endswith(address) for path in own), address
