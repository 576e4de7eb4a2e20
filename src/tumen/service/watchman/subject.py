"""The subject that a Watchman search asks about, and what of the request plays no part."""

from __future__ import annotations

import re
from typing import NamedTuple

from tumen.model.countries import read_country
from tumen.model.dates import parse_date, read_date
from tumen.model.entity import Entity
from tumen.service.watchman.request import GOVERNMENT_IDS, Kind, SearchRequest

SCHEMATA = {
    Kind.PERSON: "Person",
    Kind.BUSINESS: "Organization",
    Kind.ORGANIZATION: "Organization",
    Kind.AIRCRAFT: "Airplane",
    Kind.VESSEL: "Vessel",
    Kind.UNKNOWN: "Thing",
}
# Fields of a request as properties that are compared.
_PROPERTIES = {
    "altNames": "alias",
    "gender": "gender",
    "icaoCode": "icaoCode",
    "serialNumber": "serialNumber",
    "imoNumber": "imoNumber",
    "mmsi": "mmsi",
    "callSign": "callSign",
    "emailAddresses": "email",
    "phoneNumbers": "phone",
    "websites": "website",
}
_DATES = {"birthDate": "birthDate", "created": "incorporationDate", "built": "buildDate"}
_COUNTRIES = {"flag": "flag"}
# Watchman takes a day, a month or a year.
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_GENDERS = {"m": "male", "male": "male", "man": "male",
            "f": "female", "female": "female", "woman": "female"}  # fmt: skip
# Where no property is compared the value is given back and told to have played no part.
_ECHOED = ("deathDate", "titles", "dissolved", "type", "model", "owner", "tonnage",
           "grossRegisteredTonnage", "faxNumbers")  # fmt: skip


class Asked(NamedTuple):
    """The subject, and in words what was asked for but cannot be compared."""

    entity: Entity
    warnings: tuple[str, ...]


def subject_of(request: SearchRequest) -> Asked:
    """The subject of a search. A value that cannot be read gives a warning, no error."""
    found: dict[str, list[str]] = {"name": [request.name]} if request.name else {}
    warnings = list(request.warnings)
    for field, prop in _PROPERTIES.items():
        if values := request.get(field):
            found[prop] = list(values)
    _add_gender(found, warnings)
    _add_dates(request, found, warnings)
    _add_countries(request, found, warnings)
    _add_numbers(request, found, warnings)
    warnings += [f"{field} plays no part in the score" for field in _ECHOED if request.get(field)]
    properties = {name: tuple(dict.fromkeys(values)) for name, values in found.items() if values}
    return Asked(Entity("query", SCHEMATA[request.kind], properties), tuple(warnings))


def watchman_date(text: str) -> str | None:
    """A day, month or year as Watchman writes dates; None where the text is none of these."""
    if not _DATE.fullmatch(text) or (parsed := parse_date(text)) is None:
        return None
    return f"{parsed.first.isoformat()}T00:00:00Z"


def _add_gender(found: dict[str, list[str]], warnings: list[str]) -> None:
    read = [_GENDERS.get(value.lower(), "") for value in found.pop("gender", ())]
    if read and not all(read):
        warnings.append("gender could not be read and played no part")
    if any(read):
        found["gender"] = [value for value in read if value]


def _add_dates(request: SearchRequest, found: dict[str, list[str]], warnings: list[str]) -> None:
    for field, prop in _DATES.items():
        for value in request.get(field):
            if _DATE.fullmatch(value) and (read := read_date(value)):
                found.setdefault(prop, []).append(read)
            else:
                warnings.append(f"{field} {value!r} could not be read and played no part")


def _add_countries(
    request: SearchRequest, found: dict[str, list[str]], warnings: list[str]
) -> None:
    for field, prop in _COUNTRIES.items():
        for value in request.get(field):
            if country := read_country(value):
                found.setdefault(prop, []).append(country)
            else:
                warnings.append(f"{field} {value!r} is no country and played no part")
    for address in request.get("addresses"):
        country = read_country(address.rpartition(",")[2])
        if country:
            found.setdefault("country", []).append(country)
        said = "only the country of" if country else ""
        warnings.append(f"{said} address {address!r} plays {'a' if country else 'no'} part".strip())


def _add_numbers(request: SearchRequest, found: dict[str, list[str]], warnings: list[str]) -> None:
    for one in request.government_ids:
        found.setdefault(GOVERNMENT_IDS[one.kind], []).append(one.number)
        country = read_country(one.country) if one.country else None
        if country:
            found.setdefault("country", []).append(country)
        elif one.country:
            warnings.append(f"{one.country!r} of gov_{one.kind} is no country and played no part")
    for value in request.get("cryptoAddresses"):
        found.setdefault("publicKey", []).append(value.partition(":")[2] or value)
