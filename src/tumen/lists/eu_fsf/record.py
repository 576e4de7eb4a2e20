"""One shape for all formats of the list: the words of the XML 1.1, its attributes as facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Detail:
    """A part of an entry; `kind` is its element in the XML 1.1 (`nameAlias`, `birthdate` …).

    `facts` are consumed as they are read, so that what stays can be counted. `acts` are the
    regulations that state this part, `pairs` its keyed extras (contacts, additions).
    """

    kind: str
    facts: dict[str, str]
    remarks: list[str] = field(default_factory=list)
    acts: list[dict[str, str]] = field(default_factory=list)
    pairs: list[tuple[str, str, str]] = field(default_factory=list)

    def take(self, name: str) -> str:
        """The fact, once; empty where the source states none ("N/A", "UNKNOWN")."""
        value = " ".join(self.facts.pop(name, "").split())
        return "" if value.casefold() in ("n/a", "unknown") else value

    def take_all(self, names: Iterable[str]) -> list[str]:
        """The facts that are not empty, in order."""
        return [value for name in names if (value := self.take(name))]

    def is_true(self, name: str) -> bool:
        """Whether a yes-or-no fact is yes; XML Schema writes it `true` or `1`."""
        return self.take(name).casefold() in ("true", "1", "yes", "y")

    @property
    def source(self) -> str:
        """The published field: element, its logical id, and the act that states it."""
        stated = f"{self.kind}[{self.facts['logicalId']}]" if self.facts.get("logicalId") else ""
        acts = ", ".join(act["numberTitle"] for act in self.acts if act.get("numberTitle"))
        return f"{stated or self.kind} {acts}".rstrip()


@dataclass(slots=True)
class Record:
    """One sanctioned entity as published, with its parts in the order of the file."""

    logical_id: str
    locator: str
    head: Detail
    details: list[Detail] = field(default_factory=list)
