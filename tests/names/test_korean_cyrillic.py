"""Korean names in Russian, Ukrainian and Belarusian letters, and names that only look so."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.names import korean, korean_cyrillic
from tumen.names.korean_cyrillic import from_cyrillic, spellings
from tumen.names.name import NameOf, read_name

# Leaders, generals, ministers and diplomats as the Russian press and embassies write them.
KNOWN = [
    ("Ким Ир Сен", "Kim Il Song"),
    ("Ким Чен Ир", "Kim Jong Il"),
    ("Ким Чен Ын", "Kim Jong Un"),
    ("Ким Чен Ын", "Kim Jong-un"),
    ("Ким Ё Чжон", "Kim Yo Jong"),
    ("Ким Чон Нам", "Kim Jong Nam"),
    ("Ким Чон Чхоль", "Kim Jong Chol"),
    ("Ким Чжу Э", "Kim Ju Ae"),
    ("Ким Ен Нам", "Kim Yong Nam"),
    ("Ким Ён Чхоль", "Kim Yong Chol"),
    ("Ким Ён Чер", "Kim Yong Chol"),
    ("Ким Кён Хи", "Kim Kyong Hui"),
    ("Ким Гён Хи", "Kim Kyong Hui"),
    ("Ким Ток Хун", "Kim Tok Hun"),
    ("Ким Док Хун", "Kim Tok Hun"),
    ("Ким Чэ Рён", "Kim Jae Ryong"),
    ("Ким Чжэ Рён", "Kim Jae Ryong"),
    ("Ким Су Гиль", "Kim Su Gil"),
    ("Ким Гван Хёк", "Kim Kwang Hyok"),
    ("Ким Ен Су", "Kim Yong Su"),
    ("Ким Хён Чжун", "Kim Hyong Jun"),
    ("Ким Ге Гван", "Kim Kye Gwan"),
    ("Ким Гык Сон", "Kim Kuk Song"),
    ("Ким Вон Хон", "Kim Won Hong"),
    ("Ким Ён Бок", "Kim Yong Bok"),
    ("Ким Ян Гон", "Kim Yang Gon"),
    ("Пак Чон Чхон", "Pak Jong Chon"),
    ("Пак Тхэ Сон", "Pak Thae Song"),
    ("Пак Пон Чжу", "Pak Pong Ju"),
    ("Пак То Чхун", "Pak To Chun"),
    ("Пак Чжин Хёк", "Park Jin Hyok"),
    ("Пак Кван Хо", "Pak Kwang Ho"),
    ("Ли Ён Гиль", "Ri Yong Gil"),
    ("Ли Ен Гиль", "Ri Yong Gil"),
    ("Ли Ён Гир", "Ri Yong Gil"),
    ("Ли Ён Хо", "Ri Yong Ho"),
    ("Ли Пён Чхоль", "Ri Pyong Chol"),
    ("Ли Бён Чхоль", "Ri Pyong Chol"),
    ("Ли Су Ён", "Ri Su Yong"),
    ("Ли Сон Гвон", "Ri Son Gwon"),
    ("Ли Соль Чжу", "Ri Sol Ju"),
    ("Ри Соль Чу", "Ri Sol Ju"),
    ("Ли Ман Гон", "Ri Man Gon"),
    ("Ли Чхан Хо", "Ri Chang Ho"),
    ("Ли Хон Соп", "Ri Hong Sop"),
    ("Цой Сон Хи", "Choe Son Hui"),
    ("Чхве Сон Хи", "Choe Son Hui"),
    ("Цой Рён Хэ", "Choe Ryong Hae"),
    ("Чхве Рён Хэ", "Choe Ryong Hae"),
    ("Цой Пу Ир", "Choe Pu Il"),
    ("Чхве Чхун Сик", "Choe Chun Sik"),
    ("Но Гван Чхоль", "No Kwang Chol"),
    ("Чо Ён Вон", "Jo Yong Won"),
    ("Чо Чун Рён", "Jo Chun Ryong"),
    ("Чан Сон Тхэк", "Jang Song Thaek"),
    ("Чан Чхан Ха", "Jang Chang Ha"),
    ("Чон Иль Хо", "Jon Il Ho"),
    ("Чжон Кён Тхэк", "Jong Kyong Thaek"),
    ("Хван Бён Со", "Hwang Pyong So"),
    ("Хён Ён Чхоль", "Hyon Yong Chol"),
    ("Хён Сон Воль", "Hyon Song Wol"),
    ("Кан Сун Нам", "Kang Sun Nam"),
    ("Кан Сок Чжу", "Kang Sok Ju"),
    ("Син Хон Чхоль", "Sin Hong Chol"),
    ("О Гын Сик", "O Kun Sik"),
    ("О Су Ён", "O Su Yong"),
    ("О Гык Рёль", "O Kuk Ryol"),
    ("Тхэ Чон Су", "Thae Jong Su"),
    ("Тхэ Ён Хо", "Thae Yong Ho"),
    ("Юн Чжон Ин", "Yun Jong In"),
    ("Лим Гван Ир", "Rim Kwang Il"),
    ("Ю Чжин", "Yu Jin"),
    ("Мун Чхон Гук", "Mun Chon Guk"),
    ("Сон Ён Му", "Song Yong Mu"),
    ("Пэк Се Бон", "Paek Se Bong"),
    ("Чу Гю Чхан", "Ju Kyu Chang"),
    ("Юн Сок Ёль", "Yun Sok Yol"),
    ("Мун Чжэ Ин", "Moon Jae In"),
    ("Пак Кын Хе", "Park Geun Hye"),
]


def likeness(spelling: str, name: str) -> float:
    """The least likeness of the words of two names, family name with family name."""
    left = korean.read(tuple(spelling.split()))
    right = korean.read(tuple(name.lower().replace("-", " ").split()))
    assert left is not None, spelling
    assert right is not None, name
    if len(left) != len(right):
        return 0.0
    pairs = zip(left, right, strict=True)
    return min(korean.similarity(one.text, other.text) for one, other in pairs)


@pytest.mark.parametrize(("cyrillic", "name"), KNOWN)
def test_reads_known_people(cyrillic: str, name: str) -> None:
    """One of the few readings must be the person, or the corridor's paperwork hides them."""
    assert max(likeness(spelling, name) for spelling in spellings(cyrillic)) >= 0.85


