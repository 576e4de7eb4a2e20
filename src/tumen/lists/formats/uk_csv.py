"""The UK's CSV layout: one line with the list's date, the header, then the rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tumen.errors import SourceError
from tumen.lists.formats.uk import Row, column
from tumen.lists.reader import SourceFile
from tumen.model.dates import parse_date, read_date

_MEND = "Download it again"


@dataclass(frozen=True, slots=True)
class UkTable:
    """The rows of one file by party, in the file's order; `rows` maps a party to (line, row)."""

    published_on: date | None
    rows: dict[str, list[tuple[int, Row]]]


def read_table(file: SourceFile, party: str) -> UkTable:
    """The rows of each party, which the column `party` tells apart.

    Raises SourceError with the line where a row is cut or has no party.
    """
    lines = _lines(file)
    _number, first = next(lines, (1, [""]))
    _number, header = next(lines, (2, []))
    names = [column(name) for name in header]
    if party not in names or len(set(names)) != len(names):
        problem = f"The second line is not the header (no {party!r} column)"
        raise SourceError(problem, where=f"{file.name}, line 2", mend=_MEND)
    rows: dict[str, list[tuple[int, Row]]] = {}
    for number, cells in lines:
        if not any(cells):
            continue
        where = f"{file.name}, line {number}"
        if len(cells) != len(names):
            problem = f"{len(cells)} columns instead of {len(names)}"
            raise SourceError(problem, where=where, mend=_MEND)
        row = dict(zip(names, cells, strict=True))
        if not row[party].strip():
            raise SourceError("A row without the number of its party", where=where, mend=_MEND)
        rows.setdefault(row[party].strip(), []).append((number, row))
    return UkTable(as_day(" ".join(first).replace(":", " ").strip().split(" ")[-1]), rows)


def as_day(text: str) -> date | None:
    """The day in a published date; None where it is no exact day."""
    found = parse_date(read_date(text) or "")
    return found.first if found and found.is_day else None


def _lines(file: SourceFile) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_decode(file), newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        where = f"{file.name}, line {reader.line_num}"
        raise SourceError(f"Damaged CSV ({error})", where=where, mend=_MEND) from error


def _decode(file: SourceFile) -> str:
    """UTF-8 as the FCDO writes; Windows-1252 as older files of the Treasury are."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return file.data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError("Neither UTF-8 nor Windows-1252 text", where=file.name, mend=_MEND)
