"""A request for help becomes a case: what was asked in its history, who asked beside it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from tumen.cases import workflow
from tumen.cases.acting import keep_all, new_case_id
from tumen.cases.deadlines import due_at
from tumen.errors import RequestError
from tumen.model.case import Actor, Case, CaseRecord
from tumen.model.casework import CaseAct, Origin
from tumen.model.desk import DeskSettings, HelpContact, HelpKind
from tumen.store.work import Work

# No account, no permission: a stranger's request is a case, and no more than that.
STRANGER = Actor("public", "", "Somebody without an account")
# Letters that nobody mistakes for one another when they are read out on the telephone.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 4, 4
LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_FIELD = 200, 10_000, 200


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """What somebody asks, and how to answer them."""

    kind: HelpKind
    subject: str
    text: str
    name: str = ""
    email: str = ""
    telephone: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """The case that came of a request, and what the one who asked is given."""

    case: Case
    reference: str


def new_reference() -> str:
    """A reference such as `K7QM-4XTD-9RBF-2WHN`: 78 bits, so that nobody finds another one."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def is_reference(text: str) -> bool:
    """Whether this has the form of a reference; it need not be one that was ever given."""
    groups = text.split("-")
    return len(groups) == _GROUPS and all(
        len(one) == _GROUP and set(one) <= set(_LETTERS) for one in groups
    )


def receive(
    work: Work, request: HelpRequest, desk: DeskSettings, actor: Actor, now: datetime
) -> Received:
    """Open a case for a request, with the contact beside it.

    Raises RequestError where it says too little or too much.
    """
    _check(request)
    priority = request.kind.priority
    due = due_at(priority, desk.local(now), frozenset(desk.holidays))
    title = f"{request.kind.label}: {request.subject.strip()}"
    opening = workflow.Opening(Origin.HELP, title, "", priority, due)
    opened = workflow.open_case(new_case_id(), opening, actor, now)
    # Who has no account may not write notes in cases; this one is the request itself.
    said = CaseRecord(opened.case_id, 2, CaseAct.NOTED, now, actor, {"text": request.text.strip()})
    case = keep_all(work, None, [opened, said])
    contact = HelpContact(
        case.case_id,
        new_reference(),
        request.kind,
        now,
        name=request.name.strip(),
        email=request.email.strip(),
        telephone=request.telephone.strip(),
        organisation=request.organisation.strip(),
        asked_by=actor.user_id,
    )
    work.help_contacts.add(contact)
    return Received(case, contact.reference)


def problems_of(request: HelpRequest) -> dict[str, str]:
    """What is wrong with a request: field → what to do about it, in the order of the form."""
    found = dict[str, str]()
    for field, value in (
        ("name", request.name),
        ("organisation", request.organisation),
        ("email", request.email),
        ("telephone", request.telephone),
    ):
        if len(value) > LONGEST_FIELD:
            found[field] = f"Shorten this to {LONGEST_FIELD} characters"
        elif not value.isprintable():
            found[field] = "Write this in one line"
    if not request.email.strip() and not request.telephone.strip():
        found.setdefault("email", "Give an e-mail address or a telephone number to answer to")
    if request.kind is HelpKind.URGENT and not request.telephone.strip():
        found.setdefault("telephone", "Give a telephone number: we call you back")
    if not request.subject.strip() or not request.subject.isprintable():
        found["subject"] = "Say in one line what it is about"
    elif len(request.subject) > LONGEST_SUBJECT:
        found["subject"] = f"Shorten this to {LONGEST_SUBJECT} characters"
    if not request.text.strip():
        found["text"] = "Say what happened, or what you would like to know"
    elif len(request.text) > LONGEST_TEXT:
        found["text"] = f"Shorten this to {LONGEST_TEXT:,} characters"
    return found


def _check(request: HelpRequest) -> None:
    if found := problems_of(request):
        raise RequestError("; ".join(f"{field}: {mend}" for field, mend in found.items()))
