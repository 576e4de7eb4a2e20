"""Koreans under the Chinese reading of their Hanja: which words may meet, and which may not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.names import chinese, korean, sino
from tumen.names.chinese_sound import is_pinyin, table_lines
from tumen.names.clean import words_of
from tumen.names.cultures import CULTURES, SINO
from tumen.names.korean_sound import all_spellings
from tumen.names.name import NameOf, read_name
from tumen.names.word import Role, Word

PAIRS = Path(__file__).parents[2].joinpath("../shared/bench/alias_pairs_dev.csv").resolve()
FAMILIES = dict(table_lines("korean_surnames.txt"))


def korean_words(name: str) -> tuple[Word, ...] | None:
    """The words of a Korean name on its side."""
    found = korean.read(words_of(name))
    return sino.read(found, is_korean=True) if found else None


def chinese_words(name: str) -> tuple[Word, ...] | None:
    """The words of a Chinese name on its side."""
    found = chinese.read(words_of(name))
    return sino.read(found, is_korean=False) if found else None


def likeness(korean_name: str, chinese_name: str) -> float:
    """The least likeness of the words of two names, 0.0 where one has no such reading."""
    ours, theirs = korean_words(korean_name), chinese_words(chinese_name)
    if not ours or not theirs:
        return 0.0
    pairs = zip(ours, theirs, strict=True)
    return min(sino.similarity(one.text, other.text) for one, other in pairs)


@pytest.mark.parametrize(
    ("korean_name", "chinese_name"),
    [
        ("Kang Mun Kil", "Jiang Wen-ji"),
        ("Ri Song-hyok", "Li Cheng He"),
        ("Kim Chol Sam", "Jin Tiesan"),
        ("Kim Jong Il", "Jin Zhengri"),
        ("Kim Jong Un", "Jin Zheng En"),
        ("Kim Il Song", "Jin Richeng"),
        ("Choe Song Il", "Cui Chengri"),
        ("Pak Yong Chol", "Piao Yongzhe"),
        ("Jong Myong Guk", "Zheng Ming Guo"),
        ("Lim Chun Hwa", "Lin Chunhua"),
        ("Han Kyong Hui", "Han Jingji"),
        ("O Kwang Chol", "Wu Guangzhe"),
        ("Jang Song Chol", "Zhang Chengzhe"),
        ("Hwang Mun Ho", "Huang Wenhu"),
        ("Yang Tae Bong", "Yang Taifeng"),
        ("Paek Se Bong", "Bai Shifeng"),
        ("Lee Cheol Su", "Li Zhexiu"),
    ],
)
def test_one_person_under_two_readings(korean_name: str, chinese_name: str) -> None:
    """No letter is alike, yet the Hanja are the same: the alias that hides a person in China."""
    assert likeness(korean_name, chinese_name) >= 0.78


@pytest.mark.parametrize(
    ("korean_name", "chinese_name"),
    [
        ("Kim Chol Sam", "Li Tiesan"),
        ("Kim Chol Sam", "Jin Santie"),
        ("Kim Chol Sam", "Jin Tiejun"),
        ("Kang Mun Kil", "Jiang Wenhua"),
        ("Ri Song Hyok", "Wang Cheng He"),
        ("Choe Song Il", "Chen Chengri"),
    ],
)
def test_other_people_stay_apart(korean_name: str, chinese_name: str) -> None:
    """One syllable or the family name of another Hanja, or another order, is another name."""
    assert likeness(korean_name, chinese_name) == 0.0


@pytest.mark.parametrize("name", ["Kim Chol", "Ri Il", "Namgung Il"])
def test_short_korean_names_take_no_part(name: str) -> None:
    """One given syllable would meet a tenth of all Chinese names."""
    assert korean.read(words_of(name)) is not None
    assert korean_words(name) is None


@pytest.mark.parametrize(
    "name", ["Jin Tie", "Li Wei", "Wong Ka Fai", "Li Wei David", "Wang Ping Pong"]
)
def test_short_western_and_southern_chinese_names_take_no_part(name: str) -> None:
    """Two syllables, a Western name or Cantonese spellings are not a Korean's name in China."""
    assert chinese.read(words_of(name)) is not None
    assert chinese_words(name) is None


