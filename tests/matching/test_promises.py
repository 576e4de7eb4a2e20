"""What the product promises of single pairs, mostly in the words of those who complained."""

from __future__ import annotations

from itertools import combinations

import pytest
from parties import party, score

from tumen import compare
from tumen.matching.score import THRESHOLD

KIM = ["Kim Jong Un", "Kim Chong-un", "Gim Jeong-eun", "김정은", "Ким Чен Ын"]


@pytest.mark.parametrize(("left", "right"), list(combinations(KIM, 2)))
def test_one_man_in_every_romanisation(left: str, right: str) -> None:
    """The press, the North, the South, Hangul and Russian write one name."""
    assert score(left, right) >= THRESHOLD


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Kim Jong Un", "Kim Jong Sik"),
        ("Kim Jong Un", "Kim Jong Il"),
        ("Kim Yong Chol", "Kim Chol"),
        ("Kim Jong Un", "Kim Un"),
        ("Kim Chol", "Pak Chol"),
        ("Song Chol", "Chol Song Kim"),
    ],
)
def test_the_ordinary_kim_is_left_alone(left: str, right: str) -> None:
    """One syllable more, less or other is another of ten million Kims."""
    assert score(left, right) < THRESHOLD


def test_ro_kwang_chol_is_explained() -> None:
    """A reviewer reads in one sentence why: romanisation, birth years, nationality."""
    facts = {"birthDate": "1948", "nationality": "kp"}
    found = compare(party("No Kwang-chol", **facts), party("RO Kwang Chol", **facts))
    assert found.is_hit
    for clause in (
        "romanisation",
        "birth years 1948 and 1948 agree",
        "nationality North Korea agrees",
    ):
        assert clause in found.sentence
    assert [reason.feature for reason in found.reasons] == ["name", "birth_date", "nationality"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Volodymyr Zhovnirchuk", "Vladimir Zhovnirchuk"),
        ("Mykola Azarov", "Nikolai Azarov"),
        ("Aleksandr Lukashenko", "Alyaksandr Lukashenka"),
        ("Yevgeniy Prigozhin", "Evgenij Prigozhin"),
        ("Muammar Qadhafi", "Muammar Gaddafi"),
        ("Muammar Qadhafi", "Moammar Kadafi"),
        ("Usama bin Ladin", "Osama Bin Laden"),
    ],
)
def test_one_name_in_two_spellings(left: str, right: str) -> None:
    """Languages and romanisations differ, the man does not."""
    assert score(left, right) >= THRESHOLD


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("JPMorgan", "JP Morgan"),
        ("JPMorgan Chase", "J.P. Morgan Chase & Co."),
        ("LUKOIL OIL COMP", "LUKOIL OIL COMPANY"),
        ("GUANGZHOU HAIGE COMM GRP", "GUANGZHOU HAIGE COMMUNICATIONS GROUP CO., LTD."),
        ("CNOOC ENERGY TECH & SRVCES LTD", "CNOOC ENERGY TECHNOLOGY & SERVICES LIMITED"),
        ("HAIGE GUANGZHOU", "GUANGZHOU HAIGE COMMUNICATIONS GROUP"),
    ],
)
def test_abbreviated_companies_are_found(left: str, right: str) -> None:
    """An auditor's tests that other engines missed."""
    assert score(left, right, "Company") >= THRESHOLD


GENERIC = ["CORP", "Company", "Trading LLC", "The Trading Company Ltd", "LLC", "Group Holding"]
LISTED = ["11420 CORP.", "A-B-C Company", "Sunrise Trading LLC", "Korea Mining Company", "Oil Corp"]


@pytest.mark.parametrize("generic", GENERIC)
@pytest.mark.parametrize("listed", LISTED)
def test_generic_words_alone_never_hit(generic: str, listed: str) -> None:
    """A listed `11420 CORP.` made every CORP a hit elsewhere, and an engine unusable."""
    assert score(generic, listed, "Company") < THRESHOLD


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("11420 CORP.", "ACME CORP"),
        ("A-B-C Company", "XYZ Company"),
        ("Sunrise Trading LLC", "Moonlight Trading LLC"),
    ],
)
def test_generic_words_in_common_never_hit(left: str, right: str) -> None:
    """What two companies share must be more than what they are."""
    assert score(left, right, "Company") < THRESHOLD


@pytest.mark.parametrize(
    ("left", "right"),
    [("Company", "Person"), ("Organization", "Person"), ("LegalEntity", "Person"),
     ("Company", "Company"), ("LegalEntity", "LegalEntity")],
)  # fmt: skip
def test_emma_llc_is_not_emma_daniels(left: str, right: str) -> None:
    """A first name that is also a company's is no hit, whatever the schemata."""
    found = compare(party("EMMA LLC", schema=left), party("emma daniels", schema=right))
    assert not found.is_hit


