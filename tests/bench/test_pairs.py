"""The measuring arithmetic: what F1, AUC and the rates of a group are."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from bench.data import entity
from bench.pairs import Pair, auc, measure
from hypothesis import given
from hypothesis import strategies as st


def scored(values: Sequence[tuple[float, bool, str]]) -> tuple[list[Pair], dict[str, float]]:
    """Pairs whose left ids name the score that they shall get."""
    pairs = [
        Pair(entity("Person", str(number)), entity("Person", "r"), is_same, group)
        for number, (_, is_same, group) in enumerate(values)
    ]
    return pairs, {str(number): value for number, (value, _, _) in enumerate(values)}


def test_f1_counts_hits_at_the_threshold_and_above() -> None:
    """Protects the headline figure: 2 right hits, 1 wrong, 1 missed make 2·2 / (3 + 3)."""
    pairs, scores = scored(
        [(0.9, True, "a"), (0.70, True, "a"), (0.69, True, "a"), (0.8, False, "a")]
    )
    result = measure(pairs, lambda left, _: scores[left["id"]])
    assert result.f1 == pytest.approx(4 / 6)


def test_the_rates_are_those_of_the_group() -> None:
    """Protects recall and false rate by group from mixing the groups."""
    pairs, scores = scored(
        [
            (0.9, True, "korean"),
            (0.1, True, "korean"),
            (0.9, False, "korean"),
            (0.2, True, "russian"),
            (0.1, False, "russian"),
        ]
    )
    result = measure(pairs, lambda left, _: scores[left["id"]])
    assert result.groups["korean"] == (0.5, 1.0)
    assert result.groups["russian"] == (0.0, 0.0)
    assert result.groups["all"] == (pytest.approx(1 / 3), 0.5)


def test_the_share_of_ones_counts_only_ones() -> None:
    """Protects the measure of scores that leave a reviewer no order."""
    pairs, scores = scored([(1.0, True, "a"), (0.9999, True, "a"), (0.5, False, "a")])
    result = measure(pairs, lambda left, _: scores[left["id"]])
    assert result.exactly_one == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("found", "area"),
    [
        ([(0.9, True), (0.1, False)], 1.0),
        ([(0.1, True), (0.9, False)], 0.0),
        ([(0.5, True), (0.5, False)], 0.5),
        ([(0.9, True), (0.4, True), (0.6, False), (0.1, False)], 0.75),
        ([(0.5, True), (0.5, False), (0.5, False), (0.1, False)], 2 / 3),
    ],
)
def test_auc_of_known_cases(found: list[tuple[float, bool]], area: float) -> None:
    """Protects the area under the curve, ties included."""
    assert auc(found) == pytest.approx(area)


@given(
    st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]), min_size=1, max_size=12),
    st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]), min_size=1, max_size=12),
)
def test_auc_is_the_share_of_pairs_in_order(true: list[float], false: list[float]) -> None:
    """Protects the ranking shortcut: it must equal counting every true against every false."""
    found = [(value, True) for value in true] + [(value, False) for value in false]
    wins = sum((one > other) + 0.5 * (one == other) for one in true for other in false)
    assert auc(found) == pytest.approx(wins / (len(true) * len(false)))
