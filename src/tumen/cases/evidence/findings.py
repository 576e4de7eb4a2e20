"""What a verification found, in words: what was checked, what differs, what could not be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tumen.errors import TumenError

# What reading data of a stranger may run into, when it does not have the shape that ours has.
MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, TumenError)


@dataclass(slots=True)
class Findings:
    """Grows as checks are made. Without `problems` the file is what it says it is."""

    checked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """Whether nothing differs."""
        return not self.problems

    def check(self, words: str, look: Callable[[], Iterable[str]]) -> None:
        """Make one check. `words` say what holds where `look` gives no problem."""
        found: list[str] = []
        try:
            found.extend(look())
        except MISSHAPEN as error:
            found.append(f"What is to show that {_lower(words)} cannot be read ({_why(error)})")
        self.problems += found
        if not found:
            self.checked.append(words)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "is_intact": self.is_intact,
            "checked": self.checked,
            "problems": self.problems,
            "remarks": self.remarks,
        }


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _why(error: Exception) -> str:
    return f"no {error.args[0]!r}" if isinstance(error, KeyError) else str(error)[:200]


def follows(shown: Any, derived: Any, where: str) -> Iterable[str]:
    """Where what is shown is not what was derived.

    What an earlier version of ours did not show yet is no difference.
    """
    if isinstance(shown, dict) and isinstance(derived, dict):
        for name, value in shown.items():
            if name not in derived:
                yield f"{where} shows {name!r}, which does not follow from the records"
            else:
                yield from follows(value, derived[name], f"{where}, {name.replace('_', ' ')}")
    elif isinstance(shown, list) and isinstance(derived, list):
        if len(shown) != len(derived):
            yield f"{where}: {len(shown)} are shown, {len(derived)} follow from the records"
        for number, (one, other) in enumerate(zip(shown, derived, strict=False), start=1):
            yield from follows(one, other, f"{where} {number}")
    elif shown != derived:
        yield f"{where}: {shown!r} is shown, {derived!r} follows from the records"
