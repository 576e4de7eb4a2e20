"""Subscriptions: who hears of what and how, and how the deliveries went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query, Request, Response

from tumen.errors import RequestError
from tumen.model.watching import Channel, DeliveryStatus, EventKind, Schedule, Severity
from tumen.service.access.admission import note
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.refused import words_of
from tumen.service.pages.subscriptions_data import (
    deliveries_of,
    delivery_rows,
    one_subscription,
    subscription_from,
    subscriptions_page,
)
from tumen.service.pages.turning import PageNumber, part, turn
from tumen.service.pages.typed import Ticked, Typed
from tumen.service.routes.v1.needs import Administrator, Api, Reader, TheApi, now_utc
from tumen.watch.notices.atom import feed_path
from tumen.watch.notices.subscribing import prepared

router = page_router("Subscriptions")
_HERE = "/desk/subscriptions"
_SIZE = 50
_STATUSES = {status.value: status for status in DeliveryStatus}


@router.get(_HERE)
def show_subscriptions(request: Request, _: Reader, api: TheApi) -> Response:
    """Who hears of what."""
    return _page(request, api, {}, {})


def _page(
    request: Request,
    api: Api,
    typed: Mapping[str, str],
    ticked: Mapping[str, Sequence[str]],
    **more: Any,
) -> Response:
    given: dict[str, Any] = {"made": None, "feed": "", **more}
    return render(
        request,
        "subscriptions/all.html",
        status=422 if given.get("refusal") else 200,
        found=subscriptions_page(api.store),
        typed=typed,
        ticked=ticked,
        channels=[one.value for one in Channel],
        schedules=[one.value for one in Schedule],
        severities=[one.value for one in Severity],
        kinds=[one.value for one in EventKind],
        **given,
    )


@router.post(_HERE)
def subscribe(
    request: Request, _: Administrator, api: TheApi, typed: Typed, ticked: Ticked
) -> Response:
    """Make a subscription. A webhook's secret and a feed's address stand on this page alone."""
    try:
        made = prepared(subscription_from(typed, ticked, now_utc()))
        with api.store.writing() as work:
            work.subscriptions.add(made)
    except RequestError as error:
        return _page(request, api, typed, ticked, refusal=words_of(error))
    note(request.scope, object=made.subscription_id)
    feed = f"/api/v1{feed_path(made)}" if made.channel is Channel.ATOM else ""
    return _page(request, api, {}, {}, made=made, feed=feed)


@router.get(f"{_HERE}/{{subscription_id}}")
def show_subscription(
    subscription_id: str,
    request: Request,
    _: Reader,
    api: TheApi,
    status: Annotated[str, Query(max_length=40)] = "",
    page: PageNumber = 1,
) -> Response:
    """One subscription with its deliveries, and each attempt to send them."""
    row = one_subscription(api.store, subscription_id)
    every = deliveries_of(api.store, subscription_id, _STATUSES.get(status))
    shown = turn(request, page, len(every), _SIZE)
    return render(
        request,
        "subscriptions/one.html",
        row=row,
        rows=delivery_rows(api.store, part(every, shown)),
        shown=shown,
        status_chosen=status,
        statuses=[(name, name.capitalize()) for name in _STATUSES],
    )


@router.post(f"{_HERE}/{{subscription_id}}/end")
def end(subscription_id: str, request: Request, _: Administrator, api: TheApi) -> Response:
    """End a subscription; what was delivered stays on record."""
    row = one_subscription(api.store, subscription_id)
    note(request.scope, object=subscription_id)
    try:
        with api.store.writing() as work:
            work.subscriptions.end(subscription_id, now_utc())
    except RequestError as error:
        return _page(request, api, {}, {}, refusal=words_of(error))
    name = row.subscription.name or subscription_id
    return redirect(_HERE, say=f"{name} hears no more")
