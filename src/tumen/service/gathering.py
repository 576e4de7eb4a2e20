"""After a screening its hits come into cases: for the command line and the service alike."""

from __future__ import annotations

from datetime import datetime

from tumen.cases.gathering import Gathered, gather
from tumen.model.case import Actor
from tumen.screening.policy import Policy
from tumen.store import Store
from tumen.watch.notices.dispatch import keep

# Alerts come of themselves: no person, and no permission to decide anything.
PROGRAM = Actor("tumen", "", "tumen")


def gather_hits(store: Store, book_id: str, policy: Policy, now: datetime) -> Gathered:
    """Bring every waiting hit of a book into a case, and tell whoever wants to hear of it.

    It may be repeated: what is in a case as it stands is left alone.
    """
    with store.writing() as work:
        found = gather(work, book_id, now, PROGRAM, policy.to_dict())
        keep(work, found.events, now)
    return found
