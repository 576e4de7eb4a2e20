"""The audit log: nothing in it is changed unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Row, insert, text
from stored_things import NOW, a_deed, trial

from tumen.errors import StoreError, TumenError
from tumen.model.audit import GENESIS, AuditEntry, chained
from tumen.store import Store, Work
from tumen.store.instants import json_text
from tumen.store.tables import audit_record

GUARDS = (
    ("audit_record_update", "audit_record"),
    ("audit_record_delete", "audit_record"),
    ("audit_record_change", "audit_record"),
    ("audit_head_delete", "audit_head"),
    ("audit_head_update", "audit_head"),
)


def log(work: Work, count: int) -> None:
    """Write so many records."""
    work.audit.append_all(a_deed(number) for number in range(1, count + 1))


def unguarded(work: Work) -> Connection:
    """The connection with the guards gone, as somebody with a database tool has it."""
    connection = work._connection
    for trigger, table in GUARDS:
        on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger}{on}")
    return connection


def test_records_come_back_in_their_chain(store: Store) -> None:
    """Each holds the hash of the one before; the first follows the genesis hash."""
    with store.writing() as work:
        made = [work.audit.append(a_deed(number)) for number in (1, 2, 3)]
        assert work.audit.head() == (3, made[-1].hash)
    with store.reading() as work:
        records = work.audit.records()
        assert records == made
        assert records[0].previous_hash == GENESIS
        assert [record.previous_hash for record in records[1:]] == [r.hash for r in records[:2]]
        assert records[1] == chained(2, a_deed(2), records[0].hash)
        assert work.audit.verify() == []


def test_records_added_together_are_chained_as_one_by_one(store: Store) -> None:
    """A busy service writes a batch in one transaction; the log does not show it."""
    with trial(store) as work:
        one_by_one = [work.audit.append(a_deed(number)) for number in range(1, 1200)]
    with store.writing() as work:
        assert work.audit.append_all([]) == []
        together = work.audit.append_all(a_deed(number) for number in range(1, 1200))
        assert together == one_by_one
        assert work.audit.verify() == []
        assert work.audit.append(a_deed(1200)).sequence == 1200


def test_an_empty_log_is_intact(store: Store) -> None:
    """A fresh store has a head and no record."""
    with store.reading() as work:
        assert work.audit.head() == (0, GENESIS)
        assert work.audit.verify() == []


def test_what_is_hashed_is_what_is_read_back(store: Store) -> None:
    """An instant of another zone, a tuple, NUL in a name: the chain holds none the less."""
    seoul = timezone(timedelta(hours=9))
    strange = a_deed(
        1,
        occurred_at=NOW.astimezone(seoul),
        actor="an\0a",
        reason="half \ud83d of it",
        details={"tuple": (1, 2), "at": NOW, "none": None, "korean": "김"},
    )
    with store.writing() as work:
        work.audit.append(strange)
        work.audit.append(a_deed(2))
        assert work.audit.verify() == []
        (record, _) = work.audit.records()
    assert record.entry.occurred_at == NOW
    assert record.entry.actor == "an\ufffda"
    assert record.entry.details["tuple"] == [1, 2]


def test_records_can_be_asked_for(store: Store) -> None:
    """By actor and object, in pages from the beginning, or the last ones."""
    with store.writing() as work:
        log(work, 9)

        def numbers(**wanted: object) -> list[int]:
            return [record.sequence for record in work.audit.records(**wanted)]

        assert numbers(limit=3) == [1, 2, 3]
        assert numbers(limit=3, after=3) == [4, 5, 6]
        assert numbers(actor="ben") == [2, 4, 6, 8]
        assert numbers(actor="ben", object="clients/P0") == [6]
        assert [record.sequence for record in work.audit.latest(2)] == [8, 9]
        assert [record.sequence for record in work.audit.latest(9, "ana", "clients/P1")] == [1, 7]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET actor = 'nobody'",
        "UPDATE audit_record SET actor = 'nobody' WHERE sequence = 2",
        "DELETE FROM audit_record WHERE sequence = 3",
        "DELETE FROM audit_record",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET sequence = 1",
        "UPDATE audit_head SET hash = 'x'",
    ],
)
def test_the_database_refuses_to_change_it(store: Store, statement: str) -> None:
    """Whoever has only this tumen in hand cannot edit the log by mistake."""
    with store.writing() as work:
        log(work, 3)
    with pytest.raises(TumenError, match="append-only"), store.writing() as work:
        work._connection.execute(text(statement))
    with store.reading() as work:
        assert work.audit.verify() == []


def test_postgresql_refuses_to_empty_it(store: Store) -> None:
    """TRUNCATE passes row triggers by."""
    if store._engine.dialect.name == "sqlite":
        return
    for table in ("audit_record", "audit_head"):
        with pytest.raises(TumenError, match="append-only"), store.writing() as work:
            work._connection.execute(text(f"TRUNCATE {table}"))


COLUMNS = [one.name for one in audit_record.columns if one.name != "sequence"]
places = st.integers(1, 6)
tricks = st.one_of(
    st.tuples(st.just("change"), places, st.sampled_from(COLUMNS), st.text("aZ09é", max_size=3)),
    st.tuples(st.just("remove"), places, places, st.none()),
    st.tuples(st.just("swap"), places, places, st.none()),
    st.tuples(st.just("insert"), places, st.booleans(), st.none()),
    st.tuples(st.just("renumber"), places, st.integers(-3, 20), st.none()),
    st.tuples(st.just("append"), st.booleans(), st.none(), st.none()),
    st.tuples(st.just("cut"), places, st.none(), st.none()),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tricks)
def test_any_single_trick_is_found(store: Store, trick: tuple[str, object, object, object]) -> None:
    """A record changed, removed, swapped, inserted, renumbered, added or cut off shows."""
    kind, *details = trick
    with trial(store) as work:
        log(work, 6)
        connection = unguarded(work)
        assert work.audit.verify() == []
        numbers = TRICKS[kind](connection, *details)
        problems = work.audit.verify()
        assert problems
        assert any(str(number) in " ".join(problems) for number in numbers)


def _row(connection: Connection, number: int) -> Row:
    found = connection.execute(audit_record.select().where(audit_record.c.sequence == number))
    return found.one()


def _change(connection: Connection, number: int, column: str, value: str) -> list[int]:
    assume(getattr(_row(connection, number), column) != value)
    values = {column: value}
    connection.execute(
        audit_record.update().where(audit_record.c.sequence == number).values(values)
    )
    return [number]


def _remove(connection: Connection, first: int, last: int, _: None) -> list[int]:
    assume(first <= last)
    gone = audit_record.c.sequence.between(first, last)
    connection.execute(audit_record.delete().where(gone))
    return [first]


def _swap(connection: Connection, one: int, other: int, _: None) -> list[int]:
    """The contents of two records change places, hashes and all."""
    assume(one != other)
    rows = [_row(connection, number)._asdict() for number in (one, other)]
    connection.execute(audit_record.delete().where(audit_record.c.sequence.in_([one, other])))
    for row, number in zip(rows, (other, one), strict=True):
        connection.execute(insert(audit_record).values({**row, "sequence": number}))
    return [one, other]


def _insert(connection: Connection, number: int, is_chained: bool, _: None) -> list[int]:
    """A record of one's own, with those after it moved up, properly hashed or not."""
    for at in range(6, number - 1, -1):
        connection.execute(
            audit_record.update().where(audit_record.c.sequence == at).values(sequence=at + 1)
        )
    before = _row(connection, number - 1).hash if number > 1 else GENESIS
    _add(connection, number, a_deed(99), before if is_chained else GENESIS[::-1])
    return [number, number + 1]


