"""A list of a million names: the real lists, filled up with persons recombined from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tumen.matching.snapshot import Listed, Snapshot
from tumen.model.entity import Entity

NAMES = 1_000_000
INVENTED = "recombined"


def million(real: Snapshot, names: int = NAMES) -> Iterator[Listed]:
    """All entities of `real`, then invented persons until there are `names` names.

    A person's given names and family name come from two listed persons of one country, so
    that common names stay as common as they are. No chance is in it: each run is the same.
    """
    done = 0
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for number in range(len(real)):
        one = real.listed(number)
        done += len(one.entity.properties.get("name", ())) + _aliases(one.entity)
        if one.entity.schema == "Person":
            groups[_country(one.entity)].extend(_halves(one.entity))
        yield one
    pairs = _recombined([group for group in groups.values() if len(group) > 1])
    for number, name in zip(range(names - done), pairs, strict=False):
        yield Listed(INVENTED, Entity(f"{INVENTED}:{number}", "Person", {"name": (name,)}), ())


def _aliases(entity: Entity) -> int:
    kinds = ("alias", "weakAlias", "previousName")
    return sum(len(entity.properties.get(kind, ())) for kind in kinds)


def _country(entity: Entity) -> str:
    for name in ("nationality", "citizenship", "country"):
        if values := entity.properties.get(name):
            return str(values[0])
    return ""


def _halves(entity: Entity) -> Iterator[tuple[str, str]]:
    """Given names and family name of each name that a person has, as far as they can be told."""
    for text in entity.properties.get("name", ()):
        family, comma, given = text.partition(",")
        words = text.split()
        if comma and given.strip():
            yield given.strip(), family.strip()
        elif len(words) > 1:
            yield " ".join(words[:-1]), words[-1]


def _recombined(groups: list[list[tuple[str, str]]]) -> Iterator[str]:
    """Each person of a country with the family name of the next, of the one after, and so on."""
    for step in range(1, NAMES):
        for group in groups:
            if step < len(group):
                for place, (given, _) in enumerate(group):
                    yield f"{given} {group[(place + step) % len(group)][1]}"
