"""A case that went its whole way over real screenings, so that there is something to prove."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from desk import actor, proposal

from tumen.cases import workflow
from tumen.cases.acting import Step, act, approve
from tumen.cases.evidence.collect import collect, collect_search
from tumen.cases.evidence.shape import Evidence
from tumen.cases.gathering import gather
from tumen.model.access import Role
from tumen.model.case import Actor
from tumen.model.listing import ListEntry
from tumen.model.watching import ScreeningRun
from tumen.screening.standing import Watchpost, screen_portfolio
from tumen.screening.subject import Subject
from tumen.store import Store
from watched_book import at, entry, keep_book, load, party, watchpost

ANNA, BORIS = actor("anna", Role.ANALYST), actor("boris")
PROGRAM = Actor("tumen", "", "tumen")
LISTED = entry(1, "Kim Chol", "김철", birthDate="1960-01-01", nationality="kp", programme="DPRK")
HIT = party(1, "Kim Chol", "김철", birthDate="1960", nationality="ru")
CLEAN = party(2, "Jane Roe")
MADE = at(9)
REGISTER = b"An extract of a register.\n"


@dataclass
class Desk:
    """A store with a screened book and one case about its first party."""

    store: Store
    post: Watchpost
    run: ScreeningRun
    case_id: str

    def act(self, *steps: Step) -> None:
        """Take steps on the case, one after the other."""
        with self.store.writing() as work:
            for step in steps:
                act(work, self.case_id, None, step)

    def release(self) -> None:
        """Two people decide to let go of what stands."""
        self.act(lambda case: workflow.recommend(case, proposal(), ANNA, at(3)))
        with self.store.writing() as work:
            approve(work, self.case_id, None, "Agreed.", BORIS, at(4))

    def attach(self, content: bytes = REGISTER, name: str = "register.txt") -> str:
        """Put a file beside the case; its hash."""
        with self.store.writing() as work:
            kept = work.attachments.add(content, "text/plain", at(2))
        file = {
            "sha256": kept.sha256,
            "name": name,
            "media_type": kept.media_type,
            "size_bytes": kept.size_bytes,
        }
        self.act(lambda case: workflow.attach(case, file, ANNA, at(2)))
        return kept.sha256

    def evidence(self, now: datetime = MADE) -> Evidence:
        """The evidence of the case."""
        with self.store.reading() as work:
            return collect(work, self.case_id, now)

    def search(self, subject_id: str | None = None, now: datetime = MADE) -> Evidence:
        """The evidence of the screening."""
        with self.store.reading() as work:
            return collect_search(work, self.run.screening_id, subject_id, now)


def opened(
    store: Store,
    folder: Path,
    parties: Sequence[Subject] = (HIT, CLEAN),
    entries: Sequence[ListEntry] = (LISTED,),
) -> Desk:
    """A book screened against a list, and the case that came of it."""
    load(store, entries, at(0))
    keep_book(store, parties, at(0))
    post = watchpost(store, folder)
    run = screen_portfolio(post, "b", at(1)).run
    with store.writing() as work:
        gathered = gather(work, "b", at(1.5), PROGRAM, post.policy.to_dict())
    return Desk(store, post, run, (*gathered.opened, "none")[0])


def decided(store: Store, folder: Path) -> Desk:
    """A case with an attachment, a note and a decision by two people."""
    desk = opened(store, folder)
    desk.attach()
    desk.act(lambda case: workflow.note(case, "Asked the branch for a passport.", ANNA, at(2)))
    desk.release()
    return desk


def tampered(evidence: Evidence, change: Callable[[dict[str, Any]], object]) -> Evidence:
    """The evidence after somebody changed its data, and nothing else."""
    data = copy.deepcopy(dict(evidence.data))
    change(data)
    return Evidence(data, evidence.attachments)
