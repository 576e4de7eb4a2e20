"""Chinese names: shape, pinyin against older and southern spellings, characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.names import chinese, chinese_script, chinese_sound
from tumen.names.word import Role, Word

SPELLINGS = sorted(chinese_sound._syllables().spellings)
LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


def texts(name: str) -> list[str] | None:
    """The words of a name as read, family name first."""
    found = chinese.read(tuple(name.split()))
    return None if found is None else [word.text for word in found]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("li jianshu", ["li", "jian", "shu"]),
        ("jin tiesan", ["jin", "tie", "san"]),
        ("jiang wen ji", ["jiang", "wen", "ji"]),
        ("guo jiangang", ["guo", "jian", "gang"]),
        ("hu yongan", ["hu", "yong", "an"]),
        ("chen mei hsiang", ["chen", "mei", "xiang"]),
        ("hsieh wen tzu", ["xie", "wen", "tzu"]),
        ("kwok kar keung", ["guo", "jia", "keung"]),
        ("li na", ["li", "na"]),
        ("ou yang xiu", ["ouyang", "xiu"]),
        ("szeto wah", ["situ", "hua"]),
        ("huang wang ken", ["huang", "wang", "ken"]),
    ],
)
def test_reads_a_name_with_its_family_name_first(name: str, expected: list[str]) -> None:
    """Joined and split syllables of every romanisation come out as the same words."""
    assert texts(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("jianshu li", ["li", "jian", "shu"]),
        ("xiaoming zhang", ["zhang", "xiao", "ming"]),
        ("yun yuan tsang", ["tsang", "yun", "yuan"]),
        ("wei chen", ["chen", "wei"]),
        ("xiu ou yang", ["ouyang", "xiu"]),
    ],
)
def test_reads_a_name_with_its_family_name_last(name: str, expected: list[str]) -> None:
    """Abroad the family name comes last; of two possible ones the far commoner is taken."""
    assert texts(name) == expected


@pytest.mark.parametrize("name", ["tony chow", "chow tony"])
def test_keeps_a_western_given_name_as_a_plain_word(name: str) -> None:
    """Passports and papers of Hong Kong put a Western name beside the Chinese family name."""
    found = chinese.read(tuple(name.split()))
    assert found == (Word("chow", Role.SURNAME), Word("tony"))


def test_keeps_a_western_name_beside_a_whole_chinese_one() -> None:
    """The Western name must neither hide the Chinese one nor be taken for its syllable."""
    found = chinese.read(("peter", "wai", "ming", "lui"))
    assert found is not None
    assert [word.role for word in found] == [Role.SURNAME, Role.GIVEN, Role.GIVEN, Role.PLAIN]
    assert found[-1].text == "peter"


@pytest.mark.parametrize(
    "name",
    [
        "john smith",
        "sun yang li kai",
        "kim chol sam",
        "john long",
        "peter mary wong",
        "ali han",
        "taylor wang",
        "li",
        "peter",
        "zhang 39",
        "maria garcia",
        "ri pyong mu",
        "vladimir li",
    ],
)
def test_leaves_other_names_alone(name: str) -> None:
    """A false Chinese reading would keep the general comparison from a Western name."""
    assert chinese.read(tuple(name.split())) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("hsieh", "xie"),
        ("hsiang", "xiang"),
        ("tsai", "cai"),
        ("shih", "shi"),
        ("yung", "yong"),
        ("tieh", "tie"),
        ("lv", "lu"),
        ("lee", "li"),
        ("jhong", "zhong"),
        ("auyeung", "ouyang"),
        ("xiaohsiang", "hsiaoxiang"),
    ],
)
def test_spellings_of_one_syllable_are_the_same(left: str, right: str) -> None:
    """Taiwan's spelling and the mainland's of one name must not cost a score."""
    assert chinese.similarity(left, right) == 1.0
    assert chinese.key(left) == chinese.key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("chang", "zhang"),
        ("cheung", "zhang"),
        ("chow", "zhou"),
        ("chou", "zhou"),
        ("chan", "chen"),
        ("wong", "wang"),
        ("wong", "huang"),
        ("ng", "wu"),
        ("ng", "huang"),
        ("tsang", "zeng"),
        ("lau", "liu"),
        ("lam", "lin"),
        ("leung", "liang"),
        ("yip", "ye"),
        ("kwok", "guo"),
        ("tam", "tan"),
        ("ho", "he"),
    ],
)
def test_southern_and_older_family_names_are_very_probable(left: str, right: str) -> None:
    """A family name from Hong Kong or Singapore may be one of several in pinyin."""
    assert chinese.similarity(left, right) >= 0.9


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("chang", "zhang"),
        ("cheung", "zhang"),
        ("chow", "zhou"),
        ("chan", "chen"),
        ("wong", "wang"),
        ("tsang", "zeng"),
        ("hsieh", "xie"),
        ("lim", "lin"),
        ("quek", "guo"),
        ("auyeung", "ouyang"),
    ],
)
def test_spellings_of_a_family_name_share_the_key(left: str, right: str) -> None:
    """The index finds candidates by key; another key is a listed person lost."""
    assert chinese.key(left) == chinese.key(right)


@pytest.mark.parametrize(("left", "right"), [("lin", "ling"), ("zhen", "zen"), ("yun", "yung")])
def test_a_southern_accent_is_doubtful(left: str, right: str) -> None:
    """The South writes n for ng and z for zh: less than a slip, more than another name."""
    assert chinese.similarity(left, right) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("left", "right"),
    [("tan", "dan"), ("bei", "pei"), ("ken", "gen"), ("wan", "yun")],
)
def test_what_pinyin_tells_apart_is_a_slip_at_best(left: str, right: str) -> None:
    """Pinyin `tan` is Wade-Giles for `dan`: plausible, and no more."""
    assert chinese.similarity(left, right) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("li", "liu"),
        ("wei", "ming"),
        ("guo", "gao"),
        ("xin", "xue"),
        ("zhang", "zhao"),
        ("ouyang", "ou"),
        ("jianshu", "jianguo"),
        ("tony", "li"),
    ],
)
def test_other_syllables_are_another_name(left: str, right: str) -> None:
    """Chinese names are short: one other syllable is another person."""
    assert chinese.similarity(left, right) < 0.55


def test_western_names_go_by_their_letters() -> None:
    """Neil and Niel are one slip of the pen; Tony and Neil are two men."""
    assert chinese.similarity("neil", "niel") >= 0.7
    assert chinese.similarity("tony", "neil") < 0.55
    assert chinese.key("neil") == "neil"


@given(st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS))
def test_similarity_is_symmetric_and_bounded(left: str, right: str) -> None:
    """The order of the two names must not change a score."""
    value = chinese.similarity(left, right)
    assert 0.0 <= value <= 1.0
    assert value == chinese.similarity(right, left)
    assert chinese.similarity(left, left) == 1.0


@given(LETTERS, LETTERS)
def test_any_letters_are_accepted(left: str, right: str) -> None:
    """Every word of a million names comes here; none may raise or give an empty key."""
    assert chinese.key(left)
    assert 0.0 <= chinese.similarity(left, right) <= 1.0
    chinese.read((left, right))


def test_every_table_entry_is_a_pinyin_syllable() -> None:
    """A slip in a data file would silently lose a family name or a spelling."""
    families = [head.split(" ")[0] for head, _ in chinese_sound.table_lines("chinese_surnames.txt")]
    given_names = dict(chinese_sound.table_lines("chinese_given.txt"))
    assert len(families) == len(set(families))
    assert [name for name in families if not chinese._divide(name)] == []
    assert [s for s in given_names if s != "western" and not chinese_sound.is_pinyin(s)] == []


def test_no_character_is_two_family_names() -> None:
    """One character has one reading as a family name, or the reading would be chance."""
    heads = [head for head, _ in chinese_sound.table_lines("chinese_surnames.txt")]
    single = [head.split(" ") for head in heads if chinese_sound.is_pinyin(head.split(" ")[0])]
    seen = [character for _, characters in single for character in characters]
    assert sorted(c for c in set(seen) if seen.count(c) > 1) == []


def test_pinyin_holds_the_known_number_of_syllables() -> None:
    """Mandarin has about 400 syllables without tones; a lost row would show here."""
    syllables = chinese_sound._syllables().pinyin
    assert 385 <= len(syllables) <= 415
    assert {"zhuang", "xiong", "nue", "er", "shuo"} <= syllables
    assert "hsiang" not in syllables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("金铁三", "jin tie san"),
        ("习近平", "xi jin ping"),
        ("習近平", "xi jin ping"),
        ("欧阳修", "ouyang xiu"),
        ("歐陽修", "ouyang xiu"),
        ("司马光", "sima guang"),
        ("诸葛亮", "zhuge liang"),
        ("上官婉儿", "shangguan wan er"),
        ("月娥 楊", "yue e yang"),
        ("Jin Tiesan (金铁三)", "Jin Tiesan ( jin tie san )"),
        ("中国银行", "zhong guo yin hang"),
        ("长江 重庆", "chang jiang chong qing"),
        ("Li Na", "Li Na"),
        ("", ""),
    ],
)
def test_characters_become_pinyin(text: str, expected: str) -> None:
    """A name in characters, simplified or traditional, must meet its pinyin."""
    assert chinese.transliterate(text) == expected


@pytest.mark.parametrize(
    ("text", "family"),
    [("单国强", "shan"), ("曾庆红", "zeng"), ("解珍", "xie"), ("仇和", "qiu"), ("查良", "zha")],
)
def test_family_names_have_their_own_reading(text: str, family: str) -> None:
    """Some characters are read otherwise as a family name: 曾 is Zeng, not Ceng."""
    assert chinese.transliterate(text).split()[0] == family
    assert chinese_script.transliterate(text[0]) == family


@pytest.mark.parametrize("text", ["金铁三", "欧阳修", "曾庆红", "王 小明", "卢伟", "贺龙"])
def test_what_is_transliterated_can_be_read(text: str) -> None:
    """Both ways into Latin letters must meet in `read`."""
    assert chinese.read(tuple(chinese.transliterate(text).split())) is not None


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        ("zhou jianming", "chou chien ming", True),
        ("cai yingjie", "tsai ing chieh", True),
        ("huang weiming", "wong wai ming", True),
        ("guo zhihao", "kwok chi ho", True),
        ("zhou jianming", "zhou jianguo", False),
        ("huang weiming", "huang weidong", False),
        ("li na", "liu na", False),
    ],
)
def test_invented_pairs_are_told_apart(left: str, right: str, is_same: bool) -> None:
    """Whole names under two romanisations meet, and neighbours in the book do not."""
    ones, others = texts(left), texts(right)
    assert ones is not None
    assert others is not None
    scores = [chinese.similarity(*pair) for pair in zip(ones, others, strict=True)]
    assert (min(scores) >= 0.79) is is_same
