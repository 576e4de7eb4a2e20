"""The parameters of a Watchman search, each read or refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tumen.errors import RequestError

DEFAULT_LIMIT, MOST_RESULTS = 10, 100


class Kind(StrEnum):
    """The types of entities that Watchman tells apart; UNKNOWN where none is asked for."""

    PERSON = "person"
    BUSINESS = "business"
    ORGANIZATION = "organization"
    AIRCRAFT = "aircraft"
    VESSEL = "vessel"
    UNKNOWN = ""


class Format(StrEnum):
    """How the answer is written."""

    WATCHMAN = "watchman"
    SENZING = "senzing"
    SENZING_LINES = "senzing/jsonl"


_ALL = frozenset(Kind) - {Kind.UNKNOWN}
_FIRMS = frozenset({Kind.BUSINESS, Kind.ORGANIZATION})
_CRAFT = frozenset({Kind.AIRCRAFT, Kind.VESSEL})
# Each parameter: the field it fills, and the types of entities that it can be said of.
_FIELDS: Mapping[str, tuple[str, frozenset[Kind]]] = {
    "altNames": ("altNames", _ALL),
    "gender": ("gender", frozenset({Kind.PERSON})),
    "birthDate": ("birthDate", frozenset({Kind.PERSON})),
    "deathDate": ("deathDate", frozenset({Kind.PERSON})),
    "titles": ("titles", frozenset({Kind.PERSON})),
    "created": ("created", _FIRMS),
    "dissolved": ("dissolved", _FIRMS),
    "aircraftType": ("type", frozenset({Kind.AIRCRAFT})),
    "icaoCode": ("icaoCode", frozenset({Kind.AIRCRAFT})),
    "serialNumber": ("serialNumber", frozenset({Kind.AIRCRAFT})),
    "model": ("model", _CRAFT),
    "flag": ("flag", _CRAFT),
    "built": ("built", _CRAFT),
    "imoNumber": ("imoNumber", frozenset({Kind.VESSEL})),
    "vesselType": ("type", frozenset({Kind.VESSEL})),
    "mmsi": ("mmsi", frozenset({Kind.VESSEL})),
    "callSign": ("callSign", frozenset({Kind.VESSEL})),
    "owner": ("owner", frozenset({Kind.VESSEL})),
    "tonnage": ("tonnage", frozenset({Kind.VESSEL})),
    "grossRegisteredTonnage": ("grossRegisteredTonnage", frozenset({Kind.VESSEL})),
    "email": ("emailAddresses", _ALL),
    "emailAddress": ("emailAddresses", _ALL),
    "emailAddresses": ("emailAddresses", _ALL),
    "phone": ("phoneNumbers", _ALL),
    "phoneNumber": ("phoneNumbers", _ALL),
    "phoneNumbers": ("phoneNumbers", _ALL),
    "fax": ("faxNumbers", _ALL),
    "faxNumber": ("faxNumbers", _ALL),
    "faxNumbers": ("faxNumbers", _ALL),
    "website": ("websites", _ALL),
    "websites": ("websites", _ALL),
    "address": ("addresses", _ALL),
    "addresses": ("addresses", _ALL),
    "cryptoAddress": ("cryptoAddresses", _ALL),
    "cryptoAddresses": ("cryptoAddresses", _ALL),
}
# How a search is made, and not what is searched for.
_TERMS = frozenset(
    {"name", "type", "source", "sourceID", "limit", "minMatch", "requestID", "debug",
     "debugSourceIDs", "format"}
)  # fmt: skip
# The numbers that a government gives, as `gov_<type>=COUNTRY:NUMBER`, and who can have them.
GOVERNMENT_IDS: Mapping[str, str] = {
    "passport": "passportNumber",
    "diplomatic-passport": "passportNumber",
    "ssn": "socialSecurityNumber",
    "tax-id": "taxNumber",
    "business-registration": "registrationNumber",
    "commercial-registry": "registrationNumber",
    "national-id": "idNumber",
    "personal-id": "idNumber",
    "drivers-license": "idNumber",
    "birth-certificate": "idNumber",
    "refugee-id": "idNumber",
    "electoral": "idNumber",
    "cedula": "idNumber",
    "curp": "idNumber",
    "cuit": "idNumber",
}
_GOVERNMENT = "gov_"


@dataclass(frozen=True, slots=True)
class GovernmentId:
    """A number given by a government: `kind` is one of GOVERNMENT_IDS."""

    kind: str
    country: str
    number: str


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as asked: what is searched for, and how."""

    name: str
    kind: Kind
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    government_ids: tuple[GovernmentId, ...] = ()
    source: str = ""
    source_id: str = ""
    limit: int = DEFAULT_LIMIT
    min_match: float = 0.0
    is_debugged: bool = False
    debugged_ids: frozenset[str] = frozenset()
    format: Format = Format.WATCHMAN
    warnings: tuple[str, ...] = ()

    def get(self, name: str) -> tuple[str, ...]:
        """The values of one field; empty where it was not given."""
        return self.values.get(name, ())

    def first(self, name: str) -> str:
        """The first value of a field; empty where it was not given."""
        return next(iter(self.get(name)), "")


