"""How the tables came to be, step by step. A step that was released is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection, inspect

from tumen.errors import RequestError
from tumen.store.case_steps import CASE_GUARDS, CASES
from tumen.store.desk_steps import HELP_DESK, HELP_DESK_GUARDS
from tumen.store.diligence_steps import DILIGENCE, DILIGENCE_GUARDS
from tumen.store.outcome_steps import OUTCOMES
from tumen.store.people_steps import PEOPLE
from tumen.store.policy_steps import POLICIES, POLICY_GUARDS
from tumen.store.queue_steps import LOOK_ALIKES, QUEUE
from tumen.store.steps import ACCESS, ATTEMPTS, AUDIT, AUDIT_GUARDS, BOOKS, SCREENINGS, WATCHING


class Step(NamedTuple):
    """One migration: plain SQL that SQLite and PostgreSQL both take.

    `guards` are triggers, which each database (`sqlite`, `postgresql`) words in its own way.
    """

    number: int
    name: str
    statements: tuple[str, ...]
    guards: Mapping[str, tuple[str, ...]] = MappingProxyType({})


STEPS = (
    Step(
        1,
        "list versions",
        (
            """CREATE TABLE list_version (
                version_id TEXT PRIMARY KEY,
                sequence INTEGER NOT NULL UNIQUE,
                list_id TEXT NOT NULL,
                content_hash TEXT NOT NULL,
                format TEXT NOT NULL,
                published_on TEXT,
                retrieved_at TEXT NOT NULL,
                entries INTEGER NOT NULL,
                names INTEGER NOT NULL,
                files TEXT NOT NULL,
                checks TEXT NOT NULL,
                unknown TEXT NOT NULL,
                is_starter INTEGER NOT NULL,
                UNIQUE (list_id, content_hash)
            )""",
            """CREATE TABLE entry_content (
                content_hash TEXT PRIMARY KEY,
                schema TEXT NOT NULL,
                caption TEXT NOT NULL,
                json TEXT NOT NULL
            )""",
            """CREATE TABLE list_entry (
                version_id TEXT NOT NULL REFERENCES list_version (version_id),
                position INTEGER NOT NULL,
                entity_id TEXT NOT NULL,
                content_hash TEXT NOT NULL REFERENCES entry_content (content_hash),
                file TEXT NOT NULL,
                locator TEXT NOT NULL,
                PRIMARY KEY (version_id, position)
            )""",
            "CREATE UNIQUE INDEX list_entry_entity ON list_entry (entity_id, version_id)",
            """CREATE TABLE list_current (
                sequence INTEGER PRIMARY KEY,
                list_id TEXT NOT NULL,
                version_id TEXT NOT NULL REFERENCES list_version (version_id),
                set_at TEXT NOT NULL
            )""",
        ),
    ),
    Step(2, "books of parties", BOOKS),
    Step(3, "screenings and standing hits", SCREENINGS),
    Step(4, "watching", WATCHING),
    Step(5, "audit log", AUDIT, AUDIT_GUARDS),
    Step(6, "access", ACCESS),
    Step(7, "attempts to deliver", ATTEMPTS),
    Step(8, "cases", CASES, CASE_GUARDS),
    Step(9, "people at browsers", PEOPLE),
    Step(10, "help desk and briefings", HELP_DESK, HELP_DESK_GUARDS),
    Step(11, "due-diligence files", DILIGENCE, DILIGENCE_GUARDS),
    Step(12, "queue of cases", QUEUE),
    Step(13, "policies", POLICIES, POLICY_GUARDS),
    Step(14, "cases that look alike", LOOK_ALIKES),
    Step(15, "outcomes by subject", OUTCOMES),
)
LATEST = STEPS[-1].number
# What the guards call in PostgreSQL, where functions stand beside the tables.
GUARD_FUNCTIONS = frozenset(
    {
        "refuse_audit_change",
        "refuse_case_change",
        "refuse_desk_change",
        "refuse_diligence_change",
        "refuse_policy_change",
    }
)


def applied(connection: Connection) -> int:
    """The number of the last step this database has; 0 for an empty one."""
    if not inspect(connection).has_table("schema_version"):
        return 0
    found = connection.exec_driver_sql("SELECT MAX(number) FROM schema_version").scalar()
    return int(found or 0)


def migrate(connection: Connection) -> None:
    """Apply the steps that this database lacks, inside the caller's transaction.

    Raises RequestError for a database that a newer tumen has written.
    """
    done = applied(connection)
    check_known(done)
    if done == 0 and connection.dialect.name == "sqlite" and inspect(connection).get_table_names():
        raise RequestError("This file is a database of another program: name another one")
    make_tables(connection, done, LATEST)
    add_guards(connection, done, LATEST)


def check_known(schema: int) -> None:
    """Raises RequestError for a schema number that only a newer tumen knows."""
    if schema > LATEST:
        raise RequestError(
            f"This store has schema {schema}, this tumen knows up to {LATEST}: use a newer tumen"
        )


def make_tables(connection: Connection, done: int, up_to: int) -> None:
    """Apply the steps after `done`, without their guards."""
    if done == 0:
        connection.exec_driver_sql(
            "CREATE TABLE schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"
        )
    for step in STEPS[done:up_to]:
        for statement in step.statements:
            connection.exec_driver_sql(_worded(connection, statement))
        connection.exec_driver_sql(
            f"INSERT INTO schema_version (number, name) VALUES ({step.number}, '{step.name}')"
        )


def add_guards(connection: Connection, done: int, up_to: int) -> None:
    """Add the guards of the steps after `done`."""
    for step in STEPS[done:up_to]:
        for guard in step.guards.get(connection.dialect.name, ()):
            connection.exec_driver_sql(guard)


def _worded(connection: Connection, statement: str) -> str:
    # Text is in byte order everywhere, whatever language the server was set up for.
    if connection.dialect.name == "postgresql":
        return statement.replace(" TEXT", ' TEXT COLLATE "C"')
    return statement
