"""What an evidence file holds: one JSON document, and the files beside the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

# Named in every file. A reader refuses a format that it does not know.
FORMAT = "tumen evidence 1"
DOCUMENT, PAGES, MANIFEST, INSTRUCTIONS = (
    "evidence.json",
    "evidence.pdf",
    "manifest.json",
    "VERIFY.txt",
)
ATTACHMENTS = "attachments/"


def canonical(data: Any) -> bytes:
    """JSON with sorted keys and no blanks: equal data are equal bytes."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts (`data`, JSON-ready), and the bytes of attachments by their name in the archive."""

    data: Mapping[str, Any]
    attachments: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def document(self) -> bytes:
        """The bytes of `evidence.json`."""
        return canonical(self.data)

    @property
    def digest(self) -> str:
        """The SHA-256 of `evidence.json`, printed on every page."""
        return sha256(self.document).hexdigest()

    @property
    def name(self) -> str:
        """What to call the file, in letters that every file system takes."""
        about = self.data["case"] or self.data["search"]
        found = str(about.get("case_id") or about["screening_id"])
        return "evidence-" + "".join(one if one.isalnum() or one in "-." else "_" for one in found)
