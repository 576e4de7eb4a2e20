"""Rows of the Consolidated Screening List, from its CSV layouts or its JSON, in one shape.

A `Row` maps the published field names to texts; fields that hold several values are split
where the layout joins them by `; `.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tumen.errors import SourceError
from tumen.lists.reader import SourceFile

CSV, JSON = "csv", "json"
_NEEDED = frozenset({"source", "entity_number", "programs", "name", "addresses", "alt_names"})
_MEND = "Download the file again"

Row = Mapping[str, tuple[str, ...]]
# Fields whose values the CSV joins by `; `; in the JSON they are lists.
_SEVERAL = frozenset(
    {
        "programs",
        "addresses",
        "alt_names",
        "citizenships",
        "dates_of_birth",
        "nationalities",
        "places_of_birth",
        "ids",
    }
)


def format_of(head: bytes) -> str | None:
    """`csv` or `json` where the bytes begin the list, else None."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().decode("utf-8", "replace")
    if text.startswith("{"):
        is_list = '"results"' in text and '"source"' in text and '"alt_names"' in text
        return JSON if is_list else None
    columns = set(next(csv.reader([text.splitlines()[0]]))) if text else set()
    return CSV if columns >= _NEEDED else None


def read_rows(file: SourceFile) -> Iterator[tuple[str, Row]]:
    """Each record with its locator.

    Raises SourceError for damaged JSON, or a CSV row with too few or too many columns.
    """
    yield from (_json_rows if format_of(file.head) == JSON else _csv_rows)(file)


def _csv_rows(file: SourceFile) -> Iterator[tuple[str, Row]]:
    reader = csv.reader(io.StringIO(_text(file), newline=""), strict=True)
    header: list[str] = []
    try:
        for row in reader:
            if not header:
                header = row
            elif row and row != header:  # one published file repeats its header
                where = f"{file.name}, line {reader.line_num}"
                if len(row) != len(header):
                    problem = f"{len(row)} columns instead of {len(header)}"
                    raise SourceError(problem, where=where, mend=_MEND)
                pairs = zip(header, row, strict=True)
                yield f"line {reader.line_num}", {key: _split(key, text) for key, text in pairs}
    except csv.Error as error:
        where = f"{file.name}, line {reader.line_num}"
        raise SourceError(f"Cut short or damaged ({error})", where=where, mend=_MEND) from error


def _text(file: SourceFile) -> str:
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{file.name}, byte {error.start}"
        raise SourceError("This is not UTF-8", where=where, mend=_MEND) from error


def _split(key: str, text: str) -> tuple[str, ...]:
    parts = text.split("; ") if key in _SEVERAL else [text]
    return tuple(clean for part in parts if (clean := " ".join(part.split())))


def _json_rows(file: SourceFile) -> Iterator[tuple[str, Row]]:
    try:
        document: Any = json.loads(_text(file))
    except json.JSONDecodeError as error:
        where = f"{file.name}, line {error.lineno}, column {error.colno}"
        raise SourceError(f"Damaged JSON ({error.msg})", where=where, mend=_MEND) from error
    results = document.get("results")
    if not isinstance(results, list) or not all(isinstance(one, dict) for one in results):
        raise SourceError("'results' is no list of records", where=file.name, mend=_MEND)
    for number, record in enumerate(results, start=1):
        yield f"results[{number}]", {key: _texts(key, value) for key, value in record.items()}


def _texts(key: str, value: Any) -> tuple[str, ...]:
    """A JSON value as texts: an address's or identity document's fields in the CSV's order."""
    values = value if isinstance(value, list) else [value]
    shown = (_shown(key, one) for one in values if one is not None)
    return tuple(clean for text in shown if (clean := " ".join(text.split())))


def _shown(key: str, value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    order = (
        ("address", "city", "state", "postal_code", "country")
        if key == "addresses"
        else ("type", "number", "country")
    )
    return ", ".join(str(value[name]) for name in order if value.get(name))
