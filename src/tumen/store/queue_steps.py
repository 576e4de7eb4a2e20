"""What the queue finds and orders cases by, in SQL that both databases take."""

from __future__ import annotations

# Look-alikes share an entity; `words` is what a search looks in, folded by us, as SQLite folds
# the letters of English only. Ten thousand cases are sorted in the order of an index.
QUEUE = (
    "ALTER TABLE case_summary ADD COLUMN entities TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE case_summary ADD COLUMN words TEXT NOT NULL DEFAULT ''",
    "UPDATE case_summary SET words = lower(title || ' ' || subject_key || ' ' || case_id)",
    "DROP INDEX case_summary_state",
    "CREATE INDEX case_summary_state ON case_summary (state, priority, awaits, assignee)",
    "CREATE INDEX case_summary_score ON case_summary (priority, score DESC, case_id)",
    "CREATE INDEX case_summary_due ON case_summary (due_at, case_id)",
    "CREATE INDEX case_summary_changed ON case_summary (changed_at DESC, case_id)",
)
# A short mark of all entities of a case: the list itself is too long for an index.
LOOK_ALIKES = (
    "ALTER TABLE case_summary ADD COLUMN kin TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX case_summary_kin ON case_summary (kin, state)",
)
