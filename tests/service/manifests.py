"""An invented manifest: two sources and a collection, entities in FollowTheMoney's form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

MERGED = "NK-Quill"
OLD_ID = "alpha-77"


def ftm(entity_id: str, schema: str, **given: Any) -> dict[str, Any]:
    """An entity as exports have it; keys that are no property stand beside the properties."""
    beside = ("datasets", "referents", "caption", "first_seen", "last_seen", "last_change")
    entity = {"id": entity_id, "schema": schema, "properties": {}}
    for key, value in given.items():
        if key in beside:
            entity[key] = value
        else:
            entity["properties"][key] = value if isinstance(value, list) else [value]
    return entity


ALPHA = [
    ftm(
        MERGED,
        "Person",
        caption="Quill Feathersby",
        name=["Quill Feathersby", "Quillon Feathersby"],
        birthDate="1955-03-02",
        nationality="kp",
        topics=["sanction", "role.pep"],
        addressEntity="addr-1",
        datasets=["alpha", "beta", "elsewhere"],
        referents=[OLD_ID, "beta-1"],
        first_seen="2023-04-20T08:50:39",
        last_seen="2024-01-01T00:00:00",
        last_change="2023-11-02T10:00:00",
    ),
    ftm("addr-1", "Address", full="1 Feather Lane, Wonsan", country="kp", datasets=["alpha"]),
    ftm("own-1", "Ownership", owner=MERGED, asset="comp-1", role="founder", datasets=["alpha"]),
    ftm("comp-1", "Company", name="Feathersby Holdings Limited", country="kp", datasets=["alpha"]),
    ftm("sanc-1", "Sanction", entity=MERGED, program="DPRK", datasets=["alpha"]),
]
BETA = [
    ftm("b1", "Person", name="Oleg Zavodnikov", country="ru", last_change="2020-01-01T00:00:00"),
    ftm("b2", "Payment", payer="b1", beneficiary="b3", amount="1000"),
    ftm("b3", "Organization", name="Party of Invented Stars", country="de"),
]


def write_lines(path: Path, entities: list[dict[str, Any]]) -> Path:
    """Entities in a file, one a line."""
    path.write_text("".join(json.dumps(one) + "\n" for one in entities), "utf-8")
    return path


def write_manifest(folder: Path, **changes: Any) -> Path:
    """The manifest with its files in a folder; `changes` go into the first dataset."""
    alpha = write_lines(folder / "alpha.ftm.json", ALPHA)
    beta = write_lines(folder / "beta.ftm.json", BETA)
    datasets = [
        {
            "name": "alpha",
            "title": "The Alpha list",
            "version": "20240101000000-abc",
            "entities_url": alpha.as_uri(),
            "children": [],
            **changes,
        },
        {"name": "beta", "title": "Beta gifts", "path": str(beta), "namespace": True},
        {"name": "all", "title": "Everything", "datasets": ["alpha", "beta"]},
    ]
    path = folder / "manifest.yml"
    path.write_text(yaml.safe_dump({"datasets": datasets}), "utf-8")
    return path
