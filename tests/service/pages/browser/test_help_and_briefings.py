"""A stranger asks for help in a crisis; a reader subscribes and confirms: through real mails."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from site_of_demo import PHONE, Site

from notice_mailbox import Mailbox, serving
from tumen.model.casework import CaseAct, Origin, Priority
from tumen.service.help_desk.rounds import make_round
from tumen.store.cases import CaseFilter


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """The mail server that the desk sends by."""
    found = Mailbox()
    with serving(found) as port:
        monkeypatch.setenv("TUMEN_SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("TUMEN_MAIL_FROM", "desk@ussuri.example")
        yield found


def mailed_to(site: Site, mailbox: Mailbox, address: str) -> str:
    """The text of the last mail to an address, once it is there: the service sends it too."""
    end = time.monotonic() + 20
    while not (mails := [one for one in mailbox.messages() if address in str(one["to"])]):
        make_round(site.store, datetime.now(UTC))
        assert time.monotonic() < end, [str(one["to"]) for one in mailbox.messages()]
        time.sleep(0.1)
    body = mails[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_an_urgent_request_calls_the_duty_officer(site: Site, mailbox: Mailbox) -> None:
    """Urgent: the telephone first, a case of the first priority at once, and somebody is called."""
    stranger = site.visitor("", PHONE)
    stranger.goto("/help")
    site.shot(stranger, "help-phone")
    stranger.get_by_role("link", name="Urgent").click()
    expect(stranger.get_by_role("link", name=re.compile("555 0100"))).to_be_visible()
    stranger.get_by_role("button", name="Call the duty officer now").click()
    expect(stranger.get_by_role("alert")).to_be_visible()
    stranger.get_by_label("What is it about?").fill("A payment to MRB Bank leaves at noon")
    stranger.get_by_label("What happened?").fill("We saw it just now; <b>please stop it</b>.")
    stranger.get_by_label("Telephone").fill("+00 555 0199")
    stranger.get_by_label("E-mail").fill("teller@ussuri.example")
    stranger.get_by_role("button", name="Call the duty officer now").click()
    expect(stranger.get_by_role("heading", name="We have your request")).to_be_visible()
    assert "MRB Bank" not in stranger.locator("main").inner_text()

    with site.store.reading() as work:
        (crisis,) = work.cases.find(CaseFilter(priorities=(Priority.P1,)))
        acts = [one.act for one in work.cases.records(crisis.case_id)]
    assert crisis.origin is Origin.HELP
    assert CaseAct.ESCALATED in acts
    assert crisis.case_id in mailed_to(site, mailbox, "duty@ussuri.example")
    reference = stranger.locator("p.figure.mono").inner_text()
    assert reference in mailed_to(site, mailbox, "teller@ussuri.example")
    assert not [one for one in mailbox.messages() if "deputy@" in str(one["to"])]

    mina = site.visitor("mina")
    mina.goto(f"/desk/cases/{crisis.case_id}")
    expect(mina.get_by_text("<b>please stop it</b>").first).to_be_visible()


def test_a_reader_confirms_by_mail(site: Site, mailbox: Mailbox) -> None:
    """Nobody is subscribed by somebody else: only the link in the mail makes it so."""
    stranger = site.visitor()
    stranger.goto("/briefings/subscribe")
    stranger.get_by_label("E-mail").fill("new.reader@ussuri.example")
    stranger.get_by_label("North Korea").check()
    stranger.get_by_role("button", name="Keep me informed").click()
    with site.store.reading() as work:
        before = work.readers.of_topics(["north-korea"])
    text = mailed_to(site, mailbox, "new.reader@ussuri.example")
    found = re.search(r"/briefings/confirm/[\w-]+", text)
    assert found, text
    stranger.goto(found[0])
    stranger.get_by_role("button", name="Yes, keep me informed").click()
    with site.store.reading() as work:
        after = work.readers.of_topics(["north-korea"])
    emails = {one.email for one in after} - {one.email for one in before}
    assert emails == {"new.reader@ussuri.example"}


def test_a_briefing_is_read_without_an_account(site: Site) -> None:
    """What the desk publishes is readable, links its entries for colleagues, and has a feed."""
    stranger = site.visitor()
    stranger.goto("/briefings")
    stranger.get_by_role("link", name="Banks between Russia and North Korea").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text(
        "Banks between Russia and North Korea"
    )
    site.shot(stranger, "briefing")
    feed = stranger.request.get("/briefings.atom")
    assert feed.ok
    assert "Banks between Russia and North Korea" in feed.text()
