"""A request for help comes in: a case, an acknowledgement, and in a crisis a call at once."""

from __future__ import annotations

from datetime import datetime

from tumen.cases.help import HelpRequest, Received, problems_of, receive
from tumen.errors import RequestError
from tumen.model.case import Actor
from tumen.model.desk import HelpKind
from tumen.service.help_desk.calling import call_in
from tumen.service.help_desk.letters import acknowledgement
from tumen.store.work import Work
from tumen.watch.notices.mail import parse_address


def take_request(work: Work, request: HelpRequest, actor: Actor, now: datetime) -> Received:
    """Keep a request; what must be told of it is on its way when the transaction ends.

    Raises RequestError where the request says too little, or its address is none.
    """
    if found := faults_of(request):
        raise RequestError("; ".join(f"{field}: {mend}" for field, mend in found.items()))
    desk = work.desk.current()
    received = receive(work, request, desk, actor, now)
    contact = work.help_contacts.of(received.case.case_id)
    if contact is not None and contact.email:
        work.letters.add([acknowledgement(contact, desk)])
    if request.kind is HelpKind.URGENT:
        call_in(work, now)
    return received


def faults_of(request: HelpRequest) -> dict[str, str]:
    """What is wrong with a request: field → what to do about it."""
    found = problems_of(request)
    if request.email.strip() and "email" not in found:
        try:
            parse_address(request.email.strip())
        except RequestError:
            found["email"] = "Write one address, such as name@company.example"
    return found
