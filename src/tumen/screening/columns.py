"""Which property each column of a book gives; a column that nobody knows is never ignored."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from tumen.errors import RequestError, SourceError
from tumen.model.entity import schemata
from tumen.screening.headings import (
    ADDRESS_PART,
    GROUP,
    HEADINGS,
    ID,
    SCHEMA,
    find_property,
    known_headings,
    party_properties,
    plain,
)

IGNORED = ""
UNNAMED = "?"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What the user said about columns: `given` maps headings to properties, `ignored` go unread.

    Raises RequestError where a property is not one of FollowTheMoney, `id`, `schema` or `group`.
    """

    given: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for heading, prop in self.given.items():
            if prop not in _properties():
                near = difflib.get_close_matches(prop, _properties(), n=1, cutoff=0.5)
                hint = f"; do you mean {near[0]!r}?" if near else ""
                raise RequestError(f"Column {heading!r} cannot give {prop!r}, no property{hint}")

    def stated(self, heading: str) -> str | None:
        """What the user says of a heading: a property or `IGNORED`; None where nothing."""
        form = plain(heading)
        for name, prop in self.given.items():
            if name == heading or plain(name) == form:
                return prop
        is_ignored = any(name == heading or plain(name) == form for name in self.ignored)
        return IGNORED if is_ignored else None

    def find(self, heading: str) -> str | None:
        """The property of a heading, `IGNORED`, or None where nobody knows it."""
        stated = self.stated(heading)
        return find_property(heading) if stated is None else stated

    def check_used(self, headings: Sequence[str], file: str) -> None:
        """Raise RequestError where the user names a column that `file` does not have."""
        present = {plain(heading) for heading in headings}
        for name in (*self.given, *self.ignored):
            if plain(name) not in present:
                listed = _quoted([heading for heading in headings if heading])
                raise RequestError(f"{file} has no column {name!r}; it has {listed}")


def read_columns(headings: Sequence[str], choice: ColumnChoice, file: str) -> tuple[str, ...]:
    """The property of each column, `IGNORED` or `UNNAMED` (no heading: no value may stand there).

    Raises SourceError for columns that nobody knows, and where no column can name a party.
    """
    choice.check_used(headings, file)
    found: list[str] = []
    unknown: list[str] = []
    for heading in headings:
        prop = choice.find(heading) if heading.strip() else UNNAMED
        if prop is None:
            unknown.append(heading)
        found.append(prop or IGNORED)
    if unknown and len(unknown) == len(headings):
        raise SourceError(
            f"The first row has no heading that tumen knows: {_quoted(unknown)}",
            where=file,
            mend="It must hold headings such as name, date_of_birth, country; "
            "or say --column 'Heading=name'",
        )
    if unknown:
        raise SourceError(_unknown(unknown), where=file, mend=_mend(*unknown))
    if not any(_can_name(prop) for prop in found):
        raise SourceError(
            "No column gives a name or an identifier",
            where=file,
            mend="The first row must hold headings such as name, date_of_birth, country; "
            "or say --column 'Heading=name'",
        )
    return tuple(found)


def unknown_key(heading: str) -> tuple[str, str]:
    """Problem and mend for one key of a JSON record that nobody knows."""
    return _unknown([heading]), _mend(heading)


def _unknown(headings: Sequence[str]) -> str:
    described = [f"{heading!r}{_nearest(heading)}" for heading in headings]
    return f"Unknown column{'s' if len(described) > 1 else ''} {', '.join(described)}"


def _quoted(headings: Sequence[str]) -> str:
    return ", ".join(repr(heading) for heading in headings)


def _nearest(heading: str) -> str:
    by_form = {plain(known): known for known in known_headings()}
    near = difflib.get_close_matches(plain(heading), by_form, n=1, cutoff=0.75)
    return f" (the nearest known is {by_form[near[0]]!r})" if near else ""


def _mend(*headings: str) -> str:
    ignored = " ".join(f"--ignore-column '{heading}'" for heading in headings)
    it = "each" if len(headings) > 1 else "it"
    return f"Say what {it} holds with --column '{headings[0]}=property', or leave it out: {ignored}"


def _can_name(prop: str) -> bool:
    return _types().get(prop, "") in {"name", "identifier", "namepart"}


@cache
def _properties() -> frozenset[str]:
    return party_properties() | {*HEADINGS, ID, SCHEMA, GROUP}


@cache
def _types() -> dict[str, str]:
    found = {p.name: p.type for schema in schemata().values() for p in schema.properties.values()}
    return found | {"firstName": "namepart", "lastName": "namepart", ADDRESS_PART: ""}
