"""What became of one entry, field by field, material and cosmetic told apart. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set

from tumen.model.delta import FieldChange, Materiality
from tumen.model.listing import ListEntry, entry_to_dict
from tumen.model.materiality import FIELDS, materiality_of
from tumen.model.statements import name_field, statements_of

_ORDER_OF_FIELDS = {field: place for place, field in enumerate(FIELDS)}
# (field, value) → what is said about this value.
_Marks = Mapping[tuple[str, str], Set[str]]


def field_changes(before: ListEntry, after: ListEntry) -> tuple[FieldChange, ...]:
    """Every difference between two states of an entry: material first, names before the rest.

    Empty only where both say the same in the same order; where they stood in their files
    (`file`, `locator`) plays no part.
    """
    if before == after:
        return ()
    old, new = statements_of(before), statements_of(after)
    found = [
        change
        for field in old.keys() | new.keys()
        for change in _changes(field, old.get(field, {}), new.get(field, {}))
    ]
    found += _mark_changes("name marks", _name_marks(before), _name_marks(after))
    found += _mark_changes("published text", _sources(before), _sources(after))
    if not found and _content(before) != _content(after):
        found.append(FieldChange("order", (), (), materiality_of("order")))
    return tuple(sorted(found, key=_rank))


def _changes(field: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[FieldChange]:
    """The material change of one field, if there is one, and the cosmetic one."""
    if old == new:
        return
    here, there = set(old.values()), set(new.values())
    parts: dict[Materiality, tuple[list[str], list[str]]] = {}
    for place, (ours, theirs, known) in enumerate(((old, new, there), (new, old, here))):
        for value, form in ours.items():
            if value not in theirs:
                # The other side says the same, only written otherwise.
                is_form = form in known
                kind = Materiality.COSMETIC if is_form else materiality_of(field)
                parts.setdefault(kind, ([], []))[place].append(value)
    for kind, (gone, come) in parts.items():
        yield FieldChange(field, tuple(sorted(gone)), tuple(sorted(come)), kind)


def _mark_changes(field: str, old: _Marks, new: _Marks) -> Iterator[FieldChange]:
    """What is said otherwise about values that stayed; those that went or came speak alone."""
    gone, come = set[str](), set[str]()
    for about in old.keys() & new.keys():
        gone |= {f"{about[1]} {mark}".strip() for mark in old[about] - new[about]}
        come |= {f"{about[1]} {mark}".strip() for mark in new[about] - old[about]}
    if gone or come:
        yield FieldChange(field, tuple(sorted(gone)), tuple(sorted(come)), materiality_of(field))


def _name_marks(entry: ListEntry) -> _Marks:
    found = defaultdict(set)
    for name in entry.names:
        marks = (name.quality.value, name.script, name.language)
        found[name_field(name), name.text].add(f"[{', '.join(mark for mark in marks if mark)}]")
    return found


def _sources(entry: ListEntry) -> _Marks:
    found = defaultdict(set)
    for one in entry.fields:
        raw = f" “{one.raw}”" if one.raw else ""
        found[one.prop, one.value].add(f"from {one.field}{raw}")
    return found


def _content(entry: ListEntry) -> Mapping[str, object]:
    data = entry_to_dict(entry)
    return {key: value for key, value in data.items() if key not in ("file", "locator")}


def _rank(change: FieldChange) -> tuple[bool, int, str]:
    is_cosmetic = change.materiality is Materiality.COSMETIC
    return is_cosmetic, _ORDER_OF_FIELDS.get(change.field, len(FIELDS)), change.field
