"""What a case takes from the rest of the service: who may have it, when it is due, its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from tumen.cases.acting import open_by_hand
from tumen.cases.deadlines import due_at
from tumen.cases.workflow import Opening, RefusedError
from tumen.errors import RequestError
from tumen.model.access import Permission
from tumen.model.case import Actor, Case
from tumen.model.casework import CaseAct, CaseState, Origin, Priority
from tumen.store.work import Work

_GATHERED = (Origin.HIT, Origin.MANUAL, Origin.SUPPRESSION)


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file of a case as it is handed out."""

    name: str
    media_type: str
    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        """What keeps a browser from doing anything with it but saving it."""
        plain = "".join(one if one.isascii() and one not in '"\\%' else "_" for one in self.name)
        return {
            "Content-Type": self.media_type,
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''"
            + quote(self.name, safe=""),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        }


def file_of(work: Work, case_id: str, sha256: str) -> AttachedFile | None:
    """A file of this very case; None where the case has none of that hash."""
    records = work.cases.records(case_id)
    for record in reversed(records):
        if record.act is CaseAct.ATTACHED and record.details["sha256"] == sha256:
            content = work.attachments.content(sha256)
            if content is None:
                return None
            return AttachedFile(record.details["name"], record.details["media_type"], content)
    return None


def assignee_of(work: Work, name: str) -> str:
    """The account of a user who may have cases; empty for nobody.

    Raises RequestError for one who is not there or who may not decide.
    """
    if not name:
        return ""
    user = work.access.user_by_name(name.removeprefix("user:"))
    if user is None:
        raise RequestError(f"There is no user {name!r} in force")
    if Permission.DECIDE not in user.role.permissions:
        raise RequestError(f"{user.name} works as {user.role.value}, who decide no cases")
    return f"user:{user.name}"


def due_from(work: Work, priority: Priority, now: datetime) -> datetime:
    """When a case that is given this priority now is due, by the desk's clock and holidays."""
    desk = work.desk.current()
    return due_at(priority, desk.local(now), frozenset(desk.holidays))


def open_about(
    work: Work, title: str, subject: tuple[str, str], priority: Priority, actor: Actor,
    now: datetime,
) -> Case:  # fmt: skip
    """A case that a person opens; `subject` is book and party, both empty where it is of neither.

    Raises RequestError for a party that the book has not, RefusedError where a case about it
    is open already.
    """
    book_id, party_id = subject
    key = f"{book_id}/{party_id}" if book_id else ""
    if key:
        if not is_known(work, book_id, party_id):
            raise RequestError(f"There is no party {party_id!r} in a book {book_id!r}")
        _must_be_the_first(work, key)
    opening = Opening(Origin.MANUAL, title, key, priority, due_from(work, priority, now))
    return open_by_hand(work, opening, actor, now)


def is_known(work: Work, book_id: str, party_id: str) -> bool:
    """Whether a book has this party now."""
    book = work.books.version(book_id)
    return book is not None and any(work.books.parties(book_id, book.version, [party_id]))


def _must_be_the_first(work: Work, key: str) -> None:
    for one in work.cases.of_subjects([key]):
        if one.origin in _GATHERED and one.state is not CaseState.CLOSED:
            raise RefusedError(f"Case {one.case_id} about {key} is open already")
