"""A request for help becomes a case, and who asked stands beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from desk import NOW, actor
from hypothesis import given
from hypothesis import strategies as st

from tumen.cases.help import (
    STRANGER,
    HelpRequest,
    is_reference,
    new_reference,
    problems_of,
    receive,
)
from tumen.cases.keep import load
from tumen.errors import RequestError
from tumen.model.casework import CaseState, Origin, Priority
from tumen.model.desk import DeskSettings, HelpKind
from tumen.store import Store

REQUEST = HelpRequest(
    HelpKind.CLIENT,
    "A shipment to Rason",
    "Our forwarder asks us to change the consignee.",
    name="Mina Park",
    email="mina@client.example",
    telephone="+82 2 555 0100",
    organisation="Hanbit Trading",
)


def _of(kind: HelpKind) -> HelpRequest:
    return HelpRequest(kind, "A ship", "Where is it?", telephone="+82 2 555 0100")


@pytest.mark.parametrize(
    ("kind", "priority"),
    [
        (HelpKind.URGENT, Priority.P1),
        (HelpKind.CLIENT, Priority.P3),
        (HelpKind.ADVICE, Priority.P3),
        (HelpKind.OTHER, Priority.P4),
    ],
)
def test_each_kind_has_its_priority(store: Store, kind: HelpKind, priority: Priority) -> None:
    """Urgent is a crisis at once; nobody has to look at it first."""
    with store.writing() as work:
        received = receive(work, _of(kind), DeskSettings(), STRANGER, NOW)
        case = load(work, received.case.case_id)
    assert (case.priority, case.origin, case.state) == (priority, Origin.HELP, CaseState.NEW)
    assert kind.label in case.title
    assert case.due_at is not None


def test_who_asked_stands_beside_the_case(store: Store) -> None:
    """What is exported of a case is its records: they hold the request, and no contact."""
    with store.writing() as work:
        received = receive(work, REQUEST, DeskSettings(), STRANGER, NOW)
        records = work.cases.records(received.case.case_id)
        contact = work.help_contacts.of(received.case.case_id)
        assert work.help_contacts.by_reference(received.reference) == contact
        audited = [one.entry for one in work.audit.records()]
    assert contact is not None
    assert (contact.name, contact.email) == ("Mina Park", "mina@client.example")
    assert REQUEST.text in str(records)
    for private in (contact.name, contact.email, contact.telephone, contact.organisation):
        assert private not in str(records)
        assert private not in str(audited)


def test_whoever_is_signed_in_is_named(store: Store) -> None:
    """A colleague's request says whose it is."""
    with store.writing() as work:
        received = receive(work, REQUEST, DeskSettings(), actor("anna"), NOW)
        records = work.cases.records(received.case.case_id)
    assert {one.actor.person for one in records} == {"anna"}


def test_it_is_due_by_the_desks_own_days(store: Store) -> None:
    """A request on a Friday in Seoul before a holiday is due on the Tuesday, Seoul time."""
    desk = DeskSettings(time_zone="Asia/Seoul", holidays=(date(2026, 3, 9),))
    friday = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
    with store.writing() as work:
        received = receive(work, REQUEST, desk, STRANGER, friday)
    assert received.case.due_at == datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"subject": ""}, "subject"),
        ({"subject": "a\nb"}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"email": "", "telephone": ""}, "email"),
        ({"kind": HelpKind.URGENT, "telephone": ""}, "telephone"),
    ],
)
def test_too_little_or_too_much_is_refused(
    store: Store, changes: dict[str, str], field: str
) -> None:
    """The form names the field, and nothing is kept."""
    from dataclasses import replace

    wrong = replace(REQUEST, **changes)  # type: ignore[arg-type]
    assert field in problems_of(wrong)
    with store.writing() as work, pytest.raises(RequestError, match=field):
        receive(work, wrong, DeskSettings(), STRANGER, NOW)
    assert problems_of(REQUEST) == {}


def test_references_are_not_guessed() -> None:
    """Each is new, of one form, and of letters that are not taken for one another."""
    made = {new_reference() for _ in range(2_000)}
    assert len(made) == 2_000
    assert all(is_reference(one) for one in made)
    assert not set("".join(made)) & set("01IOL")


@given(st.text(max_size=25))
def test_what_is_no_reference_is_told_by_its_form(text: str) -> None:
    """So that the page for one shows nothing that a stranger wrote."""
    if is_reference(text):
        assert text.isascii()
        assert len(text) == 19
