"""The pages of a due-diligence file: read, filled in, signed by two people, handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import File, Form, Query, Request, Response, UploadFile

from tumen.cases.attaching import MOST_BYTES, accept
from tumen.cases.diligence import keeping
from tumen.cases.diligence.answering import Change, files_of
from tumen.cases.diligence.export import Form as Handed
from tumen.cases.diligence.export import collect
from tumen.cases.diligence.known import NoSuchPartyError
from tumen.cases.diligence.paper import progress_words
from tumen.cases.diligence.sections import Kind, field_spec
from tumen.cases.diligence.signing import Proposal
from tumen.errors import ConflictError, RequestError, StoreError
from tumen.model.case import Actor
from tumen.model.diligence import Conclusion, Standing
from tumen.service.access.people import actor_of
from tumen.service.access.principal import Principal
from tumen.service.pages.diligence_data import (
    FilePage,
    file_page,
    next_missing,
    tone_of,
    trigger_tone,
    typed_of,
)
from tumen.service.pages.frame import HEADERS, page_router, redirect, render
from tumen.service.pages.typed import Typed
from tumen.service.problems import ProblemError, not_found
from tumen.service.routes.v1.needs import Api, Decider, Reader, TheApi, now_utc
from tumen.store.work import Work

router = page_router("Due diligence")
# A party's id may hold any character, a slash too: it stands last in every address.
_PARTY = "{book_id}/{party_id:path}"
_HERE = f"/desk/diligence/{_PARTY}"
# What others attached is never shown in the place of our pages, whatever a browser makes of it.
_INERT = {**HEADERS, "Content-Security-Policy": "sandbox; default-src 'none'"}
_Word = Annotated[str, Query(max_length=100)]
Seen = Annotated[int, Form(ge=0, le=1_000_000_000)]


@router.get(_HERE)
def show_file(
    request: Request,
    reader: Reader,
    api: TheApi,
    book_id: str,
    party_id: str,
    section: _Word = "",
    field: _Word = "",
) -> Response:
    """A file: its state and gaps, or one section, or what happened in it."""
    page = _page(api, reader, book_id, party_id, section, field)
    return _response(request, page)


@router.post(_HERE)
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


@router.post(f"/desk/diligence-sign/{_PARTY}")
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


@router.get(f"/desk/diligence-export/{{form}}/{_PARTY}")
def export(_: Reader, api: TheApi, form: Handed, book_id: str, party_id: str) -> Response:
    """The file to hand over."""
    with api.store.reading() as work:
        try:
            found = collect(work, book_id, party_id, api.usual_policy, now_utc())
        except NoSuchPartyError as error:
            raise _nobody(book_id, party_id) from error
    return _handed_out(found.to(form), f"{found.name}.{form.value}", form.media_type)


@router.get(f"/desk/diligence-evidence/{{sha256}}/{_PARTY}")
def evidence(_: Reader, api: TheApi, sha256: str, book_id: str, party_id: str) -> Response:
    """A file that this very due-diligence file names."""
    with api.store.reading() as work:
        is_named = sha256 in files_of(*work.diligence.records(book_id, party_id))
        kept = work.attachments.get(sha256) if is_named else None
        content = work.attachments.content(sha256) if kept else None
    if kept is None or content is None:
        raise not_found(f"file {sha256} in this due-diligence file")
    return _handed_out(content, f"{sha256[:12]}.bin", "application/octet-stream")


def address_of(book_id: str, party_id: str, kind: str = "diligence") -> str:
    """Where the file of a party is, or what else begins so."""
    return f"/desk/{kind}/{quote(book_id, safe='')}/{quote(party_id, safe='')}"


def _page(
    api: Api, principal: Principal, book_id: str, party_id: str, section: str, field: str
) -> FilePage:
    with api.store.reading() as work:
        try:
            return file_page(
                work,
                book_id,
                party_id,
                api.usual_policy,
                actor_of(principal),
                now_utc(),
                section=section,
                field=field,
            )
        except NoSuchPartyError as error:
            raise _nobody(book_id, party_id) from error


def _response(
    request: Request,
    page: FilePage,
    *,
    status: int = 200,
    refusal: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    place = page.view.file.book_id, page.view.file.party_id
    return render(
        request,
        "diligence/page.html",
        status=status,
        refusal=refusal,
        page=page,
        view=page.view,
        here=address_of(*place),
        sign_at=address_of(*place, "diligence-sign"),
        exports={
            form.value: address_of(*place, f"diligence-export/{form.value}") for form in Handed
        },
        evidence_at=lambda sha256: address_of(*place, f"diligence-evidence/{sha256}"),
        files=files_of(*page.view.records),
        typed=typed if typed is not None else typed_of(page.field),
        words=progress_words,
        tone=tone_of,
        trigger_tone=trigger_tone,
        several=(Kind.LIST, Kind.DOCUMENT),
        conclusions=tuple(Conclusion),
    )


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
        with api.store.writing() as work:
            say = step(work, actor_of(principal))
    except StoreError:
        raise
    except NoSuchPartyError as error:
        raise _nobody(*place) from error
    except RequestError as error:
        page = _page(api, principal, *place, section, field)
        status = 409 if isinstance(error, ConflictError) else 422
        return _response(request, page, status=status, refusal=str(error), typed=typed)
    following = ""
    if typed.get("goes_on"):
        found = next_missing(_page(api, principal, *place, section, field).view, field)
        following = f"&field={found[1]}#answer" if found else ""
        section = found[0] if found else section
    return redirect(f"{address_of(*place)}?section={section}{following}", say=say)


def _nobody(book_id: str, party_id: str) -> ProblemError:
    return not_found(f"party {party_id!r} in a book {book_id!r}")


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


def _handed_out(content: bytes, name: str, media_type: str) -> Response:
    headers = {**_INERT, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, 200, headers, media_type=media_type)
