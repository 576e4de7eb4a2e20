"""The SQL of the migrations after the first. What was released is never changed here."""

from __future__ import annotations

from tumen.model.audit import GENESIS

BOOKS = (
    """CREATE TABLE book_version (
        book_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        content_hash TEXT NOT NULL,
        imported_at TEXT NOT NULL,
        parties INTEGER NOT NULL,
        source TEXT NOT NULL,
        problems TEXT NOT NULL,
        PRIMARY KEY (book_id, version)
    )""",
    """CREATE TABLE party_content (
        content_hash TEXT PRIMARY KEY,
        json TEXT NOT NULL
    )""",
    """CREATE TABLE book_party (
        book_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        position INTEGER NOT NULL,
        party_id TEXT NOT NULL,
        content_hash TEXT NOT NULL REFERENCES party_content (content_hash),
        PRIMARY KEY (book_id, version, position),
        FOREIGN KEY (book_id, version) REFERENCES book_version (book_id, version)
    )""",
    "CREATE UNIQUE INDEX book_party_party ON book_party (book_id, version, party_id)",
)

SCREENINGS = (
    """CREATE TABLE basis_blob (
        basis_hash TEXT PRIMARY KEY,
        blob BYTEA NOT NULL,
        added_at TEXT NOT NULL
    )""",
    """CREATE TABLE basis_current (
        sequence INTEGER PRIMARY KEY,
        basis_hash TEXT NOT NULL REFERENCES basis_blob (basis_hash),
        set_at TEXT NOT NULL
    )""",
    """CREATE TABLE screening_run (
        screening_id TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL UNIQUE,
        screened_at TEXT NOT NULL,
        trigger TEXT NOT NULL,
        actor TEXT NOT NULL,
        input_ref TEXT NOT NULL,
        versions TEXT NOT NULL,
        policy TEXT NOT NULL,
        engine TEXT NOT NULL,
        basis_hash TEXT NOT NULL,
        result_hash TEXT NOT NULL,
        tally TEXT NOT NULL,
        subjects TEXT NOT NULL,
        warnings TEXT NOT NULL
    )""",
    """CREATE TABLE screening_outcome (
        screening_id TEXT NOT NULL REFERENCES screening_run (screening_id),
        position INTEGER NOT NULL,
        subject_id TEXT NOT NULL,
        json TEXT NOT NULL,
        PRIMARY KEY (screening_id, position)
    )""",
    """CREATE TABLE standing_hit (
        sequence INTEGER PRIMARY KEY,
        book_id TEXT NOT NULL,
        party_id TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        list_id TEXT NOT NULL,
        score DOUBLE PRECISION NOT NULL,
        state TEXT NOT NULL,
        hit TEXT NOT NULL,
        party_hash TEXT NOT NULL,
        entry_hash TEXT NOT NULL,
        known_from TEXT NOT NULL,
        known_to TEXT,
        screening_id TEXT NOT NULL,
        note TEXT NOT NULL
    )""",
    "CREATE INDEX standing_hit_pair ON standing_hit (book_id, party_id, entity_id, known_from)",
    "CREATE INDEX standing_hit_entity ON standing_hit (entity_id, book_id)",
    """CREATE UNIQUE INDEX standing_hit_now ON standing_hit (book_id, party_id, entity_id)
        WHERE known_to IS NULL""",
    """CREATE TABLE suppression (
        suppression_id TEXT PRIMARY KEY,
        book_id TEXT NOT NULL,
        party_id TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        party_hash TEXT NOT NULL,
        entry_hash TEXT NOT NULL,
        reason TEXT NOT NULL,
        decided_by TEXT NOT NULL,
        decided_at TEXT NOT NULL,
        expires_on TEXT,
        lapsed_at TEXT,
        lapse_reason TEXT NOT NULL
    )""",
    "CREATE INDEX suppression_pair ON suppression (book_id, party_id, entity_id)",
)

