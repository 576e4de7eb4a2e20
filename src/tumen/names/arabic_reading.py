"""Take a Muslim name apart: drop articles, join compounds, tell what each word does."""

from __future__ import annotations

import re
from functools import lru_cache

from tumen.names.arabic_compound import compound
from tumen.names.arabic_table import same_names
from tumen.names.word import Role, Word


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ARTICLES = _words("al el ul il ol ad ed ud as es us ash esh ush an en ar er ur az ez uz at")
_SERVANT = _words("abd abdal abdel abdul abdol abdil abdoul abdur abder abdus abdes abdu")
_FATHER = _words("abu abou abo aba abi bu bou umm um oum")
_SON = _words("bin ibn ben bint binti ould uld wuld walad wald wld ibni bani")
_TITLES = _words(
    "haji hajji hadji haj hajj hadj sheikh shaykh shaikh sheik cheikh cheik shiekh sayyid seyyed "
    "seyed sayyed seyyid sayed syed mullah mulla maulvi maulavi mawlawi molvi maulana mawlana "
    "qari kari hafiz hafez mufti imam ustadz ustad ustaz ayatollah hojjatoleslam hojatoleslam "
    "mir mirza saheb sahib"
)
_RANKS = _words("khan agha aga akhund akhond akhundzada shah beg jan malik")
_GODS = _words("allah ullah ollah ellah alla ulla")
_FAITHS = _words("din deen dine addin eddin eddine uddin aldin eldin eldine aldine eldeen")
_SONS_OF = {
    **dict.fromkeys(("pour", "pur", "poor", "pure"), "pur"),
    **dict.fromkeys(("zadeh", "zada", "zade", "zadah"), "zada"),
    **dict.fromkeys(("nejad", "nezhad", "nijad", "nezad"), "nejad"),
    **dict.fromkeys(("zai", "zay", "zaei", "zoi"), "zai"),
}
_SONS_OF_ENDINGS = (*tuple(ending for ending in _SONS_OF if len(ending) > 3), "pur")
# First and second halves of compounds that Persian writes as one word or as two.
_FIRST_HALVES = sorted(
    _words("mohammad muhammad mohamad ali gholam golam ghulam amir hossein hassan mir abol jan")
)
_SECOND_HALVES = _words(
    "reza rida riza ali hossein hussein hosein hasan hassan mehdi mahdi akbar asghar taghi javad "
    "bagher kazem sadegh nabi rasul rasool haidar heydar mohammad muhammad mohamad mansour hadi "
    "abbas sajjad saeed ghasem haq wali zaman agha"
)
_OF_THE = re.compile("[aeiou]r?$")
_ORIGINS = ("awi", "aoui", "ani", "avi")
_LEAST_ORIGIN = 6


def read(words: tuple[str, ...]) -> tuple[Word, ...] | None:
    """The words with compounds joined and roles told; None where nothing looks Muslim."""
    if len(words) < 2 or not any(_is_typical(word) for word in words):
        return None
    found = _Reader(_pieces(words)).read()
    return _keep_something(found) or None


@lru_cache(maxsize=200_000)
def _is_typical(word: str) -> bool:
    if word in _TYPICAL or same_names(word):
        return True
    if len(_split(word)) > 1 or _TELLING.search(word):
        return True
    if len(word) > 5 and word[-1] in "iy" and same_names(word[:-1]):
        return True
    parts = compound(word)
    return bool(parts.before or parts.after) or (len(word) > 5 and word.endswith(_SONS_OF_ENDINGS))


# Letters that few other languages put together.
_TELLING = re.compile("q(?!u)|gh[aiou]|aoui|ayy")
_TYPICAL = _SERVANT | _SON | _TITLES | _GODS | _FAITHS | frozenset(("abu", "abou", "al", "el"))


def _pieces(words: tuple[str, ...]) -> list[str]:
    """Words with Persian compounds split and joined articles cut off."""
    if words[-1] in _SERVANT or words[-1] in _FATHER:
        # "HAQ, Abdul": the list cut the compound in two and put its end first.
        words = (*words[-1:], *words[:-1])
    return [piece for word in words for piece in _split(word)]


