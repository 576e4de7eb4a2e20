"""Accuracy on labelled pairs: F1 and AUC at the threshold, recall and false rate by group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from bench.data import Entity, entity, rows
from tumen.model.dates import read_date

Score = Callable[[Entity, Entity], float]
THRESHOLD = 0.70


class Pair(NamedTuple):
    """Two entities, whether they are the same party, and the group that they are counted in."""

    left: Entity
    right: Entity
    is_same: bool
    group: str


def name_pairs() -> list[Pair]:
    """Labelled name pairs of persons, companies and vessels."""
    return [
        Pair(
            entity(row["schema"], "l", name=row["name1"]),
            entity(row["schema"], "r", name=row["name2"]),
            row["is_match"] == "true",
            row["schema"],
        )
        for row in rows("name_pairs_dev.csv")
    ]


_SCHEMATA = {"individual": "Person", "entity": "Organization", "vessel": "Vessel"}


def crosslist_pairs() -> list[Pair]:
    """Entries of different lists with human judgements; names and birth dates."""
    found = []
    for row in rows("crosslist_pairs_dev.csv"):
        sides = []
        for side in ("left", "right"):
            schema = _SCHEMATA[row[f"{side}_type"]]
            # Each list writes dates in its own way; both engines get them in one.
            born = (read_date(row[f"{side}_dob"]) or "") if schema == "Person" else ""
            name = row[f"{side}_name"]
            sides.append(entity(schema, row[f"{side}_id"], name=name, birthDate=born))
        found.append(Pair(sides[0], sides[1], row["label"] == "positive", row["left_type"]))
    return found


def alias_pairs() -> list[Pair]:
    """A listed person's primary name with an own alias, or with the likest other person's name."""
    return [
        Pair(
            entity(row["schema"], "l", name=row["name1"]),
            entity(row["schema"], "r", name=row["name2"]),
            row["is_match"] == "true",
            row["group"],
        )
        for row in rows("alias_pairs_dev.csv")
    ]


class Result(NamedTuple):
    """Figures of one set for one engine."""

    f1: float
    auc: float
    exactly_one: float
    groups: dict[str, tuple[float, float]]


def measure(pairs: Iterable[Pair], score: Score) -> Result:
    """Score all pairs and sum up; a group's figures are recall and false rate."""
    scored = [(score(pair.left, pair.right), pair) for pair in pairs]
    groups: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for value, pair in scored:
        groups[pair.group].append((value, pair.is_same))
        groups["all"].append((value, pair.is_same))
    whole = groups["all"]
    hits = [is_same for value, is_same in whole if value >= THRESHOLD]
    positives = sum(is_same for _, is_same in whole)
    f1 = 2 * sum(hits) / (len(hits) + positives)
    ones = sum(value >= 1.0 for value, _ in whole) / len(whole)
    return Result(f1, auc(whole), ones, {name: _rates(found) for name, found in groups.items()})


def _rates(found: list[tuple[float, bool]]) -> tuple[float, float]:
    true = [value >= THRESHOLD for value, is_same in found if is_same]
    false = [value >= THRESHOLD for value, is_same in found if not is_same]
    return sum(true) / max(len(true), 1), sum(false) / max(len(false), 1)


def auc(found: list[tuple[float, bool]]) -> float:
    """The chance that a true pair scores above a false one (ties count half)."""
    ranked = sorted(found)
    total, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        rank = (place + 1 + end) / 2
        total += rank * sum(is_same for _, is_same in ranked[place:end])
        place = end
    positives = sum(is_same for _, is_same in ranked)
    negatives = len(ranked) - positives
    return (total - positives * (positives + 1) / 2) / (positives * negatives)
