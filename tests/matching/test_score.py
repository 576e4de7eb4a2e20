"""The arithmetic of the score: what agreements and disagreements do, whatever the constants."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.matching.features import Finding, Outcome
from tumen.matching.score import ALONE, TABLE, THRESHOLD, combine, name_base

UNIT = st.floats(0.0, 1.0, allow_nan=False)
# At most one outcome of each feature, identifiers first, as a comparison has them.
_FEATURES = ("identifier", "birth_date", "nationality", "gender", "place")
_OUTCOMES = {
    feature: [one for one in Outcome if str(one).startswith(feature)] for feature in _FEATURES
}
FINDINGS = st.tuples(
    *(st.none() | st.sampled_from(_OUTCOMES[feature]) for feature in _FEATURES)
).map(lambda found: [_finding(outcome) for outcome in found if outcome is not None])
AGREEMENTS = [one for one in Outcome if TABLE[one] > 0]
DISAGREEMENTS = [one for one in Outcome if TABLE[one] < 0]


def _finding(outcome: Outcome) -> Finding:
    return Finding(outcome, "a", "b", "text")


def _score(base: float, *outcomes: Outcome) -> float:
    return combine(base, [_finding(outcome) for outcome in outcomes])[0]


@given(UNIT)
def test_absent_data_changes_nothing(base: float) -> None:
    """What is not known neither raises nor lowers: the name's score stays."""
    assert combine(base, []) == (base, [])


@given(UNIT, FINDINGS)
def test_a_score_lies_between_0_and_1(base: float, findings: list[Finding]) -> None:
    """Whatever meets, and however often."""
    assert 0.0 <= combine(base, findings)[0] <= 1.0


@given(UNIT, st.sampled_from(AGREEMENTS))
def test_an_agreement_never_lowers(base: float, outcome: Outcome) -> None:
    """More that agrees is never less of a hit."""
    assert _score(base, outcome) >= base


@given(UNIT, st.sampled_from(DISAGREEMENTS))
def test_a_disagreement_never_raises(base: float, outcome: Outcome) -> None:
    """What differs never makes a hit."""
    assert _score(base, outcome) <= base


@given(UNIT, UNIT, FINDINGS)
def test_a_better_name_never_scores_less(one: float, other: float, findings: list[Finding]) -> None:
    """With all else the same, the likelier name ranks first."""
    low, high = sorted((one, other))
    assert combine(low, findings)[0] <= combine(high, findings)[0] + 1e-9


@given(UNIT, FINDINGS)
def test_effects_add_up_to_the_score(base: float, findings: list[Finding]) -> None:
    """The reasons shown account for every point of the score."""
    score, effects = combine(base, findings)
    assert [finding for finding, _ in effects] == findings
    assert base + sum(effect for _, effect in effects) == pytest.approx(score)


@given(
    UNIT,
    st.lists(st.sampled_from(AGREEMENTS), unique=True, min_size=2, max_size=3),
)
def test_agreements_may_come_in_any_order(base: float, outcomes: list[Outcome]) -> None:
    """Only that identifiers come first matters; the rest add up the same."""
    others = [outcome for outcome in outcomes if outcome not in ALONE]
    scores = {round(_score(base, *order), 9) for order in permutations(others)}
    assert len(scores) == 1


@given(UNIT, st.permutations([o for o in DISAGREEMENTS if o is not Outcome.OTHER_SCHEMA][:3]))
def test_disagreements_may_come_in_any_order(base: float, outcomes: list[Outcome]) -> None:
    """Each takes its share of what is there."""
    assert _score(base, *outcomes) == pytest.approx(_score(base, *reversed(outcomes)))


@pytest.mark.parametrize("outcome", [Outcome.STRONG_IDENTIFIER, Outcome.GOOD_IDENTIFIER])
@given(base=UNIT)
def test_an_identifier_needs_no_name(outcome: Outcome, base: float) -> None:
    """A ship under a new name, a passport with a false one: still a hit."""
    assert _score(base, outcome) >= THRESHOLD


@given(st.floats(0.0, 0.35))
def test_agreements_without_a_name_make_no_hit(base: float) -> None:
    """Two people born on one day in one country are not one person."""
    outcomes = (Outcome.SAME_DAY, Outcome.SAME_NATIONALITY, Outcome.SAME_PLACE)
    assert _score(base, *outcomes) < THRESHOLD
    assert _score(base, Outcome.WEAK_IDENTIFIER) < THRESHOLD


@pytest.mark.parametrize(
    "rising",
    [
        (Outcome.WEAK_IDENTIFIER, Outcome.GOOD_IDENTIFIER, Outcome.STRONG_IDENTIFIER),
        (Outcome.FAR_YEAR, Outcome.OTHER_YEAR, Outcome.NEAR_YEAR, Outcome.ONE_OFF,
         Outcome.SAME_YEAR, Outcome.SAME_MONTH, Outcome.SAME_DAY),
        (Outcome.OTHER_NATIONALITY, Outcome.OTHER_COUNTRY, Outcome.SAME_COUNTRY,
         Outcome.SAME_NATIONALITY),
    ],
)  # fmt: skip
def test_the_table_is_in_order(rising: tuple[Outcome, ...]) -> None:
    """The better something agrees, the more it adds."""
    shares = [TABLE[outcome] for outcome in rising]
    assert shares == sorted(shares)
    assert len(set(shares)) == len(shares)


# --- the base a name gives -----------------------------------------------------------------


@given(UNIT, UNIT, st.floats(0, 5), st.booleans())
def test_base_rises_with_likeness_and_never_exceeds_it(
    one: float, other: float, evidence: float, is_weak: bool
) -> None:
    """The base ranks names as their likeness does."""
    low, high = (name_base(s, evidence, is_weak=is_weak) for s in sorted((one, other)))
    assert low <= high <= max(one, other)


@given(st.floats(0, 5), st.floats(0, 5))
def test_richer_names_tell_more(one: float, other: float) -> None:
    """Three rare words in common say more than `Ali Khan`."""
    low, high = (name_base(1.0, evidence, is_weak=False) for evidence in sorted((one, other)))
    assert THRESHOLD < low <= high < 1.0


@given(UNIT, st.floats(0, 5))
def test_a_weak_alias_alone_is_no_hit(score: float, evidence: float) -> None:
    """The authority itself says that the alias is too common to act on."""
    assert name_base(score, evidence, is_weak=True) < THRESHOLD
    assert name_base(score, evidence, is_weak=True) <= name_base(score, evidence, is_weak=False)


def test_a_weak_alias_with_a_birth_date_is_a_hit() -> None:
    """What the alias lacks, the date makes up for."""
    base = name_base(1.0, 2.5, is_weak=True)
    assert _score(base, Outcome.SAME_DAY) > THRESHOLD
    assert _score(base, Outcome.SAME_YEAR) > THRESHOLD
