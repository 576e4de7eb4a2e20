"""Which added entries have been listed before: under the same id, or by a strong identifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tumen.matching.facts import facts_of, identifiers_of
from tumen.model.listing import ListEntry
from tumen.names.vessel import imo_number

# Kinds of number that name one party by themselves, and those that do within their country.
_WORLDWIDE = frozenset({"LEI", "wallet", "OGRN", "ISIN", "UEI", "DUNS"})
_NATIONAL = frozenset({"passport", "identity number", "tax number", "INN", "registration number"})
_LEAST_NATIONAL = 6
_LEI_LENGTH, _BIC_LENGTH = 20, 8


def relistings(
    added: Iterable[ListEntry], departed: Iterable[ListEntry], known_ids: Iterable[str] = ()
) -> Mapping[str, str]:
    """Added entity id → the id of the entry that it was listed as before.

    `departed` are entries that are no longer listed, `known_ids` ids of earlier versions. Its
    own id comes first, then the first departed entry that shares a strong identifier.
    """
    gone = sorted(departed, key=lambda entry: entry.entity.entity_id)
    ids = {entry.entity.entity_id for entry in gone} | set(known_ids)
    by_number: dict[str, str] = {}
    for entry in gone:
        for number in strong_numbers(entry):
            by_number.setdefault(number, entry.entity.entity_id)
    found = {}
    for entry in added:
        entity_id = entry.entity.entity_id
        if entity_id in ids:
            found[entity_id] = entity_id
        elif numbers := sorted(strong_numbers(entry) & by_number.keys()):
            found[entity_id] = by_number[numbers[0]]
    return found


def strong_numbers(entry: ListEntry) -> frozenset[str]:
    """The identifiers that by themselves name one party, as text with their kind and country.

    A number with a wrong check digit, and one of a country's with no country, are none.
    """
    entity = entry.entity
    countries = sorted(facts_of(entity).countries)
    found = set()
    for kind, value in identifiers_of(entity):
        if _is_worldwide(kind, value):
            found.add(f"{kind} {value}")
        elif kind in _NATIONAL and len(value) >= _LEAST_NATIONAL:
            found |= {f"{kind} {country} {value}" for country in countries}
    return frozenset(found)


def _is_worldwide(kind: str, value: str) -> bool:
    if kind == "IMO number":
        return imo_number(value) is not None
    if kind == "LEI":
        return len(value) == _LEI_LENGTH and value.isascii() and _mod_97(value) == 1
    if kind == "BIC":
        return len(value) == _BIC_LENGTH and value[:6].isalpha()
    return kind in _WORLDWIDE


def _mod_97(text: str) -> int:
    """The check of ISO 7064 (MOD 97-10): letters count from A = 10; 1 where it is right."""
    return int("".join(str(int(char, 36)) for char in text)) % 97
