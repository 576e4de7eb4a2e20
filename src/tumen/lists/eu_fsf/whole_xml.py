"""The older global.xml (until 2018): WHOLE/ENTITY with NAME, BIRTH, PASSPORT, CITIZEN, ADDRESS."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from tumen.errors import SourceError
from tumen.lists.eu_fsf.record import Detail, Record
from tumen.lists.reader import SourceFile
from tumen.lists.xml import Element, iter_xml, local_name, text_at
from tumen.model.dates import read_date

_DATE = re.compile(rb"<WHOLE[^>]*\sDate\s*=\s*[\"']([\d/]+)")
_KINDS = {
    "NAME": "nameAlias",
    "BIRTH": "birthdate",
    "PASSPORT": "identification",
    "CITIZEN": "citizenship",
    "ADDRESS": "address",
}
_FACTS = {
    "LASTNAME": "lastName",
    "FIRSTNAME": "firstName",
    "MIDDLENAME": "middleName",
    "WHOLENAME": "wholeName",
    "GENDER": "gender",
    "TITLE": "title",
    "FUNCTION": "function",
    "LANGUAGE": "nameLanguage",
    "DATE": "birthdate",
    "PLACE": "place",
    "COUNTRY": "countryIso2Code",
    "NUMBER": "number",
    "STREET": "street",
    "ZIPCODE": "zipCode",
    "CITY": "city",
}
# "AD001095 (passport-National passport) [known to be expired](issued in 2001)"
_NUMBER = re.compile(r"(.*?)\s*\(([a-z]+)-([^()]*)\)\s*(.*)", re.DOTALL)
_CONTACT = re.compile(r"\b([A-Z]{3,})\[([^\]]*)\]")


def published_on(file: SourceFile) -> date | None:
    """The date of the root element, day first."""
    found = _DATE.search(file.head)
    read = read_date(found.group(1).decode()) if found else None
    return date.fromisoformat(read) if read and len(read) == 10 else None


def read_records(file: SourceFile, unknown: Counter[str]) -> Iterator[Record]:
    """All entities. Raises SourceError where one has no id."""
    for element in iter_xml(file, "ENTITY"):
        facts = {str(name): str(value) for name, value in element.attrib.items()}
        entity_id = facts.pop("Id", "").strip()
        if not entity_id:
            raise SourceError(
                "ENTITY without an Id",
                where=f"{file.name}, line {element.sourceline}",
                mend="Download it again",
            )
        head = Detail("sanctionEntity", {})
        if remark := facts.pop("remark", ""):
            head.remarks.append(remark)
        subject = Detail("subjectType", {"classificationCode": facts.pop("Type", "")})
        act = Detail("regulation", _act(facts))
        head.facts |= facts
        locator = f"ENTITY[Id={entity_id}], line {element.sourceline}"
        record = Record(entity_id, locator, head, [act, subject])
        record.details += [
            detail for child in element if (detail := _detail(child, unknown)) is not None
        ]
        yield record


def spell_out(detail: Detail) -> None:
    """Takes apart the number and address texts that hold several facts in the old formats."""
    if detail.kind == "identification":
        found = _NUMBER.fullmatch(detail.facts.get("number", ""))
        if found:
            number, code, kind, rest = (" ".join(group.split()) for group in found.groups())
            detail.facts |= {
                "number": number,
                "identificationTypeCode": code,
                "identificationTypeDescription": kind,
                "knownExpired": str("known to be expired" in rest).lower(),
            }
            if rest:
                detail.remarks.append(rest)
    other = detail.facts.pop("other", "")
    for key, value in _CONTACT.findall(other):
        detail.pairs.append(("contactInfo", key, value))
    if left := " ".join(_CONTACT.sub("", other).split()):
        detail.remarks.append(left)


def _detail(element: Element, unknown: Counter[str]) -> Detail | None:
    tag = local_name(element)
    if tag not in _KINDS:
        unknown[f"ENTITY/{tag}"] += 1
        return None
    attributes = {str(name): str(value) for name, value in element.attrib.items()}
    attributes.pop("Entity_id", None)
    detail = Detail(_KINDS[tag], {"logicalId": attributes.pop("Id", "")})
    detail.acts.append(_act(attributes))
    detail.facts |= attributes
    for child in element:
        name = local_name(child)
        if name == "OTHER":
            detail.facts["other"] = text_at(child)
        elif name in _FACTS:
            # FSD wrote a house number here too; the address reader knows it by this name.
            detail.facts[_FACTS[name]] = text_at(child)
        else:
            unknown[f"{tag}/{name}: {text_at(child)}"] += 1
    spell_out(detail)
    return detail


def _act(attributes: dict[str, str]) -> dict[str, str]:
    act = {
        "numberTitle": attributes.pop("legal_basis", ""),
        "publicationDate": attributes.pop("reg_date", ""),
        "publicationUrl": attributes.pop("pdf_link", ""),
        "programme": attributes.pop("programme", ""),
    }
    return {name: value for name, value in act.items() if value}
