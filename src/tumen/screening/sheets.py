"""XLSX and Parquet as rows of cells, a batch at a time."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from lxml.etree import XMLSyntaxError

from tumen.errors import RecordError, SourceError
from tumen.screening.text import OpenFiles
from tumen.screening.xlsx_rows import SheetFacts, read_rows

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

Row = tuple[int, list[Any] | RecordError]
_BATCH_ROWS = 2_000
_DAMAGED_XLSX = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    XMLSyntaxError,
    LookupError,
    ValueError,
    EOFError,
)


def open_xlsx(
    path: Path, sheet: str, files: OpenFiles, notice: Callable[[str], None]
) -> tuple[list[str], Iterator[Row]]:
    """Headings and rows of one sheet, the first unless named; `notice` hears of the others.

    Raises SourceError for a damaged workbook, or one without that sheet.
    """
    book = _load(path, files)
    files.callback(book.close)
    names = book.sheetnames
    if sheet and sheet not in names:
        raise SourceError(f"No sheet {sheet!r}", where=path.name, mend=f"It has {_quoted(names)}")
    chosen = sheet or names[0]
    if not sheet and len(names) > 1:
        notice(
            f"{path.name}: sheet {chosen!r} is read, {_quoted(names[1:])} not; choose with --sheet"
        )
    rows = _xlsx_rows(book[chosen], path.name, files)
    number, first = next(rows, (0, []))
    if not number:
        raise SourceError(f"The sheet {chosen!r} is empty", where=path.name)
    if isinstance(first, RecordError):
        raise SourceError(first.problem, where=f"{path.name} row {number}", mend=first.mend)
    headings = ["" if cell is None else str(cell) for cell in first]
    while headings and not headings[-1]:
        headings.pop()
    return headings, (_fit(number, cells, len(headings)) for number, cells in rows)


def _load(path: Path, files: OpenFiles) -> Workbook:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # It warns of styles and drop-down lists, which hold no party.
            warnings.simplefilter("ignore", UserWarning)
            # Given a name, it would go by the ending of the name.
            return load_workbook(files.enter_context(path.open("rb")), read_only=True)
    except (*_DAMAGED_XLSX, OSError) as error:
        raise _damaged(path.name, "No readable workbook", error) from error


def _xlsx_rows(sheet: Any, file: str, files: OpenFiles) -> Iterator[Row]:
    """The rows of a sheet; openpyxl has no public way to the XML of one."""
    book, part = sheet.parent, sheet._worksheet_path
    facts = SheetFacts(sheet._shared_strings, set(book._date_formats), book.epoch)
    stream = files.enter_context(book._archive.open(part))
    size = max(book._archive.getinfo(part).file_size, 1)
    files.share = lambda: 1.0 if stream.closed else stream.tell() / size
    number = 0
    try:
        for number, cells in read_rows(stream, facts):
            yield number, cells
    except _DAMAGED_XLSX as error:
        raise _damaged(file, f"The sheet cannot be read beyond row {number}", error) from error


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
