"""The main menu, as far as a reader may go."""

from __future__ import annotations

from dataclasses import dataclass

from tumen.service.pages.reader import PageReader


@dataclass(frozen=True, slots=True)
class Item:
    """One place of the menu; `key` goes there after `g`. Empty `permission` lets anybody in."""

    title: str
    address: str
    permission: str
    key: str = ""


_DESK = (
    Item("Today", "/desk", "read", "t"),
    Item("Screen", "/desk/screen", "screen", "s"),
    Item("Queue", "/desk/queue", "read", "q"),
    Item("Lists", "/desk/lists", "read", "l"),
    Item("Books", "/desk/books", "read", "b"),
    Item("Briefings", "/briefings", "", "n"),
    Item("Policies", "/desk/policies", "read"),
    Item("Subscriptions", "/desk/subscriptions", "read"),
    Item("Users", "/desk/users", "administer"),
    Item("Audit", "/desk/audit", "read audit"),
    Item("Settings", "/desk/settings", "administer"),
)
_ANYBODY = (Item("Briefings", "/briefings", ""),)


def menu_for(reader: PageReader) -> list[Item]:
    """The places that this reader may go to."""
    items = _DESK if reader.is_known else _ANYBODY
    return [one for one in items if not one.permission or reader.may(one.permission)]


def current(path: str, items: list[Item]) -> str:
    """The address of the menu that a path belongs to: the longest that it begins with."""
    here = [one.address for one in items if path == one.address or _is_below(path, one.address)]
    return max(here, key=len, default="")


def _is_below(path: str, address: str) -> bool:
    return address != "/desk" and path.startswith(address + "/")
