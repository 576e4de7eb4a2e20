"""Reads ConList.csv of OFSI: the layout of 28 columns before 2022, and the wider one since.

Rows of one `Group ID` are one party. The wider layout packs more fields into `Other
Information` as `(Gender):Male (UN Ref):KPi.001`; the older one writes them as sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tumen.lists.entry import EntryBuilder
from tumen.lists.formats.uk import Row, add_row, column, schema_of
from tumen.lists.formats.uk_csv import read_table
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.dates import read_date
from tumen.model.listing import Designation, ListEntry

LIST_ID = "gb_hmt_sanctions"
AUTHORITY = "Office of Financial Sanctions Implementation"

_LABEL = re.compile(r"\(([A-Z][A-Za-z /()-]{2,60}?)\):")
# Labels in `Other Information`, in our plain column names.
_LABELS = {
    "uksanctionslistref": "uniqueid",
    "unref": "unreference",
    "ukstatementofreasons": "reason",
    "gender": "gender",
    "phonenumber": "phone",
    "emailaddress": "email",
    "website": "website",
    "typeofentity": "entitytype",
    "parentcompany": "parentcompany",
    "subsidiaries": "subsidiaries",
    "businessregno": "businessnumber",
    "imonumber": "imonumber",
    "currentownersoperators": "currentowneroperator",
    "currentowneroperators": "currentowneroperator",
    "previousownersoperators": "previousowneroperator",
    "previousowneroperators": "previousowneroperator",
    "currentbelievedflagofship": "flag",
    "currentflag": "flag",
    "flagofship": "flag",
    "previousflags": "pastflags",
    "typeofship": "shiptype",
    "tonnageofship": "tonnage",
    "lengthofship": "length",
    "yearbuilt": "yearbuilt",
    "hullidentificationnumber": "hin",
}
_UN_REFERENCE = re.compile(
    r"\bUN Ref(?:erence)?:?\s*([A-Z]{1,3}[A-Za-z]?\.[\w.]*\w)", re.IGNORECASE
)
_VESSEL = re.compile(r"\bIMO:? ?(\d{7})\b(?=.*\bvessel\b)", re.IGNORECASE | re.DOTALL)
_MMSI = re.compile(r"\bMMSI:? ?(\d{9})\b")


def recognise(file: SourceFile) -> str | None:
    """`csv` where the file is OFSI's ConList, else None."""
    head = file.head.lstrip(b"\xef\xbb\xbf")
    if head.startswith(b"Last Updated") and b"Group ID" in head and b"Name 6" in head:
        return "csv"
    return None


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """The list in the last of `files`; one file holds all of it."""
    file = files[-1]
    unknown: Counter[str] = Counter()
    table = read_table(file, "groupid")
    entries = [
        _entry(party, [row for _line, row in rows], file, f"row {rows[0][0]}", unknown)
        for party, rows in table.rows.items()
    ]
    return ParsedList(LIST_ID, "csv", table.published_on, entries, unknown)


def _entry(
    party: str, rows: Iterable[Row], file: SourceFile, locator: str, unknown: Counter[str]
) -> ListEntry:
    rows = [{**row, **_packed_fields(row.get("otherinformation", ""))} for row in rows]
    entry = EntryBuilder(
        f"{LIST_ID}:{party}", "LegalEntity", file=file.name, locator=locator, unknown=unknown
    )
    entry.schema = schema_of(entry, rows[0].get("type", ""))
    for row in rows:
        add_row(entry, row)
        remark = row.get("otherinformation", "")
        entry.add_remark(remark)
        entry.designate(_designation(row))
        _add_from_sentences(entry, remark)
    entry.add("topics", "sanction", "list")
    return entry.build()


def _packed_fields(text: str) -> dict[str, str]:
    """The labelled fields of `Other Information`; labels we do not know keep their own name."""
    pieces = _LABEL.split(text)
    fields: dict[str, str] = {}
    for label, value in zip(pieces[1::2], pieces[2::2], strict=True):
        plain = column(label)
        fields[_LABELS.get(plain, plain)] = value.strip(" .")
    return fields


def _add_from_sentences(entry: EntryBuilder, remark: str) -> None:
    """What the older layout writes as prose; a ship is an `Entity` there."""
    if entry.schema == "Organization" and _VESSEL.search(remark):
        entry.schema = "Vessel"
    if entry.schema == "Vessel":
        for number in _VESSEL.findall(remark):
            entry.add("imoNumber", number, "otherinformation")
        for number in _MMSI.findall(remark):
            entry.add("mmsi", number, "otherinformation")
    for reference in _UN_REFERENCE.findall(remark):
        entry.add("notes", f"UN reference: {reference}", "otherinformation", raw=reference)


def _designation(row: Row) -> Designation:
    return Designation(
        AUTHORITY,
        row.get("regime", "").strip(),
        listed_on=read_date(row.get("ukdesignatedon", "") or row.get("listedon", "")) or "",
        amended_on=read_date(row.get("lastupdated", "")) or "",
        reason=row.get("reason", ""),
        reference=row.get("uniqueid", ""),
    )
