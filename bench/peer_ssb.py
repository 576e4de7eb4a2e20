"""Both engines as scorers of two names of persons, each name made ready once."""

from __future__ import annotations

from functools import cache

from followthemoney.proxy import EntityProxy

from bench import peer
from tumen import Entity, compare


@cache
def _asked(name: str) -> EntityProxy:
    return _person("asked", name)


@cache
def _listed(name: str) -> EntityProxy:
    return _person("listed", name)


def _person(side: str, name: str) -> EntityProxy:
    # The name is the id: that is how the peer's caches tell entities apart.
    person = {"schema": "Person", "properties": {"name": [name]}}
    return peer.proxy(person, f"{side}:{name}")


def peer_names(query: str, name: str) -> float:
    """logic-v2 on two names of persons."""
    return peer.compare(_asked(query), _listed(name))


def tumen_names(query: str, name: str) -> float:
    """tumen on two names of persons."""
    return compare(_entity(query), _entity(name)).score


@cache
def _entity(name: str) -> Entity:
    return Entity(name, "Person", {"name": (name,)})