def read_request(pairs: Iterable[tuple[str, str]]) -> SearchRequest:
    """The search that a query string asks for, given as its pairs in order.

    Raises RequestError for a parameter that is unknown or is not one of the type asked for, for
    a value of `type`, `format` or of a number that cannot be read, and where nothing is
    searched for. Without `type` the other parameters tell it.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if text := value.strip():
            given.setdefault(name, []).append(text)
        elif name not in _TERMS and name not in _FIELDS and not name.startswith(_GOVERNMENT):
            given.setdefault(name, [])
    _refuse_unknown(given)
    kind = _kind(given)
    warnings = [
        f"{name} was given more than once: only {values[0]!r} counts"
        for name, values in given.items()
        if name in _TERMS - {"debugSourceIDs"} and len(set(values)) > 1
    ]
    request = SearchRequest(
        name=_one(given, "name"),
        kind=kind,
        values=_values(given),
        government_ids=tuple(
            _government_id(name.removeprefix(_GOVERNMENT), value)
            for name, values in given.items()
            if name.startswith(_GOVERNMENT)
            for value in values
        ),
        source=_one(given, "source"),
        source_id=_one(given, "sourceID"),
        limit=_limit(_one(given, "limit"), warnings),
        min_match=_min_match(_one(given, "minMatch")),
        is_debugged=_flag(_one(given, "debug")),
        debugged_ids=frozenset(
            part.strip()
            for value in given.get("debugSourceIDs", [])
            for part in value.split(",")
            if part.strip()
        ),
        format=_format(_one(given, "format")),
        warnings=tuple(warnings),
    )
    if not (request.name or request.values or request.government_ids or request.source_id):
        raise RequestError("name is required: nothing is searched for")
    return request


def _refuse_unknown(given: Mapping[str, list[str]]) -> None:
    known = {*_TERMS, *_FIELDS, *(f"{_GOVERNMENT}{kind}" for kind in GOVERNMENT_IDS)}
    unknown = [name for name in given if name not in known]
    if unknown:
        listed = ", ".join(sorted(unknown))
        raise RequestError(f"unknown query parameters: {listed}")


def _kind(given: Mapping[str, list[str]]) -> Kind:
    """The type asked for, else the one that the other parameters are of."""
    asked = _one(given, "type").lower()
    try:
        stated = Kind(asked)
    except ValueError:
        known = ", ".join(sorted(_ALL))
        raise RequestError(f"unknown type {asked!r}: use one of {known}") from None
    possible = _ALL if stated is Kind.UNKNOWN else frozenset({stated})
    for name in given:
        fits = _FIELDS[name][1] if name in _FIELDS else _ALL
        if not possible & fits:
            whose = stated or " or ".join(sorted(possible))
            raise RequestError(f"unused query parameters: {name} is not of a {whose}")
        possible &= fits
    return _only(possible)


def _only(possible: frozenset[Kind]) -> Kind:
    """The one type that is left; firms are a business, as nothing tells the two apart."""
    if possible == _FIRMS:
        return Kind.BUSINESS
    return next(iter(possible)) if len(possible) == 1 else Kind.UNKNOWN


def _values(given: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, values in given.items():
        if name in _FIELDS and values:
            found.setdefault(_FIELDS[name][0], []).extend(values)
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def _one(given: Mapping[str, list[str]], name: str) -> str:
    return next(iter(given.get(name, ())), "")


def _government_id(kind: str, text: str) -> GovernmentId:
    country, colon, number = text.partition(":")
    if not colon:
        country, number = "", text
    if not number.strip():
        raise RequestError(f"{_GOVERNMENT}{kind}={text!r} holds no number: write COUNTRY:NUMBER")
    return GovernmentId(kind, country.strip(), number.strip())


def _limit(text: str, warnings: list[str]) -> int:
    if not text:
        return DEFAULT_LIMIT
    try:
        limit = int(text)
    except ValueError:
        raise RequestError(f"limit {text!r} is no number") from None
    if limit < 1:
        return DEFAULT_LIMIT
    if limit > MOST_RESULTS:
        warnings.append(f"limit {limit} is more than the {MOST_RESULTS} that are given at most")
    return min(limit, MOST_RESULTS)


def _min_match(text: str) -> float:
    try:
        least = float(text or 0)
    except ValueError:
        raise RequestError(f"minMatch {text!r} is no number") from None
    if not 0 <= least <= 1:
        raise RequestError(f"minMatch {text} does not lie between 0 and 1")
    return least


def _flag(text: str) -> bool:
    return text.lower() in ("1", "t", "true", "y", "yes", "on")


def _format(text: str) -> Format:
    try:
        return Format(text.lower() or "watchman")
    except ValueError:
        known = ", ".join(sorted(Format))
        raise RequestError(f"unknown format {text!r}: use one of {known}") from None
