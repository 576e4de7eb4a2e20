"""Screening of one subject or many, against the lists of now or of a past day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from fastapi import Request

from tumen.errors import ListsMissingError
from tumen.lists.registry import published_lists
from tumen.matching.snapshot import Snapshot
from tumen.model.screening import Screening
from tumen.model.watching import ScreeningRun, Trigger
from tumen.screening.basis import basis_in_force
from tumen.screening.policy import Policy
from tumen.screening.runs import Outcomes, make_run
from tumen.screening.screener import Screener as Screens
from tumen.screening.snapshots import snapshot_of_versions
from tumen.screening.subject import RecordProblem, Subject
from tumen.screening.versions import (
    UsedVersion,
    check_ages,
    read_versions,
    starter_notes,
    state_notes,
    used_versions,
)
from tumen.service.access.admission import note
from tumen.service.requests import engine_of
from tumen.service.routes.v1.needs import (
    Api,
    Repeatable,
    Screener,
    TheApi,
    now_utc,
    router_of,
)
from tumen.service.routes.v1.screen_shapes import (
    ManyBody,
    ScreenBody,
    ScreenedShape,
    Terms,
    outcome_shape,
    used_version_shape,
)
from tumen.service.routes.v1.subjects import Item, read_subject

router = router_of("Screening")


_SUBJECT = {
    "id": "C-1001",
    "schema": "Person",
    "properties": {"name": ["Ri Won Ho"], "birthDate": "1964-07-17", "nationality": "kp"},
}
_ONE = {"subject": _SUBJECT, "threshold": 0.7}
_MANY = {"subjects": [_SUBJECT, {"schema": "Vessel", "properties": {"imoNumber": "9314234"}}]}


def _example(shown: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"example": shown}}}}


@router.post(
    "/screen",
    response_model=ScreenedShape,
    response_model_exclude_none=False,
    summary="Screen one subject",
    dependencies=[Repeatable],
    openapi_extra=_example(_ONE),
)
def screen_one(body: ScreenBody, request: Request, caller: Screener, api: TheApi) -> Any:
    """Whom the subject may be, best first, each with its reasons; recorded even without a hit."""
    items = read_subject(body.subject, "subject", is_strict=body.strict)
    return screen_items(request, api, caller.actor, body, items)


@router.post(
    "/screen/many",
    response_model=ScreenedShape,
    summary="Screen many subjects",
    dependencies=[Repeatable],
    openapi_extra=_example(_MANY),
)
def screen_many(body: ManyBody, request: Request, caller: Screener, api: TheApi) -> Any:
    """As for one, in the order given. A subject that cannot be screened stops no other."""
    items = [
        item
        for number, one in enumerate(body.subjects)
        for item in read_subject(one, f"subjects.{number}", is_strict=body.strict)
    ]
    return screen_items(request, api, caller.actor, body, items)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is screened against, and on which terms. `notes` stand on every answer."""

    snapshot: Snapshot
    policy: Policy
    versions: tuple[UsedVersion, ...]
    notes: tuple[str, ...]


def screen_items(
    request: Request, api: Api, actor: str, terms: Terms, items: Sequence[Item]
) -> dict[str, Any]:
    """Screen items on these terms, keep it where they say so, and give the answer."""
    ground = ground_of(request, api, terms)
    outcomes = Outcomes(ground.notes, keeps_all=True)
    shown = list(_outcomes(items, ground, outcomes))
    run = make_run(
        outcomes,
        at=now_utc(),
        trigger=Trigger.REQUEST,
        actor=actor,
        versions=[version.version_id for version in ground.versions],
        policy=ground.policy,
        basis_hash=ground.snapshot.basis_hash,
        subjects=[item.entity.to_dict() for item in items if isinstance(item, Subject)],
    )
    if terms.store:
        keep_run(api, run, shown, ground.snapshot)
    note(
        request.scope,
        object=run.screening_id if terms.store else "",
        versions=list(run.versions),
        result_hash=run.result_hash,
        tally=dict(run.tally),
    )
    return _shown(run, shown, ground, terms)


