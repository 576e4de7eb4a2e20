"""Which addresses are pages for people, and which of those anybody may open."""

from __future__ import annotations

import re

# Only on pages does the cookie of a session count, so that no other site can make a browser use
# the API in somebody's name.
_DESK = re.compile(r"/desk(/.*)?")
_OPEN = re.compile(r"/(sign-in|sign-out|help|briefings)(/.*)?|/briefings\.atom|/assets/.*")


def is_desk_page(path: str) -> bool:
    """Whether this is a page of the workbench, for those who are signed in."""
    return bool(_DESK.fullmatch(path))


def is_open_page(path: str) -> bool:
    """Whether this is a page that needs no account."""
    return bool(_OPEN.fullmatch(path))


def is_page(path: str) -> bool:
    """Whether people read this in a browser."""
    return is_desk_page(path) or is_open_page(path)
