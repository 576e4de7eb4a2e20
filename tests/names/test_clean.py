"""Plain words of published and typed names: nothing that hides a name may survive."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.names.clean import unleet, words_of

PLAIN = re.compile(r"[a-z0-9]+")
APOSTROPHES = "'’‘ʼ`´ʹʻʿʾ′‛ˈ＇"


def _words(text: str) -> str:
    return " ".join(words_of(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vlаdimir Putin", "vladimir putin"),  # Cyrillic а
        ("Vladimir Рutin", "vladimir putin"),  # Cyrillic Р
        ("Кіm Jоng Un", "kim jong un"),  # Cyrillic К, і, о
        ("Kim Jong Un", "kim jong un"),
        ("КІМ Jong Un", "kim jong un"),  # a whole word of look-alikes
        ("Νіkоs Smith", "nikos smith"),  # Greek Ν, Cyrillic і and о
        ("АСМЕ Trading", "acme trading"),
    ],
)
def test_look_alike_letters_among_latin_ones_are_folded(text: str, expected: str) -> None:
    """A letter borrowed from another script does not carry a name past the check."""
    assert _words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Сeргей Иванов", "sergey ivanov"),  # Latin e
        ("Cepгeй Иванов", "sergey ivanov"),  # Latin C, e, p, e
        ("Bлaдимиp Ильин", "vladimir ilin"),  # Latin B, a, p
    ],
)
def test_latin_guests_in_a_cyrillic_name_are_folded(text: str, expected: str) -> None:
    """The same trick the other way round: the word stays Cyrillic and is read so."""
    assert _words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("РОСТ", "rost"), ("ВЕРА", "vera"), ("Сара Хан", "sara khan")]
)
def test_a_name_wholly_in_cyrillic_is_no_disguise(text: str, expected: str) -> None:
    """Letters that all have a Latin twin are still Cyrillic where no Latin one stands by."""
    assert _words(text) == expected


@pytest.mark.parametrize(
    "sign",
    ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202e", "\u2066"],
)
@given(at=st.integers(0, 11))
def test_invisible_characters_are_nothing(sign: str, at: int) -> None:
    """Zero-width and direction marks, often pasted along, neither split nor hide a word."""
    assert _words("Kim Jong Un"[:at] + sign + "Kim Jong Un"[at:]) == "kim jong un"


@pytest.mark.parametrize(
    "space", ["\u00a0", "\u202f", "\u2003", "\u3000", "\u2009", "\t", "\n", "  ", "\u2028"]
)
def test_every_kind_of_space_divides_words(space: str) -> None:
    """No-break and ideographic spaces of spreadsheets divide words as a plain one does."""
    assert _words(f"Kim{space}Jong{space}Un") == "kim jong un"


@pytest.mark.parametrize("dash", ["-", "‐", "‑", "–", "—", "/", ".", ",", "_"])
def test_dashes_and_stops_divide_words(dash: str) -> None:
    """`Chong-un`, `Chong‑un` and `Chong un` are one spelling."""
    assert _words(f"Kim Chong{dash}un") == "kim chong un"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ｋｉｍ Ｊｏｎｇ Ｕｎ", "kim jong un"),
        ("𝐊𝐢𝐦 𝐉𝐨𝐧𝐠 𝐔𝐧", "kim jong un"),
        ("ⓀⒾⓂ Jong Un", "kim jong un"),
        ("K̶i̶m̶ Jong Un", "kim jong un"),
        ("İstanbul Şahin Ğ", "istanbul sahin g"),
        ("Ångström Æsir Œuvre", "angstrom aesir oeuvre"),
    ],
)
def test_dressed_letters_are_letters(text: str, expected: str) -> None:
    """Full-width, mathematical, circled, struck-out and accented letters are plain ones."""
    assert _words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ch@rlie", "charlie"),
        ("P!erre", "pierre"),
        ("Ro$i", "rosi"),
        ("a@b", "aab"),
        ("Smith @ Sons", "smith sons"),
        ("Ahoy!", "ahoy"),
        ("$ Trading", "trading"),
    ],
)
def test_signs_inside_a_word_are_letters_and_elsewhere_nothing(text: str, expected: str) -> None:
    """A sign that stands for a letter is read as one; punctuation is not."""
    assert _words(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("s3rgey", "sergey"),
        ("iv4nov", "ivanov"),
        ("p0tr0v", "potrov"),
        ("kim", "kim"),
        ("55111", "55111"),
        ("", ""),
    ],
)
def test_digits_inside_a_word_are_letters(word: str, expected: str) -> None:
    """A person's name has no digits; a number by itself stays one."""
    assert unleet(word) == expected


