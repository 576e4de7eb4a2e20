"""All that is due to go out: notices to subscribers, and the letters of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tumen.model.watching import Channel
from tumen.store import Store
from tumen.watch.notices.letters import send_letters
from tumen.watch.notices.mail import MailTransport
from tumen.watch.notices.sending import SendTally, send_due
from tumen.watch.notices.transport import Transport


def send_outgoing(
    store: Store, transports: Mapping[Channel, Transport], now: datetime
) -> SendTally:
    """Send what is due of both, by the transports that there are; letters go by mail."""
    mail = transports.get(Channel.EMAIL)
    notices = send_due(store, transports, now)
    letters = send_letters(store, mail if isinstance(mail, MailTransport) else None, now)
    counted = letters.to_dict()
    return SendTally(**{name: count + counted[name] for name, count in notices.to_dict().items()})
