"""Reads Canada's sema-lmes.xml: flat records of persons, entities and ships.

Canada gives its records no id. Ours is built of regime, schedule and item, by which the
regulations name a party: `ca_dfatd_sema_sanctions:belarus-1-part-1-3`. Where several
records of one file share these, each gets a suffix made from its own name, so that the order
of the file plays no part.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from tumen.lists.ca_dfatd_sema_sanctions.names import (
    entity_aliases,
    entity_names,
    person_aliases,
)
from tumen.lists.entry import EntryBuilder
from tumen.lists.name_text import script_of
from tumen.lists.printed import read_dates
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.xml import iter_xml, local_name, text_at
from tumen.model.dates import read_date
from tumen.model.listing import Designation, ListedName, ListEntry, NameKind

LIST_ID = "ca_dfatd_sema_sanctions"
AUTHORITY = "Global Affairs Canada"

Record = Mapping[str, str]

# Older editions had shorter names for the fields that now also serve ships.
_FIELDS = {
    "DateOfBirth": "DateOfBirthOrShipBuildDate",
    "Entity": "EntityOrShip",
    "Title": "TitleOrShip",
}
_KNOWN = frozenset(
    {"Country", "LastName", "GivenName", "Aliases", "Schedule", "Item", "ShipIMONumber"}
    | {"DateOfListing", *_FIELDS.values()}
)


def recognise(file: SourceFile) -> str | None:
    """`xml` where the file is Canada's list, else None."""
    head = file.head
    marks = (b"<data-set", b"<record", b"<Country>", b"<Item>")
    return "xml" if all(mark in head for mark in marks) else None


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """The list in the last of `files`; it states no date of its own."""
    file = files[-1]
    unknown: Counter[str] = Counter()
    records = list(_records(file))
    shared = Counter(_key(record) for record in records)
    taken: Counter[str] = Counter()
    entries = []
    for number, record in enumerate(records, start=1):
        key = _key(record)
        if shared[key] > 1:
            unknown[f"Item: shared by several records: {key}"] += 1
            key = f"{key}-{sha256(_published_name(record).encode()).hexdigest()[:8]}"
        taken[key] += 1
        if taken[key] > 1:
            key = f"{key}-{taken[key]}"
        entry = EntryBuilder(
            f"{LIST_ID}:{key}",
            _schema(record),
            file=file.name,
            locator=f"record {number}",
            unknown=unknown,
        )
        entries.append(_fill(entry, record))
    return ParsedList(LIST_ID, "xml", None, entries, unknown)


def _records(file: SourceFile) -> Iterator[Record]:
    for element in iter_xml(file, "record"):
        fields: dict[str, str] = {}
        for child in element:
            name = local_name(child)
            fields[_FIELDS.get(name, name)] = text_at(child)
        yield fields


def _published_name(record: Record) -> str:
    parts = (record.get(field, "") for field in ("GivenName", "LastName", "EntityOrShip"))
    return " ".join(part for part in parts if part)


def _key(record: Record) -> str:
    regime = _regime(record)
    acronym = re.search(r"\(([A-Z]{3,})\)", regime)
    parts = (acronym[1] if acronym else regime, record.get("Schedule", ""), record.get("Item", ""))
    return "-".join(slug for part in parts if (slug := _slug(part)))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-")


def _regime(record: Record) -> str:
    """The English name of the regime; French follows after a slash."""
    return record.get("Country", "").split(" / ")[0].strip()


def _schema(record: Record) -> str:
    if record.get("LastName") or record.get("GivenName"):
        return "Person"
    return "Vessel" if record.get("ShipIMONumber") else "Organization"


def _fill(entry: EntryBuilder, record: Record) -> ListEntry:
    for field in record.keys() - _KNOWN:
        if record[field]:
            entry.add_unknown(field, record[field])
    if entry.schema == "Person":
        _add_person(entry, record)
    else:
        _add_other(entry, record)
    _add_dates(entry, record.get("DateOfBirthOrShipBuildDate", ""))
    schedule, item = record.get("Schedule", ""), record.get("Item", "")
    places = (f"Schedule {schedule}" if schedule else "", f"item {item}" if item else "")
    entry.designate(
        Designation(
            AUTHORITY,
            _regime(record),
            listed_on=read_date(record.get("DateOfListing", "")) or "",
            reference=", ".join(place for place in places if place),
        )
    )
    entry.add("topics", "sanction", "list")
    return entry.build()


def _add_person(entry: EntryBuilder, record: Record) -> None:
    given, surname = record.get("GivenName", ""), record.get("LastName", "")
    _add_name(entry, f"{given} {surname}".strip(), NameKind.PRIMARY, "GivenName LastName")
    if given and surname:
        entry.add("firstName", given, "GivenName")
        entry.add("lastName", surname, "LastName")
    for alias in person_aliases(record.get("Aliases", "")):
        _add_name(entry, alias, NameKind.ALIAS, "Aliases")
    if record.get("EntityOrShip"):
        entry.add_unknown("EntityOrShip", record["EntityOrShip"])
    title = record.get("TitleOrShip", "")
    # `Major General/major-général`: English, then French.
    entry.add("title", title.split("/")[0], "TitleOrShip", raw=title)


def _add_other(entry: EntryBuilder, record: Record) -> None:
    primary, *others = entity_names(record.get("EntityOrShip", "")) or [""]
    _add_name(entry, primary, NameKind.PRIMARY, "EntityOrShip")
    for name in others:
        _add_name(entry, name, NameKind.ALIAS, "EntityOrShip")
    for name in entity_aliases(record.get("Aliases", "")):
        _add_name(entry, name, NameKind.ALIAS, "Aliases")
    entry.add("imoNumber", record.get("ShipIMONumber", ""), "ShipIMONumber")
    entry.add("type", record.get("TitleOrShip", ""), "TitleOrShip")


def _add_name(entry: EntryBuilder, text: str, kind: NameKind, field: str) -> None:
    entry.add_name(ListedName(text, kind, script=script_of(text)), field)


def _add_dates(entry: EntryBuilder, text: str) -> None:
    dates, unread = read_dates(text.replace(" OR ", " or ")) if text else ([], [])
    prop = {"Person": "birthDate", "Vessel": "buildDate"}.get(entry.schema, "incorporationDate")
    for date in dates:
        entry.add(prop, date, "DateOfBirthOrShipBuildDate", raw=text)
    for part in unread:
        entry.add_unknown("DateOfBirthOrShipBuildDate", part)
