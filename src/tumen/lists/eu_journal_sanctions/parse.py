"""Reads a folder of CSV files, one for each framework act, as one list version.

One row is one designation in one legal context. Rows with the same act, annex and record id
are one entry; record ids start anew in each annex, so act and id alone would join strangers.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tumen.errors import SourceError
from tumen.lists.csv_table import damaged, read_table
from tumen.lists.entry import EntryBuilder
from tumen.lists.eu_journal_sanctions.cells import add_main_name, read_cells
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.dates import read_date
from tumen.model.entity import schemata
from tumen.model.listing import Designation, ListEntry

LIST_ID = "eu_journal_sanctions"
_CONSOLIDATED = b"celex,recordId,programKey,annex,measure,"
_AMENDMENTS = b"amendedCelex,amendmentCelex,recordId,programKey,annex,measure,"
_NEEDED = ("recordId", "programKey", "annex", "measure", "startDate", "reason", "schema", "name")
_META = frozenset(_NEEDED) | {"celex", "amendedCelex", "amendmentCelex"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row, with the act it belongs to and, in an amendment, the act that adds it."""

    cells: dict[str, str]
    celex: str
    amendment: str
    file: str
    line: int

    @property
    def key(self) -> str:
        """Act, annex and record id; where there is no record id, a hash of schema and name."""
        record_id = self.cells["recordId"]
        if not record_id:
            named = f"{self.cells['schema']}|{self.cells['name']}"
            record_id = hashlib.sha256(named.encode()).hexdigest()[:10]
        return f"{self.celex}-{self.cells['annex']}-{record_id}"

    @property
    def context(self) -> tuple[str, str]:
        """Programme and measure: what tells rows of one entry apart."""
        return self.cells["programKey"], self.cells["measure"]


@dataclass(slots=True)
class _Gathered:
    """Rows by entry, and what amendments did to them."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    amended: Counter[str] = field(default_factory=Counter)


def recognise(file: SourceFile) -> str | None:
    """`csv` for a consolidated act as for an amendment: they belong together."""
    head = file.head.removeprefix(b"\xef\xbb\xbf")
    return "csv" if head.startswith((_CONSOLIDATED, _AMENDMENTS)) else None


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """All entries of all acts; amendments only add to the consolidated acts given with them."""
    ordered = sorted(files, key=lambda file: (_is_amendment(file), file.name))
    if not ordered or _is_amendment(ordered[0]):
        raise SourceError(
            "Amendments alone are no list version: they lack what the acts already hold",
            where=", ".join(file.name for file in files),
            mend="Load the folder of consolidated acts, with or without them",
        )
    unknown: Counter[str] = Counter()
    gathered = _Gathered()
    owner: dict[str, str] = {}
    for file in ordered:
        for row in _read_rows(file):
            if not row.amendment and owner.setdefault(row.celex, file.name) != file.name:
                raise SourceError(
                    f"The act {row.celex} is also in {owner[row.celex]}",
                    where=f"{file.name}, line {row.line}",
                    mend="Give one file for each act",
                )
            _gather(gathered, row)
    entries = [_entry(key, rows, unknown) for key, rows in gathered.rows.items()]
    warnings = tuple(f"Amendments: {count} {what}" for what, count in gathered.amended.items())
    return ParsedList(LIST_ID, "csv", None, entries, unknown, warnings)


def _is_amendment(file: SourceFile) -> bool:
    return file.head.removeprefix(b"\xef\xbb\xbf").startswith(b"amendedCelex,")


def _read_rows(file: SourceFile) -> Iterator[Row]:
    header, rows = read_table(file)
    act = "amendedCelex" if _is_amendment(file) else "celex"
    missing = [name for name in (act, *_NEEDED) if name not in header]
    if missing:
        raise damaged(file, 1, f"no column {', '.join(missing)}")
    for line, values in rows:
        cells = dict(zip(header, values, strict=True))
        celex = cells[act]
        if not celex:
            raise damaged(file, line, f"a row without its {act}")
        yield Row(cells, celex, cells.get("amendmentCelex", ""), file.name, line)


def _gather(gathered: _Gathered, row: Row) -> None:
    key, rows = row.key, gathered.rows
    here = rows.get(key, [])
    if row.amendment:
        is_same = bool(here) and here[0].cells["name"] == row.cells["name"]
        if here and not is_same:
            # The same number under another name is another party or a renaming: keep both.
            key = f"{key}-{row.amendment}"
        gathered.amended["rows merged into entries" if is_same else "rows added as entries"] += 1
    elif here and any(row.context == other.context for other in here):
        # An id stands once per act, annex, programme and measure; without ids namesakes happen.
        key = f"{key}-{sum(1 for other in rows if other.startswith(key)) + 1}"
    rows.setdefault(key, []).append(row)


def _entry(key: str, rows: list[Row], unknown: Counter[str]) -> ListEntry:
    first = rows[0]
    schema = first.cells["schema"]
    builder = EntryBuilder(
        f"{LIST_ID}:{key}",
        schema if schema in schemata() else "LegalEntity",
        file=first.file,
        locator=", ".join(f"{row.file} line {row.line}" for row in rows),
        unknown=unknown,
    )
    if schema not in schemata():
        builder.add_unknown("schema", schema)
    for row in rows:
        add_main_name(builder, row.cells["name"])
        read_cells(builder, {name: row.cells[name] for name in row.cells if name not in _META})
        _designate(builder, row)
    return builder.build()


def _designate(builder: EntryBuilder, row: Row) -> None:
    cells = row.cells
    started = read_date(cells["startDate"]) if cells["startDate"] else ""
    if started is None:
        builder.add_unknown("startDate", cells["startDate"])
    designation = Designation(
        authority="Council of the European Union",
        programme=cells["programKey"],
        legal_basis=f"{row.celex}, Annex {cells['annex']}",
        listed_on="" if row.amendment else started or "",
        amended_on=(started or "") if row.amendment else "",
        reason=cells["reason"],
        measures=(cells["measure"],) if cells["measure"] else (),
        reference=cells["recordId"],
        source_url="https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:"
        + (row.amendment or row.celex),
    )
    builder.designate(designation)
