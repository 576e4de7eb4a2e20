"""The tables of policies, in SQL that both databases take."""

from __future__ import annotations

_REFUSAL = "policies are only ever added to"
_TABLES = ("policy_proposal", "policy_in_force")
_SQLITE_GUARD = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"

POLICIES = (
    """CREATE TABLE policy_proposal (
        policy_id TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL UNIQUE,
        case_id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        content TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        proposed_by TEXT NOT NULL,
        proposed_at TEXT NOT NULL,
        text TEXT NOT NULL
    )""",
    """CREATE TABLE policy_in_force (
        sequence INTEGER PRIMARY KEY,
        policy_id TEXT NOT NULL UNIQUE REFERENCES policy_proposal (policy_id),
        approved_by TEXT NOT NULL,
        in_force_from TEXT NOT NULL
    )""",
)

POLICY_GUARDS = {
    "sqlite": tuple(
        f"CREATE TRIGGER {table}_{change} BEFORE {change} ON {table} {_SQLITE_GUARD}"
        for table in _TABLES
        for change in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        f"""CREATE FUNCTION refuse_policy_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
        *(
            f"""CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE OR TRUNCATE
            ON {table} EXECUTE FUNCTION refuse_policy_change()"""
            for table in _TABLES
        ),
    ),
}
