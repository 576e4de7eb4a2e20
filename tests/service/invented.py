"""Invented lists for the service: two of sanctions, one of export controls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from tumen.model.entity import Entity
from tumen.model.listing import Designation, Link, ListedName, ListEntry, ListVersion
from tumen.store import Store

FIRST = datetime(2026, 1, 10, 6, 30, tzinfo=UTC)
PRIMO, SECUNDA, TERTIA = "un_sc_sanctions", "eu_fsf", "us_bis_denied"


def entry(
    entity_id: str,
    schema: str,
    designations: Sequence[Designation] = (),
    links: Sequence[Link] = (),
    **properties: str | Sequence[str],
) -> ListEntry:
    """A list entry with these properties."""
    given = {
        name: (values,) if isinstance(values, str) else tuple(values)
        for name, values in properties.items()
    }
    names = tuple(ListedName(text) for text in given.get("name", ()))
    return ListEntry(Entity(entity_id, schema, given), names, tuple(designations), tuple(links))


def version(list_id: str, entries: Sequence[ListEntry], mark: str, at: datetime) -> ListVersion:
    """The version of a list that holds these entries."""
    hashed = mark * 64
    return ListVersion(
        list_id, hashed, "invented", date(2026, 1, 9), at, len(entries), len(entries), ("f",)
    )


UN = Designation("United Nations Security Council", "DPRK", listed_on="2016-11-30", reason="Trade")
EU = Designation("Council of the European Union", "PRK", listed_on="2017-01-05")
FIRST_ENTRIES = (
    entry(
        f"{PRIMO}:1",
        "Person",
        [UN],
        [Link("Ownership", f"{PRIMO}:2", role="shareholder"), Link("Family", "", "Ri Invented")],
        name="Quill Feathersby",
        alias=["Кuill Feathersby", "Quillon Feathersby"],
        weakAlias="The Silver Fox",
        birthDate="1955-03-02",
        nationality="kp",
        passportNumber="K7700123",
    ),
    entry(
        f"{PRIMO}:2",
        "Company",
        [UN],
        name="Feathersby Maritime Trading Company",
        country="kp",
        registrationNumber="778899-Q",
    ),
    entry(f"{PRIMO}:3", "Vessel", [UN], name="Blue Quill", imoNumber="9074729", flag="kp"),
)
SECOND_ENTRIES = (
    entry(f"{SECUNDA}:10", "Person", [EU], name="Oleg Zavodnikov", birthDate="1968", country="ru"),
    entry(f"{SECUNDA}:11", "Organization", [EU], name="Brigade of Invented Stars", country="ru"),
)
THIRD_ENTRIES = (entry(f"{TERTIA}:7", "LegalEntity", name="Denied Quill Holdings", country="cn"),)


def add_lists(store_url: str) -> None:
    """Put the invented lists into a store."""
    with Store.open(store_url) as store:
        for list_id, entries, mark in (
            (PRIMO, FIRST_ENTRIES, "a"),
            (SECUNDA, SECOND_ENTRIES, "b"),
            (TERTIA, THIRD_ENTRIES, "c"),
        ):
            store.add_version(version(list_id, entries, mark, FIRST), entries)
