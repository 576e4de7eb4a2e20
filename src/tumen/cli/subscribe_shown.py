"""What `tumen subscribe` shows of a subscription, to a person and to a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tumen.model.watching import Channel, DeliveryStatus, Schedule, Severity, Subscription

Counts = Mapping[tuple[str, DeliveryStatus], int]
_FILTERS = {
    "list": "lists",
    "programme": "programmes",
    "country": "countries",
    "group": "groups",
    "book": "books",
}


def described(one: Subscription) -> dict[str, Any]:
    """A subscription for programs; neither its secret nor the token of a feed."""
    return {
        "subscription_id": one.subscription_id,
        "name": one.name,
        "channel": one.channel.value,
        "target": "" if one.channel is Channel.ATOM else one.target,
        "schedule": one.schedule.value,
        "daily_hour": one.daily_hour,
        "least": one.least.value,
        "kinds": [kind.value for kind in one.kinds],
        **{name: list(getattr(one, name)) for name in _FILTERS.values()},
        "has_details": one.has_details,
        "created_at": one.created_at.isoformat(),
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
    }


def shown_once(one: Subscription) -> dict[str, str]:
    """What nobody else may know, by what it is."""
    if one.channel is Channel.WEBHOOK:
        return {"secret": one.secret}
    if one.channel is Channel.ATOM:
        from tumen.watch.notices.atom import feed_path

        return {"feed": f"/api/v1{feed_path(one)}"}
    return {}


def sentence(one: Subscription) -> str:
    """Who is told how, and of what."""
    return f"{one.name} is told {_way(one)}, of {_filter(one)}"


def row(one: Subscription, counts: Counts) -> Sequence[str]:
    """The cells of a table: id, name, way, filter, how many wait, how many were given up."""
    ended = f" (ended {one.ended_at:%Y-%m-%d})" if one.ended_at else ""
    numbers = (f"{count:,}" for count in counted(one, counts).values())
    return (one.subscription_id, one.name + ended, _way(one), _filter(one), *numbers)


def counted(one: Subscription, counts: Counts) -> dict[str, int]:
    """How many notices wait, and how many were given up."""
    statuses = {"waiting": DeliveryStatus.PENDING, "given_up": DeliveryStatus.GIVEN_UP}
    return {name: counts.get((one.subscription_id, each), 0) for name, each in statuses.items()}


def _way(one: Subscription) -> str:
    if one.channel is Channel.ATOM:
        return "by feed"
    when = {
        Schedule.INSTANT: "at once",
        Schedule.HOURLY: "each hour",
        Schedule.DAILY: f"each day at {one.daily_hour:02}:00 UTC",
    }
    how = {
        Channel.EMAIL: f"by mail to {one.target}",
        Channel.WEBHOOK: f"by webhook to {one.target}",
        Channel.TERMINAL: "in the terminal",
    }
    return f"{how[one.channel]}, {when[one.schedule]}"


def _filter(one: Subscription) -> str:
    parts = [
        f"{word} {' or '.join(getattr(one, name))}"
        for word, name in _FILTERS.items()
        if getattr(one, name)
    ]
    if one.kinds:
        parts.append(" or ".join(kind.value for kind in one.kinds))
    if one.least is not Severity.INFO:
        parts.append(f"{one.least.value} and above")
    return ", ".join(parts) or "everything"
