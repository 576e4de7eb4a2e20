"""Published lists: how they fare, their versions, loading them, and files that were put aside."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import File, Form, Query, Request, Response, UploadFile

from tumen.errors import BusyError, RequestError
from tumen.lists.check import LoadOptions
from tumen.lists.registry import published_lists
from tumen.service.access.admission import note
from tumen.service.jobs import Report
from tumen.service.list_loading import fetch_and_load, fetchable, load, saved
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.lists_data import one_list, overview
from tumen.service.pages.progress import wait_for
from tumen.service.pages.refused import words_of
from tumen.service.problems import ProblemError
from tumen.service.routes.v1.needs import Administrator, Api, Reader, TheApi, now_utc
from tumen.watch.lock import holding
from tumen.watch.quarantine import Ruling, accept, discard

router = page_router("Lists")
_LISTS = "/desk/lists"


@router.get("/desk/lists")
def show_lists(request: Request, _: Reader, api: TheApi) -> Response:
    """All lists."""
    return _lists_page(request, api)


def _lists_page(request: Request, api: Api, refusal: str = "") -> Response:
    found = overview(api.store, now_utc())
    status = 422 if refusal else 200
    return render(request, "lists/all.html", found=found, refusal=refusal, status=status)


@router.get("/desk/lists/{list_id}")
def show_list(
    list_id: str,
    request: Request,
    _: Reader,
    api: TheApi,
    version: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """One list, its versions over time, and what was put aside."""
    found = one_list(api.store, list_id, version, now_utc())
    return render(request, "lists/one.html", found=found, reason="", ruled="")


@router.post("/desk/lists")
def load_files(
    request: Request,
    caller: Administrator,
    api: TheApi,
    files: Annotated[list[UploadFile] | None, File()] = None,
    published_on: Annotated[str, Form(max_length=10)] = "",
    accept_shrunken: Annotated[bool, Form()] = False,
    is_history: Annotated[bool, Form()] = False,
) -> Response:
    """Check and load official files behind the page; what fails a check is refused."""
    if not files or not any(file.filename for file in files):
        return _lists_page(request, api, "Choose the files that the publisher offers")
    try:
        day = date.fromisoformat(published_on) if published_on else None
    except ValueError:
        return _lists_page(request, api, f"{published_on!r} is no day: write it as 2024-02-20")
    note(request.scope, files=[file.filename for file in files])
    return wait_for(_loading(api, caller.actor, files, day, accept_shrunken, is_history), _LISTS)


def _loading(
    api: Api, actor: str, files: list[UploadFile], day: date | None, shrunken: bool, past: bool
) -> Any:
    options = LoadOptions(published_on=day, accept_shrunken=shrunken, is_history=past)
    kept = ExitStack()
    folder = kept.enter_context(saved(files))

    def work(_: Report) -> Mapping[str, Any]:
        with kept:
            return load(api, [folder], options, str(folder), now_utc())

    try:
        return api.jobs.start("load official files", actor, work)
    except ProblemError:
        kept.close()
        raise


@router.post("/desk/lists/{list_id}/fetch")
def fetch_list(list_id: str, request: Request, caller: Administrator, api: TheApi) -> Response:
    """Fetch a list from its publisher and load it, behind the page."""
    info = fetchable(list_id)
    note(request.scope, object=list_id)

    def work(report: Report) -> Mapping[str, Any]:
        return fetch_and_load(api, info, report, now_utc())

    job = api.jobs.start("fetch a list", caller.actor, work)
    return wait_for(job, f"{_LISTS}/{quote(list_id, safe='')}")


@router.post("/desk/lists/{list_id}/quarantine/{quarantine_id}")
def rule(
    list_id: str,
    quarantine_id: str,
    request: Request,
    caller: Administrator,
    api: TheApi,
    verdict: Annotated[str, Form(pattern="^(accept|discard)$")],
    reason: Annotated[str, Form(max_length=5_000)] = "",
) -> Response:
    """Take a file over all the same, or leave it aside; either with a reason."""
    note(request.scope, object=quarantine_id, reason=reason)
    try:
        said = _ruled(api, quarantine_id, verdict, Ruling(caller.actor, reason, now_utc()))
    except (RequestError, BusyError) as error:
        found = one_list(api.store, list_id, "", now_utc())
        return render(
            request, "lists/one.html", status=409 if isinstance(error, BusyError) else 422,
            found=found, refusal=words_of(error), reason=reason, ruled=quarantine_id,
        )  # fmt: skip
    return redirect(f"{_LISTS}/{quote(list_id, safe='')}", say=said)


@router.post("/desk/lists/quarantine/{quarantine_id}")
def discard_strange(
    quarantine_id: str,
    request: Request,
    caller: Administrator,
    api: TheApi,
    reason: Annotated[str, Form(max_length=5_000)] = "",
) -> Response:
    """Leave a file aside that is of no list we know."""
    note(request.scope, object=quarantine_id, reason=reason)
    try:
        said = _ruled(api, quarantine_id, "discard", Ruling(caller.actor, reason, now_utc()))
    except RequestError as error:
        return _lists_page(request, api, words_of(error))
    return redirect(_LISTS, say=said)


def _ruled(api: Api, quarantine_id: str, verdict: str, ruling: Ruling) -> str:
    if verdict == "discard":
        discard(api.store, quarantine_id, ruling)
        return f"{quarantine_id} is discarded: the same file raises no new alarm"
    with holding(api.store, now_utc):
        outcome = accept(api.store, published_lists(), quarantine_id, ruling)
    if outcome.version is None:
        raise RequestError(outcome.message)
    return f"{outcome.version.version_id} is in use; the next run screens the books against it"
