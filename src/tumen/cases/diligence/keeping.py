"""Sets and signs in the store: each change one record and one audit record, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tumen.cases.diligence import answering, signing
from tumen.cases.diligence.answering import Change, files_of
from tumen.cases.diligence.file import history_hash
from tumen.cases.diligence.overview import Overview, overview
from tumen.cases.diligence.signing import Proposal
from tumen.cases.workflow import RefusedError
from tumen.errors import ConflictError
from tumen.model.audit import AuditEntry
from tumen.model.case import Actor
from tumen.model.diligence import DiligenceRecord
from tumen.screening.policy import Policy
from tumen.store.work import Work

Step = Callable[[Overview], DiligenceRecord]
_SHOWN = 3


def set_field(change: Change, actor: Actor, now: datetime) -> Step:
    """The step that sets a field."""
    return lambda seen: answering.answer(seen.file, change, actor, now)


def recommend(proposal: Proposal, actor: Actor, now: datetime) -> Step:
    """The step that recommends a conclusion on the file as it stands."""
    return lambda seen: signing.recommend(seen.file, proposal, seen.ground, actor, now)


def withdraw(text: str, actor: Actor, now: datetime) -> Step:
    """The step that takes one's own recommendation back."""
    return lambda seen: signing.withdraw(seen.file, text, actor, now)


def send_back(text: str, actor: Actor, now: datetime) -> Step:
    """The step that returns a recommendation."""
    return lambda seen: signing.send_back(seen.file, text, actor, now)


def approve(text: str, actor: Actor, now: datetime) -> Step:
    """The step that signs the file off, where nothing changed since it was recommended."""
    return lambda seen: signing.approve(seen.file, text, seen.changed_since_recommended, actor, now)


def act(
    work: Work,
    book_id: str,
    party_id: str,
    step: Step,
    now: datetime,
    *,
    usual_policy: Policy,
    seen: int | None = None,
) -> DiligenceRecord:
    """Do one step in the file of a party, and keep it.

    `seen` is the sequence of the file that the caller looked at (None: whatever it is). Raises
    ConflictError naming who did what meanwhile, RefusedError where the step may not be.
    """
    view = overview(work, book_id, party_id, usual_policy, now)
    if seen is not None and seen != view.file.sequence:
        raise ConflictError(_meanwhile(view.records, seen, party_id))
    record = step(view)
    _must_be_stored(work, record)
    work.diligence.append(record)
    work.audit.append(_entry(view, record))
    return record


def _entry(view: Overview, record: DiligenceRecord) -> AuditEntry:
    """What the audit log says of a record: the hashes of the history before and after bind it."""
    return AuditEntry(
        occurred_at=record.at,
        actor=record.actor.user_id,
        action=f"due diligence {record.act.value}",
        object=f"{record.book_id}/{record.party_id}",
        before=view.history_hash,
        after=history_hash((*view.records, record)),
        details={
            "field_id": record.field_id,
            "sequence": record.sequence,
            "person": record.actor.person,
        },
    )


def _meanwhile(records: Sequence[DiligenceRecord], seen: int, party_id: str) -> str:
    later = [one for one in records if one.sequence > seen]
    if not later:
        return f"The file of {party_id!r} has {len(records)} records, not {seen}. Look at it again"
    said = "; ".join(
        f"{one.actor.name} {one.act.value} {one.field_id or 'the file'}" for one in later[-_SHOWN:]
    )
    return f"Meanwhile in the file of {party_id!r}: {said}. Look at it again"


def _must_be_stored(work: Work, record: DiligenceRecord) -> None:
    """A value or evidence that looks like the hash of a file has to be one that is kept."""
    for name in files_of(record):
        if work.attachments.get(name) is None:
            raise RefusedError(f"No file {name} is stored. Attach it first")
