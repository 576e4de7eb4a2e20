"""Who is kept informed: they ask, confirm by mail, and leave by one click.

Whether an address is known shows nowhere: asking does the same for every address, and nothing
goes out to one before its owner has confirmed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from tumen.errors import RequestError
from tumen.model.audit import AuditEntry
from tumen.model.desk import DeskSettings, Reader
from tumen.service.help_desk.addresses import public_base
from tumen.service.help_desk.letters import confirmation
from tumen.store.work import Work
from tumen.watch.notices.mail import parse_address

CONFIRM_WITHIN = timedelta(days=3)
_FORGOTTEN_AFTER = timedelta(days=30)
# Nobody's post box is filled by others who type its address here.
MOST_A_DAY = 3
_TOKEN_BYTES = 24


def ask(work: Work, email: str, topics: Iterable[str], desk: DeskSettings, now: datetime) -> None:
    """Send a confirmation to an address that somebody typed; the same for new and known ones.

    Raises RequestError where the address or the topics make no sense, or mail has no links yet.
    """
    public_base(desk)
    address, wanted = parse_address(email.strip()).lower(), known_topics(topics, desk)
    work.readers.forget(now - CONFIRM_WITHIN, now - _FORGOTTEN_AFTER)
    if work.readers.asked_since(address, now - timedelta(days=1)) >= MOST_A_DAY:
        return
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    reader = Reader(
        f"reader-{secrets.token_hex(8)}",
        address,
        wanted,
        _hash(token),
        secrets.token_urlsafe(_TOKEN_BYTES),
        now,
    )
    work.readers.add(reader)
    work.letters.add([confirmation(reader, token, desk)])
    _record(work, "reader asked", reader, now)


def confirm(work: Work, token: str, now: datetime) -> Reader | None:
    """From now on they are told, of these topics and no others; None where the link is no good."""
    found = work.readers.asking(_hash(token))
    if found is None or found.ended_at is not None:
        return None
    if found.confirmed_at is not None:
        return found
    if found.asked_at < now - CONFIRM_WITHIN:
        return None
    work.readers.confirm(found, now)
    _record(work, "reader confirmed", found, now)
    return work.readers.get(found.reader_id)


def leave(work: Work, token: str, now: datetime) -> bool:
    """Tell nothing more to whoever has this link. False where it is none of ours."""
    found = work.readers.leaving(token)
    if found is None:
        return False
    if found.ended_at is None:
        work.readers.end(found.email, now)
        _record(work, "reader left", found, now)
    return True


def known_topics(topics: Iterable[str], desk: DeskSettings) -> tuple[str, ...]:
    """The topics in the desk's order. Raises RequestError for none, or for one it has not."""
    given = set(topics)
    if odd := given - set(desk.topic_names):
        raise RequestError(f"There is no topic {min(odd)!r}")
    if not given:
        raise RequestError("Choose at least one topic")
    return tuple(one.key for one in desk.topics if one.key in given)


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


def _record(work: Work, action: str, reader: Reader, now: datetime) -> None:
    # The address is personal data, and the audit log forgets nothing: it names the id alone.
    work.audit.append(AuditEntry(now, "public", action, reader.reader_id))
