"""The ways to a reader that the settings open."""

from __future__ import annotations

from tumen.errors import RequestError
from tumen.model.watching import Channel
from tumen.watch.notices.addresses import AddressRule
from tumen.watch.notices.mail import MailServer, MailTransport, parse_sender
from tumen.watch.notices.settings import NoticeSettings
from tumen.watch.notices.transport import Transport
from tumen.watch.notices.webhook import WebhookTransport


def open_transports(settings: NoticeSettings) -> dict[Channel, Transport]:
    """Webhooks always, mail where there is a server. The terminal is whoever reads there.

    Raises RequestError where a setting makes no sense.
    """
    found: dict[Channel, Transport] = {Channel.WEBHOOK: WebhookTransport(address_rule(settings))}
    if settings.smtp_url:
        found[Channel.EMAIL] = open_mail(settings)
    return found


def open_mail(settings: NoticeSettings) -> MailTransport:
    """Mail by the server of the settings. Raises RequestError where one is missing or wrong."""
    if not settings.smtp_url:
        raise RequestError("No mail server is set: give its URL in TUMEN_SMTP_URL")
    if not settings.mail_from:
        raise RequestError("TUMEN_SMTP_URL needs TUMEN_MAIL_FROM: the address that mail comes from")
    server, sender = MailServer.parse(settings.smtp_url), parse_sender(settings.mail_from)
    return MailTransport(server, sender, has_details=settings.has_mail_details)


def address_rule(settings: NoticeSettings) -> AddressRule:
    """Where webhooks may go. Raises RequestError where TUMEN_WEBHOOK_ALLOW makes no sense."""
    return AddressRule.parse(settings.webhook_allow, is_private_allowed=settings.is_private_allowed)
