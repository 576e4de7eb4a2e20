"""Entities as Watchman's clients read them: one flat object with every key, empty or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tumen.model.entity import schemata
from tumen.service.watchman.contact import addresses_of, contact_of, wallets_of
from tumen.service.watchman.lists import source_id_of, source_of
from tumen.service.watchman.numbers import government_ids
from tumen.service.watchman.relations import affiliations_of, sanctions_of
from tumen.service.watchman.request import Kind, SearchRequest
from tumen.service.watchman.subject import watchman_date
from tumen.service.watchman.wire import Wire, first, number, texts

_KINDS = {
    "Person": Kind.PERSON,
    "Company": Kind.BUSINESS,
    "Organization": Kind.ORGANIZATION,
    "LegalEntity": Kind.BUSINESS,
    "Vessel": Kind.VESSEL,
    "Airplane": Kind.AIRCRAFT,
}


def kind_of(schema: str) -> Kind:
    """Watchman's type of a schema; UNKNOWN for a wallet, a security and other things."""
    if schema in _KINDS:
        return _KINDS[schema]
    known = schemata().get(schema)
    above = (kind for name, kind in _KINDS.items() if known is not None and known.is_a(name))
    return next(above, Kind.UNKNOWN)


def entity_of(wire: Wire) -> dict[str, Any]:
    """A listed entity. `wire` may hold others nested in its properties: its designations,
    addresses, papers and relations are read from these.
    """
    kind = kind_of(wire["schema"])
    dataset = next(iter(wire["datasets"]), "")
    return {
        "name": wire["caption"],
        "entityType": kind.value,
        "sourceList": source_of(dataset),
        "sourceID": source_id_of(wire["id"], dataset),
        **_sections(kind, _described(kind, wire)),
        "contact": contact_of(wire),
        "addresses": addresses_of(wire),
        "cryptoAddresses": wallets_of(wire),
        "affiliations": affiliations_of(wire),
        "sanctionsInfo": sanctions_of(wire),
        "historicalInfo": [
            {"type": "Former Name", "value": name, "date": None}
            for name in texts(wire, "previousName")
        ],
        "sourceData": _source_data(wire),
    }


def query_of(request: SearchRequest) -> dict[str, Any]:
    """The query as an entity, as Watchman gives it back."""
    wire = _asked(request)
    return {
        "name": request.name,
        "entityType": request.kind.value,
        "sourceList": request.source,
        "sourceID": request.source_id,
        **_sections(request.kind, _described(request.kind, wire)),
        "contact": contact_of(wire) | {"faxNumbers": list(request.get("faxNumbers")) or None},
        "addresses": addresses_of(wire),
        "cryptoAddresses": [
            {"currency": currency, "address": address}
            for value in request.get("cryptoAddresses")
            for currency, address in [_wallet(value)]
        ]
        or None,
        "affiliations": None,
        "sanctionsInfo": None,
        "historicalInfo": None,
        "sourceData": None,
    }


def _sections(kind: Kind, described: Mapping[str, Any] | None) -> dict[str, Any]:
    """One section for each type, all but the entity's own being null."""
    names = [Kind.PERSON, Kind.BUSINESS, Kind.ORGANIZATION, Kind.AIRCRAFT, Kind.VESSEL]
    return {name.value: described if name is kind else None for name in names}


def _described(kind: Kind, wire: Wire) -> dict[str, Any] | None:
    match kind:
        case Kind.PERSON:
            return _person(wire)
        case Kind.BUSINESS | Kind.ORGANIZATION:
            return _firm(wire)
        case Kind.AIRCRAFT:
            return _aircraft(wire)
        case Kind.VESSEL:
            return _vessel(wire)
        case _:
            return None


def _person(wire: Wire) -> dict[str, Any]:
    return {
        **_named(wire),
        "gender": first(wire, "gender") or "unknown",
        "birthDate": _date(wire, "birthDate"),
        "placeOfBirth": first(wire, "birthPlace"),
        "deathDate": _date(wire, "deathDate"),
        "titles": _listed(wire, "title", "position"),
        "governmentIDs": government_ids(wire) or None,
    }


