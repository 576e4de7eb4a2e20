"""Names of people in Latin letters: titles, nicknames, slips of the pen.

Words are ASCII, lower-case; umlauts and other marks are already gone.
"""

from __future__ import annotations

from functools import cache, lru_cache

from tumen.names.spelling import one_slip, same_spelling, slips
from tumen.names.tables import spellings, table

# --- titles ------------------------------------------------------------------------------


@cache
def _titles(section: str) -> frozenset[str]:
    return frozenset(words[0] for words in spellings(table("titles")[section]))


def is_title(word: str) -> bool:
    """Whether a word may be a title or rank before or within a name."""
    return word in _titles("leading") or word in _titles("anywhere")


@lru_cache(maxsize=65_536)
def strip_titles(words: tuple[str, ...], names: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The name without titles, ranks and `jr`; never empty, and `Prince` alone stays a name.

    What `names` holds is no title here.
    """
    kept = list(words)
    while len(kept) > 1 and kept[0] not in names and _is_title(kept, 0, "leading"):
        del kept[0]
    while len(kept) > 1 and kept[-1] in _titles("trailing") and len(kept[0]) > 1:
        del kept[-1]
    at = 0
    while at < len(kept) and len(kept) > 1:
        if kept[at] not in names and _is_title(kept, at, "anywhere"):
            del kept[at]
        else:
            at += 1
    return tuple(kept)


def _is_title(words: list[str], at: int, section: str) -> bool:
    word = words[at]
    if word not in _titles(section) and not (at == 0 and word in _titles("anywhere")):
        return False
    left = [other for other in words if len(other) > 1]
    return word not in _titles("doubtful") or len(left) > 2


# --- nicknames ---------------------------------------------------------------------------


@cache
def _groups(tier: str) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for at, listed in enumerate(table("nicknames")[tier]):
        for words in spellings(listed):
            found.setdefault(words[0], set()).add(at)
    return {word: frozenset(groups) for word, groups in found.items()}


def _share_group(left: str, right: str, tier: str) -> bool:
    groups = _groups(tier)
    found = groups.get(left)
    return found is not None and not found.isdisjoint(groups.get(right, frozenset()))


def nickname_of(left: str, right: str) -> bool:
    """Whether the two are forms of one name at home in one language (Bill and William)."""
    return _share_group(left, right, "nicknames")


@cache
def _by_group() -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for word, groups in _groups("nicknames").items():
        for group in groups:
            found.setdefault(group, []).append(word)
    return {group: tuple(words) for group, words in found.items()}


@lru_cache(maxsize=65_536)
def nicknames(word: str) -> frozenset[str]:
    """All other forms of a name that `nickname_of` takes for it."""
    groups = _groups("nicknames").get(word, frozenset())
    return frozenset(form for group in groups for form in _by_group()[group]) - {word}


def cognate_of(left: str, right: str) -> bool:
    """Whether the two are one name in two languages (John and Juan): a weaker sign."""
    return _share_group(left, right, "cognates")


NICKNAME, COGNATE = 0.9, 0.8


# --- two words ---------------------------------------------------------------------------


@lru_cache(maxsize=262_144)
def similarity(left: str, right: str) -> float:
    """How far two words of people's names are the same name; below 0.6 another name.

    1.0 the same; 0.95 another spelling rule; 0.9 a nickname; 0.88 one slip of the pen.
    Names of fewer than four letters are the same or not at all.
    """
    same = same_spelling(left, right)
    if same:
        return same
    if nickname_of(left, right):
        return NICKNAME
    graded = _graded(left, right)
    if graded < COGNATE and cognate_of(left, right):
        return COGNATE
    return graded


def _graded(left: str, right: str) -> float:
    shorter, longer = sorted((len(left), len(right)))
    if shorter < 4 or longer - shorter > 3:
        return 0.0
    apart = slips(left, right)
    if apart == 1:
        found = one_slip(left, right)
        return min(found, 0.8) - (0.05 if found < 0.85 else 0.0) if shorter == 4 else found
    if apart <= 2 and shorter > (4 if apart < 2 else 6):
        return _two_slips(left, right, shorter) + (0.04 if apart < 2 else 0.0)
    if apart <= 3 and shorter > 11:
        return 0.7
    return max(0.0, 0.55 * (1 - apart / longer))


def _two_slips(left: str, right: str, shorter: int) -> float:
    """Two slips, the fewer letters the worse; two at the end make another ending, another name."""
    found = 0.82 if shorter > 9 else 0.76 if shorter > 7 else 0.68 if shorter > 5 else 0.6
    if left[: shorter - 2] == right[: shorter - 2] or left[:2] != right[:2]:
        found -= 0.1
    return found
