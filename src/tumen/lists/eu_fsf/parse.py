"""Recognises the four formats of the list and reads each into the same entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from tumen.errors import SourceError
from tumen.lists.eu_fsf import fsf_csv, fsf_xml, whole_xml
from tumen.lists.eu_fsf.mapping import LIST_ID, to_entry
from tumen.lists.eu_fsf.record import Record
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.listing import ListEntry

_FORMATS = (
    ("xml_1_1", re.compile(rb"<(?:\w+:)?export\b[^>]*eu\.europa\.ec/fpi/fsd/export")),
    ("whole_xml", re.compile(rb"<WHOLE\s[^>]*Date\s*=")),
    ("csv_1_1", re.compile(rb"^(?:\xef\xbb\xbf)?\"?fileGenerationDate\"?;", re.I)),
    ("csv_1_0", re.compile(rb"^(?:\xef\xbb\xbf)?\"?Date_file\w*\"?;\"?Entity_logical_id", re.I)),
)


def recognise(file: SourceFile) -> str | None:
    """`xml_1_1`, `csv_1_1`, `csv_1_0` or `whole_xml` (the format until 2018)."""
    return next((name for name, pattern in _FORMATS if pattern.search(file.head)), None)


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """All entries of one file in any of the formats."""
    if len(files) != 1:
        raise SourceError(
            f"{len(files)} files where the list is one",
            where=", ".join(file.name for file in files),
            mend="Give one file of the list at a time",
        )
    file = files[0]
    found = recognise(file)
    unknown: Counter[str] = Counter()
    published: date | None
    records: Iterable[Record]
    warnings: list[str] = []
    if found == "xml_1_1":
        published, records = fsf_xml.published_on(file), fsf_xml.read_records(file, unknown)
    elif found == "whole_xml":
        published, records = whole_xml.published_on(file), whole_xml.read_records(file, unknown)
    elif found:
        rows, warnings = fsf_csv.read_rows(file)
        published = fsf_csv.published_on(rows)
        records = fsf_csv.read_records(file, rows, unknown)
    else:
        raise SourceError(
            "Not a format of the EU financial sanctions list that we know",
            where=file.name,
            mend="Give xmlFullSanctionsList 1.1 or csvFullSanctionsList",
        )
    entries = _entries(file, records, unknown)
    return ParsedList(LIST_ID, found, published, entries, unknown, tuple(warnings))


def _entries(file: SourceFile, records: Iterable[Record], unknown: Counter[str]) -> list[ListEntry]:
    entries: dict[str, ListEntry] = {}
    for record in records:
        if record.logical_id in entries:
            raise SourceError(
                f"The logical id {record.logical_id} occurs twice",
                where=f"{file.name}, {record.locator}",
                mend="Download it again",
            )
        entries[record.logical_id] = to_entry(file, record, unknown)
    return list(entries.values())
