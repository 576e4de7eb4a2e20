"""tumen: screen parties against sanctions lists, and say why.

    from tumen import Screener
    screener = Screener.from_files(["sdn.csv", "alt.csv", "add.csv"])
    result = screener.screen({"schema": "Person", "properties": {"name": ["Kim Jong Un"]}})
    for hit in result.hits:
        print(hit.score, hit.entity_id, hit.sentence)

Everything is imported on first use, so that `import tumen` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.errors import (
        ListsMissingError,
        RecordError,
        RequestError,
        SourceError,
        TumenError,
    )
    from tumen.matching.api import compare
    from tumen.matching.score import THRESHOLD
    from tumen.matching.snapshot import Snapshot
    from tumen.model.entity import Entity
    from tumen.model.listing import ListEntry, ListVersion
    from tumen.model.screening import Comparison, Hit, Reason, Screening
    from tumen.screening.screener import Screener
    from tumen.store import Store

__version__ = "0.1.0"

_HOMES = {
    "Comparison": "tumen.model.screening",
    "Entity": "tumen.model.entity",
    "Hit": "tumen.model.screening",
    "ListEntry": "tumen.model.listing",
    "ListVersion": "tumen.model.listing",
    "ListsMissingError": "tumen.errors",
    "Reason": "tumen.model.screening",
    "RecordError": "tumen.errors",
    "RequestError": "tumen.errors",
    "Screener": "tumen.screening.screener",
    "Screening": "tumen.model.screening",
    "Snapshot": "tumen.matching.snapshot",
    "SourceError": "tumen.errors",
    "Store": "tumen.store",
    "THRESHOLD": "tumen.matching.score",
    "TumenError": "tumen.errors",
    "compare": "tumen.matching.api",
}

__all__ = [
    "THRESHOLD",
    "Comparison",
    "Entity",
    "Hit",
    "ListEntry",
    "ListVersion",
    "ListsMissingError",
    "Reason",
    "RecordError",
    "RequestError",
    "Screener",
    "Screening",
    "Snapshot",
    "SourceError",
    "Store",
    "TumenError",
    "compare",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'tumen' has no attribute {name!r}")
    return getattr(import_module(home), name)
