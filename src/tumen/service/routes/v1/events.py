"""What happened that somebody may want to hear of; as JSON, and as a feed by its token."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from tumen.model.watching import Channel, Event, EventKind, Severity
from tumen.service.access.permissions import OpenToAll
from tumen.service.paging import WantedPage, answer, ends
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import Reader, TheApi, now_utc, router_of
from tumen.service.routes.v1.shapes import Paged
from tumen.watch.notices.atom import MEDIA_TYPE, feed
from tumen.watch.notices.reading import events_for

router = router_of("Events and notices")
_ByToken = Depends(OpenToAll("the address holds the token of the feed"))


class EventShape(BaseModel):
    """Something that happened."""

    event_id: str
    kind: EventKind
    severity: Severity
    occurred_at: datetime
    title: str
    text: str
    list_id: str
    programmes: list[str]
    countries: list[str]
    book_id: str
    party_id: str
    groups: list[str]
    entity_id: str
    data: dict[str, Any]


@router.get("/events", response_model=Paged[EventShape], summary="Events, newest first")
def show_events(
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
    since: Annotated[AwareDatetime | None, Query()] = None,
    kind: Annotated[list[EventKind] | None, Query()] = None,
    list_id: str = "",
    book_id: str = "",
) -> Any:
    """What happened: new hits, proposed releases, changed and quarantined lists …"""
    place = page.place(str)
    with api.store.reading() as work:
        found = work.outbox.events(
            since=since,
            kinds=kind,
            list_id=list_id or None,
            book_id=book_id or None,
            before=place[0] if place else None,
            limit=page.limit + 1,
        )
    cursor = ends(found, page, lambda one: (one.event_id,))
    return answer(request, response, found[: page.limit], cursor)


@router.get("/events/{event_id}", response_model=EventShape, summary="One event")
def show_event(event_id: str, _: Reader, api: TheApi) -> Event:
    """One event by its id."""
    with api.store.reading() as work:
        found = work.outbox.event(event_id)
    if found is None:
        raise not_found(f"event {event_id!r}")
    return found


@router.get(
    "/feeds/{token}",
    summary="Atom feed of a subscription",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
    dependencies=[_ByToken],
)
def show_feed(token: str, request: Request, api: TheApi) -> Response:
    """The events of a subscription whose channel is `atom`. Whoever has the address can read it."""
    with api.store.reading() as work:
        wanted = [
            one
            for one in work.subscriptions.all()
            if one.channel is Channel.ATOM
            and hmac.compare_digest(one.target.encode(), token.encode())
        ]
        if not wanted:
            raise not_found("feed with this token, or it has ended")
        events = events_for(work, wanted[0])
    base = str(request.base_url).rstrip("/") + "/api/v1"
    return Response(feed(wanted[0], events, base, now_utc()), media_type=MEDIA_TYPE)
