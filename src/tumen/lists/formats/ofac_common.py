"""What all formats of OFAC's lists share: one record gathered, and made into entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tumen.lists.entry import EntryBuilder
from tumen.model.entity import Entity, get_schema
from tumen.model.listing import (
    Designation,
    Link,
    ListedName,
    ListEntry,
    NameKind,
    NameQuality,
    SourceField,
)

AUTHORITY = "Office of Foreign Assets Control"
SCHEMAS = {
    "individual": "Person",
    "entity": "Organization",
    "": "Organization",  # `-0-` in the CSV
    "vessel": "Vessel",
    "aircraft": "Airplane",
}
WALLET_ROLE = "Digital Currency Address"
_NOTHING = frozenset({"-0-", "-0", "undetermined"})
_ORDER = re.compile(r"EO[ -]?(\d{5})")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)


def clean(text: str | None) -> str:
    """`text` with single blanks; empty where OFAC writes `-0-` or `undetermined`."""
    plain = " ".join(text.split()) if text else ""
    return "" if plain in _NOTHING else plain


def split_person(published: str) -> tuple[str, str, str]:
    """Given names, surname and suffix of `SURNAME, Given`; one part alone is all surname.

    The suffix may stand anywhere: `KNOWLES, JR., Samuel` and `REYES, Feliciano, Jr.`
    """
    surname, *rest = [part.strip() for part in published.split(",") if part.strip()] or [""]
    if len(rest) < 2:
        return "".join(rest), surname, ""
    suffix = " ".join(part for part in rest if _SUFFIX.fullmatch(part))
    given = " ".join(part for part in rest if not _SUFFIX.fullmatch(part))
    return given, surname, suffix


def legal_basis(programme: str) -> str:
    """The executive order that a programme tag such as `RUSSIA-EO14024` names; else empty."""
    found = _ORDER.search(programme)
    return f"Executive Order {found.group(1)}" if found else ""


class OfacEntryBuilder(EntryBuilder):
    """Gathers what one OFAC record states, then makes its entry and those of its wallets.

    `ofac_type` is `Individual`, `Entity`, `Vessel`, `Aircraft` or, in CSV, `-0-`.
    `published_name` is the primary name as OFAC writes it, by which others refer to it.
    """

    def __init__(
        self,
        list_id: str,
        uid: str,
        ofac_type: str,
        *,
        file: str,
        locator: str,
        unknown: Counter[str],
    ) -> None:
        kind = clean(ofac_type).lower()
        schema = SCHEMAS.get(kind, "LegalEntity")
        super().__init__(f"{list_id}:{uid}", schema, file=file, locator=locator, unknown=unknown)
        if kind not in SCHEMAS:
            self.add_unknown("type", ofac_type)
        self.published_name = ""
        self.topic = "sanction"
        self.listed_on: dict[str, None] = {}
        self.measures: dict[str, None] = {}
        self.wallets: dict[str, dict[str, None]] = {}

    @property
    def is_person(self) -> bool:
        """Whether OFAC calls the party an individual."""
        return self.schema == "Person"

    def add(self, prop: str, value: str, field: str, *, raw: str = "") -> None:
        """Add a value; what only companies have (ISIN, ticker) makes an organisation one."""
        if (
            self.schema == "Organization"
            and prop not in get_schema("Organization").properties
            and prop in get_schema("Company").properties
        ):
            self.schema = "Company"
        super().add(prop, value, field, raw=raw)

    def add_published_name(
        self,
        published: str,
        field: str,
        *,
        kind: NameKind = NameKind.PRIMARY,
        quality: NameQuality = NameQuality.UNSTATED,
        script: str = "",
    ) -> None:
        """Add a name as OFAC writes it: `SURNAME, Given` for people, else as it stands."""
        if kind is NameKind.PRIMARY and not self.published_name:
            self.published_name = published
        if self.is_person and "," in published:
            given, surname, suffix = split_person(published)
            text = " ".join(part for part in (given, surname, suffix) if part)
        else:
            given, surname, suffix, text = "", "", "", published
        script = script or ("Latn" if text.isascii() else "")
        self.add_name(ListedName(text, kind, quality, script), field, raw=published)
        # The parts of a nickname or of a former name are not the person's own.
        if given and quality is not NameQuality.WEAK and kind is not NameKind.FORMER:
            self.add("firstName", given, field, raw=published)
            self.add("lastName", surname, field, raw=published)
            self.add("nameSuffix", suffix, field, raw=published)

    def add_postal_address(self, parts: Iterable[str], country: str, field: str) -> None:
        """Add a postal address, its country (a name or code) also as the party's country."""
        cleaned = [clean(part) for part in (*parts, country)]
        self.add("address", ", ".join(part for part in cleaned if part), field)
        self.add_country("country", clean(country), f"{field} country")

    def add_programme(
        self, tag: str, *, listed_on: str = "", reference: str = "", source_url: str = ""
    ) -> None:
        """Add one designation under the programme `tag`."""
        self.add("programId", tag, "program")
        self.designate(
            Designation(
                AUTHORITY,
                tag,
                legal_basis(tag),
                listed_on,
                reference=reference,
                source_url=source_url,
            )
        )

    def add_measure(self, text: str) -> None:
        """Add a restriction or risk note in OFAC's words; it goes with every designation."""
        if text:
            self.measures[text] = None

    def add_wallet(self, currency: str, address: str) -> None:
        """Add a digital currency address, which becomes an entry of its own."""
        if address:
            self.wallets.setdefault(address, {})[currency] = None

    def build_all(self) -> list[ListEntry]:
        """The entry, then one for each wallet, all with the same designations."""
        self.add("topics", self.topic, "list")
        self._complete_designations()
        for address in self.wallets:
            self.link(Link("Ownership", self._wallet_id(address), address, WALLET_ROLE))
        owner = self.build()
        return [owner, *self._wallet_entries(owner)]

    def _complete_designations(self) -> None:
        # OFAC's listing dates name a directive, not a programme: with several dates they
        # stay in `measures`, which carry OFAC's whole text, and no designation claims one.
        listed_on = next(iter(self.listed_on)) if len(self.listed_on) == 1 else ""
        self.designations = [
            replace(one, measures=tuple(self.measures), listed_on=one.listed_on or listed_on)
            for one in self.designations
        ]

    def _wallet_id(self, address: str) -> str:
        return f"{self.entity_id}-wallet-{address}"

    def _wallet_entries(self, owner: ListEntry) -> Iterator[ListEntry]:
        """FollowTheMoney gives people no wallet property: each address is a CryptoWallet."""
        back = Link("Ownership", self.entity_id, owner.entity.caption, WALLET_ROLE, is_inverse=True)
        for address, currencies in self.wallets.items():
            properties = {
                "publicKey": (address,),
                "currency": tuple(currencies),
                "holder": (self.entity_id,),
                "programId": owner.entity.get("programId"),
                "topics": (self.topic,),
            }
            yield ListEntry(
                Entity(self._wallet_id(address), "CryptoWallet", properties),
                (),
                owner.designations,
                (back,),
                "",
                owner.file,
                owner.locator,
                tuple(
                    SourceField("publicKey", address, f"{WALLET_ROLE} - {currency}")
                    for currency in currencies
                ),
            )


def is_wallet(entry: ListEntry) -> bool:
    """Whether the entry was made from an address that another entry states."""
    return entry.entity.schema == "CryptoWallet"


def resolve_links(builders: Iterable[OfacEntryBuilder]) -> None:
    """Fill the target ids of links that name, exactly, the primary name of one other entry."""
    gathered = list(builders)
    owners: dict[str, list[str]] = {}
    for builder in gathered:
        owners.setdefault(builder.published_name.casefold(), []).append(builder.entity_id)
    for builder in gathered:
        builder.links = [_resolve(link, owners) for link in builder.links]


def _resolve(link: Link, owners: dict[str, list[str]]) -> Link:
    found = owners.get(link.target_name.casefold(), [])
    if link.target_id or len(found) != 1:
        return link
    return replace(link, target_id=found[0])
