"""One FollowTheMoney record of a file, whatever the format it came in."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumen.model.listing import Designation


@dataclass(slots=True)
class Node:
    """A record: its id, schema and values; `is_top` where it stands in the file by itself.

    `datasets` name the lists it comes from. `designations` are stated in the record, where the
    format has no records of schema Sanction.
    """

    node_id: str
    schema: str
    properties: dict[str, list[str]]
    locator: str
    is_top: bool = True
    caption: str = ""
    datasets: tuple[str, ...] = ()
    designations: list[Designation] = field(default_factory=list)

    def get(self, name: str) -> list[str]:
        """The values of one property."""
        return self.properties.get(name, [])

    def first(self, *names: str) -> str:
        """The first value of the first property that has one."""
        return next((values[0] for name in names if (values := self.get(name))), "")
