"""Two sides of a comparison as a reviewer reads them: field by field, with what each comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tumen.matching.facts import (
    COUNTRY_PROPERTIES,
    DATE_PROPERTIES,
    IDENTIFIER_PROPERTIES,
    plain_identifier,
)
from tumen.model.countries import country_name
from tumen.model.entity import schemata
from tumen.model.materiality import FIELDS, rule_of
from tumen.screening.headings import plain
from tumen.service.pages.comparison_rows import Agreement, SideRow, SideValue, compare_values

_NAMES = {
    "name": "",
    "alias": "alias",
    "previousName": "former name",
    "weakAlias": "weak alias",
}
_NAME_PARTS = ("firstName", "secondName", "middleName", "fatherName", "lastName")
_COUNTRIES = tuple(dict.fromkeys(COUNTRY_PROPERTIES))
_PLAIN_ROWS = (("Birth place", "birthPlace", "place"), ("Gender", "gender", "gender"))
_FEATURES = {
    "name": "Name",
    "birth_date": "Date",
    "nationality": "Country",
    "country": "Country",
    "place": "Birth place",
    "gender": "Gender",
    "identifier": "Identifier",
    "schema": "Kind",
}


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one feature did to the score: it went from `before` to `after`, both in [0, 1]."""

    label: str
    text: str
    effect: float
    before: float
    after: float

    @property
    def is_gain(self) -> bool:
        """Whether it raised the score."""
        return self.effect >= 0


def score_parts(reasons: Iterable[Mapping[str, Any]]) -> list[ScorePart]:
    """The score as its reasons build it up, in their order; the last `after` is the score."""
    parts, before = [], 0.0
    for reason in reasons:
        effect = float(reason["effect"])
        after = min(1.0, max(0.0, before + effect))
        label = _FEATURES.get(reason["feature"], str(reason["feature"]))
        parts.append(ScorePart(label, str(reason["text"]), effect, before, after))
        before = after
    return parts


def align(
    left: Mapping[str, Any], right: Mapping[str, Any], reasons: Sequence[Mapping[str, Any]] = ()
) -> list[SideRow]:
    """Both sides (FollowTheMoney mappings), what was compared first and the rest behind it.

    Where nothing is known of a side any more, the values that met stand for it.
    """
    ours, theirs = _Side(left), _Side(right)
    by_feature = {str(reason["feature"]): reason for reason in reasons}
    rows = [
        _kind(ours, theirs, by_feature.get("schema")),
        compare_values("Name", ours.names(), theirs.names(), plain, by_feature.get("name")),
        *_dates(ours, theirs, by_feature.get("birth_date")),
        compare_values(
            "Country",
            ours.countries(),
            theirs.countries(),
            plain,
            by_feature.get("nationality") or by_feature.get("country"),
        ),
        *(
            compare_values(label, ours.of(name), theirs.of(name), plain, by_feature.get(feature))
            for label, name, feature in _PLAIN_ROWS
        ),
        *_identifiers(ours, theirs, by_feature.get("identifier")),
        *_rest(ours, theirs),
    ]
    return [row for row in rows if row.left or row.right]


class _Side:
    """The values of one side."""

    def __init__(self, entity: Mapping[str, Any]) -> None:
        self.schema = str(entity.get("schema", ""))
        self.properties: dict[str, list[str]] = {
            str(name): [values] if isinstance(values, str) else [str(one) for one in values]
            for name, values in (entity.get("properties") or {}).items()
        }

    def of(self, *names: str, kinds: Mapping[str, str] | None = None) -> tuple[SideValue, ...]:
        """The values of some properties."""
        said = kinds or {}
        return tuple(
            SideValue(value, said.get(name, ""))
            for name in names
            for value in self.properties.get(name, ())
        )

    def names(self) -> tuple[SideValue, ...]:
        found = {one.text: one for one in reversed(self.of(*_NAMES, kinds=_NAMES))}
        parts = " ".join(one.text for one in self.of(*_NAME_PARTS))
        return tuple(reversed(found.values())) or ((SideValue(parts),) if parts else ())

    def countries(self) -> tuple[SideValue, ...]:
        kinds: dict[str, list[str]] = {}
        for name in _COUNTRIES:
            for code in self.properties.get(name, ()):
                said = kinds.setdefault(country_name(code), [])
                said += [_label(name).lower()] if name != "country" else []
        return tuple(SideValue(name, ", ".join(said)) for name, said in kinds.items())

    def identifiers(self) -> dict[str, tuple[SideValue, ...]]:
        found: dict[str, list[SideValue]] = {}
        for name, kind in IDENTIFIER_PROPERTIES.items():
            found.setdefault(kind, []).extend(self.of(name))
        return {kind: tuple(values) for kind, values in found.items() if values}


