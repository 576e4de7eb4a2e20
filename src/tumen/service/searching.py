"""A search by text: what is asked of it, and who is found, in order and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tumen.errors import RequestError
from tumen.model.entity import schemata
from tumen.model.vocabulary import schema_words, value_label
from tumen.service.columns import Mask
from tumen.service.querying import Query, SyntaxFault, find
from tumen.service.schemas import searched
from tumen.service.scopes import Scope, Scopes
from tumen.service.wire import INSTANTS

_FACET_LABELS = {
    "datasets": "Data sources",
    "schema": "Entity types",
    "countries": "Countries",
    "identifiers": "Identifiers",
    "topics": "Topics",
    "genders": "Genders",
}
_VALUE_TYPES = {"countries": "country", "topics": "topic"}
_MOST_VALUES = 1000


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for. `filters` are (field, value); with `all_must_hold` each by itself,
    else those of one field are alternatives. `sorts` are (field, is descending).
    """

    query: Query
    schema: str = "Thing"
    include_datasets: frozenset[str] = frozenset()
    exclude_datasets: frozenset[str] = frozenset()
    exclude_schemas: frozenset[str] = frozenset()
    changed_since: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    all_must_hold: bool = False
    sorts: tuple[tuple[str, bool], ...] = ()
    facets: tuple[str, ...] = ()


class Found(NamedTuple):
    """One page of entity numbers, how many there are in all, and the facets' counts."""

    numbers: list[int]
    total: int
    facets: dict[str, list[tuple[str, int]]]


def search(scopes: Scopes, scope: Scope, asked: Search, limit: int, offset: int) -> Found:
    """The entities that are found, best first unless they are to be sorted otherwise."""
    found = find(scopes.texts, asked.query, len(scopes.entities))
    mask = found.mask & _admitted(scopes, scope, asked)
    ordered = _ordered(scopes, np.flatnonzero(mask), found.scores, asked.sorts)
    facets = {name: scopes.entities.columns[name].counts(mask) for name in asked.facets}
    return Found(ordered[offset : offset + limit].tolist(), len(ordered), facets)


def labelled(scopes: Scopes, facet: str, counts: Sequence[tuple[str, int]]) -> dict[str, object]:
    """A facet's counts with words for people."""
    values = [
        {"name": value, "label": _label(scopes, facet, value), "count": count}
        for value, count in counts[:_MOST_VALUES]
    ]
    return {"label": _FACET_LABELS[facet], "values": values}


def _label(scopes: Scopes, facet: str, value: str) -> str:
    if facet == "datasets":
        return scopes.datasets[value].title if value in scopes.datasets else value
    if facet == "schema":
        return schema_words(value).plural if value in schemata() else value
    if facet == "genders":
        return value.capitalize()
    return value_label(_VALUE_TYPES.get(facet, ""), value)


def _admitted(scopes: Scopes, scope: Scope, asked: Search) -> Mask:
    names = scope.names
    if asked.include_datasets:
        names &= asked.include_datasets
    schemas = searched(asked.schema) - asked.exclude_schemas
    mask = scopes.mask(names - asked.exclude_datasets, schemas)
    if asked.changed_since:
        mask = mask & scopes.entities.changed_since(asked.changed_since)
    for field, values in _groups(asked):
        mask = mask & scopes.having(field, values)
    return mask


def _groups(asked: Search) -> list[tuple[str, frozenset[str]]]:
    if asked.all_must_hold:
        return [(field, frozenset([value])) for field, value in asked.filters]
    groups: dict[str, set[str]] = {}
    for field, value in asked.filters:
        groups.setdefault(field, set()).add(value)
    return [(field, frozenset(values)) for field, values in groups.items()]


def _ordered(
    scopes: Scopes,
    numbers: NDArray[np.int64],
    scores: NDArray[np.float32],
    sorts: Sequence[tuple[str, bool]],
) -> NDArray[np.int64]:
    # The best known entities have the most values; they come first among equals.
    weight = np.sqrt(0.5 * scopes.entities.value_counts[numbers])
    keys: list[NDArray[Any]] = [scopes.entities.id_ranks[numbers], -(scores[numbers] + weight)]
    for field, is_descending in reversed(sorts):
        if field != "_score":
            keys += _sort_keys(scopes, numbers, field, is_descending=is_descending)
    return numbers[np.lexsort(keys)]


def _sort_keys(
    scopes: Scopes, numbers: NDArray[np.int64], field: str, *, is_descending: bool
) -> list[NDArray[Any]]:
    """The rank of each entity by a field, and (which counts first) whether it has no value."""
    if field in INSTANTS:
        values = scopes.entities.instants[field][numbers]
        is_missing = values == b""
    elif scopes.texts.has_field(field):
        known = scopes.texts.extremes(field, is_least=not is_descending)
        texts = [known.get(number) for number in numbers.tolist()]
        values = np.array([(text or "").encode() for text in texts], dtype=object)
        is_missing = np.array([text is None for text in texts], dtype=bool)
    else:
        raise SyntaxFault(f"Search error: there is no field {field!r} to sort by")
    ranks = np.unique(values, return_inverse=True)[1]
    return [-ranks if is_descending else ranks, is_missing]


def sorted_by(
    scopes: Scopes, numbers: Sequence[int], sorts: Sequence[tuple[str, bool]]
) -> list[int]:
    """Entities by some fields, else in the order given."""
    given = np.array(numbers, dtype=np.int64)
    keys: list[NDArray[Any]] = [np.arange(len(given))]
    for field, is_descending in reversed(sorts):
        keys += _sort_keys(scopes, given, field, is_descending=is_descending)
    found: list[int] = given[np.lexsort(keys)].tolist()
    return found


def read_filter(text: str) -> tuple[str, str]:
    """A filter `field:value`. Raises RequestError where it is none."""
    field, colon, value = text.partition(":")
    if not colon:
        raise RequestError(f"Invalid filter: {text!r}")
    return field, value


def read_sort(text: str) -> tuple[str, bool]:
    """A sort `field`, `field:asc` or `field:desc`: the field, and whether it descends."""
    field, colon, order = text.rpartition(":")
    if not colon:
        return text, False
    return field, order == "desc"