def _outcomes(items: Sequence[Item], ground: Ground, outcomes: Outcomes) -> Iterator[Screening]:
    """One outcome for each item, in their order.

    Hashed is what the engine says of the entity alone, as a replay does: the words on how the
    subject was written are added after.
    """
    policy = ground.policy
    results = Screens(ground.snapshot).screen_many(
        [item.entity for item in items if isinstance(item, Subject)],
        threshold=policy.threshold,
        cutoff=policy.floor,
        lists=policy.lists or None,
    )
    for item in items:
        if isinstance(item, RecordProblem):
            found = item.to_screening()
            outcomes.tally.add(found)
        else:
            found = next(results)
            outcomes.add(found)
            warnings = dict.fromkeys((*item.warnings, *found.warnings))
            found = replace(
                found,
                caption=item.caption,
                warnings=tuple(warnings),
                subject=item.entity.to_dict(),
            )
        yield found


def keep_run(
    api: Api, run: ScreeningRun, outcomes: Sequence[Screening], snapshot: Snapshot
) -> None:
    """Keep a screening with all that is needed to repeat it."""
    with api.keeping, api.store.writing() as work:
        if run.basis_hash not in api.kept_bases:
            work.basis.add(run.basis_hash, snapshot.basis.to_bytes(), run.screened_at)
        work.screenings.add(run)
        work.screenings.add_outcomes(run.screening_id, outcomes)
    api.kept_bases.add(run.basis_hash)


def ground_of(request: Request, api: Api, terms: Terms) -> Ground:
    """The lists and the policy that a request asks for.

    Raises ListsMissingError where they are missing, or older than the policy allows.
    """
    policy = _policy(api.policy, terms)
    is_past = terms.as_of is not None or terms.known_at is not None
    if is_past:
        snapshot = past_snapshot(api, terms.as_of, terms.known_at)
    else:
        snapshot = engine_of(request).current().snapshot
    versions = used_versions(read_versions(snapshot.meta.get("versions", ())), policy)
    if is_past:
        return Ground(snapshot, policy, versions, starter_notes(versions))
    now = now_utc()
    check_ages(versions, policy, now.date())
    return Ground(snapshot, policy, versions, notes_of(api, versions, now))


def notes_of(api: Api, versions: Sequence[UsedVersion], now: datetime) -> tuple[str, ...]:
    """What stands on every answer: starter lists in use, lists that could not be renewed."""
    with api.store.reading() as work:
        states = work.list_states.all()
    limits = published_lists().stale_limits(version.list_id for version in versions)
    return (*starter_notes(versions), *state_notes(states, versions, now, limits))


def past_snapshot(api: Api, as_of: date | None, known_at: datetime | None) -> Snapshot:
    """The index of the lists that held then. It is built, and kept for the next question."""
    versions = api.store.versions_at(as_of=as_of, known_at=known_at)
    if not versions:
        raise ListsMissingError("No list version was there by then")
    basis = basis_in_force(api.store)
    key = (basis.basis_hash if basis else "", *(version.version_id for version in versions))
    return api.past.get(key, lambda: snapshot_of_versions(api.store, versions, basis))


def _policy(usual: Policy, terms: Terms) -> Policy:
    changes: dict[str, Any] = {}
    if terms.threshold is not None:
        changes["threshold"] = terms.threshold
        changes["cutoff"] = min(usual.floor, terms.threshold)
    if terms.cutoff is not None:
        changes["cutoff"] = terms.cutoff
    if terms.lists:
        changes["lists"] = terms.lists
    if not changes:
        return usual
    return replace(usual, version=f"{usual.version}, changed by the request", **changes)


def _shown(
    run: ScreeningRun, outcomes: Sequence[Screening], ground: Ground, terms: Terms
) -> dict[str, Any]:
    today = terms.as_of or run.screened_at.date()
    return {
        "screening_id": run.screening_id if terms.store else None,
        "screened_at": run.screened_at,
        "outcomes": [outcome_shape(one, is_explained=terms.explain) for one in outcomes],
        "versions": [used_version_shape(version, today) for version in ground.versions],
        "policy": run.policy,
        "engine": run.engine,
        "result_hash": run.result_hash,
        "tally": run.tally,
        "warnings": list(ground.notes),
    }
