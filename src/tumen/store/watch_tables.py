"""The tables of watching as SQLAlchemy Core sees them; `steps` makes them."""

from __future__ import annotations

from sqlalchemy import Table

from tumen.store.columns import (
    key_column,
    maybe_column,
    metadata,
    number_column,
    number_key_column,
    text_column,
)

list_delta = Table(
    "list_delta",
    metadata,
    key_column("before_id"),
    key_column("after_id"),
    number_column("sequence"),
    text_column("list_id"),
    text_column("found_at"),
    text_column("json"),
)

subscription = Table(
    "subscription",
    metadata,
    key_column("subscription_id"),
    text_column("name"),
    text_column("channel"),
    text_column("target"),
    text_column("created_at"),
    text_column("schedule"),
    text_column("least"),
    number_column("daily_hour"),
    text_column("kinds"),
    text_column("lists"),
    text_column("programmes"),
    text_column("countries"),
    text_column("books"),
    text_column("groups"),
    text_column("secret"),
    number_column("has_details"),
    maybe_column("ended_at"),
)

event = Table(
    "event",
    metadata,
    key_column("event_id"),
    number_column("sequence"),
    text_column("kind"),
    text_column("severity"),
    text_column("occurred_at"),
    text_column("title"),
    text_column("text"),
    text_column("list_id"),
    text_column("programmes"),
    text_column("countries"),
    text_column("book_id"),
    text_column("party_id"),
    text_column("groups"),
    text_column("entity_id"),
    text_column("data"),
)

delivery = Table(
    "delivery",
    metadata,
    key_column("delivery_id"),
    number_column("sequence"),
    text_column("subscription_id"),
    text_column("event_ids"),
    text_column("status"),
    number_column("attempts"),
    text_column("due_at"),
    maybe_column("delivered_at"),
    text_column("last_error"),
)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    key_column("delivery_id"),
    number_key_column("attempt"),
    text_column("holder"),
    text_column("began_at"),
    text_column("lease_until"),
    maybe_column("ended_at"),
    text_column("error"),
)

list_state = Table(
    "list_state",
    metadata,
    key_column("list_id"),
    text_column("health"),
    text_column("checked_at"),
    maybe_column("succeeded_at"),
    text_column("message"),
)

quarantine = Table(
    "quarantine",
    metadata,
    key_column("quarantine_id"),
    number_column("sequence"),
    text_column("list_id"),
    text_column("quarantined_at"),
    text_column("content_hash"),
    text_column("place"),
    text_column("reason"),
    text_column("checks"),
    maybe_column("resolved_at"),
    text_column("note"),
)

watch_run = Table(
    "watch_run",
    metadata,
    key_column("run_id"),
    number_column("sequence"),
    text_column("began_at"),
    text_column("actor"),
    maybe_column("ended_at"),
    text_column("status"),
    text_column("tally"),
)

watch_step = Table(
    "watch_step",
    metadata,
    key_column("run_id"),
    key_column("step"),
    key_column("key"),
    text_column("done_at"),
    text_column("detail"),
)

held_lock = Table(
    "held_lock",
    metadata,
    key_column("name"),
    text_column("holder"),
    text_column("acquired_at"),
    text_column("expires_at"),
)
