"""One row of a book → a subject, or why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from tumen.errors import RecordError
from tumen.model.entity import Entity, Schema, get_schema, schemata
from tumen.screening.headings import (
    ADDRESS_PART,
    GROUP,
    ID,
    SCHEMA,
    SCHEMA_WORDS,
    find_schema,
    is_party,
)
from tumen.screening.held import (
    NAMES,
    held_subjects,
    is_held,
    is_of_another,
    is_wallet,
    without_currency,
)
from tumen.screening.subject import RecordProblem, Subject
from tumen.screening.values import MAX_VALUES, cell_texts, is_placeholder, read_values

_Values = dict[str, tuple[str, ...]]
# Where a row's schema lacks the property that its column names, the one that says the same.
_INSTEAD = {
    "nationality": "country",
    "citizenship": "country",
    "jurisdiction": "country",
    "flag": "country",
    "isin": "isinCode",
}
# Without a type the row is the first of these that has most of the properties it states: a
# birth date makes a person, an IMO number a vessel, a bare name any legal entity.
_BY_EVIDENCE = (
    "LegalEntity",
    "Person",
    "Vessel",
    "Company",
    "Airplane",
    "CryptoWallet",
    "Security",
)
_NAME_PARTS = ("firstName", "secondName", "middleName", "fatherName", "lastName")
NAME_PROPERTIES = frozenset((*NAMES, *_NAME_PARTS))


@dataclass(slots=True)
class RowReader:
    """Reads rows of one file. `schema` is for rows that state no type of their own.

    `is_strict` makes a value that cannot be read a reason not to screen the row at all.
    `left_out` counts entities that are no parties, by schema.
    """

    file: str
    schema: str = ""
    date_order: str = ""
    is_strict: bool = False
    left_out: Counter[str] = field(default_factory=Counter)
    _seen: set[int] = field(default_factory=set)
    _last: int = 0

    def read(
        self,
        pairs: Iterable[tuple[str, Any]],
        number: int,
        notice: str = "",
        separator: str = ";",
    ) -> list[Subject | RecordProblem]:
        """The subject in (property, cell) pairs of row `number`, or why it gives none.

        Behind it stand the subjects of what is not the party itself (see `held`). `notice`
        warns of letters beyond ASCII in this file, where its encoding is a guess.
        """
        where = f"{self.file} row {number}"
        self._last = number
        row: dict[str, list[str]] = {}
        warnings: list[str] = []
        held: list[Subject] = []
        subject_id = ""
        try:
            for prop, cell in pairs:
                row.setdefault(prop, []).extend(cell_texts(cell, separator))
            if notice and not all(text.isascii() for texts in row.values() for text in texts):
                warnings.append(notice)
            subject_id = "; ".join(row.pop(ID, [])) or f"{self.file}#{number}"
            warnings += self._repeats(subject_id)
            groups = tuple(dict.fromkeys(row.pop(GROUP, [])))
            entity, unread, of_others = self._entity(subject_id, row)
            held += held_subjects(entity, of_others, where, tuple(warnings))
            self._check(entity, unread)
        except RecordError as error:
            row.setdefault(ID, [subject_id or f"{self.file}#{number}"])
            return [_problem(error, row, where, tuple(warnings)), *held]
        own = Subject(entity, where, (*warnings, *unread))
        return [replace(one, groups=groups) if groups else one for one in (own, *held)]

    def problem(self, error: RecordError, number: int) -> RecordProblem:
        """The problem of a row that could not even be taken apart."""
        self._last = number
        return RecordProblem.from_error(
            error, subject_id=f"{self.file}#{number}", where=f"{self.file} row {number}"
        )

    def rest(self, error: RecordError) -> RecordProblem:
        """The problem of all rows after the last one read."""
        number = self._last + 1
        return RecordProblem.from_error(
            error, subject_id=f"{self.file}#{number}-", where=f"{self.file} from row {number} on"
        )

    def _repeats(self, subject_id: str) -> list[str]:
        """A warning where an earlier row had this id. Only a number per id is remembered."""
        mark = hash(subject_id)
        if mark in self._seen:
            return [f"The id {subject_id!r} also names an earlier row"]
        self._seen.add(mark)
        return []

    def _entity(
        self, subject_id: str, row: dict[str, list[str]]
    ) -> tuple[Entity, list[str], _Values]:
        kinds = row.pop(SCHEMA, [])
        _compose_names(row)
        _compose_address(row)
        row = {prop: texts for prop, texts in row.items() if texts}
        schema = self._schema(kinds, row)
        own, unread, of_others = _properties(row, schema, self.date_order)
        return Entity(subject_id, schema.name, own), unread, of_others

    def _check(self, entity: Entity, unread: list[str]) -> None:
        """Raise RecordError where the entity is not to be screened."""
        types = get_schema(entity.schema).properties
        has_name = any(entity.get(prop) for prop in NAMES)
        if not has_name and not any(types[p].type == "identifier" for p in entity.properties):
            is_wallet_row = entity.schema == "CryptoWallet"
            mend = "Give the wallet's address" if is_wallet_row else "Give the party's name"
            raise RecordError("No name and no identifier", mend=mend)
        if unread and self.is_strict:
            raise RecordError("; ".join(unread), mend="Mend the value, or leave out --strict")

    def _schema(self, kinds: list[str], row: Mapping[str, list[str]]) -> Schema:
        if len(kinds) > 1:
            raise RecordError(f"Two types: {', '.join(kinds)}", mend="Give one")
        if kinds:
            name = find_schema(kinds[0])
            if name is None:
                raise RecordError(f"Unknown type {kinds[0]!r}", mend=f"Use {_usual_schemata()}")
        else:
            name = self.schema or _by_evidence(frozenset(row))
        schema = get_schema(name)
        if not is_party(schema):
            raise RecordError(f"{name} is no party to screen", mend=f"Use {_usual_schemata()}")
        return schema


def _problem(
    error: RecordError, row: dict[str, list[str]], where: str, warnings: tuple[str, ...]
) -> RecordProblem:
    names = [*row.get("name", []), " ".join(_parts(row)), *row.get("alias", [])]
    return RecordProblem(
        "; ".join(row.pop(ID)),
        next((name for name in names if name), ""),
        error.problem,
        error.mend,
        where,
        warnings,
        {"properties": {prop: texts for prop, texts in row.items() if texts}},
    )


def _usual_schemata() -> str:
    return ", ".join(SCHEMA_WORDS)


@lru_cache(maxsize=10_000)
def _by_evidence(row: frozenset[str]) -> str:
    """The schema that a row with values of these properties is of."""
    known = schemata()
    # A name next to a wallet is that of its holder.
    has_name = any(prop in NAME_PROPERTIES for prop in row)
    stated = [p for p in row if not (is_held(p) and has_name) and _INSTEAD.get(p) != "country"]
    return max(_BY_EVIDENCE, key=lambda name: sum(p in known[name].properties for p in stated))


def _properties(
    row: Mapping[str, list[str]], schema: Schema, date_order: str
) -> tuple[_Values, list[str], _Values]:
    """The row's own values, what played no part, and the values that are of something else."""
    own: dict[str, tuple[str, ...]] = {}
    of_others: dict[str, tuple[str, ...]] = {}
    unread: list[str] = []
    for stated, texts in row.items():
        if len(texts) > MAX_VALUES:
            raise RecordError(f"More than {MAX_VALUES} values of {stated}", mend="Split the row")
        place = _place(stated, schema.name)
        if place is None:
            unread.append(f"{schema.name} has no {stated}: {'; '.join(texts)!r} played no part")
            continue
        values, strange = _read(place.kind, texts, date_order)
        if is_wallet(place.prop):
            values = [without_currency(text) for text in values]
        unread += [f"{place.prop} {text!r} cannot be read and played no part" for text in strange]
        if values:
            found = of_others if place.is_other else own
            found[place.prop] = tuple(dict.fromkeys((*found.get(place.prop, ()), *values)))
    return own, unread, of_others


