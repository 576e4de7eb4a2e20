"""What a proposed policy changes: term by term, beside the one that holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tumen.cases.policies import effective_policy
from tumen.model.case import Case
from tumen.model.casework import Origin
from tumen.screening.policy import Policy
from tumen.store.work import Work


@dataclass(frozen=True, slots=True)
class PolicyTerm:
    """One term: what holds, and what is proposed."""

    name: str
    now: str
    proposed: str

    @property
    def is_changed(self) -> bool:
        """Whether the proposal is another one."""
        return self.now != self.proposed


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A proposed policy. `terms` compare it with the one that holds while it does not itself."""

    label: str
    content_hash: str
    in_force_from: datetime | None
    terms: tuple[PolicyTerm, ...]


def policy_view(work: Work, case: Case, usual: Policy) -> PolicyView | None:
    """The policy that a case is about; None for any other case."""
    version = work.policies.of_case(case.case_id) if case.origin is Origin.POLICY else None
    if version is None:
        return None
    held = version.content if version.in_force_from else effective_policy(work, usual).to_dict()
    return PolicyView(
        version.label, version.content_hash, version.in_force_from, _terms(held, version.content)
    )


def _terms(now: Mapping[str, Any], proposed: Mapping[str, Any]) -> tuple[PolicyTerm, ...]:
    names = dict.fromkeys((*now, *proposed))
    return tuple(
        PolicyTerm(one.replace("_", " "), _said(now.get(one)), _said(proposed.get(one)))
        for one in names
    )


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "all"
    return "none" if value is None else str(value)
