"""What a record says of a party besides names and addresses."""

from __future__ import annotations

import re

from tumen.lists.entry import EntryBuilder
from tumen.lists.name_text import split_list
from tumen.lists.printed import number_in, read_number
from tumen.lists.un_sc_sanctions.parts import add_countries, add_dates, drop_zone, facts, join
from tumen.lists.xml import Element, local_name, text_at
from tumen.model.dates import read_date

_GENDERS = {"male": "male", "female": "female", "unknown": "", "": ""}
_BIRTH = ("TYPE_OF_DATE", "DATE", "YEAR", "FROM_YEAR", "TO_YEAR", "NOTE")
_PLACE = ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE")
_DOCUMENT = (
    "TYPE_OF_DOCUMENT",
    "TYPE_OF_DOCUMENT2",
    "NUMBER",
    "ISSUING_COUNTRY",
    "DATE_OF_ISSUE",
    "CITY_OF_ISSUE",
    "COUNTRY_OF_ISSUE",
    "NOTE",
)
_PASSPORT = re.compile(r"passport|passeport|pasaporte|travel document", re.I)
_IN_COMMENTS = (
    ("fatherName", re.compile(r"(?:Father['’]s name|Name of father)(?: is)?:\s+([^.;,:(\[]+)")),
    ("motherName", re.compile(r"Mother['’]s name(?: is)?:\s+([^.;,:(\[]+)")),
    ("taxNumber", re.compile(r"Italian Fiscal [Cc]ode:\s*([A-Z0-9]{16})\b")),
    ("imoNumber", re.compile(r"\bIMO(?: [Nn]umber| [Nn]o\.?)?:?\s*(\d{7})\b")),
)
_GENDER = re.compile(r"\bGender:\s*(male|female)\b", re.I)
_IS_VESSEL = re.compile(
    r"^(?:DPRK[- ]flagged\s+|motor\s+|cargo\s+|oil\s+)*(?:vessel|ship|tanker)\b"
    r"|\b(?:vessel|ship) type\b|\btype of (?:vessel|ship)\b"
    r"|\bis an? (?:[\w-]+ ){0,4}(?:vessel|tanker|ship)\b",
    re.I,
)
_IS_COMPANY = re.compile(
    r"\b(?:compan(?:y|ies)|corp|co|ltd|limited|shipping|owner|manager|operator|group)\b", re.I
)
# Notices that the Secretariat repeats in hundreds of entries; the reason is what is left.
_ROUTINE = re.compile(
    r"\[Old Reference #[^\]]*\]"
    r"|Review pursuant to Security Council resolution \d+ ?\(\d{4}\) was concluded on "
    r"\d{1,2} \w+\.? ?\d{4}\.?"
    r"|INTERPOL-UN Security Council Special Notice web link:?\s*\S*(?: click here)?"
    r"|(?:Photos?|Photograph)[^.]{0,40} for inclusion in the INTERPOL-UN Security Council "
    r"Special Notice\.?"
    r"|Gender: (?:male|female)\.?",
    re.I,
)


def title(builder: EntryBuilder, element: Element) -> None:
    """Titles; one value may hold "a) Maulavi b) Mullah"."""
    _each(builder, element, "title")


def position(builder: EntryBuilder, element: Element) -> None:
    """Posts held; DESIGNATION is the publisher's word for them."""
    _each(builder, element, "position")


def nationality(builder: EntryBuilder, element: Element) -> None:
    """Nationalities, as country names or as adjectives."""
    for child in [element, *element]:
        add_countries(builder, "nationality", text_at(child), "NATIONALITY")


def gender(builder: EntryBuilder, element: Element) -> None:
    """Male or female; "Unknown" says nothing."""
    text = text_at(element)
    if text.casefold() in _GENDERS:
        builder.add("gender", _GENDERS[text.casefold()], "GENDER", raw=text)
    else:
        builder.add_unknown("GENDER", text)


def submitted(builder: EntryBuilder, element: Element) -> None:
    """Which state asked for the listing, and when: kept as a note."""
    label = local_name(element).replace("_", " ").capitalize()
    if text_at(element):
        builder.add("notes", f"{label}: {text_at(element)}", local_name(element))


def birth_date(builder: EntryBuilder, element: Element) -> None:
    """A day, a year, a span of years or, where these are empty, the note."""
    tag = local_name(element)
    found = facts(builder, element, _BIRTH)
    note = found["NOTE"]
    stated = drop_zone(found["DATE"]) or found["YEAR"]
    if found["FROM_YEAR"] or found["TO_YEAR"]:
        stated = "/".join(text for text in (found["FROM_YEAR"], found["TO_YEAR"]) if text)
    elif found["YEAR"] and note:
        stated = read_date(f"{note} {found['YEAR']}") or stated  # "Sep." beside a year
    is_circa = "approximately" in (found["TYPE_OF_DATE"].casefold(), note.casefold())
    value = read_date(stated) if stated else None
    if value:
        value = "/".join(part.rstrip("~") + "~" for part in value.split("/")) if is_circa else value
        builder.add("birthDate", value, tag, raw=join(found, _BIRTH))
    else:
        add_dates(builder, "birthDate", stated or note, tag)


def birth_place(builder: EntryBuilder, element: Element) -> None:
    """A place as one line, and its country."""
    tag = local_name(element)
    found = facts(builder, element, _PLACE)
    builder.add("birthPlace", join(found, _PLACE), tag)
    add_countries(builder, "birthCountry", found["COUNTRY"], f"{tag}/COUNTRY")


def document(builder: EntryBuilder, element: Element) -> None:
    """A document's number; where the number field is empty, out of its type or note."""
    found = facts(builder, element, _DOCUMENT)
    raw = "; ".join(f"{tag}: {text}" for tag, text in found.items() if text)
    if not raw or (raw.startswith("TYPE_OF_DOCUMENT: ") and ";" not in raw):
        return
    number = read_number(found["NUMBER"])
    if not number:
        spelled = (number_in(found["TYPE_OF_DOCUMENT2"]), number_in(found["NOTE"]))
        number = next(filter(None, spelled), "")
    kind = " ".join((found["TYPE_OF_DOCUMENT"], found["TYPE_OF_DOCUMENT2"], found["NUMBER"]))
    prop = "passportNumber" if _PASSPORT.search(kind) else "idNumber"
    if number:
        builder.add(prop, number, local_name(element), raw=raw)
    else:
        builder.add_unknown(local_name(element), raw)


def comments(builder: EntryBuilder, element: Element) -> None:
    """The free text, whole, and the facts that it labels."""
    text = text_at(element)
    builder.add_remark(text)
    is_person = builder.schema == "Person"
    for prop, pattern in _IN_COMMENTS:
        if (prop == "imoNumber") is is_person:
            continue
        for value in pattern.findall(text):
            builder.add(prop, value, "COMMENTS1", raw=text)
    if is_person:
        for value in _GENDER.findall(text):
            builder.add("gender", value.casefold(), "COMMENTS1", raw=text)
    elif _IS_VESSEL.search(text) and not any(_IS_COMPANY.search(n.text) for n in builder.names):
        # Companies give IMO numbers too; only what is itself called a ship is one.
        builder.schema = "Vessel"


def narrative(comment: str) -> str:
    """The comment without the notices that every entry carries; empty where nothing is left."""
    rest = " ".join(_ROUTINE.sub(" ", comment).split())
    return rest if rest.strip(" .;") else ""


def _each(builder: EntryBuilder, element: Element, prop: str) -> None:
    for child in [element, *element]:
        whole = text_at(child)
        for text in split_list(whole):
            builder.add(prop, text, local_name(element), raw=whole)
