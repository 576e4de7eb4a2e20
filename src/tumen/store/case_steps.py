"""The tables of casework, in SQL that both databases take."""

from __future__ import annotations

_REFUSAL = "the history of a case is only ever added to"
_SQLITE_GUARD = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"

CASES = (
    """CREATE TABLE case_record (
        case_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        act TEXT NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        details TEXT NOT NULL,
        PRIMARY KEY (case_id, sequence)
    )""",
    """CREATE TABLE case_summary (
        case_id TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL,
        state TEXT NOT NULL,
        priority TEXT NOT NULL,
        origin TEXT NOT NULL,
        title TEXT NOT NULL,
        subject_key TEXT NOT NULL,
        book_id TEXT NOT NULL,
        assignee TEXT NOT NULL,
        score DOUBLE PRECISION NOT NULL,
        hits INTEGER NOT NULL,
        lists TEXT NOT NULL,
        tags TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        due_at TEXT,
        awaits TEXT NOT NULL,
        recommended_by TEXT NOT NULL
    )""",
    "CREATE INDEX case_summary_state ON case_summary (state, priority, score)",
    "CREATE INDEX case_summary_subject ON case_summary (subject_key)",
    """CREATE TABLE attachment (
        sha256 TEXT PRIMARY KEY,
        media_type TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        stored_at TEXT NOT NULL,
        content BYTEA NOT NULL
    )""",
)

CASE_GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER case_record_update BEFORE UPDATE ON case_record {_SQLITE_GUARD}",
        f"CREATE TRIGGER case_record_delete BEFORE DELETE ON case_record {_SQLITE_GUARD}",
    ),
    "postgresql": (
        f"""CREATE FUNCTION refuse_case_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
        """CREATE TRIGGER case_record_change BEFORE UPDATE OR DELETE OR TRUNCATE
            ON case_record EXECUTE FUNCTION refuse_case_change()""",
    ),
}
