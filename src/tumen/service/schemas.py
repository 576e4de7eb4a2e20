"""Which schemata it makes sense to compare or to search for one that is asked for."""

from __future__ import annotations

from functools import cache

from tumen.errors import RequestError
from tumen.model.entity import schemata

# The base of all things; asking for it asks for every kind of thing.
BASE = "Thing"


@cache
def comparable(schema: str) -> frozenset[str]:
    """What a subject of this schema may be: its matchable ancestors and descendants."""
    known = schemata()
    if not known[schema].is_matchable:
        return descendants(schema) if schema == BASE else frozenset()
    ancestors = known[schema].ancestors
    return frozenset(
        name
        for name, other in known.items()
        if other.is_matchable and (name in ancestors or other.is_a(schema))
    )


@cache
def searched(schema: str) -> frozenset[str]:
    """What a search for this schema shows. Raises RequestError where there is none such."""
    known = schemata()
    if schema not in known:
        raise RequestError("Invalid schema")
    if known[schema].is_matchable:
        return comparable(schema)
    return descendants(schema) | {schema}


@cache
def descendants(schema: str) -> frozenset[str]:
    """All schemata that extend this one."""
    return frozenset(
        name for name, other in schemata().items() if other.is_a(schema) and name != schema
    )
