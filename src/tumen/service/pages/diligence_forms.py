"""What the forms of a due-diligence file do: one step each, on the file as it was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated

from fastapi import File, Form, Request, Response, UploadFile

from tumen.cases.attaching import MOST_BYTES, accept
from tumen.cases.diligence import keeping
from tumen.cases.diligence.answering import Change
from tumen.cases.diligence.sections import Kind, field_spec
from tumen.cases.diligence.signing import Proposal
from tumen.errors import ConflictError, RequestError, StoreError
from tumen.model.case import Actor
from tumen.model.diligence import Conclusion, Standing
from tumen.service.access.people import actor_of
from tumen.service.access.principal import Principal
from tumen.service.pages.diligence import PARTY, address_of, file_response, naming, page_of
from tumen.service.pages.diligence_data import next_missing
from tumen.service.pages.frame import page_router, redirect
from tumen.service.pages.typed import Typed
from tumen.service.routes.v1.needs import Api, Decider, TheApi, now_utc
from tumen.store.work import Work

router = page_router("Due diligence")
# The last record of the file that the sender of a form has seen.
Seen = Annotated[int, Form(ge=0, le=1_000_000_000)]


@router.post(f"/desk/diligence/{PARTY}")
def set_field(
    request: Request,
    decider: Decider,
    api: TheApi,
    book_id: str,
    party_id: str,
    typed: Typed,
    seen: Seen,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Answer a field, or say why it has no answer; a file sent with it becomes evidence."""
    field_id = typed.get("field", "")
    section = field_id.partition(".")[0]
    name = (file.filename or "") if file else ""
    content = file.file.read(MOST_BYTES + 1) if file and name else b""

    def step(work: Work, actor: Actor) -> str:
        evidence = [_stored(work, name, content)] if name else []
        change = _change(field_id, typed, evidence)
        record = _act(
            work, api, book_id, party_id, keeping.set_field(change, actor, now_utc()), seen
        )
        return f"{field_spec(field_id).label}: {record}"

    return _taken(request, api, decider, (book_id, party_id), step, typed, section, field_id)


@router.post(f"/desk/diligence-sign/{PARTY}")
def sign(
    request: Request,
    decider: Decider,
    api: TheApi,
    book_id: str,
    party_id: str,
    typed: Typed,
    seen: Seen,
) -> Response:
    """Recommend, withdraw, return or approve; who may is asked of the file itself."""
    wanted = typed.get("act", "")

    def step(work: Work, actor: Actor) -> str:
        made, say = _signing(wanted, typed, actor)
        _act(work, api, book_id, party_id, made, seen)
        return say

    return _taken(request, api, decider, (book_id, party_id), step, typed, "decision", "")


def _taken(
    request: Request,
    api: Api,
    principal: Principal,
    place: tuple[str, str],
    step: Callable[[Work, Actor], str],
    typed: Mapping[str, str],
    section: str,
    field: str,
) -> Response:
    """Take a step in a transaction and say what came of it; or the page again, and why not."""
    try:
        with naming(), api.store.writing() as work:
            say = step(work, actor_of(principal))
    except StoreError:
        raise
    except RequestError as error:
        page = page_of(api, principal, place, section, field)
        status = 409 if isinstance(error, ConflictError) else 422
        return file_response(request, page, status=status, refusal=str(error), typed=typed)
    following = ""
    if typed.get("goes_on"):
        found = next_missing(page_of(api, principal, place, section, field).view, field)
        following = f"&field={found[1]}#answer" if found else ""
        section = found[0] if found else section
    return redirect(f"{address_of(*place)}?section={section}{following}", say=say)


def _act(work: Work, api: Api, book_id: str, party_id: str, step: keeping.Step, seen: int) -> str:
    record = keeping.act(
        work, book_id, party_id, step, now_utc(), usual_policy=api.usual_policy, seen=seen
    )
    return record.act.value


def _change(field_id: str, typed: Mapping[str, str], files: list[str]) -> Change:
    kind = field_spec(field_id).kind
    value = typed.get("value", "")
    values = value.splitlines() if kind in (Kind.LIST, Kind.DOCUMENT) else [value]
    wanted = typed.get("standing", "")
    if wanted not in {one.value for one in Standing}:
        raise RequestError("Say whether it is answered, unknown or does not apply")
    standing = Standing(wanted)
    if kind is Kind.DOCUMENT and standing is Standing.ANSWERED:
        values = [*values, *files]
    evidence = (*typed.get("evidence", "").splitlines(), *files)
    return Change(
        field_id,
        standing,
        tuple(values) if standing is Standing.ANSWERED else (),
        typed.get("note", ""),
        typed.get("source", ""),
        evidence,
    )


def _signing(wanted: str, typed: Mapping[str, str], actor: Actor) -> tuple[keeping.Step, str]:
    """The step that a form asks for, and what to say once it is taken."""
    now, text = now_utc(), typed.get("text", "")
    if wanted == "recommend":
        return (
            keeping.recommend(_proposal(typed), actor, now),
            "Recommended. It takes effect when another person approves it.",
        )
    if wanted == "approve":
        return keeping.approve(text, actor, now), "Signed off."
    if wanted == "return":
        return keeping.send_back(text, actor, now), "Returned."
    if wanted == "withdraw":
        return keeping.withdraw(text, actor, now), "Withdrawn."
    raise RequestError("Choose what to do: recommend, approve, return or withdraw")


def _proposal(typed: Mapping[str, str]) -> Proposal:
    conclusion = typed.get("conclusion", "")
    if conclusion not in {one.value for one in Conclusion}:
        raise RequestError("Choose a conclusion")
    until = typed.get("valid_until", "").strip()
    try:
        day = date.fromisoformat(until) if until else None
    except ValueError as error:
        raise RequestError("Write the day as 2027-02-28, or leave it empty") from error
    return Proposal(Conclusion(conclusion), typed.get("text", ""), typed.get("conditions", ""), day)


def _stored(work: Work, name: str, content: bytes) -> str:
    """The file as evidence: kept under its hash, named as it came."""
    taken = accept(name, content)
    work.attachments.add(content, taken.media_type, now_utc())
    return f"{taken.sha256} {taken.name}"
