"""Settings of the desk: what they may be, and who set them."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from zoneinfo import available_timezones

import orjson

from tumen.errors import RequestError
from tumen.model.access import Permission
from tumen.model.audit import AuditEntry
from tumen.model.case import Actor
from tumen.model.desk import DeskSettings, Topic
from tumen.service.help_desk.addresses import is_base
from tumen.store.work import Work

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()./-]{2,38}")
_MOST_TOPICS, _MOST_HOLIDAYS, _LONGEST = 40, 400, 200


def set_settings(
    work: Work, wanted: DeskSettings, actor: Actor, now: datetime, *, seen: int | None = None
) -> int:
    """Put settings in force, and give their version. Raises RequestError where they cannot be
    used, ConflictError where somebody else set others since the version `seen`.
    """
    if Permission.ADMINISTER.value not in actor.permissions:
        raise RequestError(f"{actor.name} may not set this: that takes an administrator")
    if found := problems_of(wanted):
        raise RequestError("; ".join(f"{field}: {mend}" for field, mend in found.items()))
    before = work.desk.current()
    version = work.desk.put(wanted, actor.name, now, seen=seen)
    work.audit.append(
        AuditEntry(
            now,
            actor.user_id,
            "desk settings set",
            f"version {version}",
            before=_hash(before),
            after=_hash(wanted),
            details={"person": actor.person},
        )
    )
    return version


def problems_of(wanted: DeskSettings) -> dict[str, str]:
    """What is wrong with settings: field → what to do about it, in the order of the form."""
    found = dict[str, str]()
    if not _is_line(wanted.name):
        found["name"] = f"Give the desk a name of one line, {_LONGEST} characters at most"
    if wanted.crisis_telephone and not _TELEPHONE.fullmatch(wanted.crisis_telephone):
        found["crisis_telephone"] = "Write it with digits, such as +44 20 7946 0000"
    if wanted.public_url and not (is_base(wanted.public_url) and len(wanted.public_url) <= 200):
        found["public_url"] = "Write it as https://desk.example, without anything after the path"
    if wanted.time_zone not in available_timezones():
        found["time_zone"] = "Name a time zone such as Europe/London or Asia/Seoul"
    if mend := _problem_of_topics(wanted.topics):
        found["topics"] = mend
    if len(wanted.holidays) > _MOST_HOLIDAYS:
        found["holidays"] = f"Name {_MOST_HOLIDAYS} at most"
    return found


def _problem_of_topics(topics: tuple[Topic, ...]) -> str:
    keys = [one.key for one in topics]
    if not 0 < len(topics) <= _MOST_TOPICS:
        return f"Name 1 to {_MOST_TOPICS} topics"
    if len(set(keys)) < len(keys):
        return "Two topics have the same key"
    for one in topics:
        if not _KEY.fullmatch(one.key) or len(one.key) > 60:
            return f"The key {one.key!r} may have small letters, digits and hyphens alone"
        if not _is_line(one.name) or (one.about and not _is_line(one.about)):
            return f"Give the topic {one.key!r} a name and a description of one line each"
    return ""


def _is_line(text: str) -> bool:
    return bool(text.strip()) and text.isprintable() and len(text) <= _LONGEST


def _hash(settings: DeskSettings) -> str:
    return sha256(orjson.dumps(asdict(settings), option=orjson.OPT_SORT_KEYS)).hexdigest()
