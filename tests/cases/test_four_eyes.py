"""No sequence of calls gives an effective decision with one pair of eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

from desk import NOW, SENTENCE, actor
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from standing_desk import standing

from tumen.cases import workflow
from tumen.cases.acting import act, approve
from tumen.cases.gathering import cases_of, gather
from tumen.cases.policies import propose_policy
from tumen.cases.suppressing import recommend_suppression, release_alone
from tumen.cases.workflow import Proposal
from tumen.errors import RequestError
from tumen.model.access import Role
from tumen.model.case import Actor, CaseRecord
from tumen.model.casework import CaseAct, CaseState, Outcome, Priority, ReasonCode
from tumen.model.watching import HitState, StandingHit
from tumen.screening.policy import Policy
from tumen.store import Store
from tumen.store.work import Work

PARTY = "p-1"
ENTITIES = ("un:1", "un:2")
PROGRAM = Actor("key:1", "", "a key", ("decide", "approve"))
# Persons with two accounts, in two roles, in the place of others, written anew; and a program.
ACTORS = (
    actor("anna", Role.ANALYST),
    actor("anna", account="anna.senior"),
    replace(actor("anna"), person="annabel"),
    actor("boris"),
    actor("boris", deputises="anna"),
    actor("chun"),
    actor("chun", Role.ANALYST, account="chun.junior", deputises="boris"),
    actor("dora", Role.ADMINISTRATOR),
    PROGRAM,
)
actors = st.sampled_from(ACTORS)
entities = st.sampled_from(ENTITIES)
proposals = st.builds(
    Proposal,
    st.sampled_from([ReasonCode.FP_DOB, ReasonCode.TP_LIST, ReasonCode.IN_DATA]),
    st.sampled_from([Outcome.RELEASE, Outcome.FREEZE, Outcome.ESCALATE]),
    st.just(SENTENCE),
    st.just(("register extract",)),
    st.lists(entities, max_size=2, unique=True).map(tuple),
)


class FourEyes(RuleBasedStateMachine):
    """People, programs and lists do what they like to one party's hits and to a policy."""

    approvals = 0

    def __init__(self, store: Store, book_id: str) -> None:
        super().__init__()
        self.store, self.book_id, self.now = store, book_id, NOW
        self.policy_cases: list[str] = []
        self.removed: set[str] = set()

    def _try(self, step: Callable[[Work], object]) -> bool:
        """One call in its own transaction; whether it was allowed."""
        self.now += timedelta(seconds=1)
        try:
            with self.store.writing() as work:
                step(work)
        except RequestError:
            return False
        return True

    def _hit(self, entity_id: str) -> StandingHit:
        return replace(standing(entity_id, party_id=PARTY), book_id=self.book_id)

    def _case_ids(self, work: Work) -> list[str]:
        found = [one.case_id for one in cases_of(work, self.book_id, [PARTY]).get(PARTY, [])]
        return [*found, *self.policy_cases]

    def _on_each_case(self, doing: Callable[[Work, str], object]) -> int:
        with self.store.reading() as work:
            case_ids = self._case_ids(work)
        return sum(self._try(lambda work, one=case_id: doing(work, one)) for case_id in case_ids)  # type: ignore[misc]

    @initialize()
    def hits_stand(self) -> None:
        """Two hits, one of them fell away already."""
        fell = replace(self._hit("un:2"), state=HitState.PROPOSED_RELEASE)
        with self.store.writing() as work:
            work.hits.replace([], [self._hit("un:1"), fell], NOW)
        self.gather()

    @rule()
    def gather(self) -> None:
        """What stands comes into cases."""
        self._try(lambda work: gather(work, self.book_id, self.now, PROGRAM, {}))

    @rule(entity_id=entities, state=st.sampled_from(HitState), version=st.integers(1, 3))
    def screen(self, entity_id: str, state: HitState, version: int) -> None:
        """A list or book changes; no screening mutes or removes anything by itself."""
        if state is HitState.SUPPRESSED:
            return
        with self.store.writing() as work:
            before = work.hits.standing(self.book_id, party_ids=[PARTY], entity_ids=[entity_id])
            if before or entity_id in self.removed:
                self.now += timedelta(seconds=1)
                hit = replace(self._hit(entity_id), state=state, entry_hash=f"entry-{version}")
                work.hits.replace(before, [hit], self.now)
                self.removed.discard(entity_id)

    @rule(who=actors, said=proposals)
    def recommend(self, who: Actor, said: Proposal) -> None:
        """Somebody recommends."""
        step = workflow.recommend
        self._on_each_case(
            lambda work, one: act(work, one, None, lambda case: step(case, said, who, self.now))
        )

    @rule(who=actors, entity_id=entities)
    def suppress(self, who: Actor, entity_id: str) -> None:
        """Somebody asks to mute a hit."""
        said = Proposal(ReasonCode.FP_DOB, Outcome.RELEASE, SENTENCE, ("passport",))
        pair = (self.book_id, PARTY, entity_id)
        self._try(lambda work: recommend_suppression(work, *pair, said, who, self.now))

    @rule(entity_id=entities)
    def release(self, entity_id: str) -> None:
        """Somebody alone lets go of a hit, under a policy that has no line for that."""
        pair = (self.book_id, PARTY, entity_id)
        assert not self._try(lambda work: release_alone(work, *pair, Policy(), self.now))

    @rule(who=actors)
    def approve(self, who: Actor) -> None:
        """Somebody approves."""
        type(self).approvals += self._on_each_case(
            lambda work, one: approve(work, one, None, "Agreed", who, self.now)
        )
        self._note_removed()

    @rule(who=actors, number=st.integers(0, 5))
    def other_step(self, who: Actor, number: int) -> None:
        """Somebody does something else to the cases."""
        step: Callable[..., CaseRecord | None] = (
            lambda case: workflow.withdraw(case, "", who, self.now),
            lambda case: workflow.send_back(case, SENTENCE, who, self.now),
            lambda case: workflow.record_action(case, "Done", who, self.now),
            lambda case: workflow.close(case, who, self.now),
            lambda case: workflow.reopen(case, "Doubts", None, who, self.now),
            lambda case: workflow.prioritise(case, Priority.P2, None, who, self.now),
        )[number]
        self._on_each_case(lambda work, one: act(work, one, None, step))  # type: ignore[arg-type]

    @rule(who=actors, version=st.integers(1, 3))
    def propose(self, who: Actor, version: int) -> None:
        """Somebody proposes a policy."""
        policy = Policy(self.book_id, str(version))
        made: list[str] = []
        self._try(
            lambda work: made.append(propose_policy(work, policy, SENTENCE, who, self.now).case_id)
        )
        self.policy_cases += made

    @invariant()
    def two_people_stand_behind_what_takes_effect(self) -> None:
        """Each muted or released hit, each decided case, each policy in force."""
        with self.store.reading() as work:
            decided = [
                (one, pair)
                for one in self._case_ids(work)
                for pair in _approved_by_two(work.cases.records(one))
            ]
            muted = {one.entity_id for one in work.suppressions.all(self.book_id)}
            for case_id in self._case_ids(work):
                summary = work.cases.summary(case_id)
                assert summary is not None
                if summary.state in {CaseState.APPROVED, CaseState.ACTIONED, CaseState.CLOSED}:
                    assert any(one == case_id for one, _ in decided)
            for version in work.policies.all():
                if version.case_id in self.policy_cases and version.in_force_from:
                    assert any(one == version.case_id for one, _ in decided)
        let_go = {
            entity_id
            for _, recommended in decided
            if recommended.details["outcome"] == Outcome.RELEASE.value
            for entity_id in recommended.details["entity_ids"]
        }
        assert muted | self.removed <= let_go

    def _note_removed(self) -> None:
        with self.store.reading() as work:
            stands = {one.hit.entity_id for one in work.hits.standing(self.book_id)}
        self.removed = set(ENTITIES) - stands


def _approved_by_two(records: list[CaseRecord]) -> Iterator[CaseRecord]:
    """The recommendations of a history that were approved, each by somebody else."""
    recommended: CaseRecord | None = None
    for one in records:
        if one.act is CaseAct.RECOMMENDED:
            recommended = one
        elif one.act is CaseAct.APPROVED:
            assert recommended is not None
            first, second = recommended.actor, one.actor
            assert first.person and second.person  # noqa: PT018
            eyes = {first.person, first.deputises_for} - {""}
            assert eyes.isdisjoint({second.person, second.deputises_for})
            assert first.user_id != second.user_id
            yield recommended


def test_no_sequence_decides_with_one_pair_of_eyes(store: Store) -> None:
    """People with several accounts, roles and deputies, programs, changing lists and policies."""
    numbers = count()
    FourEyes.approvals = 0
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: FourEyes(store, f"book-{next(numbers)}"),
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # A machine whose every approval is refused would prove nothing.
    assert FourEyes.approvals
