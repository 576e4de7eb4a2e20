"""A due-diligence file as its records make it: one small step for each kind of record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import orjson

from tumen.errors import RequestError
from tumen.model.audit import GENESIS
from tumen.model.case import Actor
from tumen.model.diligence import (
    Answer,
    Conclusion,
    DiligenceAct,
    DiligenceFile,
    DiligenceRecord,
    ResidualRisk,
    SignOff,
    Standing,
)

_STANDINGS = {
    DiligenceAct.ANSWERED: Standing.ANSWERED,
    DiligenceAct.UNKNOWN: Standing.UNKNOWN,
    DiligenceAct.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
}
ACTS = {standing: act for act, standing in _STANDINGS.items()}


def fold(book_id: str, party_id: str, records: Iterable[DiligenceRecord]) -> DiligenceFile:
    """The file that the records tell of; an empty one where there are none."""
    file = DiligenceFile(book_id, party_id)
    for record in records:
        file = after(file, record)
    return file


def after(file: DiligenceFile, record: DiligenceRecord) -> DiligenceFile:
    """The file as it stands after one more record. Raises RequestError for one out of order."""
    if record.sequence != file.sequence + 1:
        raise RequestError(
            f"Record {record.sequence} of the file of {record.party_id!r} is out of order"
        )
    return replace(_STEPS[record.act](file, record), sequence=record.sequence)


def next_record(
    file: DiligenceFile,
    act: DiligenceAct,
    actor: Actor,
    now: datetime,
    details: Mapping[str, Any],
    field_id: str = "",
) -> DiligenceRecord:
    """The record that comes after all that a file has."""
    return DiligenceRecord(
        file.book_id, file.party_id, file.sequence + 1, act, field_id, now, actor, details
    )


def record_to_dict(record: DiligenceRecord) -> dict[str, Any]:
    """A record as exports show it, and as its hash is made over it."""
    return {
        "sequence": record.sequence,
        "act": record.act.value,
        "field_id": record.field_id,
        "at": record.at.isoformat(),
        "by": actor_to_dict(record.actor),
        "details": dict(record.details),
    }


def actor_to_dict(actor: Actor) -> dict[str, Any]:
    """Who acted, without what they may do."""
    return {
        "user_id": actor.user_id,
        "person": actor.person,
        "name": actor.name,
        "deputises_for": actor.deputises_for,
    }


def history_hash(records: Iterable[DiligenceRecord]) -> str:
    """A SHA-256 over the history, each record bound to the one before it, as in the audit log."""
    found = GENESIS
    for record in records:
        said = orjson.dumps(record_to_dict(record), option=orjson.OPT_SORT_KEYS)
        found = hashlib.sha256(found.encode() + said).hexdigest()
    return found


def _set(file: DiligenceFile, record: DiligenceRecord) -> DiligenceFile:
    details, before = record.details, file.answers.get(record.field_id)
    answer = Answer(
        field_id=record.field_id,
        standing=_STANDINGS[record.act],
        values=tuple(details["values"]),
        note=details["note"],
        source=details["source"],
        evidence=tuple(details["evidence"]),
        by=record.actor,
        at=record.at,
        sequence=record.sequence,
        supersedes=before.sequence if before else 0,
    )
    return replace(file, answers={**file.answers, record.field_id: answer})


def _recommended(file: DiligenceFile, record: DiligenceRecord) -> DiligenceFile:
    details = record.details
    pending = SignOff(
        sequence=record.sequence,
        conclusion=Conclusion(details["conclusion"]),
        risk=ResidualRisk(details["risk"]),
        text=details["text"],
        conditions=details["conditions"],
        valid_until=date.fromisoformat(details["valid_until"]),
        recommended_by=record.actor,
        recommended_at=record.at,
        known=details["known"],
    )
    return replace(file, pending=pending)


def _let_go(file: DiligenceFile, _record: DiligenceRecord) -> DiligenceFile:
    return replace(file, pending=None)


def _approved(file: DiligenceFile, record: DiligenceRecord) -> DiligenceFile:
    if file.pending is None:
        raise RequestError(f"Record {record.sequence} approves what nobody recommended")
    signed = replace(
        file.pending,
        approved_by=record.actor,
        approved_at=record.at,
        approval_text=record.details["text"],
    )
    return replace(file, pending=None, signed=(*file.signed, signed))


_STEPS: dict[DiligenceAct, Callable[[DiligenceFile, DiligenceRecord], DiligenceFile]] = {
    DiligenceAct.ANSWERED: _set,
    DiligenceAct.UNKNOWN: _set,
    DiligenceAct.NOT_APPLICABLE: _set,
    DiligenceAct.RECOMMENDED: _recommended,
    DiligenceAct.WITHDRAWN: _let_go,
    DiligenceAct.RETURNED: _let_go,
    DiligenceAct.APPROVED: _approved,
}
