"""Which policy holds: one is proposed by a person, approved by another, and kept for ever."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime

import orjson

from tumen.cases.acting import act, open_by_hand
from tumen.cases.deadlines import due_at
from tumen.cases.workflow import Opening, Proposal, recommend
from tumen.errors import ConflictError
from tumen.model.case import Actor, Case
from tumen.model.casework import Origin, Outcome, Priority, ReasonCode
from tumen.model.policy_version import PolicyVersion
from tumen.screening.policy import Policy
from tumen.screening.runs import policy_of
from tumen.store.work import Work


def propose_policy(work: Work, policy: Policy, text: str, actor: Actor, now: datetime) -> Case:
    """A case in which a policy is recommended; whoever approves it puts it in force.

    Raises ConflictError where it holds already, or where this name and version were proposed
    with other terms; RefusedError as `workflow.recommend`.
    """
    content_hash = hash_of(policy)
    _must_be_new(work, policy, content_hash)
    desk = work.desk.current()
    due = due_at(Priority.P3, desk.local(now), desk.holidays)
    title = f"Policy {policy.name} {policy.version}"
    opening = Opening(Origin.POLICY, title, f"policy/{policy.name}", Priority.P3, due)
    case = open_by_hand(work, opening, actor, now)
    version = PolicyVersion(
        policy_id=f"policy-{secrets.token_hex(8)}",
        case_id=case.case_id,
        name=policy.name,
        version=policy.version,
        content=policy.to_dict(),
        content_hash=content_hash,
        proposed_by=actor.user_id,
        proposed_at=now,
        text=text.strip(),
    )
    work.policies.propose(version)
    evidence = (f"{version.policy_id}, sha256 {content_hash}",)
    said = Proposal(ReasonCode.NO_POLICY, Outcome.ADOPT, text, evidence)
    return act(work, case.case_id, case.sequence, lambda one: recommend(one, said, actor, now))


def effective_policy(work: Work, fallback: Policy) -> Policy:
    """The policy that was approved last; `fallback` where none ever was."""
    held = work.policies.in_force()
    if held is None:
        return fallback
    policy = policy_of(held.content)
    # A cut-off at the threshold is none of its own: it moves with the threshold.
    return replace(policy, cutoff=None) if policy.cutoff == policy.threshold else policy


def history(work: Work) -> list[PolicyVersion]:
    """Every policy that was ever proposed, the last first, with who approved it and when."""
    return work.policies.all()


def hash_of(policy: Policy) -> str:
    """The SHA-256 of a policy's canonical JSON."""
    said = orjson.dumps(policy.to_dict(), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()


def _must_be_new(work: Work, policy: Policy, content_hash: str) -> None:
    held = work.policies.in_force()
    if held is not None and held.content_hash == content_hash:
        raise ConflictError(f"The policy {held.label} is in force already")
    for one in work.policies.named(policy.name, policy.version):
        if one.content_hash != content_hash:
            raise ConflictError(
                f"The policy {one.label} was proposed with other terms on "
                f"{one.proposed_at:%Y-%m-%d}: give the new one another version"
            )
