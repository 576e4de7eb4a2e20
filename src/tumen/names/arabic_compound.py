"""Compound names: Abd al-Rahman, Nasr al-Din, Saifullah, Abu Bakr, each however joined.

The one spelling of a compound: `abdrahman`, `nasrdin`, `saifallah`, `abubakr`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tumen.names.arabic_table import same_names

# Abdul, abdel, abdur, abder, abdus, abdi: the article takes the vowel of each country, and
# its l the sound of the next letter (Abdurrahman, Abdessalam).
_SERVANT = re.compile("^abd[aeiou]*(?:l(?=.)|([rsztdn])(?=\\1)|(?=[a-z]))(?=..)")
_FATHER = re.compile("^ab(?:u|ou|oo|o)(?=[bcdfghjklmnpqrstwxyz])(?=....)")
_GODS = re.compile("(?:[aeiou]+ll?ah|[aou]lla)$")
_FAITHS = re.compile("(?:[aeiou]+[dl]?d|[aeiou]*ld|dd|(?<=[rsmfl])d)(?:i|ee|ie|ei)nn?e?$")
_LEAST_STEM = 3


class Compound(NamedTuple):
    """A name by its parts; `before` is abd, abu or nothing, `after` is allah, din or nothing."""

    before: str
    core: str
    after: str

    @property
    def text(self) -> str:
        """The one spelling."""
        return f"{self.before}{self.core}{self.after}"


@lru_cache(maxsize=200_000)
def compound(word: str) -> Compound:
    """The parts of a word; a common name is never taken apart."""
    if same_names(word) or len(word) <= _LEAST_STEM:
        return Compound("", word, "")
    before, rest = _before(word)
    after, core = _after(rest)
    return Compound(before, core, after)


def _before(word: str) -> tuple[str, str]:
    if word.startswith("ab"):
        found = _SERVANT.match(word)
        if found:
            rest = word[found.end() :]
            return "abd", f"allah{rest[3:]}" if rest.startswith("lah") else rest
        found = _FATHER.match(word)
        if found:
            return "abu", word[found.end() :]
    return "", word


def _after(word: str) -> tuple[str, str]:
    if same_names(word):
        return "", word
    for after, ending in (("allah", _GODS), ("din", _FAITHS)):
        found = ending.search(word)
        if found and found.start() >= _LEAST_STEM:
            return after, word[: found.start()]
    return "", word
