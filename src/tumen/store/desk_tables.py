"""The tables of the help desk and its briefings as SQLAlchemy Core sees them."""

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

desk_settings = Table(
    "desk_settings",
    metadata,
    number_key_column("version"),
    text_column("set_at"),
    text_column("set_by"),
    text_column("settings"),
)

help_contact = Table(
    "help_contact",
    metadata,
    key_column("case_id"),
    text_column("reference"),
    text_column("kind"),
    text_column("received_at"),
    text_column("name"),
    text_column("email"),
    text_column("telephone"),
    text_column("organisation"),
    text_column("asked_by"),
)

briefing_version = Table(
    "briefing_version",
    metadata,
    key_column("briefing_id"),
    number_key_column("version"),
    text_column("slug"),
    text_column("state"),
    text_column("content"),
    text_column("at"),
    text_column("by"),
    maybe_column("published_at"),
    text_column("note"),
)

reader = Table(
    "reader",
    metadata,
    key_column("reader_id"),
    text_column("email"),
    text_column("topics"),
    text_column("confirm_hash"),
    text_column("leave_token"),
    text_column("asked_at"),
    maybe_column("confirmed_at"),
    maybe_column("ended_at"),
)

letter = Table(
    "letter",
    metadata,
    key_column("letter_id"),
    text_column("kind"),
    text_column("address"),
    text_column("subject"),
    text_column("text"),
    text_column("html"),
    text_column("created_at"),
    text_column("due_at"),
    text_column("reader_id"),
    text_column("leave_url"),
    text_column("about"),
    text_column("status"),
    number_column("attempts"),
    text_column("holder"),
    maybe_column("lease_until"),
    maybe_column("settled_at"),
    text_column("last_error"),
)
