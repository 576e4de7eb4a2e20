"""Legal forms: which words of an organisation's name say only how it is incorporated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from tumen.names.tables import Phrases, romanised, spellings, table

LOOSE = "loose"


@cache
def groups() -> dict[str, str]:
    """Each code with its group: `llc` and `ooo` are both `limited`, `co` is `loose`."""
    return {
        code: group
        for group, codes in table("legal_forms").items()
        if group != "positions"
        for code in codes
    }


def group_of(code: str) -> str:
    """The group of forms that may stand for this one; empty for what is no legal form."""
    return groups().get(code, "")


@cache
def forms() -> Phrases[str]:
    """All spellings of all forms, each with its code."""
    found = {
        tuple(word for word in words if word != "and"): code
        for group, codes in table("legal_forms").items()
        if group != "positions"
        for code, listed in codes.items()
        for spelling in spellings(f"{code},{listed}")
        for words in romanised(spelling)
    }
    return Phrases(found.items())


@cache
def _position(place: str) -> frozenset[str]:
    return frozenset(
        " ".join(words) for words in spellings(table("legal_forms")["positions"][place])
    )


def find(
    words: Sequence[str], may_follow: Callable[[Sequence[str], int], int]
) -> dict[int, tuple[str, int]]:
    """Legal forms by where they start: code and end.

    A short form that could be a word (`as`, `na`, `co`) counts only before or after the name.
    `may_follow(words, start)` is the end of a place or number there, which may stand after
    the form (`S.A.R.L. (France)`), or `start` where there is none.
    """
    is_tail = _tails(words, may_follow)
    found: dict[int, tuple[str, int]] = {}
    at, is_head = 0, True
    while at < len(words):
        for code, end in forms().starting_at(words, at):
            if _stands(words, at, end, is_head=is_head, is_tail=is_tail[end]):
                found[at] = (code, end)
                break
        is_head = is_head and at in found
        at = found[at][1] if at in found else at + 1
    return _leave_a_name(words, found)


def _stands(words: Sequence[str], start: int, end: int, *, is_head: bool, is_tail: bool) -> bool:
    if end - start > 1:
        return True
    word = words[start]
    is_last, is_first = word in _position("last"), word in _position("first")
    if not (is_last or is_first):
        return True
    return (is_first and is_head and end < len(words)) or (is_tail and start > 0)


def _tails(words: Sequence[str], may_follow: Callable[[Sequence[str], int], int]) -> list[bool]:
    """For each place, whether nothing but legal forms, places and numbers follows."""
    tails = [False] * len(words) + [True]
    for at in range(len(words) - 1, 0, -1):
        follows = may_follow(words, at)
        tails[at] = (follows > at and tails[follows]) or any(
            tails[end] for _, end in forms().starting_at(words, at)
        )
    return tails


def _leave_a_name(
    words: Sequence[str], found: dict[int, tuple[str, int]]
) -> dict[int, tuple[str, int]]:
    """`AB LLC` is a company called AB: one doubtful form stays a name if nothing else is left."""
    if not found or sum(end - start for start, (_, end) in found.items()) < len(words):
        return found
    doubtful = [
        start
        for start, (_, end) in found.items()
        if end - start == 1 and words[start] in _position("last") and words[start] != "co"
    ]
    if doubtful and len(found) > 1:
        del found[doubtful[0]]
    return found


def conflict(left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether two sets of forms exclude each other (`AG` against `GmbH`).

    No conflict where one side states none, or a form that goes with every group.
    """
    left_groups, right_groups = ({group_of(code) for code in side} for side in (left, right))
    left_groups.discard("")
    right_groups.discard("")
    if LOOSE in left_groups or LOOSE in right_groups:
        return False
    return bool(left_groups and right_groups) and left_groups.isdisjoint(right_groups)
