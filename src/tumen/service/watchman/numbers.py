"""The numbers that governments and registers gave an entity."""

from __future__ import annotations

from tumen.service.watchman.request import GOVERNMENT_IDS
from tumen.service.watchman.wire import Wire, first, nested, texts

# Properties that hold a number: Watchman's type of it, and what it is called.
_PROPERTIES = {
    "passportNumber": ("passport", "Passport"),
    "idNumber": ("national-id", "Identity number"),
    "socialSecurityNumber": ("ssn", "Social security number"),
    "taxNumber": ("tax-id", "Tax number"),
    "innCode": ("tax-id", "INN"),
    "vatCode": ("tax-id", "VAT number"),
    "registrationNumber": ("business-registration", "Registration number"),
    "ogrnCode": ("business-registration", "OGRN"),
    "uscCode": ("business-registration", "Unified social credit code"),
    "leiCode": ("lei", "LEI"),
    "swiftBic": ("swift-bic", "SWIFT/BIC"),
    "dunsCode": ("duns", "D-U-N-S"),
    "uniqueEntityId": ("uei", "Unique entity id"),
}
# What a paper's own description says of its type, the first that is found in it.
_WORDS = {
    "passport": "passport",
    "driver": "drivers-license",
    "tax": "tax-id",
    "social security": "ssn",
    "national": "national-id",
    "identity": "national-id",
    "registration": "business-registration",
    "registry": "commercial-registry",
    "birth": "birth-certificate",
    "refugee": "refugee-id",
}


def government_ids(wire: Wire) -> list[dict[str, str]]:
    """All of them, those on papers of their own with the country that gave them."""
    found = [_paper(one) for one in nested(wire, "identification")]
    known = {one["identifier"] for one in found}
    for name, (kind, title) in _PROPERTIES.items():
        found += [
            {"name": title, "type": kind, "country": "", "identifier": text}
            for text in texts(wire, name)
            if text not in known
        ]
    return found


def _paper(paper: Wire) -> dict[str, str]:
    title = first(paper, "type")
    plain = title.lower()
    kind = plain if plain in GOVERNMENT_IDS else ""
    kind = kind or next((value for word, value in _WORDS.items() if word in plain), "")
    if not kind:
        kind = "passport" if paper["schema"] == "Passport" else "personal-id"
    identifier = first(paper, "number") or first(paper, "passportNumber")
    country = first(paper, "country").upper()
    return {"name": title, "type": kind, "country": country, "identifier": identifier}
