"""The tables as SQLAlchemy Core sees them; `steps` makes them, a test compares the two."""

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

list_version = Table(
    "list_version",
    metadata,
    key_column("version_id"),
    number_column("sequence"),
    text_column("list_id"),
    text_column("content_hash"),
    text_column("format"),
    maybe_column("published_on"),
    text_column("retrieved_at"),
    number_column("entries"),
    number_column("names"),
    text_column("files"),
    text_column("checks"),
    text_column("unknown"),
    number_column("is_starter"),
)

# What an entry says, apart from where in the file it stood: versions share what did not change,
# which keeps a long history small, and a delta is a comparison of hashes.
entry_content = Table(
    "entry_content",
    metadata,
    key_column("content_hash"),
    text_column("schema"),
    text_column("caption"),
    text_column("json"),
)

list_entry = Table(
    "list_entry",
    metadata,
    key_column("version_id"),
    number_key_column("position"),
    text_column("entity_id"),
    text_column("content_hash"),
    text_column("file"),
    text_column("locator"),
)

# The last row of a list names its current version; the rows before say what was current when.
list_current = Table(
    "list_current",
    metadata,
    number_key_column("sequence"),
    text_column("list_id"),
    text_column("version_id"),
    text_column("set_at"),
)

book_version = Table(
    "book_version",
    metadata,
    key_column("book_id"),
    number_key_column("version"),
    text_column("content_hash"),
    text_column("imported_at"),
    number_column("parties"),
    text_column("source"),
    text_column("problems"),
)

# Versions of a book share the parties that did not change, as those of a list share entries.
party_content = Table("party_content", metadata, key_column("content_hash"), text_column("json"))

book_party = Table(
    "book_party",
    metadata,
    key_column("book_id"),
    number_key_column("version"),
    number_key_column("position"),
    text_column("party_id"),
    text_column("content_hash"),
)

basis_blob = Table(
    "basis_blob",
    metadata,
    key_column("basis_hash"),
    Column("blob", LargeBinary, nullable=False),
    text_column("added_at"),
)

basis_current = Table(
    "basis_current",
    metadata,
    number_key_column("sequence"),
    text_column("basis_hash"),
    text_column("set_at"),
)

screening_run = Table(
    "screening_run",
    metadata,
    key_column("screening_id"),
    number_column("sequence"),
    text_column("screened_at"),
    text_column("trigger"),
    text_column("actor"),
    text_column("input_ref"),
    text_column("versions"),
    text_column("policy"),
    text_column("engine"),
    text_column("basis_hash"),
    text_column("result_hash"),
    text_column("tally"),
    text_column("subjects"),
    text_column("warnings"),
)

screening_outcome = Table(
    "screening_outcome",
    metadata,
    key_column("screening_id"),
    number_key_column("position"),
    text_column("subject_id"),
    text_column("json"),
)

# A change closes a row (known_to) and opens another: what stood at any instant can be asked.
standing_hit = Table(
    "standing_hit",
    metadata,
    number_key_column("sequence"),
    text_column("book_id"),
    text_column("party_id"),
    text_column("entity_id"),
    text_column("list_id"),
    Column("score", Float, nullable=False),
    text_column("state"),
    text_column("hit"),
    text_column("party_hash"),
    text_column("entry_hash"),
    text_column("known_from"),
    maybe_column("known_to"),
    text_column("screening_id"),
    text_column("note"),
)

suppression = Table(
    "suppression",
    metadata,
    key_column("suppression_id"),
    text_column("book_id"),
    text_column("party_id"),
    text_column("entity_id"),
    text_column("party_hash"),
    text_column("entry_hash"),
    text_column("reason"),
    text_column("decided_by"),
    text_column("decided_at"),
    maybe_column("expires_on"),
    maybe_column("lapsed_at"),
    text_column("lapse_reason"),
)

audit_record = Table(
    "audit_record",
    metadata,
    number_key_column("sequence"),
    text_column("occurred_at"),
    text_column("actor"),
    text_column("action"),
    text_column("object"),
    text_column("auth_method"),
    text_column("address"),
    text_column("reason"),
    text_column("before"),
    text_column("after"),
    text_column("details"),
    text_column("previous_hash"),
    text_column("hash"),
)

# One row: where the chain ends. Without it a log whose last records were cut off looks whole.
audit_head = Table(
    "audit_head",
    metadata,
    number_key_column("head"),
    number_column("sequence"),
    text_column("hash"),
)

access_user = Table(
    "access_user",
    metadata,
    key_column("user_id"),
    text_column("name"),
    text_column("role"),
    text_column("created_at"),
    text_column("password_hash"),
    text_column("email"),
    maybe_column("ended_at"),
    text_column("person"),
)

access_key = Table(
    "access_key",
    metadata,
    key_column("key_id"),
    text_column("name"),
    text_column("role"),
    text_column("secret_hash"),
    text_column("created_at"),
    maybe_column("expires_at"),
    maybe_column("ended_at"),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    key_column("key"),
    key_column("actor"),
    text_column("request_hash"),
    number_column("status"),
    text_column("body"),
    text_column("stored_at"),
)
