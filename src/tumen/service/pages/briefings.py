"""Briefings for their readers: the list, one of them, the feed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from tumen.model.briefing import BriefingState
from tumen.model.desk import DeskSettings
from tumen.service.access.permissions import unauthenticated
from tumen.service.help_desk.feed import briefings_feed
from tumen.service.pages.briefings_data import shelf, view_of
from tumen.service.pages.frame import HEADERS, page_router, render
from tumen.service.pages.reader import Anybody, reader_of
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import TheApi
from tumen.store.work import Work
from tumen.watch.notices.atom import MEDIA_TYPE

router = page_router("Briefings")
_FEED_LENGTH = 100
_Topic = Annotated[str, Query(max_length=60)]


@router.get("/briefings")
def show_shelf(
    request: Request,
    _: Anybody,
    api: TheApi,
    topic: _Topic = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """What the desk has published, newest first, of a topic or all."""
    with api.store.reading() as work:
        _readable(work, request)
        found = shelf(work, topic, page)
    return render(request, "briefings/shelf.html", shelf=found)


@router.get("/briefings.atom")
def show_feed(request: Request, _: Anybody, api: TheApi, topic: _Topic = "") -> Response:
    """The same for programs that read feeds, where briefings are public."""
    with api.store.reading() as work:
        desk = _readable(work, request)
        topic = topic if topic in desk.topic_names else ""
        found = work.briefings.shown(topic, limit=_FEED_LENGTH)
    content = briefings_feed(found, desk, topic)
    return Response(content, headers=dict(HEADERS), media_type=f"{MEDIA_TYPE}; charset=utf-8")


@router.get("/briefings/{slug}")
def show_briefing(slug: str, request: Request, _: Anybody, api: TheApi) -> Response:
    """One briefing; 410 with the reason where it was withdrawn."""
    with api.store.reading() as work:
        desk = _readable(work, request)
        found = work.briefings.shown_at(slug)
    if found is None:
        raise not_found("such briefing")
    if found.state is BriefingState.WITHDRAWN:
        return render(request, "briefings/withdrawn.html", status=410, briefing=found)
    return render(request, "briefings/briefing.html", view=view_of(found, desk))


def _readable(work: Work, request: Request) -> DeskSettings:
    """The desk, for those who may read; all others are led to where they can sign in."""
    desk = work.desk.current()
    if not (desk.are_briefings_public or reader_of(request).is_known):
        raise unauthenticated()
    return desk
