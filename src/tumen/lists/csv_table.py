"""CSV as published: strict UTF-8, rows with their line numbers, damage named by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from tumen.errors import SourceError
from tumen.lists.reader import SourceFile

Row = tuple[int, list[str]]


def decode(file: SourceFile) -> str:
    """The text of a UTF-8 file without its byte order mark.

    Raises SourceError with the line where it is not UTF-8.
    """
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.data.count(b"\n", 0, error.start) + 1
        raise damaged(file, line, "not UTF-8") from error


def rows(file: SourceFile, text: str, delimiter: str = ",") -> Iterator[Row]:
    """The rows that are not blank, each with the number of its last line, cells trimmed.

    Raises SourceError with the line where the text is no CSV, or ends inside a quoted cell.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise damaged(file, reader.line_num, str(error)) from error


def read_table(file: SourceFile) -> tuple[list[str], list[Row]]:
    """The header and the rows of a comma-separated file, all of one width.

    Raises SourceError for an empty file or a row of another width: its cells cannot be placed.
    """
    found = list(rows(file, decode(file)))
    if not found:
        raise damaged(file, 1, "no header")
    header = found[0][1]
    for line, row in found[1:]:
        if len(row) != len(header):
            raise damaged(file, line, f"{len(row)} cells under {len(header)} columns")
    return header, found[1:]


def damaged(file: SourceFile, line: int, problem: str) -> SourceError:
    """The error for a CSV that cannot be used."""
    where = f"{file.name}, line {line}"
    return SourceError(f"Damaged CSV ({problem})", where=where, mend="Download it again")
