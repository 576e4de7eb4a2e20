"""The tables of the help desk and its briefings, in SQL that both databases take."""

from __future__ import annotations

_REFUSAL = "settings and briefings are only ever added to"
_ADDED_TO = ("desk_settings", "briefing_version")

HELP_DESK = (
    """CREATE TABLE desk_settings (
        version INTEGER PRIMARY KEY,
        set_at TEXT NOT NULL,
        set_by TEXT NOT NULL,
        settings TEXT NOT NULL
    )""",
    """CREATE TABLE help_contact (
        case_id TEXT PRIMARY KEY,
        reference TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        received_at TEXT NOT NULL,
        name TEXT NOT NULL,
        email TEXT NOT NULL,
        telephone TEXT NOT NULL,
        organisation TEXT NOT NULL,
        asked_by TEXT NOT NULL
    )""",
    """CREATE TABLE briefing_version (
        briefing_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        slug TEXT NOT NULL,
        state TEXT NOT NULL,
        content TEXT NOT NULL,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        published_at TEXT,
        note TEXT NOT NULL,
        PRIMARY KEY (briefing_id, version)
    )""",
    "CREATE INDEX briefing_version_slug ON briefing_version (slug)",
    """CREATE TABLE reader (
        reader_id TEXT PRIMARY KEY,
        email TEXT NOT NULL,
        topics TEXT NOT NULL,
        confirm_hash TEXT NOT NULL UNIQUE,
        leave_token TEXT NOT NULL UNIQUE,
        asked_at TEXT NOT NULL,
        confirmed_at TEXT,
        ended_at TEXT
    )""",
    "CREATE INDEX reader_email ON reader (email)",
    """CREATE TABLE letter (
        letter_id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        address TEXT NOT NULL,
        subject TEXT NOT NULL,
        text TEXT NOT NULL,
        html TEXT NOT NULL,
        created_at TEXT NOT NULL,
        due_at TEXT NOT NULL,
        reader_id TEXT NOT NULL,
        leave_url TEXT NOT NULL,
        about TEXT NOT NULL,
        status TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        holder TEXT NOT NULL,
        lease_until TEXT,
        settled_at TEXT,
        last_error TEXT NOT NULL
    )""",
    "CREATE INDEX letter_due ON letter (status, due_at)",
)

HELP_DESK_GUARDS = {
    "sqlite": tuple(
        f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for table in _ADDED_TO
        for act in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        f"""CREATE FUNCTION refuse_desk_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
        *(
            f"""CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE OR TRUNCATE
                ON {table} EXECUTE FUNCTION refuse_desk_change()"""
            for table in _ADDED_TO
        ),
    ),
}
