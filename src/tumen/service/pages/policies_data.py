"""Policies for their page: the one in force, every version, and what differs between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tumen.cases.policies import effective_policy, history
from tumen.errors import RequestError
from tumen.model.casework import CaseState
from tumen.model.policy_version import PolicyVersion
from tumen.screening.policy import Policy
from tumen.service.problems import not_found
from tumen.store import Store
from tumen.store.work import Work

# The policy of the settings, which holds until two people have put another in force.
SETTINGS = "settings"
_TERMS = (
    ("lists", "Lists"),
    ("threshold", "Threshold: a hit from"),
    ("cutoff", "Cut-off: shown from"),
    ("max_list_age_days", "Oldest list"),
    ("four_eyes_from", "A release takes two people from"),
)


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a policy, beside another one's."""

    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether the two say something else."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version, how it stands, and what it changed in the one that held before it."""

    version: PolicyVersion
    state: str
    changes: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class PoliciesPage:
    """All that the page shows; `kept` is the version in force, None: that of the settings."""

    policy: Policy
    kept: PolicyVersion | None
    terms: tuple[Term, ...]
    rows: tuple[VersionRow, ...]
    lists: tuple[str, ...]


def policies_page(store: Store, usual: Policy) -> PoliciesPage:
    """The policy in force, and every version that was ever proposed, the last first."""
    with store.reading() as work:
        policy = effective_policy(work, usual)
        kept = work.policies.in_force()
        every = history(work)
        rows = tuple(_row(work, one, kept, every, usual) for one in every)
        lists = tuple(version.list_id for version in work.lists.current_versions())
    terms = tuple(terms_between(policy.to_dict(), policy.to_dict()))
    return PoliciesPage(policy, kept, terms, rows, lists)


def terms_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Term]:
    """All terms of two policies side by side."""
    return [Term(label, _words(key, before), _words(key, after)) for key, label in _TERMS]


def content_of(store: Store, usual: Policy, policy_id: str) -> tuple[str, Mapping[str, Any]]:
    """The name and the terms of a version. Raises ProblemError where there is none."""
    if policy_id == SETTINGS:
        return f"{usual.name} {usual.version} (settings)", usual.to_dict()
    with store.reading() as work:
        found = [one for one in history(work) if one.policy_id == policy_id]
    if not found:
        raise not_found(f"version {policy_id!r} of a policy")
    return found[0].label, found[0].content


def policy_from(typed: Mapping[str, str], lists: Sequence[str]) -> Policy:
    """The policy that a form proposes. Raises RequestError naming the field at fault."""
    name, version = typed.get("name", "").strip(), typed.get("version", "").strip()
    if not name or not version:
        raise RequestError("Give the policy a name and a version")
    age = typed.get("max_list_age_days", "").strip()
    if age and not age.isdecimal():
        raise RequestError(f"{age!r} is no number of days")
    cutoff = typed.get("cutoff", "").strip()
    return Policy(
        name,
        version,
        tuple(lists),
        _number(typed.get("threshold", ""), "threshold"),
        _number(cutoff, "cut-off") if cutoff else None,
        int(age) if age else None,
        _number(typed.get("four_eyes_from", "") or "0", "score for four eyes"),
    )


def _row(
    work: Work,
    one: PolicyVersion,
    kept: PolicyVersion | None,
    every: Sequence[PolicyVersion],
    usual: Policy,
) -> VersionRow:
    at = one.in_force_from or one.proposed_at
    held = [other for other in every if _held_before(other, one, at)]
    last = max(held, key=lambda other: other.in_force_from or at, default=None)
    before = last.content if last else usual.to_dict()
    changes = tuple(term for term in terms_between(before, one.content) if term.differs)
    return VersionRow(one, _state(work, one, kept), changes)


def _held_before(other: PolicyVersion, one: PolicyVersion, at: datetime) -> bool:
    """Whether a version was in force before an instant."""
    since = other.in_force_from
    return since is not None and since < at and other.policy_id != one.policy_id


def _state(work: Work, one: PolicyVersion, kept: PolicyVersion | None) -> str:
    if kept is not None and one.policy_id == kept.policy_id:
        return "in force"
    if one.in_force_from is not None:
        return "held before"
    case = work.cases.summary(one.case_id)
    if case is not None and case.state is CaseState.RECOMMENDED:
        return "waits for a second person"
    return "not approved"


def _words(key: str, content: Mapping[str, Any]) -> str:
    value = content.get(key)
    if key == "lists":
        return ", ".join(value) if value else "every list that is loaded"
    if key == "max_list_age_days":
        return "no limit" if value is None else f"{value} days"
    if key == "four_eyes_from":
        return f"{float(value or 0):.2f}" if value else "any score"
    return f"{float(value or 0):.2f}"


def _number(text: str, what: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise RequestError(f"{text!r} is no {what}: write it as 0.85") from None
