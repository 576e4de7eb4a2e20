"""The first page of the desk, and what changed in the lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Query, Request, Response

from tumen.service.access.people import actor_of
from tumen.service.pages.frame import page_router, render
from tumen.service.pages.today_data import DAYS, today
from tumen.service.pages.today_lists import changes_since
from tumen.service.routes.v1.needs import Reader, TheApi, now_utc

router = page_router("Today")


@router.get("/desk")
def show_today(request: Request, caller: Reader, api: TheApi) -> Response:
    """What is due, what waits for the reader, what changed in the lists."""
    found = today(api.store, actor_of(caller), now_utc())
    return render(request, "today/page.html", found=found, days=DAYS)


@router.get("/desk/changes")
def show_changes(
    request: Request,
    _: Reader,
    api: TheApi,
    day: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The changes of the lists, of one day or of all days that the first page draws."""
    every = changes_since(api.store, now_utc() - timedelta(days=DAYS))
    found = [one for one in every if not day or f"{one.at:%Y-%m-%d}" == day]
    return render(request, "today/changes.html", changes=found, day=day, days=DAYS)
