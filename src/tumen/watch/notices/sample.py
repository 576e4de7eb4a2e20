"""A sample notice: whether a subscription's reader can be reached at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from tumen.errors import RequestError
from tumen.model.watching import Channel, Event, EventKind, Severity, Subscription
from tumen.watch.notices.opening import address_rule, open_mail
from tumen.watch.notices.settings import NoticeSettings
from tumen.watch.notices.terminal import TerminalTransport
from tumen.watch.notices.transport import Notice, Transport
from tumen.watch.notices.webhook import WebhookTransport


def send_sample(
    subscription: Subscription,
    settings: NoticeSettings,
    write: Callable[[str], None],
    now: datetime,
) -> None:
    """Send a notice that says that nothing has happened; it is recorded nowhere.

    `write` shows what goes to the terminal. Raises DeliveryError where it did not get through,
    RequestError where the settings open no way, or the subscription is a feed.
    """
    notice = Notice(f"dlv_sample_{secrets.token_hex(8)}", subscription, (sample_event(now),))
    _transport(subscription.channel, settings, write).send(notice, now)


def sample_event(now: datetime) -> Event:
    """An event of the least severity; programs know it by `is_sample`."""
    return Event(
        event_id=f"sample_{secrets.token_hex(8)}",
        kind=EventKind.LIST_CHANGED,
        severity=Severity.INFO,
        occurred_at=now,
        title="A sample: nothing has happened",
        text="Somebody asked for a sample notice. If you can read this, notices reach you.",
        data={"is_sample": True},
    )


def _transport(
    channel: Channel, settings: NoticeSettings, write: Callable[[str], None]
) -> Transport:
    if channel is Channel.EMAIL:
        return open_mail(settings)
    if channel is Channel.WEBHOOK:
        return WebhookTransport(address_rule(settings))
    if channel is Channel.TERMINAL:
        return TerminalTransport(write)
    raise RequestError("A feed is read and not sent. See it: tumen notices feed ID --out FILE")
