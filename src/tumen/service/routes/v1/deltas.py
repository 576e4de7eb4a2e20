"""What changed in a list: between two versions, or of late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import orjson
from fastapi import Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from tumen.lists.registry import published_lists
from tumen.model.delta import Delta
from tumen.service.delta_lines import delta_lines
from tumen.service.paging import WantedPage, answer, cursor_of
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import Reader, TheApi, router_of
from tumen.service.routes.v1.shapes import Paged, VersionShape, title_of
from tumen.service.sources.lists import topic_of
from tumen.store import Store
from tumen.watch.delta import delta_between
from tumen.watch.delta_markdown import delta_markdown
from tumen.watch.delta_report import DeltaReport, Only

router = router_of("Deltas")


class DeltaFormat(StrEnum):
    """How a delta is written."""

    JSON = "json"
    MARKDOWN = "markdown"
    FTM = "ftm"


class FieldChangeShape(BaseModel):
    """One field of an entry: the values that went and those that came."""

    field: str
    gone: list[str]
    come: list[str]
    materiality: str


class EntryChangeShape(BaseModel):
    """What happened to one entry."""

    kind: str
    entity_id: str
    schema_: str = Field(alias="schema")
    caption: str
    is_material: bool
    programmes: list[str]
    countries: list[str]
    relisted_from: str
    fields: list[FieldChangeShape]


class DeltaShape(BaseModel):
    """The difference between two versions of one list."""

    list_id: str
    title: str
    before: VersionShape | None
    after: VersionShape
    counts: dict[str, int]
    cautions: list[str]
    changes: list[EntryChangeShape]


class FoundShape(BaseModel):
    """A delta that was found when a version came into use; the address gives it whole."""

    list_id: str
    before_id: str
    after_id: str
    found_at: datetime
    counts: dict[str, int]
    href: str


@router.get("/deltas", response_model=Paged[FoundShape], summary="What changed of late")
def show_deltas(
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
    list_id: str = "",
    since: Annotated[AwareDatetime | None, Query(description="Found at or after this.")] = None,
) -> Any:
    """The deltas found since an instant, newest first, each with its numbers."""
    place = page.place(str)
    # A cursor is the pair of versions that the page before ended with: deltas never change.
    with api.store.reading() as work:
        found = work.deltas.find(list_id or None, since, limit=10_000)
    if place is not None:
        names = [_name(delta) for _, delta in found]
        found = found[names.index(place[0]) + 1 :] if place[0] in names else []
    shown = found[: page.limit]
    cursor = cursor_of(_name(shown[-1][1])) if len(found) > page.limit else ""
    return answer(request, response, [_found(at, delta) for at, delta in shown], cursor)


def _name(delta: Delta) -> str:
    return f"{delta.before_id} {delta.after_id}"


def _found(at: datetime, delta: Delta) -> dict[str, Any]:
    return {
        "list_id": delta.list_id,
        "before_id": delta.before_id,
        "after_id": delta.after_id,
        "found_at": at,
        "counts": delta.to_dict()["counts"],
        "href": f"/api/v1/list-versions/{delta.after_id}/delta?before={delta.before_id}",
    }


@router.get(
    "/list-versions/{version_id}/delta",
    response_model=DeltaShape,
    summary="What changed between two versions",
    responses={200: {"content": {"text/markdown": {}, "application/x-ndjson": {}}}},
)
def show_delta(
    version_id: str,
    _: Reader,
    api: TheApi,
    before: Annotated[str, Query(description="By default the version loaded before it.")] = "",
    only: Annotated[list[Only] | None, Query(description="These kinds of change alone.")] = None,
    programme: Annotated[list[str] | None, Query()] = None,
    with_cosmetic: Annotated[bool, Query(description="Changes in form alone, too.")] = True,
    format_: Annotated[DeltaFormat, Query(alias="format")] = DeltaFormat.JSON,
) -> Any:
    """Added, removed and changed entries, field by field. `format=ftm` holds every change."""
    after = api.store.version(version_id)
    if after is None:
        raise not_found(f"list version {version_id!r}")
    before = before or _before(api.store, after.list_id, version_id)
    delta = _delta(api.store, before, version_id)
    if format_ is DeltaFormat.FTM:
        return Response(b"".join(_lines(api.store, delta)), media_type="application/x-ndjson")
    earlier = api.store.version(before) if before else None
    title = title_of(published_lists(), after.list_id)
    report = DeltaReport.of(delta, after, earlier, title)
    report = report.only(tuple(only or ()), tuple(programme or ()))
    if format_ is DeltaFormat.MARKDOWN:
        return Response(delta_markdown(report, show_all=with_cosmetic), media_type="text/markdown")
    return report.to_dict(show_all=with_cosmetic)


def _before(store: Store, list_id: str, version_id: str) -> str:
    """The version of the list that was loaded before this one; empty for the first."""
    ids = [version.version_id for version in store.versions(list_id)]
    place = ids.index(version_id)
    return ids[place - 1] if place else ""


def _delta(store: Store, before_id: str, after_id: str) -> Delta:
    with store.reading() as work:
        kept = work.deltas.get(before_id, after_id)
    return kept or delta_between(store, before_id, after_id)


def _lines(store: Store, delta: Delta) -> Iterator[bytes]:
    """FollowTheMoney operations (ADD, MOD, DEL), one a line."""
    ids = [change.entity_id for change in delta.changes]
    after = store.version(delta.after_id)
    assert after is not None
    lines = delta_lines(
        store.entries_by_id(delta.before_id, ids) if delta.before_id else [],
        store.entries_by_id(delta.after_id, ids),
        after,
        topic_of(delta.list_id),
        find=lambda others: store.entries_by_id(delta.after_id, others),
    )
    for line in lines:
        yield orjson.dumps(line) + b"\n"
