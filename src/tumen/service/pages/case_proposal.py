"""What somebody recommends, from the form to the workflow; and what the form may offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, TypeVar

from fastapi import Depends, Form

from tumen.cases.workflow import OUTCOMES, Proposal, outcomes_for, undecided_ids
from tumen.errors import RequestError
from tumen.model.case import Case
from tumen.model.casework import Origin, Outcome, ReasonCode, Verdict

_Word = TypeVar("_Word", ReasonCode, Outcome)
_LONGEST = 10_000
_ABOUT = {
    Verdict.FALSE_POSITIVE: "The party is not the listed one",
    Verdict.TRUE_MATCH: "The party is the listed one, or is bound to it",
    Verdict.INCONCLUSIVE: "What is known does not decide it; nobody is cleared by it",
    Verdict.NO_MATCH_ASKED: "No hit is judged here",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A verdict, with the reasons that go with it and what may follow."""

    verdict: Verdict
    about: str
    reasons: tuple[ReasonCode, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """A recommendation as it was typed; `hits` and `files` were ticked."""

    reason: str = ""
    outcome: str = ""
    text: str = ""
    evidence: str = ""
    until: str = ""
    hits: tuple[str, ...] = ()
    files: tuple[str, ...] = field(default=())

    def proposal(self) -> Proposal:
        """What the workflow is asked. Raises RequestError where something is missing."""
        lines = (one.strip() for one in self.evidence.splitlines())
        return Proposal(
            _word(ReasonCode, self.reason, "reason"),
            _word(Outcome, self.outcome, "outcome"),
            self.text,
            tuple(dict.fromkeys((*self.files, *filter(None, lines)))),
            self.hits,
            _day(self.until),
        )


def _typed(
    reason: Annotated[str, Form(max_length=40)] = "",
    outcome: Annotated[str, Form(max_length=40)] = "",
    text: Annotated[str, Form(max_length=_LONGEST)] = "",
    evidence: Annotated[str, Form(max_length=_LONGEST)] = "",
    until: Annotated[str, Form(max_length=40)] = "",
    hits: Annotated[list[str] | None, Form(alias="hit")] = None,
    files: Annotated[list[str] | None, Form(alias="file")] = None,
) -> Typed:
    return Typed(reason, outcome, text, evidence, until, tuple(hits or ()), tuple(files or ()))


TypedProposal = Annotated[Typed, Depends(_typed)]


def choices(case: Case) -> tuple[Choice, ...]:
    """The verdicts that a case may come to."""
    return tuple(one for one in (_choice(case, verdict) for verdict in Verdict) if one.reasons)


def bulk_choices() -> tuple[Choice, ...]:
    """The verdicts about hits, whatever case they are in."""
    asked = (Verdict.FALSE_POSITIVE, Verdict.TRUE_MATCH, Verdict.INCONCLUSIVE)
    return tuple(
        Choice(one, _ABOUT[one], tuple(_reasons(one)), _sorted(OUTCOMES[one])) for one in asked
    )


def _choice(case: Case, verdict: Verdict) -> Choice:
    reasons = tuple(one for one in _reasons(verdict) if _fits(case, one))
    outcomes = frozenset[Outcome]().union(*(outcomes_for(one) for one in reasons))
    return Choice(verdict, _ABOUT[verdict], reasons, _sorted(outcomes))


def _fits(case: Case, reason: ReasonCode) -> bool:
    if case.origin is Origin.POLICY or reason is ReasonCode.NO_POLICY:
        return case.origin is Origin.POLICY and reason is ReasonCode.NO_POLICY
    return reason is not ReasonCode.NO_ADVICE or not undecided_ids(case)


def _reasons(verdict: Verdict) -> list[ReasonCode]:
    return [one for one in ReasonCode if one.verdict is verdict]


def _sorted(outcomes: frozenset[Outcome]) -> tuple[Outcome, ...]:
    return tuple(one for one in Outcome if one in outcomes)


def _word(kind: type[_Word], value: str, what: str) -> _Word:
    if not value:
        raise RequestError(f"Choose the {what}")
    try:
        return kind(value)
    except ValueError:
        raise RequestError(f"There is no {what} {value!r}") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise RequestError(f"{text!r} is no day; write it as 2026-12-31") from None


def kept(typed: Typed) -> Mapping[str, object]:
    """What was typed, for the form that is shown again."""
    return {name: getattr(typed, name) for name in Typed.__slots__}
