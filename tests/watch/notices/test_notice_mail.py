"""Mail against a real local SMTP server: plain, STARTTLS, TLS, login, refusals."""

from __future__ import annotations

import email
import socket
import time
from email.headerregistry import Address
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given, settings
from hypothesis import strategies as st
from notice_certificates import certificate
from notice_samples import NOW, event, stale_list, subscription

from notice_mailbox import Mailbox, serving
from tumen.errors import RequestError
from tumen.model.watching import Channel
from tumen.watch.notices.mail import (
    MailServer,
    MailTransport,
    Security,
    mail_of,
    parse_address,
    parse_sender,
)
from tumen.watch.notices.transport import DeliveryError, Notice

SENDER = parse_sender("Sanctions desk <tumen@bank.example>")
# The server of the tests knows nothing of TLS around it.
_unsafe_login = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def check_login(server: SMTP, session: Session, envelope: Envelope, _way: str, data: Any) -> Any:
    """One user is known."""
    assert isinstance(data, LoginPassword)
    is_good = (data.login, data.password) == (b"desk", b"p@ss/word")
    return AuthResult(success=is_good, handled=is_good, auth_data=data.login.decode())


@pytest.fixture
def mailbox() -> Mailbox:
    """An empty mailbox."""
    return Mailbox()


def transport(url: str, **terms: Any) -> MailTransport:
    """A transport to a server, patient for two seconds."""
    return MailTransport(MailServer.parse(url), SENDER, timeout_seconds=2, **terms)


def notice(*events: Any, **changes: Any) -> Notice:
    """A notice by mail; of one hit and one alarm where nothing else is given."""
    told = events or (event(), stale_list())
    return Notice("dlv_1", subscription(Channel.EMAIL, **changes), told)


def test_a_mail_arrives(mailbox: Mailbox) -> None:
    """Plain and HTML, with a Message-ID that is the same at every attempt, and no names."""
    with serving(mailbox) as port:
        for _ in range(2):
            transport(f"smtp://127.0.0.1:{port}").send(notice(), NOW)
    first, second = mailbox.messages()
    assert first["Message-ID"] == second["Message-ID"] == "<dlv_1@bank.example>"
    assert first["Subject"] == "tumen: 2 notices, worst critical (new hit: 1, list stale: 1)"
    assert first["From"] == "Sanctions desk <tumen@bank.example>"
    assert first["To"] == "officer@bank.example"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"].datetime == NOW.replace(microsecond=0)
    plain, page = first.iter_parts()
    assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    for part in (plain, page):
        assert "C-1" in part.get_content()  # type: ignore[attr-defined]
        assert "Kim" not in part.get_content()  # type: ignore[attr-defined]
    assert mailbox.envelopes[0].mail_from == "tumen@bank.example"
    assert mailbox.envelopes[0].rcpt_tos == ["officer@bank.example"]


def test_names_are_told_where_subscription_or_settings_say_so(mailbox: Mailbox) -> None:
    """In their own script, whole, through the wire."""
    korean = event(title="김철남 is newly hit", text="Ким Чхоль Нам\n" + "가" * 2_000)
    with serving(mailbox) as port:
        transport(f"smtp://127.0.0.1:{port}").send(notice(korean, has_details=True), NOW)
        transport(f"smtp://127.0.0.1:{port}", has_details=True).send(notice(korean), NOW)
    for message in mailbox.messages():
        body = message.get_body(("plain",))
        assert body is not None
        assert "김철남 is newly hit" in body.get_content()
        assert "가" * 2_000 in body.get_content()


def test_starttls_with_login(mailbox: Mailbox, tmp_path: Path) -> None:
    """Over a certificate that its authority's file vouches for; the URL's parts are unquoted."""
    file, context = certificate(tmp_path, "localhost")
    terms = {"tls_context": context, "require_starttls": True, "auth_required": True}
    with serving(mailbox, authenticator=check_login, **terms) as port:
        url = f"smtp+starttls://desk:p%40ss%2Fword@localhost:{port}?ca={file}"
        transport(url).send(notice(), NOW)
    assert mailbox.logins == ["desk"]


@_unsafe_login
def test_tls_from_the_first_byte(mailbox: Mailbox, tmp_path: Path) -> None:
    """smtps, with login."""
    file, context = certificate(tmp_path, "localhost")
    terms = {"auth_required": True, "auth_require_tls": False, "authenticator": check_login}
    with serving(mailbox, ssl_context=context, **terms) as port:
        transport(f"smtps://desk:p%40ss%2Fword@localhost:{port}?ca={file}").send(notice(), NOW)
    assert mailbox.logins == ["desk"]


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_stranger_gets_no_password(mailbox: Mailbox, tmp_path: Path, scheme: str) -> None:
    """Whose certificate nobody vouches for, or that is another's."""
    _, context = certificate(tmp_path, "localhost")
    other_file, _ = certificate(tmp_path, "other.example")
    way = "ssl_context" if scheme == "smtps" else "tls_context"
    with serving(mailbox, **{way: context}) as port:
        for query in ("", f"?ca={other_file}"):
            with pytest.raises(DeliveryError, match="CERTIFICATE_VERIFY_FAILED"):
                transport(f"{scheme}://desk:x@localhost:{port}{query}").send(notice(), NOW)
    assert mailbox.envelopes == []


