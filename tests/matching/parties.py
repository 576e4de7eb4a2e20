"""Short ways to write parties for the tests of matching and screening."""

from __future__ import annotations

from typing import Any

from tumen import compare


def party(*names: str, schema: str = "Person", identity: str = "", **values: str) -> dict[str, Any]:
    """A FollowTheMoney mapping with these names and one value for each further property."""
    properties = {name: [value] for name, value in values.items()}
    if names:
        properties["name"] = list(names)
    return {"id": identity, "schema": schema, "properties": properties}


def score(left: str, right: str, schema: str = "Person") -> float:
    """The score of two names and nothing else."""
    return compare(party(left, schema=schema), party(right, schema=schema)).score
