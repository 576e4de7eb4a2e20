"""The due-diligence file: what it asks, what counts as an answer, and how complete it is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from desk import NOW, actor
from diligence_desk import ANNA, File, entity, hit, known, said, unknown, value_for
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.cases.diligence.answering import Change
from tumen.cases.diligence.completeness import Progress, missing_of, whole_progress
from tumen.cases.diligence.file import fold, history_hash
from tumen.cases.diligence.sections import (
    Certainty,
    Circumstances,
    Kind,
    PartyKind,
    field_spec,
    field_specs,
    sections,
)
from tumen.cases.diligence.triggers import TriggerState, rules
from tumen.cases.workflow import RefusedError
from tumen.errors import RequestError
from tumen.model.access import Role
from tumen.model.diligence import Answer, Standing
from tumen.model.entity import schemata
from tumen.model.watching import HitState

STANDINGS = st.dictionaries(st.sampled_from(sorted(field_specs())), st.sampled_from(Standing))
CIRCUMSTANCES = st.builds(Circumstances, st.sampled_from(PartyKind), st.booleans())


def test_the_thirteen_sections_are_sound() -> None:
    """Each field once, in its own section, with a topic it answers and properties that exist."""
    assert [one.id for one in sections()] == [
        "identity", "ownership", "control", "people", "business", "links", "banking",
        "screening", "contract", "licences", "risk", "decision", "audit",
    ]  # fmt: skip
    real = {name for schema in schemata().values() for name in schema.properties}
    every = [(section, spec) for section in sections() for spec in section.fields]
    assert len({spec.id for _, spec in every}) == len(every)
    for section, spec in every:
        assert spec.id.startswith(f"{section.id}."), spec.id
        assert set(spec.properties) <= real, spec.id
        assert not spec.raises or spec.raises in rules(), spec.id
        assert bool(spec.options) is (spec.kind is Kind.CHOICE), spec.id
        assert section.controls_of(spec), spec.id
        assert all(isinstance(one.certainty, Certainty) for one in section.controls_of(spec))


def test_every_trigger_can_be_raised() -> None:
    """A trigger that neither a question nor the store can raise would be a promise unkept."""
    asked = {spec.raises for spec in field_specs().values()}
    assert set(rules()) - asked == {"countries", "hits"}


@given(STANDINGS, CIRCUMSTANCES, st.sampled_from(sorted(field_specs())), st.sampled_from(Standing))
def test_one_more_word_never_makes_a_file_less_complete(
    standings: dict[str, Standing], circumstances: Circumstances, field_id: str, word: Standing
) -> None:
    """Whatever is said of a missing field, share and missing fields only get better."""
    standings = {**standings, field_id: Standing.MISSING}
    before = whole_progress(sections(), standings, circumstances)
    after = whole_progress(sections(), {**standings, field_id: word}, circumstances)
    assert after.share >= before.share
    assert after.missing <= before.missing


@given(STANDINGS, CIRCUMSTANCES)
def test_all_is_said_only_where_all_is_answered(
    standings: dict[str, Standing], circumstances: Circumstances
) -> None:
    """100 % with a gap is a lie; the counts are exactly the required fields."""
    found = whole_progress(sections(), standings, circumstances)
    missing = missing_of(sections(), standings, circumstances)
    assert found.missing == len(missing)
    assert (found.percent == 100) is (found.answered == found.required)
    if missing:
        assert found.percent < 100
        assert not found.is_settled
    required = [one for one in field_specs().values() if circumstances.requires(one)]
    assert found.required + found.not_applicable == len(required)


def test_shares_are_exact_and_shown_rounded_down() -> None:
    """2 of 3 is not 0.67, and 999 of 1,000 is not all."""
    assert Progress(answered=2, missing=1).share == Fraction(2, 3)
    assert Progress(answered=999, unknown=1).percent == 99
    assert Progress(not_applicable=4).share == 1
    assert Progress(answered=1, unknown=1, not_applicable=5).share == Fraction(1, 2)


def test_what_the_store_knows_is_not_typed_again() -> None:
    """The book answers with its source; a person's word goes first and the difference shows."""
    file = File(known(entity(registrationNumber="778-Q", country="cn", incorporationDate="2023")))
    fields = {one.spec.id: one for part in file.view().sections for one in part.fields}
    number = fields["identity.registration_number"]
    assert (number.standing, number.values) == (Standing.ANSWERED, ("778-Q",))
    assert number.source == "partners, version 1"
    assert fields["identity.incorporated_in"].values == ("China",)
    assert fields["business.since_invasion"].values == ("yes",)
    assert fields["screening.hits"].values == ("Nothing found",)
    assert fields["screening.lists"].values == ("un@1",)
    file.set(said("identity.registration_number", "999-Z"))
    (section, *_) = file.view().sections
    number = next(one for one in section.fields if one.spec.id == "identity.registration_number")
    assert (number.values, number.differs) == (("999-Z",), True)


