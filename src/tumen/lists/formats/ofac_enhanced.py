"""OFAC's enhanced XML: `sanctionsData` with one `entity` a party, values written out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from tumen.errors import SourceError
from tumen.lists.formats.ofac_common import OfacEntryBuilder
from tumen.lists.formats.ofac_labels import Detail, add_detail
from tumen.lists.formats.ofac_parts import (
    SDN_LIST,
    PartedName,
    add_designations,
    add_parted_name,
    add_relation,
    edtf_span,
    forget_absent_targets,
)
from tumen.lists.formats.ofac_remarks import read_remarks
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.xml import Element, iter_xml, strip_namespaces, text_at
from tumen.model.dates import parse_date
from tumen.model.listing import ListEntry

NAME = "enhanced_xml"
_ROOT = re.compile(rb"<(?:\w+:)?sanctionsData[\s>]")
_MEND = "Download the file again"
_PARTS = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION")
# Elements that `_read_entity` takes together.
_TOGETHER = frozenset({"sanctionsLists", "sanctionsPrograms", "sanctionsTypes", "legalAuthorities"})


def recognise(file: SourceFile) -> str | None:
    """`us_ofac_sdn` or `us_ofac_cons` for an enhanced XML file, else None.

    The file begins with the lists that its export was filtered to.
    """
    if not _ROOT.search(file.head):
        return None
    filters = file.head.partition(b"</publicationInfo>")[0]
    if b"<sanctionsList " in filters:
        return "us_ofac_sdn" if SDN_LIST.encode() in filters else "us_ofac_cons"
    return "us_ofac_cons" if "cons" in file.name.lower() else "us_ofac_sdn"


def parse(files: Sequence[SourceFile], list_id: str) -> ParsedList:
    """Read one enhanced XML file; an export filtered to some programmes gives a warning.

    Raises SourceError for several files, damaged XML, or an entity without id or name.
    """
    if len(files) != 1:
        names = ", ".join(file.name for file in files)
        raise SourceError("This format is one file", where=names, mend="Give one of them")
    file = files[0]
    unknown: Counter[str] = Counter()
    published_on: date | None = None
    warnings: list[str] = []
    builders: list[OfacEntryBuilder] = []
    for element in iter_xml(file, "publicationInfo", "entity"):
        strip_namespaces(element)
        if element.tag == "entity":
            builders.append(_read_entity(file, element, list_id, unknown))
        else:
            published_on = _published_on(text_at(element, "dataAsOf"))
            warnings += _filters(file, element)
    forget_absent_targets(builders)
    entries: list[ListEntry] = []
    for builder in builders:
        entries += builder.build_all()
    return ParsedList(list_id, NAME, published_on, entries, unknown, tuple(warnings))


def _published_on(text: str) -> date | None:
    found = parse_date(text)
    return found.first if found and found.is_day else None


def _filters(file: SourceFile, element: Element) -> list[str]:
    tags = [text_at(one) for one in element.iterfind("filters/sanctionsPrograms/sanctionsProgram")]
    if not tags:
        return []
    return [f"{file.name} holds only the programmes {', '.join(tags)}, not a whole list"]


def _read_entity(
    file: SourceFile, element: Element, list_id: str, unknown: Counter[str]
) -> OfacEntryBuilder:
    uid = element.get("id", "")
    if not uid or element.find("names/name") is None:
        where = f"{file.name}, line {element.sourceline}"
        raise SourceError("An entity without id or name", where=where, mend=_MEND)
    builder = OfacEntryBuilder(
        list_id,
        uid,
        text_at(element, "generalInfo/entityType"),
        file=file.name,
        locator=f"entity id={uid}",
        unknown=unknown,
    )
    for child in element:
        read = _CHILDREN.get(str(child.tag))
        if read is not None:
            read(builder, child)
        elif child.tag not in _TOGETHER:
            builder.add_unknown(str(child.tag), " ".join(map(str, child.itertext())).strip())
    for measure in element.iterfind("sanctionsTypes/sanctionsType"):
        builder.add_measure(text_at(measure))
    lists = element.findall("sanctionsLists/sanctionsList")
    add_designations(
        builder,
        _texts(element, "sanctionsPrograms/sanctionsProgram"),
        authorities=_texts(element, "legalAuthorities/legalAuthority"),
        listed=[(text_at(one), one.get("datePublished", "")) for one in lists],
    )
    return builder


def _texts(element: Element, path: str) -> list[str]:
    return [text for one in element.iterfind(path) if (text := text_at(one))]


def _read_general(builder: OfacEntryBuilder, element: Element) -> None:
    for child in element:
        text = text_at(child)
        if child.tag == "remarks":
            read_remarks(builder, text)
        elif child.tag == "title":
            for title in text.split("; "):
                builder.add("position" if builder.is_person else "notes", title, "title")
        elif child.tag not in ("identityId", "entityType"):
            builder.add_unknown(str(child.tag), text)


def _read_names(builder: OfacEntryBuilder, element: Element) -> None:
    for name in element:
        for spelling in name.iterfind("translations/translation"):
            parts = [
                (text_at(part, "type"), text_at(part, "value"))
                for part in spelling.iterfind("nameParts/namePart")
            ]
            one = PartedName(
                parts,
                text_at(name, "aliasType"),
                text_at(name, "isPrimary") == "true",
                text_at(name, "isLowQuality") == "true",
                text_at(spelling, "script"),
                text_at(spelling, "formattedFullName"),
            )
            add_parted_name(builder, one)


def _read_addresses(builder: OfacEntryBuilder, element: Element) -> None:
    for address in element:
        country = text_at(address, "country")
        spellings = address.findall("translations/translation")
        for spelling in spellings or [address]:
            parts: dict[str, str] = {}
            for part in spelling.iterfind("addressParts/addressPart"):
                parts[text_at(part, "type")] = text_at(part, "value")
            for kind in parts.keys() - _PARTS:
                builder.add_unknown(f"address {kind}", parts.pop(kind))
            builder.add_postal_address([parts.get(kind, "") for kind in _PARTS], country, "address")


def _read_features(builder: OfacEntryBuilder, element: Element) -> None:
    for feature in element:
        # `Manufacturer’s` and `Manufacturer's` are one label.
        label = text_at(feature, "type").replace("’", "'")
        value = text_at(feature, "value")
        span = feature.find("valueDate")
        value = (_span(span) if span is not None else "") or value
        if not add_detail(builder, Detail(label, value)):
            builder.add_unknown(label, value)
        if comment := text_at(feature, "comments"):
            builder.add("notes", f"{label} {value} {comment}", label)


def _span(element: Element) -> str:
    first, last = text_at(element, "fromDateBegin"), text_at(element, "toDateEnd")
    return edtf_span(first, last, is_circa=text_at(element, "isApproximate") == "true")


def _read_documents(builder: OfacEntryBuilder, element: Element) -> None:
    for document in element:
        label, value = text_at(document, "type"), text_at(document, "documentNumber")
        country = text_at(document, "issuingCountry")
        dates = {name: document.find(f"{name}Date") for name in ("issue", "expiration")}
        issued, expires = (_span(one) if one is not None else "" for one in dates.values())
        shown = (
            f"{label} {value}",
            f"({country})" if country else "",
            f"issued {issued}" if issued else "",
            f"expires {expires}" if expires else "",
            f"issued by {by}" if (by := text_at(document, "issuingAuthority")) else "",
            f"issued in {place}" if (place := text_at(document, "issuingLocation")) else "",
            "not valid" if text_at(document, "isValid") == "false" else "",
        )
        raw = " ".join(part for part in shown if part)
        if not add_detail(builder, Detail(label, value, country, issued, expires, raw)):
            builder.add_unknown(label, raw)


def _read_relationships(builder: OfacEntryBuilder, element: Element) -> None:
    list_id = builder.entity_id.partition(":")[0]
    for relation in element:
        related = relation.find("relatedEntity")
        target = related.get("entityId", "") if related is not None else ""
        add_relation(
            builder,
            text_at(relation, "type"),
            f"{list_id}:{target}" if target else "",
            text_at(relation, "relatedEntity"),
        )


_CHILDREN: dict[str, Callable[[OfacEntryBuilder, Element], None]] = {
    "generalInfo": _read_general,
    "names": _read_names,
    "addresses": _read_addresses,
    "features": _read_features,
    "identityDocuments": _read_documents,
    "relationships": _read_relationships,
}
