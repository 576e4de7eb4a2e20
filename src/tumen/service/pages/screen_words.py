"""What can be pasted into a file: the outcome of one subject in sentences, with all it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from tumen.model.screening import Screening
from tumen.model.watching import ScreeningRun
from tumen.screening.output import Outcome, outcome_of
from tumen.service.pages.screen_form import THING

_MOST_TOLD = 3


def filing_text(run: ScreeningRun, found: Screening) -> str:
    """The outcome as a note for a file. What was not screened is never told as nothing found."""
    at = run.screened_at.astimezone(UTC)
    name = " ".join(filter(None, (found.caption or found.subject_id, asked_as(found))))
    where = f" ({found.where})" if found.where else ""
    if not found.was_screened:
        head = f"{name}{where} was NOT screened on {at:%Y-%m-%d}: {found.problem}"
        return "\n".join([_closed(head), *_foot(run, found.warnings)])
    against = f"against {', '.join(run.versions)}"
    lines = [f"{name}{where}, screened on {at:%Y-%m-%d} at {at:%H:%M:%S} UTC {against}:"]
    lines[0] += f" {_summary(found)}."
    lines += [
        f"- {hit.caption} [{hit.entity_id}], score {hit.score:.2f}: {hit.sentence}"
        for hit in found.hits[:_MOST_TOLD]
    ]
    if more := len(found.hits) - _MOST_TOLD:
        lines += [f"- and {more:,} more"] if more > 0 else []
    return "\n".join([*lines, *_foot(run, found.warnings)])


def asked_as(found: Screening) -> str:
    """As what a subject was asked for, where its name leaves that open; empty for all others."""
    if found.subject_id.endswith(THING):
        return "as a vessel or another thing"
    schema = found.subject.get("schema")
    return "as a person or organisation" if schema == "LegalEntity" else ""


def _summary(found: Screening) -> str:
    hits = sum(hit.is_hit for hit in found.hits)
    below = len(found.hits) - hits
    outcome = outcome_of(found)
    if outcome is Outcome.NO_HIT:
        return "nothing was found"
    parts = [_count(hits, "hit")] if hits else []
    parts += [f"{_count(below, 'candidate')} below the threshold"] if below else []
    return " and ".join(parts)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def _foot(run: ScreeningRun, warnings: Sequence[str]) -> list[str]:
    policy = run.policy
    told = f"policy {policy.get('name')} {policy.get('version')}"
    threshold = f"threshold {float(policy.get('threshold', 0)):g}"
    lines = [f"Note: {_closed(one)}" for one in dict.fromkeys((*warnings, *run.warnings))]
    return [*lines, f"Screening {run.screening_id}, {told}, {threshold}, {run.engine}."]


def _closed(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
