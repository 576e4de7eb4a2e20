"""How much a word tells: a rare family name nearly everything, "Mohammed" or "trading" little."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

# A word in one listed name in `_COMMON` or more tells `_LEAST` of what a unique one does.
_COMMON = 0.02
_LEAST = 0.45


@cache
def default_shares() -> Mapping[str, float]:
    """Shares of the commonest words, as `word_shares.txt` has them (its head says from where)."""
    shares = {}
    text = files("tumen.matching").joinpath("word_shares.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, share = line.split("\t")
            shares[word] = float(share)
    return shares


def rarity(share: float) -> float:
    """Weight in [0.45, 1] of a word that stands in `share` of all listed names of its culture."""
    if share <= 0.0:
        return 1.0
    floor = 1e-4
    if share <= floor:
        return 1.0
    depth = math.log(share / floor) / math.log(_COMMON / floor)
    return max(_LEAST, 1.0 - (1.0 - _LEAST) * depth)


class Rarity:
    """Weights of words: by the shipped shares, raised by the lists at hand where they say more.

    `shares` maps `culture:word` to the share of names of that culture which hold the word.
    """

    def __init__(self, shares: Mapping[str, float] | None = None) -> None:
        self._shares = default_shares() if shares is None else shares
        self._weights: dict[str, float] = {}

    def weight(self, culture: str, word: str) -> float:
        """The weight of one word, in [0.45, 1]."""
        key = f"{culture}:{word}"
        found = self._weights.get(key)
        if found is None:
            found = rarity(self._shares.get(key, 0.0))
            self._weights[key] = found
        return found
