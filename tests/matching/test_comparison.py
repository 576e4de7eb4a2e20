"""The whole comparison of two parties: names, findings, reasons and the sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parties import party

from tumen import compare
from tumen.errors import RecordError
from tumen.model.entity import Entity

IMO = {"imoNumber": "9074729"}


def test_mappings_and_entities_are_the_same() -> None:
    """A caller may hold either."""
    mapping = party("Ivan Zavodnikov", birthDate="1968")
    entity = Entity.from_mapping(mapping)
    assert compare(mapping, mapping) == compare(entity, entity) == compare(mapping, entity)


@pytest.mark.parametrize(
    "wrong",
    [party("x", schema="Alien"), party("x", nme="y"), {"schema": "Person", "properties": 7}],
)
def test_what_is_no_entity_is_refused(wrong: dict[str, object]) -> None:
    """With a mend, rather than compared by what is left of it."""
    with pytest.raises(RecordError):
        compare(wrong, party("x"))


def test_the_threshold_decides_what_is_a_hit() -> None:
    """Score and sentence stay, the verdict moves."""
    left, right = party("Ivan Zavodnikov"), party("Ivan Zavodnikof")
    plain = compare(left, right)
    low = compare(left, right, threshold=plain.score)
    high = compare(left, right, threshold=plain.score + 0.0001)
    assert (low.is_hit, high.is_hit) == (True, False)
    assert low.score == high.score == plain.score
    assert low.sentence == high.sentence


def test_nothing_in_common_is_said() -> None:
    """A score of nothing has a sentence too."""
    found = compare(party(passportNumber="P1234567"), party("Ivan"))
    assert found.score == 0.0
    assert found.sentence == "Nothing agrees."
    assert found.reasons == ()


def test_the_best_of_all_names_counts() -> None:
    """Any name of one side with any of the other."""
    left = party("Somebody Else", "Ivan Zavodnikov")
    right = {"schema": "Person", "properties": {"name": ["X Y"], "alias": ["Zavodnikov, Ivan"]}}
    found = compare(left, right)
    assert found.is_hit
    assert (found.reasons[0].left, found.reasons[0].right) == (
        "Ivan Zavodnikov",
        "Zavodnikov, Ivan",
    )


def test_reasons_account_for_the_score() -> None:
    """Every point of it, so that a reviewer can add up."""
    left = party("Ivan Zavodnikov", birthDate="1968-02-24", nationality="ru", gender="male")
    right = party("Ivan Zavodnikof", birthDate="1968", nationality="ua", gender="male")
    found = compare(left, right)
    assert sum(reason.effect for reason in found.reasons) == pytest.approx(found.score, abs=2e-3)
    assert [reason.feature for reason in found.reasons] == ["name", "birth_date", "nationality"]
    assert [reason.effect > 0 for reason in found.reasons] == [True, True, False]


@pytest.mark.parametrize(
    ("left", "right", "clause"),
    [
        ("Ivan Zavodnikov", "ivan zavodnikov", "same name"),
        ("Zavodnikov, Ivan", "Ivan Zavodnikov", "same words in another order"),
        ("Ivan-Zavodnikov", "Ivan Zavodnikov", "same words"),
        ("Muammar Qadhafi", "Muammar Gaddafi", "same name in another romanisation"),
        ("Jane Quillfeather", "Jane Quilfeathes", "quillfeather ~ quilfeathes"),
        ("Ivan Zavodnikov", "Ivan Petrovich Zavodnikov", "only in the second: petrovich"),
        ("Ivan Zavodnikov", "Oleg Zavodnikov", "only in the first: ivan"),
    ],
)
def test_the_sentence_says_how_names_met(left: str, right: str, clause: str) -> None:
    """In words, with both names as written."""
    found = compare(party(left), party(right))
    assert clause in found.sentence.lower()
    assert f"'{left}' and '{right}'" in found.sentence
    assert found.sentence.endswith(".")


@pytest.mark.parametrize(
    ("known", "schema", "listed"),
    [
        (IMO, "Vessel", IMO),
        ({"leiCode": "253400M18U5TB02TW421"}, "Company", {"leiCode": "253400M18U5TB02TW421"}),
        ({"passportNumber": "P1234567"}, "Person", {"passportNumber": "P 123 4567"}),
        (
            {"publicKey": "1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2"},
            "CryptoWallet",
            {"publicKey": "1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2"},
        ),
    ],
)
def test_an_identifier_finds_its_bearer_under_a_new_name(
    known: dict[str, str], schema: str, listed: dict[str, str]
) -> None:
    """Ships are renamed to hide, companies to start anew."""
    left = party("Blue Horizon", schema=schema, **known)
    found = compare(left, party("Zavodnikov Star", schema=schema, **listed))
    assert found.is_hit
    assert "agrees" in found.sentence


def test_a_name_beside_its_identifier_scores_more() -> None:
    """The same number under the same name is surer than under another."""
    listed = party("Zavodnikov Star", schema="Vessel", **IMO)
    other = compare(party("Blue Horizon", schema="Vessel", **IMO), listed)
    same = compare(party("Zavodnikov Star", schema="Vessel", **IMO), listed)
    assert same.score > other.score


def test_another_strong_identifier_tells_namesakes_apart() -> None:
    """Two ships of one name are two ships."""
    listed = party("Zavodnikov Star", schema="Vessel", **IMO)
    plain = compare(party("Zavodnikov Star", schema="Vessel"), listed)
    other = compare(party("Zavodnikov Star", schema="Vessel", imoNumber="9074731"), listed)
    assert other.score < plain.score
    assert not other.is_hit
    assert "IMO number differs" in other.sentence


def test_a_strong_identifier_outweighs_the_schema() -> None:
    """A company that one file calls a person is still the bearer of its LEI."""
    lei = {"leiCode": "253400M18U5TB02TW421"}
    found = compare(party("A B", schema="Organization", **lei), party("C", schema="Vessel"))
    assert found.score == 0.0
    wallet = {"imoNumber": "9074729"}
    found = compare(
        party("A B", schema="Vessel", **wallet), party("A B", schema="Vessel", **wallet)
    )
    assert found.is_hit


_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "birthDate": st.sampled_from(["1968", "1968-02-24", "1970~", "1931-05-05", "soon"]),
        "nationality": st.sampled_from(["ru", "kp", "br"]),
        "gender": st.sampled_from(["male", "female"]),
        "birthPlace": st.sampled_from(["Kaesong", "Tripoli"]),
        "passportNumber": st.sampled_from(["P1234567", "P7654321"]),
        "weakAlias": st.sampled_from(["The Fox", "Ivan"]),
    },
)
_NAMES = st.sampled_from(["Ivan Zavodnikov", "Ivan Zavodnikof", "Kim Jong Un", "The Fox"])


@settings(max_examples=150)
@given(_NAMES, _VALUES, _NAMES, _VALUES)
def test_any_two_people_meet_the_same_both_ways(
    one: str, ours: dict[str, str], other: str, theirs: dict[str, str]
) -> None:
    """And always within bounds, with a sentence and effects that add up."""
    left, right = party(one, **ours), party(other, **theirs)
    found, turned = compare(left, right), compare(right, left)
    assert found.score == pytest.approx(turned.score, abs=1e-3)
    assert 0.0 <= found.score <= 1.0
    assert found.sentence
    assert sum(reason.effect for reason in found.reasons) == pytest.approx(found.score, abs=2e-3)


@settings(max_examples=100)
@given(_NAMES, _VALUES, _NAMES, _VALUES, st.sampled_from(["birthDate", "nationality", "gender"]))
def test_a_value_that_one_side_lacks_changes_nothing(
    one: str, ours: dict[str, str], other: str, theirs: dict[str, str], name: str
) -> None:
    """A record with more fields is neither preferred nor punished."""
    left = party(one, **{k: v for k, v in ours.items() if k != name})
    rich = party(other, **theirs)
    poor = party(other, **{k: v for k, v in theirs.items() if k != name})
    assert compare(left, rich).score == compare(left, poor).score


def test_a_comparison_is_ready_for_json() -> None:
    """As the command line and any caller print it."""
    found = compare(party("Ivan Zavodnikov"), party("Ivan Zavodnikov"))
    data = found.to_dict()
    assert data["is_hit"] is True
    assert data["score"] == found.score
    assert data["reasons"][0]["feature"] == "name"