@pytest.mark.parametrize("sign", list(APOSTROPHES))
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim Cho'ng-u'n", "kim chong un"),
        ("Myo' ng-ch'o' l", "myong chol"),
        ("'Abd al-Karim", "abd al karim"),
        ("Diya' al-Din", "diya al din"),
        ("Sa'id", "said"),
        ("O'Brien", "obrien"),
        ("al-Qa'ida", "al qaida"),
    ],
)
def test_every_apostrophe_is_the_same(sign: str, text: str, expected: str) -> None:
    """Publishers write one apostrophe in a dozen ways, and some tear it from its syllable."""
    assert _words(text.replace("'", sign)) == expected


def test_acute_accent_serves_as_an_apostrophe() -> None:
    """The accent key is the apostrophe of many keyboards."""
    assert _words("O´Brien") == "obrien"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Владимир Путин", "vladimir putin"),
        ("Щукин", "shchukin"),
        ("김정은", "kim jong un"),
        ("习近平", "xi jin ping"),
        ("محمد", "muhammad"),
        ("Γιώργος", "giorgos"),
        ("მიხეილ", "mikheil"),
    ],
)
def test_scripts_become_their_usual_latin(text: str, expected: str) -> None:
    """A name in its own script meets the Latin name that lists give."""
    assert _words(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Володимир Зеленський",
        "خالد بن الوليد",
        "احمدی‌نژاد",
        "박정희",
        "金铁三",
        "Αλέξης Τσίπρας",
        "სააკაშვილი",
        "नरेन्द्र मोदी",
        "ทักษิณ ชินวัตร",
        "Սերժ Սարգսյան",
        "בנימין נתניהו",
        "やまだ たろう",
        "ຄຳຕັນ",
        "អ៊ុន សែន",
        "မင်းအောင်လှိုင်",
    ],
)
def test_every_script_ends_in_words(text: str) -> None:
    """A script without rules of its own is still compared, never dropped."""
    words = words_of(text)
    assert words
    assert all(PLAIN.fullmatch(word) for word in words)


def test_scripts_side_by_side_are_both_read() -> None:
    """A value that repeats the name in brackets keeps both."""
    assert _words("Kim Jong Un (김정은)") == "kim jong un kim jong un"


@pytest.mark.parametrize("text", ["", " ", "!!!", "…", "\u200b", "()", "'", "—"])
def test_nothing_readable_gives_no_words(text: str) -> None:
    """Signs alone are no name, so that the subject can be called not screened."""
    assert words_of(text) == ()


@pytest.mark.parametrize("text", ["\ud800 Kim", "Kim \udfff", "Kim\x00", "\x1b[31mKim"])
def test_broken_text_is_read_all_the_same(text: str) -> None:
    """Half a surrogate pair or a control character of a bad export stops nobody."""
    assert "kim" in words_of(text) or "31mkim" in words_of(text)


_SCRIPTS = st.one_of(
    st.text(max_size=30),
    st.text("аеорсухКМТВНaeopcyxKMTBHии -'’", max_size=20),
    st.text("김정은박習近平金 (;)", max_size=12),
    st.text("محمدخالدبن ال\u200c", max_size=16),
    st.text("abc01345@$!| '’.-", max_size=24),
)


@given(_SCRIPTS)
def test_any_text_gives_plain_words(text: str) -> None:
    """Whatever comes in, what goes out is letters a-z and digits, ready to be compared."""
    assert all(PLAIN.fullmatch(word) for word in words_of(text))


@given(_SCRIPTS)
def test_plain_words_stay_as_they_are(text: str) -> None:
    """Cleaning twice changes nothing, so both sides may be cleaned at any time."""
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9), max_size=5))
def test_case_changes_nothing(words: list[str]) -> None:
    """`KIM`, `Kim` and `kim` are one."""
    text = " ".join(words)
    assert words_of(text.upper()) == words_of(text.title()) == tuple(words)
