"""Briefings for the desk that writes them: drafts, versions, publishing, withdrawing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Request, Response

from tumen.errors import ConflictError, RequestError, StoreError
from tumen.model.briefing import Briefing
from tumen.service.access.people import actor_of
from tumen.service.help_desk.desk import help_desk_of
from tumen.service.help_desk.writing import draft, problems_of, publish, revise, withdraw
from tumen.service.pages.briefings_data import text_of, typed_of, view_of
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.typed import Ticked, Typed
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import Decider, Reader, TheApi, now_utc
from tumen.store.work import Work

router = page_router("Briefings")
_Seen = Annotated[int, Form(ge=1, le=1_000_000)]


@router.get("/desk/briefings")
def show_all(request: Request, _: Reader, api: TheApi) -> Response:
    """Every briefing with the state of its last version."""
    with api.store.reading() as work:
        found, readers = work.briefings.all(), len(work.readers.all())
        desk = work.desk.current()
    return render(request, "briefings/desk.html", found=found, readers=readers, desk=desk)


@router.get("/desk/briefings/new")
def show_new(request: Request, _: Decider, api: TheApi) -> Response:
    """An empty form."""
    return _form(request, api, None, {}, [])


@router.post("/desk/briefings/new")
def add(request: Request, caller: Decider, api: TheApi, typed: Typed, ticked: Ticked) -> Response:
    """A new draft."""
    topics = ticked.get("topics", [])
    content = text_of(typed, topics)
    if faults := problems_of(content):
        return _form(request, api, None, typed, topics, status=422, faults=faults)
    try:
        with api.store.writing() as work:
            made = draft(work, content, actor_of(caller), now_utc())
    except StoreError:
        raise
    except RequestError as error:
        return _form(request, api, None, typed, topics, status=422, refusal=str(error))
    return redirect(_place(made.briefing_id), say="Kept as a draft. Nobody but the desk sees it")


@router.get("/desk/briefings/{briefing_id}")
def show_one(briefing_id: str, request: Request, _: Reader, api: TheApi) -> Response:
    """The last version as readers would see it, its history, and what can be done with it."""
    return _one(request, api, briefing_id)


@router.get("/desk/briefings/{briefing_id}/edit")
def show_edit(briefing_id: str, request: Request, _: Decider, api: TheApi) -> Response:
    """The last version in the form."""
    with api.store.reading() as work:
        last = _last(work, briefing_id)
    return _form(request, api, last, typed_of(last.content), list(last.content.topics))


@router.post("/desk/briefings/{briefing_id}/edit")
def edit(
    briefing_id: str,
    request: Request,
    caller: Decider,
    api: TheApi,
    seen: _Seen,
    typed: Typed,
    ticked: Ticked,
) -> Response:
    """Another draft; what readers see stays as it is."""
    topics = ticked.get("topics", [])
    content = text_of(typed, topics)
    with api.store.reading() as work:
        last = _last(work, briefing_id)
    if faults := problems_of(content):
        return _form(request, api, last, typed, topics, status=422, faults=faults)
    try:
        with api.store.writing() as work:
            revise(work, briefing_id, seen, content, actor_of(caller), now_utc())
    except StoreError:
        raise
    except RequestError as error:
        status = 409 if isinstance(error, ConflictError) else 422
        return _form(request, api, last, typed, topics, status=status, refusal=str(error))
    return redirect(_place(briefing_id), say="Kept as a draft. Readers see what they saw before")


@router.post("/desk/briefings/{briefing_id}/publish")
def send_publish(
    briefing_id: str, request: Request, caller: Decider, api: TheApi, seen: _Seen, typed: Typed
) -> Response:
    """Let readers see the last version; by mail those who asked for its topics."""
    tells = typed.get("tells") == "yes"
    try:
        with api.store.writing() as work:
            _last(work, briefing_id)
            done = publish(
                work, briefing_id, seen, actor_of(caller), now_utc(), tells_readers=tells
            )
    except StoreError:
        raise
    except RequestError as error:
        return _one(request, api, briefing_id, status=409, refusal=str(error))
    help_desk_of(request).rounds.nudge()
    letters = f", {done.letters:,} by mail" if done.letters else ""
    return redirect(_place(briefing_id), say=f"Published: readers see it now{letters}")


@router.post("/desk/briefings/{briefing_id}/withdraw")
def send_withdraw(
    briefing_id: str, request: Request, caller: Decider, api: TheApi, seen: _Seen, typed: Typed
) -> Response:
    """Take it back, with the reason that its page shows from now on."""
    note = typed.get("note", "")
    try:
        with api.store.writing() as work:
            _last(work, briefing_id)
            withdraw(work, briefing_id, seen, note, actor_of(caller), now_utc())
    except StoreError:
        raise
    except RequestError as error:
        return _one(request, api, briefing_id, status=409, refusal=str(error), note=note)
    return redirect(_place(briefing_id), say="Withdrawn: its page says so, and why")


def _one(
    request: Request, api: TheApi, briefing_id: str, *, status: int = 200, **told: Any
) -> Response:
    with api.store.reading() as work:
        last = _last(work, briefing_id)
        versions, desk = work.briefings.versions(briefing_id), work.desk.current()
        readers = len(work.readers.of_topics(last.content.topics))
    shown = {"refusal": "", "note": "", **told}
    return render(
        request,
        "briefings/one.html",
        status=status,
        view=view_of(last, desk),
        versions=versions,
        readers=readers,
        **shown,
    )


def _form(
    request: Request,
    api: TheApi,
    last: Briefing | None,
    typed: dict[str, str],
    topics: list[str],
    *,
    status: int = 200,
    **told: Any,
) -> Response:
    with api.store.reading() as work:
        desk = work.desk.current()
    shown = {"faults": {}, "refusal": "", **told}
    return render(
        request,
        "briefings/form.html",
        status=status,
        last=last,
        typed=typed,
        chosen=topics,
        desk=desk,
        **shown,
    )


def _last(work: Work, briefing_id: str) -> Briefing:
    found = work.briefings.get(briefing_id)
    if found is None:
        raise not_found(f"briefing {briefing_id!r}")
    return found


def _place(briefing_id: str) -> str:
    return f"/desk/briefings/{briefing_id}"
