"""Chinese names by the Palladius system, as Russian and Ukrainian papers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.names import chinese, chinese_cyrillic
from tumen.names.chinese_cyrillic import from_cyrillic
from tumen.names.chinese_sound import table_lines
from tumen.names.name import NameOf, read_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Си Цзиньпин", "xi jin ping"),
        ("Чжан Вэй", "zhang wei"),
        ("Чжан Вей", "zhang wei"),
        ("Ху Цзиньтао", "hu jin tao"),
        ("Лю Сяобо", "liu xiao bo"),
        ("Мао Цзэдун", "mao ze dong"),
        ("Дэн Сяопин", "deng xiao ping"),
        ("ЦЗЯН Цзэминь", "jiang ze min"),
        ("Ли Кэцян", "li ke qiang"),
        ("Ван И", "wang yi"),
        ("Ян Цзечи", "yang jie chi"),
        ("Чжао Лэцзи", "zhao le ji"),
        ("Пэн Лиюань", "peng li yuan"),
        ("Жэнь Чжэнфэй", "ren zheng fei"),
        ("Мэн Ваньчжоу", "meng wan zhou"),
        ("Ма Юнь", "ma yun"),
        ("Ма Хуатэн", "ma hua teng"),
        ("Хэ Лифэн", "he li feng"),
        ("Цай Инвэнь", "cai ying wen"),
        ("Чжу Жунцзи", "zhu rong ji"),
        ("Чжоу Эньлай", "zhou en lai"),
        ("Хуа Гофэн", "hua guo feng"),
        ("Лю Хуэй", "liu hui"),
        ("Цянь Сюэсэнь", "qian xue sen"),
        ("Чжан Цзыи", "zhang zi yi"),
        ("Чэнь Юань", "chen yuan"),
        ("Люй Бу", "lu bu"),
        ("Вэй Фэнхэ", "wei feng he"),
        ("Дун Цзюнь", "dong jun"),
        ("Сюй Цзинь Лун", "xu jin long"),
        ("Оуян Сю", "ouyang xiu"),
        ("Сыма Цянь", "sima qian"),
        ("Чжугэ Лян", "zhuge liang"),
    ],
)
def test_reads_palladius(text: str, expected: str) -> None:
    """Initials, finals, the vowel ü and names of two syllables come out as pinyin."""
    assert from_cyrillic(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Чэнь Чанъань", "chen chang an"),
        ("Чэнь Чан'ань", "chen chang an"),
        ("Чэнь Чанань", "chen cha nan"),
        ("Ли Сиань", "li xi an"),
        ("Ли Цзиньин", "li jin ying"),
    ],
)
def test_a_hard_sign_tells_where_a_syllable_ends(text: str, expected: str) -> None:
    """Without the sign Palladius means a consonant to open the second syllable."""
    assert from_cyrillic(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Сі Цзіньпін", "xi jin ping"),
        ("Лі Кецян", "li ke qiang"),
        ("Чжан Ї", "zhang yi"),
        ("Лі Шичжень", "li shi zhen"),
    ],
)
def test_reads_ukrainian_spellings(text: str, expected: str) -> None:
    """Ukrainian has і for и, и for ы and е for э."""
    assert from_cyrillic(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ли Иван",
        "Иван Ли",
        "Ма Анна",
        "Ли Иван Петрович",
        "Цой Виктор",
        "Ким Чен Ын",
        "Сергей Лавров",
        "Ван Л. И.",
        "Ван",
        "Ли Бэй Вэй Хун",
        "Wang Вэй",
        "",
    ],
)
def test_leaves_other_names_alone(text: str) -> None:
    """Russian given names, Korean and Russian names and initials are not pinyin."""
    assert from_cyrillic(text) is None


def test_pinyin_comes_back_from_palladius() -> None:
    """Only syllables that Palladius itself writes alike (wen and weng do not) may merge."""
    merged = set()
    for initial, finals in table_lines("chinese_pinyin.txt"):
        for final in finals:
            pinyin = initial.removeprefix("-") + final
            for spelling in chinese_cyrillic._palladius(initial, final):
                if chinese_cyrillic._syllables()[spelling][1] != pinyin:
                    merged.add(pinyin)
    assert merged <= {"weng", "lo", "ei", "o", "ong", "yo"}


@given(st.text("абвгдежзийклмнопрстуфхцчшщъыьэюяё -,'іїєґ.Ab1", max_size=24))
def test_what_is_found_is_a_chinese_name(text: str) -> None:
    """A reading that `chinese.read` refuses would be lost without a word."""
    found = from_cyrillic(text)
    assert found is None or chinese.read(tuple(found.split()))


@given(
    st.sampled_from(sorted(chinese_cyrillic._families())),
    st.lists(st.sampled_from(sorted(chinese_cyrillic._syllables())), min_size=1, max_size=2),
)
def test_every_family_name_with_syllables_is_read(family: str, given_names: list[str]) -> None:
    """What the tables spell, the reader must read."""
    found = from_cyrillic(" ".join((family, *given_names)))
    assert found is not None
    assert chinese.read(tuple(found.split()))


def test_a_cyrillic_name_has_a_chinese_reading() -> None:
    """The pinyin must reach the engine."""
    readings = read_name("Си Цзиньпин", NameOf.PERSON)
    assert ("chinese", ("xi", "jin", "ping")) in [(r.culture, r.words) for r in readings]
