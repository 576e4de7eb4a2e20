"""How much a word tells: the rarer, the more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tumen.matching.rarity import Rarity, default_shares, rarity

SHARES = st.floats(0, 1, allow_nan=False)


@given(SHARES, SHARES)
def test_a_commoner_word_never_tells_more(one: float, other: float) -> None:
    """`Mohammed` in common is less evidence than a name that nobody else bears."""
    low, high = sorted((one, other))
    assert rarity(low) >= rarity(high)


@given(SHARES)
def test_every_word_tells_something_and_none_more_than_one(share: float) -> None:
    """A common word still counts; a weight above 1 would break the score's bounds."""
    assert 0 < rarity(share) <= 1


def test_a_word_never_seen_tells_all() -> None:
    """What stands in no list is as telling as a word can be."""
    assert rarity(0.0) == 1.0
    assert Rarity({}).weight("latin", "zzyzx") == 1.0


def test_shipped_shares_know_the_common_names() -> None:
    """Without any list the commonest names weigh less already."""
    shipped = Rarity()
    for word in ("mohammad", "ali", "kim", "trading"):
        culture = "organisation" if word == "trading" else "latin"
        assert shipped.weight(culture, word) < 0.8
    assert shipped.weight("latin", "zavodnikov") == 1.0


def test_shares_are_told_by_culture() -> None:
    """`san` is common among Chinese syllables and rare elsewhere."""
    weights = Rarity({"chinese:san": 0.05})
    assert weights.weight("chinese", "san") < weights.weight("latin", "san")


def test_shipped_shares_are_shares() -> None:
    """Every line of the shipped file is a culture, a word and a share of all names."""
    shares = default_shares()
    assert len(shares) > 1000
    for key, share in shares.items():
        culture, _, word = key.partition(":")
        assert culture
        assert word.isalnum()
        assert word.isascii()
        assert 0 < share < 0.5
