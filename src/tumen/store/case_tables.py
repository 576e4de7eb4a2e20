"""The tables of casework as SQLAlchemy Core sees them; `case_steps` makes them."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, LargeBinary, Table, Text

from tumen.store.columns import metadata

case_record = Table(
    "case_record",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("act", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("details", Text, nullable=False),
)

# Derived from the records, to find and order cases by; it can be made again from them.
case_summary = Table(
    "case_summary",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("subject_key", Text, nullable=False),
    Column("book_id", Text, nullable=False),
    Column("assignee", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("lists", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("due_at", Text),
    Column("awaits", Text, nullable=False),
    Column("recommended_by", Text, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("stored_at", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