# --- weak aliases ----------------------------------------------------------------------------


def test_a_weak_alias_alone_stays_below() -> None:
    """`The Fox` is not acted on by itself, and a birth date lifts it."""
    listed = party("Jane Roe", weakAlias="The Fox", birthDate="1968-02-24")
    alone = compare(party("The Fox"), listed)
    dated = compare(party("The Fox", birthDate="1968-02-24"), listed)
    assert alone.score < THRESHOLD < dated.score
    assert "weak alias" in alone.sentence
    assert compare(party("Jane Roe"), listed).is_hit


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("same", "other", "schema"),
    [
        (("Chon Ma San 2", "Chon Ma San No. 2"), "Chon Ma San 3", "Vessel"),
        (("Sunrise II", "Sunrise 2"), "Sunrise III", "Vessel"),
        (("Factory No. 12", "Factory 12"), "Factory 13", "Company"),
        (("Military Unit 55111", "Voyskovaya chast 55111"), "Military Unit 55112", "Organization"),
        (("18th Central Research Institute", "Eighteenth Central Research Institute"),
         "27th Central Research Institute", "Organization"),
    ],
)  # fmt: skip
def test_two_different_numbers_speak_against(
    same: tuple[str, str], other: str, schema: str
) -> None:
    """Sister ships, numbered plants and units differ by their number alone."""
    assert score(*same, schema) >= THRESHOLD
    assert score(same[0], other, schema) < THRESHOLD
    assert score(same[0], other, schema) < score(*same, schema) - 0.1


def test_a_number_that_one_side_lacks_is_a_doubt() -> None:
    """Between the same number and another one."""
    missing, other, same = (
        score("Chon Ma San 2", name, "Vessel")
        for name in ("Chon Ma San", "Chon Ma San 3", "Chon Ma San 2")
    )
    assert other < missing < same


# --- schemata --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right"), [("Person", "Vessel"), ("Person", "Company"), ("Company", "Vessel"),
                        ("LegalEntity", "Vessel"), ("Airplane", "Person")]
)  # fmt: skip
def test_unlike_kinds_are_no_hit(left: str, right: str) -> None:
    """A ship of a man's name is not the man."""
    found = compare(party("Ivan Zavodnikov", schema=left), party("Ivan Zavodnikov", schema=right))
    assert found.score == 0.0
    assert not found.is_hit
    assert left in found.sentence
    assert right in found.sentence


@pytest.mark.parametrize("other", ["Person", "Company", "Organization", "LegalEntity"])
def test_a_party_of_unknown_kind_meets_both(other: str) -> None:
    """A payment names a party without saying whether it is a person."""
    found = compare(
        party("Ivan Zavodnikov", schema="LegalEntity"), party("Ivan Zavodnikov", schema=other)
    )
    assert found.is_hit


@pytest.mark.parametrize("other", ["Person", "Company", "Vessel", "Airplane"])
def test_a_thing_meets_all(other: str) -> None:
    """Free text may name a ship as well as a man."""
    found = compare(
        party("Zavodnikov Star", schema="Thing"), party("Zavodnikov Star", schema=other)
    )
    assert found.is_hit


# --- grading ---------------------------------------------------------------------------------


def test_hits_are_graded() -> None:
    """The name alone, then a birth date, then a passport: a queue in order, never a flat 1.0."""
    listed = {"birthDate": "1968-02-24", "nationality": "ru", "passportNumber": "P1234567"}
    grades = [
        compare(party("Ivan Zavodnikov", **known), party("Ivan Zavodnikov", **listed)).score
        for known in (
            {"birthDate": "1931-01-01", "nationality": "br"},
            {"nationality": "br"},
            {},
            {"nationality": "ru"},
            {"birthDate": "1968"},
            {"birthDate": "1968-02-24"},
            {"birthDate": "1968-02-24", "nationality": "ru"},
            {"birthDate": "1968-02-24", "nationality": "ru", "passportNumber": "P 1234567"},
        )
    ]
    assert grades == sorted(grades)
    assert len(set(grades)) == len(grades)
    assert grades[-1] < 1.0 + 1e-9


def test_what_the_list_knows_besides_does_not_lower() -> None:
    """A full record must not score below a poor one because the subject is poor."""
    rich = party("Ivan Zavodnikov", birthDate="1968", nationality="ru", passportNumber="P1234567")
    assert compare(party("Ivan Zavodnikov"), rich).score == score(*["Ivan Zavodnikov"] * 2)
