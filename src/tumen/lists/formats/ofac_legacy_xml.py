"""OFAC's legacy XML (`sdn.xml`, `consolidated.xml`): `sdnList` with one `sdnEntry` a party."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from tumen.errors import SourceError
from tumen.lists.formats.ofac_common import OfacEntryBuilder, clean, resolve_links
from tumen.lists.formats.ofac_labels import Detail, add_detail
from tumen.lists.formats.ofac_remarks import read_remarks
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.xml import Element, iter_xml, strip_namespaces, text_at
from tumen.model.dates import read_date
from tumen.model.listing import ListEntry, NameKind, NameQuality

NAME = "legacy_xml"
_ROOT = re.compile(rb"<(?:\w+:)?sdnList[\s>]")
_PROGRAMME = re.compile(rb"<program>([^<]*)</program>")
_COUNT = re.compile(rb"<Record_Count>\s*([\d,]+)\s*</Record_Count>")
_CONS_TAGS = frozenset({b"NS-PLC", b"CMIC-EO13959", b"561-RELATED", b"FSE-IR", b"FSE-SY"})
_MEND = "Download the file again"
_ALIAS_KINDS = {
    "a.k.a.": NameKind.ALIAS,
    "f.k.a.": NameKind.FORMER,
    "n.k.a.": NameKind.ALIAS,
}
_QUALITIES = {"strong": NameQuality.STRONG, "weak": NameQuality.WEAK}
# Which label the other formats give to what has an element of its own here.
_ITEMS = {
    "nationalityList": ("nationality", "country"),
    "citizenshipList": ("citizen", "country"),
    "dateOfBirthList": ("DOB", "dateOfBirth"),
    "placeOfBirthList": ("POB", "placeOfBirth"),
}
_VESSEL = {
    "callSign": "Vessel Call Sign",
    "vesselType": "Vessel Type",
    "vesselFlag": "Vessel Flag",
    "vesselOwner": "Vessel Owner",
    "tonnage": "Vessel Gross Tonnage",
    "grossRegisteredTonnage": "Vessel Gross Registered Tonnage",
}


def recognise(file: SourceFile) -> str | None:
    """`us_ofac_sdn` or `us_ofac_cons` for a legacy XML file, else None.

    The consolidated list's first entries are the legislators of NS-PLC; where the head
    shows no programme of only one list, the file's name decides.
    """
    if not _ROOT.search(file.head):
        return None
    tags = set(_PROGRAMME.findall(file.head))
    if tags & _CONS_TAGS or b"nspType" in file.head:
        return "us_ofac_cons"
    return "us_ofac_cons" if "cons" in file.name.lower() else "us_ofac_sdn"


def parse(files: Sequence[SourceFile], list_id: str) -> ParsedList:
    """Read one legacy XML file.

    Raises SourceError for several files, damaged XML, or an entry without uid or name.
    """
    if len(files) != 1:
        names = ", ".join(file.name for file in files)
        raise SourceError("This format is one file", where=names, mend="Give one of them")
    file = files[0]
    unknown: Counter[str] = Counter()
    builders = [
        _read_entry(file, strip_namespaces(element), list_id, unknown)
        for element in iter_xml(file, "sdnEntry")
    ]
    resolve_links(builders)
    entries: list[ListEntry] = []
    for builder in builders:
        entries.extend(builder.build_all())
    published_on = _published_on(file)
    return ParsedList(list_id, NAME, published_on, entries, unknown, _warnings(file, builders))


def _published_on(file: SourceFile) -> date | None:
    found = re.search(rb"<Publish_Date>\s*([\d/]+)\s*</Publish_Date>", file.head)
    text = read_date(found.group(1).decode(), day_first=False) if found else None
    return date.fromisoformat(text) if text and len(text) == 10 else None


def _warnings(file: SourceFile, builders: Sequence[OfacEntryBuilder]) -> tuple[str, ...]:
    """OFAC states how many records it published; an excerpt has fewer."""
    found = _COUNT.search(file.head)
    stated = int(found.group(1).replace(b",", b"")) if found else len(builders)
    if stated == len(builders):
        return ()
    return (f"{file.name} says it has {stated:,} records, but {len(builders):,} are in it",)


def _read_entry(
    file: SourceFile, element: Element, list_id: str, unknown: Counter[str]
) -> OfacEntryBuilder:
    uid, name = text_at(element, "uid"), _published_name(element)
    locator = f"sdnEntry uid={uid}"
    if not uid.isdecimal() or not name:
        problem = "An sdnEntry without uid or name"
        raise SourceError(problem, where=f"{file.name}, line {element.sourceline}", mend=_MEND)
    # Until 2015 the consolidated list called the type of some entries `nspType`.
    ofac_type = text_at(element, "sdnType") or text_at(element, "nspType")
    builder = OfacEntryBuilder(
        list_id, uid, ofac_type, file=file.name, locator=locator, unknown=unknown
    )
    builder.add_published_name(name, "lastName, firstName")
    for child in element:
        read = _CHILDREN.get(str(child.tag))
        if read is not None:
            read(builder, child)
        elif child.tag not in _NAMED:
            builder.add_unknown(
                str(child.tag), " ".join(" ".join(map(str, child.itertext())).split())
            )
    return builder


def _published_name(element: Element) -> str:
    parts = (text_at(element, "lastName"), text_at(element, "firstName"))
    return ", ".join(part for part in parts if part)


def _read_title(builder: OfacEntryBuilder, element: Element) -> None:
    for title in text_at(element).split("; "):
        builder.add("position" if builder.is_person else "notes", title, "title")


def _read_remarks(builder: OfacEntryBuilder, element: Element) -> None:
    read_remarks(builder, text_at(element))


def _read_programmes(builder: OfacEntryBuilder, element: Element) -> None:
    for programme in element:
        builder.add_programme(text_at(programme))


def _read_documents(builder: OfacEntryBuilder, element: Element) -> None:
    """Identity documents, and all that OFAC states as a label and a value."""
    for item in element:
        label, value = text_at(item, "idType"), text_at(item, "idNumber")
        country = clean(text_at(item, "idCountry"))
        issued, expires = text_at(item, "issueDate"), text_at(item, "expirationDate")
        shown = (
            f"{label} {value}",
            f"({country})" if country else "",
            f"issued {issued}" if issued else "",
            f"expires {expires}" if expires else "",
        )
        raw = " ".join(part for part in shown if part)
        if not add_detail(builder, Detail(label, value, country, issued, expires, raw)):
            builder.add_unknown(label, value)


def _read_aliases(builder: OfacEntryBuilder, element: Element) -> None:
    for item in element:
        said, category = text_at(item, "type"), text_at(item, "category")
        kind, quality = _ALIAS_KINDS.get(said), _QUALITIES.get(category)
        if kind is None or quality is None:
            builder.unknown[f"aka: {said} {category}"] += 1
        builder.add_published_name(
            _published_name(item),
            "aka",
            kind=kind or NameKind.ALIAS,
            quality=quality or NameQuality.UNSTATED,
        )


def _read_addresses(builder: OfacEntryBuilder, element: Element) -> None:
    for item in element:
        lines = [text_at(item, f"address{number}") for number in (1, 2, 3)]
        places = [text_at(item, tag) for tag in ("city", "stateOrProvince", "postalCode")]
        builder.add_postal_address([*lines, *places], text_at(item, "country"), "address")


def _read_items(builder: OfacEntryBuilder, element: Element) -> None:
    label, tag = _ITEMS[str(element.tag)]
    for item in element:
        add_detail(builder, Detail(label, text_at(item, tag)))


def _read_vessel(builder: OfacEntryBuilder, element: Element) -> None:
    for item in element:
        label = _VESSEL.get(str(item.tag))
        if label is None or not add_detail(builder, Detail(label, text_at(item))):
            builder.add_unknown(str(item.tag), text_at(item))


_NAMED = frozenset({"uid", "firstName", "lastName", "sdnType", "nspType"})
_CHILDREN: Mapping[str, Callable[[OfacEntryBuilder, Element], None]] = {
    "title": _read_title,
    "remarks": _read_remarks,
    "programList": _read_programmes,
    "idList": _read_documents,
    "akaList": _read_aliases,
    "addressList": _read_addresses,
    "vesselInfo": _read_vessel,
    **dict.fromkeys(_ITEMS, _read_items),
}
