"""Which events a subscription lets through. Pure."""

from __future__ import annotations

from collections.abc import Collection

from tumen.model.watching import Event, EventKind, Subscription

# What says that something was not looked at, or that nobody is at work on it. Where such an event
# states no list, programme, country, book or group it concerns them all: silence has to mean
# that all is well.
ALARMS = frozenset(
    {
        EventKind.NOT_SCREENED,
        EventKind.LIST_QUARANTINED,
        EventKind.LIST_UNREACHABLE,
        EventKind.LIST_STALE,
        EventKind.NOTICE_GIVEN_UP,
        EventKind.CRISIS,
    }
)


def passes(event: Event, subscription: Subscription) -> bool:
    """Whether the subscription wants to hear of the event. An empty filter lets all through."""
    return (
        event.severity.rank >= subscription.least.rank
        and (not subscription.kinds or event.kind in subscription.kinds)
        and not _is_about(event, subscription)
        and all(
            _meets(wanted, stated, is_alarm=event.kind in ALARMS)
            for wanted, stated in (
                (subscription.lists, _one(event.list_id)),
                (subscription.books, _one(event.book_id)),
                (subscription.groups, event.groups),
                (_folded(subscription.programmes), _folded(event.programmes)),
                (_folded(subscription.countries), _folded(event.countries)),
            )
        )
    )


def _meets(wanted: Collection[str], stated: Collection[str], *, is_alarm: bool) -> bool:
    if not wanted or (is_alarm and not stated):
        return True
    return not set(wanted).isdisjoint(stated)


def _is_about(event: Event, subscription: Subscription) -> bool:
    """Whether the event says that this very subscription cannot be reached."""
    return (
        event.kind is EventKind.NOTICE_GIVEN_UP
        and event.data.get("subscription_id") == subscription.subscription_id
    )


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _folded(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.casefold() for value in values)
