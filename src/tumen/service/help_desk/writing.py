"""Briefings as the desk writes them: drafted, published, withdrawn; each step a version."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import orjson

from tumen.errors import ConflictError, RequestError
from tumen.model.access import Permission
from tumen.model.audit import AuditEntry
from tumen.model.briefing import Briefing, BriefingState, BriefingText, slug_of
from tumen.model.case import Actor
from tumen.service.help_desk.informing import known_topics
from tumen.service.help_desk.letters import briefing_letters
from tumen.store.work import Work

LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_TEXT = 200, 1_000, 50_000
_MOST_LINKS = 100
_SECTIONS = ("body", "diligence", "regulation", "risk")


@dataclass(frozen=True, slots=True)
class Published:
    """A briefing that readers see now, and how many of them are told by mail."""

    briefing: Briefing
    letters: int


def draft(work: Work, content: BriefingText, actor: Actor, now: datetime) -> Briefing:
    """A new briefing, which nobody but the desk sees yet. Raises RequestError where it cannot be
    used as it is.
    """
    _check(work, content, actor)
    briefing_id = f"briefing-{secrets.token_hex(8)}"
    slug = _free_slug(work, content.title)
    first = Briefing(briefing_id, 1, slug, BriefingState.DRAFT, content, now, actor.name)
    return _add(work, first, "briefing drafted", actor)


def revise(
    work: Work, briefing_id: str, seen: int, content: BriefingText, actor: Actor, now: datetime
) -> Briefing:
    """Another draft; what readers see stays as it is until it is published.

    Raises ConflictError where somebody else changed it since the version `seen`.
    """
    _check(work, content, actor)
    last = _seen(work, briefing_id, seen)
    state = BriefingState.DRAFT
    new = replace(last, version=seen + 1, state=state, content=content, at=now, by=actor.name)
    return _add(work, replace(new, note=""), "briefing revised", actor)


def publish(
    work: Work,
    briefing_id: str,
    seen: int,
    actor: Actor,
    now: datetime,
    *,
    tells_readers: bool = True,
) -> Published:
    """Let readers see the last version, and tell the confirmed readers of its topics by mail."""
    last = _seen(work, briefing_id, seen)
    _check(work, last.content, actor)
    if last.state is BriefingState.PUBLISHED:
        raise RequestError(f"{last.title!r} is published as it is")
    new = replace(
        last,
        version=seen + 1,
        state=BriefingState.PUBLISHED,
        at=now,
        by=actor.name,
        published_at=last.published_at or now,
        note="",
    )
    briefing = _add(work, new, "briefing published", actor)
    desk = work.desk.current()
    if not tells_readers or not desk.public_url:
        return Published(briefing, 0)
    readers = work.readers.of_topics(briefing.content.topics)
    return Published(briefing, work.letters.add(briefing_letters(briefing, readers, desk, now)))


def withdraw(
    work: Work, briefing_id: str, seen: int, note: str, actor: Actor, now: datetime
) -> Briefing:
    """Take a briefing back, saying why; what is not sent yet stays here."""
    _must_write(actor)
    last = _seen(work, briefing_id, seen)
    # What readers see goes, and no draft that came after it.
    shown = work.briefings.shown_at(last.slug)
    if shown is None or shown.state is BriefingState.WITHDRAWN:
        raise RequestError(f"{last.title!r} is not published")
    if not note.strip() or len(note) > LONGEST_SUMMARY:
        raise RequestError(f"Say why it is withdrawn, in up to {LONGEST_SUMMARY:,} characters")
    state = BriefingState.WITHDRAWN
    new = replace(shown, version=seen + 1, state=state, at=now, by=actor.name, note=note.strip())
    work.letters.cancel(briefing_id, now)
    return _add(work, new, "briefing withdrawn", actor)


def problems_of(content: BriefingText) -> dict[str, str]:
    """What is wrong with a briefing: field → what to do about it, in the order of the form."""
    found = dict[str, str]()
    if not content.title.strip() or not content.title.isprintable():
        found["title"] = "Give it a title of one line"
    elif len(content.title) > LONGEST_TITLE:
        found["title"] = f"Shorten this to {LONGEST_TITLE} characters"
    if not content.summary.strip():
        found["summary"] = "Say in a sentence or two what readers should know"
    elif len(content.summary) > LONGEST_SUMMARY:
        found["summary"] = f"Shorten this to {LONGEST_SUMMARY:,} characters"
    if not content.body.strip():
        found["body"] = "Write the briefing"
    for name in _SECTIONS:
        if len(getattr(content, name)) > LONGEST_TEXT:
            found[name] = f"Shorten this to {LONGEST_TEXT:,} characters"
    if not content.topics:
        found["topics"] = "Choose at least one topic"
    for name in ("entity_ids", "case_ids"):
        if len(getattr(content, name)) > _MOST_LINKS:
            found[name] = f"Name {_MOST_LINKS} at most"
    return found


def _check(work: Work, content: BriefingText, actor: Actor) -> None:
    _must_write(actor)
    if found := problems_of(content):
        raise RequestError("; ".join(f"{field}: {mend}" for field, mend in found.items()))
    known_topics(content.topics, work.desk.current())
    for case_id in content.case_ids:
        if work.cases.summary(case_id) is None:
            raise RequestError(f"There is no case {case_id}")


def _must_write(actor: Actor) -> None:
    if Permission.DECIDE.value not in actor.permissions:
        raise RequestError(f"{actor.name} may not write briefings: that takes the right to decide")


def _seen(work: Work, briefing_id: str, seen: int) -> Briefing:
    last = work.briefings.get(briefing_id)
    if last is None:
        raise RequestError(f"There is no briefing {briefing_id!r}")
    if last.version != seen:
        raise ConflictError(
            f"{last.by} changed this briefing meanwhile ({last.at:%Y-%m-%d %H:%M} UTC, version "
            f"{last.version}). Look at it again"
        )
    return last


def _free_slug(work: Work, title: str) -> str:
    wanted = slug_of(title)
    if wanted not in _TAKEN and not work.briefings.is_taken(wanted):
        return wanted
    return f"{wanted}-{secrets.token_hex(3)}"


# Addresses below /briefings that are no briefings.
_TAKEN = frozenset({"subscribe", "confirm", "leave", "asked"})


def _add(work: Work, briefing: Briefing, action: str, actor: Actor) -> Briefing:
    work.briefings.add(briefing)
    content = orjson.dumps(briefing, option=orjson.OPT_SORT_KEYS)
    work.audit.append(
        AuditEntry(
            briefing.at,
            actor.user_id,
            action,
            briefing.briefing_id,
            reason=briefing.note,
            after=sha256(content).hexdigest(),
            details={"version": briefing.version, "person": actor.person},
        )
    )
    return briefing
