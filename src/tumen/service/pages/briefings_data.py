"""What the pages of briefings show to readers, and to the desk that writes them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from tumen.model.briefing import Briefing, BriefingText
from tumen.model.desk import DeskSettings
from tumen.service.help_desk.feed import SECTIONS
from tumen.service.help_desk.markdown import markup
from tumen.store.work import Work

PAGE = 20
_LINES = ("title", "summary", "body", "diligence", "regulation", "risk")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the list of briefings; `page` counts from 1."""

    desk: DeskSettings
    found: tuple[Briefing, ...]
    topic: str
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a briefing: a heading, and its text as HTML."""

    heading: str
    text: Markup


@dataclass(frozen=True, slots=True)
class BriefingView:
    """One briefing as it is read."""

    desk: DeskSettings
    briefing: Briefing
    body: Markup
    sections: tuple[Section, ...]


def shelf(work: Work, topic: str, page: int) -> Shelf:
    """What readers see, newest first."""
    found = work.briefings.shown(topic, offset=(page - 1) * PAGE, limit=PAGE + 1)
    return Shelf(work.desk.current(), tuple(found[:PAGE]), topic, page, len(found) > PAGE)


def view_of(briefing: Briefing, desk: DeskSettings) -> BriefingView:
    """A briefing with its Markdown made into HTML."""
    content = briefing.content
    sections = (
        Section(heading, markup(getattr(content, name), top=3))
        for name, heading in SECTIONS.items()
        if getattr(content, name).strip()
    )
    return BriefingView(desk, briefing, markup(content.body), tuple(sections))


def typed_of(content: BriefingText) -> dict[str, str]:
    """A briefing as the form shows it."""
    typed = {name: getattr(content, name) for name in _LINES}
    return typed | {name: "\n".join(getattr(content, name)) for name in ("entity_ids", "case_ids")}


def text_of(typed: dict[str, str], topics: list[str]) -> BriefingText:
    """A briefing as it was typed into the form; ids stand one a line, or with commas between."""
    lines = {name: typed.get(name, "").replace("\r\n", "\n").strip() for name in _LINES}
    return BriefingText(
        **lines,
        topics=tuple(dict.fromkeys(topics)),
        entity_ids=_ids(typed.get("entity_ids", "")),
        case_ids=_ids(typed.get("case_ids", "")),
    )


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").split()))
