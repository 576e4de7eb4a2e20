"""The readings of a name: by bearer, culture, title, bracket, number and particle."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.names.cultures import CULTURES
from tumen.names.name import NameOf, Reading, is_spread, parts_of, read_name

PLAIN = re.compile(r"[a-z0-9]+")


def _readings(text: str, bearer: NameOf = NameOf.PERSON) -> dict[str, Reading]:
    """The first reading of each culture."""
    found: dict[str, Reading] = {}
    for reading in read_name(text, bearer):
        found.setdefault(reading.culture, reading)
    return found


def _latin(text: str) -> str:
    return " ".join(_readings(text)["latin"].words)


# --- cultures ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "culture", "words"),
    [
        ("Kim Jong Un", "korean", "kim jong un"),
        ("Pak Yong-sik", "korean", "pak yong sik"),
        ("김정은", "korean", "kim jong un"),
        ("习近平", "chinese", "xi jin ping"),
        ("Xi Jinping", "chinese", "xi jin ping"),
        ("Ivan Ivanovich Petrov", "slavic", "ivan ivanovich petrov"),
        ("Владимир Путин", "slavic", "vladimir putin"),
        ("Muhammad bin Salman", "arabic", "muhammad salman"),
    ],
)
def test_a_name_is_read_in_its_culture(text: str, culture: str, words: str) -> None:
    """Each culture compares by its own rules; without its reading they never apply."""
    assert " ".join(_readings(text)[culture].words) == words


@pytest.mark.parametrize("text", ["Kim Jong Un", "Ivan Petrov", "Jane Roe", "习近平", "X", "3.5"])
def test_every_person_has_a_latin_reading(text: str) -> None:
    """Whatever culture is guessed, the plain letters are compared as well."""
    assert read_name(text, NameOf.PERSON)[0].culture == "latin"


@pytest.mark.parametrize("text", ["Jane Roe", "Wolfgang Amadeus Mozart"])
def test_a_western_name_has_no_syllables(text: str) -> None:
    """Rules for Korean and Chinese syllables do not touch names of other shape."""
    assert not {"korean", "chinese"} & _readings(text).keys()


@pytest.mark.parametrize("text", ["Pak Chol Su", "Kim Jong Un"])
def test_syllables_rule_out_sound_rules(text: str) -> None:
    """The sound rules of long Slavic and Arabic words would call unlike syllables the same."""
    assert not {"slavic", "arabic"} & _readings(text).keys()


def test_doubled_letters_do_not_hide_a_korean_name() -> None:
    """A letter typed twice leaves the syllables readable."""
    assert _readings("Kimm Jong Unn")["korean"].words == ("kim", "jong", "un")


@pytest.mark.parametrize(
    ("bearer", "cultures"),
    [
        (NameOf.PERSON, {"latin"}),
        (NameOf.ORGANISATION, {"organisation"}),
        (NameOf.OBJECT, {"object"}),
        (NameOf.UNKNOWN, {"latin", "organisation", "object"}),
    ],
)
def test_the_bearer_decides_the_readings(bearer: NameOf, cultures: set[str]) -> None:
    """A ship is not read as a person; what is of unknown kind is read every way."""
    assert _readings("Sunrise", bearer).keys() == cultures


# --- words of a person ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Rami Makhlouf", "rami makhlouf"),
        ("Dr. Hans Meier", "hans meier"),
        ("Col. Gen. Ivan Ivanov", "ivan ivanov"),
        ("PAN, Aleksandr", "pan aleksandr"),
        ("Mr. Aleksandr PAN", "aleksandr pan"),
        ("KING, Dr. Martin", "king martin"),
        ("SHEIKH, Ahmad Ali Hassan", "sheikh ahmad ali hassan"),
        ("Prince", "prince"),
        ("HUANG, Wang-gen", "huang wang gen"),
        ("Yong-Chol Sen-dol", "yong chol sen dol"),
        ("Maj-Gen Ivan Ivanov", "ivan ivanov"),
        ("Lt-Col. Ivan Ivanov", "ivan ivanov"),
    ],
)
def test_titles_go_and_family_names_stay(text: str, expected: str) -> None:
    """A rank is no evidence, but before a comma the same word is a family name."""
    assert _latin(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v l a d i m i r putin", "vladimir putin"),
        ("V.L.A.D.I.M.I.R. Putin", "vladimir putin"),
        ("Vladimir P u t i n", "vladimir putin"),
        ("J. R. R. Tolkien", "j r r tolkien"),
        ("A B C Smith D", "a b c smith d"),
    ],
)
def test_letters_spaced_out_are_joined_and_initials_stay(text: str, expected: str) -> None:
    """Four letters in a row are a word pulled apart; three are initials."""
    assert _latin(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("s3rgey iv4nov", "sergey ivanov")])
def test_digits_in_a_persons_name_are_letters(text: str, expected: str) -> None:
    """Persons have no digits in their names, companies do."""
    assert _latin(text) == expected
    assert _readings(text, NameOf.ORGANISATION)["organisation"].words[0] == "s3rgey"


def test_initials_tell_little() -> None:
    """One letter agrees with many names, so it must not weigh like one."""
    reading = _readings("J. Smith")["latin"]
    assert reading.roles[0] == "initial"
    assert reading.weights[0] < reading.weights[1] / 2


@pytest.mark.parametrize(
    ("text", "particle"), [("Jan van der Berg", "van"), ("Muhammad bin Salman", "bin")]
)
def test_particles_tell_next_to_nothing(text: str, particle: str) -> None:
    """`van`, `bin` and `al` come and go between sources."""
    reading = _readings(text)["latin"]
    at = reading.words.index(particle)
    assert reading.roles[at] == "particle"
    assert reading.weights[at] < 0.3


def test_a_patronymic_tells_less_than_a_family_name() -> None:
    """Half the sources leave the father's name out."""
    reading = _readings("Ivan Ivanovich Petrov")["slavic"]
    weights = dict(zip(reading.roles, reading.weights, strict=True))
    assert weights["patronymic"] < weights["given"]
    assert weights["patronymic"] < weights["surname"]


