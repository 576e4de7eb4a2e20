"""A small list of invented and well-known parties for the tests of screening."""

from __future__ import annotations

from typing import Any

IMO = "9074729"
WALLET = "1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2"


def party(*names: str, schema: str = "Person", identity: str = "", **values: str) -> dict[str, Any]:
    """A FollowTheMoney mapping with these names and one value for each further property."""
    properties = {name: [value] for name, value in values.items()}
    if names:
        properties["name"] = list(names)
    return {"id": identity, "schema": schema, "properties": properties}


def listed(
    identity: str, *names: str, schema: str = "Person", dataset: str = "alpha", **values: str
) -> dict[str, Any]:
    """A listed party, of the list `alpha` unless another is named."""
    one = party(*names, schema=schema, identity=identity, **values)
    return {**one, "datasets": [dataset]}


def small_list() -> list[dict[str, Any]]:
    """Persons, companies, a vessel, a wallet and a party of unknown kind, of two lists."""
    return [
        listed("kim", "KIM Jong Un", birthDate="1984-01-08", nationality="kp"),
        listed("ro", "RO Kwang Chol", birthDate="1948", nationality="kp"),
        listed("petrov", "PETROV, Ivan Ivanovich", birthDate="1968-02-24", nationality="ru",
               passportNumber="P 1234567"),
        listed("vladimir", "Volodymyr ZHOVNIRCHUK", nationality="ua"),
        listed("gaddafi", "Muammar Mohammed Abu Minyar QADHAFI", "Muammar Qadhafi"),
        listed("fox", "ROE, Jane", weakAlias="The Silver Fox", birthDate="1971-03-04"),
        listed("corp", "11420 CORP.", schema="Company"),
        listed("abc", "A-B-C Company", schema="Company"),
        listed("haige", "GUANGZHOU HAIGE COMMUNICATIONS GROUP", schema="Company", country="cn"),
        listed("lukoil", "LUKOIL OIL COMPANY", schema="Company", leiCode="253400M18U5TB02TW421"),
        listed("cnooc", "CNOOC ENERGY TECHNOLOGY & SERVICES LIMITED", schema="Company"),
        listed("unit", "Military Unit 55111", schema="Organization"),
        listed("ship", "CHON MA SAN 2", schema="Vessel", imoNumber=IMO, dataset="beta"),
        listed("wallet", schema="CryptoWallet", publicKey=WALLET, dataset="beta"),
        listed("star", "Zavodnikov Star Trading", schema="LegalEntity", dataset="beta"),
        listed("petrov2", "Ivan Ivanovich PETROV", birthDate="1968-02-24", dataset="beta"),
    ]  # fmt: skip
