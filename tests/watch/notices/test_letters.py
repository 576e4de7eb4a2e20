"""Letters of the desk against a real local SMTP server: each sent once, whatever dies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from notice_samples import NOW

from notice_mailbox import Mailbox, serving
from tumen.model.desk import Letter, LetterKind, LetterStatus, Reader
from tumen.model.watching import Channel, EventKind
from tumen.store import Store
from tumen.watch.notices.backoff import MOST_ATTEMPTS
from tumen.watch.notices.letters import send_letters
from tumen.watch.notices.mail import MailServer, MailTransport, parse_sender
from tumen.watch.notices.outgoing import send_outgoing
from tumen.watch.notices.sending import SendTally

LEAVE = "https://desk.example/briefings/leave/" + "x" * 120


def letter(number: int = 1, kind: LetterKind = LetterKind.CONFIRMATION, **changes: Any) -> Letter:
    """A letter that is due."""
    given: dict[str, Any] = {
        "letter_id": f"letter-{number}",
        "kind": kind,
        "address": "mina@client.example",
        "subject": "Прошу подтвердить: 확인",
        "text": f"Open https://desk.example/{'y' * 200}\n",
        "html": "<!doctype html><p>Open</p>\n",
        "created_at": NOW,
        "due_at": NOW,
    }
    return Letter(**{**given, **changes})


def reader(**changes: Any) -> Reader:
    """A confirmed reader."""
    given: dict[str, Any] = {
        "reader_id": "reader-1",
        "email": "mina@client.example",
        "topics": ("shipping",),
        "confirm_hash": "h",
        "leave_token": "t",
        "asked_at": NOW,
        "confirmed_at": NOW,
    }
    return Reader(**{**given, **changes})


def add(store: Store, *wanted: Letter) -> None:
    """Keep letters."""
    with store.writing() as work:
        work.letters.add(wanted)


def kept(store: Store, letter_id: str = "letter-1") -> Letter:
    """A letter as it stands."""
    with store.reading() as work:
        found = work.letters.get(letter_id)
    assert found is not None
    return found


def post(port: int) -> MailTransport:
    """The way to a server of this machine."""
    server = MailServer.parse(f"smtp://127.0.0.1:{port}")
    return MailTransport(server, parse_sender("desk@bank.example"), timeout_seconds=2)


def test_a_letter_is_sent_once(store: Store) -> None:
    """Under the id it has, however often it is asked for; its words are then forgotten."""
    mailbox = Mailbox()
    with store.writing() as work:
        work.readers.add(reader())
    add(store, letter(leave_url=LEAVE, reader_id="reader-1"))
    with serving(mailbox) as port:
        assert send_letters(store, post(port), NOW) == SendTally(delivered=1)
        add(store, letter())
        assert send_letters(store, post(port), NOW) == SendTally()
    (message,) = mailbox.messages()
    assert message["Message-ID"] == "<letter-1@bank.example>"
    assert message["Subject"] == "Прошу подтвердить: 확인"
    assert message["To"] == "mina@client.example"
    raw = bytes(mailbox.envelopes[0].content or b"")
    # Mail programs look for it as it is: no part of it may be folded or encoded.
    assert b"List-Unsubscribe: <" + LEAVE.encode() + b">\r\n" in raw
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = message.get_body(("plain",))
    assert body is not None
    assert "y" * 200 in body.get_content()
    found = kept(store)
    assert found.status is LetterStatus.DELIVERED
    assert (found.address, found.text, found.html, found.leave_url) == ("", "", "", "")


def test_a_silent_server_keeps_all_letters_waiting(store: Store) -> None:
    """They are tried again with growing waits, and arrive when it is back."""
    add(store, letter(1), letter(2))
    with serving(Mailbox()) as closed:
        pass
    tally = send_letters(store, post(closed), NOW)
    assert (tally.to_try_again, tally.delivered, tally.given_up) == (1, 0, 0)
    mailbox = Mailbox()
    with serving(mailbox) as port:
        later = NOW + timedelta(minutes=1)
        assert send_letters(store, post(port), later).delivered == 2
    assert len(mailbox.envelopes) == 2


def test_it_is_given_up_in_the_end(store: Store) -> None:
    """After as many attempts as a notice, with an event where somebody waits for the answer."""
    add(store, letter(kind=LetterKind.ACKNOWLEDGEMENT, about="case-1"))
    mailbox = Mailbox()
    mailbox.data = "451 not now"
    at = NOW
    with serving(mailbox) as port:
        for _ in range(MOST_ATTEMPTS):
            send_letters(store, post(port), at)
            at += timedelta(days=1)
    found = kept(store)
    assert (found.status, found.attempts) == (LetterStatus.GIVEN_UP, MOST_ATTEMPTS)
    assert (found.address, found.text) == ("", "")
    with store.reading() as work:
        (event,) = work.outbox.events(kinds=[EventKind.NOTICE_GIVEN_UP])
    assert "case-1" in event.text
    assert "mina" not in f"{event}{found.last_error}"


def test_a_refused_reader_is_a_reader_no_more(store: Store) -> None:
    """An address that is gone for good is not written to again; nobody is alarmed."""
    with store.writing() as work:
        work.readers.add(reader())
    add(store, letter(kind=LetterKind.BRIEFING, reader_id="reader-1"))
    mailbox = Mailbox()
    mailbox.rcpt = "550 no such user"
    with serving(mailbox) as port:
        assert send_letters(store, post(port), NOW).given_up == 1
    with store.reading() as work:
        assert work.readers.all() == []
        assert work.outbox.events() == []


@pytest.mark.parametrize(
    "changes", [{"ended_at": NOW}, {"confirmed_at": None}, {"reader_id": "another"}]
)
def test_who_is_no_reader_is_not_written_to(store: Store, changes: dict[str, Any]) -> None:
    """Who left while the letter waited hears nothing more."""
    with store.writing() as work:
        work.readers.add(replace(reader(), **changes))
    add(store, letter(kind=LetterKind.BRIEFING, reader_id="reader-1"))
    mailbox = Mailbox()
    with serving(mailbox) as port:
        send_letters(store, post(port), NOW)
    assert mailbox.envelopes == []
    assert kept(store).status is LetterStatus.CANCELLED


class _Killed(BaseException):
    """What stands for the death of a sender."""


@pytest.mark.parametrize(("point", "times"), [("letter: taken", 1), ("letter: sent", 2)])
def test_a_sender_that_dies_loses_nothing(store: Store, point: str, times: int) -> None:
    """What it had in hand is free when its lease has run out, and goes out under the same id."""
    add(store, letter())
    mailbox = Mailbox()

    def die(passed: str) -> None:
        if passed == point:
            raise _Killed

    with serving(mailbox) as port:
        with pytest.raises(_Killed):
            send_letters(store, post(port), NOW, holder="elsewhere pid 1", checkpoint=die)
        assert send_letters(store, post(port), NOW).delivered == 0
        late = NOW + timedelta(minutes=6)
        assert send_letters(store, post(port), late).delivered == 1
    assert [one["Message-ID"] for one in mailbox.messages()] == ["<letter-1@bank.example>"] * times
    assert kept(store).attempts == 2


def test_a_dead_sender_of_this_machine_holds_nothing_up(store: Store) -> None:
    """Its process is gone, so nobody waits for its lease."""
    import socket

    add(store, letter())
    with store.writing() as work:
        work.letters.take("letter-1", f"{socket.gethostname()} pid 999999999", NOW, 300)
    mailbox = Mailbox()
    with serving(mailbox) as port:
        assert send_letters(store, post(port), NOW).delivered == 1


def test_two_senders_send_one_letter_once(store: Store) -> None:
    """While one has it in hand the other leaves it alone."""
    add(store, letter())
    mailbox = Mailbox()
    with serving(mailbox) as port:

        def meanwhile(point: str) -> None:
            if point == "letter: taken":
                assert send_letters(store, post(port), NOW) == SendTally()

        assert send_letters(store, post(port), NOW, checkpoint=meanwhile).delivered == 1
    assert len(mailbox.envelopes) == 1


def test_without_mail_they_wait(store: Store) -> None:
    """And the tally says so; with it they go out beside the notices."""
    add(store, letter())
    assert send_outgoing(store, {}, NOW) == SendTally(waiting=1)
    mailbox = Mailbox()
    with serving(mailbox) as port:
        tally = send_outgoing(store, {Channel.EMAIL: post(port)}, NOW)
    assert tally == SendTally(delivered=1)


def test_a_letter_that_breaks_the_post_keeps_no_other_back(store: Store) -> None:
    """It is recorded with what went wrong, and tried again."""

    class Breaking(MailTransport):
        def send_letter(self, letter: Letter, at: Any) -> None:
            if letter.letter_id == "letter-1":
                raise ZeroDivisionError("odd")
            super().send_letter(letter, at)

    add(store, letter(1), letter(2))
    mailbox = Mailbox()
    with serving(mailbox) as port:
        way = Breaking(MailServer.parse(f"smtp://127.0.0.1:{port}"), parse_sender("d@bank.example"))
        tally = send_letters(store, way, NOW)
    assert (tally.delivered, tally.to_try_again) == (1, 1)
    assert "ZeroDivisionError" in kept(store).last_error
