"""A delta with what a reader has to know of it: which versions, how many, what to beware of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import takewhile
from typing import Any

from tumen.lists.ingest import version_to_dict
from tumen.model.delta import ChangeKind, Delta, EntryChange, FieldChange, Materiality
from tumen.model.entity import get_schema
from tumen.model.listing import ListVersion
from tumen.model.statements import PROGRAMME

REMOVAL = "A removal is evidence of a delisting, not proof of one."
_LONG, _CONTEXT = 80, 24


class Only(StrEnum):
    """One kind of change that a reader may ask for alone."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RELISTED = "relisted"
    REPROGRAMMED = "reprogrammed"


@dataclass(frozen=True, slots=True)
class DeltaReport:
    """A delta and the two versions it lies between; `title` is the list's.

    `changes` are those that were asked for, all of them unless `narrowed` says otherwise.
    """

    delta: Delta
    after: ListVersion
    before: ListVersion | None
    changes: tuple[EntryChange, ...]
    title: str = ""
    narrowed: str = ""

    @classmethod
    def of(
        cls, delta: Delta, after: ListVersion, before: ListVersion | None, title: str = ""
    ) -> DeltaReport:
        """The report of all changes."""
        return cls(delta, after, before, delta.changes, title)

    def only(self, kinds: tuple[Only, ...] = (), programmes: tuple[str, ...] = ()) -> DeltaReport:
        """The same report narrowed to some kinds of change and some programmes; none: all."""
        wanted = {programme.casefold() for programme in programmes}
        changes = tuple(
            change
            for change in self.changes
            if (not kinds or any(_is(change, kind) for kind in kinds))
            and (not wanted or any(one.casefold() in wanted for one in change.programmes))
        )
        named = ", ".join([*(kind.value for kind in kinds), *programmes])
        return replace(self, changes=changes, narrowed=named or self.narrowed)

    def of_kind(self, kind: ChangeKind, *, show_all: bool = False) -> tuple[EntryChange, ...]:
        """The changes of one kind; cosmetic ones only with `show_all`."""
        return tuple(
            one for one in self.changes if one.kind is kind and (show_all or one.is_material)
        )

    @property
    def cosmetic_only(self) -> int:
        """How many entries changed only cosmetically."""
        return sum(not change.is_material for change in self.changes)

    def counts(self) -> dict[str, int]:
        """How many entries changed in which way, in a narrowed report too: part of a delta must
        not look like all of it. An entry may count under more than one.
        """
        changes = self.delta.changes
        found = {kind.value: sum(_is(one, kind) for one in changes) for kind in Only}
        return {**found, "material": len(self.delta.material)}

    def headline(self) -> str:
        """The numbers in one line."""
        counts, changes = self.counts(), self.delta.changes
        if not changes:
            return "Nothing changed."
        cosmetic = len(changes) - counts["material"]
        parts = [
            f"{counts['added']:,} added",
            f"{counts['removed']:,} removed",
            f"{counts['changed'] - cosmetic:,} changed",
        ]
        if cosmetic:
            parts.append(f"{cosmetic:,} changed only cosmetically")
        for kind, words in ((Only.RELISTED, "listed again"), (Only.REPROGRAMMED, "reprogrammed")):
            if counts[kind.value]:
                parts.append(f"{counts[kind.value]:,} {words}")
        return ", ".join(parts)

    def cautions(self) -> Iterator[str]:
        """What a reader should know before relying on it, a sentence each."""
        before, after = self.before, self.after
        if self.narrowed:
            yield f"Only part of the changes is shown: {self.narrowed}."
        if self.of_kind(ChangeKind.REMOVED):
            yield REMOVAL
        if before is None:
            return
        if before.format != after.format:
            yield (
                f"The versions are of two formats ({before.format} and {after.format}): "
                "many differences are those of the formats."
            )
        if before.published_on and after.published_on and before.published_on > after.published_on:
            yield "The first version is the newer one: additions and removals are turned round."
        for version in (before, after):
            if version.is_starter:
                yield f"{version.version_id} is a starter list: not for a decision."

    def to_dict(self, *, show_all: bool = True) -> dict[str, Any]:
        """JSON-ready form, all changes unless `show_all` is false."""
        shown = [change for change in self.changes if show_all or change.is_material]
        return {
            "list_id": self.delta.list_id,
            "title": self.title,
            "before": version_to_dict(self.before) if self.before else None,
            "after": version_to_dict(self.after),
            "counts": self.counts(),
            "cautions": list(self.cautions()),
            "changes": [change.to_dict() for change in shown],
        }


def describe(version: ListVersion | None) -> str:
    """One version in a line: its id, its publisher's date, how many entries."""
    if version is None:
        return "nothing"
    day = f"published {version.published_on}" if version.published_on else "without a date"
    return f"{version.version_id}, {day}, {version.entries:,} entries"


def field_label(schema: str, field: str) -> str:
    """A field as people read it (`Birth date`, `Programme`)."""
    known = get_schema(schema).properties
    return known[field].label if field in known else field[:1].upper() + field[1:]


def is_reprogrammed(change: EntryChange) -> bool:
    """Whether an entry that stayed came under another programme, or left one."""
    return any(
        one.field == PROGRAMME and one.materiality is Materiality.MATERIAL for one in change.fields
    )


def shortened(change: FieldChange) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values that went and came; of one long text that became another, what differs."""
    if len(change.gone) != 1 or len(change.come) != 1:
        return change.gone, change.come
    gone, come = change.gone[0], change.come[0]
    if max(len(gone), len(come)) <= _LONG:
        return change.gone, change.come
    start = _shared(gone, come)
    most = min(len(gone), len(come)) - start
    end = min(most, _shared(gone[::-1], come[::-1]))
    return (_cut(gone, start, end),), (_cut(come, start, end),)


def printable(text: str) -> str:
    """Text of a foreign file on one line, without what would steer a terminal."""
    plain = " ".join(text.split())
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in plain)


def _shared(one: str, other: str) -> int:
    """How many characters two texts share at their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(text: str, start: int, end: int) -> str:
    """`text` without all but a little of its first `start` and last `end` characters."""
    first, last = max(0, start - _CONTEXT), min(len(text), len(text) - end + _CONTEXT)
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def _is(change: EntryChange, kind: Only) -> bool:
    if kind is Only.RELISTED:
        return bool(change.relisted_from)
    if kind is Only.REPROGRAMMED:
        return is_reprogrammed(change)
    return change.kind.value == kind.value
