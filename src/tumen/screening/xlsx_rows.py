"""The rows of one XLSX sheet, read in one pass over its XML.

openpyxl opens the workbook (sheets, shared texts, which styles are dates). Its own reader gives
either formulas or values, so that the sheet had to be read twice, and is five times as slow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import IO, Any

from lxml import etree

from tumen.errors import RecordError

_MEND = "Open the book in a spreadsheet program and save it"


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the cells of a sheet refer to: shared texts, the styles that are dates, day 0."""

    strings: Sequence[str]
    date_styles: AbstractSet[int]
    epoch: datetime


def read_rows(
    stream: IO[bytes], facts: SheetFacts
) -> Iterator[tuple[int, list[Any] | RecordError]]:
    """Number and cells of each row that is not empty, as last computed.

    A row with a formula that no program has computed yet is a RecordError: its cell would read
    as empty. Raises XMLSyntaxError, ValueError or IndexError for a damaged sheet.
    """
    number = 0
    for _, row in etree.iterparse(stream, tag="{*}row", resolve_entities=False, no_network=True):
        number = int(row.get("r") or number + 1)
        try:
            cells = _cells(row, facts)
        except RecordError as error:
            yield number, error
        else:
            if any(cell is not None for cell in cells):
                yield number, cells
        row.clear()
        while row.getprevious() is not None:
            del row.getparent()[0]


def _cells(row: Any, facts: SheetFacts) -> list[Any]:
    cells: list[Any] = []
    for cell in row:
        place = cell.get("r")
        if place:
            # Empty cells may be left out.
            cells += [None] * (_column(place.rstrip("0123456789")) - len(cells))
        cells.append(_value(cell, facts))
    return cells


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """The number of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: Any, facts: SheetFacts) -> Any:
    text = None
    kind = cell.get("t", "n")
    has_formula = False
    for child in cell:
        name = child.tag.rpartition("}")[2]
        if name == "v":
            text = child.text or ""
        elif name == "is":
            return _inline(child)
        elif name == "f":
            has_formula = True
    # A formula that was computed to an empty text is of the type "str".
    if has_formula and not text and kind != "str":
        raise RecordError("The row holds a formula without its value", mend=_MEND)
    if not text:
        return None
    return _typed(text, kind, int(cell.get("s", 0)), facts)


def _inline(element: Any) -> str | None:
    """The text of all runs, without the phonetic guide that stands beside them."""
    parts = [
        found.text or ""
        for found in element.iter("{*}t")
        if found.getparent().tag.rpartition("}")[2] != "rPh"
    ]
    return "".join(parts) or None


def _typed(text: str, kind: str, style: int, facts: SheetFacts) -> Any:
    if kind == "s":
        return facts.strings[int(text)]
    if kind == "n":
        number = float(text) if any(sign in text for sign in ".eE") else int(text)
        return _date(number, facts.epoch) if style in facts.date_styles else number
    if kind == "b":
        return text != "0"
    return text


def _date(number: float, epoch: datetime) -> Any:
    """A date kept as a number of days; the number itself where it is beyond the calendar."""
    from openpyxl.utils.datetime import from_excel

    try:
        return from_excel(number, epoch)
    except (OverflowError, ValueError):
        return number
