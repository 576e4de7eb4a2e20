"""One cell → values of one property, in the form that comparison expects; or what is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tumen.errors import RecordError
from tumen.model.countries import read_country
from tumen.model.dates import read_date

MAX_CHARS = 1_000_000
MAX_VALUES = 1_000
# Undecodable bytes (surrogates), letters lost before the file reached us, control characters.
_DAMAGE = re.compile("[\ud800-\udfff\ufffd\x00-\x08\x0e-\x1f\x7f]")
# What says that there is no name, and what a spreadsheet shows where a formula failed.
_PLACEHOLDERS = frozenset(
    {"n/a", "#n/a", "null", "unknown", "tbd", "not available", "<na>"}
    | {"#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!"}
)
_GENDERS = {
    **dict.fromkeys(("male", "m", "man", "mr", "masculine"), "male"),
    **dict.fromkeys(("female", "f", "woman", "w", "mrs", "ms", "feminine"), "female"),
    **dict.fromkeys(("other", "x", "o", "diverse", "non-binary", "d"), "other"),
}
# With dots the day stands first wherever such dates are written.
_OPEN_DATE = re.compile(r"\d{1,2}[/\- ]\d{1,2}[/\- ]\d{4}")


def cell_texts(value: Any, separator: str = ";") -> list[str]:
    """The texts in one cell of any format; several are parted by `separator` or given as a list.

    Raises RecordError for a nested value, and for text that holds undecodable bytes, lost
    letters or control characters: it must not be screened as if it were whole.
    """
    if value is None:
        return []
    if isinstance(value, list):
        return [text for item in value for text in _single(item, separator)]
    return _single(value, separator)


def _single(value: Any, separator: str) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        if len(value) > MAX_CHARS:
            raise RecordError("A value is longer than a million characters", mend="Shorten it")
        check_whole(value)
        parts = value.split(separator) if separator else [value]
        return [text for part in parts if (text := " ".join(part.split()))]
    if isinstance(value, datetime):
        return [value.date().isoformat()]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise RecordError(f"A value is {type(value).__name__}, not text", mend="Give text")
    if not math.isfinite(value):
        return []
    # A spreadsheet keeps a passport number 512345 as the float 512345.0.
    return [f"{value:.0f}" if value == int(value) else str(value)]


def check_whole(text: str) -> None:
    """Raise RecordError where `text` holds bytes or characters that are no text."""
    found = _DAMAGE.search(text)
    if found is None:
        return
    char = found.group()
    if "\ud800" <= char <= "\udfff":
        raise RecordError(
            "The row holds bytes that are not in the file's encoding",
            mend="Save the file as UTF-8, or name its encoding with --encoding",
        )
    if char == "\ufffd":
        raise RecordError(
            "The row holds the replacement character \ufffd: letters were lost",
            mend="Export it again from where it came, as UTF-8",
        )
    raise RecordError(f"The row holds the control character {char!r}", mend="Take it out")


def is_placeholder(name: str) -> bool:
    """Whether a name says only that there is none: no letter or digit, or `N/A` and its like."""
    return name.casefold() in _PLACEHOLDERS or not any(char.isalnum() for char in name)


def read_values(
    kind: str, texts: Iterable[str], date_order: str = ""
) -> tuple[list[str], list[str]]:
    """Values of a property of FollowTheMoney type `kind`, and the texts that cannot be read."""
    values: list[str] = []
    unread: list[str] = []
    for text in texts:
        found = _read_one(kind, text, date_order)
        values.extend(found)
        if not found:
            unread.append(text)
    return list(dict.fromkeys(values)), unread


def _read_one(kind: str, text: str, date_order: str) -> list[str]:
    if kind == "date":
        return _read_dates(text, date_order)
    if kind == "country":
        code = read_country(text)
        return [code] if code else []
    if kind == "gender":
        gender = _GENDERS.get(text.casefold().rstrip("."))
        return [gender] if gender else []
    return [text]


def _read_dates(text: str, order: str) -> list[str]:
    """One reading, or two where `03/04/1980` leaves open which is the day and nobody said.

    Both are then compared: to guess one would hide the listed person born on the other.
    """
    if not _OPEN_DATE.fullmatch(text) or order:
        found = read_date(text, day_first=order != "month")
        return [found] if found else []
    both = (read_date(text, day_first=True), read_date(text, day_first=False))
    return list(dict.fromkeys(reading for reading in both if reading))
