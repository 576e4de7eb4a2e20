"""Entities in the form that Senzing loads: one record each, its features as small objects."""

from __future__ import annotations

from typing import Any

# Watchman's types as Senzing's.
_TYPES = {
    "person": "PERSON",
    "business": "ORGANIZATION",
    "organization": "ORGANIZATION",
    "aircraft": "AIRCRAFT",
    "vessel": "VESSEL",
}
_GENDERS = {"male": "M", "female": "F"}
_DATES = {
    "birthDate": "DATE_OF_BIRTH",
    "deathDate": "DATE_OF_DEATH",
    "created": "REGISTRATION_DATE",
}
# Numbers that Senzing has features of its own for; all others are a national id.
_NUMBERS = {
    "passport": ("PASSPORT_NUMBER", "PASSPORT_COUNTRY"),
    "diplomatic-passport": ("PASSPORT_NUMBER", "PASSPORT_COUNTRY"),
    "ssn": ("SSN_NUMBER", ""),
    "tax-id": ("TAX_ID_NUMBER", "TAX_ID_COUNTRY"),
    "drivers-license": ("DRIVERS_LICENSE_NUMBER", "DRIVERS_LICENSE_STATE"),
    "lei": ("LEI_NUMBER", ""),
    "duns": ("DUNS_NUMBER", ""),
}
_NATIONAL = ("NATIONAL_ID_NUMBER", "NATIONAL_ID_COUNTRY")
Feature = dict[str, str]


def senzing_record(entity: dict[str, Any]) -> dict[str, Any]:
    """The record of an entity in Watchman's form; what the search said of it comes as payload."""
    described = entity[entity["entityType"]] if entity["entityType"] else {}
    features: list[Feature] = []
    if kind := _TYPES.get(entity["entityType"]):
        features.append({"RECORD_TYPE": kind})
    features += _names(entity, described)
    features += _facts(described)
    features += [
        feature for one in described.get("governmentIDs") or () for feature in _number(one)
    ]
    features += _craft(described)
    features += [feature for one in entity["addresses"] or () for feature in _address(one)]
    features += _contact(entity["contact"])
    features += [
        {"OTHER_ID_TYPE": one["currency"] or "CRYPTO", "OTHER_ID_NUMBER": one["address"]}
        for one in entity["cryptoAddresses"] or ()
    ]
    record = {
        "DATA_SOURCE": entity["sourceList"].upper(),
        "RECORD_ID": entity["sourceID"],
        "FEATURES": features,
    }
    if programmes := (entity["sanctionsInfo"] or {}).get("programs"):
        record["PROGRAMS"] = "; ".join(programmes)
    return record | {"MATCH_SCORE": entity["match"]} if "match" in entity else record


def _names(entity: dict[str, Any], described: dict[str, Any]) -> list[Feature]:
    field = "NAME_FULL" if entity["entityType"] == "person" else "NAME_ORG"
    primary = [{"NAME_TYPE": "PRIMARY", field: entity["name"]}]
    others = described.get("altNames") or ()
    return primary + [{"NAME_TYPE": "AKA", field: name} for name in others]


def _facts(described: dict[str, Any]) -> list[Feature]:
    found = [
        {feature: value[:10]} for name, feature in _DATES.items() if (value := described.get(name))
    ]
    if gender := _GENDERS.get(described.get("gender") or ""):
        found.append({"GENDER": gender})
    if place := described.get("placeOfBirth"):
        found.append({"PLACE_OF_BIRTH": place})
    return found


def _number(one: dict[str, str]) -> list[Feature]:
    number, country = _NUMBERS.get(one["type"], _NATIONAL)
    feature = {number: one["identifier"]}
    if country and one["country"]:
        feature[country] = one["country"]
    return [feature]


def _craft(described: dict[str, Any]) -> list[Feature]:
    names = {"imoNumber": "IMO", "mmsi": "MMSI", "callSign": "CALL_SIGN",
             "serialNumber": "SERIAL_NUMBER", "icaoCode": "ICAO"}  # fmt: skip
    return [
        {"OTHER_ID_TYPE": kind, "OTHER_ID_NUMBER": value}
        for name, kind in names.items()
        if (value := described.get(name))
    ]


def _address(one: dict[str, Any]) -> list[Feature]:
    fields = {"line1": "ADDR_LINE1", "line2": "ADDR_LINE2", "city": "ADDR_CITY",
              "state": "ADDR_STATE", "postalCode": "ADDR_POSTAL_CODE",
              "country": "ADDR_COUNTRY"}  # fmt: skip
    parts = {feature: one[name] for name, feature in fields.items() if one[name]}
    if set(parts) == {"ADDR_LINE1"}:
        return [{"ADDR_FULL": one["line1"]}]
    return [parts] if parts else []


def _contact(contact: dict[str, Any]) -> list[Feature]:
    fields = {"emailAddresses": "EMAIL_ADDRESS", "phoneNumbers": "PHONE_NUMBER",
              "websites": "WEBSITE_ADDRESS"}  # fmt: skip
    return [{feature: value} for name, feature in fields.items() for value in contact[name] or ()]