def _renumber(connection: Connection, number: int, to: int, _: None) -> list[int]:
    assume(to not in range(1, 7))
    connection.execute(
        audit_record.update().where(audit_record.c.sequence == number).values(sequence=to)
    )
    return [number, to]


def _append(connection: Connection, is_chained: bool, *_: None) -> list[int]:
    """A record added past the head, as one who does not know of the head would."""
    _add(connection, 7, a_deed(7), _row(connection, 6).hash if is_chained else "x")
    return [7]


def _cut(connection: Connection, first: int, *_: None) -> list[int]:
    connection.execute(audit_record.delete().where(audit_record.c.sequence >= first))
    return [first]


def _add(connection: Connection, number: int, entry: AuditEntry, before: str) -> None:
    model = _row(connection, 1 if number > 1 else 2)._asdict()
    record = chained(number, entry, before)
    row = {
        **model,
        "sequence": number,
        "occurred_at": entry.occurred_at.isoformat(),
        "actor": entry.actor,
        "object": entry.object,
        "details": json_text(dict(entry.details)),
        "previous_hash": before,
        "hash": record.hash,
    }
    connection.execute(insert(audit_record).values(row))


TRICKS = {
    "change": _change,
    "remove": _remove,
    "swap": _swap,
    "insert": _insert,
    "renumber": _renumber,
    "append": _append,
    "cut": _cut,
}


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM audit_head", "head of the log"),
        ("INSERT INTO audit_head VALUES (2, 3, 'x')", "removed or doubled"),
        ("UPDATE audit_head SET hash = 'x'", "hash of record 3"),
        ("UPDATE audit_head SET sequence = 2", "Record 3 was added past the end"),
        ("DELETE FROM audit_record WHERE sequence > 1", "Records 2 to 3 were removed from the end"),
        ("DELETE FROM audit_record", "Records 1 to 3 were removed from the end"),
        ("UPDATE audit_record SET details = '{' WHERE sequence = 2", "Record 2 was changed"),
        ("UPDATE audit_record SET occurred_at = '' WHERE sequence = 2", "Record 2 was changed"),
        ("UPDATE audit_record SET details = '[]' WHERE sequence = 2", "Record 2 was changed"),
    ],
)
def test_each_damage_is_named(store: Store, statement: str, problem: str) -> None:
    """The message says which records, so that a backup can be searched for them."""
    with trial(store) as work:
        log(work, 3)
        unguarded(work).execute(text(statement))
        assert problem in " ".join(work.audit.verify())


