"""The tables of people at browsers: persons behind accounts, sessions, delegations."""

from __future__ import annotations

PEOPLE = (
    "ALTER TABLE access_user ADD COLUMN person TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE access_session (
        token_hash TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        began_at TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        acting_for TEXT NOT NULL,
        ended_at TEXT
    )""",
    """CREATE TABLE access_delegation (
        delegation_id TEXT PRIMARY KEY,
        from_name TEXT NOT NULL,
        to_name TEXT NOT NULL,
        granted_by TEXT NOT NULL,
        granted_at TEXT NOT NULL,
        begins_at TEXT NOT NULL,
        ends_at TEXT NOT NULL,
        ended_at TEXT
    )""",
    "CREATE INDEX access_delegation_to ON access_delegation (to_name)",
)
