"""A case at hand in a request: who acts, on what they saw, and refusals as problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Response

from tumen.cases.acting import Step, act
from tumen.cases.files.refusal import FileRefusedError
from tumen.cases.workflow import RefusedError
from tumen.errors import ConflictError, RequestError, StoreError
from tumen.model.access import Permission
from tumen.model.case import Actor
from tumen.service.access.people import actor_of
from tumen.service.access.permissions import Requires
from tumen.service.access.principal import Principal
from tumen.service.problems import Fault, ProblemError, not_found
from tumen.service.routes.v1.case_shapes import CaseId
from tumen.service.routes.v1.case_views import case_shape
from tumen.service.routes.v1.needs import Api, Decider, TheApi, now_utc
from tumen.store.work import Work

Approver = Annotated[Principal, Depends(Requires(Permission.APPROVE))]
IfMatch = Annotated[
    str, Header(description="The ETag of the case as it was looked at; instead of `seen`.")
]


@dataclass(frozen=True, slots=True)
class CaseAtHand:
    """The case of a request, and who wants to act on it."""

    case_id: str
    api: Api
    caller: Principal
    response: Response
    if_match: str
    now: datetime

    @property
    def actor(self) -> Actor:
        """Who acts, a person or a program."""
        return actor_of(self.caller)

    @property
    def person(self) -> Actor:
        """The person who acts. Raises ProblemError for a program, which decides nothing."""
        return person_of(self.caller)

    def step(self, seen: int | None, step: Step) -> dict[str, Any]:
        """Take one step, and show the case after it."""
        looked_at = self.seen(seen)

        def doing(work: Work) -> tuple[str, ...]:
            act(work, self.case_id, looked_at, step)
            return ()

        return self.do(doing)

    def do(self, doing: Callable[[Work], tuple[str, ...]]) -> dict[str, Any]:
        """Do something in a transaction of its own, and show the case after it."""
        with refusals(), self.api.store.writing() as work:
            must_exist(work, self.case_id)
            effects = doing(work)
            return shown(work, self.case_id, self.response, effects)

    def seen(self, seen: int | None) -> int | None:
        """The record that was looked at last, as body or header say; None for neither."""
        stated = self.if_match.strip().removeprefix("W/").strip('"')
        if not stated or stated == "*":
            return seen
        if not (stated.isascii() and stated.isdigit() and len(stated) < 10):
            raise _invalid("header.If-Match", "It is no ETag of a case", "Take that of GET")
        if seen is not None and seen != int(stated):
            raise _invalid("body.seen", "If-Match says something else", "Say one of them")
        return int(stated)

    def must_have_seen(self, seen: int | None) -> int:
        """The same for a decision: nobody decides what they did not look at."""
        found = self.seen(seen)
        if found is None:
            raise _invalid("body.seen", "It is missing", "Say the `sequence` that you looked at")
        return found


async def _decided_on(
    case_id: CaseId, response: Response, caller: Decider, api: TheApi, if_match: IfMatch = ""
) -> CaseAtHand:
    return CaseAtHand(case_id, api, caller, response, if_match, now_utc())


async def _approved_on(
    case_id: CaseId, response: Response, caller: Approver, api: TheApi, if_match: IfMatch = ""
) -> CaseAtHand:
    return CaseAtHand(case_id, api, caller, response, if_match, now_utc())


# Whoever may work on cases, and whoever may be the second pair of eyes.
WorkedCase = Annotated[CaseAtHand, Depends(_decided_on)]
ApprovedCase = Annotated[CaseAtHand, Depends(_approved_on)]


def person_of(caller: Principal) -> Actor:
    """The person who calls. Raises ProblemError for a program, which decides nothing."""
    actor = actor_of(caller)
    if not actor.person:
        text = f"{actor.name} is a program; this takes a person who signs in"
        raise ProblemError("forbidden", text)
    return actor


@contextmanager
def refusals() -> Iterator[None]:
    """Refusals of casework as problems: 409 for what does not fit the case, 422 for a value."""
    try:
        yield
    except StoreError:
        raise
    except (ConflictError, RefusedError) as error:
        raise ProblemError("conflict", str(error)) from error
    except FileRefusedError as error:
        raise ProblemError("invalid", str(error), [Fault("body.file", str(error))]) from error
    except RequestError as error:
        raise ProblemError("invalid", str(error)) from error


def must_exist(work: Work, case_id: str) -> None:
    """Raises ProblemError 404 where there is no such case."""
    if work.cases.summary(case_id) is None:
        raise not_found(f"case {case_id!r}")


def shown(
    work: Work, case_id: str, response: Response, effects: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A case whole, with its ETag."""
    records = work.cases.records(case_id)
    response.headers["ETag"] = f'"{records[-1].sequence}"'
    return case_shape(records, effects)


def _invalid(place: str, problem: str, mend: str) -> ProblemError:
    return ProblemError("invalid", f"{place}: {problem}. {mend}", [Fault(place, problem, mend)])
