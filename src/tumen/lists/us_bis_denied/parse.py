"""The Denied Persons List: one tab-separated table, one row for each address of a person.

BIS gives no key and does not say who is a person and who a company.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tumen.errors import SourceError
from tumen.lists.entry import EntryBuilder
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.dates import read_date
from tumen.model.listing import Designation, ListedName, ListEntry

LIST_ID = "us_bis_denied"
NAME = "txt"
_AUTHORITY = "Bureau of Industry and Security"
_PROGRAMME = "Denied Persons List"
_COLUMNS = (
    "Name", "Street_Address", "City", "State", "Country", "Postal_Code", "Effective_Date",
    "Expiration_Date", "Standard_Order", "Last_Update", "Action", "FR_Citation",
)  # fmt: skip
_NEEDED = 10  # up to the day of the last update
_MEND = "Download the file again"

Row = Mapping[str, str]


def recognise(file: SourceFile) -> str | None:
    """`txt` where the first line is this list's header, else None."""
    first = file.head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").partition("\n")[0]
    try:
        return NAME if tuple(_cells(first)) == _COLUMNS else None
    except csv.Error:  # A bare carriage return or a NUL: no text of this list.
        return None


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """Read one file of the list; a row is an entry.

    Raises SourceError for several files, a row of the wrong width, or a file cut short.
    """
    if len(files) != 1 or recognise(files[0]) is None:
        where = ", ".join(file.name for file in files)
        problem = "A version of this list is one tab-separated file with BIS's header"
        raise SourceError(problem, where=where, mend="Give the file of one day")
    unknown: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    entries = []
    for line, row in _rows(files[0]):
        key = _key(row)
        seen[key] += 1
        uid = key if seen[key] == 1 else f"{key}-{seen[key]}"
        builder = EntryBuilder(
            f"{LIST_ID}:{uid}",
            "LegalEntity",
            file=files[0].name,
            locator=f"line {line}",
            unknown=unknown,
        )
        entries.append(_entry(builder, row, f"{files[0].name}, line {line}"))
    return ParsedList(LIST_ID, NAME, None, entries, unknown)


def _cells(line: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], delimiter="\t"), [])


def _rows(file: SourceFile) -> Iterator[tuple[int, Row]]:
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = file.data.decode("cp1252", "replace")
    # There is no end mark and no count: only a last line that is not whole shows a cut.
    last = text.rpartition("\n")[2]
    if last and not (last.endswith('"') and len(_cells(last)) == len(_COLUMNS)):
        problem = "The file is cut short in the middle of a line"
        raise SourceError(problem, where=file.name, mend=_MEND)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    try:
        for cells in reader:
            if reader.line_num > 1 and any(cells):
                yield reader.line_num, _row(cells, f"{file.name}, line {reader.line_num}")
    except csv.Error as error:
        where = f"{file.name}, line {reader.line_num}"
        raise SourceError(f"Cut short or damaged ({error})", where=where, mend=_MEND) from error


def _row(cells: list[str], where: str) -> Row:
    """The cells by column; until 2015 BIS left out empty ones at the end of a line."""
    if not _NEEDED <= len(cells) <= len(_COLUMNS):
        problem = f"{len(cells)} columns instead of {len(_COLUMNS)}"
        raise SourceError(problem, where=where, mend=_MEND)
    padded = [*cells, *[""] * (len(_COLUMNS) - len(cells))]
    return {key: " ".join(cell.split()) for key, cell in zip(_COLUMNS, padded, strict=True)}


def _key(row: Row) -> str:
    """A digest of what stays when an address is corrected: the name and the order's day."""
    stated = f"{row['Name'].casefold()}|{_iso(row['Effective_Date'])}"
    return hashlib.sha256(stated.encode()).hexdigest()[:12]


def _iso(text: str) -> str:
    return read_date(text, day_first=False) or text


def _entry(builder: EntryBuilder, row: Row, where: str) -> ListEntry:
    if not row["Name"]:
        raise SourceError("A row without a name", where=where, mend=_MEND)
    script = "Latn" if row["Name"].isascii() else ""
    builder.add_name(ListedName(row["Name"], script=script), "Name")
    places = ("Street_Address", "City", "State", "Postal_Code", "Country")
    builder.add("address", ", ".join(row[key] for key in places if row[key]), "Street_Address")
    builder.add_country("country", row["Country"], "Country")
    builder.add("programId", "DPL", "list")
    builder.add("topics", "export.control", "list")
    builder.add_remark(row["Action"])
    builder.designate(
        Designation(
            _AUTHORITY,
            _PROGRAMME,
            listed_on=_date(builder, row, "Effective_Date"),
            amended_on=_date(builder, row, "Last_Update"),
            ends_on=_date(builder, row, "Expiration_Date"),
            measures=("Standard order",) if row["Standard_Order"].upper() == "Y" else (),
            reference=row["FR_Citation"],
        )
    )
    return builder.build()


def _date(builder: EntryBuilder, row: Row, key: str) -> str:
    text = row[key]
    found = read_date(text, day_first=False) if text else ""
    if found is None:
        builder.add_unknown(key, text)
    return found or ""
