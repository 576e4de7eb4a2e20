"""The tables as SQLAlchemy Core sees them; `migrations` makes them, a test compares the two."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Table, Text

metadata = MetaData()

list_version = Table(
    "list_version",
    metadata,
    Column("version_id", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("list_id", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("published_on", Text),
    Column("retrieved_at", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("names", Integer, nullable=False),
    Column("files", Text, nullable=False),
    Column("checks", Text, nullable=False),
    Column("unknown", Text, nullable=False),
    Column("is_starter", Integer, nullable=False),
)

# What an entry says, apart from where in the file it stood: versions share what did not change,
# which keeps a long history small, and a delta is a comparison of hashes.
entry_content = Table(
    "entry_content",
    metadata,
    Column("content_hash", Text, primary_key=True),
    Column("schema", Text, nullable=False),
    Column("caption", Text, nullable=False),
    Column("json", Text, nullable=False),
)

list_entry = Table(
    "list_entry",
    metadata,
    Column("version_id", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("entity_id", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("locator", Text, nullable=False),
)

# The last row of a list names its current version; the rows before say what was current when.
list_current = Table(
    "list_current",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("list_id", Text, nullable=False),
    Column("version_id", Text, nullable=False),
    Column("set_at", Text, nullable=False),
)
