"""The tables of casework as SQLAlchemy Core sees them; `case_steps` makes them."""

from __future__ import annotations

from sqlalchemy import Column, Float, LargeBinary, Table

from tumen.store.columns import (
    key_column,
    maybe_column,
    metadata,
    number_column,
    number_key_column,
    text_column,
)

case_record = Table(
    "case_record",
    metadata,
    key_column("case_id"),
    number_key_column("sequence"),
    text_column("act"),
    text_column("at"),
    text_column("actor"),
    text_column("details"),
)

# Derived from the records, to find and order cases by; it can be made again from them.
case_summary = Table(
    "case_summary",
    metadata,
    key_column("case_id"),
    number_column("sequence"),
    text_column("state"),
    text_column("priority"),
    text_column("origin"),
    text_column("title"),
    text_column("subject_key"),
    text_column("book_id"),
    text_column("assignee"),
    Column("score", Float, nullable=False),
    number_column("hits"),
    text_column("lists"),
    text_column("tags"),
    text_column("opened_at"),
    text_column("changed_at"),
    maybe_column("due_at"),
    text_column("awaits"),
    text_column("recommended_by"),
    text_column("entities"),
    text_column("words"),
    text_column("kin"),
)

attachment = Table(
    "attachment",
    metadata,
    key_column("sha256"),
    text_column("media_type"),
    number_column("size_bytes"),
    text_column("stored_at"),
    Column("content", LargeBinary, nullable=False),
)