class _Place(NamedTuple):
    """Where a value goes: the property, its type, and whether it is of something else."""

    prop: str
    kind: str
    is_other: bool


@lru_cache(maxsize=10_000)
def _place(stated: str, schema: str) -> _Place | None:
    """The place of a stated property in a row of `schema`; None where there is none."""
    properties = get_schema(schema).properties
    prop = stated if stated in properties else _INSTEAD.get(stated, stated)
    if is_of_another(stated, schema, fits=prop in properties):
        return _Place(stated, "name" if stated in NAMES else "identifier", True)
    return _Place(prop, properties[prop].type, False) if prop in properties else None


def _read(kind: str, texts: list[str], date_order: str) -> tuple[list[str], list[str]]:
    """The values in a cell, and the texts that are none."""
    values, strange = read_values(kind, texts, date_order)
    if kind == "name":
        strange = [text for text in values if is_placeholder(text)]
        values = [text for text in values if not is_placeholder(text)]
    return values, strange


def _parts(row: Mapping[str, list[str]]) -> list[str]:
    return [text for part in _NAME_PARTS for text in row.get(part, [])]


def _compose_names(row: dict[str, list[str]]) -> None:
    """Make a whole name of its parts, where the name column lacks any of them.

    Some books keep the surname alone under "name", next to a first name.
    """
    parts = _parts(row)
    names = row.get("name", [])
    if not parts:
        return
    if not row.get("lastName") and names:
        parts = [*parts, names[0]]
    whole = _words(" ".join(parts))
    if not any(whole <= _words(name) for name in names):
        row["name"] = [" ".join(parts), *(name for name in names if not _words(name) <= whole)]


def _words(name: str) -> set[str]:
    return set(name.casefold().replace(",", " ").split())


def _compose_address(row: dict[str, list[str]]) -> None:
    """Join street, city and postal code to one address, after the address that is given."""
    parts = row.pop(ADDRESS_PART, [])
    if parts:
        given = row.get("address", [])
        row["address"] = [", ".join([*given[:1], *parts]), *given[1:]]
