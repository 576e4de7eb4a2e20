"""A briefing: a short advisory of the desk, in versions that are only ever added."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BriefingState(StrEnum):
    """Where a version of a briefing stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class BriefingText:
    """What a briefing says. The long texts are Markdown.

    `diligence`, `regulation` and `risk` are what it means for each of them. `entity_ids` and
    `case_ids` are what it is about; cases are for the desk's own eyes.
    """

    title: str
    summary: str
    body: str
    diligence: str = ""
    regulation: str = ""
    risk: str = ""
    topics: tuple[str, ...] = ()
    entity_ids: tuple[str, ...] = ()
    case_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """One version of a briefing: who made it and when.

    `slug` is its address and stays for good. `published_at` is when readers first saw it, None
    before that. `note` says why it was withdrawn.
    """

    briefing_id: str
    version: int
    slug: str
    state: BriefingState
    content: BriefingText
    at: datetime
    by: str
    published_at: datetime | None = None
    note: str = ""

    @property
    def title(self) -> str:
        """Its title."""
        return self.content.title


def slug_of(title: str) -> str:
    """A title as part of an address: small Latin letters and digits with hyphens; never empty."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:80].rstrip("-") or "briefing"
