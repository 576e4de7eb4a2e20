"""The tables of due-diligence files, in SQL that both databases take."""

from __future__ import annotations

_REFUSAL = "the history of a due-diligence file is only ever added to"
_SQLITE_GUARD = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"

DILIGENCE = (
    """CREATE TABLE diligence_record (
        book_id TEXT NOT NULL,
        party_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        act TEXT NOT NULL,
        field_id TEXT NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        details TEXT NOT NULL,
        PRIMARY KEY (book_id, party_id, sequence)
    )""",
)

DILIGENCE_GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER diligence_update BEFORE UPDATE ON diligence_record {_SQLITE_GUARD}",
        f"CREATE TRIGGER diligence_delete BEFORE DELETE ON diligence_record {_SQLITE_GUARD}",
    ),
    "postgresql": (
        f"""CREATE FUNCTION refuse_diligence_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
        """CREATE TRIGGER diligence_change BEFORE UPDATE OR DELETE OR TRUNCATE
            ON diligence_record EXECUTE FUNCTION refuse_diligence_change()""",
    ),
}
