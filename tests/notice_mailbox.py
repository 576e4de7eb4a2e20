"""A real SMTP server on this machine, and what it took."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """What the server took; `refusal` is what it says to the next recipient or body."""

    def __init__(self) -> None:
        self.envelopes = list[Envelope]()
        self.logins = list[str]()
        self.rcpt, self.data = "250 OK", "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Take or refuse a recipient."""
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take or refuse a mail."""
        if self.data.startswith("250"):
            self.envelopes.append(envelope)
            self.logins.append(str(session.auth_data))
        return self.data

    def messages(self) -> list[EmailMessage]:
        """All mails, read with the standard library."""
        return [
            email.message_from_bytes(bytes(one.content or b""), policy=default)  # type: ignore[misc]
            for one in self.envelopes
        ]


@contextmanager
def serving(mailbox: Mailbox, **terms: Any) -> Iterator[int]:
    """A server on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = Controller(mailbox, hostname="127.0.0.1", port=port, **terms)
    made.start()
    try:
        yield port
    finally:
        made.stop()
