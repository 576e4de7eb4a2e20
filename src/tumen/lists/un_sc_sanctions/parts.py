"""Names and addresses of a record, and the small tools that all parts are read with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tumen.lists.entry import EntryBuilder
from tumen.lists.name_text import (
    Spelling,
    birth_dates_in,
    script_of,
    split_list,
    split_names,
)
from tumen.lists.printed import read_dates, read_nationalities
from tumen.lists.xml import Element, local_name, text_at
from tumen.model.listing import ListedName, NameKind, NameQuality

_QUALITIES = {
    "": (NameKind.ALIAS, NameQuality.UNSTATED),
    "good": (NameKind.ALIAS, NameQuality.STRONG),
    "low": (NameKind.ALIAS, NameQuality.WEAK),
    "a.k.a.": (NameKind.ALIAS, NameQuality.UNSTATED),
    "f.k.a.": (NameKind.FORMER, NameQuality.UNSTATED),
}
_ABSENT = frozenset({"", "none", "na", "n/a", "unknown", "-"})
_LANGUAGE = re.compile(r"\s*\([A-Za-z ]+\)$")
_PHONE = re.compile(r"\b(?:tel|telephone|phone)\b[.:\s]*(\+?[\d\s()/-]{6,})", re.I)
_ZONE = re.compile(r"(?<=\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)$")
_ADDRESS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")


def main_name(builder: EntryBuilder, record: Element, tags: Sequence[str]) -> None:
    """The name in four fields. Their order is no role: FIRST_NAME is a Korean's surname."""
    whole = " ".join(text for tag in tags if (text := text_at(record, tag)))
    spellings = [s for s in split_names(whole, is_person=_is_person(builder)) if s.text]
    for at, spelling in enumerate(spellings or [Spelling(whole)]):
        kind = NameKind.ALIAS if at else NameKind.PRIMARY
        _add_name(builder, spelling, (kind, NameQuality.UNSTATED), "FIRST_NAME", whole)


def original_name(builder: EntryBuilder, element: Element) -> None:
    """The main name in its own script; a trailing "(Tigrinya)" names the language."""
    whole = text_at(element)
    for text in split_list(_LANGUAGE.sub("", whole)):
        name = ListedName(text, NameKind.PRIMARY, NameQuality.UNSTATED, script_of(text))
        builder.add_name(name, "NAME_ORIGINAL_SCRIPT", raw=whole)


def alias(builder: EntryBuilder, element: Element) -> None:
    """An alias with the authority's mark, and the birth that it states for this alias."""
    tag = local_name(element)
    found = facts(
        builder,
        element,
        ("QUALITY", "ALIAS_NAME", "NOTE", "DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH"),
    )
    mark = found["QUALITY"].casefold()
    if mark not in _QUALITIES:
        builder.add_unknown(f"{tag}/QUALITY", found["QUALITY"])
    kind, quality = _QUALITIES.get(mark, _QUALITIES[""])
    note = found["NOTE"]
    raw = f"{found['ALIAS_NAME']} [{note}]" if note else found["ALIAS_NAME"]
    spellings = split_names(found["ALIAS_NAME"], note, is_person=_is_person(builder))
    if note and not spellings:
        builder.add_unknown(f"{tag}/NOTE", note)
    for spelling in spellings:
        _add_name(builder, spelling, (kind, quality), f"{tag}/ALIAS_NAME", raw)
    for text in [found["DATE_OF_BIRTH"], *(d for s in spellings for d in birth_dates_in(s.note))]:
        add_dates(builder, "birthDate", text, f"{tag}/DATE_OF_BIRTH")
    place = join(found, ("CITY_OF_BIRTH", "COUNTRY_OF_BIRTH"))
    builder.add("birthPlace", place, f"{tag}/CITY_OF_BIRTH")
    add_countries(builder, "birthCountry", found["COUNTRY_OF_BIRTH"], f"{tag}/COUNTRY_OF_BIRTH")


def address(builder: EntryBuilder, element: Element) -> None:
    """An address and its country; a country alone is no address."""
    tag = local_name(element)
    found = facts(builder, element, (*_ADDRESS, "NOTE"))
    note, text = found["NOTE"], join(found, _ADDRESS)
    if text != found["COUNTRY"]:
        builder.add("address", text, tag, raw=f"{text} [{note}]" if note else "")
    elif note and not text:
        builder.add("notes", note, f"{tag}/NOTE")
    add_countries(builder, "country", found["COUNTRY"], f"{tag}/COUNTRY", note=note)
    for phone in _PHONE.findall(note):
        builder.add("phone", phone, f"{tag}/NOTE", raw=note)


def facts(builder: EntryBuilder, element: Element, known: Sequence[str]) -> dict[str, str]:
    """The text of each known child, empty where absent; any other child is counted."""
    found = dict.fromkeys(known, "")
    for child in element:
        name, text = local_name(child), text_at(child)
        if name in found:
            found[name] = f"{found[name]}; {text}" if found[name] and text else found[name] or text
        else:
            count_unknown(builder, child, f"{local_name(element)}/{name}")
    return found


def values(element: Element, tag: str) -> list[str]:
    """The texts of a field, whether it holds one text or several VALUE elements."""
    found = [text_at(child) for child in element.findall(tag)]
    found += [text_at(child) for child in element.findall(f"{tag}/VALUE")]
    return [text for text in found if text]


def count_unknown(builder: EntryBuilder, element: Element, field: str) -> None:
    """Counts an element that we have no reader for, with all the text in it."""
    text = " ".join(" ".join(str(part) for part in element.itertext()).split())
    if text:
        builder.add_unknown(field, text)


def add_dates(builder: EntryBuilder, prop: str, text: str, field: str) -> None:
    """Every date in a text; what cannot be read is counted."""
    if not text:
        return
    read, unread = read_dates(text)
    for value in read:
        builder.add(prop, value, field, raw=text)
    for part in unread:
        builder.add_unknown(field, part)


def add_countries(
    builder: EntryBuilder, prop: str, text: str, field: str, *, note: str = ""
) -> None:
    """Every country in a text; what cannot be read is counted, "unknown" and "na" skipped."""
    if text.casefold() in _ABSENT:
        return
    read, unread = read_nationalities(text)
    for code in read:
        builder.add(prop, code, field, raw=f"{text} [{note}]" if note else text)
    for part in unread:
        if part.casefold() not in _ABSENT:
            builder.add_unknown(field, part)


def drop_zone(text: str) -> str:
    """A day without the offset that the generator sometimes leaves on it: `2015-07-01-04:00`."""
    return _ZONE.sub("", text)


def join(found: dict[str, str], tags: Sequence[str]) -> str:
    """The non-empty facts, in order, as one line."""
    return ", ".join(found[tag] for tag in tags if found[tag])


def _is_person(builder: EntryBuilder) -> bool:
    return builder.schema == "Person"


def _add_name(
    builder: EntryBuilder,
    spelling: Spelling,
    mark: tuple[NameKind, NameQuality],
    field: str,
    raw: str,
) -> None:
    kind, quality = mark
    if not spelling.text:
        builder.add_unknown(field, spelling.note)
        return
    if spelling.is_former:
        kind = NameKind.FORMER
    name = ListedName(spelling.text, kind, quality, script_of(spelling.text))
    builder.add_name(name, field, raw=raw)
