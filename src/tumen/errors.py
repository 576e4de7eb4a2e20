"""Errors, split by what the caller must do: skip a record, stop a source, or refuse a request."""

from __future__ import annotations


class TumenError(Exception):
    """Root of every error that tumen raises on purpose; its text is meant for a person."""


class RecordError(TumenError):
    """One record cannot be used: list it as not screened, and go on with the next.

    `where` names file and row, `mend` says what to do about it.
    """

    def __init__(self, problem: str, *, where: str = "", mend: str = "") -> None:
        self.problem, self.where, self.mend = problem, where, mend
        super().__init__(_sentence(problem, where, mend))


class SourceError(TumenError):
    """A whole file or list version cannot be used: refuse it, keep the last good one."""

    def __init__(self, problem: str, *, where: str = "", mend: str = "") -> None:
        self.problem, self.where, self.mend = problem, where, mend
        super().__init__(_sentence(problem, where, mend))


class RequestError(TumenError):
    """What was asked makes no sense (unknown schema, bad option): refuse the request."""


class ConflictError(RequestError):
    """Somebody else has changed the same thing meanwhile: look at it again, then repeat."""


class StoreError(RequestError):
    """The store is busy, full, damaged or gone: nothing was changed; mend that and ask again."""


class ListsMissingError(TumenError):
    """No list version to screen against, or one older than the policy allows: fail closed."""


class BusyError(TumenError):
    """Another process is at the same work: it says who, and since when. Try again later."""


def _sentence(problem: str, where: str, mend: str) -> str:
    text = f"{where}: {problem}" if where else problem
    return f"{text}. {mend}" if mend else text
