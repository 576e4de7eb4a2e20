"""The contract of a list's reader: bytes as published in, list entries out.

Each list folder's `parse.py` has two functions:

    recognise(file: SourceFile) -> str | None
        The format's name (`"advanced_xml"`) where the file is this list's, judged by content
        (the file's name may only break a tie), else None. Looks at `file.head` alone.

    parse(files: Sequence[SourceFile]) -> ParsedList
        Reads files that belong together. Raises SourceError (file, place, mend) where they
        cannot be read whole. Every record becomes an entry; what it cannot map it counts in
        `unknown`, by field and value, and never drops in silence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from tumen.model.listing import ListEntry


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One published file, already unpacked from gzip. `name` is for messages."""

    name: str
    data: bytes = field(repr=False)

    @property
    def head(self) -> bytes:
        """The first 8 KiB: enough to recognise any format."""
        return self.data[:8192]


@dataclass(frozen=True, slots=True)
class ParsedList:
    """What a reader found in the files of one list version."""

    list_id: str
    format: str
    published_on: date | None
    entries: list[ListEntry]
    unknown: Counter[str] = field(default_factory=Counter)
    warnings: tuple[str, ...] = ()
