"""Reads the UK Sanctions List: CSV (a row for each name) and XML (an element for each party).

The XML is read from its published shape: `Designations/Designation` with plain leaves and
groups (`Names/Name`, `Addresses/Address`, `IndividualDetails` …) whose leaf names are the
CSV's columns. A leaf that we do not know is counted and kept as a note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from tumen.errors import SourceError
from tumen.lists.entry import EntryBuilder
from tumen.lists.formats.cells import split_cell
from tumen.lists.formats.uk import Row, add_row, column, schema_of
from tumen.lists.formats.uk_csv import as_day, read_table
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.xml import Element, iter_xml, local_name
from tumen.model.dates import read_date
from tumen.model.listing import Designation, ListEntry

LIST_ID = "gb_fcdo_sanctions"
AUTHORITY = "Foreign, Commonwealth & Development Office"

# Groups whose leaves belong together; each becomes a row of its own.
_GROUPS = frozenset(
    {"Name", "NonLatinName", "Address", "Passport", "NationalIdentifier", "Location"}
)
# Flags that repeat `SanctionsImposed`.
_REPEATS = frozenset({"SanctionsImposedIndicators"})


def recognise(file: SourceFile) -> str | None:
    """`csv` or `xml` where the file is the UK Sanctions List, else None."""
    head = file.head
    if head.lstrip(b"\xef\xbb\xbf").startswith(b"Report Date") and b"Unique ID" in head:
        return "csv"
    if b"<Designations" in head and (b"<UniqueID" in head or b"<OFSIGroupID" in head):
        return "xml"
    return None


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """The list in the last of `files`; one file holds all of it."""
    file = files[-1]
    return _parse_xml(file) if b"<Designations" in file.head else _parse_csv(file)


def _parse_csv(file: SourceFile) -> ParsedList:
    unknown: Counter[str] = Counter()
    table = read_table(file, "uniqueid")
    entries = [
        _entry(party, [row for _line, row in rows], file, f"row {rows[0][0]}", unknown)
        for party, rows in table.rows.items()
    ]
    return ParsedList(LIST_ID, "csv", table.published_on, entries, unknown)


def _parse_xml(file: SourceFile) -> ParsedList:
    unknown: Counter[str] = Counter()
    entries: list[ListEntry] = []
    published_on: date | None = None
    for element in iter_xml(file, "Designation", "DateGenerated"):
        if local_name(element) == "DateGenerated":
            published_on = as_day((element.text or "").strip())
            continue
        rows = list(_rows(element))
        party = next((row["uniqueid"] for row in rows if row.get("uniqueid")), "")
        if not party:
            where = f"{file.name}, line {element.sourceline}"
            raise SourceError("A Designation without UniqueID", where=where)
        entries.append(_entry(party, rows, file, f"Designation[UniqueID={party}]", unknown))
    return ParsedList(LIST_ID, "xml", published_on, entries, unknown)


def _entry(
    party: str, rows: Iterable[Row], file: SourceFile, locator: str, unknown: Counter[str]
) -> ListEntry:
    rows = list(rows)
    entry = EntryBuilder(
        f"{LIST_ID}:{party}", "LegalEntity", file=file.name, locator=locator, unknown=unknown
    )
    entry.schema = schema_of(entry, next((row["type"] for row in rows if row.get("type")), ""))
    for row in rows:
        add_row(entry, row)
        entry.add_remark(row.get("otherinformation", ""))
    for facts in _designation_facts(rows):
        entry.designate(_designation(party, facts))
    entry.add("topics", "sanction", "list")
    return entry.build()


def _designation_facts(rows: Iterable[Row]) -> list[Row]:
    """One mapping for each regime; facts on rows of their own (XML leaves) belong to all."""
    keys = ("regime", "measures", "reason", "source", "listedon", "lastupdated")
    regimes: dict[str, dict[str, str]] = {}
    loose: dict[str, list[str]] = {}
    for row in rows:
        regime = row.get("regime", "").strip()
        for key in keys:
            text = row.get(key, "").strip()
            if text and regime:
                regimes.setdefault(regime, {}).setdefault(key, text)
            elif text:
                loose.setdefault(key, []).append(text)
    shared = {key: "|".join(dict.fromkeys(texts)) for key, texts in loose.items()}
    return [shared | facts for facts in regimes.values()] or [shared]


def _designation(party: str, facts: Row) -> Designation:
    regime = facts.get("regime", "")
    measures = dict.fromkeys(split_cell(facts.get("measures", "")))
    source = facts.get("source", "")
    return Designation(
        f"{AUTHORITY} (source: {source})" if source and source != "UK" else AUTHORITY,
        regime,
        legal_basis=regime if "Regulations" in regime else "",
        listed_on=read_date(facts.get("listedon", "")) or "",
        amended_on=read_date(facts.get("lastupdated", "")) or "",
        reason=facts.get("reason", ""),
        measures=tuple(measures),
        reference=party,
    )


def _rows(element: Element) -> Iterator[dict[str, str]]:
    """One row for each group, and one for each leaf outside of them."""
    for child in element:
        tag = local_name(child)
        if tag in _REPEATS:
            continue
        if tag in _GROUPS:
            leaves = ((column(local_name(leaf)), leaf.text or "") for leaf in child.iter("*"))
            yield {key: text.strip() for key, text in leaves if text.strip()}
        elif len(child):
            yield from _rows(child)
        elif child.text and child.text.strip():
            yield {column(tag): child.text.strip()}
