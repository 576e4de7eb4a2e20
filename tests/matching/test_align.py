"""Pairing the words of two names, and the number that follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.matching.align import Pair, Side, align, quality, score_alignment

UNIT = st.floats(0.0, 1.0, allow_nan=False)
WEIGHT = st.floats(0.05, 1.0, allow_nan=False)


def _side(*weights: float) -> Side:
    return Side(weights, tuple(max(weight, 1.0) for weight in weights))


def _score(left: Side, right: Side, links: list[Pair], per_absence: float = 0.2) -> float:
    found = align(left, right, links)
    return score_alignment(found, left, right, likeness=0.0, per_absence=per_absence)


def _links(*pairs: tuple[int, int, float]) -> list[Pair]:
    return [Pair((i,), (j,), similarity) for i, j, similarity in pairs]


@st.composite
def _names(draw: st.DrawFn) -> tuple[Side, Side, list[Pair]]:
    """Two names of up to four words and any links between them, each of its own likeness."""
    lefts = draw(st.lists(WEIGHT, min_size=1, max_size=4))
    rights = draw(st.lists(WEIGHT, min_size=1, max_size=4))
    cells = [(i, j) for i in range(len(lefts)) for j in range(len(rights))]
    chosen = draw(st.lists(st.sampled_from(cells), unique=True))
    steps = draw(st.permutations(range(len(chosen))))
    ranked = zip(chosen, steps, strict=True)
    links = [Pair((i,), (j,), 0.7 + 0.018 * step) for (i, j), step in ranked]
    return _side(*lefts), _side(*rights), links


# --- quality -------------------------------------------------------------------------------


@given(UNIT, UNIT)
def test_quality_rises_with_similarity(one: float, other: float) -> None:
    """A likelier pair never counts less."""
    low, high = sorted((one, other))
    assert quality(low) <= quality(high) + 1e-9


@given(UNIT)
def test_quality_stays_between_0_and_its_similarity(similarity: float) -> None:
    """A slip costs more than its share of letters, and nothing is worth more than it is alike."""
    assert 0.0 <= quality(similarity) <= similarity + 1e-9


def test_the_same_word_counts_in_full() -> None:
    """No slip, no cost; at the other end unlike words count nothing."""
    assert quality(1.0) == 1.0
    assert quality(0.0) == 0.0


# --- align ---------------------------------------------------------------------------------


def test_each_word_is_paired_once() -> None:
    """One `Muhammad` on the left does not meet two on the right."""
    found = align(_side(1.0), _side(1.0, 1.0), _links((0, 0, 1.0), (0, 1, 1.0)))
    assert len(found.pairs) == 1
    assert (found.left_rest, found.right_rest) == ((), (1,))


def test_the_likelier_pair_goes_first() -> None:
    """`Jon` goes to `Jon`, and what is left over to `John`."""
    links = _links((0, 0, 0.8), (0, 1, 1.0), (1, 0, 0.8), (1, 1, 0.8))
    found = align(_side(1.0, 1.0), _side(1.0, 1.0), links)
    assert {(pair.left, pair.right) for pair in found.pairs} == {((0,), (1,)), ((1,), (0,))}


def test_words_written_as_one_are_used_up_together() -> None:
    """`JPMorgan` takes both of `JP Morgan`."""
    joined = Pair((0,), (0, 1), 0.98)
    found = align(_side(1.0), _side(1.0, 1.0), [joined, *_links((0, 1, 0.7))])
    assert found.pairs == (joined,)
    assert found.right_rest == ()


@given(_names())
def test_every_word_is_in_a_pair_or_left_over(names: tuple[Side, Side, list[Pair]]) -> None:
    """No word is counted twice or forgotten."""
    left, right, links = names
    found = align(left, right, links)
    ours = [i for pair in found.pairs for i in pair.left] + list(found.left_rest)
    theirs = [j for pair in found.pairs for j in pair.right] + list(found.right_rest)
    assert sorted(ours) == list(range(len(left.weights)))
    assert sorted(theirs) == list(range(len(right.weights)))
    assert 0 <= found.matched <= found.full + 1e-9


@given(_names(), UNIT, st.sampled_from([0.2, 0.75, 1.3]))
def test_the_sides_may_be_swapped(
    names: tuple[Side, Side, list[Pair]], likeness: float, per_absence: float
) -> None:
    """Screening A against B says the same as B against A."""
    left, right, links = names
    turned = [Pair(pair.right, pair.left, pair.similarity) for pair in links]
    terms = {"likeness": likeness, "per_absence": per_absence}
    one = score_alignment(align(left, right, links), left, right, **terms)
    other = score_alignment(align(right, left, turned), right, left, **terms)
    assert one == pytest.approx(other, abs=1e-6)


# --- score ---------------------------------------------------------------------------------


@given(_names(), UNIT, st.sampled_from([0.2, 0.75, 1.3]))
def test_a_score_lies_between_0_and_1(
    names: tuple[Side, Side, list[Pair]], likeness: float, per_absence: float
) -> None:
    """Whatever the words weigh."""
    left, right, links = names
    found = align(left, right, links)
    score = score_alignment(found, left, right, likeness=likeness, per_absence=per_absence)
    assert 0.0 <= score <= 1.0


@given(st.lists(WEIGHT, min_size=1, max_size=5))
def test_the_same_words_score_1(weights: list[float]) -> None:
    """However common they are: how much that tells is said elsewhere."""
    side = _side(*weights)
    links = _links(*((i, i, 1.0) for i in range(len(weights))))
    assert _score(side, side, links) == pytest.approx(1.0)


def test_nothing_in_common_scores_0() -> None:
    """Names without a pair of words are not alike at all."""
    assert _score(_side(1.0, 1.0), _side(1.0), []) == 0.0


@given(st.lists(WEIGHT, min_size=2, max_size=4), WEIGHT, WEIGHT)
def test_a_conflict_lowers_more_than_an_absence(
    weights: list[float], ours: float, theirs: float
) -> None:
    """`Kim Jong Sik` is not `Kim Jong Un`, but `Ivan Petrov` may be `Ivan Ivanovich Petrov`."""
    links = _links(*((i, i, 1.0) for i in range(len(weights))))
    same = _score(_side(*weights), _side(*weights), links)
    absent = _score(_side(*weights, ours), _side(*weights), links)
    conflicting = _score(_side(*weights, ours), _side(*weights, theirs), links)
    assert conflicting < absent <= same


@given(st.lists(WEIGHT, min_size=2, max_size=4), WEIGHT)
def test_each_further_word_left_over_lowers(weights: list[float], extra: float) -> None:
    """A second name that only one side has is more doubtful than the first."""
    links = _links(*((i, i, 1.0) for i in range(len(weights))))
    plain = _side(*weights)
    scores = [_score(_side(*weights, *[extra] * count), plain, links) for count in range(4)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_a_single_common_word_is_no_name() -> None:
    """`Petrov` is less of `Ivan Petrov` than that is of `Ivan Ivanovich Petrov`."""
    lone = _score(_side(1.0), _side(1.0, 1.0), _links((0, 0, 1.0)))
    longer = _score(_side(1.0, 1.0), _side(1.0, 1.0, 1.0), _links((0, 0, 1.0), (1, 1, 1.0)))
    assert lone < longer


@given(UNIT, UNIT)
def test_likeness_softens_a_conflict(one: float, other: float) -> None:
    """`Merkel` and `Merkur` speak less against than `Merkel` and `Putin`."""
    low, high = sorted((one, other))
    side = _side(1.0, 1.0)
    found = align(side, side, _links((0, 0, 1.0)))
    terms = {"left": side, "right": side, "per_absence": 0.2}
    assert score_alignment(found, likeness=low, **terms) <= score_alignment(
        found, likeness=high, **terms
    )


def test_absence_costs_what_its_culture_says() -> None:
    """A Korean syllable less is another name; a Russian patronymic less is not."""
    links = _links((0, 0, 1.0), (1, 1, 1.0))
    longer, shorter = _side(1.0, 1.0, 1.0), _side(1.0, 1.0)
    lenient, strict = (_score(longer, shorter, links, cost) for cost in (0.2, 1.3))
    assert strict < lenient
