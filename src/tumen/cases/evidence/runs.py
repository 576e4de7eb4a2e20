"""A stored screening as evidence: what it rested on, and the proof of its result where it fits in.

The hash of a result is over all outcomes. Where a file holds them all, they are in it letter by
letter as they were hashed (`hashed`); where it holds one party of many, it says how many more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from tumen.model.screening import Screening
from tumen.model.watching import ScreeningRun
from tumen.screening.runs import PARTY_IDS, hashed_form


def run_section(run: ScreeningRun, inside: Sequence[Screening]) -> dict[str, Any]:
    """The screening, with the outcomes `inside` proved by its hash where they are all."""
    hashed = _hashed(run, inside) if len(inside) == run.tally.get("subjects") else None
    return {
        "screening_id": run.screening_id,
        "screened_at": run.screened_at.isoformat(),
        "trigger": run.trigger.value,
        "actor": run.actor,
        "input_ref": run.input_ref,
        "versions": list(run.versions),
        "policy": dict(run.policy),
        "engine": run.engine,
        "basis_hash": run.basis_hash,
        "result_hash": run.result_hash,
        "tally": dict(run.tally),
        "warnings": list(run.warnings),
        "outcomes_inside": len(inside),
        "hashed": hashed,
    }


def party_ids_of(run: ScreeningRun) -> frozenset[str] | None:
    """The parties of a book that were screened; None for all of them."""
    return frozenset(run.subjects[0][PARTY_IDS]) if run.subjects else None


def _hashed(run: ScreeningRun, outcomes: Sequence[Screening]) -> str | None:
    """The text that was hashed; None where what is kept does not give it back.

    Kept are also words on how a subject was written, which are added after hashing.
    """
    for forms in _forms(outcomes):
        text = b"".join(hashed_form(one, run.warnings) for one in forms)
        if sha256(text).hexdigest() == run.result_hash:
            return text.decode()
    return None


def _forms(outcomes: Sequence[Screening]) -> Iterator[list[Screening]]:
    yield list(outcomes)
    # Of subjects given in a request, what could not be read was never screened nor hashed.
    screened = [one for one in outcomes if one.was_screened]
    yield screened
    yield [replace(one, warnings=()) for one in screened]
