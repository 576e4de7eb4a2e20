"""A book (the user's file of parties) → subjects, one at a time, in constant memory.

What cannot be read is yielded as a RecordProblem, never left out: a damaged row by itself, the
rest of a file that breaks off as one problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tumen.errors import RecordError, SourceError
from tumen.model.entity import get_schema
from tumen.screening.columns import IGNORED, UNNAMED, ColumnChoice, read_columns
from tumen.screening.delimited import (
    DelimitedRows,
    find_delimiter,
    read_headings,
    skip_excel_hint,
)
from tumen.screening.headings import find_schema
from tumen.screening.json_lines import entity_pairs, left_out_as, read_json_lines
from tumen.screening.rows import NAME_PROPERTIES, RowReader
from tumen.screening.sheets import open_parquet, open_xlsx
from tumen.screening.subject import RecordProblem, Subject
from tumen.screening.text import (
    OpenFiles,
    decode_stream,
    find_encoding,
    numbered_lines,
    open_bytes,
    read_sample,
)

_TEXT_TABLES = (".csv", ".tsv", ".txt", ".tab", ".psv")
_JSON_LINES = (".jsonl", ".ndjson", ".json", ".ijson", ".jl")


Item = Subject | RecordProblem


@dataclass(frozen=True, slots=True)
class BookOptions:
    """How to read a book where it does not say it by itself.

    `schema` is for rows without a type, `date_order` ("day" or "month") says what `03/04/1980`
    means, `notice` hears what concerns the whole file (an encoding guessed, a sheet not read).
    """

    schema: str = ""
    encoding: str = ""
    sheet: str = ""
    columns: ColumnChoice = field(default_factory=ColumnChoice)
    date_order: str = ""
    is_strict: bool = False
    notice: Callable[[str], None] = field(default=lambda _text: None)


class Book(Iterator[Item]):
    """The items of one file, read as they are asked for."""

    def __init__(self, path: Path, options: BookOptions) -> None:
        self._given = 0
        self._files = OpenFiles()
        self._items = self._read(path, options)

    def __next__(self) -> Item:
        item = next(self._items)
        self._given += 1
        return item

    @property
    def expected(self) -> int | None:
        """About how many items it will give, by the share read so far; None where none can tell."""
        share = self._files.share() if self._files.share else 0.0
        return round(self._given / share) if self._given and share else None

    def _read(self, path: Path, options: BookOptions) -> Iterator[Item]:
        schema = _schema(options.schema)
        reader = RowReader(path.name, schema, options.date_order, options.is_strict)
        with self._files as files:
            yield from _until_broken(_items(path, options, reader, files), reader)
        if reader.left_out:
            counts = ", ".join(f"{n:,} {name}" for name, n in reader.left_out.most_common())
            options.notice(f"{path.name}: left out, as they are no parties: {counts}")


def read_book(path: str | Path, options: BookOptions | None = None) -> Book:
    """Each row of a CSV, XLSX, Parquet or JSON-lines file, the text ones also in gzip.

    The format is told by content, the extension breaks a tie. The first item raises SourceError
    where nothing can be read: no such format, an unknown column, no row, damage before the
    first row. A row may give several items (see `held`).
    """
    return Book(Path(path), options or BookOptions())


def _schema(name: str) -> str:
    """The schema a user means with `Person`, `company` or `ship`; RecordError for none."""
    return get_schema(find_schema(name) or name).name if name else ""


def _until_broken(items: Iterator[Item], reader: RowReader) -> Iterator[Item]:
    """The items; where the file breaks off after the first, its rest is one problem."""
    has_any = False
    try:
        for item in items:
            has_any = True
            yield item
    except SourceError as error:
        if not has_any:
            raise
        problem = f"The rest of the file was not read: {error.problem}"
        yield reader.rest(RecordError(problem, mend=error.mend))
    if not has_any:
        raise SourceError("The book has no rows", where=reader.file)


def _items(path: Path, options: BookOptions, reader: RowReader, files: OpenFiles) -> Iterator[Item]:
    try:
        head = _head(path)
    except OSError as error:
        raise SourceError(error.strerror or "cannot be opened", where=str(path)) from error
    if head.startswith(b"PAR1"):
        return _table(*open_parquet(path, files), options, reader)
    if head.startswith(b"PK\x03\x04"):
        return _table(*open_xlsx(path, options.sheet, files, options.notice), options, reader)
    _refuse_other(head, path.name)
    stream = open_bytes(path, files, is_packed=head.startswith(b"\x1f\x8b"))
    return _text(stream, path, options, reader, files)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(8)


def _refuse_other(head: bytes, file: str) -> None:
    if not head:
        raise SourceError("The file is empty", where=file)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError("This is an old .xls file", where=file, mend="Save it as .xlsx")
    if head.startswith(b"%PDF"):
        raise SourceError("This is a PDF", where=file, mend="Export the book as CSV or XLSX")


def _text(
    stream: IO[bytes], path: Path, options: BookOptions, reader: RowReader, files: OpenFiles
) -> Iterator[Item]:
    try:
        sample = read_sample(stream)
    except (EOFError, OSError) as error:
        raise SourceError(
            f"The packed file cannot be read ({error})", where=path.name, mend="Export it again"
        ) from error
    encoding = find_encoding(sample, options.encoding, path.name)
    notice = ""
    if encoding.is_guess:
        notice = f"Read as {encoding.name}, a guess; say --encoding if that is not so"
        options.notice(f"{path.name}: {notice[0].lower()}{notice[1:]}")
    text = files.enter_context(decode_stream(stream, encoding.name))
    lines = numbered_lines(text, path.name)
    start = sample.decode(encoding.name, "replace").lstrip("\ufeff \t\r\n")
    if _is_json(start, path):
        return read_json_lines(lines, options.columns, reader, notice)
    return _delimited(lines, start, options, reader, notice)


def _is_json(start: str, path: Path) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:] if suffix.lower() != ".gz"]
    suffix = suffixes[-1] if suffixes else ""
    if start.startswith("[") and suffix not in _TEXT_TABLES:
        raise SourceError(
            "This is one JSON array", where=path.name, mend="Give one record a line (JSON lines)"
        )
    return suffix in _JSON_LINES or (start.startswith("{") and suffix not in _TEXT_TABLES)


def _delimited(
    lines: Iterator[tuple[int, str | None]],
    start: str,
    options: BookOptions,
    reader: RowReader,
    notice: str,
) -> Iterator[Item]:
    delimiter = skip_excel_hint(start)
    if delimiter:
        next(lines)
    rows = DelimitedRows(lines, delimiter or find_delimiter(start))
    headings = [heading.lstrip("\ufeff") for heading in read_headings(rows, reader.file)]
    return _table(headings, rows, options, reader, notice)


def _table(
    headings: list[str],
    rows: Iterator[tuple[int, list[Any] | RecordError]],
    options: BookOptions,
    reader: RowReader,
    notice: str = "",
) -> Iterator[Item]:
    if "properties" in headings and "schema" in headings:
        return _entities(headings, rows, options.columns, reader)
    columns = read_columns(headings, options.columns, reader.file)
    return (item for number, cells in rows for item in _row(columns, number, cells, reader, notice))


def _row(
    columns: tuple[str, ...],
    number: int,
    cells: list[Any] | RecordError,
    reader: RowReader,
    notice: str,
) -> list[Item]:
    if isinstance(cells, RecordError):
        return [reader.problem(cells, number)]
    pairs = list(zip(columns, cells, strict=True))
    try:
        for prop, cell in pairs:
            _check_cell(prop, cell)
    except RecordError as error:
        return [reader.problem(error, number)]
    named = [(prop, cell) for prop, cell in pairs if prop not in (IGNORED, UNNAMED)]
    return reader.read(named, number, notice)


def _check_cell(prop: str, cell: Any) -> None:
    if prop == UNNAMED and cell not in (None, ""):
        raise RecordError("A value stands in a column without heading", mend="Give it a heading")
    if prop in NAME_PROPERTIES and isinstance(cell, str) and "\n" in cell.strip():
        # A quote never closed makes one name of two parties; the second would vanish.
        mend = "Check the quotes above; part several names by a semicolon"
        raise RecordError("A name goes over several lines", mend=mend)


def _entities(
    headings: list[str],
    rows: Iterator[tuple[int, list[Any] | RecordError]],
    choice: ColumnChoice,
    reader: RowReader,
) -> Iterator[Item]:
    """FollowTheMoney entities in a table: `properties` is a column of structures."""
    for number, cells in rows:
        try:
            if isinstance(cells, RecordError):
                raise cells
            record = dict(zip(headings, cells, strict=True))
            if kind := left_out_as(record):
                reader.left_out[kind] += 1
                continue
            pairs = entity_pairs(record, choice)
        except RecordError as error:
            yield reader.problem(error, number)
        else:
            yield from reader.read(pairs, number, separator="")
