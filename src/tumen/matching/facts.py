"""An entity's values made ready to be compared: parsed once, used for every comparison."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from tumen.model.dates import PartialDate, parse_date, read_date
from tumen.model.entity import Entity, get_schema
from tumen.names.name import NameOf

NATIONALITY_PROPERTIES = ("nationality", "citizenship")
COUNTRY_PROPERTIES = (
    *NATIONALITY_PROPERTIES,
    "country",
    "jurisdiction",
    "mainCountry",
    "flag",
    "birthCountry",
)
DATE_PROPERTIES = ("birthDate", "incorporationDate", "buildDate")
# Properties that hold identifiers, and how they are told: kind of number per property.
IDENTIFIER_PROPERTIES = {
    "leiCode": "LEI",
    "imoNumber": "IMO number",
    "mmsi": "MMSI",
    "callSign": "call sign",
    "swiftBic": "BIC",
    "publicKey": "wallet",
    "cryptoAddress": "wallet",
    "isin": "ISIN",
    "isinCode": "ISIN",
    "innCode": "INN",
    "ogrnCode": "OGRN",
    "kppCode": "KPP",
    "okpoCode": "OKPO",
    "uniqueEntityId": "UEI",
    "dunsCode": "DUNS",
    "passportNumber": "passport",
    "idNumber": "identity number",
    "socialSecurityNumber": "identity number",
    "taxNumber": "tax number",
    "vatCode": "tax number",
    "registrationNumber": "registration number",
    "serialNumber": "serial number",
    "email": "e-mail",
    "phone": "phone",
    "website": "website",
}
_IGNORED = re.compile(r"[^A-Z0-9@.]")


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be compared of one entity. `names` pairs each name with whether it is weak."""

    entity_id: str
    schema: str
    bearer: NameOf
    names: tuple[tuple[str, bool], ...]
    dates: tuple[PartialDate, ...] = ()
    nationalities: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    genders: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    identifiers: frozenset[tuple[str, str]] = frozenset()
    unreadable: tuple[str, ...] = field(default=(), compare=False)


@lru_cache(maxsize=256)
def bearer_of(schema: str) -> NameOf:
    """Who bears the names of an entity of `schema`."""
    found = get_schema(schema)
    if found.is_a("Person"):
        return NameOf.PERSON
    if found.is_a("Organization") or found.is_a("PublicBody"):
        return NameOf.ORGANISATION
    if found.is_a("Vehicle") or found.is_a("CryptoWallet") or found.is_a("Security"):
        return NameOf.OBJECT
    return NameOf.UNKNOWN


def facts_of(entity: Entity) -> Facts:
    """The comparable values of an entity; dates that cannot be read are named in `unreadable`."""
    dates, unreadable = _dates(entity)
    nationalities = _lower(entity, NATIONALITY_PROPERTIES)
    return Facts(
        entity.entity_id,
        entity.schema,
        bearer_of(entity.schema),
        _names(entity),
        dates,
        nationalities,
        nationalities | _lower(entity, COUNTRY_PROPERTIES),
        _lower(entity, ("gender",)) - {"other"},
        entity.get("birthPlace"),
        identifiers_of(entity),
        unreadable,
    )


def _names(entity: Entity) -> tuple[tuple[str, bool], ...]:
    weak = dict.fromkeys(entity.get("weakAlias"), True)
    strong = dict.fromkeys((*entity.get("name"), *entity.get("alias"), *entity.get("previousName")))
    if not strong:
        strong = dict.fromkeys(_from_parts(entity))
    return tuple([(name, False) for name in strong] + [(n, True) for n in weak if n not in strong])


def _from_parts(entity: Entity) -> tuple[str, ...]:
    given = [*entity.get("firstName"), *entity.get("secondName"), *entity.get("middleName")]
    parts = [*given, *entity.get("fatherName"), *entity.get("lastName")]
    return (" ".join(parts),) if parts else ()


def _dates(entity: Entity) -> tuple[tuple[PartialDate, ...], tuple[str, ...]]:
    found: list[PartialDate] = []
    unreadable: list[str] = []
    for name in DATE_PROPERTIES:
        for value in entity.get(name):
            text = read_date(value)
            parsed = parse_date(text) if text else None
            if parsed is None:
                unreadable.append(f"{name} {value!r}")
            else:
                found.append(parsed)
    return tuple(found), tuple(unreadable)


def _lower(entity: Entity, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(value.lower() for name in names for value in entity.get(name))


def identifiers_of(entity: Entity) -> frozenset[tuple[str, str]]:
    """All identifiers as (kind, value without signs and spaces)."""
    found = set()
    for name, values in entity.properties.items():
        kind = IDENTIFIER_PROPERTIES.get(name)
        if kind is not None:
            found |= {(kind, plain) for value in values if (plain := plain_identifier(kind, value))}
    return frozenset(found)


def plain_identifier(kind: str, value: str) -> str:
    """An identifier without spaces, dashes and prefixes; empty where too little is left."""
    if kind == "wallet":
        plain = value.strip()
        # Ethereum addresses mean the same in any case; in Bitcoin's the case tells.
        plain = plain.lower() if plain[:2].lower() == "0x" else plain
        return plain if len(plain) >= 20 else ""
    plain = _IGNORED.sub("", value.upper())
    if kind not in ("e-mail", "website"):
        plain = plain.replace(".", "")
    if kind == "IMO number":
        plain = plain.removeprefix("IMO")
    if kind == "BIC" and len(plain) == 11:
        plain = plain[:8]  # The last three letters name a branch of the same bank.
    return plain if len(plain) >= 4 else ""