def _firm(wire: Wire) -> dict[str, Any]:
    return {
        **_named(wire),
        "created": _date(wire, "incorporationDate"),
        "dissolved": _date(wire, "dissolutionDate"),
        "governmentIDs": government_ids(wire) or None,
    }


def _aircraft(wire: Wire) -> dict[str, Any]:
    return {
        **_named(wire),
        "type": first(wire, "type") or "unknown",
        "flag": (first(wire, "flag") or first(wire, "country")).upper(),
        "built": _date(wire, "buildDate"),
        "icaoCode": first(wire, "icaoCode"),
        "model": first(wire, "model"),
        "serialNumber": first(wire, "serialNumber") or first(wire, "registrationNumber"),
    }


def _vessel(wire: Wire) -> dict[str, Any]:
    return {
        **_named(wire),
        "imoNumber": first(wire, "imoNumber"),
        "type": first(wire, "type") or "unknown",
        "flag": (first(wire, "flag") or first(wire, "country")).upper(),
        "built": _date(wire, "buildDate"),
        "model": first(wire, "model"),
        "tonnage": number(first(wire, "tonnage") or first(wire, "deadweightTonnage")),
        "mmsi": first(wire, "mmsi"),
        "callSign": first(wire, "callSign"),
        "grossRegisteredTonnage": number(first(wire, "grossRegisteredTonnage")),
        "owner": first(wire, "owner"),
    }


def _named(wire: Wire) -> dict[str, Any]:
    others = [*texts(wire, "name"), *texts(wire, "alias"), *texts(wire, "weakAlias")]
    alternatives = [name for name in dict.fromkeys(others) if name != wire["caption"]]
    return {"name": wire["caption"], "altNames": alternatives or None}


def _listed(wire: Wire, *names: str) -> list[str] | None:
    return list(dict.fromkeys(text for name in names for text in texts(wire, name))) or None


def _date(wire: Wire, name: str) -> str | None:
    """The first date that can be written as one; all of them stand in `sourceData`."""
    return next((date for text in texts(wire, name) if (date := watchman_date(text))), None)


def _source_data(wire: Wire) -> dict[str, Any]:
    """The entity in FollowTheMoney terms, its nested entities by their ids."""
    properties = {
        name: [value if isinstance(value, str) else value["id"] for value in values]
        for name, values in wire["properties"].items()
    }
    kept = ("id", "schema", "datasets", "referents", "first_seen", "last_seen", "last_change")
    return {**{key: wire[key] for key in kept}, "properties": properties}


# Fields of a request as the properties from which a listed entity's sections are filled.
_ASKED = {
    "altNames": "alias",
    "gender": "gender",
    "birthDate": "birthDate",
    "deathDate": "deathDate",
    "titles": "title",
    "created": "incorporationDate",
    "dissolved": "dissolutionDate",
    "type": "type",
    "icaoCode": "icaoCode",
    "serialNumber": "serialNumber",
    "model": "model",
    "flag": "flag",
    "built": "buildDate",
    "imoNumber": "imoNumber",
    "mmsi": "mmsi",
    "callSign": "callSign",
    "owner": "owner",
    "tonnage": "tonnage",
    "grossRegisteredTonnage": "grossRegisteredTonnage",
    "emailAddresses": "email",
    "phoneNumbers": "phone",
    "websites": "website",
    "addresses": "address",
}


def _asked(request: SearchRequest) -> Wire:
    """The request as if it were an entity of ours, so that both are written by the same code."""
    properties: dict[str, Sequence[Any]] = {
        prop: list(values) for field, prop in _ASKED.items() if (values := request.get(field))
    }
    papers = [
        {
            "schema": "Identification",
            "id": "",
            "properties": {
                "type": [one.kind],
                "country": [one.country] if one.country else [],
                "number": [one.number],
            },
        }
        for one in request.government_ids
    ]
    return {
        "id": "",
        "caption": request.name,
        "schema": "",
        "datasets": [],
        "properties": {**properties, "name": [request.name], "identification": papers},
    }


def _wallet(text: str) -> tuple[str, str]:
    currency, colon, address = text.partition(":")
    return (currency, address) if colon else ("", text)