@lru_cache(maxsize=200_000)
def _split(word: str) -> tuple[str, ...]:
    if len(word) < 6 or same_names(word):
        return (word,)
    for first in _FIRST_HALVES:
        if word.startswith(first) and word[len(first) :] in _SECOND_HALVES:
            return first, word[len(first) :]
    if len(word) > 8 and word.endswith(("rahman", "rehman")) and not word.startswith("abd"):
        # Ziaurrahman: the light of the Merciful.
        return _OF_THE.sub("", word[:-6]), word[-6:]
    if word[:2] in ("al", "el") and word[2] not in "aeiou" and same_names(word[2:]):
        return "al", word[2:]
    return (word,)


class _Reader:
    """Walks over the pieces of one name from left to right."""

    def __init__(self, pieces: list[str]) -> None:
        self._pieces = pieces
        self._place = 0
        self._found: list[Word] = []

    def read(self) -> list[Word]:
        while self._place < len(self._pieces):
            self._step()
        return self._found

    def _step(self) -> None:
        piece = self._pieces[self._place]
        after_article = self._skip_article()
        if self._place >= len(self._pieces):
            self._add(piece, Role.PARTICLE)
            return
        piece = self._next()
        if piece in _SON or piece in _TITLES:
            self._add(piece, Role.PARTICLE)
        elif self._joins_last(piece):
            return
        elif piece in _SERVANT or piece in _FATHER:
            self._add_compound(piece)
        else:
            self._add(compound(piece).text, _role(piece, after_article))

    def _skip_article(self) -> bool:
        start = self._place
        while self._place < len(self._pieces) and self._pieces[self._place] in _ARTICLES:
            self._place += 1
        return self._place > start

    def _next(self) -> str:
        self._place += 1
        return self._pieces[self._place - 1]

    def _add(self, text: str, role: Role) -> None:
        self._found.append(Word(text, role))

    def _joins_last(self, piece: str) -> bool:
        """Nasr al + Din, Saif + Ullah, Abdollah + Pour: the end of the word before."""
        ending = "din" if piece in _FAITHS else "allah" if piece in _GODS else _SONS_OF.get(piece)
        if not ending or not self._found or self._found[-1].role is Role.PARTICLE:
            return False
        last = self._found.pop()
        self._add(last.text + ending, last.role)
        return True

    def _add_compound(self, opening: str) -> None:
        self._skip_article()
        if self._place >= len(self._pieces):
            self._add("abd" if opening in _SERVANT else opening, Role.PLAIN)
            return
        following = self._next()
        if opening in _SERVANT:
            joined = "abdallah" if following in _GODS else f"abd{compound(following).text}"
            self._add(joined, Role.PLAIN)
        elif following in _SERVANT:
            self._add_compound(following)
            self._add(f"abu{self._found.pop().text}", Role.KUNYA)
        else:
            is_given = same_names(f"abu{following}")
            self._add(f"abu{compound(following).text}", Role.PLAIN if is_given else Role.KUNYA)


@lru_cache(maxsize=200_000)
def _role(word: str, after_article: bool) -> Role:
    if word in _RANKS:
        return Role.ORIGIN
    if compound(word).before == "abu" and not same_names(word):
        return Role.KUNYA
    if word.endswith(("i", "y")) and len(word) > 3 and after_article:
        return Role.ORIGIN
    if len(word) >= _LEAST_ORIGIN and word.endswith(_ORIGINS) and not same_names(word):
        return Role.ORIGIN
    return Role.PLAIN


def _keep_something(found: list[Word]) -> tuple[Word, ...]:
    # Hafiz, Mir and Sayed are given names where hardly anything else is left.
    kept = [word for word in found if word.role is not Role.PARTICLE]
    if len(kept) >= 2:
        return tuple(found)
    return tuple(
        Word(word.text) if word.role is Role.PARTICLE and word.text in _TITLES else word
        for word in found
    )
