"""Subscriptions: who wants to hear of what, and how; and how the deliveries went."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from tumen.model.watching import (
    Channel,
    DeliveryStatus,
    EventKind,
    Schedule,
    Severity,
    Subscription,
)
from tumen.service.access.admission import note
from tumen.service.paging import WantedPage, answer, cut
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import (
    Administrator,
    Reader,
    Repeatable,
    Strict,
    TheApi,
    example,
    now_utc,
    router_of,
)
from tumen.service.routes.v1.own_route import KEPT_BODY
from tumen.service.routes.v1.shapes import Paged
from tumen.watch.notices.atom import feed_path
from tumen.watch.notices.subscribing import prepared

router = router_of("Events and notices")
_Names = Annotated[tuple[str, ...], Field(max_length=500)]


class SubscriptionBody(Strict):
    """What is wanted. An empty filter lets everything through."""

    model_config = example(
        name="Night desk",
        channel="email",
        target="desk@bank.example",
        kinds=["new hit"],
        least="medium",
    )

    name: Annotated[str, Field(max_length=200, examples=["Night desk"])]
    channel: Channel
    target: Annotated[
        str, Field(max_length=2000, description="A mail address or a URL; empty for a feed.")
    ] = ""
    schedule: Schedule = Schedule.INSTANT
    least: Severity = Severity.INFO
    kinds: tuple[EventKind, ...] = ()
    lists: _Names = ()
    programmes: _Names = ()
    countries: _Names = ()
    books: _Names = ()
    groups: _Names = ()
    daily_hour: Annotated[int, Field(ge=0, le=23, description="UTC.")] = 6
    has_details: Annotated[
        bool, Field(description="Let names and texts about parties leave the machine.")
    ] = False


class SubscriptionShape(BaseModel):
    """A subscription. The secret of a webhook is shown once, when it is made."""

    subscription_id: str
    name: str
    channel: Channel
    target: str
    created_at: datetime
    schedule: Schedule
    least: Severity
    kinds: list[EventKind]
    lists: list[str]
    programmes: list[str]
    countries: list[str]
    books: list[str]
    groups: list[str]
    daily_hour: int
    has_details: bool
    ended_at: datetime | None
    feed: str = Field("", description="Where the feed is; whoever has it can read the feed.")


class NewSubscriptionShape(SubscriptionShape):
    """A subscription just made, with the secret that signs its webhooks."""

    secret: str | None


class DeliveryShape(BaseModel):
    """One notice to one subscription, and how its sending went."""

    delivery_id: str
    subscription_id: str
    event_ids: list[str]
    status: DeliveryStatus
    attempts: int
    due_at: datetime
    delivered_at: datetime | None
    last_error: str


def _shown(one: Subscription, *, with_secret: bool = False) -> dict[str, Any]:
    """The subscription; the token of a feed is shown with the secret, and then no more."""
    is_feed = one.channel is Channel.ATOM
    slots = SubscriptionShape.model_fields.keys() - {"feed", "target"}
    shown = {name: getattr(one, name) for name in slots}
    shown["target"] = "" if is_feed else one.target
    if with_secret:
        shown["secret"] = one.secret or None
        shown["feed"] = f"/api/v1{feed_path(one)}" if is_feed else ""
    return shown


@router.post(
    "/subscriptions",
    response_model=NewSubscriptionShape,
    status_code=201,
    summary="Subscribe",
    dependencies=[Repeatable],
)
def subscribe(
    body: SubscriptionBody, request: Request, response: Response, _: Administrator, api: TheApi
) -> Any:
    """Make a subscription. The secret of a webhook, and the address of a feed, come only here."""
    wanted = prepared(Subscription(subscription_id="", created_at=now_utc(), **dict(body)))
    with api.store.writing() as work:
        work.subscriptions.add(wanted)
    note(request.scope, object=wanted.subscription_id)
    response.headers["Location"] = f"/api/v1/subscriptions/{wanted.subscription_id}"
    kept = NewSubscriptionShape(**_shown(wanted), secret=None)
    request.scope[KEPT_BODY] = kept.model_dump_json().encode()
    return _shown(wanted, with_secret=True)


@router.get("/subscriptions", response_model=Paged[SubscriptionShape], summary="Subscriptions")
def show_subscriptions(
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
    include_ended: bool = False,
) -> Any:
    """Who wants to hear of what."""
    with api.store.reading() as work:
        every = work.subscriptions.all(include_ended)
    found, cursor = cut(every, page, lambda one: one.subscription_id)
    return answer(request, response, [_shown(one) for one in found], cursor)


@router.get(
    "/subscriptions/{subscription_id}", response_model=SubscriptionShape, summary="One subscription"
)
def show_subscription(subscription_id: str, _: Reader, api: TheApi) -> Any:
    """One subscription, in force or ended."""
    with api.store.reading() as work:
        found = work.subscriptions.get(subscription_id)
    if found is None:
        raise not_found(f"subscription {subscription_id!r}")
    return _shown(found)


@router.delete(
    "/subscriptions/{subscription_id}",
    status_code=204,
    summary="End a subscription",
    dependencies=[Repeatable],
)
def end_subscription(subscription_id: str, _: Administrator, api: TheApi) -> None:
    """End a subscription; what was delivered stays on record."""
    with api.store.writing() as work:
        found = work.subscriptions.get(subscription_id)
        if found is None:
            raise not_found(f"subscription {subscription_id!r}")
        if found.ended_at is None:
            work.subscriptions.end(subscription_id, now_utc())


@router.get("/deliveries", response_model=Paged[DeliveryShape], summary="Deliveries, newest first")
def show_deliveries(
    _: Reader,
    api: TheApi,
    subscription_id: str = "",
    status: DeliveryStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
) -> Any:
    """The newest notices and how their sending went; those given up wait for a person."""
    with api.store.reading() as work:
        found = work.outbox.deliveries(subscription_id or None, status, limit)
    return {"items": found, "next": None}


@router.get("/deliveries/{delivery_id}", response_model=DeliveryShape, summary="One delivery")
def show_delivery(delivery_id: str, _: Reader, api: TheApi) -> Any:
    """One notice by its id."""
    with api.store.reading() as work:
        found = work.outbox.delivery(delivery_id)
    if found is None:
        raise not_found(f"delivery {delivery_id!r}")
    return found
