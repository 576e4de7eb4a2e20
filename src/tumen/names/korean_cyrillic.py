"""Korean names in Cyrillic letters: Kontsevich's practice, Pyongyang's, the press.

Ким Чен Ын is Kim Jong Un. Cyrillic has one letter for the two Korean n and often one for
several vowels, so a name may have several readings; the most usual one comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

from tumen.names.cyrillic_words import is_slavic_given, plain_words
from tumen.names.korean_script import transliterate
from tumen.names.korean_sound import name_syllables, parts_of

# The schemes' own spelling costs nothing; then a dated or Pyongyang's one, the press, a slip.
_OLDER, _PRESS, _SLIP = 0.02, 0.1, 0.2
_MOST_READINGS = 4
# A letter that stands for two syllables both frequent in names is read as either.
_MOST_PER_SYLLABLE = 2

_Costs = dict[str, float]


def _costs(own: str, older: str = "", press: str = "", slip: str = "") -> _Costs:
    grades = ((slip, _SLIP), (press, _PRESS), (older, _OLDER), (own, 0.0))
    return {text.replace("_", ""): cost for texts, cost in grades for text in texts.split()}


# By the order of Unicode: g kk n d tt r m b pp s ss (none) j jj ch k t p h.
_INITIALS: tuple[_Costs, ...] = (
    _costs("к", "г"),
    _costs("кк"),
    _costs("н"),
    _costs("т", "д"),
    _costs("тт"),
    _costs("р л"),
    _costs("м"),
    _costs("п", "б"),
    _costs("пп"),
    _costs("с", "ш"),
    _costs("сс"),
    _costs("_"),
    _costs("ч", "чж дж", "ж", "дч цз з"),
    _costs("чч"),
    _costs("чх", "тьх", "ч", "тч"),
    _costs("кх", press="к"),
    _costs("тх", press="т"),
    _costs("пх", press="п ф"),
    _costs("х"),
)
_S, _J, _CH, _NO_INITIAL = 9, 12, 14, 11

# By the order of Unicode: a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i.
_VOWELS: tuple[_Costs, ...] = (
    _costs("а"),
    _costs("э", "е", "ай аэ"),
    _costs("я"),
    _costs("йэ"),
    _costs("о", slip="у"),
    _costs("е", "э"),
    _costs("ё", "е", "йе ье"),
    _costs("е", "йе ье", "э"),
    _costs("о"),
    _costs("ва", press="уа"),
    _costs("вэ", "ве"),
    _costs("ве", "вэ", "ой ое"),
    _costs("ё", "е"),
    _costs("у", press="оу"),
    _costs("во", press="уо"),
    _costs("ве", "вэ"),
    _costs("ви", press="уи"),
    _costs("ю", slip="у"),
    _costs("ы", press="у", slip="и"),
    _costs("и ый", press="ы ей", slip="уй"),
    _costs("и", press="йи"),
)
_EO = 4
# Pyongyang writes 정, 철 and 성 as чен, чер and сен.
_EO_AFTER_SIBILANT = _VOWELS[_EO] | _costs("", "е", "э")

# By the order of Unicode, as in `korean_sound`.
_FINALS: dict[int, _Costs] = {
    0: _costs("_"),
    1: _costs("к", "г"),
    4: _costs("н", press="нь"),
    7: _costs("т", "д"),
    8: _costs("ль р", "л"),
    16: _costs("м"),
    17: _costs("п", "б"),
    19: _costs("т", "с"),
    21: _costs("н", "нг"),
    23: _costs("т"),
}

# Syllables frequent in given names, the most frequent first: what an ambiguous spelling is.
_USUAL = (
    "영철성정남일학호수국광명혁용희은진길룡경숙옥순민준원동만춘훈현창덕태석기식금삼상미선인"
    "혜화해주연송강건근관윤환운웅균권복봉규재우찬천택평필해형홍흥희승실신심아안애양억언"
    "완욱응익임자장제조종중지채충치판표하한걸곤구군극령련렬률림린모문무박백범병보산"
    "생서섭세소손솔시오옹유율의이익대도두득란래량만부빈사갑각고공권"
)
_RANKS = {block: rank for rank, block in reversed(list(enumerate(_USUAL)))}

# Family names as they are spelt in Cyrillic, the commoner first where a spelling has two.
# The forms in -гай are those of the Koreans of Central Asia. Origin: written for tumen from
# common knowledge of Kontsevich's rules and of Russian usage.
_FAMILY_SPELLINGS = """
김 ким | 리 ли ри и | 박 пак бак | 최 цой чой чхве чхое чве чхой цхой чхвэ цоай
정 чон чен чжон чжен джон тен тён дён | 강 кан ган | 조 чо чжо джо тё | 윤 юн
장 чан чжан джан тян | 임 им | 림 лим рим | 한 хан | 오 о огай | 서 со се шегай согай
신 син шин | 권 квон гвон | 황 хван | 안 ан | 송 сон | 전 чон чен чжон тен
홍 хон | 고 ко го когай | 문 мун | 량 рян лян | 양 ян | 손 сон | 배 пэ пе бэ пягай
백 пэк пек бэк | 허 хо хе хегай | 류 рю лю люгай | 유 ю югай | 남 нам | 심 сим шим
노 но ногай | 로 ро ло | 하 ха | 곽 квак | 성 сон сен | 차 чха ча чагай | 주 чу чжу джу дю тю
추 чху чугай | 우 у угай | 구 ку гу кугай | 민 мин | 나 на | 라 ра ла | 진 чин чжин джин
지 чи чжи джи тигай | 엄 ом | 채 чхэ чхе чэ | 원 вон | 천 чхон | 공 кон гон | 현 хён хен
방 пан бан | 변 пён пен бён | 함 хам | 염 ём ем | 렴 рём рем | 여 ё | 려 рё ре | 석 сок
설 соль | 선 сон | 마 ма магай | 길 киль кир | 연 ён ен | 기 ки кигай | 국 кук | 계 ке кье
금 кым | 태 тхэ тхе тэ | 도 то | 동 тон | 표 пхё пхе | 맹 мэн | 명 мён мен | 모 мо | 왕 ван
옥 ок | 은 ын | 인 ин | 육 юк | 예 е | 제 че | 탁 тхак | 형 хён хен | 피 пхи | 두 ту
남궁 намгун | 황보 хванбо | 독고 токко | 선우 сону | 제갈 чегаль | 사공 сагон
"""


class _Reading(NamedTuple):
    """A Hangul syllable that a spelling may stand for, and at what cost."""

    cost: float
    rank: int
    block: str


def from_cyrillic(text: str) -> str | None:
    """The most usual Korean reading of a name in Cyrillic letters, as the North spells it.

    None where the name has no Korean family name first or a word that is not its syllables.
    """
    return next(iter(spellings(text)), None)


def spellings(text: str) -> tuple[str, ...]:
    """All likely Korean readings, the most usual first and at most four; empty for other names."""
    words = _join_compound(plain_words(text))
    families = _families().get(words[0]) if len(words) in (2, 3) else None
    given = _given(words[1:]) if families else None
    if not families or not given:
        return ()
    choices = [range(len(found)) for found in (families, *given)]
    ordered = sorted(product(*choices), key=sum)
    names = (
        families[places[0]] + "".join(g[i] for g, i in zip(given, places[1:], strict=True))
        for places in ordered
    )
    return tuple(dict.fromkeys(transliterate(name) for name in names))[:_MOST_READINGS]


def _join_compound(words: tuple[str, ...]) -> tuple[str, ...]:
    """`нам гун мин су` → `намгун мин су`."""
    if len(words) > 2 and words[0] + words[1] in _families():
        return (words[0] + words[1], *words[2:])
    return words


def _given(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...] | None:
    """For each of one or two syllables the Hangul it may stand for; None where one is none."""
    syllables = _divide(words[0]) if len(words) == 1 else words
    found = tuple(_likely(syllable) for syllable in syllables)
    return found if found and all(found) else None


def _divide(word: str) -> tuple[str, ...]:
    """The one or two syllables of a word, the most usual division; empty where it has none."""
    table = _syllables()
    if word in table:
        return (word,)
    pairs = [(word[:cut], word[cut:]) for cut in range(1, len(word))]
    pairs = [pair for pair in pairs if pair[0] in table and pair[1] in table]
    if not pairs or is_slavic_given(word):
        return ()
    return min(pairs, key=_price)


def _price(pair: tuple[str, str]) -> tuple[int, float, int]:
    """Unusual syllables count most: ченын is чен-ын, not че-нын."""
    best = [_syllables()[syllable][0] for syllable in pair]
    unusual = sum(reading.block not in _RANKS for reading in best)
    return unusual, sum(r.cost for r in best), sum(r.rank for r in best)


def _likely(syllable: str) -> tuple[str, ...]:
    """The syllables in Hangul that a spelling stands for, those that sound alike only once."""
    found = _syllables().get(syllable, ())
    usual = [r.block for r in found if r.cost <= found[0].cost + _OLDER and r.block in _RANKS]
    return _distinct(usual or [reading.block for reading in found[:1]])


def _distinct(blocks: list[str]) -> tuple[str, ...]:
    by_sound: dict[str, str] = {}
    for block in blocks:
        by_sound.setdefault(transliterate(block), block)
    return tuple(by_sound.values())[:_MOST_PER_SYLLABLE]


@cache
def _families() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for line in _FAMILY_SPELLINGS.replace("\n", "|").split("|"):
        family, *others = line.split() or [""]
        for spelling in others:
            table.setdefault(spelling, []).append(family)
    return {spelling: _distinct(families) for spelling, families in table.items()}


@cache
def _syllables() -> dict[str, tuple[_Reading, ...]]:
    """Spelling → the syllables it may stand for, the best first."""
    table: dict[str, dict[str, float]] = {}
    for block in name_syllables():
        for spelling, cost in _spell(block):
            found = table.setdefault(spelling, {})
            found[block] = min(cost, found.get(block, 1.0))
    return {
        spelling: tuple(
            sorted(_Reading(cost, _RANKS.get(b, len(_USUAL)), b) for b, cost in found.items())
        )
        for spelling, found in table.items()
    }


def _spell(block: str) -> Iterator[tuple[str, float]]:
    initial, vowel, final = parts_of(block)
    is_sibilant = vowel == _EO and initial in (_S, _J, _CH)
    vowels = _EO_AFTER_SIBILANT if is_sibilant else _VOWELS[vowel]
    for (a, x), (b, y), (c, z) in product(
        _INITIALS[initial].items(), vowels.items(), _FINALS[final].items()
    ):
        # ш is an older с before a soft vowel only.
        if a != "ш" or b[0] in "иеёю":
            yield a + b + c, round(x + y + z, 3)
