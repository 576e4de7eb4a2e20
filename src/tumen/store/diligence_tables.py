"""The table of due-diligence files as SQLAlchemy Core sees it; `diligence_steps` makes it."""

from __future__ import annotations

from sqlalchemy import Table

from tumen.store.columns import key_column, metadata, number_key_column, text_column

diligence_record = Table(
    "diligence_record",
    metadata,
    key_column("book_id"),
    key_column("party_id"),
    number_key_column("sequence"),
    text_column("act"),
    text_column("field_id"),
    text_column("at"),
    text_column("actor"),
    text_column("details"),
)
