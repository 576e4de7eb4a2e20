"""What only hostile data could put into a page."""

from __future__ import annotations

from html.parser import HTMLParser

HOSTILE = "<img src=x onerror=alert(1)>\"'</a>"


class _Tags(HTMLParser):
    """Collects what no page of ours has."""

    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an image or script from elsewhere, and code or style in attributes."""
        said = dict(attrs)
        own = (said.get("src") or "").startswith("/assets/")
        is_link = tag == "a" and not (said.get("href") or "").startswith(("/", "#"))
        if is_link or (tag in ("img", "script", "iframe", "object") and not own):
            self.strange.append(tag)
        self.strange += [name for name in said if name.startswith("on") or name == "style"]


def strange_tags(text: str) -> list[str]:
    """Tags and attributes of a page that could only come from data."""
    parser = _Tags()
    parser.feed(text)
    return parser.strange
