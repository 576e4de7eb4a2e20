"""Marble's other direction: our service indexes the entities that Marble watches.

Its indexer pulls a catalogue and per organisation a full export and deltas, with a token. Then
Marble asks which of its own objects are like a listed one, by filters on the kind of object.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import yaml
from peers import served, settings_of, wait_until
from pytest_httpserver import HTTPServer

ORG = "org_7"
FIRST, SECOND = "20260101000000-aaa", "20260102000000-bbb"


def watched(number: int, name: str, table: str) -> dict[str, Any]:
    """A row of a customer's table as Marble exports it: `programId` says which table."""
    properties = {"name": [name], "programId": [table]}
    return {"id": f"row-{number}", "schema": "Person", "properties": properties}


ROWS = [watched(1, "Quill Feathersby", "accounts"), watched(2, "Ada Example", "contacts")]


class Marble:
    """What of Marble's backend an indexer asks for."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.headers = {"Authorization": "Token let-the-indexer-in"}

    def publish(
        self, version: str, rows: Sequence[dict[str, Any]], moved: Sequence[dict[str, Any]] = ()
    ) -> None:
        """State a version in the catalogue; `moved` leads to it from the version before."""
        self.server.clear()
        address = self.server.url_for("/screening-indexer/org/7")
        index = {"versions": {FIRST: f"{address}/delta/1", SECOND: f"{address}/delta/2"}}
        self._gives("/org/7/delta", json.dumps(index))
        self._gives("/org/7/delta/2", _lines(moved))
        self._gives("/org/7/full", _lines(rows))
        dataset = {
            "name": ORG,
            "title": "Organisation 7",
            "version": version,
            "entities_url": f"{address}/full",
            "delta_url": f"{address}/delta",
        }
        self._gives("/catalogs", json.dumps({"datasets": [dataset]}))

    def _gives(self, path: str, body: str) -> None:
        path = f"/screening-indexer{path}"
        self.server.expect_request(path, headers=self.headers).respond_with_data(body)


def _lines(rows: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def found(address: str, name: str, **filters: list[list[str]]) -> list[str]:
    """Which rows Marble gets for a listed entity's name."""
    query = {"schema": "Person", "properties": {"name": [name]}, "filters": filters or None}
    given = httpx.post(
        f"{address}/match/{ORG}",
        params={"algorithm": "logic-v1", "partition": "true", "index_type": "scoped"},
        json={"queries": {"q": query}},
    )
    assert given.status_code == 200, given.text
    return [one["id"] for one in given.json()["responses"]["q"]["results"] if one["match"]]


def test_rows_are_pulled_asked_and_renewed(tmp_path: Path, httpserver: HTTPServer) -> None:
    """From the catalogue to a filtered match; then a delta moves a row out and another in."""
    marble = Marble(httpserver)
    marble.publish(FIRST, ROWS)
    manifest = tmp_path / "manifest.yml"
    url = httpserver.url_for("/screening-indexer/catalogs")
    catalog = {"url": url, "scope": ORG, "auth_token": "let-the-indexer-in"}
    everything = {"name": "default", "title": "All", "datasets": [ORG]}
    manifest.write_text(yaml.safe_dump({"catalogs": [catalog], "datasets": [everything]}))

    settings = settings_of(tmp_path, manifest=str(manifest))
    with served(replace(settings, watch_seconds=0.1, reload_seconds=0.3)) as address:
        assert found(address, "Quill Feathersby") == ["row-1"]
        by_table = {"properties.programId": [["accounts"]]}
        assert found(address, "Quill Feathersby", **by_table) == ["row-1"]
        assert found(address, "Ada Example", **by_table) == []
        assert found(address, "Ada Example", **{"properties.programId": [["x", "contacts"]]})

        # There is nothing in the full export any more: only the delta leads on.
        marble.publish(
            SECOND,
            [],
            [
                {"op": "DEL", "entity": {"id": "row-2"}},
                {"op": "ADD", "entity": watched(3, "Zoe Sample", "accounts")},
            ],
        )
        wait_until(lambda: _version(address) == SECOND)
        assert found(address, "Ada Example") == []
        assert found(address, "Zoe Sample", **by_table) == ["row-3"]


def _version(address: str) -> str:
    named = {one["name"]: one for one in httpx.get(f"{address}/catalog").json()["datasets"]}
    version: str = named[ORG]["index_version"]
    return version
