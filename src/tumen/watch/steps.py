"""One step of a run: done once, and what it found is written together with its mark.

A step that was done before a run was killed is not done again: its detail is read from the
journal. A step that was cut off has left nothing behind and is done anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tumen.lists.registry import Registry
from tumen.model.audit import AuditEntry
from tumen.model.watching import Event, ListState
from tumen.store import Store
from tumen.store.work import Work
from tumen.watch.notices.dispatch import keep
from tumen.watch.points import Checkpoint, pass_by

RESCREEN = "rescreen"
Clock = Callable[[], datetime]
Detail = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What a step found: its detail for the journal, and all that is written with it."""

    detail: Detail
    events: Sequence[Event] = ()
    states: Sequence[ListState] = ()
    audit: Sequence[AuditEntry] = ()
    also: Callable[[Work], None] = lambda _work: None


@dataclass(frozen=True, slots=True)
class Run:
    """A run under way. `tell` shows what it is at, `hold_on` raises where it must stop."""

    run_id: str
    actor: str
    store: Store
    registry: Registry
    clock: Clock
    tell: Callable[[str], None] = lambda _text: None
    hold_on: Callable[[], None] = lambda: None
    checkpoint: Checkpoint = field(default=pass_by)

    def once(self, step: str, key: str, find: Callable[[], Found]) -> Detail:
        """The detail of a step, done now or before. Its findings are kept whole or not at all."""
        if (done := self.done(step, key)) is not None:
            return done
        self.hold_on()
        self.checkpoint(f"{step}: begins")
        found = find()
        self.checkpoint(f"{step}: found")
        with self.store.writing() as work:
            self.write(work, step, key, found)
        self.checkpoint(f"{step}: kept")
        return found.detail

    def done(self, step: str, key: str) -> Detail | None:
        """What a step left in the journal; None where it was not finished."""
        with self.store.reading() as work:
            return work.journal.step_done(self.run_id, step, key)

    def write(self, work: Work, step: str, key: str, found: Found) -> None:
        """Write what a step found, and its mark, in the transaction of `work`."""
        now = self.clock()
        found.also(work)
        for state in found.states:
            work.list_states.set(state)
        keep(work, found.events, now)
        for entry in found.audit:
            work.audit.append(entry)
        self.checkpoint(f"{step}: written")
        work.journal.finish_step(self.run_id, step, key, now, dict(found.detail))
        self.checkpoint(f"{step}: marked")

    def entry(
        self, action: str, thing: str, details: Mapping[str, Any], *, reason: str = ""
    ) -> AuditEntry:
        """An audit entry of this run."""
        return AuditEntry(
            occurred_at=self.clock(),
            actor=self.actor,
            action=action,
            object=thing,
            reason=reason,
            details={"run_id": self.run_id, **details},
        )
