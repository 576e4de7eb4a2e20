"""Instants and texts as the tables hold them: UTC, ISO 8601, in the order of time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from tumen.errors import RequestError


def instant_text(at: datetime) -> str:
    """An instant as kept: ISO 8601 in UTC, so that byte order is the order of time.

    Raises RequestError for an instant without a zone: whose noon would it be?
    """
    if at.tzinfo is None:
        raise RequestError(f"The instant {at.isoformat()} has no zone: give one, such as +00:00")
    return at.astimezone(UTC).isoformat()


def plain_text(text: str) -> str:
    """Text that every database takes: NUL and halves of characters become `�`."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def json_text(value: Any) -> str:
    """JSON with sorted keys and no spaces. Raises RequestError for what JSON cannot say."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError as error:
        raise RequestError(f"This cannot be stored as JSON: {error}") from error