def _kind(ours: _Side, theirs: _Side, reason: Mapping[str, Any] | None) -> SideRow:
    """Person or company. A kind that contains the other (legal entity, person) does not differ."""
    left, right = ours.schema, theirs.schema
    shown = [(SideValue(_schema_label(one)),) if one else () for one in (left, right)]
    row = compare_values("Kind", shown[0], shown[1], plain, reason)
    known = schemata()
    if reason is None and left != right and left in known and right in known:
        is_near = known[left].is_a(right) or known[right].is_a(left)
        if is_near:
            return SideRow("Kind", row.left, row.right, Agreement.SIMILAR)
    return row


def _dates(ours: _Side, theirs: _Side, reason: Mapping[str, Any] | None) -> Iterator[SideRow]:
    """One row for dates of birth, founding and building, as they are compared."""
    left, right = ours.of(*DATE_PROPERTIES), theirs.of(*DATE_PROPERTIES)
    here = [name for name in DATE_PROPERTIES if {name} & (ours.properties.keys() |
                                                          theirs.properties.keys())]  # fmt: skip
    label = " or ".join(_label(name).lower() for name in here).capitalize() or "Date"
    yield compare_values(label, left, right, str.strip, reason)


def _identifiers(ours: _Side, theirs: _Side, reason: Mapping[str, Any] | None) -> Iterator[SideRow]:
    """A row for each kind of number; one row where the same number stands under two kinds."""
    left, right = ours.identifiers(), theirs.identifiers()
    kinds = dict.fromkeys((*left, *right))
    spoken = _spoken_kinds(reason, kinds) if reason is not None else ()
    if reason is not None and spoken:
        here = tuple(one for kind in spoken for one in left.get(kind, ()))
        there = tuple(one for kind in spoken for one in right.get(kind, ()))
        label = " / ".join(spoken)
        yield compare_values(_capital(label), here, there, _bare(spoken), reason)
    elif reason is not None:
        yield compare_values("Identifier", (), (), str.strip, reason)
    for kind in kinds:
        if kind not in spoken:
            form = _bare((kind,))
            yield compare_values(_capital(kind), left.get(kind, ()), right.get(kind, ()), form)


def _spoken_kinds(reason: Mapping[str, Any], kinds: Iterable[str]) -> tuple[str, ...]:
    """The kinds of number that a reason speaks of."""
    text = str(reason["text"])
    twice = text.startswith("the number ")
    return tuple(
        kind for kind in kinds if (f"as {kind}" in text if twice else text.startswith(f"{kind} "))
    )


def _bare(kinds: Sequence[str]) -> Callable[[str], str]:
    def form(text: str) -> str:
        for kind in kinds:
            # As `the number … stands on both sides` writes it.
            text = text.removeprefix(f"{kind} ")
        return plain_identifier(kinds[0], text) or text.strip()

    return form


def _rest(ours: _Side, theirs: _Side) -> Iterator[SideRow]:
    """What no feature compares, without what is about the record alone."""
    told = {*_NAMES, *_COUNTRIES, *DATE_PROPERTIES, *IDENTIFIER_PROPERTIES, "birthPlace", "gender"}
    if ours.of("name", "alias") and theirs.of("name", "alias"):
        told |= {*_NAME_PARTS}
    order = {name: place for place, name in enumerate(FIELDS)}
    names = (ours.properties.keys() | theirs.properties.keys()) - told
    for name in sorted(names, key=lambda one: (order.get(one, len(FIELDS)), one)):
        if rule_of(name).kind != "about the record":
            yield compare_values(_label(name), ours.of(name), theirs.of(name), plain)


def _label(name: str) -> str:
    for schema in ("Person", "Company", "Vessel", "Airplane", "CryptoWallet", "Security"):
        if found := schemata()[schema].properties.get(name):
            return found.label
    return name


def _schema_label(name: str) -> str:
    found = schemata().get(name)
    return found.label if found else name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
