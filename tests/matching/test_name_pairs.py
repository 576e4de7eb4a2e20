"""Two names compared: what is the same name, what is another, and in what order they rank."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parties import score

from tumen.matching.names import compare_names
from tumen.matching.rarity import Rarity
from tumen.matching.score import THRESHOLD
from tumen.matching.similarity import word_similarity
from tumen.matching.squash import squash_words
from tumen.names.name import NameOf

PERSONS = [
    "Kim Jong Un", "Kim Chong-un", "Ivan Petrov", "Ivan Ivanovich Petrov", "PETROV I. I.",
    "Muhammad bin Salman", "Xi Jinping", "Jan van der Berg", "Sean O'Brien", "Ali Khan",
    "J. Smith", "Smith John Robert", "mhmmd slmn", "Владимир Путин", "김정은", "X",
]  # fmt: skip
COMPANIES = [
    "Sunrise Trading LLC", "Trading LLC", "Sunrise 12 GmbH", "Sunrise 13 GmbH", "CORP",
    "Military Unit 55111", "Bank of Asia", "Ocean Maritime Management Company Limited",
    "Islamic Revolutionary Guard Corps", "IRGC", "JPMorgan", "JP Morgan",
]  # fmt: skip
PAIRS = [
    (one, other, schema)
    for names, schema in ((PERSONS, "Person"), (COMPANIES, "Company"), (COMPANIES, "Vessel"))
    for one in names
    for other in names
]


def test_the_order_of_the_two_changes_nothing() -> None:
    """The subject against the list says what the list says against the subject."""
    for one, other, schema in PAIRS:
        assert score(one, other, schema) == pytest.approx(score(other, one, schema), abs=1e-3)


_WORDS = [
    "Ivan", "Petrov", "Petrova", "I", "J", "R", "Smith", "Smyth", "John", "Jon", "Robert",
    "Ivanovich", "Muhammad", "Mohamed", "al", "bin", "Salman", "Kim", "Jong", "Un", "Chol",
]  # fmt: skip


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4),
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4),
)
def test_any_two_names_meet_the_same_both_ways(left: list[str], right: list[str]) -> None:
    """Initials, particles and words met twice included; the score is a share of 1."""
    one, other = score(" ".join(left), " ".join(right)), score(" ".join(right), " ".join(left))
    assert one == pytest.approx(other, abs=1e-3)
    assert 0.0 <= one < 1.0


def test_no_name_is_nearer_than_the_name_itself() -> None:
    """Identical names give the highest score a pair can have."""
    for one, other, schema in PAIRS:
        assert score(one, other, schema) <= score(one, one, schema) + 1e-9


@settings(max_examples=100)
@given(st.lists(st.sampled_from(_WORDS), min_size=2, max_size=4, unique=True))
def test_a_name_meets_itself_fully(words: list[str]) -> None:
    """Whatever its words, a name typed as listed is a full agreement of names."""
    match = compare_names(" ".join(words), " ".join(words), NameOf.PERSON, Rarity())
    assert match is not None
    assert match.score == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("left", "right", "schema"),
    [
        ("PUTIN, Vladimir Vladimirovich", "Vladimir Vladimirovich Putin", "Person"),
        ("Putin Vladimir", "Vladimir Putin", "Person"),
        ("JONG UN KIM", "Kim Jong-un", "Person"),
        ("HAIGE GUANGZHOU", "GUANGZHOU HAIGE", "Company"),
    ],
)
def test_the_order_of_words_hardly_matters(left: str, right: str, schema: str) -> None:
    """Family name first or last is a habit of the source."""
    assert score(left, right, schema) == pytest.approx(score(right, right, schema), abs=0.03)


# --- what lowers, and by how much ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "extra", "schema"),
    [
        ("Ivan Petrov", "Zavodnikov", "Person"),
        ("Muhammad Salman", "Haddad", "Person"),
        ("Jane Roe", "Watkins", "Person"),
        ("Sunrise Maritime", "Baltic", "Company"),
    ],
)
def test_an_extra_word_lowers_and_a_conflicting_one_lowers_more(
    name: str, extra: str, schema: str
) -> None:
    """A word too many is a doubt, two different words are a contradiction."""
    same = score(name, name, schema)
    longer = score(name, f"{name} {extra}", schema)
    conflicting = score(f"{name} Quillfeather", f"{name} {extra}", schema)
    assert conflicting < longer < same


def test_a_missing_patronymic_lowers_less_than_another_one() -> None:
    """Lists leave the father's name out, but two fathers are two men."""
    whole = "Ivan Ivanovich Petrov"
    missing, another = score(whole, "Ivan Petrov"), score(whole, "Ivan Sergeevich Petrov")
    assert another < THRESHOLD <= missing < score(whole, whole)


def test_a_missing_patronymic_costs_less_than_a_missing_family_name() -> None:
    """`Ivan Ivanovich` alone is anybody."""
    whole = "Ivan Ivanovich Petrov"
    assert score(whole, "Ivan Ivanovich") < score(whole, "Ivan Petrov")


@pytest.mark.parametrize(
    ("right", "is_same"),
    [
        ("Ivan Petrof", True),
        ("Ivan Zavodnikof", False),
        ("Ian Petrov", True),
        ("Oleg Petrov", False),
    ],
)
def test_a_slip_lowers_less_than_another_word(right: str, *, is_same: bool) -> None:
    """A typing error is still the name; another name is not."""
    found = score("Ivan Petrov", right)
    assert (found >= THRESHOLD) is is_same
    assert found < score("Ivan Petrov", "Ivan Petrov")


