"""A party with its due-diligence file for tests, without a store and in one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from desk import NOW, SENTENCE, actor

from tumen.cases.diligence import answering, signing
from tumen.cases.diligence.answering import Change
from tumen.cases.diligence.known import Known
from tumen.cases.diligence.overview import Overview, overview_of
from tumen.cases.diligence.sections import FieldSpec, Kind
from tumen.cases.diligence.signing import Proposal
from tumen.model.access import Role
from tumen.model.case import Actor
from tumen.model.diligence import Conclusion, DiligenceRecord, Standing
from tumen.model.entity import Entity
from tumen.model.screening import Hit
from tumen.model.watching import (
    BookVersion,
    HitState,
    Party,
    ScreeningRun,
    StandingHit,
    Trigger,
)
from tumen.screening.policy import Policy

POLICY = Policy()
ANNA, BORIS = actor("anna", Role.ANALYST), actor("boris")
WHY = "The register of the place is closed to us"
ACCEPT = Proposal(Conclusion.ACCEPT, SENTENCE)
REJECT = Proposal(Conclusion.REJECT, SENTENCE)


def entity(schema: str = "Company", **properties: str) -> Entity:
    """A party's entity with one value for each property."""
    given = {"name": "Amur Trading Company", **properties}
    return Entity("p-1", schema, {name: (value,) for name, value in given.items()})


def known(of: Entity | None = None, **changes: object) -> Known:
    """What the store knows of a screened party without hits, unless told otherwise."""
    run = ScreeningRun("s-1", NOW, Trigger.BOOK, "robot", "partners@1", ("un@1",), {}, "1", "b",
                       "r", {})  # fmt: skip
    book = BookVersion("partners", 1, "h", NOW, 1)
    made = Known(book, Party("p-1", of or entity()), screened=run)
    return replace(made, **changes)  # type: ignore[arg-type]


def hit(entity_id: str = "un:1", score: float = 0.9, **changes: object) -> StandingHit:
    """An open hit on an entry."""
    found = Hit(entity_id, "un", "Company", "AMUR TRADING", score, True, (), "Alike")
    made = StandingHit("partners", "p-1", found, HitState.OPEN, "ours", "theirs", NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def value_for(spec: FieldSpec) -> tuple[str, ...]:
    """A value that the field takes and that raises no alarm."""
    if spec.options:
        return ("low",)
    kinds = {Kind.DATE: "2019-03-02", Kind.YES_NO: "no", Kind.LINK: "https://example.org/a"}
    return (kinds.get(spec.kind, "As the register says"),)


def said(field_id: str, *values: str, **changes: object) -> Change:
    """An answer from the register."""
    made = Change(field_id, Standing.ANSWERED, values, source="register extract")
    return replace(made, **changes)  # type: ignore[arg-type]


def unknown(field_id: str, why: str = WHY) -> Change:
    """What nobody can find out."""
    return Change(field_id, Standing.UNKNOWN, note=why)


class File:
    """A due-diligence file in memory, to act on step by step."""

    def __init__(self, of: Known | None = None) -> None:
        self.known = of or known()
        self.records: list[DiligenceRecord] = []

    def view(self, at: datetime = NOW) -> Overview:
        """The file as it stands."""
        return overview_of(self.known, self.records, POLICY.threshold, at)

    def set(self, *changes: Change, by: Actor = ANNA, at: datetime = NOW) -> None:
        """Set some fields."""
        for change in changes:
            self.records.append(answering.answer(self.view(at).file, change, by, at))

    def fill(self, left_out: Iterable[str] = ()) -> None:
        """Answer everything that is required and missing, until nothing is."""
        skipped = {*left_out, "audit.evidence", "audit.history"}
        for spec in self.view().missing:
            if spec.id not in skipped and not spec.id.startswith("decision."):
                self.set(said(spec.id, *value_for(spec), evidence=("extract, page 2",)))

    def recommend(self, proposal: Proposal = ACCEPT, by: Actor = ANNA, at: datetime = NOW) -> None:
        """Recommend."""
        view = self.view(at)
        self.records.append(signing.recommend(view.file, proposal, view.ground, by, at))

    def approve(self, by: Actor = BORIS, at: datetime = NOW) -> None:
        """Approve."""
        view = self.view(at)
        changed = view.changed_since_recommended
        self.records.append(signing.approve(view.file, "Agreed", changed, by, at))
