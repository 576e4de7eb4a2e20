"""From a record, whatever its format, to a list entry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from tumen.lists.entry import EntryBuilder
from tumen.lists.eu_fsf import parts
from tumen.lists.eu_fsf.record import Detail, Record
from tumen.lists.reader import SourceFile
from tumen.model.dates import read_date
from tumen.model.listing import Designation, ListEntry

LIST_ID = "eu_fsf"
_SCHEMATA = {"p": "Person", "person": "Person", "e": "Organization", "enterprise": "Organization"}
_AUTHORITIES = {
    "": "Council of the European Union",
    "council": "Council of the European Union",
    "commission": "European Commission",
}
_READERS: dict[str, Callable[[EntryBuilder, Detail], None]] = {
    "nameAlias": parts.name,
    "citizenship": parts.citizenship,
    "birthdate": parts.birth,
    "address": parts.address,
    "identification": parts.identification,
}
_ACT_DATES = ("publicationDate", "entryIntoForceDate")
# Said of the row, not of the party; names take the language before they are counted.
_BOOKKEEPING = ("logicalId", "regulationLanguage")
_IS_SHIP = re.compile(r"\b(?:vessel|ship|tanker|m/?v|m/?t)\b", re.I)
_IS_COMPANY = re.compile(
    r"\b(?:compan(?:y|ies)|corp\w*|co|ltd|limited|inc|llc|gmbh|shipping|lines?|group|owner"
    r"|manager|operator)\b",
    re.I,
)


def to_entry(file: SourceFile, record: Record, unknown: Counter[str]) -> ListEntry:
    """The entry of one record; what no reader took is counted in `unknown`."""
    builder = EntryBuilder(
        f"{LIST_ID}:{record.logical_id}",
        "LegalEntity",
        file=file.name,
        locator=record.locator,
        unknown=unknown,
    )
    has_imo = any(_is_imo(detail) for detail in record.details)
    for detail in record.details:
        if detail.kind == "subjectType":
            _set_schema(builder, detail)
    _keep_texts(builder, record.head)
    for detail in record.details:
        if detail.kind in _READERS:
            _READERS[detail.kind](builder, detail)
            _keep_texts(builder, detail)
            _count_left(builder, detail)
    _designate(builder, record)
    _count_left(builder, record.head)
    if has_imo:
        _tell_ship(builder)
    return builder.build()


def _set_schema(builder: EntryBuilder, detail: Detail) -> None:
    stated = detail.take("classificationCode"), detail.take("code")
    found = [_SCHEMATA[code.casefold()] for code in stated if code.casefold() in _SCHEMATA]
    if found:
        builder.schema = found[0]
    for code in stated:
        if code and code.casefold() not in _SCHEMATA:
            builder.add_unknown("subjectType/@code", code)
    _count_left(builder, detail)


def _designate(builder: EntryBuilder, record: Record) -> None:
    head = record.head
    listed, ends = (_day(builder, head, name) for name in ("designationDate", "delistingDate"))
    reference, reason = head.take("euReferenceNumber"), head.take("designationDetails")
    if un_reference := head.take("unitedNationId"):
        builder.add("notes", f"UN reference: {un_reference}", "sanctionEntity/@unitedNationId")
    regulations = [detail for detail in record.details if detail.kind == "regulation"]
    amended = _latest_act(record)
    for detail in regulations:
        organisation = detail.take("organisationType")
        authority = _AUTHORITIES.get(organisation.casefold(), organisation)
        act = " ".join(detail.take_all(("regulationType", "numberTitle")))
        corrected = [title for other in detail.acts if (title := other.get("numberTitle"))]
        builder.designate(
            Designation(
                authority=authority,
                programme=detail.take("programme"),
                legal_basis=", ".join([act, *corrected]),
                listed_on=listed,
                amended_on=amended,
                ends_on=ends,
                reason=reason,
                reference=reference,
                source_url=detail.take("publicationUrl"),
            )
        )
        _keep_texts(builder, detail)
        for name in _ACT_DATES:
            detail.take(name)
        _count_left(builder, detail)


def _latest_act(record: Record) -> str:
    """The day of the last act that states any part: the list gives no other date of amendment."""
    days = [act.get(name, "") for detail in record.details for act in detail.acts
            for name in _ACT_DATES]  # fmt: skip
    days += [detail.facts.get(name, "") for detail in record.details for name in _ACT_DATES]
    return max((read for day in days if day and (read := read_date(day))), default="")


def _day(builder: EntryBuilder, head: Detail, name: str) -> str:
    text = head.take(name)
    read = read_date(text) if text else ""
    if read is None:
        builder.add_unknown(f"sanctionEntity/@{name}", text)
    return read or ""


def _keep_texts(builder: EntryBuilder, detail: Detail) -> None:
    for remark in detail.remarks:
        builder.add_remark(
            remark if detail.kind == "sanctionEntity" else f"{detail.kind}: {remark}"
        )
    for element, key, value in detail.pairs:
        # The schema keeps this element for what it has no place for yet.
        builder.add_unknown(f"{detail.kind}/{element}/{key}", value)


def _count_left(builder: EntryBuilder, detail: Detail) -> None:
    for name in _BOOKKEEPING:
        detail.facts.pop(name, None)
    for name in list(detail.facts):
        if value := detail.take(name):
            builder.add_unknown(f"{detail.kind}/@{name}", value)


def _is_imo(detail: Detail) -> bool:
    return detail.facts.get("identificationTypeCode", "").casefold() == "imo"


def _tell_ship(builder: EntryBuilder) -> None:
    """An entity with an IMO number is a vessel where its texts say so: companies have them too."""
    main = builder.names[0].text if builder.names else ""
    said = " ".join([main, *builder.remarks])
    if builder.schema != "Person" and _IS_SHIP.search(said) and not _IS_COMPANY.search(main):
        builder.schema = "Vessel"
