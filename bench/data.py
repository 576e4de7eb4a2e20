"""Where the measured data lies, and how its rows become entities."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("TUMEN_BENCH_DATA", ROOT / "../shared")).resolve()
BENCH, DATA = SHARED / "bench", SHARED / "data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the accuracy sets, plain or gzip."""
    path = BENCH / name
    opened = gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else path.open(encoding="utf-8")
    with opened as lines:
        return list(csv.DictReader(lines))


def entity(schema: str, identity: str, **values: str) -> dict[str, Any]:
    """A FollowTheMoney mapping; empty values are left out."""
    properties = {name: [value] for name, value in values.items() if value}
    return {"id": identity, "schema": schema, "properties": properties}
