"""What a party's row says of other things: a wallet, a vessel, a passport that is not its own.

FollowTheMoney gives a person or a company no wallet. Such an identifier makes a second subject
of the row, so that it is screened as well and the result still leads back to the party.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tumen.matching.facts import COUNTRY_PROPERTIES
from tumen.model.entity import Entity
from tumen.screening.subject import Subject

NAMES = ("name", "alias", "previousName", "weakAlias")
# What follows must be long enough for an address: a part of it is never taken for a currency.
_CURRENCY = re.compile(r"[A-Za-z]{3,8}(?::\s*|\s+)(?=\S{20,}$)")


class _Thing(NamedTuple):
    """A second subject: its schema, and the word in its id and its caption."""

    schema: str
    word: str


_WALLET = _Thing("CryptoWallet", "wallet")
_VESSEL = _Thing("Vessel", "vessel")
_PERSON = _Thing("Person", "person")
_PARTY = _Thing("Company", "party")
_HOLDER = _Thing("LegalEntity", "holder")
# Only identifiers that comparison reads: a subject made of any other could not be screened.
_THINGS: Mapping[str, _Thing] = {
    **dict.fromkeys(("publicKey", "cryptoAddress"), _WALLET),
    **dict.fromkeys(("imoNumber", "mmsi", "callSign"), _VESSEL),
    **dict.fromkeys(("passportNumber", "socialSecurityNumber"), _PERSON),
    "serialNumber": _Thing("Airplane", "aircraft"),
    "isin": _Thing("Security", "security"),
    **dict.fromkeys(
        ("leiCode", "swiftBic", "innCode", "ogrnCode", "kppCode", "okpoCode", "dunsCode"), _PARTY
    ),
    **dict.fromkeys(
        ("uniqueEntityId", "idNumber", "taxNumber", "vatCode", "registrationNumber", "isinCode"),
        _PARTY,
    ),
}


def is_wallet(prop: str) -> bool:
    """Whether a property holds the address of a wallet."""
    return prop in _THINGS and _THINGS[prop] is _WALLET


def without_currency(text: str) -> str:
    """A wallet's address without the currency that books put before it: `ETH: 0x…`, `XBT 1…`."""
    found = _CURRENCY.match(text)
    return text[found.end() :] if found else text


def is_of_another(prop: str, schema: str, *, fits: bool) -> bool:
    """Whether a value of a row of `schema` is of something other than what the row is.

    `fits` says that the schema has the property. A name fits a wallet, but no list names
    wallets: it is that of the wallet's holder.
    """
    if schema == _WALLET.schema and prop in NAMES:
        return True
    return not fits and prop in _THINGS


def is_held(prop: str) -> bool:
    """Whether an identifier is of what parties hold, and so says nothing of the party's type."""
    return prop in _THINGS and _THINGS[prop].schema in (_WALLET.schema, "Security")


def held_subjects(
    party: Entity, found: Mapping[str, tuple[str, ...]], where: str, warnings: tuple[str, ...]
) -> Iterator[Subject]:
    """A subject for each wallet, and one for each other kind of thing, among the values `found`.

    Its id is `<party's id>#wallet-1`, and it says in its caption whose it is.
    """
    things: dict[_Thing, dict[str, tuple[str, ...]]] = {}
    for prop, values in found.items():
        things.setdefault(_THINGS.get(prop, _HOLDER), {})[prop] = values
    for thing, properties in things.items():
        parts = _one_by_one(properties) if thing is _WALLET else [properties]
        for number, part in enumerate(parts, start=1):
            own_id = f"{party.entity_id}#{thing.word}-{number}"
            caption = f"{thing.word.capitalize()} of {party.caption}"
            if thing is _HOLDER:
                caption = ""
                part = {**part, **_countries(party)}
            yield Subject(Entity(own_id, thing.schema, part), where, warnings, caption)


def _one_by_one(properties: Mapping[str, tuple[str, ...]]) -> list[dict[str, tuple[str, ...]]]:
    return [{prop: (value,)} for prop, values in properties.items() for value in values]


def _countries(party: Entity) -> dict[str, tuple[str, ...]]:
    return {prop: values for prop in COUNTRY_PROPERTIES if (values := party.get(prop))}
