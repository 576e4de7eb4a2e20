"""A sender that kills itself at a marked point; run as a process of its own by a test."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime

from tumen.model.watching import Channel
from tumen.store import Store
from tumen.watch.notices.addresses import AddressRule
from tumen.watch.notices.mail import MailServer, MailTransport, parse_sender
from tumen.watch.notices.sending import send_due
from tumen.watch.notices.webhook import WebhookTransport


def main(store_url: str, smtp_url: str, fatal_point: str, fatal_count: str) -> None:
    """Send what is due; die without a word when the point is passed so many times."""
    passed = 0

    def checkpoint(point: str) -> None:
        nonlocal passed
        passed += point == fatal_point
        if point == fatal_point and passed == int(fatal_count):
            os.kill(os.getpid(), signal.SIGKILL)

    transports = {
        Channel.WEBHOOK: WebhookTransport(AddressRule(is_private_allowed=True)),
        Channel.EMAIL: MailTransport(
            MailServer.parse(smtp_url), parse_sender("tumen@bank.example")
        ),
    }
    with Store.open(store_url) as store:
        send_due(store, transports, datetime.now(UTC), checkpoint=checkpoint)


if __name__ == "__main__":
    main(*sys.argv[1:])
