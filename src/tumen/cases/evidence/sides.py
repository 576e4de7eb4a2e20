"""The party as screened beside the entry as published, field by field, with what each says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tumen.model.countries import country_name
from tumen.model.dates import parse_date
from tumen.model.entity import schemata
from tumen.model.statements import compared_form

_NAMES = ("name", "alias", "previousName", "weakAlias")
_FIRST = ("birthDate", "deathDate", "birthPlace", "nationality", "citizenship", "country", "gender")
AGREES, DIFFERS, ALIKE = "agrees", "differs", "alike"
ONLY_OURS, ONLY_LISTED = "not on the list", "not stated by us"


class Row(NamedTuple):
    """One field of both sides, and how the two stand to one another."""

    field: str
    ours: tuple[str, ...]
    listed: tuple[str, ...]
    says: str


def sides(ours: Mapping[str, Any], listed: Mapping[str, Any], is_alike: bool = False) -> list[Row]:
    """The two entities (as FollowTheMoney mappings) aligned; names first, then what tells most.

    `is_alike`: the engine found their names alike, though no two are the same.
    """
    left, right = _properties(ours), _properties(listed)
    rows = [_type_row(ours, listed), _name_row(left, right, is_alike)]
    fields = dict.fromkeys((*_FIRST, *sorted({*left, *right} - {*_FIRST, *_NAMES})))
    for field in fields:
        if field in left or field in right:
            mine, theirs = left.get(field, ()), right.get(field, ())
            shown = (_shown(field, mine), _shown(field, theirs))
            rows.append(Row(_label(field, ours, listed), *shown, _says(field, mine, theirs)))
    return [row for row in rows if row.ours or row.listed]


def _properties(entity: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    given = entity.get("properties")
    if not isinstance(given, Mapping):
        return {}
    return {
        name: tuple(map(str, values if isinstance(values, list | tuple) else [values]))
        for name, values in given.items()
        if values
    }


def _type_row(ours: Mapping[str, Any], listed: Mapping[str, Any]) -> Row:
    kinds = [str(one.get("schema", "")) for one in (ours, listed)]
    labels = [schemata()[one].label if one in schemata() else one for one in kinds]
    says = _stated(*kinds) or (AGREES if _is_kin(*kinds) else DIFFERS)
    ours_shown, listed_shown = ((label,) if label else () for label in labels)
    return Row("Type", ours_shown, listed_shown, says)


def _is_kin(one: str, other: str) -> bool:
    known = schemata()
    if one not in known or other not in known:
        return one == other
    return known[one].is_a(other) or known[other].is_a(one)


def _name_row(
    left: Mapping[str, tuple[str, ...]], right: Mapping[str, tuple[str, ...]], is_alike: bool
) -> Row:
    mine, theirs = ([_named(one) for one in _names(side)] for side in (left, right))
    forms = [{compared_form("name", text) for _, text in _names(side)} for side in (left, right)]
    says = _stated(mine, theirs)
    if not says:
        says = AGREES if forms[0] & forms[1] else ALIKE if is_alike else DIFFERS
    return Row("Names", tuple(mine), tuple(theirs), says)


def _names(side: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(kind, text) for kind in _NAMES for text in side.get(kind, ())]


def _named(name: tuple[str, str]) -> str:
    words = {"alias": "alias", "previousName": "former", "weakAlias": "weak alias"}
    kind, text = name
    return f"{text} ({words[kind]})" if kind in words else text


def _says(field: str, mine: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    if one_sided := _stated(mine, theirs):
        return one_sided
    forms = [{compared_form(field, one) for one in side} for side in (mine, theirs)]
    is_same = bool(forms[0] & forms[1]) or _overlap(field, mine, theirs)
    return AGREES if is_same else DIFFERS


def _stated(mine: object, theirs: object) -> str:
    if mine and theirs:
        return ""
    return ONLY_OURS if mine else ONLY_LISTED


def _overlap(field: str, mine: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether two dates may be one: a year and a day in it."""
    if not field.endswith("Date"):
        return False
    pairs = ((parse_date(one), parse_date(other)) for one in mine for other in theirs)
    return any(a and b and a.first <= b.last and b.first <= a.last for a, b in pairs)


def _shown(field: str, values: tuple[str, ...]) -> tuple[str, ...]:
    if field in ("nationality", "citizenship", "country", "jurisdiction", "flag", "birthCountry"):
        return tuple(f"{country_name(one)} ({one})" for one in values)
    return values


def _label(field: str, *entities: Mapping[str, Any]) -> str:
    for entity in entities:
        schema = schemata().get(str(entity.get("schema", "")))
        if schema and field in schema.properties:
            return schema.properties[field].label
    return field
