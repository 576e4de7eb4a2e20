"""Where the desk's pages are, for links in letters and feeds."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from tumen.errors import RequestError
from tumen.model.desk import DeskSettings


def public_base(desk: DeskSettings) -> str:
    """The address that all links begin with. Raises RequestError where nobody has set it.

    What a request says of its host is never used: whoever asked could name their own.
    """
    if not desk.public_url:
        raise RequestError(
            "The desk has no public address yet: an administrator sets it under Settings, or "
            "with tumen desk settings set --public-url https://…"
        )
    return desk.public_url.rstrip("/")


def briefing_path(slug: str) -> str:
    """The page of a briefing."""
    return f"/briefings/{quote(slug, safe='')}"


def confirm_path(token: str) -> str:
    """Where a reader confirms."""
    return f"/briefings/confirm/{quote(token, safe='')}"


def leave_path(token: str) -> str:
    """Where a reader leaves."""
    return f"/briefings/leave/{quote(token, safe='')}"


def is_base(url: str) -> bool:
    """Whether links may begin with this: http or https, a host, nothing after the path."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_bare = not (parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme in ("http", "https") and bool(host) and is_bare and url.isprintable()
