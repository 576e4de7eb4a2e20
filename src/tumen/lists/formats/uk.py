"""What the UK's two lists share: rows of one party, gathered into one entry.

A row is a mapping from a plain column name (`name6`, `dob`, `imonumber`) to its text; the
UK repeats a party's rows for each name, address and birth date. One that only holds a part
(an XML `<Address>`) is a row as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from tumen.lists.entry import EntryBuilder
from tumen.lists.formats.cells import document_numbers, split_cell
from tumen.lists.name_text import script_of
from tumen.lists.printed import read_nationalities
from tumen.model.countries import read_country
from tumen.model.listing import Link, ListedName, NameKind, NameQuality

Row = Mapping[str, str]
T = TypeVar("T")

GIVEN = tuple(f"name{number}" for number in range(1, 6))
SCHEMAS = {"individual": "Person", "entity": "Organization", "ship": "Vessel"}
_KINDS = {
    "primary name": NameKind.PRIMARY,
    "prime alias": NameKind.PRIMARY,
    "primary name variation": NameKind.ALIAS,
    "alias": NameKind.ALIAS,
    "aka": NameKind.ALIAS,
    "a.k.a": NameKind.ALIAS,
    "": NameKind.PRIMARY,
    "fka": NameKind.FORMER,
    "f.k.a": NameKind.FORMER,
}
_QUALITIES = {
    "": NameQuality.UNSTATED,
    "good": NameQuality.STRONG,
    "good quality": NameQuality.STRONG,
    "good quality a.k.a": NameQuality.STRONG,
    "low": NameQuality.WEAK,
    "low quality": NameQuality.WEAK,
    "low quality a.k.a": NameQuality.WEAK,
}
_GENDERS = {"male": "male", "m": "male", "female": "female", "f": "female"}
_IMO = re.compile(r"(?:IMO)?[\s:.]*(\d{7})", re.IGNORECASE)
_ADDRESS = tuple(f"address{number}" for number in range(1, 7))
_LINKS = {
    "parentcompany": ("parent company", True),
    "subsidiaries": ("subsidiary", False),
    "currentowneroperator": ("current owner or operator", True),
    "previousowneroperator": ("previous owner or operator", True),
}
# `In Syria as at June 2013`, `Iraq (previous)`: the raw text keeps the time and the kind.
_COUNTRY_ASIDE = re.compile(r"^In\b|\([^()]*\)|\bas (?:at|of)\b.*", re.IGNORECASE)
_COUNTRIES = {
    "country": "country",
    "birthcountry": "birthCountry",
    "nationality": "nationality",
    "flag": "flag",
    "pastflags": "pastFlags",
}
_PLAIN = {
    "birthtown": "birthPlace",
    "position": "position",
    "title": "title",
    "phone": "phone",
    "email": "email",
    "website": "website",
    "entitytype": "classification",
    "businessnumber": "registrationNumber",
    "shiptype": "type",
    "hin": "registrationNumber",
}
# The publisher's header, in lower case without punctuation, where it is not our plain name.
_HEADERS = {
    "ofsigroupid": "ofsigroupid",
    "unreferencenumber": "unreference",
    "nametype": "namekind",
    "aliastype": "namekind",
    "aliasstrength": "namequality",
    "aliasquality": "namequality",
    "namenonlatinscript": "foreignname",
    "nonlatinscripttype": "foreignscript",
    "nonlatinscriptlanguage": "foreignlanguage",
    "regimename": "regime",
    "designationtype": "type",
    "individualentityship": "type",
    "grouptype": "type",
    "designationsource": "source",
    "sanctionsimposed": "measures",
    "otherinformation": "otherinformation",
    "ukstatementofreasons": "reason",
    "addresspostalcode": "postcode",
    "postzipcode": "postcode",
    "addresscountry": "country",
    "phonenumber": "phone",
    "emailaddress": "email",
    "datedesignated": "listedon",
    "listedon": "listedon",
    "uksanctionslistdatedesignated": "ukdesignatedon",
    "nationalityies": "nationality",
    "nationalidentifiernumber": "idnumber",
    "nationalidentificationnumber": "idnumber",
    "ninumber": "idnumber",
    "nationalidentifieradditionalinformation": "idnotes",
    "nationalidentificationdetails": "idnotes",
    "passportadditionalinformation": "passportnotes",
    "passportdetails": "passportdetails",
    "townofbirth": "birthtown",
    "countryofbirth": "birthcountry",
    "typeofentity": "entitytype",
    "parentcompanies": "parentcompany",
    "subsidiary": "subsidiaries",
    "businessregistrationnumbers": "businessnumber",
    "businessregistrationnumber": "businessnumber",
    "currentowneroperators": "currentowneroperator",
    "previousowneroperators": "previousowneroperator",
    "currentbelievedflagofship": "flag",
    "previousflags": "pastflags",
    "previousflag": "pastflags",
    "typeofship": "shiptype",
    "tonnageofship": "tonnage",
    "lengthofship": "length",
    "hullidentificationnumberhin": "hin",
    "hullidentificationnumber": "hin",
}


def column(header: str) -> str:
    """Our plain name of a published column or element."""
    plain = re.sub(r"[^a-z0-9]", "", header.lower())
    address = re.fullmatch(r"address(?:line)?(\d)", plain)
    return f"address{address[1]}" if address else _HEADERS.get(plain, plain)


def add_row(entry: EntryBuilder, row: Row) -> None:
    """Take over what one row states of a party, and count the columns it does not know."""
    for key in row.keys() - KNOWN:
        if row[key].strip():
            entry.add_unknown(key, row[key].strip())
    _add_name(entry, row)
    _add_foreign_name(entry, row)
    _add_address(entry, row)
    _add_documents(entry, row)
    for key, prop in _PLAIN.items():
        for value in split_cell(row.get(key, "")):
            entry.add(prop, value, key)
    for key, prop in _COUNTRIES.items():
        _add_countries(entry, prop, row, key)
    for key, (role, is_inverse) in _LINKS.items():
        for value in split_cell(row.get(key, "")):
            entry.link(Link("Ownership", "", value, role, is_inverse))
    for key, take in _READERS.items():
        for value in split_cell(row.get(key, "")):
            take(entry, value)


def schema_of(entry: EntryBuilder, text: str) -> str:
    """The schema of a published party type; an unknown one is counted."""
    schema = SCHEMAS.get(text.strip().lower())
    if schema is None:
        entry.unknown[f"type: {text.strip()}"] += 1
    return schema or "LegalEntity"


def _add_name(entry: EntryBuilder, row: Row) -> None:
    given = " ".join(row[key].strip() for key in GIVEN if row.get(key, "").strip())
    surname = row.get("name6", "").strip()
    text = " ".join(f"{given} {surname}".split())
    if not text:
        return
    kind = _look_up(entry, _KINDS, row, "namekind", NameKind.ALIAS)
    quality = _look_up(entry, _QUALITIES, row, "namequality", NameQuality.UNSTATED)
    entry.add_name(ListedName(text, kind, quality, script_of(text)), "name", raw=surname)
    if entry.schema == "Person" and kind is NameKind.PRIMARY and given:
        entry.add("firstName", row.get("name1", ""), "name1")
        entry.add("lastName", surname, "name6")


def _look_up(entry: EntryBuilder, table: Mapping[str, T], row: Row, key: str, other: T) -> T:
    text = row.get(key, "").strip()
    found = table.get(text.lower().rstrip("."))
    if found is None:
        entry.unknown[f"{key}: {text}"] += 1
    return found if found is not None else other


def _add_foreign_name(entry: EntryBuilder, row: Row) -> None:
    language = row.get("foreignlanguage", "").strip()
    for text in split_cell(row.get("foreignname", "")):
        name = ListedName(text, NameKind.ALIAS, NameQuality.UNSTATED, script_of(text), language)
        entry.add_name(name, "foreignname")


def _add_address(entry: EntryBuilder, row: Row) -> None:
    parts = [row.get(key, "").strip(" ,") for key in (*_ADDRESS, "postcode")]
    if any(parts):
        whole = (*parts, row.get("country", "").strip())
        entry.add("address", ", ".join(part for part in whole if part), "address")


def _add_documents(entry: EntryBuilder, row: Row) -> None:
    """Numbers; their notes (issuer, dates, false names) stay whole in the remarks."""
    details = row.get("passportdetails", "")
    if "passportnumber" in row:  # then the details only describe the number beside them
        _add_numbers(entry, "passportNumber", row["passportnumber"], "passportnumber")
    else:
        _add_numbers(entry, "passportNumber", details, "passportdetails")
    _add_numbers(entry, "idNumber", row.get("idnumber", ""), "idnumber")
    notes = {"Passport": row.get("passportnotes", "") or details, "ID": row.get("idnotes", "")}
    for label, text in notes.items():
        if text.strip():
            entry.add_remark(f"{label}: {text.strip()}")


def _add_numbers(entry: EntryBuilder, prop: str, cell: str, field: str) -> None:
    for part in split_cell(cell):
        numbers = document_numbers(part)
        for number in numbers:
            entry.add(prop, number, field, raw=part)
        if not numbers:
            entry.add_unknown(field, part)


def _add_countries(entry: EntryBuilder, prop: str, row: Row, field: str) -> None:
    for part in split_cell(row.get(field, "")):
        plain = " ".join(_COUNTRY_ASIDE.sub(" ", part).split())
        code = read_country(plain)
        codes, unread = ([code], []) if code else read_nationalities(plain)
        for code in codes:
            entry.add(prop, code, field, raw=part)
        if unread:
            entry.add_unknown(field, part)


def _add_birth_date(entry: EntryBuilder, text: str) -> None:
    # `dd/mm/1968` and `00/00/1968` both say that only the year is known.
    digits = re.sub(r"\b(?:dd|mm)\b", "00", text, flags=re.IGNORECASE)
    entry.add_date("birthDate", digits, "dob")


def _add_gender(entry: EntryBuilder, text: str) -> None:
    gender = _GENDERS.get(text.lower())
    if gender is None:
        entry.add_unknown("gender", text)
    else:
        entry.add("gender", gender, "gender", raw=text)


def add_imo(entry: EntryBuilder, text: str) -> None:
    """A ship's IMO number, `IMO9826902` as its seven digits."""
    found = _IMO.fullmatch(text)
    if found is None:
        entry.add_unknown("imonumber", text)
    else:
        entry.add("imoNumber", found[1], "imonumber", raw=text)


def _add_tonnage(entry: EntryBuilder, text: str) -> None:
    number = text.replace(",", "")
    if re.fullmatch(r"\d+(\.\d+)?", number):
        entry.add("tonnage", number, "tonnage", raw=text)
    else:
        entry.add_unknown("tonnage", text)


_READERS: dict[str, Callable[[EntryBuilder, str], None]] = {
    "dob": _add_birth_date,
    "gender": _add_gender,
    "imonumber": add_imo,
    "tonnage": _add_tonnage,
    "length": lambda entry, text: entry.add("notes", f"Length: {text}", "length", raw=text),
    "yearbuilt": lambda entry, text: entry.add_date("buildDate", text, "yearbuilt"),
    "unreference": lambda entry, text: entry.add(
        "notes", f"UN reference: {text}", "unreference", raw=text
    ),
}
KNOWN = frozenset(
    {
        *_HEADERS.values(),
        *GIVEN,
        *_ADDRESS,
        *_PLAIN,
        *_COUNTRIES,
        *_LINKS,
        *_READERS,
        "name6",
        "passportnumber",
    }
    | {"uniqueid", "groupid", "lastupdated"}
)
