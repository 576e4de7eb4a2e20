"""Notices by e-mail, over SMTP with or without TLS."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from tumen.errors import RequestError
from tumen.model.desk import Letter
from tumen.watch.notices.texts import html_text, plain_text
from tumen.watch.notices.transport import DeliveryError, Notice
from tumen.watch.notices.wording import one_line, subject_line

TIMEOUT_SECONDS = 30.0
# One plain address: what is allowed beside this has other ways to be written, and to deceive.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
# A folded address would be encoded, and mail programs would no longer find it; 998 is the most
# that a line may have (RFC 5322).
_UNFOLDED = SMTP.clone(max_line_length=998)
_FORM = "smtps://user:password@mail.example:465"


class Security(StrEnum):
    """How the way to the mail server is kept from being read: the scheme of its URL."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `ca_file` names the authority of a private certificate."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    @classmethod
    def parse(cls, url: str) -> MailServer:
        """A server from `smtp`, `smtp+starttls` or `smtps` and `://user:password@host:port?ca=FILE`.

        Raises RequestError, which does not repeat the password, where it makes no sense or
        would send the password unencrypted over a network.
        """
        try:
            parts = urlsplit(url)
            security, port = Security(parts.scheme), parts.port
            query = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError as error:
            raise RequestError(f"TUMEN_SMTP_URL is no URL such as {_FORM}") from error
        if not parts.hostname or parts.path not in ("", "/") or set(query) - {"ca"}:
            raise RequestError(f"TUMEN_SMTP_URL is no URL such as {_FORM}")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if user and security is Security.NONE and not _is_this_machine(parts.hostname):
            raise RequestError(
                "TUMEN_SMTP_URL would send its password unencrypted: use smtps:// or "
                "smtp+starttls://"
            )
        ca_file = query.get("ca", [""])[-1]
        return cls(parts.hostname, port or _PORTS[security], security, user, password, ca_file)


def parse_address(text: str) -> str:
    """One mail address. Raises RequestError for several, for a name with it, or for none."""
    if not _ADDRESS.fullmatch(text):
        raise RequestError(
            f"{text!r} is no mail address: give one such as officer@bank.example (a domain of "
            "other letters in its xn-- form)"
        )
    return text


def parse_sender(text: str) -> Address:
    """`tumen@bank.example` or `Sanctions desk <tumen@bank.example>`."""
    name, address = parseaddr(text)
    if one_line(text) != text:
        raise RequestError("TUMEN_MAIL_FROM holds characters that no header may hold")
    return Address(name, addr_spec=parse_address(address))


class MailTransport:
    """Sends notices from one address by one server, a connection for each."""

    def __init__(
        self,
        server: MailServer,
        sender: Address,
        *,
        has_details: bool = False,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._server, self._sender, self._has_details = server, sender, has_details
        self._timeout_seconds = timeout_seconds

    def send(self, notice: Notice, at: datetime) -> None:
        """Hand the mail to the server, which from then on answers for it."""
        self.hand_in(mail_of(notice, self._sender, at, has_details=self._has_details))

    def send_letter(self, letter: Letter, at: datetime) -> None:
        """Hand a letter to the server; DeliveryError as for a notice."""
        self.hand_in(letter_mail(letter, self._sender, at))

    def hand_in(self, message: EmailMessage) -> None:
        """Hand a mail to the server. Raises DeliveryError where it does not take it."""
        place = f"{self._server.host}:{self._server.port}"
        try:
            with self._connect() as smtp:
                smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(error) from error
        except smtplib.SMTPDataError as error:
            raise DeliveryError(f"The mail server {place} refused: {_said(error)}") from error
        except smtplib.SMTPException as error:
            # Silence, a login that fails, a sender it does not take: all mail fares the same.
            text = f"The mail server {place} refused: {_said(error)}"
            raise DeliveryError(text, is_unreachable=True) from error
        except OSError as error:
            text = f"No connection to the mail server {place}: {error}"
            raise DeliveryError(text, is_unreachable=True) from error

    def _connect(self) -> smtplib.SMTP:
        server, seconds = self._server, self._timeout_seconds
        if server.security is Security.TLS:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=seconds, context=self._context()
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=seconds)
        try:
            if server.security is Security.STARTTLS:
                smtp.starttls(context=self._context())
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.ca_file or None)


def letter_mail(letter: Letter, sender: Address, at: datetime) -> EmailMessage:
    """The mail of a letter; its Message-ID is made from the letter's id."""
    message = _begun(letter.letter_id, letter.address, letter.subject, sender, at)
    if letter.leave_url:
        # Readers leave with one click in their own mail program (RFC 2369, RFC 8058).
        message["List-Unsubscribe"] = f"<{letter.leave_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    message.policy = _UNFOLDED
    return message


def mail_of(
    notice: Notice, sender: Address, at: datetime, *, has_details: bool = False
) -> EmailMessage:
    """The mail with a plain and an HTML part; its Message-ID is made from the delivery's id."""
    has_details = has_details or notice.subscription.has_details
    delivery_id, target = notice.delivery_id, notice.subscription.target
    message = _begun(delivery_id, target, subject_line(notice.events), sender, at)
    message.set_content(plain_text(notice.events, has_details=has_details))
    page = html_text(notice.events, has_details=has_details)
    message.add_alternative(page, subtype="html")
    return message


def _begun(
    message_id: str, address: str, subject: str, sender: Address, at: datetime
) -> EmailMessage:
    """A mail with its headers, and nothing in it yet."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _checked(parse_address, address)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}@{sender.domain}>"
    # Out-of-office answers to a machine help nobody (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    return message


def _checked(parse: Callable[[str], str], text: str) -> str:
    try:
        return parse(text)
    except RequestError as error:
        raise DeliveryError(str(error), is_final=True) from error


def _refused(error: smtplib.SMTPRecipientsRefused) -> DeliveryError:
    """5xx is an answer for good (RFC 5321): another attempt would get the same."""
    ((address, (code, said)),) = error.recipients.items()
    text = f"The mail server refused {address}: {code} {_text(said)}"
    return DeliveryError(text, is_final=code >= 500)


def _said(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error)


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return one_line(text)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