def test_words_carry_side_and_place() -> None:
    """The place keeps family names and both syllables from meeting crosswise."""
    assert korean_words("Kim Chol Sam") == (
        Word("kfkim", Role.SURNAME),
        Word("k1chol", Role.GIVEN),
        Word("k2sam", Role.GIVEN),
    )
    assert chinese_words("Jin Tiesan") == (
        Word("pfjin", Role.SURNAME),
        Word("p1tie", Role.GIVEN),
        Word("p2san", Role.GIVEN),
    )


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("kfkim", "pfjin", sino.FAMILY),
        ("kfpak", "pfpiao", sino.FAMILY),
        ("kfjong", "pfding", sino.FAMILY),
        ("k1chol", "p1tie", sino.USUAL),
        ("k1chol", "p1che", sino.UNUSUAL),
        ("k1sung", "p1cheng", sino.USUAL),
        ("k1sung", "p1xing", sino.UNUSUAL),
        ("kfkim", "kfkim", 0.0),
        ("pfjin", "pfjin", 0.0),
        ("kfkim", "p1jin", 0.0),
        ("k1chol", "p2tie", 0.0),
        ("kfkim", "pfwang", 0.0),
        ("", "pfjin", 0.0),
        ("x", "y", 0.0),
        ("kfzzz", "p1zzz", 0.0),
        ("zfkim", "pfjin", 0.0),
    ],
)
def test_similarity_is_graded_by_how_usual_the_hanja_is(
    left: str, right: str, expected: float
) -> None:
    """Rare Hanja and press spellings count less; words of one side never meet."""
    assert sino.similarity(left, right) == sino.similarity(right, left) == expected


KOREAN_WORDS = st.builds(
    lambda place, text: f"k{place}{text}",
    st.sampled_from("12"),
    st.sampled_from(sorted(all_spellings())),
) | st.sampled_from([f"kf{name}" for name in sorted(FAMILIES)])


@given(KOREAN_WORDS)
def test_related_words_are_those_that_are_alike(word: str) -> None:
    """The index finds words by `related` alone: it must agree with `similarity` both ways."""
    for other in sino.related(word):
        assert sino.similarity(word, other) == sino.similarity(other, word) > 0.7
        assert word in sino.related(other)
        assert is_pinyin(other[2:])
        assert other[:2] == "p" + word[1]


@given(st.text("kpf12acehijlmnosuyz", max_size=8), st.text("kpf12acehijlmnosuyz", max_size=8))
def test_any_words_are_compared_alike_both_ways(left: str, right: str) -> None:
    """Symmetric, in range, and `key` is the word itself."""
    assert sino.similarity(left, right) == sino.similarity(right, left)
    assert 0.0 <= sino.similarity(left, right) < 1.0
    assert sino.key(left) == left


def test_the_table_of_family_names_is_sound() -> None:
    """A misspelt entry would never be met: left a name of `korean.read`, right one of pinyin."""
    for family, readings in sino._families().items():
        assert family in FAMILIES, family
        assert readings, family
        assert all(is_pinyin(pinyin) for pinyin in readings), family


def test_every_hanja_has_a_pinyin() -> None:
    """A syllable that the table of transliterations does not know would fall out unseen."""
    for syllable, readings in sino._hanja_pinyin().items():
        assert all(is_pinyin(pinyin) for pinyin in readings), syllable


def test_names_carry_the_reading() -> None:
    """The engine sees the words in a culture of its own, with a look-up of related words."""
    words = {r.words for r in read_name("Jin Tiesan", NameOf.PERSON) if r.culture == SINO}
    assert words == {("pfjin", "p1tie", "p2san")}
    assert "kfkim" in CULTURES[SINO].related("pfjin")
    assert not CULTURES[SINO].is_fuzzy
    assert not [r for r in read_name("John Smith", NameOf.PERSON) if r.culture == SINO]


def test_characters_are_not_crossed_twice() -> None:
    """鄭麗華 as a Korean name and back by other Hanja was Lu Hezheng, who is somebody else."""
    for text in ("麗華 鄭", "金铁三", "Ким Чхоль Сам"):
        sides = {r.words[0][0] for r in read_name(text, NameOf.PERSON) if r.culture == SINO}
        assert "k" not in sides


def test_published_aliases_meet_and_other_people_do_not() -> None:
    """On the labelled pairs: at least two true ones come in, and no false one."""
    if not PAIRS.exists():
        pytest.skip(f"no labelled pairs at {PAIRS}")
    met: dict[str, set[tuple[str, str]]] = {"true": set(), "false": set()}
    with PAIRS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            one, other = row["name1"], row["name2"]
            if max(likeness(one, other), likeness(other, one)) > 0.0:
                met[row["is_match"]].add((one, other))
    assert len(met["true"]) >= 2
    assert met["false"] == set()
