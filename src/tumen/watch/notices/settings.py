"""What the ways to a reader need to know."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """Where mail is handed in, by whom, and where webhooks may go.

    `smtp_url` holds a password and stays out of every representation. `webhook_allow` are
    hosts, addresses and networks that are open beside the public ones.
    """

    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    has_mail_details: bool = False
    webhook_allow: str = ""
    is_private_allowed: bool = False