# --- several names in one value ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Kim Jong Un", ("Kim Jong Un",)),
        ("A One; B Two", ("A One", "B Two")),
        ("A One;; B Two;", ("A One", "B Two")),
        ("Jin Tiesan (金铁三)", ("Jin Tiesan", "金铁三")),
        (
            "Iran Aircraft Manufacturing Industrial Company (IAMCO)",
            ("Iran Aircraft Manufacturing Industrial Company", "IAMCO"),
        ),
        (
            "Iran Aircraft Manufacturing Industrial Company [IAMCO]",
            ("Iran Aircraft Manufacturing Industrial Company", "IAMCO"),
        ),
        ("Total (France) SA", ("Total (France) SA",)),
        ("Acme (France)", ("Acme (France)",)),
        ("Kim (", ("Kim (",)),
        (";", (";",)),
        ("()", ("()",)),
        ("", ("",)),
    ],
)
def test_one_value_may_hold_several_names(text: str, parts: tuple[str, ...]) -> None:
    """A name in another script or a short form is a name; what tells apart stays with it."""
    assert parts_of(text) == parts


def test_han_characters_in_brackets_are_read_the_korean_way_too() -> None:
    """Koreans listed with Chinese papers carry both readings of the same characters."""
    readings = _readings("Jin Tiesan (金铁三)")
    assert readings["chinese"].words == ("jin", "tie", "san")
    assert readings["korean"].words == ("kim", "chol", "sam")


def test_what_tells_two_branches_apart_stays_in_the_name() -> None:
    """`Total (France)` and `Total (Iran)` are two companies."""
    assert "france" in _readings("Total (France) SA", NameOf.ORGANISATION)["organisation"].words


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [("iamco", "iamic", True), ("irgc", "irgc", True), ("abcdef", "fedcba", False), ("", "", True)],
)
def test_a_short_form_keeps_the_order_of_its_letters(
    short: str, long: str, *, expected: bool
) -> None:
    """An abbreviation may drop or swap in one letter of four, no more."""
    assert is_spread(short, long) is expected


# --- organisations, units, vessels -----------------------------------------------------------


def test_a_legal_form_tells_next_to_nothing() -> None:
    """`LLC` and `trading` must not carry a hit."""
    reading = _readings("Sunrise Trading LLC", NameOf.ORGANISATION)["organisation"]
    name, generic, form = reading.weights
    assert form < generic < name


@pytest.mark.parametrize(
    "text", ["Military Unit 55111", "Voyskovaya chast 55111", "Войсковая часть 55111"]
)
def test_a_military_unit_is_its_number(text: str) -> None:
    """The number of a unit names it, in any language."""
    reading = _readings(text, NameOf.ORGANISATION)["unit"]
    assert reading.words == ("55111",)
    assert reading.unit is not None


def test_a_company_is_no_unit() -> None:
    """A number in a company's name does not make it a unit of an army."""
    assert "unit" not in _readings("Sunrise 55111 LLC", NameOf.ORGANISATION)


@pytest.mark.parametrize("text", ["M/V Chol Bong III", "MV Chol Bong 3", "Chol Bong No. 3"])
def test_a_vessels_number_is_told(text: str) -> None:
    """Sister ships differ by the number alone, however it is written."""
    reading = _readings(text, NameOf.OBJECT)["object"]
    assert reading.words == ("chol", "bong", "3")
    assert reading.roles[-1] == "number"


# --- any text --------------------------------------------------------------------------------


@pytest.mark.parametrize("bearer", list(NameOf))
@pytest.mark.parametrize("text", ["", "!!!", ";", "()", "\u200b"])
def test_nothing_readable_has_no_readings(text: str, bearer: NameOf) -> None:
    """Such a subject is not screened, rather than screened by nothing."""
    assert read_name(text, bearer) == ()


_NAMES = st.one_of(
    st.text(max_size=30),
    st.text("kimjongunpaklee '-,.;()", max_size=24),
    st.text("ivanovichpetrov-.,0134", max_size=24),
    st.text("김정은박金铁三习近平 (;)", max_size=10),
)


@settings(max_examples=150)
@given(_NAMES, st.sampled_from(NameOf))
def test_readings_are_whole(text: str, bearer: NameOf) -> None:
    """The index relies on plain words, one weight and role each, and a known culture."""
    for reading in read_name(text, bearer):
        assert reading.culture in CULTURES
        assert reading.words
        assert len(reading.words) == len(reading.weights) == len(reading.roles)
        assert all(PLAIN.fullmatch(word) for word in reading.words)
        assert all(0 <= weight <= 1 for weight in reading.weights)
        assert all(CULTURES[reading.culture].key(word) for word in reading.words)


@settings(max_examples=100)
@given(_NAMES)
def test_the_parts_of_a_value_are_never_empty(text: str) -> None:
    """No part may be lost or become an empty name."""
    parts = parts_of(text)
    assert parts
    assert all(parts) or parts == (text,)
