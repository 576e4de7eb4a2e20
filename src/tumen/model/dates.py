"""Dates as lists and customers give them: a year, a month, a day, a range, or "about".

Written in a small part of EDTF (ISO 8601-2): `1965`, `1965-03`, `1965-03-01`, an interval
`1958/1960`, and a trailing `~` for "circa" (`1965~`).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_PART = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:T.*)?)?)?(~?)")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS["sept"] = 9


@dataclass(frozen=True, slots=True)
class PartialDate:
    """All days from `first` to `last`; a plain day has both the same.

    `is_circa` says that the source itself calls the date approximate. `text` is the EDTF form.
    """

    first: date
    last: date
    text: str
    is_circa: bool = False

    @property
    def is_day(self) -> bool:
        """Whether this is one exact day."""
        return self.first == self.last and not self.is_circa

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=200_000)
def parse_date(text: str) -> PartialDate | None:
    """The date in `text`, in EDTF as above; None where it is no such date."""
    start, slash, end = text.strip().partition("/")
    left = _parse_part(start)
    right = _parse_part(end) if slash else left
    if left is None or right is None or right.last < left.first:
        return None
    circa = left.is_circa or right.is_circa
    return PartialDate(left.first, right.last, text.strip(), circa)


def _parse_part(text: str) -> PartialDate | None:
    found = _PART.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups()[:3])
    if not 1 <= year <= 9998:
        return None
    try:
        if day:
            first = last = date(year, month, day)
        elif month:
            first = date(year, month, 1)
            last = date(year, month, calendar.monthrange(year, month)[1])
        else:
            first, last = date(year, 1, 1), date(year, 12, 31)
    except (ValueError, calendar.IllegalMonthError):
        return None
    return PartialDate(first, last, text.strip(), found.group(4) == "~")


_ISO_DAY = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_DMY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
_D_MON_Y = re.compile(r"(?:(\d{1,2})[\s\-.]+)?([A-Za-z]{3,9})\.?,?[\s\-]+(\d{4})")
_MON_D_Y = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})")
_CIRCA = re.compile(r"^(?:circa|about|approximately|approx\.?|c\.|ca\.?)\s*", re.IGNORECASE)
_RANGE = re.compile(
    r"(?:between\s+)?(.+?)\s*(?:\bto\b|\band\b|\bund\b|–|(?<=\d{4})-(?=\d{4}))\s*(.+)",
    re.IGNORECASE,
)


@lru_cache(maxsize=200_000)
def read_date(text: str, *, day_first: bool = True) -> str | None:
    """EDTF for a date as people and publishers write it; None where it cannot be read.

    Reads ISO dates, `24/02/1968` and `24.2.1968` (month first if `day_first` is false),
    `24 Feb 1968`, `Feb 1968`, `00/00/1968` (unknown parts as zeros), `circa 1968`,
    `1958 to 1960`, `between 1958 and 1960`. Two-digit years are refused, not guessed.
    """
    if _ISO_DAY.fullmatch(text):
        return text if parse_date(text) else None
    text = " ".join(text.split())
    circa = _CIRCA.match(text)
    if circa:
        inner = read_date(text[circa.end() :], day_first=day_first)
        return f"{inner}~" if inner and "~" not in inner else inner
    single = _read_single(text, day_first)
    if single is not None:
        return single
    span = _RANGE.fullmatch(text)
    if span is None:
        return None
    start, end = (_read_single(part, day_first) for part in span.groups())
    if start is None or end is None:
        return None
    whole = f"{start}/{end}"
    return whole if parse_date(whole) else None


def _read_single(text: str, day_first: bool) -> str | None:
    if re.fullmatch(r"\d{4}(-\d{1,2}){0,2}(T.*)?~?(/\d{4}(-\d{1,2}){0,2}~?)?", text):
        found = re.fullmatch(r"(\d{4})-0{1,2}-0{1,2}", text)
        text = found.group(1) if found else text
        parsed = parse_date(text)
        return _pad(text) if parsed else None
    numeric = _DMY.fullmatch(text)
    if numeric:
        one, two, year = (int(part) for part in numeric.groups())
        day, month = (one, two) if day_first else (two, one)
        return _edtf(year, month, day)
    named = _D_MON_Y.fullmatch(text)
    if named and named.group(2).lower() in _MONTHS:
        month = _MONTHS[named.group(2).lower()]
        return _edtf(int(named.group(3)), month, int(named.group(1) or 0))
    named = _MON_D_Y.fullmatch(text)
    if named and named.group(1).lower() in _MONTHS:
        return _edtf(int(named.group(3)), _MONTHS[named.group(1).lower()], int(named.group(2)))
    return None


def _pad(text: str) -> str:
    """ISO with two-digit months and days, without a time of day."""

    def pad_one(part: str) -> str:
        circa = "~" if part.endswith("~") else ""
        numbers = part.rstrip("~").split("T")[0].split("-")
        return "-".join([numbers[0], *(number.zfill(2) for number in numbers[1:])]) + circa

    return "/".join(pad_one(part) for part in text.split("/"))


def _edtf(year: int, month: int, day: int) -> str | None:
    text = f"{year:04d}"
    if month:
        text += f"-{month:02d}"
        if day:
            text += f"-{day:02d}"
    return text if parse_date(text) else None
