"""The record of a screening: what went in, what it rested on, and the hash of what came out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from typing import Any

import orjson

from tumen.matching.snapshot import FORMAT
from tumen.model.entity import Entity
from tumen.model.screening import Screening
from tumen.model.watching import BookVersion, ScreeningRun, Trigger
from tumen.screening.policy import Policy
from tumen.screening.run import Tally
from tumen.screening.subject import RecordProblem, Subject

# A run over some parties of a book names them under this key.
PARTY_IDS = "party_ids"


def engine_name() -> str:
    """The engine in use: two screenings by the same one of the same input say the same."""
    return f"tumen {version_of('tumen')}, format {FORMAT}"


class Outcomes:
    """Takes all outcomes of a screening, and keeps the count, the hash and what has to be kept.

    What has neither hits nor a problem is counted and hashed only, unless `keeps_all`.
    """

    def __init__(self, notes: Sequence[str] = (), *, keeps_all: bool = False) -> None:
        self.tally = Tally(notes=notes)
        self.kept: list[Screening] = []
        self._keeps_all = keeps_all
        self._digest = hashlib.sha256()

    def add(self, outcome: Screening) -> None:
        """Take one outcome, in the order of the input."""
        self.tally.add(outcome)
        self._digest.update(hashed_form(outcome, self.tally.notes))
        if self._keeps_all or outcome.hits or not outcome.was_screened:
            self.kept.append(outcome)

    @property
    def result_hash(self) -> str:
        """SHA-256 over the canonical JSON of each outcome so far."""
        return self._digest.hexdigest()

    @property
    def counts(self) -> dict[str, int]:
        """The tally as a run keeps it."""
        tally = self.tally
        return {
            "subjects": tally.subjects,
            "hit": tally.hit,
            "possible": tally.possible,
            "no_hit": tally.no_hit,
            "not_screened": tally.not_screened,
            "with_warnings": tally.with_warnings,
        }


def hashed_form(outcome: Screening, notes: Sequence[str]) -> bytes:
    """The line of an outcome that a result's hash is over; `notes` stand on every outcome."""
    # Where a row stood in a file is no part of what was found, nor is what stands on every result.
    warnings = [one for one in outcome.warnings if one not in notes]
    said = {**outcome.to_dict(), "where": "", "subject": {}, "warnings": warnings}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def make_run(
    outcomes: Outcomes,
    *,
    at: datetime,
    trigger: Trigger,
    actor: str,
    versions: Iterable[str],
    policy: Policy,
    basis_hash: str,
    book: BookVersion | None = None,
    party_ids: Iterable[str] | None = None,
    subjects: Iterable[Mapping[str, Any]] = (),
) -> ScreeningRun:
    """The record of a screening of `subjects`, or of a book (None: of all its parties)."""
    input_ref = f"{book.book_id}@{book.version}" if book else ""
    used = tuple(sorted(versions))
    parts = [at.isoformat(), input_ref, trigger, actor, used, policy.to_dict(), basis_hash]
    mark = hashlib.sha256(orjson.dumps([*parts, outcomes.result_hash])).hexdigest()[:10]
    return ScreeningRun(
        screening_id=f"{at.astimezone(UTC):%Y%m%dT%H%M%S}-{mark}",
        screened_at=at,
        trigger=trigger,
        actor=actor,
        input_ref=input_ref,
        versions=used,
        policy=policy.to_dict(),
        engine=engine_name(),
        basis_hash=basis_hash,
        result_hash=outcomes.result_hash,
        tally=outcomes.counts,
        subjects=tuple(subjects) if party_ids is None else ({PARTY_IDS: sorted(party_ids)},),
        warnings=tuple(outcomes.tally.notes),
    )


def policy_of(described: Mapping[str, Any]) -> Policy:
    """The policy that a run states whole."""
    return Policy(**{**described, "lists": tuple(described["lists"])})


def subject_to_dict(item: Subject | RecordProblem) -> dict[str, Any]:
    """A subject as a run keeps it, or the row that gave none; `subject_from_dict` reads it."""
    said: dict[str, Any] = {"where": item.where, "warnings": list(item.warnings)}
    if isinstance(item, Subject):
        return {**said, "entity": item.entity.to_dict(), "label": item.label}
    return {
        **said,
        "subject_id": item.subject_id,
        "caption": item.caption,
        "problem": item.problem,
        "mend": item.mend,
    }


def subject_from_dict(data: Mapping[str, Any]) -> Subject | RecordProblem:
    """Read back what `subject_to_dict` wrote, or a FollowTheMoney mapping."""
    where, warnings = data.get("where", ""), tuple(data.get("warnings", ()))
    if "problem" in data:
        told = (data["subject_id"], data["caption"], data["problem"], data["mend"])
        return RecordProblem(*told, where, warnings)
    entity = Entity.from_mapping(data.get("entity", data), strict=False)
    return Subject(entity, where, warnings, data.get("label", ""))
