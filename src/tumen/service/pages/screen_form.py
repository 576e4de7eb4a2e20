"""The form of a name to be screened: its fields, and the subjects that it asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tumen.errors import RecordError, RequestError
from tumen.screening.policy import Policy
from tumen.screening.rows import RowReader
from tumen.screening.subject import RecordProblem, Subject
from tumen.service.routes.v1.screen_shapes import Terms
from tumen.service.routes.v1.subjects import Item

# Value of the form → how it is called.
KINDS = (
    ("", "Anything"),
    ("Person", "Person"),
    ("Organization", "Company or other organisation"),
    ("Vessel", "Vessel"),
    ("Airplane", "Aircraft"),
    ("CryptoWallet", "Wallet"),
    ("Security", "Security"),
)
NUMBERS = (
    ("passportNumber", "Passport"),
    ("idNumber", "Identity number"),
    ("registrationNumber", "Registration number"),
    ("taxNumber", "Tax number"),
    ("leiCode", "LEI"),
    ("innCode", "INN"),
    ("ogrnCode", "OGRN"),
    ("swiftBic", "BIC"),
    ("imoNumber", "IMO number"),
    ("mmsi", "MMSI"),
    ("publicKey", "Wallet address"),
    ("email", "E-mail"),
    ("phone", "Telephone"),
)
# Field of the form → property.
DETAILS = (
    ("alias", "Other names", "alias"),
    ("birth_date", "Birth date or year", "birthDate"),
    ("country", "Country", "country"),
    ("nationality", "Nationality", "nationality"),
    ("birth_place", "Birth place", "birthPlace"),
    ("gender", "Gender", "gender"),
    ("address", "Address", "address"),
)
_OTHERS = ("name", "kind", "number", "number_kind", "reference")
FIELDS = (*_OTHERS, *(field for field, _, _ in DETAILS))
# Candidates from here on are shown where somebody wants to see more than hits.
WIDE = 0.5
_ASKED = "asked"
# What marks the second look at a bare name.
THING = " as a thing"
_LONGEST = 2_000


def read_form(typed: Mapping[str, str]) -> list[Item]:
    """Whom the form asks about. Raises RequestError where it names nobody.

    A bare name may be anything: it is asked for as a person or organisation, and once more as a
    thing that has a name (a vessel), as the one is never compared with the other.
    """
    given = {name: typed.get(name, "").strip() for name in FIELDS}
    if too_long := [name for name, value in given.items() if len(value) > _LONGEST]:
        raise RequestError(f"{too_long[0]} is longer than {_LONGEST:,} letters: shorten it")
    if given["kind"] not in dict(KINDS):
        raise RequestError(f"There is no kind {given['kind']!r}")
    if not given["name"] and not given["number"]:
        raise RequestError("Give a name, or a number that names one party")
    pairs = [(prop, given[field]) for field, _, prop in DETAILS]
    pairs.append(("name", given["name"]))
    if given["number"]:
        if given["number_kind"] not in dict(NUMBERS):
            raise RequestError("Say what kind of number it is")
        pairs.append((given["number_kind"], given["number"]))
    asked = given["reference"] or _ASKED
    items = _read(asked, given["kind"], pairs)
    if _may_be_a_thing(items, given["kind"]):
        named = [pair for pair in pairs if pair[0] in ("name", "alias")]
        items += _read(f"{asked}{THING}", "Vessel", named)
    return items


def read_terms(typed: Mapping[str, str], usual: Policy) -> Terms:
    """How to screen. Raises RequestError for a day that is none."""
    cutoff = min(WIDE, usual.threshold, usual.floor) if typed.get("wide") else None
    day = typed.get("as_of", "").strip()
    try:
        return Terms(cutoff=cutoff, as_of=date.fromisoformat(day) if day else None)
    except ValueError:
        raise RequestError(f"{day!r} is no day: write it as 2024-02-20") from None


def _read(asked: str, kind: str, pairs: list[tuple[str, str]]) -> list[Item]:
    record = [("id", asked), ("schema", kind), *((p, v) for p, v in pairs if v)]
    try:
        items: list[Item] = list(RowReader(_ASKED).read(record, 1))
    except RecordError as error:
        items = [RecordProblem.from_error(error, subject_id=asked)]
    return [replace(item, where="") for item in items]


def _may_be_a_thing(items: list[Item], kind: str) -> bool:
    first = items[0]
    if kind or not isinstance(first, Subject) or first.entity.schema != "LegalEntity":
        return False
    return bool(first.entity.names)
