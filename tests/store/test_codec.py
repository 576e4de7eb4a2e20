"""The way between the vocabulary and rows: nothing is lost, order is time, old rows stay read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from types import NoneType, SimpleNamespace, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table

from tumen.errors import RequestError
from tumen.model.access import ApiKey, User
from tumen.model.audit import AuditEntry
from tumen.model.briefing import Briefing
from tumen.model.delta import Delta, EntryChange
from tumen.model.desk import HelpContact, Letter, Reader
from tumen.model.screening import Hit, Screening
from tumen.model.watching import (
    BookVersion,
    Delivery,
    DeliveryAttempt,
    Event,
    ListState,
    Party,
    ScreeningRun,
    StandingHit,
    Subscription,
    Suppression,
)
from tumen.store import desk_tables, tables, watch_tables
from tumen.store.codec import Codec
from tumen.store.desk_settings import SettingsVersion
from tumen.store.instants import instant_text, json_text, plain_text
from tumen.store.journal import WatchRun
from tumen.store.quarantine import Quarantined

# The dataclasses that are rows, and their tables.
ROWS: list[tuple[type, Table]] = [
    (BookVersion, tables.book_version),
    (ScreeningRun, tables.screening_run),
    (StandingHit, tables.standing_hit),
    (Suppression, tables.suppression),
    (Subscription, watch_tables.subscription),
    (Event, watch_tables.event),
    (Delivery, watch_tables.delivery),
    (DeliveryAttempt, watch_tables.delivery_attempt),
    (ListState, watch_tables.list_state),
    (Quarantined, watch_tables.quarantine),
    (WatchRun, watch_tables.watch_run),
    (AuditEntry, tables.audit_record),
    (User, tables.access_user),
    (ApiKey, tables.access_key),
    (SettingsVersion, desk_tables.desk_settings),
    (HelpContact, desk_tables.help_contact),
    (Briefing, desk_tables.briefing_version),
    (Reader, desk_tables.reader),
    (Letter, desk_tables.letter),
]
# Those that are JSON text.
TEXTS = [Party, Delta, EntryChange, Screening, Hit]

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
numbers = st.floats(allow_nan=False, allow_infinity=False)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
instants = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001
SCALARS = {
    str: texts,
    int: st.integers(-(2**31), 2**31 - 1),
    float: numbers,
    bool: st.booleans(),
    datetime: instants,
    date: st.dates(),
    Any: jsons,
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that a field of this type may have."""
    if hint in SCALARS:
        return SCALARS[hint]
    if get_origin(hint) is UnionType:
        return st.one_of(st.none(), *(values(one) for one in get_args(hint) if one is not NoneType))
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    if get_origin(hint) is Mapping:
        return st.dictionaries(texts, values(get_args(hint)[1]), max_size=3)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(hint, **{one.name: values(hints[one.name]) for one in fields(hint)})
    return st.sampled_from(hint)


@pytest.mark.parametrize("kind", [kind for kind, _ in ROWS], ids=lambda kind: kind.__name__)
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_object_survives_its_row(kind: type, data: st.DataObject) -> None:
    """Each dataclass that is a row comes back equal, whatever it holds."""
    value, codec = data.draw(values(kind)), Codec(kind)
    row = codec.row(value)
    assert codec.of(SimpleNamespace(**row)) == value
    plain = (str, int, float, type(None))
    assert all(isinstance(one, plain) for one in row.values())


@pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: kind.__name__)
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_object_survives_its_json(kind: type, data: st.DataObject) -> None:
    """Each dataclass that is JSON comes back equal, and equal ones are the same text."""
    value, codec = data.draw(values(kind)), Codec(kind)
    text = codec.json(value)
    assert codec.of_json(text) == value
    assert codec.json(replace(value)) == text


@pytest.mark.parametrize(("kind", "table"), ROWS, ids=lambda one: getattr(one, "__name__", ""))
def test_every_field_has_its_column(kind: type, table: Table) -> None:
    """A field added to the vocabulary without a migration shows here."""
    assert {one.name for one in fields(kind)} <= set(table.columns.keys())


@settings(max_examples=200)
@given(instants, instants)
def test_the_order_of_texts_is_the_order_of_time(one: datetime, other: datetime) -> None:
    """Instants are compared as text by the database, whatever zone they came in."""
    assert (instant_text(one) < instant_text(other)) == (one < other)
    assert datetime.fromisoformat(instant_text(one)) == one
    assert datetime.fromisoformat(instant_text(one)).tzinfo is not None


@given(st.text())
def test_text_that_a_database_would_refuse_is_made_plain(text: str) -> None:
    """NUL and lone halves of characters come out of damaged files and hostile requests."""
    found = plain_text(text)
    assert "\0" not in found
    assert found.encode().decode() == found
    assert plain_text(found) == found
    if text.isascii() and "\0" not in text:
        assert found == text


def test_halves_that_make_a_character_are_joined() -> None:
    """A pair of halves, as some JSON has it, is the one character that was meant."""
    assert plain_text("a\ud83d\ude00") == "a😀"
    assert plain_text("a\ud83d") == "a\ufffd"


@dataclass(frozen=True)
class Older:
    """What a record was before a field was thought of."""

    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Newer:
    """The same with more fields, and one inside a mapping."""

    name: str
    parts: tuple[str, ...]
    on: date | None = None
    more: Mapping[str, tuple[int, ...]] | None = None
    is_good: bool = True


def test_json_written_before_a_field_was_thought_of_has_its_default() -> None:
    """A new version of tumen reads what an old one stored."""
    text = Codec(Older).json(Older("a", ("b",)))
    assert Codec(Newer).of_json(text) == Newer("a", ("b",))
    full = Newer("a", (), date(2026, 3, 1), {"k": (1, 2)}, False)
    assert Codec(Newer).of_json(Codec(Newer).json(full)) == full


def test_json_without_a_field_that_has_no_default_is_an_error() -> None:
    """Damage does not become an empty value."""
    with pytest.raises(TypeError):
        Codec(Older).of_json(orjson.dumps({"name": "a"}).decode())


def test_what_json_cannot_say_is_refused_in_words() -> None:
    """Half a character deep in a request's data is the request's fault."""
    with pytest.raises(RequestError, match="cannot be stored"):
        json_text({"name": "\ud800"})
    assert json_text({"b": 1, "a": datetime(2026, 1, 1, tzinfo=UTC)}) == (
        '{"a":"2026-01-01T00:00:00+00:00","b":1}'
    )
