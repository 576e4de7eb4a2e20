"""Signing a file off: two people, nothing missing, nothing changed, and for how long it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from desk import NOW, SENTENCE, Desk, actor, proposal
from diligence_desk import ACCEPT, ANNA, BORIS, REJECT, File, entity, hit, known, said, unknown
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.cases import workflow
from tumen.cases.diligence import signing
from tumen.cases.diligence.refresh import ReviewState, add_months, refresh_due_on
from tumen.cases.diligence.signing import Proposal
from tumen.cases.workflow import RefusedError
from tumen.errors import RequestError
from tumen.model.access import Role
from tumen.model.case import Actor, Case
from tumen.model.casework import Outcome, ReasonCode
from tumen.model.diligence import Conclusion, ResidualRisk, Standing
from tumen.model.watching import HitState

CHUN = actor("chun")


def filled(of: object = None) -> File:
    """A file in which all is answered."""
    file = File(of or known(entity(country="de")))  # type: ignore[arg-type]
    file.fill()
    return file


def signed(of: object = None) -> File:
    """A file that two people signed."""
    file = filled(of)
    file.recommend()
    file.approve()
    return file


def test_a_file_from_empty_to_signed() -> None:
    """The whole way; then it is complete to the last field, and says who, why and until when."""
    file = filled()
    before = file.view()
    assert before.progress.percent < 100
    assert {one.id.partition(".")[0] for one in before.missing} == {"decision"}
    file.recommend()
    assert file.view().file.sign_off is None
    file.approve()
    view = file.view()
    assert (view.progress.percent, view.missing) == (100, ())
    values = {one.spec.id: one.values for part in view.sections for one in part.fields}
    assert values["decision.people"] == (
        "Anna recommended on 2026-03-02",
        "Boris approved on 2026-03-02",
    )
    assert values["decision.valid_until"] == ("2029-03-02",)
    assert view.review.state is ReviewState.IN_FORCE


@pytest.mark.parametrize(
    "second",
    [actor("anna"), actor("anna", account="other"), actor("boris", deputises="anna")],
    ids=["another role", "another account", "a deputy of who recommended"],
)
def test_one_pair_of_eyes_signs_nothing(second: Actor) -> None:
    """Neither approved nor returned by whoever recommended."""
    file = filled()
    file.recommend()
    with pytest.raises(RefusedError, match="another person has to look"):
        file.approve(second)
    with pytest.raises(RefusedError, match="another person has to look"):
        signing.send_back(file.view().file, SENTENCE, second, NOW)


def test_a_program_and_an_analyst_approve_nothing() -> None:
    """A key has no eyes, an analyst no right to approve."""
    file = filled()
    with pytest.raises(RefusedError, match="takes people"):
        file.recommend(by=replace(BORIS, person=""))
    file.recommend()
    with pytest.raises(RefusedError, match="takes people"):
        file.approve(replace(CHUN, person=""))
    with pytest.raises(RefusedError, match="may not approve"):
        file.approve(actor("dana", Role.ANALYST))


def test_nobody_is_accepted_with_gaps() -> None:
    """Missing fields and open hits are named; unknown with a reason is enough; a no needs less."""
    file = File(known(entity(country="de")))
    with pytest.raises(RefusedError, match="residual risk first"):
        file.recommend(REJECT)
    file.set(said("risk.residual", "high"))
    with pytest.raises(RefusedError, match="required fields are missing: Name in its own"):
        file.recommend()
    file.recommend(REJECT)
    file.approve()
    assert file.view().file.sign_off is not None
    hitting = filled(known(entity(country="de"), hits=(hit(),)))
    hitting.set(unknown("people.directors"))
    with pytest.raises(RefusedError, match=r"Decide first.*un:1 \(AMUR TRADING\)"):
        hitting.recommend()
    hitting.known = known(entity(country="de"), hits=(hit(state=HitState.SUPPRESSED),))
    hitting.recommend()


def test_who_is_listed_is_accepted_under_conditions_alone() -> None:
    """A true match that was decided is no open question, and no reason to go on as before."""
    listed = known(entity(country="de"), hits=(hit(),), cases=(decided_case("un:1"),))
    file = filled(listed)
    with pytest.raises(RefusedError, match=r"listed itself: un:1 \(AMUR TRADING\)"):
        file.recommend()
    file.recommend(
        Proposal(Conclusion.ACCEPT_WITH_CONDITIONS, SENTENCE, "Under licence 2026/17 until June")
    )
    assert file.view().ground.undecided == ()


def decided_case(entity_id: str) -> Case:
    """A case in which an entry was found to be the party."""
    desk = Desk(entity_id)
    found = proposal(reason=ReasonCode.TP_LIST, outcome=Outcome.FREEZE)
    desk.add(workflow.recommend(desk.case, found, ANNA, NOW))
    return desk.add(workflow.approve(desk.case, "Agreed", BORIS, NOW))


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Proposal(Conclusion.ACCEPT, "ok"), "in a sentence"),
        (Proposal(Conclusion.ACCEPT, "." * 60), "in a sentence"),
        (Proposal(Conclusion.ACCEPT_WITH_CONDITIONS, SENTENCE, "none"), "Name the conditions"),
        (Proposal(Conclusion.ACCEPT, SENTENCE, "", date(2036, 1, 1)), "until 2029-03-02 at most"),
        (Proposal(Conclusion.ACCEPT, SENTENCE, "", NOW.date()), "for a day at least"),
    ],
)
def test_a_recommendation_is_reasoned_and_bounded(wanted: Proposal, says: str) -> None:
    """And nothing of a refused one is kept."""
    file = filled()
    count = len(file.records)
    with pytest.raises(RefusedError, match=says):
        file.recommend(wanted)
    assert len(file.records) == count


def test_what_is_recommended_stays_as_it_is_until_it_is_decided() -> None:
    """No answer is slipped under an approval; withdrawn or returned, work goes on."""
    file = filled()
    file.recommend()
    with pytest.raises(RefusedError, match="before you change it"):
        file.set(said("people.directors", "Somebody else"))
    with pytest.raises(RefusedError, match="has recommended already"):
        file.recommend(by=CHUN)
    with pytest.raises(RefusedError, match="Only Anna may withdraw"):
        signing.withdraw(file.view().file, "", CHUN, NOW)
    file.records.append(signing.withdraw(file.view().file, "A slip", ANNA, NOW))
    file.set(said("people.directors", "Somebody else"))
    file.recommend()
    file.records.append(signing.send_back(file.view().file, SENTENCE, BORIS, NOW))
    assert file.view().file.pending is None
    with pytest.raises(RefusedError, match="Nothing is recommended"):
        file.approve()


def test_nobody_approves_what_the_first_has_not_seen() -> None:
    """A hit that came after the recommendation stops the approval, by name."""
    file = filled()
    file.recommend()
    file.known = known(entity(country="de"), hits=(hit(),))
    with pytest.raises(RefusedError, match=r"New hit: un:1 \(AMUR TRADING\)"):
        file.approve()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"hits": (hit("un:2"),)}, "New hit: un:2 (AMUR TRADING) with a score of 0.90"),
        ({"hits": ()}, "The hit un:1 (AMUR TRADING) stands no more"),
        ({"hits": (hit(state=HitState.OPEN),)}, "was suppressed and is open now"),
        ({"hits": (hit(score=0.95, state=HitState.SUPPRESSED),)}, "rose from 0.90 to 0.95"),
        ({"hits": (hit(entry_hash="x", state=HitState.SUPPRESSED),)}, "changed materially"),
        ({"of": entity(country="ru")}, "The party's country was de and is ru now"),
        ({"of": entity(country="ru")}, "New cause for enhanced due diligence: Country"),
        ({"of": entity("Person", country="de")}, "The party's schema was Company and is Person"),
        ({"has_left": True}, "The party is no longer in its book"),
        ({"screened": None}, "was not screened"),
    ],
)
def test_a_signed_file_is_due_once_something_changed(changes: dict[str, object], says: str) -> None:
    """Before its day, with what changed in words."""
    muted = hit(state=HitState.SUPPRESSED)
    file = signed(known(entity(country="de"), hits=(muted,)))
    assert file.view().review.state is ReviewState.IN_FORCE
    file.known = known(**{"of": entity(country="de"), "hits": (muted,), **changes})  # type: ignore[arg-type]
    review = file.view(NOW + timedelta(days=5)).review
    assert review.state is ReviewState.DUE
    assert says in " | ".join(review.reasons)
    assert review.due_on == (NOW + timedelta(days=5)).date()


@pytest.mark.parametrize(
    "of", [entity(country="DE "), entity(country="de", description="another note")]
)
def test_what_only_looks_otherwise_changes_nothing(of: object) -> None:
    """Blanks, capitals and free text are cosmetic."""
    file = signed()
    file.known = known(of)  # type: ignore[arg-type]
    assert file.view().review.state is ReviewState.IN_FORCE


def test_an_answer_after_the_sign_off_calls_for_another() -> None:
    """What was signed is no longer what the file says."""
    file = signed()
    file.set(said("people.directors", "Somebody else"), by=CHUN)
    review = file.view().review
    assert review.state is ReviewState.DUE
    assert "was set anew by Chun" in review.reasons[0]


@pytest.mark.parametrize(
    ("risk", "last_day"),
    [
        ("severe", date(2026, 6, 2)),
        ("high", date(2026, 9, 2)),
        ("medium", date(2028, 3, 2)),
        ("low", date(2029, 3, 2)),
    ],
)
def test_a_file_holds_as_long_as_its_risk_allows(risk: str, last_day: date) -> None:
    """3, 6, 24 and 36 months; announced in the month before, due on the day."""
    file = filled()
    file.set(said("risk.residual", risk))
    file.recommend()
    file.approve()

    def on(day: date) -> ReviewState:
        return file.view(NOW.replace(year=day.year, month=day.month, day=day.day)).review.state

    assert on(last_day - timedelta(days=31)) is ReviewState.IN_FORCE
    assert on(last_day - timedelta(days=30)) is ReviewState.DUE_SOON
    assert on(last_day) is ReviewState.DUE


def test_months_end_where_they_end() -> None:
    """The 31st of a month that has none is its last day, in leap years too."""
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert refresh_due_on(ResidualRisk.MEDIUM, date(2028, 2, 29)) == date(2030, 2, 28)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(ResidualRisk))
def test_more_risk_is_never_looked_at_later(day: date, risk: ResidualRisk) -> None:
    """And always after the day itself."""
    due = refresh_due_on(risk, day)
    assert due > day
    assert all(refresh_due_on(one, day) <= due for one in ResidualRisk if one.months < risk.months)


PEOPLE = [
    ANNA,
    BORIS,
    CHUN,
    actor("anna"),
    actor("boris", deputises="anna"),
    actor("chun", deputises="boris"),
    actor("vera", Role.VIEWER),
    actor("root", Role.ADMINISTRATOR),
    replace(BORIS, person="", name="key"),
]
_STEPS: dict[str, Callable[[File, Actor], None]] = {
    "recommend": lambda file, who: file.recommend(by=who),
    "reject": lambda file, who: file.recommend(REJECT, who),
    "approve": lambda file, who: file.approve(who),
    "withdraw": lambda file, who: file.records.append(
        signing.withdraw(file.view().file, "", who, NOW)
    ),
    "return": lambda file, who: file.records.append(
        signing.send_back(file.view().file, SENTENCE, who, NOW)
    ),
    "answer": lambda file, who: file.set(said("people.directors", "Kim"), by=who),
    "gap": lambda file, who: file.set(unknown("risk.residual"), by=who),
    "risk": lambda file, who: file.set(said("risk.residual", "high"), by=who),
}
_FILLED = filled()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(_STEPS)), st.sampled_from(PEOPLE)), max_size=9))
def test_no_way_leads_to_a_sign_off_with_one_pair_of_eyes(steps: list[tuple[str, Actor]]) -> None:
    """Whatever people try in whatever order: two persons, neither in the other's place."""
    file = File(_FILLED.known)
    file.records = list(_FILLED.records)
    for name, who in steps:
        count = len(file.records)
        try:
            _STEPS[name](file, who)
        except RequestError:
            assert len(file.records) == count
    for one in file.view().file.signed:
        assert one.approved_by is not None
        assert one.approved_by.person
        assert one.recommended_by.person
        assert one.approved_by.eyes.isdisjoint(one.recommended_by.eyes)
        assert "approve" in one.approved_by.permissions
        assert "decide" in one.recommended_by.permissions


def test_a_later_sign_off_supersedes_and_the_earlier_stays() -> None:
    """What was signed once is in the file for ever, with what was known by then."""
    file = signed()
    file.set(unknown("people.directors"))
    file.recommend(ACCEPT, BORIS)
    file.approve(CHUN)
    first, second = file.view().file.signed
    assert (first.approved_by, second.approved_by) == (BORIS, CHUN)
    assert first.known["facts"]["screening.hits"] == ["Nothing found"]
    assert file.view().file.answers["people.directors"].standing is Standing.UNKNOWN
    assert file.view().review.state is ReviewState.IN_FORCE
