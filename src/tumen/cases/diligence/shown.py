"""A due-diligence file as plain JSON-ready data: what programs, exports and commands show."""

from __future__ import annotations

from typing import Any

from tumen.cases.diligence.completeness import Progress
from tumen.cases.diligence.file import actor_to_dict, record_to_dict
from tumen.cases.diligence.overview import FieldView, Overview, SectionView
from tumen.cases.diligence.sections import ControlTopic
from tumen.cases.diligence.triggers import Trigger
from tumen.model.diligence import Answer, SignOff


def overview_to_dict(view: Overview) -> dict[str, Any]:
    """The whole file with its history."""
    file, known = view.file, view.known
    return {
        "book_id": file.book_id,
        "party_id": file.party_id,
        "caption": known.party.entity.caption,
        "sequence": file.sequence,
        "at": view.at.isoformat(),
        "book_version": known.book.version,
        "has_left": known.has_left,
        "not_screened": known.not_screened,
        "kind": view.circumstances.kind.value,
        "is_enhanced": view.circumstances.is_enhanced,
        "triggers": [trigger_to_dict(one) for one in view.triggers],
        "progress": progress_to_dict(view.progress),
        "sections": [_section(one) for one in view.sections],
        "missing": [one.id for one in view.missing],
        "review": {
            "state": view.review.state.value,
            "due_on": view.review.due_on.isoformat() if view.review.due_on else None,
            "reasons": list(view.review.reasons),
        },
        "pending": sign_off_to_dict(file.pending) if file.pending else None,
        "signed": [sign_off_to_dict(one) for one in file.signed],
        "history": [record_to_dict(one) for one in view.records],
        "history_hash": view.history_hash,
    }


def progress_to_dict(progress: Progress) -> dict[str, Any]:
    """The counts, and the share as a fraction that loses nothing."""
    return {
        "answered": progress.answered,
        "unknown": progress.unknown,
        "not_applicable": progress.not_applicable,
        "missing": progress.missing,
        "required": progress.required,
        "share": str(progress.share),
        "percent": progress.percent,
    }


def trigger_to_dict(trigger: Trigger) -> dict[str, Any]:
    """One trigger with its reasons."""
    return {
        "id": trigger.id,
        "label": trigger.label,
        "basis": trigger.basis,
        "state": trigger.state.value,
        "reasons": list(trigger.reasons),
    }


def sign_off_to_dict(one: SignOff) -> dict[str, Any]:
    """A sign-off, with what was known when it was recommended."""
    return {
        "sequence": one.sequence,
        "conclusion": one.conclusion.value,
        "risk": one.risk.value,
        "text": one.text,
        "conditions": one.conditions,
        "valid_until": one.valid_until.isoformat(),
        "recommended_by": actor_to_dict(one.recommended_by),
        "recommended_at": one.recommended_at.isoformat(),
        "approved_by": actor_to_dict(one.approved_by) if one.approved_by else None,
        "approved_at": one.approved_at.isoformat() if one.approved_at else None,
        "approval_text": one.approval_text,
        "known": dict(one.known),
    }


def _section(one: SectionView) -> dict[str, Any]:
    return {
        "number": one.number,
        "id": one.section.id,
        "label": one.section.label,
        "help": one.section.help,
        "progress": progress_to_dict(one.progress),
        "fields": [_field(field) for field in one.fields],
    }


def _field(one: FieldView) -> dict[str, Any]:
    return {
        "id": one.spec.id,
        "label": one.spec.label,
        "kind": one.spec.kind.value,
        "options": list(one.spec.options),
        "is_required": one.is_required,
        "standing": one.standing.value,
        "values": list(one.values),
        "source": one.source,
        "answer": _answer(one.answer) if one.answer else None,
        "store_says": list(one.fact.values) if one.fact else [],
        "differs": one.differs,
        "controls": [_control(topic) for topic in one.controls],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "note": answer.note,
        "evidence": list(answer.evidence),
        "by": actor_to_dict(answer.by),
        "at": answer.at.isoformat(),
        "sequence": answer.sequence,
        "supersedes": answer.supersedes,
    }


def _control(topic: ControlTopic) -> dict[str, str]:
    return {
        "document": topic.document,
        "topic": topic.topic,
        "certainty": topic.certainty.value,
    }
