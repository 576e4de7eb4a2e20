"""The tables as SQLAlchemy Core sees them; `steps` makes them, a test compares the two."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _number_key(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _maybe(name: str) -> Column[str | None]:
    return Column(name, Text)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


list_version = Table(
    "list_version",
    metadata,
    _key("version_id"),
    _number("sequence"),
    _text("list_id"),
    _text("content_hash"),
    _text("format"),
    _maybe("published_on"),
    _text("retrieved_at"),
    _number("entries"),
    _number("names"),
    _text("files"),
    _text("checks"),
    _text("unknown"),
    _number("is_starter"),
)

# What an entry says, apart from where in the file it stood: versions share what did not change,
# which keeps a long history small, and a delta is a comparison of hashes.
entry_content = Table(
    "entry_content",
    metadata,
    _key("content_hash"),
    _text("schema"),
    _text("caption"),
    _text("json"),
)

list_entry = Table(
    "list_entry",
    metadata,
    _key("version_id"),
    _number_key("position"),
    _text("entity_id"),
    _text("content_hash"),
    _text("file"),
    _text("locator"),
)

# The last row of a list names its current version; the rows before say what was current when.
list_current = Table(
    "list_current",
    metadata,
    _number_key("sequence"),
    _text("list_id"),
    _text("version_id"),
    _text("set_at"),
)

book_version = Table(
    "book_version",
    metadata,
    _key("book_id"),
    _number_key("version"),
    _text("content_hash"),
    _text("imported_at"),
    _number("parties"),
    _text("source"),
    _text("problems"),
)

# Versions of a book share the parties that did not change, as those of a list share entries.
party_content = Table("party_content", metadata, _key("content_hash"), _text("json"))

book_party = Table(
    "book_party",
    metadata,
    _key("book_id"),
    _number_key("version"),
    _number_key("position"),
    _text("party_id"),
    _text("content_hash"),
)

basis_blob = Table(
    "basis_blob",
    metadata,
    _key("basis_hash"),
    Column("blob", LargeBinary, nullable=False),
    _text("added_at"),
)

basis_current = Table(
    "basis_current",
    metadata,
    _number_key("sequence"),
    _text("basis_hash"),
    _text("set_at"),
)

screening_run = Table(
    "screening_run",
    metadata,
    _key("screening_id"),
    _number("sequence"),
    _text("screened_at"),
    _text("trigger"),
    _text("actor"),
    _text("input_ref"),
    _text("versions"),
    _text("policy"),
    _text("engine"),
    _text("basis_hash"),
    _text("result_hash"),
    _text("tally"),
    _text("subjects"),
    _text("warnings"),
)

screening_outcome = Table(
    "screening_outcome",
    metadata,
    _key("screening_id"),
    _number_key("position"),
    _text("subject_id"),
    _text("json"),
)

# A change closes a row (known_to) and opens another: what stood at any instant can be asked.
standing_hit = Table(
    "standing_hit",
    metadata,
    _number_key("sequence"),
    _text("book_id"),
    _text("party_id"),
    _text("entity_id"),
    _text("list_id"),
    Column("score", Float, nullable=False),
    _text("state"),
    _text("hit"),
    _text("party_hash"),
    _text("entry_hash"),
    _text("known_from"),
    _maybe("known_to"),
    _text("screening_id"),
    _text("note"),
)

suppression = Table(
    "suppression",
    metadata,
    _key("suppression_id"),
    _text("book_id"),
    _text("party_id"),
    _text("entity_id"),
    _text("party_hash"),
    _text("entry_hash"),
    _text("reason"),
    _text("decided_by"),
    _text("decided_at"),
    _maybe("expires_on"),
    _maybe("lapsed_at"),
    _text("lapse_reason"),
)

list_delta = Table(
    "list_delta",
    metadata,
    _key("before_id"),
    _key("after_id"),
    _number("sequence"),
    _text("list_id"),
    _text("found_at"),
    _text("json"),
)

subscription = Table(
    "subscription",
    metadata,
    _key("subscription_id"),
    _text("name"),
    _text("channel"),
    _text("target"),
    _text("created_at"),
    _text("schedule"),
    _text("least"),
    _number("daily_hour"),
    _text("kinds"),
    _text("lists"),
    _text("programmes"),
    _text("countries"),
    _text("books"),
    _text("groups"),
    _text("secret"),
    _number("has_details"),
    _maybe("ended_at"),
)

event = Table(
    "event",
    metadata,
    _key("event_id"),
    _number("sequence"),
    _text("kind"),
    _text("severity"),
    _text("occurred_at"),
    _text("title"),
    _text("text"),
    _text("list_id"),
    _text("programmes"),
    _text("countries"),
    _text("book_id"),
    _text("party_id"),
    _text("groups"),
    _text("entity_id"),
    _text("data"),
)

delivery = Table(
    "delivery",
    metadata,
    _key("delivery_id"),
    _number("sequence"),
    _text("subscription_id"),
    _text("event_ids"),
    _text("status"),
    _number("attempts"),
    _text("due_at"),
    _maybe("delivered_at"),
    _text("last_error"),
)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    _key("delivery_id"),
    _number_key("attempt"),
    _text("holder"),
    _text("began_at"),
    _text("lease_until"),
    _maybe("ended_at"),
    _text("error"),
)

list_state = Table(
    "list_state",
    metadata,
    _key("list_id"),
    _text("health"),
    _text("checked_at"),
    _maybe("succeeded_at"),
    _text("message"),
)

quarantine = Table(
    "quarantine",
    metadata,
    _key("quarantine_id"),
    _number("sequence"),
    _text("list_id"),
    _text("quarantined_at"),
    _text("content_hash"),
    _text("place"),
    _text("reason"),
    _text("checks"),
    _maybe("resolved_at"),
    _text("note"),
)

watch_run = Table(
    "watch_run",
    metadata,
    _key("run_id"),
    _number("sequence"),
    _text("began_at"),
    _text("actor"),
    _maybe("ended_at"),
    _text("status"),
    _text("tally"),
)

watch_step = Table(
    "watch_step",
    metadata,
    _key("run_id"),
    _key("step"),
    _key("key"),
    _text("done_at"),
    _text("detail"),
)

held_lock = Table(
    "held_lock",
    metadata,
    _key("name"),
    _text("holder"),
    _text("acquired_at"),
    _text("expires_at"),
)

audit_record = Table(
    "audit_record",
    metadata,
    _number_key("sequence"),
    _text("occurred_at"),
    _text("actor"),
    _text("action"),
    _text("object"),
    _text("auth_method"),
    _text("address"),
    _text("reason"),
    _text("before"),
    _text("after"),
    _text("details"),
    _text("previous_hash"),
    _text("hash"),
)

# One row: where the chain ends. Without it a log whose last records were cut off looks whole.
audit_head = Table("audit_head", metadata, _number_key("head"), _number("sequence"), _text("hash"))

access_user = Table(
    "access_user",
    metadata,
    _key("user_id"),
    _text("name"),
    _text("role"),
    _text("created_at"),
    _text("password_hash"),
    _text("email"),
    _maybe("ended_at"),
)

access_key = Table(
    "access_key",
    metadata,
    _key("key_id"),
    _text("name"),
    _text("role"),
    _text("secret_hash"),
    _text("created_at"),
    _maybe("expires_at"),
    _maybe("ended_at"),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    _key("key"),
    _key("actor"),
    _text("request_hash"),
    _number("status"),
    _text("body"),
    _text("stored_at"),
)
