"""CSV and its relatives: the delimiter found by its headings, damaged rows named one by one."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator

from tumen.errors import RecordError, SourceError
from tumen.screening.headings import find_property

DELIMITERS = (",", ";", "\t", "|")
_MEND_QUOTES = 'Check the quotes: a " inside a value is written ""'


def find_delimiter(sample: str) -> str:
    """The delimiter under which most headings are known; by their number where none is."""
    return max(DELIMITERS, key=lambda delimiter: _rate(sample, delimiter))


def skip_excel_hint(sample: str) -> str | None:
    """The delimiter that Excel's own first line `sep=;` states; None without such a line."""
    first = sample.split("\n", 1)[0].strip().lstrip("\ufeff")
    return first[4] if len(first) == 5 and first.casefold().startswith("sep=") else None


def _rate(sample: str, delimiter: str) -> tuple[int, int]:
    try:
        headings = next(csv.reader(io.StringIO(sample), delimiter=delimiter), [])
    except csv.Error:
        return (0, 0)
    return sum(find_property(heading) is not None for heading in headings), len(headings)


class DelimitedRows(Iterator[tuple[int, list[str] | RecordError]]):
    """Rows with the number of the line they start at; a damaged row is a RecordError.

    After a damaged row that swallowed lines (a quote never closed) reading starts again at the
    line after its first, so that one stray quote does not hide the parties below it. `width`,
    once set, is the number of columns that each row must have.
    """

    def __init__(self, lines: Iterator[tuple[int, str | None]], delimiter: str) -> None:
        self.width = 0
        self._lines = _Lines(lines)
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)

    def __next__(self) -> tuple[int, list[str] | RecordError]:
        while True:
            self._lines.start_row()
            try:
                cells = next(self._reader)
                self._check(cells)
            except csv.Error as error:
                return self._damaged(RecordError(f"Not a CSV row: {error}", mend=_MEND_QUOTES))
            except RecordError as error:
                return self._damaged(error)
            if cells:
                return self._lines.first, cells

    def _check(self, cells: list[str]) -> None:
        if self._lines.has_long_line:
            raise RecordError("The row is longer than a million characters", mend="Shorten it")
        if self.width and cells and len(cells) != self.width:
            raise RecordError(
                f"The row has {len(cells)} columns where the headings are {self.width}",
                mend="Check its delimiters; a value that holds one needs quotes",
            )

    def _damaged(self, error: RecordError) -> tuple[int, RecordError]:
        number = self._lines.first
        self._lines.replay_from_second()
        return number, error


class _Lines(Iterator[str]):
    """Lines for the CSV reader, with those of the current row kept in case it is damaged."""

    def __init__(self, source: Iterator[tuple[int, str | None]]) -> None:
        self._source = source
        self._again: deque[tuple[int, str | None]] = deque()
        self.row: list[tuple[int, str | None]] = []
        self.first = 0
        self._size = 0

    def start_row(self) -> None:
        self.row = []
        self._size = 0

    def replay_from_second(self) -> None:
        self._again.extendleft(reversed(self.row[1:]))

    @property
    def has_long_line(self) -> bool:
        return any(line is None for _, line in self.row)

    def __next__(self) -> str:
        if self._size > csv.field_size_limit():
            # Ends the row as the end of the file would: the reader reports an open quote.
            raise StopIteration
        number, line = self._again.popleft() if self._again else next(self._source)
        if not self.row:
            self.first = number
        self.row.append((number, line))
        self._size += len(line or "")
        return "\n" if line is None else line


def read_headings(rows: DelimitedRows, file: str) -> list[str]:
    """The first row, which must hold the headings; later rows must have as many columns."""
    found = next(rows, None)
    if found is None:
        raise SourceError("The file is empty", where=file)
    headings = found[1]
    if isinstance(headings, RecordError):
        raise SourceError(headings.problem, where=f"{file} row {found[0]}", mend=headings.mend)
    rows.width = len(headings)
    return headings
