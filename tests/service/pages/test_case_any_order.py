"""Whatever people press, in whatever order: no decision with one pair of eyes."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from case_desk import FIRST, SECOND, address, case_of, opened, said, standing, states
from workbench import Browser, Workbench

from tumen.model.case import Case
from tumen.model.casework import Outcome
from tumen.model.watching import HitState
from tumen.service.access.accounts import By
from tumen.service.access.people import delegate

_STEPS = 60
_WORDS = "The extract of the register was looked at."


def _step(chance: random.Random) -> tuple[str, dict[str, Any]]:
    """One form of the page, filled in somehow."""
    hits = chance.choice([[], [FIRST], [SECOND], [FIRST, SECOND]])
    reason, outcome = chance.choice(
        [("FP-DOB", "release"), ("TP-LIST", "reject"), ("IN-DATA", "escalate"), ("FP-ID", "freeze")]
    )
    typed = said(hit=hits, reason=reason, outcome=outcome)
    forms = {
        "recommend": typed,
        "approve": {"text": _WORDS},
        "return": {"text": _WORDS},
        "withdraw": {"text": _WORDS},
        "action": {"text": _WORDS},
        "close": {},
        "reopen": {"text": _WORDS},
        "move": {"state": chance.choice(["triage", "investigating", "closed"])},
    }
    name = chance.choice([*forms, "recommend", "approve", "approve"])
    return name, forms[name]


@pytest.mark.parametrize("seed", range(3))
def test_no_order_of_presses_decides_with_one_pair_of_eyes(workbench: Workbench, seed: int) -> None:
    """Five browsers of four persons, one of them a deputy by turns, sixty presses: every decision
    has two persons, and a hit is muted only by an approved release of it.
    """
    chance, now = random.Random(seed), datetime.now(UTC)
    with workbench.store.writing() as work:
        delegate(work, "carl", "anna", now, now + timedelta(days=2), By("test"), now)
    case_id = opened(workbench, standing(FIRST), standing(SECOND, caption="Maritime"))
    browsers = {one: workbench.browser(one) for one in ("anna", "ben", "bella", "carl", "vera")}
    statuses = set[int]()
    for _ in range(_STEPS):
        if chance.random() < 0.1:
            _switch(browsers["anna"], chance)
        browser = browsers[chance.choice(list(browsers))]
        name, fields = _step(chance)
        sequence = case_of(workbench, case_id).sequence - (chance.random() < 0.1)
        sent = browser.post(address(case_id, name), {"seen": sequence, **fields})
        statuses.add(sent.status_code)
        _holds(workbench, case_of(workbench, case_id))
    assert {303, 403, 422} <= statuses <= {303, 403, 409, 422}


def _switch(browser: Browser, chance: random.Random) -> None:
    sent = browser.post("/desk/acting-for", {"name": chance.choice(["", "carl"])})
    assert sent.status_code == 303


def _holds(workbench: Workbench, case: Case) -> None:
    released = set[str]()
    for decision in case.decisions:
        first, second = decision.recommendation.by, decision.approved_by
        assert first.person
        assert second.person
        assert first.eyes.isdisjoint(second.eyes)
        assert "approve" in second.permissions
        if decision.recommendation.outcome is Outcome.RELEASE:
            released.update(decision.recommendation.entity_ids)
    muted = {one for one, state in states(workbench).items() if state is HitState.SUPPRESSED}
    assert muted <= released
