"""Compares two parties without any list: the same arithmetic as a screening uses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from tumen.matching.compare import compare_facts
from tumen.matching.facts import facts_of
from tumen.matching.rarity import Rarity
from tumen.matching.score import THRESHOLD
from tumen.model.entity import Entity
from tumen.model.screening import Comparison

Party = Mapping[str, Any] | Entity


def compare(left: Party, right: Party, *, threshold: float = THRESHOLD) -> Comparison:
    """How alike two parties are, FollowTheMoney mappings or entities; names weigh by the
    shipped word shares. Raises RecordError for a mapping that is no entity.
    """
    ours, theirs = (
        one if isinstance(one, Entity) else Entity.from_mapping(one) for one in (left, right)
    )
    return compare_facts(facts_of(ours), facts_of(theirs), _shipped(), threshold=threshold)


@cache
def _shipped() -> Rarity:
    return Rarity()
