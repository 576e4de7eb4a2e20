"""Published lists: what is loaded, in which versions and state; loading and fetching."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import File, Form, Query, Request, Response, UploadFile
from pydantic import BaseModel

from tumen.lists.check import LoadOptions
from tumen.lists.registry import published_lists
from tumen.model.listing import ListVersion
from tumen.model.watching import ListState
from tumen.service.access.admission import note
from tumen.service.jobs import Report
from tumen.service.list_loading import fetch_and_load, fetchable, load_uploaded, noted
from tumen.service.paging import WantedPage, answer, cut
from tumen.service.problems import not_found
from tumen.service.routes.v1.jobs import JobShape, accepted
from tumen.service.routes.v1.needs import (
    Administrator,
    Api,
    AsOf,
    KnownAt,
    Reader,
    Repeatable,
    TheApi,
    now_utc,
    router_of,
)
from tumen.service.routes.v1.shapes import (
    Paged,
    StateShape,
    VersionShape,
    state_shape,
    title_of,
    version_shape,
)

router = router_of("Lists")


class ListShape(BaseModel):
    """A list that can be loaded, with its current version and state where it has them."""

    list_id: str
    title: str
    authority: str = ""
    jurisdiction: str = ""
    licence: str = ""
    has_address: bool = False
    version: VersionShape | None
    age_days: int | None
    state: StateShape | None


class OutcomeShape(BaseModel):
    """What became of one version in the files."""

    status: str
    list_id: str
    format: str
    place: str
    message: str
    version: VersionShape | None


class LoadedShape(BaseModel):
    """What became of the files."""

    outcomes: list[OutcomeShape]
    unrecognised: list[dict[str, str]]


@router.get("/lists", response_model=Paged[ListShape], summary="All lists")
def show_lists(
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
    is_loaded: Annotated[bool | None, Query(description="Only lists with a version.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Any:
    """Every list that can be read, with the version that holds (or held), its age and state."""
    shown = list(_lists(api, as_of, known_at))
    if is_loaded is not None:
        shown = [one for one in shown if (one["version"] is not None) is is_loaded]
    found, cursor = cut(shown, page, lambda one: str(one["list_id"]))
    return answer(request, response, found, cursor)


def _lists(api: Api, as_of: date | None, known_at: datetime | None) -> Iterator[dict[str, Any]]:
    with api.store.reading() as work:
        versions = work.lists.versions_at(as_of=as_of, known_at=known_at)
        states = {state.list_id: state for state in work.list_states.all()}
    current = {version.list_id: version for version in versions}
    today = as_of or now_utc().date()
    known = [info.id for info in published_lists() if not info.holds_any_list]
    for list_id in dict.fromkeys([*known, *current]):
        yield _shown(list_id, current.get(list_id), states.get(list_id), today)


def _shown(
    list_id: str, version: ListVersion | None, state: ListState | None, today: date
) -> dict[str, Any]:
    registry = published_lists()
    facts = registry.get(list_id) if list_id in registry else None
    day = version.published_on if version else None
    return {
        "list_id": list_id,
        "title": title_of(registry, list_id),
        "authority": facts.authority if facts else "",
        "jurisdiction": facts.jurisdiction if facts else "",
        "licence": facts.licence if facts else "",
        "has_address": facts.has_address if facts else False,
        "version": version_shape(version) if version else None,
        "age_days": (today - day).days if day else None,
        "state": state_shape(state),
    }


@router.get("/lists/{list_id}", response_model=ListShape, summary="One list")
def show_list(list_id: str, _: Reader, api: TheApi) -> Any:
    """A list with its current version, age and state."""
    for one in _lists(api, None, None):
        if one["list_id"] == list_id:
            return one
    raise not_found(f"list {list_id!r}")


@router.get(
    "/lists/{list_id}/versions", response_model=Paged[VersionShape], summary="Versions of a list"
)
def show_versions(
    list_id: str, request: Request, response: Response, _: Reader, api: TheApi, page: WantedPage
) -> Any:
    """All versions of a list that were ever loaded, the first one first."""
    versions = api.store.versions(list_id)
    if not versions:
        raise not_found(f"version of a list {list_id!r}")
    numbered = list(enumerate(versions))
    found, cursor = cut(numbered, page, lambda one: f"{one[0]:08}")
    return answer(request, response, [version_shape(version) for _, version in found], cursor)


@router.get("/list-versions/{version_id}", response_model=VersionShape, summary="One list version")
def show_version(version_id: str, _: Reader, api: TheApi) -> Any:
    """A list version with its checks, current or past."""
    version = api.store.version(version_id)
    if version is None:
        raise not_found(f"list version {version_id!r}")
    return version_shape(version)


@router.post(
    "/lists",
    response_model=LoadedShape,
    status_code=201,
    summary="Load official files",
    dependencies=[Repeatable],
)
def load_files(
    request: Request,
    _: Administrator,
    api: TheApi,
    files: Annotated[list[UploadFile], File(description="As published: plain, .gz or .zip.")],
    published_on: Annotated[date | None, Form(description="For files that state none.")] = None,
    accept_shrunken: Annotated[bool, Form()] = False,
    is_history: Annotated[bool, Form(description="Keep as a past version.")] = False,
) -> Any:
    """Recognise, check and load files. What fails a check is refused; the good version stays."""
    options = LoadOptions(
        published_on=published_on, accept_shrunken=accept_shrunken, is_history=is_history
    )
    loaded = load_uploaded(api, files, options, now_utc())
    note(request.scope, **noted(loaded))
    return loaded


@router.post(
    "/lists/{list_id}/fetch",
    response_model=JobShape,
    status_code=202,
    summary="Fetch a list from its publisher",
    dependencies=[Repeatable],
)
def fetch_list(list_id: str, response: Response, caller: Administrator, api: TheApi) -> Any:
    """Start fetching and loading a list; the job says how it went."""
    info = fetchable(list_id)

    def work(report: Report) -> Mapping[str, Any]:
        return fetch_and_load(api, info, report, now_utc())

    return accepted(response, api.jobs.start("fetch a list", caller.actor, work))
