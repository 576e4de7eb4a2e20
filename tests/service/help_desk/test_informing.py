"""Keeping readers informed: nothing goes out unconfirmed, and nothing tells who is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bulletin import DESK, NOW, confirmed, letters, token_in

from tumen.errors import RequestError
from tumen.model.desk import DeskSettings, LetterKind
from tumen.service.help_desk import informing
from tumen.store import Store


def _ask(store: Store, email: str, *topics: str, hours: float = 0) -> None:
    with store.writing() as work:
        informing.ask(work, email, topics or ("shipping",), DESK, NOW + timedelta(hours=hours))


def test_who_asked_is_told_nothing_before_they_confirm(store: Store) -> None:
    """Somebody else may have typed the address; of the token that confirms only a hash stays."""
    _ask(store, "Mina@Client.Example")
    (letter,) = letters(store, LetterKind.CONFIRMATION)
    assert letter.address == "mina@client.example"
    token = token_in(letter.text)
    with store.writing() as work:
        assert work.readers.of_topics(("shipping",)) == []
        found = informing.confirm(work, token, NOW)
        assert found is not None
        assert found.confirm_hash != token
        assert [one.email for one in work.readers.of_topics(("shipping",))] == [found.email]
        assert work.readers.of_topics(("russia",)) == []
        assert informing.confirm(work, token, NOW) is not None


def test_a_known_address_is_treated_as_a_new_one(store: Store) -> None:
    """Else the form would tell strangers who reads here. New topics count once confirmed."""
    confirmed(store, "mina@client.example", "shipping")
    _ask(store, "mina@client.example", "russia", "cyber")
    (letter,) = letters(store, LetterKind.CONFIRMATION)
    with store.writing() as work:
        assert [one.topics for one in work.readers.all()] == [("shipping",)]
        informing.confirm(work, token_in(letter.text), NOW)
        assert [one.topics for one in work.readers.all()] == [("russia", "cyber")]


def test_nobodys_post_box_is_filled(store: Store) -> None:
    """Three letters a day for one address, however it is written; then silence, not an error."""
    for number in range(6):
        _ask(store, "MINA@client.example" if number % 2 else "mina@client.example")
    assert len(letters(store, LetterKind.CONFIRMATION)) == informing.MOST_A_DAY
    _ask(store, "mina@client.example", hours=25)
    assert len(letters(store, LetterKind.CONFIRMATION)) == informing.MOST_A_DAY + 1


def test_an_old_link_confirms_nothing(store: Store) -> None:
    """After three days the asking is forgotten, with the address."""
    _ask(store, "mina@client.example")
    (letter,) = letters(store, LetterKind.CONFIRMATION)
    with store.writing() as work:
        late = NOW + informing.CONFIRM_WITHIN + timedelta(minutes=1)
        assert informing.confirm(work, token_in(letter.text), late) is None
        assert informing.confirm(work, "no-such-token", NOW) is None
    _ask(store, "other@client.example", hours=80)
    with store.reading() as work:
        assert work.readers.asked_since("mina@client.example", NOW - timedelta(days=1)) == 0


def test_who_leaves_is_told_nothing_more(store: Store) -> None:
    """By a link that needs no account; leaving twice does no harm, and an old link joins nobody."""
    reader = confirmed(store, "mina@client.example", "shipping")
    with store.writing() as work:
        assert informing.leave(work, reader.leave_token, NOW)
        assert informing.leave(work, reader.leave_token, NOW)
        assert not informing.leave(work, "no-such-token", NOW)
        assert work.readers.all() == []


def test_the_audit_log_holds_no_address(store: Store) -> None:
    """It forgets nothing, and whoever leaves has a right to be forgotten."""
    reader = confirmed(store, "mina@client.example", "shipping")
    with store.writing() as work:
        informing.leave(work, reader.leave_token, NOW)
        told = [one.entry for one in work.audit.records()]
    mine = [one for one in told if one.object == reader.reader_id]
    assert [one.action for one in mine] == ["reader asked", "reader confirmed", "reader left"]
    assert all("mina" not in str(one) for one in mine)


@pytest.mark.parametrize(
    ("email", "topics"),
    [
        ("no address", ("shipping",)),
        ("a@b.example\nBcc: c@d.example", ("shipping",)),
        ("mina@client.example", ()),
        ("mina@client.example", ("no-such-topic",)),
    ],
)
def test_what_makes_no_sense_is_refused(store: Store, email: str, topics: tuple[str, ...]) -> None:
    """And keeps nothing."""
    with store.writing() as work, pytest.raises(RequestError):
        informing.ask(work, email, topics, DESK, NOW)
    assert letters(store, LetterKind.CONFIRMATION) == []


def test_without_a_public_address_nobody_is_asked_to_confirm(store: Store) -> None:
    """A link must not be made from what a request says of its host."""
    with store.writing() as work, pytest.raises(RequestError, match="public address"):
        informing.ask(work, "mina@client.example", ["shipping"], DeskSettings(), NOW)