def test_a_server_without_starttls_gets_nothing(mailbox: Mailbox) -> None:
    """Who takes the offer of encryption away would read along."""
    with serving(mailbox) as port, pytest.raises(DeliveryError, match="STARTTLS"):
        transport(f"smtp+starttls://localhost:{port}").send(notice(), NOW)
    assert mailbox.envelopes == []


@_unsafe_login
def test_a_wrong_password_is_tried_again(mailbox: Mailbox) -> None:
    """It is ours to mend; the password stands in no message."""
    terms = {"auth_required": True, "auth_require_tls": False, "authenticator": check_login}
    with serving(mailbox, **terms) as port, pytest.raises(DeliveryError) as caught:
        transport(f"smtp://desk:wrong-word@localhost:{port}").send(notice(), NOW)
    assert "535" in str(caught.value)
    assert "wrong-word" not in str(caught.value)
    assert not caught.value.is_final


@pytest.mark.parametrize(
    ("rcpt", "data", "said", "is_final"),
    [
        ("550 No such user", "250 OK", "refused officer@bank.example: 550 No such user", True),
        ("451 Greylisted", "250 OK", "refused officer@bank.example: 451 Greylisted", False),
        ("250 OK", "452 Disk full", "refused: 452 Disk full", False),
    ],
)
def test_refusals(mailbox: Mailbox, rcpt: str, data: str, said: str, is_final: bool) -> None:
    """An unknown recipient is final, all else may pass."""
    mailbox.rcpt, mailbox.data = rcpt, data
    with serving(mailbox) as port, pytest.raises(DeliveryError) as caught:
        transport(f"smtp://127.0.0.1:{port}").send(notice(), NOW)
    assert said in str(caught.value)
    assert caught.value.is_final is is_final
    assert not caught.value.is_unreachable


def test_nobody_there_or_silence() -> None:
    """A server that does not answer is left after the time allowed."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        began = time.monotonic()
        with pytest.raises(DeliveryError) as caught:
            MailTransport(
                MailServer.parse(f"smtp://127.0.0.1:{port}"), SENDER, timeout_seconds=0.3
            ).send(notice(), NOW)
        assert caught.value.is_unreachable
        assert time.monotonic() - began < 3
    with pytest.raises(DeliveryError, match="No connection to the mail server"):
        transport(f"smtp://127.0.0.1:{port}").send(notice(), NOW)


@given(st.text(), st.text(), st.text())
@settings(deadline=None)
def test_no_value_adds_a_header_or_a_recipient(title: str, text: str, party_id: str) -> None:
    """Whatever names and ids hold, the headers are ours."""
    evil = "\r\nBcc: thief@evil.example\r\n\r\nbody"
    told = event(title=title + evil, text=text + evil, party_id=party_id + evil, book_id=evil)
    made = mail_of(notice(told, has_details=True), SENDER, NOW)
    again = email.message_from_bytes(made.as_bytes(), policy=default)
    names = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
    assert again.keys() == [*names, "MIME-Version", "Content-Type"]
    assert again["To"] == "officer@bank.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "officer",
        "a@b.example, c@d.example",
        "Officer <a@b.example>",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\n",
        "a b@c.example",
        "офицер@bank.example",
        "a@" + "b" * 254,
    ],
)
def test_what_is_no_address(text: str) -> None:
    """Refused when subscribing; found later it is given up at once."""
    with pytest.raises(RequestError, match="no mail address"):
        parse_address(text)
    with pytest.raises(DeliveryError) as caught:
        mail_of(notice(target=text), SENDER, NOW)
    assert caught.value.is_final


@pytest.mark.parametrize("text", ["tumen", "A <b@c.example>\r\nBcc: x@y.example", "", "<>"])
def test_what_is_no_sender(text: str) -> None:
    """Said when the settings are read."""
    with pytest.raises(RequestError):
        parse_sender(text)


def test_a_sender_with_and_without_a_name() -> None:
    """Both are usual."""
    assert parse_sender("tumen@bank.example") == Address("", addr_spec="tumen@bank.example")
    assert SENDER.display_name == "Sanctions desk"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://relay", MailServer("relay", 25, Security.NONE)),
        ("smtps://u:p@m.example", MailServer("m.example", 465, Security.TLS, "u", "p")),
        (
            "smtp+starttls://u%40b.example:p%3A%2F@m.example:2587?ca=/etc/ca.pem",
            MailServer("m.example", 2587, Security.STARTTLS, "u@b.example", "p:/", "/etc/ca.pem"),
        ),
        ("smtp://u:p@localhost", MailServer("localhost", 25, Security.NONE, "u", "p")),
    ],
)
def test_servers_by_url(url: str, expected: MailServer) -> None:
    """With the usual port of each scheme; the password is in no representation."""
    assert MailServer.parse(url) == expected
    assert "p:/" not in repr(MailServer.parse(url))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example:25",
        "http://mail.example",
        "smtp://",
        "smtp://m.example:port",
        "smtp://m.example:99999",
        "smtps://m.example/path",
        "smtps://m.example?tls=no",
        "smtps://m.example?x",
    ],
)
def test_what_is_no_server(url: str) -> None:
    """Said with the form that is wanted."""
    with pytest.raises(RequestError, match=r"smtps://user:password@mail\.example:465"):
        MailServer.parse(url)


def test_no_password_goes_unencrypted_over_a_network() -> None:
    """And the message that says so does not repeat it."""
    with pytest.raises(RequestError, match="unencrypted") as caught:
        MailServer.parse("smtp://desk:geheim@mail.example")
    assert "geheim" not in str(caught.value)
