"""Deciding at the page of a case: two people, one decision, whatever account or place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from case_desk import (
    FIRST,
    SECOND,
    acts,
    address,
    approve,
    case_of,
    opened,
    recommend,
    refusal,
    seen,
    standing,
    states,
)
from many_cases import SENTENCE
from workbench import Workbench

from tumen.model.access import Role
from tumen.model.casework import CaseState
from tumen.model.watching import HitState
from tumen.service.access.accounts import By, NewUser, add_user, end_user
from tumen.service.access.people import delegate


def test_two_people_release_a_hit(workbench: Workbench) -> None:
    """Recommended by one, approved by the other: suppressed at once, and the case is closed."""
    case_id = opened(workbench)
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    sent = recommend(anna, case_id, seen(anna, case_id))
    assert (sent.status_code, sent.headers["location"]) == (303, address(case_id))
    assert "when another person approves it" in anna.get(address(case_id)).text
    assert states(workbench) == {FIRST: HitState.OPEN}
    page = carl.get(address(case_id))
    assert SENTENCE in page.text
    assert "Register extract" in page.text
    done = approve(carl, case_id, seen(carl, case_id))
    assert done.status_code == 303
    page = carl.get(address(case_id))
    assert "is suppressed" in page.text
    assert states(workbench) == {FIRST: HitState.SUPPRESSED}
    case = case_of(workbench, case_id)
    assert case.state is CaseState.CLOSED
    assert case.decision is not None
    assert case.decision.recommendation.evidence == ("Register extract", "Passport copy")


def test_some_hits_first_then_an_action_and_the_rest(workbench: Workbench) -> None:
    """A true match waits for what is done by hand; the case closes when all is decided."""
    case_id = opened(workbench, standing(FIRST), standing(SECOND, caption="Maritime Trading"))
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    recommend(anna, case_id, seen(anna, case_id), reason="TP-LIST", outcome="reject")
    approve(carl, case_id, seen(carl, case_id))
    assert case_of(workbench, case_id).state is CaseState.APPROVED
    page = anna.get(address(case_id))
    assert "Say when it is done" in page.text
    text = {"text": "The offer was declined by letter."}
    short = anna.post(address(case_id, "action"), {"seen": seen(anna, case_id), "text": "done"})
    assert short.status_code == 422
    anna.post(address(case_id, "action"), {"seen": seen(anna, case_id), **text})
    page = anna.get(address(case_id))
    assert f"Not decided yet: {SECOND}" in page.text
    closing = anna.post(address(case_id, "close"), {"seen": seen(anna, case_id)})
    assert closing.status_code == 422
    recommend(anna, case_id, seen(anna, case_id), hit=[SECOND])
    approve(carl, case_id, seen(carl, case_id))
    assert case_of(workbench, case_id).state is CaseState.CLOSED
    reopened = anna.post(
        address(case_id, "reopen"),
        {"seen": seen(anna, case_id), "text": "The bank has sent another passport."},
    )
    assert reopened.status_code == 303
    page = anna.get(address(case_id)).text
    assert page.index("another passport") < page.index('id="hits"')


def test_who_recommended_reads_why_another_has_to_look(workbench: Workbench) -> None:
    """No button, a plain sentence, and no way round it by sending the form anyway."""
    case_id = opened(workbench)
    carl = workbench.browser("carl")
    recommend(carl, case_id, seen(carl, case_id))
    page = carl.get(address(case_id))
    assert "You recommended it; another person has to look." in page.text
    assert f'action="{address(case_id, "approve")}"' not in page.text
    answer = approve(carl, case_id, seen(carl, case_id))
    assert answer.status_code == 422
    assert "another person has to look" in refusal(answer)
    assert states(workbench) == {FIRST: HitState.OPEN}


def test_two_accounts_of_one_person_are_one_pair_of_eyes(workbench: Workbench) -> None:
    """Ben and Bella are one person: the second account reads why it cannot approve."""
    case_id = opened(workbench)
    ben, bella = workbench.browser("ben"), workbench.browser("bella")
    recommend(ben, case_id, seen(ben, case_id))
    assert "You recommended it, as ben; another person" in bella.get(address(case_id)).text
    assert approve(bella, case_id, seen(bella, case_id)).status_code == 422
    assert case_of(workbench, case_id).state is CaseState.RECOMMENDED


def test_another_role_makes_no_other_person(workbench: Workbench) -> None:
    """Who recommended as an analyst and becomes an approver still has not the second eyes."""
    case_id = opened(workbench)
    anna = workbench.browser("anna")
    recommend(anna, case_id, seen(anna, case_id))
    refused = approve(anna, case_id, seen(anna, case_id))
    assert refused.status_code == 403
    by, now = By("test"), datetime.now(UTC)
    with workbench.store.writing() as work:
        old = work.access.user_by_name("anna")
        assert old is not None
        end_user(work, "anna", by, now)
        new = NewUser("anna", Role.APPROVER, old.password_hash, old.email)
        add_user(work, new, by, now)
    workbench.app.state.api.gate.memory.forget()
    anna = workbench.browser("anna")
    again = approve(anna, case_id, seen(anna, case_id))
    assert again.status_code == 422
    assert "another person has to look" in refusal(again)


@pytest.mark.parametrize("recommends_in_place", [True, False])
def test_a_deputy_is_not_a_second_person_for_whom_they_stand_in(
    workbench: Workbench, recommends_in_place: bool
) -> None:
    """Anna for Carl and Carl himself are one: neither approves what the other recommended."""
    now = datetime.now(UTC)
    with workbench.store.writing() as work:
        delegate(work, "carl", "anna", now, now + timedelta(days=2), By("test"), now)
    case_id = opened(workbench)
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    assert anna.post("/desk/acting-for", {"name": "carl"}).status_code == 303
    first, second = (anna, carl) if recommends_in_place else (carl, anna)
    assert recommend(first, case_id, seen(first, case_id)).status_code == 303
    page = second.get(address(case_id))
    assert "another person has to look" in page.text
    assert approve(second, case_id, seen(second, case_id)).status_code == 422
    bella = workbench.browser("bella")
    assert approve(bella, case_id, seen(bella, case_id)).status_code == 303


def test_whoever_comes_second_reads_who_did_what_and_keeps_their_words(
    workbench: Workbench,
) -> None:
    """409: the name and the act of the first, the case as it is now, and nothing typed is lost."""
    case_id = opened(workbench)
    anna, ben = workbench.browser("anna"), workbench.browser("ben")
    at = seen(anna, case_id)
    assert recommend(anna, case_id, at).status_code == 303
    late = recommend(ben, case_id, at, reason="FP-NAME", text="Two families, two registers <b>.")
    assert late.status_code == 409
    assert "anna: recommended" in refusal(late)
    assert "Waits for a second person" in late.text
    note = ben.post(address(case_id, "notes"), {"seen": at, "text": "Asked the bank & waiting"})
    assert note.status_code == 409
    assert "Asked the bank &amp; waiting</textarea>" in note.text
    assert f'name="seen" value="{at + 1}"' in note.text


def test_what_is_missing_is_said_and_what_was_typed_stays(workbench: Workbench) -> None:
    """A short sentence, no evidence, an outcome that does not fit: 422 with the form filled in."""
    case_id = opened(workbench)
    anna = workbench.browser("anna")
    at = seen(anna, case_id)
    for changed, words in (
        ({"text": "too short"}, "20 letters"),
        ({"evidence": "  \n "}, "evidence"),
        ({"outcome": "freeze"}, "does not lead to"),
        ({"reason": ""}, "Choose the reason"),
        ({"reason": "FP-MADE-UP"}, "There is no reason"),
        ({"until": "tomorrow"}, "no day"),
        ({"hit": ["un_sc_sanctions:999"]}, "No hit of this case"),
    ):
        answer = recommend(anna, case_id, at, **{"text": SENTENCE, **changed})
        assert answer.status_code == 422
        assert words in refusal(answer)
    answer = recommend(anna, case_id, at, text="too short", until="2027-01-31")
    assert ">too short</textarea>" in answer.text
    assert 'value="2027-01-31"' in answer.text
    assert '<option value="FP-DOB" selected>' in answer.text
    assert "Register extract\nPassport copy</textarea>" in answer.text
    assert acts(case_of(workbench, case_id), workbench) == ["opened", "alert added"]


def test_a_recommendation_comes_back(workbench: Workbench) -> None:
    """Returned with what is missing, or withdrawn by its own author; never by another."""
    case_id = opened(workbench)
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    recommend(anna, case_id, seen(anna, case_id))
    missing = "The register extract is of another company."
    short = carl.post(address(case_id, "return"), {"seen": seen(carl, case_id), "text": "no"})
    assert short.status_code == 422
    back = carl.post(address(case_id, "return"), {"seen": seen(carl, case_id), "text": missing})
    assert back.status_code == 303
    assert missing in anna.get(address(case_id)).text
    assert case_of(workbench, case_id).state is CaseState.RETURNED
    recommend(anna, case_id, seen(anna, case_id))
    taken = carl.post(address(case_id, "withdraw"), {"seen": seen(carl, case_id), "text": ""})
    assert "Only anna may withdraw it" in refusal(taken)
    own = anna.post(address(case_id, "withdraw"), {"seen": seen(anna, case_id), "text": "Wait"})
    assert own.status_code == 303
    assert case_of(workbench, case_id).pending is None


@pytest.mark.parametrize("turn", range(3))
def test_two_analysts_at_once_get_one_decision_and_one_clear_message(
    workbench: Workbench, turn: int
) -> None:
    """Two browsers send at the same instant: one is taken, the other reads who was first."""
    case_id = opened(workbench)
    browsers = {name: workbench.browser(name) for name in ("anna", "ben")}
    at = seen(browsers["anna"], case_id)
    with ThreadPoolExecutor(2) as pool:
        sent = {name: pool.submit(recommend, one, case_id, at) for name, one in browsers.items()}
        answers = {name: one.result() for name, one in sent.items()}
    statuses = sorted(one.status_code for one in answers.values())
    assert statuses == [303, 409]
    (winner,) = [name for name, one in answers.items() if one.status_code == 303]
    (loser,) = answers.keys() - {winner}
    assert f"{winner}: recommended" in refusal(answers[loser])
    assert acts(case_of(workbench, case_id), workbench).count("recommended") == 1


def test_two_approvers_at_once_carry_it_out_once(workbench: Workbench) -> None:
    """One approval, one suppression; the other approver reads who was first."""
    case_id = opened(workbench)
    anna = workbench.browser("anna")
    recommend(anna, case_id, seen(anna, case_id))
    browsers = [workbench.browser("bella"), workbench.browser("carl")]
    at = seen(browsers[0], case_id)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: approve(one, case_id, at), browsers))
    assert sorted(one.status_code for one in answers) == [303, 409]
    (late,) = [one for one in answers if one.status_code == 409]
    assert "approved" in refusal(late)
    with workbench.store.reading() as work:
        assert len(work.suppressions.all("partners")) == 1
    assert acts(case_of(workbench, case_id), workbench).count("approved") == 1


def test_a_verdict_offers_what_fits_it(workbench: Workbench) -> None:
    """After the verdict the form has its reasons and outcomes, and no other."""
    case_id = opened(workbench)
    anna = workbench.browser("anna")
    plain = anna.get(address(case_id)).text
    assert 'name="reason"' not in plain
    page = anna.get(address(case_id) + "?verdict=true%20match").text
    assert 'value="TP-LIST"' in page
    assert 'value="freeze"' in page
    assert "FP-DOB" not in page
    assert 'value="release"' not in page
    assert "NO-ADVICE" not in page


def test_who_may_not_decide_sees_no_form(workbench: Workbench) -> None:
    """A viewer reads all of it and is told so."""
    case_id = opened(workbench)
    page = workbench.browser("vera").get(address(case_id)).text
    assert "You may read cases, not decide them." in page
    assert 'name="seen"' not in page


def test_a_changed_hit_is_left_open_and_the_page_says_so(workbench: Workbench) -> None:
    """What changed between the two looks is not suppressed unseen."""
    case_id = opened(workbench)
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    recommend(anna, case_id, seen(anna, case_id))
    old = standing(FIRST)
    later = old.known_from + timedelta(days=1)
    with workbench.store.writing() as work:
        new = replace(old, entry_hash="entry-2", known_from=later)
        work.hits.replace([old], [new], later)
    approve(carl, case_id, seen(carl, case_id))
    assert "changed since it was looked at" in carl.get(address(case_id)).text
    assert states(workbench) == {FIRST: HitState.OPEN}
