"""Between the vocabulary and table rows: a dataclass is a row, each of its fields a column.

Text, numbers, instants, days and enumerations have columns of their own; whatever is made of
several values is JSON in one column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

import orjson

from tumen.store.instants import instant_text, json_text, plain_text

T = TypeVar("T")
_Change = Callable[[Any], Any]


class Codec(Generic[T]):
    """Turns objects of one dataclass into rows or JSON text, and back."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._columns = [(name, *_column(hint)) for name, hint in _hints(kind)]
        self._plain, self._built = _plain(kind), _built(kind)

    def row(self, value: T) -> dict[str, Any]:
        """Column → value of the table row that keeps `value`."""
        return {name: write(getattr(value, name)) for name, write, _ in self._columns}

    def of(self, row: Any) -> T:
        """The object that a row keeps; columns that are no field of it are left alone."""
        return self._kind(*(read(getattr(row, name)) for name, _, read in self._columns))

    def json(self, value: T) -> str:
        """The whole object as JSON with sorted keys, the same text for equal objects."""
        return json_text(self._plain(value))

    def of_json(self, text: str) -> T:
        """Read back what `json` wrote."""
        found: T = self._built(orjson.loads(text))
        return found


def _hints(kind: type) -> list[tuple[str, Any]]:
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    return [(one.name, hints[one.name]) for one in fields(kind)]


def _column(hint: Any) -> tuple[_Change, _Change]:
    """How a field is written to its column, and read from it."""
    hint, is_optional = _without_none(hint)
    write, read = _scalar(hint) or _as_json(hint)
    return (_unless_none(write), _unless_none(read)) if is_optional else (write, read)


def _scalar(hint: Any) -> tuple[_Change, _Change] | None:
    if hint is bool:
        return int, bool
    if hint is str:
        return plain_text, str
    if hint is int or hint is float:
        return hint, hint
    if hint is datetime:
        return instant_text, datetime.fromisoformat
    if hint is date:
        return date.isoformat, date.fromisoformat
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return str, hint
    return None


def _as_json(hint: Any) -> tuple[_Change, _Change]:
    plain, built = _plain(hint), _built(hint)
    return (lambda value: json_text(plain(value))), (lambda text: built(orjson.loads(text)))


def _plain(hint: Any) -> _Change:
    """How a value becomes JSON-ready."""
    hint, is_optional = _without_none(hint)
    if is_optional:
        return _unless_none(_plain(hint))
    if is_dataclass(hint):
        parts = [(name, _plain(inner)) for name, inner in _hints(hint)]  # type: ignore[arg-type]
        return lambda value: {name: inner(getattr(value, name)) for name, inner in parts}
    if get_origin(hint) is tuple:
        item = _plain(get_args(hint)[0])
        return lambda value: [item(one) for one in value]
    if get_origin(hint) is Mapping:
        inner = _plain(get_args(hint)[1])
        return lambda value: {key: inner(one) for key, one in value.items()}
    if hint is datetime:
        return instant_text
    return _same


def _built(hint: Any) -> _Change:
    """How JSON data becomes the value again."""
    hint, is_optional = _without_none(hint)
    if is_optional:
        return _unless_none(_built(hint))
    if is_dataclass(hint):
        parts = [(name, _built(inner)) for name, inner in _hints(hint)]  # type: ignore[arg-type]
        # What was written before a field was thought of has the field's default.
        return lambda data: hint(**{n: inner(data[n]) for n, inner in parts if n in data})  # type: ignore[operator]
    if get_origin(hint) is tuple:
        item = _built(get_args(hint)[0])
        return lambda data: tuple(item(one) for one in data)
    if get_origin(hint) is Mapping:
        inner = _built(get_args(hint)[1])
        return lambda data: {key: inner(one) for key, one in data.items()}
    if hint in (str, int, bool, Any):
        return _same
    scalar = _scalar(hint)
    assert scalar, f"{hint} has no form in a table"
    return scalar[1]


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) is UnionType:
        (inner,) = (one for one in get_args(hint) if one is not NoneType)
        return inner, True
    return hint, False


def _unless_none(change: _Change) -> _Change:
    return lambda value: None if value is None else change(value)


def _same(value: Any) -> Any:
    return value
