"""The entity columns: multi-valued cells with the printed wording, normalised here."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping

from tumen.lists.entry import EntryBuilder
from tumen.lists.name_text import birth_dates_in, script_of, split_list, split_names
from tumen.lists.printed import read_dates, read_nationalities, read_number
from tumen.model.listing import ListedName, NameKind, NameQuality

_NAMES = {
    "alias": (NameKind.ALIAS, NameQuality.UNSTATED),
    "weakAlias": (NameKind.ALIAS, NameQuality.WEAK),
    "previousName": (NameKind.FORMER, NameQuality.UNSTATED),
}
_COUNTRIES = frozenset({"country", "nationality", "jurisdiction", "flag"})
_DATES = frozenset({"birthDate", "incorporationDate"})
_NUMBERS = frozenset(
    {
        "passportNumber",
        "idNumber",
        "registrationNumber",
        "taxNumber",
        "innCode",
        "ogrnCode",
        "kppCode",
        "okpoCode",
        "leiCode",
        "imoNumber",
        "mmsi",
    }
)
_TEXTS = frozenset(
    {
        "birthPlace",
        "position",
        "appearance",
        "ethnicity",
        "fatherName",
        "motherName",
        "legalForm",
        "sector",
        "swiftBic",
        "ticker",
        "address",
        "phone",
        "email",
        "website",
        "notes",
    }
)
_ABSENT = frozenset({"", "n/a", "n/d", "unknown", "-"})
_TAX = re.compile(r"\b(?:INN|tax(?:payer)?)\b", re.I)
# "24.4.1991 as 'X'": under which name a company was founded, not part of the date.
_UNDER_NAME = re.compile(r"\s+(?:as|under)\s.*$", re.S)


def add_main_name(builder: EntryBuilder, text: str) -> None:
    """The name of a row, and the acronym or other spelling in its brackets."""
    spellings = [s for s in split_names(text, is_person=builder.schema == "Person") if s.text]
    for at, name in enumerate([spelling.text for spelling in spellings] or [text]):
        kind = NameKind.PRIMARY if at == 0 and not builder.names else NameKind.ALIAS
        _add_name(builder, name, (kind, NameQuality.UNSTATED), "name", text)


def read_cells(builder: EntryBuilder, cells: Mapping[str, str]) -> None:
    """All entity columns of one row into the entry; other columns are counted."""
    for column, cell in cells.items():
        for value in _values(cell):
            if value.casefold() not in _ABSENT:
                _reader(column)(builder, column, value)


def _values(cell: str) -> list[str]:
    """The values of a cell: separated by ";", one that holds ";" or quotes is quoted as CSV."""
    if not cell:
        return []
    try:
        (values,) = csv.reader([cell.replace("\n", " ")], delimiter=";", skipinitialspace=True)
    except (csv.Error, ValueError):
        return [cell]
    return [" ".join(value.split()) for value in values]


def _reader(column: str) -> Callable[[EntryBuilder, str, str], None]:
    if column in _NAMES:
        return _read_name
    if column in _COUNTRIES:
        return _read_country
    if column in _DATES:
        return _read_date
    if column in _NUMBERS:
        return _read_number
    if column in _TEXTS:
        return lambda builder, prop, text: builder.add(prop, text, prop)
    return _read_gender if column == "gender" else _count


def _count(builder: EntryBuilder, column: str, value: str) -> None:
    builder.add_unknown(column, value)


def _read_name(builder: EntryBuilder, column: str, value: str) -> None:
    kind, quality = _NAMES[column]
    for spelling in split_names(value, is_person=builder.schema == "Person"):
        actual = NameKind.FORMER if spelling.is_former else kind
        if spelling.text:
            _add_name(builder, spelling.text, (actual, quality), column, value)
        else:
            builder.add_unknown(column, spelling.note)
        for text in birth_dates_in(spelling.note):
            _read_date(builder, "birthDate", text)


def _read_country(builder: EntryBuilder, column: str, value: str) -> None:
    read, unread = read_nationalities(value)
    for code in read:
        builder.add(column, code, column, raw=value)
    for part in unread:
        builder.add_unknown(column, part)


def _read_date(builder: EntryBuilder, column: str, value: str) -> None:
    read, unread = read_dates(_UNDER_NAME.sub("", value))
    for date in read:
        builder.add(column, date, column, raw=value)
    for part in unread:
        builder.add_unknown(column, part)


def _read_number(builder: EntryBuilder, column: str, value: str) -> None:
    for item in split_list(value):
        is_tax = column == "registrationNumber" and bool(_TAX.search(item))
        builder.add("taxNumber" if is_tax else column, read_number(item), column, raw=item)


def _read_gender(builder: EntryBuilder, column: str, value: str) -> None:
    text = value.casefold().strip(" .")
    if text in ("male", "female"):
        builder.add(column, text, column, raw=value)
    else:
        builder.add_unknown(column, value)


def _add_name(
    builder: EntryBuilder, text: str, mark: tuple[NameKind, NameQuality], field: str, raw: str
) -> None:
    kind, quality = mark
    if not any(text == listed.text for listed in builder.names):
        builder.add_name(ListedName(text, kind, quality, script_of(text)), field, raw=raw)
