"""Reading values off an entity as the service answers it, with others nested in it or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# `{"id", "caption", "schema", "properties", "datasets", …}`.
Wire = Mapping[str, Any]


def texts(wire: Wire, *names: str) -> list[str]:
    """The text values of these properties, in order, nested entities left out."""
    found = (value for name in names for value in wire["properties"].get(name, ()))
    return [value for value in found if isinstance(value, str)]


def first(wire: Wire, name: str) -> str:
    """The first value of a property; empty where it has none."""
    return next(iter(texts(wire, name)), "")


def nested(wire: Wire, *names: str) -> list[Wire]:
    """The entities nested in these properties."""
    found = (value for name in names for value in wire["properties"].get(name, ()))
    return [value for value in found if isinstance(value, Mapping)]


def number(text: str) -> int:
    """A whole number such as a tonnage; 0 where the text is none, as Watchman has it."""
    digits = text.replace(",", "").replace(" ", "").partition(".")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