def test_a_name_in_another_script_is_recognised() -> None:
    """A Latin name alone leaves the question open."""
    plain, both = known(), known(replace(entity(), properties={"name": ("Amur", "아무르")}))
    (left,) = [one for one in File(plain).view().missing if one.id == "identity.native_name"]
    assert left.label == "Name in its own script"
    assert not [one for one in File(both).view().missing if one.id == "identity.native_name"]


def test_not_screened_is_never_nothing_found() -> None:
    """Without a screening the results are missing, and the trigger says why."""
    file = File(known(screened=None, not_screened="Its book was never screened whole"))
    missing = {one.id for one in file.view().missing}
    assert {"screening.lists", "screening.hits"} <= missing
    (trigger,) = [one for one in file.view().triggers if one.id == "hits"]
    assert trigger.state is TriggerState.NOT_ASSESSED
    assert trigger.reasons == ("Its book was never screened whole",)


@pytest.mark.parametrize(
    ("of", "trigger_id", "says"),
    [
        (known(entity(country="kp")), "countries", "Country is North Korea"),
        (known(entity(jurisdiction="Iran")), "countries", "call for action"),
        (known(entity(address="ул. Ленина 1, Севастополь")), "countries", "names Crimea"),
        (known(entity(address="вул. Артема, м. Донецьк")), "countries", "the Donetsk region"),
        (known(entity("Vessel", flag="de", pastFlags="kp")), "countries", "Korea"),
        (known(hits=(hit(),)), "hits", "score of 0.90; the line is 0.70"),
        (known(entity(topics="sanction.linked")), "listed_owner", "The book itself marks"),
        (known(entity(topics="mil")), "state", "Military"),
        (known(tied={"p-9": (hit("un:7"),)}), "listed_owner", "operator p-9 has the hit un:7"),
    ],
)
def test_what_raises_enhanced_due_diligence(of: object, trigger_id: str, says: str) -> None:
    """Each with a reason that names the fact; and then more fields are required."""
    view = File(of).view()  # type: ignore[arg-type]
    (found,) = [one for one in view.triggers if one.id == trigger_id]
    assert found.state is TriggerState.RAISED
    assert says in " ".join(found.reasons)
    assert view.circumstances.is_enhanced
    assert view.progress.required > File().view().progress.required or "Vessel" in repr(of)


@pytest.mark.parametrize(
    "of",
    [
        known(entity(country="de", address="Kiel")),
        known(entity("Person", birthCountry="ru", nationality="de")),
        known(entity(country="de"), hits=(hit(state=HitState.SUPPRESSED),)),
        known(entity(country="de"), hits=(hit(score=0.6),)),
    ],
)
def test_what_raises_nothing(of: object) -> None:
    """A birth place alone, a muted hit or one below the line are no duty."""
    assert not File(of).view().circumstances.is_enhanced  # type: ignore[arg-type]