def test_a_common_name_in_common_says_less_than_a_rare_one() -> None:
    """The queue of hits has an order, though both names agree letter by letter."""
    assert score("Ali Khan", "Ali Khan") < score("Zebulon Quillfeather", "Zebulon Quillfeather")


def test_an_initial_agrees_less_than_a_name_and_more_than_another() -> None:
    """`J.` may be John, and may not."""
    full, initial, other = (score("John Quill", n) for n in ("John Quill", "J. Quill", "K. Quill"))
    assert other < initial < full


@pytest.mark.parametrize(
    ("left", "right", "schema"),
    [
        ("Robert Zavodnik", "Bob Zavodnik", "Person"),
        ("mhmmd zavodnikov", "Muhammad Zavodnikov", "Person"),
        ("Saddam Hussein al-Tikriti", "Saddam Husayn Al Tikriti", "Person"),
        ("Abdulrahman al-Zawahiri", "Abd al-Rahman al-Zawahiri", "Person"),
        ("Osamabinladen", "Osama bin Laden", "Person"),
        ("ISLAMIC REPUBLIC OF IRAN SHIPPI", "Islamic Republic of Iran Shipping Lines", "Company"),
        ("IRGC", "Islamic Revolutionary Guard Corps", "Company"),
        ("V l a d i m i r Putin", "Vladimir Putin", "Person"),
        ("Vlаdimir Рutin", "Vladimir Putin", "Person"),
        ("Владимир Путин", "Vladimir Putin", "Person"),
        ("习近平", "Xi Jinping", "Person"),
        ("معمر القذافي", "Muammar Qadhafi", "Person"),
    ],
)
def test_the_same_name_in_another_shape_is_a_hit(left: str, right: str, schema: str) -> None:
    """Nicknames, dropped vowels, joined, divided, cut, abbreviated, masked and foreign."""
    assert score(left, right, schema) >= THRESHOLD


@pytest.mark.parametrize(
    ("left", "right", "schema"),
    [
        ("Angela Merkel", "Angelo Mercaz", "Person"),
        ("Jane Roe", "John Doe", "Person"),
        ("Muhammad Ali", "Muhammad Salman", "Person"),
        ("Song Chol", "Song Chol Il", "Person"),
        ("Li Wei", "Li Na", "Person"),
        ("Bank of Asia", "Bank of Africa", "Company"),
        ("Sunrise Shipping LLC", "Sunset Shipping LLC", "Company"),
    ],
)
def test_another_name_is_no_hit(left: str, right: str, schema: str) -> None:
    """Words in common that half the world shares are not the name."""
    assert score(left, right, schema) < THRESHOLD


# --- the parts -------------------------------------------------------------------------------


@pytest.mark.parametrize("culture", ["latin", "korean", "slavic", "arabic", "organisation"])
@pytest.mark.parametrize(
    ("left", "right"), [("petrov", "petrof"), ("12", "13"), ("12", "twelve"), ("a", "b")]
)
def test_word_similarity_is_symmetric(culture: str, left: str, right: str) -> None:
    """Its cache may hold either order."""
    assert word_similarity(culture, left, right) == word_similarity(culture, right, left)


def test_digits_are_never_nearly_the_same() -> None:
    """Unit 55111 is not unit 55112."""
    for culture in ("latin", "organisation", "object"):
        assert word_similarity(culture, "55111", "55112") == 0.0
        assert word_similarity(culture, "55111", "55111") == 1.0


@pytest.mark.parametrize(
    ("left", "right", "how"),
    [
        ("vladimirputin", "vladimirputin", "squashed"),
        ("vladimirputin", "vladimirputim", "squashed"),
        ("vladimirputin", "vladimirvladimirovichputin", ""),
        ("short", "short", ""),
        ("vladimirputin", "muhammadsalman", ""),
    ],
)
def test_names_without_spaces(left: str, right: str, how: str) -> None:
    """Joined or cut at the width of a field; a few letters alone prove nothing."""
    found, said = squash_words(left, right, 0.9)
    assert said == how
    assert (found > 0) is bool(how)
    assert found < 1.0
    assert squash_words(right, left, 0.9) == (found, said)


@pytest.mark.parametrize(
    ("left", "right", "how"),
    [
        ("PUTIN, Vladimir Vladimirovi", "PUTIN, Vladimir Vladimirovich", "cut"),
        ("PUTIN, Vladimir Vladimirovi", "Vladimir Vladimirovich Putin", "cut"),
        ("PUTIN, Vladimir Vladimirovich", "PUTIN, Vladimir Vladimirovich Igorevich", "words"),
    ],
)
def test_cut_names(left: str, right: str, how: str) -> None:
    """A field cuts inside a word, whichever way the list turns the name; fewer words are no cut."""
    found = compare_names(left, right, NameOf.PERSON, Rarity())
    assert found is not None
    assert found.how == how


def test_names_without_readings_do_not_meet() -> None:
    """An empty name matches nothing, least of all another empty one."""
    assert compare_names("!!!", "???", NameOf.PERSON, Rarity()) is None
    assert compare_names("Ivan", "", NameOf.PERSON, Rarity()) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("99th Light Infantry Division of the Army", "77th Light Infantry Division of the Army"),
        ("810th Naval Infantry Brigade", "155th Naval Infantry Brigade"),
    ],
)
def test_two_numbers_are_two_units(left: str, right: str) -> None:
    """However many words two formations share; the same number keeps them together."""
    assert score(left, right, "Organization") < THRESHOLD - 0.1
    assert score(left, left.replace("th ", " ", 1), "Organization") > 0.85
