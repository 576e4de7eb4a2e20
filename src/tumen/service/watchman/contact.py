"""How to reach an entity: addresses, wallets, mail, telephone and pages."""

from __future__ import annotations

from typing import Any

from tumen.service.watchman.wire import Wire, first, nested, texts

_BLANK = {
    "line1": "", "line2": "", "city": "", "postalCode": "", "state": "", "country": "",
    "latitude": 0.0, "longitude": 0.0,
}  # fmt: skip


def contact_of(wire: Wire) -> dict[str, Any]:
    """The contact section; a list that does not tell fax from telephone gives no fax numbers."""
    return {
        "emailAddresses": texts(wire, "email") or None,
        "phoneNumbers": texts(wire, "phone") or None,
        "faxNumbers": None,
        "websites": texts(wire, "website") or None,
    }


def addresses_of(wire: Wire) -> list[dict[str, Any]] | None:
    """Addresses taken apart where the list did so, else each whole in its first line."""
    parted = [_parted(one) for one in nested(wire, "addressEntity")]
    known = {first(one, "full") for one in nested(wire, "addressEntity")}
    whole = [{**_BLANK, "line1": text} for text in texts(wire, "address") if text not in known]
    return [*parted, *whole] or None


def _parted(address: Wire) -> dict[str, Any]:
    street = first(address, "street") or first(address, "postOfficeBox")
    city = first(address, "city")
    return {
        **_BLANK,
        "line1": street or ("" if city else first(address, "full")),
        "line2": first(address, "street2"),
        "city": city,
        "postalCode": first(address, "postalCode"),
        "state": first(address, "state") or first(address, "region"),
        "country": first(address, "country").upper(),
    }


def wallets_of(wire: Wire) -> list[dict[str, str]] | None:
    """The wallets of an entity, or of the wallet that it is."""
    wallets = nested(wire, "cryptoWallets")
    found = [
        {"currency": first(one, "currency"), "address": key}
        for one in (wire, *wallets)
        for key in texts(one, "publicKey", "cryptoAddress")
    ]
    return found or None