def test_the_first_reading_is_nearly_always_the_right_one() -> None:
    """`from_cyrillic` shows one name; it must be the usual one."""
    firsts = [likeness(from_cyrillic(cyrillic) or "", name) >= 0.85 for cyrillic, name in KNOWN]
    assert sum(firsts) / len(firsts) >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Ким Ченын",
        "Ким Чен-Ын",
        "КИМ Чен Ын",
        "Ким, Чен Ын",
        "Ким Чен'ын",
        "Кім Чен Ин",
        "Кім Чэн Ын",
        "Ким Чонын",
        "Ким Чжонын",
        "Ким Джон Ын",
    ],
)
def test_reads_every_way_to_write_one_name(text: str) -> None:
    """Joined, hyphenated, Ukrainian and Belarusian forms are the same person."""
    assert likeness(from_cyrillic(text) or "", "kim jong un") >= 0.85


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Лі Йон Гіль", "ri yong gil"),
        ("Чхве Рьон Хе", "choe ryong hae"),
        ("Чо Йон Вон", "jo yong won"),
        ("Намгун Мин Су", "namgung min su"),
        ("Нам Гун Мин Су", "namgung min su"),
        ("Шин Чхоль Су", "sin chol su"),
        ("Хегай Чхоль Су", "ho chol su"),
        ("Тен Ир Сен", "jong il song"),
    ],
)
def test_reads_other_orthographies(text: str, expected: str) -> None:
    """Ukrainian yo, compound family names and the spellings of Central Asia's Koreans."""
    assert max(likeness(spelling, expected) for spelling in spellings(text)) >= 0.85


@pytest.mark.parametrize(
    "text",
    [
        "Иван Пак",
        "Ли Иван",
        "Пак Роман",
        "Ким Антон",
        "Ким Инна",
        "Цой Виктор",
        "Цой Виктор Робертович",
        "Ким И. О.",
        "Ким",
        "Сергей Лавров",
        "Си Цзиньпин",
        "Чжан Вэй",
        "Ким Чен Ын Ли",
        "Ким Park",
        "Kim Jong Un",
        "Ким 17",
        "",
        " ",
    ],
)
def test_leaves_other_names_alone(text: str) -> None:
    """Koreans of Russia have Russian given names; Chinese and Russians are not Korean."""
    assert spellings(text) == ()
    assert from_cyrillic(text) is None


def test_a_letter_that_hides_two_sounds_gives_both() -> None:
    """Сон is Song or Son: to choose would lose one of two listed people."""
    assert spellings("Ли Сон Хи") == ("ri song hui", "ri son hui")


@given(st.text("абвгдежзийклмнопрстуфхцчшщъыьэюяё -,'іїєґ.Ab1", max_size=24))
def test_any_text_gives_few_readings_that_korean_reads(text: str) -> None:
    """Never more than four, each a name that `korean.read` takes, and no error."""
    found = spellings(text)
    assert len(found) <= 4
    assert all(korean.read(tuple(spelling.split())) for spelling in found)


@given(
    st.sampled_from(sorted(korean_cyrillic._families())),
    st.lists(st.sampled_from(sorted(korean_cyrillic._syllables())), min_size=1, max_size=2),
)
def test_every_family_name_with_syllables_is_read(family: str, given_names: list[str]) -> None:
    """What the tables spell, the reader must read, divided by spaces."""
    assert from_cyrillic(" ".join((family, *given_names)))


def test_a_cyrillic_name_has_a_korean_reading() -> None:
    """The reading must reach the engine beside the plain Latin one."""
    readings = read_name("Ким Чен Ын", NameOf.PERSON)
    assert ("korean", ("kim", "jong", "un")) in [(r.culture, r.words) for r in readings]
    assert ("latin", ("kim", "chen", "yn")) in [(r.culture, r.words) for r in readings]


def test_names_that_are_not_korean_cost_little() -> None:
    """A million Russian names pass here; 40 µs is eight times what was measured, for slow days."""
    names = [f"Сергей Лавров{a}{b}" for a in "абвгдезиклмноп" for b in "абвгдезиклмноп" * 5]
    spellings("Ким Чен Ын")
    start = time.perf_counter()
    for name in names:
        spellings(name)
    assert (time.perf_counter() - start) / len(names) < 40e-6
