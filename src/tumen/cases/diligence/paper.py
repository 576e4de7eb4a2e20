"""What the pages of a due-diligence file say, in their order, as plain data for the template."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tumen.cases.diligence.completeness import Progress
from tumen.cases.diligence.overview import FieldView, Overview
from tumen.cases.diligence.triggers import Trigger
from tumen.model.diligence import DiligenceRecord, SignOff, Standing

# So many of the last records go on paper; the data has all of them.
MOST_RECORDS = 400


def paper(view: Overview) -> dict[str, Any]:
    """All that the template sets."""
    known, review = view.known, view.review
    return {
        "title": "Due-diligence file",
        "about": known.party.entity.caption,
        "made_at": instant(view.at),
        "finding": list(_finding(view)),
        "due": list(review.reasons),
        "facts": [
            ["Party", f"{view.file.party_id} in the book {view.file.book_id}"],
            ["As of", f"version {known.book.version} of the book"],
            ["Kind", view.circumstances.kind.value],
            ["Review", review.state.value],
            ["Due on", review.due_on.isoformat() if review.due_on else "once it is signed off"],
        ],
        "triggers": [_trigger(one) for one in view.triggers],
        "signed": [_signed(one) for one in reversed(view.file.signed)],
        "pending": [_signed(view.file.pending)] if view.file.pending else [],
        "sections": [
            {
                "title": f"{one.number} {one.section.label}",
                "progress": progress_words(one.progress),
                "rows": [[field.spec.label, _said(field)] for field in one.fields],
            }
            for one in view.sections
        ],
        "history": [_happened(one) for one in view.records[-MOST_RECORDS:]],
        "history_hash": view.history_hash,
    }


def progress_words(progress: Progress) -> str:
    """How far a section is: `3 of 5 required answered (60 %), 1 unknown, 1 missing`."""
    if not progress.required:
        return "Nothing is required here"
    parts = [f"{progress.answered} of {progress.required} required answered ({progress.percent} %)"]
    parts += [
        f"{count} {words}"
        for count, words in (
            (progress.unknown, "unknown"),
            (progress.not_applicable, "not applicable"),
            (progress.missing, "missing"),
        )
        if count
    ]
    return ", ".join(parts)


def instant(at: datetime) -> str:
    """An instant in UTC, to the minute."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _finding(view: Overview) -> Iterable[str]:
    duty = "is required" if view.circumstances.is_enhanced else "is not required by what is known"
    yield f"Enhanced due diligence {duty}."
    yield f"Completeness: {progress_words(view.progress)}."
    signed = view.file.sign_off
    if signed is None:
        yield "Nobody has signed this file off."
    else:
        yield f"Signed off: {signed.conclusion.value}, {signed.risk.value} residual risk."
    if view.known.not_screened:
        yield f"Not screened: {view.known.not_screened}."


def _said(field: FieldView) -> str:
    """A field in lines: what is known, or why nothing is, by whom and where from."""
    answer = field.answer
    lines = list(field.values)
    if field.standing is Standing.MISSING:
        lines = ["MISSING" if field.is_required else "not asked for yet"]
    elif field.standing is not Standing.ANSWERED:
        lines = [field.standing.value.upper()]
    if answer and answer.note:
        lines.append(answer.note)
    if field.source:
        lines.append(f"Source: {field.source}")
    if answer:
        lines += [f"Evidence: {one}" for one in answer.evidence]
        lines.append(f"{answer.by.name}, {instant(answer.at)}")
    if field.differs and field.fact:
        lines.append(f"The store says otherwise: {'; '.join(field.fact.values)}")
    return "\n".join(lines)


def _trigger(one: Trigger) -> list[str]:
    return [one.label, one.state.value, "\n".join(one.reasons), one.basis]


def _signed(one: SignOff) -> dict[str, Any]:
    rows = [
        ["Residual risk", one.risk.value],
        ["Reasons", one.text],
        ["Conditions", one.conditions or "none"],
        ["Holds until", one.valid_until.isoformat()],
        ["Recommended by", f"{one.recommended_by.name}, {instant(one.recommended_at)}"],
    ]
    if one.approved_by and one.approved_at:
        rows.append(["Approved by", f"{one.approved_by.name}, {instant(one.approved_at)}"])
        rows.append(["Approver’s words", one.approval_text or "none"])
    else:
        rows.append(["Approved by", "nobody yet"])
    return {"title": one.conclusion.value, "rows": rows}


def _happened(one: DiligenceRecord) -> list[str]:
    said = one.details.get("text") or one.details.get("note") or ""
    values = "; ".join(one.details.get("values", ()))
    return [
        str(one.sequence),
        instant(one.at),
        one.actor.name,
        f"{one.act.value} {one.field_id}".strip(),
        ": ".join(part for part in (values, said) if part),
    ]
