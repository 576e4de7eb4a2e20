"""A version of a policy as it is kept for ever: who proposed it, who approved it, since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A policy that somebody proposed. It holds from `in_force_from`, None: not approved (yet).

    `content` is the policy whole, `content_hash` the SHA-256 of its canonical JSON. Both people
    are named by their accounts; the case `case_id` says more of them.
    """

    policy_id: str
    case_id: str
    name: str
    version: str
    content: Mapping[str, Any]
    content_hash: str
    proposed_by: str
    proposed_at: datetime
    text: str
    approved_by: str = ""
    in_force_from: datetime | None = None

    @property
    def label(self) -> str:
        """What people call it."""
        return f"{self.name} {self.version}"
