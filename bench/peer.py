"""nomenklatura's logic-v2 beside us: the same mappings in, its score out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from followthemoney import model
from followthemoney.proxy import EntityProxy
from nomenklatura.matching.logic_v2.model import LogicV2

from bench.data import Entity
from tumen.matching.facts import DATE_PROPERTIES

_CONFIG = LogicV2.default_config()


def proxy(entity: Mapping[str, Any], identity: str) -> EntityProxy:
    """The mapping as the peer takes it.

    Its caches know an entity by its id alone, so ids must be unique in the whole run.
    """
    properties = {name: list(values) for name, values in entity["properties"].items()}
    for name in set(DATE_PROPERTIES) & properties.keys():
        properties[name] = [part for value in properties[name] for part in _partial_dates(value)]
    data = {"id": identity, "schema": entity["schema"], "properties": properties}
    return model.get_proxy(data, cleaned=False)


def _partial_dates(value: str) -> list[str]:
    """A date as it reads dates: a span as its two ends, without the sign for "about"."""
    return [part.rstrip("~") for part in value.split("/")]


def compare(left: EntityProxy, right: EntityProxy) -> float:
    """Its score of two prepared entities."""
    score: float = LogicV2.compare(left, right, _CONFIG).score
    return score


class PairScore:
    """Scores pairs of mappings that have nothing to do with one another."""

    def __init__(self, run: str) -> None:
        self._run, self._count = run, 0

    def __call__(self, left: Entity, right: Entity) -> float:
        """The score of one pair."""
        self._count += 1
        ids = (f"{self._run}-{self._count}-{side}" for side in "lr")
        return compare(proxy(left, next(ids)), proxy(right, next(ids)))
