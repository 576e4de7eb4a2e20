"""A notice as a person reads it: plain text and simple HTML, grouped by severity, then by book."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tumen.model.watching import Event, Severity
from tumen.watch.notices.wording import (
    facts_of,
    in_order,
    next_step,
    one_line,
    subject_line,
    text_of,
    title_of,
)

# So many events are told in full, the gravest first; the rest is counted.
MOST_TOLD = 200


def plain_text(events: Sequence[Event], *, has_details: bool, most: int = MOST_TOLD) -> str:
    """The notice as plain text in the manner of Markdown; up to `most` events are told."""
    lines = [f"# {subject_line(events)}"]
    for severity, book_id, told in _told(events, most):
        lines += ["", f"## {_heading(severity, book_id)}"]
        for event in told:
            lines += ["", *_plain_event(event, has_details=has_details)]
    if more := _more(events, most):
        lines += ["", more]
    return "\n".join(lines) + "\n"


def html_text(events: Sequence[Event], *, has_details: bool) -> str:
    """The same as an HTML page; every value is escaped, nothing is loaded from elsewhere."""
    title = escape(subject_line(events))
    parts = [
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"</head><body>\n<h1>{title}</h1>"
    ]
    for severity, book_id, told in _told(events, MOST_TOLD):
        parts.append(f"<h2>{escape(_heading(severity, book_id))}</h2>\n<ul>")
        parts += [f"<li>{html_event(event, has_details=has_details)}</li>" for event in told]
        parts.append("</ul>")
    if more := _more(events, MOST_TOLD):
        parts.append(f"<p>{escape(more)}</p>")
    return "\n".join([*parts, "</body></html>\n"])


def html_event(event: Event, *, has_details: bool) -> str:
    """One event as a piece of HTML: title, text, what to do next, where it belongs."""
    text = text_of(event, has_details=has_details)
    parts = [
        f"<strong>{escape(title_of(event, has_details=has_details))}</strong>",
        *(escape(line) for line in text.splitlines()),
        f"<em>Next: {escape(next_step(event))}</em>",
        f"<small>{escape(' · '.join(facts_of(event)))}</small>",
    ]
    return "<br>\n".join(parts)


def _plain_event(event: Event, *, has_details: bool) -> list[str]:
    text = text_of(event, has_details=has_details)
    return [
        f"* {title_of(event, has_details=has_details)}",
        *(f"  {line}" for line in text.splitlines()),
        f"  Next: {next_step(event)}",
        f"  ({' · '.join(facts_of(event))})",
    ]


def _told(events: Sequence[Event], most: int) -> list[tuple[Severity, str, list[Event]]]:
    left, told = most, []
    for severity, book_id, found in in_order(events):
        if left > 0:
            told.append((severity, book_id, found[:left]))
        left -= len(found)
    return told


def _more(events: Sequence[Event], most: int) -> str:
    if len(events) <= most:
        return ""
    since = min(event.occurred_at for event in events)
    more = len(events) - most
    return f"And {more:,} more. All of them: tumen notices --since {since:%Y-%m-%d}"


def _heading(severity: Severity, book_id: str) -> str:
    return f"{severity.value.capitalize()} – {f'book {one_line(book_id)}' if book_id else 'lists'}"
