"""What an entry states, as flat fields: each published value beside the form it is compared in.

Two values with one compared form say the same: they differ in blanks, capitals or, in
identifiers, signs. Places in the file (`file`, `locator`) and the way a value was read
(`fields`) are no statements.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from tumen.model.entity import Entity, schemata
from tumen.model.listing import Designation, Link, ListedName, ListEntry, NameKind, NameQuality

# Field → published value → the form in which it is compared.
Statements = Mapping[str, Mapping[str, str]]

PROGRAMME = "programme"
SCHEMA = "schema"
LINK = "link"
# FollowTheMoney has two properties for what a designation calls its programme.
_PROGRAMME_PROPERTIES = ("programId", "program")
_WALLET_PROPERTIES = frozenset({"publicKey", "cryptoAddress"})
# What usually holds for all designations of an entry is said once where it does.
_SHARED = {"listed_on": "listed on", "measures": "measure", "reason": "reason"}
_OWN = {
    "authority": "authority",
    "legal_basis": "legal basis",
    "ends_on": "ends on",
    "amended_on": "amended on",
    "reference": "reference",
    "source_url": "source",
}
_KIND_FIELDS = {NameKind.PRIMARY: "name", NameKind.ALIAS: "alias", NameKind.FORMER: "previousName"}
_SIGNS = re.compile(r"[\W_]+")


def statements_of(entry: ListEntry) -> Statements:
    """Every statement of an entry: properties, names, designations, links, remarks."""
    found = _statements(entry.entity)
    for name in entry.names:
        _put(found, name_field(name), name.text)
    for field, value in _designated(entry.designations):
        _put(found, field, value)
    for link in entry.links:
        found.setdefault(LINK, {})[_link_text(link)] = _link_key(link)
    _put(found, "remarks", entry.remarks)
    return found


def statements_of_entity(entity: Entity) -> Statements:
    """Every statement of an entity that is no list entry: its schema and properties."""
    return _statements(entity)


def name_field(name: ListedName) -> str:
    """The field that a name belongs to, by its kind and quality."""
    is_weak = name.quality is NameQuality.WEAK and name.kind is not NameKind.PRIMARY
    return "weakAlias" if is_weak else _KIND_FIELDS[name.kind]


def compared_form(field: str, value: str) -> str:
    """The form in which a value of `field` is compared.

    Blanks and capitals play no part, nor do the signs in an identifier. Of a wallet the
    letters count as they are, except where its address means the same in any case (`0x…`).
    """
    plain = value if value.isascii() else unicodedata.normalize("NFC", value)
    plain = " ".join(plain.split())
    if field in _WALLET_PROPERTIES:
        return plain.lower() if plain[:2].lower() == "0x" else plain
    folded = plain.casefold()
    return (_SIGNS.sub("", folded) or folded) if field in _identifiers() else folded


def _statements(entity: Entity) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {SCHEMA: {entity.schema: entity.schema}}
    for name, values in entity.properties.items():
        field = PROGRAMME if name in _PROGRAMME_PROPERTIES else name
        for value in values:
            _put(found, field, value)
    return found


def _put(found: dict[str, dict[str, str]], field: str, value: str) -> None:
    if value and not value.isspace():
        found.setdefault(field, {})[value] = compared_form(field, value)


def _designated(designations: tuple[Designation, ...]) -> Iterable[tuple[str, str]]:
    """(field, value) of all designations; a value that not all share names its programme."""
    for one in designations:
        yield PROGRAMME, one.programme
        for slot, field in _OWN.items():
            if value := getattr(one, slot):
                yield field, value if slot == "authority" else _under(one.programme, value)
    for slot, field in _SHARED.items():
        stated = [_values(one, slot) for one in designations]
        shared = set.intersection(*map(set, stated)) if stated else set()
        for one, values in zip(designations, stated, strict=True):
            for value in values:
                yield field, value if value in shared else _under(one.programme, value)


def _values(designation: Designation, slot: str) -> tuple[str, ...]:
    value: str | tuple[str, ...] = getattr(designation, slot)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _under(programme: str, value: str) -> str:
    return f"{programme}: {value}" if programme else value


def _link_text(link: Link) -> str:
    whom = " ".join(part for part in (link.target_name, link.target_id) if part)
    role = f" ({link.role})" if link.role else ""
    return f"{link.kind}{role} {'by' if link.is_inverse else 'of'} {whom}"


def _link_key(link: Link) -> str:
    # A target that is known by its id stays the same one under another name.
    whom = link.target_id or compared_form("name", link.target_name)
    return "\t".join((link.kind, whom, compared_form("role", link.role), str(link.is_inverse)))


@cache
def _identifiers() -> frozenset[str]:
    """The properties that hold identifiers or telephone numbers in every schema with them."""
    properties = [p for schema in schemata().values() for p in schema.properties.values()]
    others = {p.name for p in properties if p.type not in ("identifier", "phone")}
    return frozenset(p.name for p in properties) - others - {*_PROGRAMME_PROPERTIES}
