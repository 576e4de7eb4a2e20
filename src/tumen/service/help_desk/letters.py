"""What the desk's letters say. Nothing that a stranger has typed goes out in one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from markupsafe import Markup

from tumen.model.briefing import Briefing
from tumen.model.desk import DeskSettings, HelpContact, HelpKind, Letter, LetterKind, Reader
from tumen.service.help_desk.addresses import (
    briefing_path,
    confirm_path,
    leave_path,
    public_base,
)
from tumen.watch.notices.wording import one_line

_NEXT = {
    HelpKind.URGENT: "The duty officer is being called now and will telephone you.",
    HelpKind.CLIENT: "Somebody of the desk answers within one business day.",
    HelpKind.ADVICE: "Somebody of the desk answers within one business day.",
    HelpKind.OTHER: "Somebody of the desk answers within five business days.",
}


def next_step(kind: HelpKind) -> str:
    """What happens after a request of this kind, as a sentence."""
    return _NEXT[kind]


def acknowledgement(contact: HelpContact, desk: DeskSettings) -> Letter:
    """That a request came in, with its reference; not what it said, nor who sent it."""
    lines = [
        f"{one_line(desk.name)} has received your request.",
        f"Your reference: {contact.reference}",
        next_step(contact.kind),
    ]
    if desk.crisis_telephone:
        lines.append(f"In a crisis call {one_line(desk.crisis_telephone)} and give the reference.")
    lines.append("If you did not ask for help, you need do nothing.")
    return Letter(
        letter_id=f"acknowledgement-{contact.case_id}",
        kind=LetterKind.ACKNOWLEDGEMENT,
        address=contact.email,
        subject=f"Your request {contact.reference}",
        text=_plain(lines),
        html=_page(lines),
        created_at=contact.received_at,
        due_at=contact.received_at,
        about=contact.case_id,
    )


def confirmation(reader: Reader, token: str, desk: DeskSettings) -> Letter:
    """The link by which somebody says that they are who asked for briefings."""
    link = public_base(desk) + confirm_path(token)
    lines = [
        f"Somebody asked {one_line(desk.name)} to send briefings to this address, on: "
        f"{_topics(reader.topics, desk)}.",
        "If that was you, open this page and confirm, within three days:",
        link,
        "If it was not you, do nothing: you will hear no more of this.",
    ]
    return Letter(
        letter_id=f"confirmation-{reader.reader_id}",
        kind=LetterKind.CONFIRMATION,
        address=reader.email,
        subject=f"Please confirm: briefings of {one_line(desk.name)}",
        text=_plain(lines),
        html=_page(lines),
        created_at=reader.asked_at,
        due_at=reader.asked_at,
    )


def briefing_letters(
    briefing: Briefing, readers: Iterable[Reader], desk: DeskSettings, now: datetime
) -> list[Letter]:
    """The mail about a briefing to each of its readers, who leave by one click."""
    base = public_base(desk)
    return [_briefing_letter(briefing, one, desk, base, now) for one in readers]


def _briefing_letter(
    briefing: Briefing, reader: Reader, desk: DeskSettings, base: str, now: datetime
) -> Letter:
    leave = base + leave_path(reader.leave_token)
    content = briefing.content
    lines = [
        one_line(content.title),
        *(one_line(line) for line in content.summary.splitlines() if line.strip()),
        f"Topics: {_topics(content.topics, desk)}",
        base + briefing_path(briefing.slug),
        f"You read briefings of {one_line(desk.name)} by mail. To leave:",
        leave,
    ]
    return Letter(
        letter_id=f"briefing-{briefing.briefing_id}-{briefing.version}-{reader.reader_id}",
        kind=LetterKind.BRIEFING,
        address=reader.email,
        subject=one_line(content.title),
        text=_plain(lines),
        html=_page(lines),
        created_at=now,
        due_at=now,
        reader_id=reader.reader_id,
        leave_url=leave,
        about=briefing.briefing_id,
    )


def _topics(keys: Iterable[str], desk: DeskSettings) -> str:
    names = desk.topic_names
    return ", ".join(one_line(names.get(key, key)) for key in keys) or "none"


def _plain(lines: Iterable[str]) -> str:
    return "\n\n".join(lines) + "\n"


def _page(lines: Iterable[str]) -> str:
    """The same as HTML; everything is escaped, nothing is loaded from elsewhere."""
    told = Markup("\n").join(
        Markup('<p><a href="{0}">{0}</a></p>' if _is_address(line) else "<p>{0}</p>").format(line)
        for line in lines
    )
    head = '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"></head><body>\n{}\n'
    return str(Markup(head + "</body></html>\n").format(told))


def _is_address(line: str) -> bool:
    return line.startswith(("http://", "https://")) and " " not in line
