"""OFAC's labelled details (`Passport`, `Vessel Flag`, `DOB` …), put where they belong.

All of OFAC's formats state a party's details as a label and a value: remarks in the CSV,
`idList` in the XML, features and identity documents in the newer formats. One table reads
them all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from tumen.lists.formats.ofac_common import OfacEntryBuilder, clean
from tumen.model.countries import read_country
from tumen.model.dates import read_date
from tumen.model.listing import Link

_WALLET = re.compile(r"Digital Currency Address\s*-\s*(\S+)", re.IGNORECASE)
_OKPO = re.compile(r"\d{8}|\d{10}")
_COMPACT = frozenset({"swiftBic", "leiCode", "isinCode", "mmsi", "uscCode"})
_NUMBERS = frozenset({"tonnage", "grossRegisteredTonnage", "deadweightTonnage"})
_IMO = re.compile(r"IMO\s*(?:number)?\s*(\d{7})", re.IGNORECASE)
_TAIL = re.compile(r"\s*(?:No\.?|Number|[#:-])\s*$", re.IGNORECASE)
_LISTED = re.compile(r"Listing Date", re.IGNORECASE)
# What a Russian number is by its length, and by law: INN, OGRN (OGRNIP for traders).
_RUSSIAN = {
    ("taxNumber", 10): "innCode",
    ("taxNumber", 12): "innCode",
    ("registrationNumber", 13): "ogrnCode",
    ("registrationNumber", 15): "ogrnCode",
}
# Who stands in which relation to a vessel or aircraft: the FollowTheMoney kind of the link.
_RELATIONS = {
    "vessel owner": "Ownership",
    "vessel operator": "UnknownLink",
    "vessel manager": "UnknownLink",
    "aircraft operator": "UnknownLink",
    "aircraft owner": "Ownership",
    "previous aircraft operator": "UnknownLink",
    "owned or controlled by": "Ownership",
    "linked to": "UnknownLink",
    "leader or official of": "Directorship",
    "acting for or on behalf of": "Representation",
}
_SUBJECTS = frozenset({"leader or official of", "acting for or on behalf of", "linked to"})


@dataclass(frozen=True, slots=True)
class Detail:
    """One labelled statement; `country` and the dates belong to an identity document."""

    label: str
    value: str
    country: str = ""
    issued: str = ""
    expires: str = ""
    raw: str = ""


def add_detail(builder: OfacEntryBuilder, detail: Detail) -> bool:
    """Put one detail where it belongs; False, with nothing changed, for an unknown label.

    `raw` is kept with the value as its published text. The country and dates of a document
    stay there: they say nothing sure about its holder.
    """
    known = find_label(detail.label)
    if known is None:
        return False
    group, prop = known
    _ADD[group](builder, prop, detail)
    return True


@lru_cache(maxsize=4096)
def find_label(label: str) -> tuple[str, str] | None:
    """The group and property of a label; None where OFAC has coined a new one.

    Wallets and relations have a currency and a role in place of a property.
    """
    wallet = _WALLET.fullmatch(label.strip())
    if wallet:
        return ("wallet", wallet.group(1))
    plain = _plain(label)
    found = labels().get(plain)
    # `Listing Date (EO 14024 Directive 2)`, `Executive Order 14065 Information`, any number.
    if found is None and plain.startswith(_measure_starts()):
        return ("measure", "")
    return found


@cache
def labels() -> Mapping[str, tuple[str, str]]:
    """Every label in plain form, with its group and property."""
    table: dict[str, tuple[str, str]] = {}
    for group, content in _document().items():
        if group == "measure":
            table |= {_plain(label): (group, "") for label in content}
        else:
            for prop, names in content.items():
                table |= {_plain(label): (group, prop) for label in names}
    return table | {label: ("relation", label) for label in _RELATIONS}


@cache
def published_labels() -> tuple[str, ...]:
    """Every label as it is published, for whoever must find one at the start of a text."""
    found: list[str] = list(_document()["measure"])
    for group, content in _document().items():
        if group != "measure":
            found += [label for names in content.values() for label in names]
    return (*found, *_RELATIONS)


@cache
def _document() -> Mapping[str, Any]:
    text = files("tumen.lists.formats").joinpath("ofac_labels.yml").read_text("utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


@cache
def _measure_starts() -> tuple[str, ...]:
    return tuple(_plain(label) for label in _document()["measure"])


def _plain(label: str) -> str:
    text = " ".join(label.split())
    while (shorter := _TAIL.sub("", text)) != text:
        text = shorter
    return text.casefold()


def _add_identifier(builder: OfacEntryBuilder, prop: str, detail: Detail) -> None:
    if prop == "okpoCode" and not _OKPO.fullmatch(detail.value):
        prop = "registrationNumber"
    # Codes of fixed length are at times published in groups (`MOSW RU MM`).
    value = detail.value.replace(" ", "") if prop in _COMPACT else detail.value
    raw = detail.raw or detail.value
    builder.add(prop, value, detail.label, raw=raw)
    national = _RUSSIAN.get((prop, len(value))) if read_country(detail.country) == "ru" else None
    if national and value.isdecimal():
        builder.add(national, value, detail.label, raw=raw)


def _add_registration(builder: OfacEntryBuilder, prop: str, detail: Detail) -> None:
    imo = _IMO.search(detail.value)
    if imo:
        builder.add("imoNumber", imo.group(1), detail.label, raw=detail.raw or detail.value)
    else:
        _add_identifier(builder, prop, detail)


def _add_date(builder: OfacEntryBuilder, prop: str, detail: Detail) -> None:
    builder.add_date(prop, detail.value, detail.label)


def _add_country(builder: OfacEntryBuilder, prop: str, detail: Detail) -> None:
    if clean(detail.value) not in ("", "None Identified"):
        if prop == "jurisdiction" and builder.schema in ("Vessel", "Airplane"):
            prop = "country"
        builder.add_country(prop, detail.value, detail.label)


def _add_text(builder: OfacEntryBuilder, prop: str, detail: Detail) -> None:
    if prop == "gender":
        builder.add(prop, detail.value.lower(), detail.label, raw=detail.value)
    elif prop in _NUMBERS:
        builder.add(prop, detail.value.replace(",", ""), detail.label, raw=detail.value)
    elif prop == "notes":
        builder.add(prop, f"{detail.label} {detail.value}", detail.label)
    else:
        builder.add(prop, detail.value, detail.label)


def _add_measure(builder: OfacEntryBuilder, _prop: str, detail: Detail) -> None:
    label = detail.label.rstrip(" :-")
    builder.add_measure(f"{label}: {detail.value}" if detail.value else label)
    listed_on = read_date(detail.value) if _LISTED.match(label) else None
    if listed_on:
        builder.listed_on[listed_on] = None


def _add_relation(builder: OfacEntryBuilder, relation: str, detail: Detail) -> None:
    role = detail.label.rstrip(" :")
    is_inverse = relation not in _SUBJECTS
    builder.link(Link(_RELATIONS[relation], "", detail.value, role, is_inverse))


def _add_wallet(builder: OfacEntryBuilder, currency: str, detail: Detail) -> None:
    builder.add_wallet(currency, detail.value)


_ADD = {
    "wallet": _add_wallet,
    "identifier": _add_identifier,
    "registration": _add_registration,
    "date": _add_date,
    "country": _add_country,
    "text": _add_text,
    "measure": _add_measure,
    "relation": _add_relation,
}
