"""Chinese names in Cyrillic letters by the Palladius system: Си Цзиньпин is Xi Jinping."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from tumen.names.chinese_sound import table_lines
from tumen.names.cyrillic_words import is_slavic_given, plain_words

# The press writes е for э, drops the soft sign, and softens what Palladius keeps hard.
_PRESS, _HARDENED, _LOST_SOFT_SIGN = 0.05, 0.1, 0.3

_Pairs = dict[str, str]


def _pairs(text: str) -> _Pairs:
    heads = (pair.partition("=") for pair in text.split())
    return {latin: cyrillic for latin, _, cyrillic in heads}


_INITIALS = _pairs(
    "b=б p=п m=м f=ф d=д t=т n=н l=л g=г k=к h=х j=цз q=ц x=с zh=чж ch=ч sh=ш r=ж z=цз c=ц s=с -="
)
_FINALS = _pairs(
    "a=а o=о e=э ai=ай ei=эй ao=ао ou=оу an=ань en=энь ang=ан eng=эн ong=ун er=эр "
    "i=и ia=я ie=е iao=яо iu=ю ian=янь in=инь iang=ян ing=ин iong=юн "
    "u=у ua=уа uo=о uai=уай ui=уй uan=уань un=унь uang=уан ue=юэ"
)
_AFTER_Y = _pairs(
    "a=я ao=яо an=янь ang=ян e=е i=и in=инь ing=ин ong=юн ou=ю u=юй ue=юэ uan=юань un=юнь"
)
_AFTER_W = _pairs("a=ва o=во ai=вай ei=вэй an=вань en=вэнь ang=ван eng=вэн u=у")
_AFTER_PALATAL = _pairs("u=юй uan=юань un=юнь")
# zi, ci and si have another vowel; hui is spelt round; lu and nu stand for two vowels in pinyin.
_WHOLE = {
    "zi": ("цзы",),
    "ci": ("цы",),
    "si": ("сы",),
    "hui": ("хуэй", "хуй", "хой"),
    "lu": ("лу", "люй"),
    "nu": ("ну", "нюй"),
}


def from_cyrillic(text: str) -> str | None:
    """The pinyin of a name in Cyrillic letters, a word a syllable, the family name first.

    None where the name has no Chinese family name first or a word that is not its syllables.
    """
    words = plain_words(text)
    family = _family(words[0]) if len(words) in (2, 3) else None
    if not family:
        return None
    syllables = _divide(words[1]) if len(words) == 2 else words[1:]
    table = _syllables()
    if not syllables or not all(syllable in table for syllable in syllables):
        return None
    return " ".join((family, *(table[syllable][1] for syllable in syllables)))


def _family(word: str) -> str | None:
    """The pinyin of a family name of one syllable or of two: Ли, Оуян."""
    if word not in _families():
        return None
    return "".join(_syllables()[syllable][1] for syllable in _divide(word))


def _divide(word: str) -> tuple[str, ...]:
    """The one or two syllables of a word; empty where it has none.

    Palladius marks by ъ a second syllable without a consonant, so one with it goes first.
    """
    table = _syllables()
    if word in table:
        return (word,)
    pairs = [(word[:cut], word[cut:]) for cut in range(1, len(word))]
    pairs = [pair for pair in pairs if pair[0] in table and pair[1] in table]
    if not pairs or is_slavic_given(word):
        return ()
    return min(pairs, key=lambda pair: (pair[1][0] in "аеиоуэюя", sum(table[s][0] for s in pair)))


@cache
def _families() -> frozenset[str]:
    """Family names in Cyrillic, of one syllable and of two."""
    names = {head.split(" ")[0] for head, _ in table_lines("chinese_surnames.txt")}
    table = _syllables()
    single = {spelling for spelling, (_, pinyin) in table.items() if pinyin in names}
    compound = {
        one + other
        for one, (x, first) in table.items()
        for other, (y, second) in table.items()
        if first + second in names and x + y < _LOST_SOFT_SIGN
    }
    return frozenset(single | compound)


@cache
def _syllables() -> dict[str, tuple[float, str]]:
    """Spelling → what it costs and the pinyin it stands for, the cheapest of several."""
    table: dict[str, tuple[float, str]] = {}
    for initial, finals in table_lines("chinese_pinyin.txt"):
        for final in finals:
            pinyin = initial.removeprefix("-") + final
            for own in _palladius(initial, final):
                for spelling, cost in _variants(own):
                    table[spelling] = min((cost, pinyin), table.get(spelling, (1.0, "")))
    return table


def _palladius(initial: str, final: str) -> tuple[str, ...]:
    if initial + final in _WHOLE:
        return _WHOLE[initial + final]
    if initial in "yw":
        return ((_AFTER_Y if initial == "y" else _AFTER_W)[final],)
    if initial in "jqx" and final in _AFTER_PALATAL:
        return (_INITIALS[initial] + _AFTER_PALATAL[final],)
    return (_INITIALS[initial] + _FINALS[final],)


def _variants(own: str) -> Iterator[tuple[str, float]]:
    """A spelling as Palladius has it, and as the press and Ukrainian write it."""
    for spelling, cost in ((own, 0.0), (own.replace("э", "е"), _PRESS)):
        yield spelling, cost
        if spelling.endswith("нь"):
            yield spelling[:-1], cost + _LOST_SOFT_SIGN
        if spelling[-1] == "и" and spelling[-2:-1] in ("ч", "ж", "ш"):
            yield spelling[:-1] + "ы", cost + _HARDENED
