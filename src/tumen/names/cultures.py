"""The cultures that names are read in, and how the words of each are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tumen.names import arabic, chinese, korean, organisation, sino, slavic, vessel, western

LATIN, KOREAN, CHINESE, SLAVIC, ARABIC = "latin", "korean", "chinese", "slavic", "arabic"
ORGANISATION, OBJECT, UNIT = "organisation", "object", "unit"
# Names of Chinese characters, which each people reads by its own sounds: see `sino`.
SINO = "sino"


def _none(_word: str) -> tuple[str, ...]:
    return ()


class Culture(NamedTuple):
    """How words of one culture are compared.

    A fuzzy culture forgives slips of the pen; `related` gives words that mean the same name
    and share no letters with it (Bill and William).
    """

    name: str
    key: Callable[[str], str]
    similarity: Callable[[str, str], float]
    is_fuzzy: bool = False
    related: Callable[[str], Iterable[str]] = _none


def _same(word: str) -> str:
    return word


def _equal(left: str, right: str) -> float:
    return float(left == right)


CULTURES: dict[str, Culture] = {
    culture.name: culture
    for culture in (
        Culture(LATIN, _same, western.similarity, is_fuzzy=True, related=western.nicknames),
        Culture(KOREAN, korean.key, korean.similarity),
        Culture(CHINESE, chinese.key, chinese.similarity),
        Culture(SINO, sino.key, sino.similarity, related=sino.related),
        Culture(SLAVIC, slavic.key, slavic.similarity),
        Culture(ARABIC, arabic.key, arabic.similarity),
        Culture(ORGANISATION, _same, organisation.similarity, is_fuzzy=True),
        Culture(OBJECT, _same, vessel.similarity, is_fuzzy=True),
        Culture(UNIT, _same, _equal),
    )
}