def test_an_answer_raises_a_trigger_and_silence_is_not_no() -> None:
    """Unanswered is `not assessed`, no is `not raised`, yes needs words and demands more."""
    file = File(known(entity(country="de")))

    def state() -> TriggerState:
        return next(one.state for one in file.view().triggers if one.id == "goods")

    assert state() is TriggerState.NOT_ASSESSED
    file.set(unknown("business.goods"))
    assert state() is TriggerState.NOT_ASSESSED
    file.set(said("business.goods", "no"))
    assert state() is TriggerState.NOT_RAISED
    with pytest.raises(RefusedError, match="say what was found"):
        file.set(said("business.goods", " ", "yes"))
    required = file.view().progress.required
    file.set(said("business.goods", "yes", note="Ball bearings, HS 8482.10"))
    assert state() is TriggerState.RAISED
    assert file.view().progress.required > required


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (unknown("people.directors", "no idea"), "in 10 letters"),
        (unknown("people.directors", ". . . . . . . . . . . ."), "in 10 letters"),
        (Change("people.directors", Standing.NOT_APPLICABLE), "in 10 letters"),
        (Change("people.directors", Standing.MISSING), "say|Say"),
        (said("people.directors"), "Give a value"),
        (said("people.directors", "   ", "\x00\x07"), "Give a value"),
        (said("people.directors", "Kim", source=" "), "Name the source"),
        (said("identity.incorporated_on", "yesterday"), "is a date"),
        (said("identity.incorporated_on", "2024-02-31"), "is a date"),
        (said("business.goods", "maybe"), "one of: yes, no"),
        (said("risk.residual", "none"), "severe, high, medium, low"),
        (said("risk.residual", "low", "high"), "one value"),
        (said("identity.legal_name", "x" * 10_001), "10,000 characters"),
        (said("people.directors", *["x"] * 501), "500 values"),
        (said("people.directors", "x" * 1_001), "1,000 characters"),
        (said("decision.conclusion", "accept"), "nobody sets it"),
        (said("screening.hits", "none"), "nobody sets it"),
        (Change("people.directors", Standing.UNKNOWN, ("Kim",), "a long enough reason"), "value"),
    ],
)
def test_an_answer_that_is_none_is_refused(change: Change, says: str) -> None:
    """With the field named and the mend; nothing is added."""
    file = File()
    with pytest.raises(RefusedError, match=says):
        file.set(change)
    assert file.records == []


def test_a_field_that_is_not_there_is_named() -> None:
    """With those of its section."""
    with pytest.raises(RequestError, match=r"identity\.legal_name"):
        field_spec("identity.lagal_name")


def test_who_may_not_decide_sets_nothing() -> None:
    """A reader reads."""
    with pytest.raises(RefusedError, match="may not decide"):
        File().set(unknown("people.directors"), by=actor("vera", Role.VIEWER))


def test_a_later_answer_supersedes_and_the_earlier_stays() -> None:
    """Nothing is edited: the history has both, the file the last."""
    file = File()
    file.set(unknown("people.directors"), said("people.directors", "Kim Chol, 1970, KP"))
    answer = file.view().file.answers["people.directors"]
    assert (answer.sequence, answer.supersedes, answer.by) == (2, 1, ANNA)
    assert [one.act.value for one in file.records] == ["unknown", "answered"]


CHANGES = st.lists(
    st.tuples(
        st.sampled_from([one for one in field_specs().values() if not one.derived]),
        st.booleans(),
        st.text(max_size=40),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(CHANGES)
def test_a_file_is_what_its_history_says(changes: list[tuple[object, bool, str]]) -> None:
    """Folding all at once or one by one is the same; order of records is not left to chance.

    Notes are any text at all: control characters, halves of characters, other scripts.
    """
    file = File()
    for spec, is_known, note in changes:
        value = value_for(spec)  # type: ignore[arg-type]
        change = (
            said(spec.id, *value, note=note)  # type: ignore[attr-defined]
            if is_known
            else unknown(spec.id, f"a long enough reason {note}")  # type: ignore[attr-defined]
        )
        file.set(change)
    whole = fold("partners", "p-1", file.records)
    assert whole == file.view().file
    last: dict[str, Answer] = {}
    for record in file.records:
        last[record.field_id] = fold("partners", "p-1", file.records[: record.sequence]).answers[
            record.field_id
        ]
    assert whole.answers == last
    assert len(history_hash(file.records)) == 64
    if len(file.records) > 1:
        with pytest.raises(RequestError, match="out of order"):
            fold("partners", "p-1", file.records[1:])
        assert history_hash(file.records) != history_hash(file.records[:-1])


def test_the_hash_over_the_history_is_bound_to_every_word() -> None:
    """One letter of one note, or another time, and it is another."""
    file = File()
    file.set(said("people.directors", "Kim", note="as told"), unknown("people.owners"))
    first, second = file.records
    altered = replace(first, details={**first.details, "note": "as Told"})
    assert history_hash([altered, second]) != history_hash([first, second])
    assert history_hash([replace(first, at=NOW.replace(year=2025)), second]) != history_hash(
        [first, second]
    )
