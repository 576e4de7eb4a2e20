"""Briefings: drafted, published, corrected, withdrawn; and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bulletin import NOW, confirmed, letters, somebody, text
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from tumen.errors import ConflictError, RequestError
from tumen.model.access import Role
from tumen.model.briefing import Briefing, BriefingState
from tumen.model.desk import LetterKind
from tumen.service.help_desk import informing, writing
from tumen.store import Store

WRITER = somebody()


def _draft(store: Store, **changes: object) -> Briefing:
    with store.writing() as work:
        return writing.draft(work, text(**changes), WRITER, NOW)


def _publish(store: Store, one: Briefing, minutes: int = 0) -> writing.Published:
    with store.writing() as work:
        now = NOW + timedelta(minutes=minutes)
        return writing.publish(work, one.briefing_id, one.version, WRITER, now)


def test_a_draft_is_for_the_desk_alone(store: Store) -> None:
    """Readers see a version when somebody publishes it, and the one before until then."""
    first = _draft(store)
    with store.reading() as work:
        assert work.briefings.shown() == []
        assert work.briefings.shown_at(first.slug) is None
    shown = _publish(store, first).briefing
    with store.writing() as work:
        new = text(title="Another title")
        revised = writing.revise(work, first.briefing_id, shown.version, new, WRITER, NOW)
        assert revised.slug == first.slug
        assert [one.title for one in work.briefings.shown()] == [first.title]
        assert [one.title for one in work.briefings.all()] == ["Another title"]
    again = _publish(store, revised, minutes=5).briefing
    with store.reading() as work:
        assert work.briefings.shown_at(first.slug) == again
        assert again.published_at == NOW
        assert len(work.briefings.versions(first.briefing_id)) == 4


def test_readers_of_its_topics_are_told_once(store: Store) -> None:
    """Each by a letter of their own with the way out; others hear nothing."""
    for email, topic in (("a@x.example", "shipping"), ("b@x.example", "north-korea")):
        confirmed(store, email, topic, "payments")
    confirmed(store, "c@x.example", "cyber")
    published = _publish(store, _draft(store))
    assert published.letters == 2
    told = letters(store, LetterKind.BRIEFING)
    assert {one.address for one in told} == {"a@x.example", "b@x.example"}
    for one in told:
        assert one.leave_url in one.text
        assert one.leave_url.startswith("https://desk.example/briefings/leave/")
        assert f"https://desk.example/briefings/{published.briefing.slug}" in one.text
        assert "un_sc_sanctions:1" not in one.text + one.html
    assert told[0].leave_url != told[1].leave_url


def test_what_is_withdrawn_is_not_sent_any_more(store: Store) -> None:
    """And is out of the list of briefings; its page says so instead."""
    confirmed(store, "a@x.example", "shipping")
    shown = _publish(store, _draft(store)).briefing
    with store.writing() as work:
        with pytest.raises(RequestError, match="why"):
            writing.withdraw(work, shown.briefing_id, shown.version, " ", WRITER, NOW)
        writing.withdraw(work, shown.briefing_id, shown.version, "Wrong ship", WRITER, NOW)
    assert letters(store, LetterKind.BRIEFING) == []
    with store.reading() as work:
        assert work.briefings.shown() == []
        found = work.briefings.shown_at(shown.slug)
        assert found is not None
        assert (found.state, found.note) == (BriefingState.WITHDRAWN, "Wrong ship")


def test_of_two_writers_one_is_told_of_the_other(store: Store) -> None:
    """Neither overwrites what they have not seen."""
    first = _draft(store)
    with store.writing() as work:
        writing.revise(work, first.briefing_id, 1, text(title="Mine"), WRITER, NOW)
    with store.writing() as work, pytest.raises(ConflictError, match=WRITER.name):
        writing.revise(work, first.briefing_id, 1, text(title="Yours"), WRITER, NOW)
    with pytest.raises(ConflictError):
        _publish(store, first)


def test_only_who_may_decide_writes(store: Store) -> None:
    """Neither an administrator nor an auditor nor a viewer speaks for the desk."""
    first = _draft(store)
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.VIEWER):
        with store.writing() as work, pytest.raises(RequestError, match="decide"):
            writing.draft(work, text(), somebody(role), NOW)
        with store.writing() as work, pytest.raises(RequestError, match="decide"):
            writing.publish(work, first.briefing_id, 1, somebody(role), NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": " "},
        {"title": "a\nb"},
        {"title": "x" * 201},
        {"summary": ""},
        {"body": ""},
        {"body": "x" * 50_001},
        {"topics": ()},
        {"topics": ("no-such-topic",)},
        {"case_ids": ("case-0",)},
    ],
)
def test_what_makes_no_sense_is_refused(store: Store, changes: dict[str, object]) -> None:
    """Before it is kept."""
    with pytest.raises(RequestError):
        _draft(store, **changes)
    with store.reading() as work:
        assert work.briefings.all() == []


def test_no_version_is_ever_changed(store: Store) -> None:
    """The database itself refuses: what readers were told can always be shown."""
    first = _draft(store)
    for change in ("UPDATE briefing_version SET by = 'x'", "DELETE FROM briefing_version"):
        with store.writing() as work, pytest.raises(DBAPIError, match="only ever added to"):
            work._connection.execute(sql(change))
    with store.reading() as work:
        assert work.briefings.versions(first.briefing_id) == [first]


def test_two_of_one_title_have_two_addresses(store: Store) -> None:
    """And none has the address of another page."""
    slugs = {_draft(store).slug, _draft(store).slug, _draft(store, title="Subscribe").slug}
    assert len(slugs) == 3
    assert "subscribe" not in slugs
    assert _draft(store, title="김정은").slug.startswith("briefing")


def test_who_left_meanwhile_is_not_written_to(store: Store) -> None:
    """The list of readers is taken when the briefing is published."""
    reader = confirmed(store, "a@x.example", "shipping")
    with store.writing() as work:
        informing.leave(work, reader.leave_token, NOW)
    assert _publish(store, _draft(store)).letters == 0


@pytest.mark.parametrize("odd", ["\0", "a\0b", "\ud800", "x" * 10_000])
def test_odd_addresses_lead_nowhere(store: Store, odd: str) -> None:
    """Strangers may ask for any: no database trips over a letter that it cannot hold."""
    with store.writing() as work:
        assert work.briefings.shown_at(odd) is None
        assert work.briefings.get(odd) is None
        assert work.briefings.versions(odd) == []
        assert work.help_contacts.by_reference(odd) is None
        assert not informing.leave(work, odd, NOW)
