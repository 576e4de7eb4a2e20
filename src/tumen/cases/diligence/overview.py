"""A file as people look at it: every field with its answer, the gaps, and whether it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tumen.cases.diligence.changes import changes_since, snapshot_of
from tumen.cases.diligence.completeness import (
    Progress,
    missing_of,
    progress_of,
    whole_progress,
)
from tumen.cases.diligence.file import fold, history_hash
from tumen.cases.diligence.known import Known, look
from tumen.cases.diligence.prefill import Fact, facts_of
from tumen.cases.diligence.refresh import Review, review
from tumen.cases.diligence.sections import (
    Circumstances,
    ControlTopic,
    FieldSpec,
    Section,
    field_specs,
    kind_of,
    sections,
)
from tumen.cases.diligence.signing import Ground
from tumen.cases.diligence.triggers import Trigger, is_enhanced, triggers_of
from tumen.cases.policies import effective_policy
from tumen.model.diligence import Answer, DiligenceFile, DiligenceRecord, Standing
from tumen.screening.policy import Policy
from tumen.store.work import Work

# Its fields follow from the sign-off, which cannot wait for them.
_DECISION = "decision"


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as it stands. `answer` is what a person said, `fact` what the store knows.

    What a person said goes first; `differs` where the store now knows something else.
    """

    spec: FieldSpec
    standing: Standing
    is_required: bool
    values: tuple[str, ...]
    source: str
    answer: Answer | None
    fact: Fact | None
    differs: bool
    controls: tuple[ControlTopic, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section, and how far it is."""

    number: int
    section: Section
    fields: tuple[FieldView, ...]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Overview:
    """A whole file at one instant."""

    known: Known
    file: DiligenceFile
    records: tuple[DiligenceRecord, ...]
    sections: tuple[SectionView, ...]
    progress: Progress
    missing: tuple[FieldSpec, ...]
    triggers: tuple[Trigger, ...]
    circumstances: Circumstances
    snapshot: Mapping[str, Any]
    review: Review
    history_hash: str
    at: datetime

    @property
    def ground(self) -> Ground:
        """On what a recommendation would stand now."""
        decision = {spec.id for one in self.sections if one.section.id == _DECISION
                    for spec in one.section.fields}  # fmt: skip
        matched = self.known.true_matches
        hits = {one.hit.entity_id: f"{one.hit.entity_id} ({one.hit.caption})"
                for one in self.known.open_hits}  # fmt: skip
        return Ground(
            tuple(spec.label for spec in self.missing if spec.id not in decision),
            tuple(name for one, name in hits.items() if one not in matched),
            tuple(name for one, name in hits.items() if one in matched),
            self.snapshot,
        )

    @property
    def changed_since_recommended(self) -> tuple[str, ...]:
        """What changed materially since the recommendation that waits."""
        pending = self.file.pending
        return changes_since(pending.known, self.snapshot) if pending else ()


def overview(
    work: Work, book_id: str, party_id: str, usual_policy: Policy, now: datetime
) -> Overview:
    """The file of a party; hits count from the line of the policy in force on.

    `usual_policy` holds where none was ever approved. Raises NoSuchPartyError where no version
    of the book has the party.
    """
    known = look(work, book_id, party_id)
    threshold = effective_policy(work, usual_policy).threshold
    return overview_of(known, work.diligence.records(book_id, party_id), threshold, now)


def overview_of(
    known: Known, records: Sequence[DiligenceRecord], threshold: float, now: datetime
) -> Overview:
    """The file that these records make, beside what is known."""
    file = fold(known.book.book_id, known.party.party_id, records)
    head = history_hash(records)
    facts = facts_of(known, file, head)
    triggers = triggers_of(known, file.answers, threshold)
    circumstances = Circumstances(kind_of(known.party.entity.schema), is_enhanced(triggers))
    standings = {one: _standing(one, file, facts) for one in field_specs()}
    snapshot = snapshot_of(known, triggers, facts)
    return Overview(
        known=known,
        file=file,
        records=tuple(records),
        sections=tuple(
            _section(number, one, file, facts, standings, circumstances)
            for number, one in enumerate(sections(), start=1)
        ),
        progress=whole_progress(sections(), standings, circumstances),
        missing=missing_of(sections(), standings, circumstances),
        triggers=triggers,
        circumstances=circumstances,
        snapshot=snapshot,
        review=review(file.sign_off, _changes(file, snapshot), now.date()),
        history_hash=head,
        at=now,
    )


def _changes(file: DiligenceFile, snapshot: Mapping[str, Any]) -> tuple[str, ...]:
    signed = file.sign_off
    if signed is None:
        return ()
    later = sorted(
        (one for one in file.answers.values() if one.sequence > signed.sequence),
        key=lambda one: one.sequence,
    )
    said = (f"{field_specs()[one.field_id].label} was set anew by {one.by.name}" for one in later
            if one.field_id in field_specs())  # fmt: skip
    return (*changes_since(signed.known, snapshot), *said)


def _standing(field_id: str, file: DiligenceFile, facts: Mapping[str, Fact]) -> Standing:
    if answer := file.answers.get(field_id):
        return answer.standing
    return Standing.ANSWERED if field_id in facts else Standing.MISSING


def _section(
    number: int,
    section: Section,
    file: DiligenceFile,
    facts: Mapping[str, Fact],
    standings: Mapping[str, Standing],
    circumstances: Circumstances,
) -> SectionView:
    fields = tuple(
        _field(section, spec, file.answers.get(spec.id), facts.get(spec.id), circumstances)
        for spec in section.fields
        if circumstances.asks(spec)
    )
    progress = progress_of(section.fields, standings, circumstances)
    return SectionView(number, section, fields, progress)


def _field(
    section: Section,
    spec: FieldSpec,
    answer: Answer | None,
    fact: Fact | None,
    circumstances: Circumstances,
) -> FieldView:
    standing = Standing.ANSWERED if fact else Standing.MISSING
    values, source = (fact.values, fact.source) if fact else ((), "")
    if answer:
        standing, values, source = answer.standing, answer.values, answer.source
    return FieldView(
        spec=spec,
        standing=standing,
        is_required=circumstances.requires(spec),
        values=values,
        source=source,
        answer=answer,
        fact=fact,
        differs=bool(answer and fact and set(answer.values) != set(fact.values)),
        controls=section.controls_of(spec),
    )
