"""XLSX and Parquet as rows of cells, a batch at a time."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from tumen.errors import RecordError, SourceError
from tumen.screening.text import OpenFiles

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

Row = tuple[int, list[Any] | RecordError]
_BATCH_ROWS = 2_000
_DAMAGED_XLSX = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, EOFError)


def open_xlsx(
    path: Path, sheet: str, files: OpenFiles, notice: Callable[[str], None]
) -> tuple[list[str], Iterator[Row]]:
    """Headings and rows of one sheet, the first unless named; `notice` hears of the others.

    Raises SourceError for a damaged workbook, or one without that sheet.
    """
    book, formulas = _load(path, data_only=True), _load(path, data_only=False)
    files.callback(book.close)
    files.callback(formulas.close)
    names = book.sheetnames
    if sheet and sheet not in names:
        raise SourceError(f"No sheet {sheet!r}", where=path.name, mend=f"It has {_quoted(names)}")
    chosen = sheet or names[0]
    if not sheet and len(names) > 1:
        notice(
            f"{path.name}: sheet {chosen!r} is read, {_quoted(names[1:])} not; choose with --sheet"
        )
    rows = _xlsx_rows(book[chosen], formulas[chosen], path.name)
    number, first = next(rows, (0, []))
    if not number:
        raise SourceError(f"The sheet {chosen!r} is empty", where=path.name)
    if isinstance(first, RecordError):
        raise SourceError(first.problem, where=f"{path.name} row {number}", mend=first.mend)
    headings = ["" if cell is None else str(cell) for cell in first]
    while headings and not headings[-1]:
        headings.pop()
    return headings, (_fit(number, cells, len(headings)) for number, cells in rows)


def _load(path: Path, *, data_only: bool) -> Workbook:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # It warns of styles and drop-down lists, which hold no party.
            warnings.simplefilter("ignore", UserWarning)
            return load_workbook(path, read_only=True, data_only=data_only)
    except (*_DAMAGED_XLSX, OSError) as error:
        raise _damaged(path.name, "No readable workbook", error) from error


def _xlsx_rows(values: Any, formulas: Any, file: str) -> Iterator[Row]:
    """Rows of a sheet as last computed, checked against the same sheet's formulas."""
    # Some programs state a wrong extent, which would hide columns from a read-only reader.
    values.reset_dimensions()
    formulas.reset_dimensions()
    number = 0
    try:
        both = zip(
            values.iter_rows(values_only=True), formulas.iter_rows(values_only=True), strict=True
        )
        for number, (cells, written) in enumerate(both, start=1):
            if any(cell is not None for cell in written):
                yield number, _computed(cells, written)
    except _DAMAGED_XLSX as error:
        raise _damaged(file, f"The sheet cannot be read beyond row {number}", error) from error


def _computed(cells: tuple[Any, ...], written: tuple[Any, ...]) -> list[Any] | RecordError:
    """The cells; a formula that no program has computed yet reads as an empty cell."""
    if any(value is None and text is not None for value, text in zip(cells, written, strict=True)):
        mend = "Open the book in a spreadsheet program and save it"
        return RecordError("The row holds a formula without its value", mend=mend)
    return list(cells)


def _fit(number: int, cells: list[Any] | RecordError, width: int) -> Row:
    """Cells under the headings; values beyond the last heading make the row unreadable."""
    if isinstance(cells, RecordError):
        return number, cells
    if any(cell is not None for cell in cells[width:]):
        mend = "Give each column a heading"
        return number, RecordError(f"The row has values beyond column {width}", mend=mend)
    return number, [*cells[:width], *[None] * (width - len(cells))]


def open_parquet(path: Path, files: OpenFiles) -> tuple[list[str], Iterator[Row]]:
    """Headings and rows of a Parquet file, the first row being 1. Raises SourceError if damaged."""
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise _damaged(path.name, "No readable Parquet file", error) from error
    files.callback(table.close)
    return list(table.schema_arrow.names), _parquet_rows(table, path.name, files)


def _parquet_rows(table: Any, file: str, files: OpenFiles) -> Iterator[Row]:
    import pyarrow

    number = 0
    files.share = lambda: number / max(table.metadata.num_rows, 1)
    try:
        for batch in table.iter_batches(batch_size=_BATCH_ROWS):
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                yield number, list(cells)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise _damaged(file, f"The file cannot be read beyond row {number}", error) from error


def _quoted(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _damaged(file: str, problem: str, error: Exception) -> SourceError:
    cause = str(error).strip().splitlines()
    detail = f" ({cause[0]})" if cause else ""
    return SourceError(f"{problem}{detail}", where=file, mend="Save or export it again")
