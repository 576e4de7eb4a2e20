"""Reads the consolidated XML: one record for each individual and each entity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from tumen.errors import SourceError
from tumen.lists.entry import EntryBuilder
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.un_sc_sanctions import details, parts
from tumen.lists.xml import Element, local_name, parse_xml, text_at
from tumen.model.dates import read_date
from tumen.model.listing import Designation, ListEntry

LIST_ID = "un_sc_sanctions"
_KINDS = {"INDIVIDUALS": ("INDIVIDUAL", "Person"), "ENTITIES": ("ENTITY", "Organization")}
# The publisher's own bookkeeping says nothing of the party, nor does LIST_TYPE ("UN List").
_BOOKKEEPING = frozenset({"DATAID", "VERSIONNUM", "SORT_KEY", "SORT_KEY_LAST_MOD", "LIST_TYPE"})
_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_DESIGNATING = frozenset({"UN_LIST_TYPE", "REFERENCE_NUMBER", "LISTED_ON", "LAST_DAY_UPDATED"})
_READERS: dict[str, Callable[[EntryBuilder, Element], None]] = {
    "NAME_ORIGINAL_SCRIPT": parts.original_name,
    "TITLE": details.title,
    "DESIGNATION": details.position,
    "NATIONALITY": details.nationality,
    "GENDER": details.gender,
    "SUBMITTED_BY": details.submitted,
    "SUBMITTED_ON": details.submitted,
    "INDIVIDUAL_ALIAS": parts.alias,
    "ENTITY_ALIAS": parts.alias,
    "INDIVIDUAL_ADDRESS": parts.address,
    "ENTITY_ADDRESS": parts.address,
    "INDIVIDUAL_DATE_OF_BIRTH": details.birth_date,
    "INDIVIDUAL_PLACE_OF_BIRTH": details.birth_place,
    "INDIVIDUAL_DOCUMENT": details.document,
}


def recognise(file: SourceFile) -> str | None:
    """`xml` for the consolidated list."""
    return "xml" if b"<CONSOLIDATED_LIST" in file.head else None


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """All individuals and entities of one consolidated file."""
    if len(files) != 1:
        raise SourceError(
            f"{len(files)} files where the consolidated list is one",
            where=", ".join(file.name for file in files),
            mend="Give one consolidated.xml",
        )
    file = files[0]
    root = parse_xml(file)
    if local_name(root) != "CONSOLIDATED_LIST":
        raise SourceError(
            f"The root element is <{local_name(root)}>, not <CONSOLIDATED_LIST>",
            where=file.name,
            mend="Give the consolidated XML of the Security Council",
        )
    unknown: Counter[str] = Counter()
    entries = list(_entries(file, root, unknown))
    published, warnings = _published_on(root)
    return ParsedList(LIST_ID, "xml", published, entries, unknown, warnings)


def _entries(file: SourceFile, root: Element, unknown: Counter[str]) -> Iterator[ListEntry]:
    seen: set[str] = set()
    for section in root:
        if local_name(section) not in _KINDS:
            unknown[f"CONSOLIDATED_LIST/{local_name(section)}: {len(section)} records"] += 1
            continue
        tag, schema = _KINDS[local_name(section)]
        for record in section:
            if local_name(record) != tag:
                unknown[f"{local_name(section)}/{local_name(record)}"] += 1
                continue
            entry = _entry(file, record, schema, unknown)
            if entry.entity.entity_id in seen:
                raise SourceError(
                    f"DATAID {text_at(record, 'DATAID')} occurs twice",
                    where=f"{file.name}, line {record.sourceline}",
                    mend="Download it again",
                )
            seen.add(entry.entity.entity_id)
            yield entry


def _entry(file: SourceFile, record: Element, schema: str, unknown: Counter[str]) -> ListEntry:
    tag, data_id = local_name(record), text_at(record, "DATAID")
    if not data_id:
        raise SourceError(
            f"{tag} without a DATAID",
            where=f"{file.name}, line {record.sourceline}",
            mend="Download it again",
        )
    locator = f"{tag}[DATAID={data_id}], line {record.sourceline}"
    builder = EntryBuilder(
        f"{LIST_ID}:{data_id}", schema, file=file.name, locator=locator, unknown=unknown
    )
    parts.main_name(builder, record, _NAME_PARTS)
    for child in record:
        name = local_name(child)
        if name in _READERS:
            _READERS[name](builder, child)
        elif name == "COMMENTS1":
            details.comments(builder, child)
        elif name not in _BOOKKEEPING and name not in _DESIGNATING and name not in _NAME_PARTS:
            parts.count_unknown(builder, child, f"{tag}/{name}")
    _designate(builder, record)
    return builder.build()


def _designate(builder: EntryBuilder, record: Element) -> None:
    dates = {}
    for field in ("LISTED_ON", "LAST_DAY_UPDATED"):
        dates[field] = [
            read for text in parts.values(record, field) if (read := _date(builder, text, field))
        ]
    builder.designate(
        Designation(
            authority="United Nations Security Council",
            programme=text_at(record, "UN_LIST_TYPE"),
            listed_on=min(dates["LISTED_ON"], default=""),
            amended_on=max(dates["LAST_DAY_UPDATED"], default=""),
            reason=details.narrative("\n".join(builder.remarks)),
            reference=text_at(record, "REFERENCE_NUMBER"),
        )
    )


def _date(builder: EntryBuilder, text: str, field: str) -> str:
    read = read_date(parts.drop_zone(text))
    if read is None:
        builder.add_unknown(field, text)
    return read or ""


def _published_on(root: Element) -> tuple[date | None, tuple[str, ...]]:
    stated = str(root.get("dateGenerated", ""))
    try:
        return date.fromisoformat(stated[:10]), ()
    except ValueError:
        return None, (f"dateGenerated is {stated!r}, which is no date",)
