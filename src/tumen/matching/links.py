"""The pairs of words of two names that may be the same, before the best of them are chosen."""

from __future__ import annotations

from tumen.matching.align import SIMILARITY_FLOOR, Pair
from tumen.matching.bare import bare, is_bare
from tumen.matching.similarity import BARE, SYLLABIC, word_similarity
from tumen.names.cultures import LATIN, ORGANISATION, SLAVIC
from tumen.names.name import Reading

ACRONYM = 0.95
JOINED = 0.98


def find_links(left: Reading, right: Reading) -> list[Pair]:
    """All pairs of words that may be the same, and words that are two joined of the other side."""
    links = []
    for i, one in enumerate(left.words):
        for j, other in enumerate(right.words):
            similarity = word_similarity(left.culture, one, other)
            if left.culture == SLAVIC and not (left.roles[i] or right.roles[j]):
                # No Slavic ending and no Slavic given name: Slavic sound rules do not apply.
                similarity = min(similarity, word_similarity(LATIN, one, other))
            if similarity >= SIMILARITY_FLOOR:
                links.append(Pair((i,), (j,), similarity))
    links += _bare_pairs(left, right)
    links += [Pair(b, a, s) for a, b, s in _bare_pairs(right, left)]
    if left.culture in SYLLABIC or len(links) == len(left.words) == len(right.words):
        return links
    for find in (_joins, _acronyms) if left.culture == ORGANISATION else (_joins,):
        links.extend(find(left, right))
        links.extend(Pair(b, a, s) for a, b, s in find(right, left))
    return links


def _bare_pairs(left: Reading, right: Reading) -> list[Pair]:
    """Words of two letters in a name written without vowels throughout: `dz` for `diaz`."""
    if left.culture != LATIN or not all(is_bare(word) for word in left.words if len(word) > 2):
        return []
    if not any(len(word) > 2 for word in left.words):
        return []
    return [
        Pair((i,), (j,), BARE)
        for i, short in enumerate(left.words)
        for j, long in enumerate(right.words)
        if len(short) == 2 < len(long) and bare(long) == short
    ]


def _acronyms(left: Reading, right: Reading) -> list[Pair]:
    """Words of the left name that are the initials of neighbours in the right: IRGC, ISIL."""
    telling = [j for j, weight in enumerate(right.weights) if weight > 0.0]
    initials = "".join(right.words[j][0] for j in telling)
    found = []
    for i, word in enumerate(left.words):
        start = initials.find(word) if 3 <= len(word) <= 8 else -1
        if start >= 0:
            places = telling[start : start + len(word)]
            found.append(Pair((i,), tuple(places), ACRONYM))
    return found


def _joins(left: Reading, right: Reading) -> list[Pair]:
    """Words of the left name that are two or three neighbours of the right written as one."""
    found = []
    for width in (2, 3):
        for start in range(len(right.words) - width + 1):
            joined = "".join(right.words[start : start + width])
            for i, word in enumerate(left.words):
                if word == joined and len(joined) >= 4:
                    found.append(Pair((i,), tuple(range(start, start + width)), JOINED))
    return found