def test_spaces_put_into_the_details_are_a_change(store: Store) -> None:
    """Also what means the same was not written by us."""
    with trial(store) as work:
        log(work, 2)
        unguarded(work).execute(
            text("UPDATE audit_record SET details = details || ' ' WHERE sequence = 1")
        )
        assert work.audit.verify() == ["Record 1 was changed"]


def test_a_log_written_anew_is_found_by_a_head_noted_elsewhere(store: Store) -> None:
    """A chain alone cannot show that all of it was replaced; a note of its head can."""
    with trial(store) as work:
        log(work, 3)
        noted = work.audit.head()
        connection = unguarded(work)
        connection.execute(text("DELETE FROM audit_record"))
        connection.execute(text("UPDATE audit_head SET sequence = 0, hash = :h"), {"h": GENESIS})
        for number in (1, 2, 3, 4):
            work.audit.append(replace(a_deed(number), actor="somebody else"))
        assert work.audit.verify() == []
        assert work.audit.verify(noted) == ["Record 3 does not have the hash that was noted for it"]


def test_a_head_noted_earlier_holds_while_the_log_grows(store: Store) -> None:
    """Notes of every month stay good."""
    with store.writing() as work:
        notes = []
        for number in (1, 2, 3):
            notes.append(work.audit.head())
            work.audit.append(a_deed(number))
        assert all(work.audit.verify(noted) == [] for noted in notes)


def test_nothing_is_added_to_a_log_without_a_head(store: Store) -> None:
    """A record that nobody could verify would be worse than an error."""
    with trial(store) as work:
        log(work, 1)
        unguarded(work).execute(text("DELETE FROM audit_head"))
        with pytest.raises(StoreError, match="audit verify"):
            work.audit.append(a_deed(2))


def test_a_long_log_is_verified_in_parts(store: Store) -> None:
    """More records than are read at once, with one removed at a seam."""
    with trial(store) as work:
        log(work, 1000)
        assert work.audit.verify() == []
        unguarded(work).execute(text("DELETE FROM audit_record WHERE sequence = 901"))
        assert work.audit.verify() == ["Record 901 was removed"]
