"""Invented events and subscriptions for the tests of notices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from tumen.model.watching import (
    Channel,
    Event,
    EventKind,
    Schedule,
    Severity,
    Subscription,
)

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def event(number: int = 1, **changes: Any) -> Event:
    """A new hit; `changes` replace what they name."""
    facts: dict[str, Any] = {
        "event_id": f"event-{number}",
        "kind": EventKind.NEW_HIT,
        "severity": Severity.HIGH,
        "occurred_at": NOW,
        "title": f"Kim Chol Nam ({number}) is newly hit",
        "text": "KIM, Chol Nam, born 1965\nscore 0.97: same name, same year",
        "list_id": "us_ofac_sdn",
        "programmes": ("DPRK",),
        "countries": ("kp",),
        "book_id": "customers",
        "party_id": f"C-{number}",
        "groups": ("vladivostok",),
        "entity_id": "us_ofac_sdn:20157",
        "data": {"party_name": "Kim Chol Nam", "score": 0.97},
    }
    return Event(**{**facts, **changes})


def stale_list(**changes: Any) -> Event:
    """An alarm that concerns a list and no party."""
    facts: dict[str, Any] = {
        "event_id": "stale-1",
        "kind": EventKind.LIST_STALE,
        "severity": Severity.CRITICAL,
        "occurred_at": NOW,
        "title": "us_ofac_sdn has not been renewed for 49 hours",
        "text": "24 hours are allowed.",
        "list_id": "us_ofac_sdn",
    }
    return Event(**{**facts, **changes})


def subscription(channel: Channel = Channel.WEBHOOK, **changes: Any) -> Subscription:
    """One that lets everything through; `changes` replace what they name."""
    targets = {
        Channel.EMAIL: "officer@bank.example",
        Channel.WEBHOOK: "https://cases.bank.example/hooks",
        Channel.ATOM: "feed-token",
        Channel.TERMINAL: "",
    }
    facts: dict[str, Any] = {
        "subscription_id": "sub_1",
        "name": "compliance",
        "channel": channel,
        "target": targets[channel],
        "created_at": NOW,
        "secret": SECRET if channel is Channel.WEBHOOK else "",
    }
    return Subscription(**{**facts, **changes})


_some = {
    "list_id": ("", "us_ofac_sdn", "eu_fsf"),
    "book_id": ("", "customers", "suppliers"),
}
_several = {
    "programmes": ("DPRK", "RUSSIA", "dprk"),
    "countries": ("kp", "ru", "KP"),
    "groups": ("vladivostok", "seoul"),
}


def _subset(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


def events(most: int = 8) -> st.SearchStrategy[list[Event]]:
    """Lists of events over few values, so that filters meet them often."""
    one = st.builds(
        event,
        st.integers(1, 12),
        kind=st.sampled_from(EventKind),
        severity=st.sampled_from(Severity),
        **{name: st.sampled_from(values) for name, values in _some.items()},
        **{name: _subset(values) for name, values in _several.items()},
    )
    return st.lists(one, max_size=most, unique_by=lambda made: made.event_id)


def subscriptions() -> st.SearchStrategy[list[Subscription]]:
    """Lists of subscriptions with filters over the same values."""
    one = st.builds(
        subscription,
        st.sampled_from(Channel),
        subscription_id=st.sampled_from(["sub_1", "sub_2", "sub_3"]),
        schedule=st.sampled_from(Schedule),
        least=st.sampled_from(Severity),
        kinds=st.lists(st.sampled_from(EventKind), unique=True, max_size=3).map(tuple),
        lists=_subset(_some["list_id"][1:]),
        books=_subset(_some["book_id"][1:]),
        daily_hour=st.integers(0, 23),
        **{name: _subset(values) for name, values in _several.items()},
    )
    return st.lists(one, max_size=3, unique_by=lambda made: made.subscription_id)