WATCHING = (
    """CREATE TABLE list_delta (
        before_id TEXT NOT NULL,
        after_id TEXT NOT NULL,
        sequence INTEGER NOT NULL UNIQUE,
        list_id TEXT NOT NULL,
        found_at TEXT NOT NULL,
        json TEXT NOT NULL,
        PRIMARY KEY (before_id, after_id)
    )""",
    "CREATE INDEX list_delta_list ON list_delta (list_id, sequence)",
    """CREATE TABLE subscription (
        subscription_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        channel TEXT NOT NULL,
        target TEXT NOT NULL,
        created_at TEXT NOT NULL,
        schedule TEXT NOT NULL,
        least TEXT NOT NULL,
        daily_hour INTEGER NOT NULL,
        kinds TEXT NOT NULL,
        lists TEXT NOT NULL,
        programmes TEXT NOT NULL,
        countries TEXT NOT NULL,
        books TEXT NOT NULL,
        groups TEXT NOT NULL,
        secret TEXT NOT NULL,
        has_details INTEGER NOT NULL,
        ended_at TEXT
    )""",
    """CREATE TABLE event (
        event_id TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        severity TEXT NOT NULL,
        occurred_at TEXT NOT NULL,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        list_id TEXT NOT NULL,
        programmes TEXT NOT NULL,
        countries TEXT NOT NULL,
        book_id TEXT NOT NULL,
        party_id TEXT NOT NULL,
        groups TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        data TEXT NOT NULL
    )""",
    """CREATE TABLE delivery (
        delivery_id TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL UNIQUE,
        subscription_id TEXT NOT NULL,
        event_ids TEXT NOT NULL,
        status TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        due_at TEXT NOT NULL,
        delivered_at TEXT,
        last_error TEXT NOT NULL
    )""",
    "CREATE INDEX delivery_due ON delivery (status, due_at)",
    """CREATE TABLE list_state (
        list_id TEXT PRIMARY KEY,
        health TEXT NOT NULL,
        checked_at TEXT NOT NULL,
        succeeded_at TEXT,
        message TEXT NOT NULL
    )""",
    """CREATE TABLE quarantine (
        quarantine_id TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL UNIQUE,
        list_id TEXT NOT NULL,
        quarantined_at TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        place TEXT NOT NULL,
        reason TEXT NOT NULL,
        checks TEXT NOT NULL,
        resolved_at TEXT,
        note TEXT NOT NULL
    )""",
    """CREATE TABLE watch_run (
        run_id TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL UNIQUE,
        began_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        ended_at TEXT,
        status TEXT NOT NULL,
        tally TEXT NOT NULL
    )""",
    """CREATE TABLE watch_step (
        run_id TEXT NOT NULL REFERENCES watch_run (run_id),
        step TEXT NOT NULL,
        key TEXT NOT NULL,
        done_at TEXT NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (run_id, step, key)
    )""",
    """CREATE TABLE held_lock (
        name TEXT PRIMARY KEY,
        holder TEXT NOT NULL,
        acquired_at TEXT NOT NULL,
        expires_at TEXT NOT NULL
    )""",
)

AUDIT = (
    """CREATE TABLE audit_record (
        sequence INTEGER PRIMARY KEY,
        occurred_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        object TEXT NOT NULL,
        auth_method TEXT NOT NULL,
        address TEXT NOT NULL,
        reason TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        details TEXT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
    )""",
    "CREATE INDEX audit_record_actor ON audit_record (actor, sequence)",
    "CREATE INDEX audit_record_object ON audit_record (object, sequence)",
    """CREATE TABLE audit_head (
        head INTEGER PRIMARY KEY,
        sequence INTEGER NOT NULL,
        hash TEXT NOT NULL
    )""",
    f"INSERT INTO audit_head (head, sequence, hash) VALUES (1, 0, '{GENESIS}')",
)

# Guards keep honest hands off; what gets past them (a file edited, a trigger dropped) breaks the
# chain of hashes, which `tumen audit verify` finds.
_REFUSAL = "The audit log is append-only"
_SQLITE_GUARD = "BEGIN SELECT RAISE(ABORT, '" + _REFUSAL + "'); END"
AUDIT_GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER audit_record_update BEFORE UPDATE ON audit_record {_SQLITE_GUARD}",
        f"CREATE TRIGGER audit_record_delete BEFORE DELETE ON audit_record {_SQLITE_GUARD}",
        f"CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head {_SQLITE_GUARD}",
        f"""CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head
            WHEN NEW.sequence <= OLD.sequence OR NEW.head <> OLD.head {_SQLITE_GUARD}""",
    ),
    "postgresql": (
        f"""CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
        """CREATE TRIGGER audit_record_change BEFORE UPDATE OR DELETE OR TRUNCATE
            ON audit_record EXECUTE FUNCTION refuse_audit_change()""",
        """CREATE TRIGGER audit_head_delete BEFORE DELETE OR TRUNCATE
            ON audit_head EXECUTE FUNCTION refuse_audit_change()""",
        """CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head FOR EACH ROW
            WHEN (NEW.sequence <= OLD.sequence OR NEW.head <> OLD.head)
            EXECUTE FUNCTION refuse_audit_change()""",
    ),
}

ACCESS = (
    """CREATE TABLE access_user (
        user_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        created_at TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        email TEXT NOT NULL,
        ended_at TEXT
    )""",
    "CREATE UNIQUE INDEX access_user_name ON access_user (name) WHERE ended_at IS NULL",
    """CREATE TABLE access_key (
        key_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        secret_hash TEXT NOT NULL,
        created_at TEXT NOT NULL,
        expires_at TEXT,
        ended_at TEXT
    )""",
    """CREATE TABLE idempotency_key (
        key TEXT NOT NULL,
        actor TEXT NOT NULL,
        request_hash TEXT NOT NULL,
        status INTEGER NOT NULL,
        body TEXT NOT NULL,
        stored_at TEXT NOT NULL,
        PRIMARY KEY (key, actor)
    )""",
)

ATTEMPTS = (
    """CREATE TABLE delivery_attempt (
        delivery_id TEXT NOT NULL REFERENCES delivery (delivery_id),
        attempt INTEGER NOT NULL,
        holder TEXT NOT NULL,
        began_at TEXT NOT NULL,
        lease_until TEXT NOT NULL,
        ended_at TEXT,
        error TEXT NOT NULL,
        PRIMARY KEY (delivery_id, attempt)
    )""",
)
