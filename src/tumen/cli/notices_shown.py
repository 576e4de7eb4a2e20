"""What `tumen notices` shows of deliveries and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from tumen.cli.output import console, table
from tumen.model.watching import Delivery, DeliveryAttempt, Event


def print_deliveries(found: Sequence[Delivery], names: Mapping[str, str]) -> None:
    """A table of deliveries; `names` are those of the subscriptions, by id."""
    if not found:
        click.echo("None")
        return
    rows = [
        (
            one.delivery_id,
            names.get(one.subscription_id, one.subscription_id),
            one.status.value,
            f"{len(one.event_ids):,}",
            str(one.attempts),
            f"{one.due_at:%Y-%m-%d %H:%M}",
            one.last_error,
        )
        for one in found
    ]
    columns = ("Notice", "To", "Status", "Events", "Attempts", "Due (UTC)", "Last error")
    console().print(table("", columns, rows))


def delivery_to_dict(one: Delivery, attempts: Sequence[DeliveryAttempt]) -> dict[str, Any]:
    """A delivery for programs, with every attempt to send it."""
    return {
        "delivery_id": one.delivery_id,
        "subscription_id": one.subscription_id,
        "event_ids": list(one.event_ids),
        "status": one.status.value,
        "due_at": one.due_at.isoformat(),
        "delivered_at": _text(one.delivered_at),
        "last_error": one.last_error,
        "attempts": [
            {
                "attempt": each.attempt,
                "by": each.holder,
                "began_at": each.began_at.isoformat(),
                "ended_at": _text(each.ended_at),
                "error": each.error,
            }
            for each in attempts
        ],
    }


def event_to_dict(one: Event) -> dict[str, Any]:
    """An event for programs, whole."""
    return {
        "event_id": one.event_id,
        "kind": one.kind.value,
        "severity": one.severity.value,
        "occurred_at": one.occurred_at.isoformat(),
        "title": one.title,
        "text": one.text,
        "list_id": one.list_id,
        "programmes": list(one.programmes),
        "countries": list(one.countries),
        "book_id": one.book_id,
        "party_id": one.party_id,
        "groups": list(one.groups),
        "entity_id": one.entity_id,
        "data": dict(one.data),
    }


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
