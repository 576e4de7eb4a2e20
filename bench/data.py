"""Where the measured data lies, and how its rows become entities."""

from __future__ import annotations

import csv
import gzip
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("TUMEN_BENCH_DATA") or ROOT / "../shared").resolve()
BENCH, DATA = SHARED / "bench", SHARED / "data"
Entity = dict[str, Any]


class MissingError(Exception):
    """Something that the measurement needs is not there; the message says what and the mend."""


def found(path: Path) -> Path:
    """The same path. Raises MissingError where nothing is there."""
    if not path.exists():
        raise MissingError(
            f"There is no {path}. Set TUMEN_BENCH_DATA to the folder that holds bench/ and data/"
        )
    return path


def check_installed(*packages: str) -> None:
    """Raises MissingError where one of the peer's packages cannot be imported."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise MissingError(
            f"Not installed: {', '.join(missing)}. `make bench` installs the peer, or: "
            "pip install --require-hashes -r requirements/bench.lock"
        )


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the accuracy sets, plain or gzip. Raises MissingError."""
    path = found(BENCH / name)
    is_packed = path.suffix == ".gz"
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if is_packed
        else path.open(encoding="utf-8") as lines
    ):
        return list(csv.DictReader(lines))


def entity(schema: str, identity: str, **values: str) -> Entity:
    """A FollowTheMoney mapping; empty values are left out."""
    properties = {name: [value] for name, value in values.items() if value}
    return {"id": identity, "schema": schema, "properties": properties}
