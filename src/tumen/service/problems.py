"""Errors of our own API as problem details (RFC 9457): what is wrong, where, and the mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tumen.errors import (
    BusyError,
    ListsMissingError,
    RecordError,
    RequestError,
    SourceError,
    StoreError,
    TumenError,
)

MEDIA_TYPE = "application/problem+json"

# The kinds of problems: status, and a title that is always the same for the kind.
KINDS: dict[str, tuple[int, str]] = {
    "bad-request": (400, "The request makes no sense"),
    "unauthenticated": (401, "Say who you are"),
    "forbidden": (403, "Your role does not permit this"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "This address does not do that"),
    "conflict": (409, "It does not fit what is there"),
    "too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "Content of this type is not read"),
    "invalid": (422, "A value cannot be used"),
    "source-refused": (422, "The file cannot be used"),
    "idempotency-key-reused": (422, "The idempotency key was used for another request"),
    "too-many-requests": (429, "Too many requests"),
    "internal": (500, "A fault in the service"),
    "lists-missing": (503, "There is no list to screen against"),
    "store-unavailable": (503, "The store cannot be reached"),
    "audit-unavailable": (503, "Nothing is screened that cannot be recorded"),
    "provider-unavailable": (503, "The sign-on provider cannot be reached"),
}
_SECRET = frozenset({"password", "secret"})
_BY_STATUS = {
    status: kind
    for kind, (status, _) in reversed(KINDS.items())
    if kind not in ("source-refused", "idempotency-key-reused")
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One value at fault: where in the request, what is wrong, and what to do about it."""

    place: str
    problem: str
    mend: str = ""

    def to_dict(self) -> dict[str, str]:
        """JSON-ready form."""
        return {"place": self.place, "problem": self.problem, "mend": self.mend}


@dataclass(eq=False)
class ProblemError(TumenError):
    """A refusal as a problem of one of `KINDS`."""

    kind: str
    detail: str
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.detail)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.kind][0]


def not_found(what: str) -> ProblemError:
    """A 404 that says what is not there."""
    return ProblemError("not-found", f"There is no {what}")


def to_body(problem: ProblemError, instance: str) -> dict[str, Any]:
    """The problem details; `instance` is the path that was asked."""
    status, title = KINDS[problem.kind]
    body: dict[str, Any] = {
        "type": f"urn:tumen:problem:{problem.kind}",
        "title": title,
        "status": status,
        "detail": problem.detail,
        "instance": instance,
    }
    if problem.faults:
        body["errors"] = [fault.to_dict() for fault in problem.faults]
    return body


def to_response(problem: ProblemError, instance: str) -> Response:
    """The answer for a problem."""
    content = orjson.dumps(to_body(problem, instance))
    return Response(content, problem.status, dict(problem.headers), media_type=MEDIA_TYPE)


def problem_of(error: Exception) -> ProblemError | None:
    """The problem that an error makes; None for a fault of ours, which is nobody's to mend."""
    match error:
        case ProblemError():
            return error
        case RequestValidationError():
            faults = [_fault(one) for one in error.errors()]
            return ProblemError("invalid", _sentence(faults), faults)
        case HTTPException():
            kind = _BY_STATUS.get(error.status_code, "bad-request")
            return ProblemError(kind, str(error.detail), headers=dict(error.headers or {}))
        case RecordError() | SourceError():
            kind = "invalid" if isinstance(error, RecordError) else "source-refused"
            return ProblemError(kind, str(error), [Fault(error.where, error.problem, error.mend)])
        case ListsMissingError():
            return ProblemError("lists-missing", str(error), headers={"Retry-After": "10"})
        case StoreError():
            # Its own words name hosts and files: they are for the log.
            text = "The database does not answer. Nothing was changed; try again"
            return ProblemError("store-unavailable", text, headers={"Retry-After": "5"})
        case RequestError():
            return ProblemError("bad-request", str(error))
        case BusyError():
            return ProblemError("conflict", str(error), headers={"Retry-After": "30"})
    return None


def _fault(error: Mapping[str, Any]) -> Fault:
    """A finding of pydantic in our form: `body.subject.schema`, and its message as the mend."""
    place = ".".join(str(part) for part in error["loc"])
    is_secret = not _SECRET.isdisjoint(str(part) for part in error["loc"])
    value = None if is_secret else error.get("input")
    problem = "It is missing" if error["type"] == "missing" else _shown(value)
    return Fault(place, problem, str(error["msg"]))


def _shown(value: Any) -> str:
    """A value at fault, if it is short: what holds others may hold a secret."""
    if not isinstance(value, str | int | float):
        return "It cannot be used"
    text = repr(value)
    return f"{text[:80]}… cannot be used" if len(text) > 80 else f"{text} cannot be used"


def _sentence(faults: Sequence[Fault]) -> str:
    first = f"{faults[0].place}: {faults[0].mend}" if faults else "The request cannot be read"
    return first if len(faults) < 2 else f"{first}, and {len(faults) - 1} more"
