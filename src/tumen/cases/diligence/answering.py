"""What may be set in a field: a fitting value with its source, or a reason why there is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from tumen.cases.diligence.file import ACTS, next_record
from tumen.cases.diligence.sections import FieldSpec, Kind, field_spec
from tumen.cases.workflow import RefusedError
from tumen.model.access import Permission
from tumen.model.case import Actor
from tumen.model.dates import parse_date
from tumen.model.diligence import DiligenceFile, DiligenceRecord, Standing

# A reason that says something takes some letters; blanks and dots are none.
LEAST_LETTERS = 10
LONGEST_TEXT = 10_000
LONGEST_ITEM = 1_000
MOST_ITEMS = 500
# The hash of a stored file, and after a blank the name it came under.
_FILE = re.compile(r"([0-9a-f]{64})(?:\s.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to set in a field. `note` is the reason where there is no value."""

    field_id: str
    standing: Standing
    values: tuple[str, ...] = ()
    note: str = ""
    source: str = ""
    evidence: tuple[str, ...] = ()


def answer(file: DiligenceFile, change: Change, actor: Actor, now: datetime) -> DiligenceRecord:
    """The next record of a file. Raises RefusedError where it may not be, naming the mend."""
    if Permission.DECIDE.value not in actor.permissions:
        raise RefusedError(f"{actor.name} may not {Permission.DECIDE.value}")
    if file.pending is not None:
        raise RefusedError(
            f"{file.pending.recommended_by.name} recommended the file as it stands: have it "
            "approved, returned or withdrawn before you change it"
        )
    spec = field_spec(change.field_id)
    if spec.derived:
        raise RefusedError(f"{spec.label!r} follows from what is known: nobody sets it")
    values = _values(spec, change)
    details = {
        "values": list(values),
        "note": _note(spec, change, is_alarm=bool(spec.raises) and values == ("yes",)),
        "source": _source(spec, change),
        "evidence": _items(spec, change.evidence),
    }
    act = ACTS.get(change.standing)
    if act is None:
        raise RefusedError(f"Say what is known of {spec.label!r}, or why nothing is")
    return next_record(file, act, actor, now, details, spec.id)


def letters(text: str) -> int:
    """How many letters and figures a text has."""
    return sum(char.isalnum() for char in text)


def clean(text: str) -> str:
    """A text without blanks around it and without control characters; lines stay lines."""
    # Halves of characters come from broken encodings and stand for nothing.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = whole.replace("\r\n", "\n").replace("\r", "\n")
    kept = (char for char in lines if char in "\n\t" or unicodedata.category(char) != "Cc")
    return "".join(kept).strip()


def files_of(*records: DiligenceRecord) -> tuple[str, ...]:
    """The SHA-256 of every stored file that these records name, as a value or as evidence."""
    named = (
        _FILE.fullmatch(one)
        for record in records
        for one in (*record.details.get("values", ()), *record.details.get("evidence", ()))
    )
    return tuple(dict.fromkeys(one[1] for one in named if one))


def _values(spec: FieldSpec, change: Change) -> tuple[str, ...]:
    given = tuple(text for one in change.values if (text := clean(one)))
    if change.standing is not Standing.ANSWERED:
        if given:
            raise RefusedError(f"{spec.label!r} has a value: then it is answered")
        return ()
    if not given:
        raise RefusedError(f"Give a value for {spec.label!r}, or say why there is none")
    _CHECKS[spec.kind](spec, given)
    return given


def _note(spec: FieldSpec, change: Change, *, is_alarm: bool) -> str:
    note = _bounded(spec, change.note)
    if change.standing is Standing.ANSWERED:
        if is_alarm and letters(note) < LEAST_LETTERS:
            raise RefusedError(f"{spec.label!r}: say what was found, in {LEAST_LETTERS} letters")
    elif letters(note) < LEAST_LETTERS:
        raise RefusedError(
            f"Say why {spec.label!r} is {change.standing.value}, in {LEAST_LETTERS} letters or more"
        )
    return note


def _source(spec: FieldSpec, change: Change) -> str:
    source = _bounded(spec, change.source)
    if change.standing is Standing.ANSWERED and not source:
        raise RefusedError(f"Name the source of {spec.label!r}: a register, a document, a person")
    return source


def _bounded(spec: FieldSpec, text: str, longest: int = LONGEST_TEXT) -> str:
    kept = clean(text)
    if len(kept) > longest:
        raise RefusedError(f"{spec.label!r} takes up to {longest:,} characters, not {len(kept):,}")
    return kept


def _items(spec: FieldSpec, given: Iterable[str]) -> list[str]:
    kept = [text for one in given if (text := _bounded(spec, one, LONGEST_ITEM))]
    if len(kept) > MOST_ITEMS:
        raise RefusedError(f"{spec.label!r} takes up to {MOST_ITEMS} values, not {len(kept)}")
    return kept


def _text(spec: FieldSpec, given: tuple[str, ...]) -> None:
    _bounded(spec, _single(spec, given))


def _list(spec: FieldSpec, given: tuple[str, ...]) -> None:
    _items(spec, given)


def _date(spec: FieldSpec, given: tuple[str, ...]) -> None:
    if parse_date(_single(spec, given)) is None:
        raise RefusedError(f"{spec.label!r} is a date: write 2024-02-20, or 2024-02, or 2024")


def _choice(spec: FieldSpec, given: tuple[str, ...]) -> None:
    options = spec.options or ("yes", "no")
    if _single(spec, given) not in options:
        raise RefusedError(f"{spec.label!r} is one of: {', '.join(options)}")


def _link(spec: FieldSpec, given: tuple[str, ...]) -> None:
    text = _bounded(spec, _single(spec, given), LONGEST_ITEM)
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or any(map(str.isspace, text)):
        raise RefusedError(f"{spec.label!r} is an address that begins with https://")


def _single(spec: FieldSpec, given: tuple[str, ...]) -> str:
    if len(given) != 1:
        raise RefusedError(f"{spec.label!r} takes one value, not {len(given)}")
    return given[0]


_CHECKS: dict[Kind, Callable[[FieldSpec, tuple[str, ...]], None]] = {
    Kind.TEXT: _text,
    Kind.LIST: _list,
    Kind.DATE: _date,
    Kind.YES_NO: _choice,
    Kind.CHOICE: _choice,
    Kind.DOCUMENT: _list,
    Kind.LINK: _link,
}
