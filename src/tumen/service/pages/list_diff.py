"""What changed between any two versions of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request, Response

from tumen.model.delta import Materiality
from tumen.model.listing import ListVersion
from tumen.service.jobs import Report
from tumen.service.pages.frame import page_router, render
from tumen.service.pages.list_diff_data import DiffFilter, change_rows, diff_of
from tumen.service.pages.progress import wait_for
from tumen.service.pages.progress_data import COMPARE
from tumen.service.pages.turning import PageNumber, address_with, part, turn
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import Api, Reader, TheApi
from tumen.watch.delta_report import Only

router = page_router("Differences between lists")
_SIZE = 25


@router.get("/desk/lists/{list_id}/diff")
def show_diff(
    list_id: str,
    request: Request,
    reader: Reader,
    api: TheApi,
    before_id: Annotated[str, Query(alias="from", max_length=200)] = "",
    after_id: Annotated[str, Query(alias="to", max_length=200)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    weight: Annotated[str, Query(max_length=20)] = "",
    programme: Annotated[str, Query(max_length=500)] = "",
    text: Annotated[str, Query(alias="q", max_length=200)] = "",
    page: PageNumber = 1,
) -> Response:
    """Added, removed and changed entries; where comparing takes long, its progress first."""
    before, after = _known(api, list_id, before_id), _known(api, list_id, after_id)
    folder = api.settings.base.home / "deltas"
    delta = api.deltas.get(api.store, folder, before_id, after_id)
    if delta is None:

        def work(_: Report) -> Mapping[str, Any]:
            found = api.deltas.find(api.store, folder, before_id, after_id)
            return {"changes": {"entries": len(found.changes)}}

        return wait_for(api.jobs.start(COMPARE, reader.actor, work), address_with(request))
    wanted = DiffFilter(
        kind if kind in set(Only) else "",
        weight if weight in set(Materiality) else "",
        programme,
        text.strip(),
    )
    found = diff_of(delta, before, after, wanted)
    shown = turn(request, page, len(found.changes), _SIZE)
    return render(
        request,
        "list_diff/page.html",
        found=found,
        wanted=wanted,
        shown=shown,
        rows=change_rows(api.store, found, part(found.changes, shown)),
        swapped=address_with(request, **{"from": after_id, "to": before_id, "page": ""}),
    )


def _known(api: Api, list_id: str, version_id: str) -> ListVersion:
    version = api.store.version(version_id)
    if version is None or version.list_id != list_id:
        raise not_found(f"version {version_id!r} of {list_id}")
    return version
