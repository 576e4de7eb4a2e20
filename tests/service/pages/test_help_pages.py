"""How can we help?: anybody may ask where that is allowed, and nobody sees anything by it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html
from workbench import Browser, Workbench

from tumen.cases.help import new_reference
from tumen.model.casework import Origin, Priority
from tumen.model.desk import DeskSettings, HelpContact, LetterKind
from tumen.service.access.limits import Rate
from tumen.service.help_desk.desk import HelpDesk
from tumen.service.help_desk.limits import SendingLimit
from tumen.store.cases import CaseFilter

TELEPHONE = "+44 20 7946 0000"
OPEN = DeskSettings(
    crisis_telephone=TELEPHONE,
    is_help_public=True,
    are_briefings_public=True,
    public_url="https://desk.example",
)
ASKED = {
    "subject": "A shipment to Rason",
    "text": "Our forwarder <b>Kim Chol</b> asks us to change the consignee.",
    "name": "Mina Park",
    "email": "mina@client.example",
    "telephone": "+82 2 555 0100",
}


def setting(workbench: Workbench, wanted: DeskSettings = OPEN) -> Workbench:
    """The same workbench with these settings of the desk."""
    with workbench.store.writing() as work:
        work.desk.put(wanted, "test", datetime.now(UTC))
    return workbench


def contacts(workbench: Workbench) -> list[HelpContact]:
    """Who asked so far."""
    with workbench.store.reading() as work:
        found = work.cases.find(CaseFilter())
        kept = [work.help_contacts.of(one.case_id) for one in found if one.origin is Origin.HELP]
    return [one for one in kept if one is not None]


def send(browser: Browser, kind: str = "client", **changes: str) -> str:
    """Send a request; the address of the page that follows."""
    answer = browser.post(f"/help/{kind}", {**ASKED, **changes})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_stranger_sends_a_request(workbench: Workbench) -> None:
    """It is a case with a priority, an acknowledgement waits, and the page tells the reference."""
    browser = setting(workbench).browser()
    address = send(browser)
    page = browser.get(address)
    assert page.status_code == 200
    (contact,) = contacts(workbench)
    assert contact.reference in page.text
    assert contact.asked_by == "public"
    with workbench.store.reading() as work:
        case = work.cases.summary(contact.case_id)
        letter = work.letters.get(f"acknowledgement-{contact.case_id}")
    assert case is not None
    assert (case.priority, case.origin) == (Priority.P3, Origin.HELP)
    assert letter is not None
    assert letter.kind is LetterKind.ACKNOWLEDGEMENT
    assert contact.reference in letter.text
    for private in ("Rason", "Kim Chol", "Mina", contact.case_id):
        assert private not in letter.text + letter.html + letter.subject


def test_nothing_that_was_sent_can_be_read_back(workbench: Workbench) -> None:
    """A reference opens nothing: the page for a given and for an invented one is the same."""
    browser = setting(workbench).browser()
    given = send(browser)
    (contact,) = contacts(workbench)
    invented = new_reference()
    pages = [
        re.sub(r'(name="csrf" (?:content|value)=)"[^"]+"', r"\1", browser.get(one).text)
        for one in (given, given.replace(contact.reference, invented))
    ]
    assert pages[0] == pages[1].replace(invented, contact.reference)
    for private in ("Rason", "Kim Chol", "Mina", contact.case_id):
        assert private not in pages[0]
    assert browser.get("/help/sent/<script>").status_code == 404
    for path in (f"/desk/cases/{contact.case_id}", "/desk/queue", "/desk/briefings"):
        assert "/sign-in" in str(browser.get(path).url)
    assert browser.get("/api/v1/help").status_code == 401


def test_urgent_is_a_crisis_at_once(workbench: Workbench) -> None:
    """The telephone stands before the form, and the case is a P1."""
    browser = setting(workbench).browser()
    page = browser.get("/help/urgent").text
    assert page.index(TELEPHONE) < page.index("<form", page.index("<main"))
    assert 'href="tel:+442079460000"' in page
    send(browser, "urgent")
    (contact,) = contacts(workbench)
    with workbench.store.reading() as work:
        case = work.cases.summary(contact.case_id)
    assert case is not None
    assert case.priority is Priority.P1


def test_where_strangers_are_not_let_in(workbench: Workbench) -> None:
    """Without the administrator's leave they are led to sign in; colleagues may ask."""
    setting(workbench, replace(OPEN, is_help_public=False))
    stranger = workbench.browser()
    doors = stranger.get("/help")
    assert doors.status_code == 200
    assert TELEPHONE not in doors.text
    assert "/sign-in" in str(stranger.get("/help/client").url)
    assert stranger.post("/help/client", ASKED).headers["location"] == "/sign-in"
    assert contacts(workbench) == []
    send(workbench.browser("vera"))
    (contact,) = contacts(workbench)
    assert contact.asked_by == "user:vera"


def test_a_program_that_fills_in_everything_is_thanked(workbench: Workbench) -> None:
    """It learns nothing, and nothing is kept."""
    browser = setting(workbench).browser()
    address = send(browser, leave_empty="https://spam.example")
    assert browser.get(address).status_code == 200
    assert contacts(workbench) == []
    send(browser, "urgent", leave_empty="filled in by a browser")
    assert len(contacts(workbench)) == 1


def test_what_is_wrong_is_said_at_the_top_and_at_the_field(workbench: Workbench) -> None:
    """The summary leads to each field, and what was typed is still there."""
    browser = setting(workbench).browser()
    sent = {**ASKED, "subject": "", "email": "not an address", "text": "<script>x</script>"}
    answer = browser.post("/help/client", sent)
    assert answer.status_code == 422
    tree = html.fromstring(answer.text)
    leads = [one.get("href")[1:] for one in tree.xpath('//*[@id="faults"]//a')]
    assert leads == ["subject", "email"]
    for name in leads:
        (field,) = tree.xpath(f'//*[@id="{name}"]')
        assert field.get("aria-invalid") == "true"
        assert f"{name}-fault" in field.get("aria-describedby").split()
        assert tree.xpath(f'//*[@id="{name}-fault"]')
    assert "<script>x" not in answer.text
    assert tree.xpath('//textarea[@id="text"]')[0].text.strip() == "<script>x</script>"
    assert contacts(workbench) == []


@pytest.mark.parametrize("kind", ["client", "advice", "other", "urgent"])
def test_every_input_has_a_label(workbench: Workbench, kind: str) -> None:
    """And the page has one heading of the first level, with no level left out below it."""
    page = setting(workbench).browser().get(f"/help/{kind}").text
    tree = html.fromstring(page)
    for field in tree.xpath("//main//input[not(@type='hidden')] | //main//textarea"):
        is_wrapped = bool(field.xpath("ancestor::label"))
        assert is_wrapped or tree.xpath(f"//label[@for='{field.get('id')}']"), field.get("name")
    assert len(tree.xpath("//h1")) == 1


def test_too_much_from_one_place_is_refused(workbench: Workbench) -> None:
    """With how long to wait, the telephone, and what was typed; others are still let through."""
    setting(workbench)
    old: HelpDesk = workbench.app.state.help_desk
    limit = SendingLimit(Rate(1 / 60, 2), Rate(1, 100))
    workbench.app.state.help_desk = HelpDesk(old.rounds, limit)
    browser = workbench.browser()
    send(browser), send(browser)
    answer = browser.post("/help/urgent", ASKED)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) <= 60
    assert TELEPHONE in answer.text
    assert "Rason" in answer.text
    assert len(contacts(workbench)) == 2
    send(workbench.browser("anna"))


def test_all_strangers_together_are_bounded() -> None:
    """Many addresses do not open many doors; whoever is signed in is not held back by them."""
    limit = SendingLimit(Rate(1 / 60, 2), Rate(1, 5))
    taken = [limit.take("", f"10.0.0.{number}", 0.0).is_allowed for number in range(8)]
    assert taken == [True] * 5 + [False] * 3
    assert limit.take("user:anna", "10.0.0.1", 0.0).is_allowed
    assert limit.take("", "10.0.1.1", 60.0).is_allowed


def test_a_strangers_form_is_short(workbench: Workbench) -> None:
    """A body of megabytes is refused before it is read."""
    browser = setting(workbench).browser()
    answer = browser.post("/help/client", {**ASKED, "text": "x" * 300_000})
    assert answer.status_code == 413
    answer = browser.post("/help/client", {**ASKED, "text": "x" * 20_000})
    assert answer.status_code == 422
    assert contacts(workbench) == []


def test_a_form_of_another_site_is_refused(workbench: Workbench) -> None:
    """A stranger's browser sends nothing that its owner did not write here."""
    browser = setting(workbench).browser()
    sends = browser.client.post
    assert sends("/help/client", data=ASKED, follow_redirects=False).status_code == 403
    assert contacts(workbench) == []


def test_the_desk_finds_a_request_by_its_reference(workbench: Workbench) -> None:
    """Somebody reads it out on the telephone; nobody outside the desk finds anything by it."""
    browser = setting(workbench).browser()
    send(browser)
    (contact,) = contacts(workbench)
    spoken = contact.reference.lower().replace("-", " ")
    found = workbench.browser("anna").client.get(
        "/desk/help", params={"reference": spoken}, follow_redirects=False
    )
    assert found.headers["location"] == f"/desk/cases/{contact.case_id}"
    other = workbench.browser("anna").get("/desk/help", params={"reference": new_reference()})
    assert "No request has this reference" in other.text
    asked = {"params": {"reference": contact.reference}, "follow_redirects": False}
    assert "/sign-in" in browser.client.get("/desk/help", **asked).headers["location"]
    assert workbench.browser("dora").client.get("/desk/help", **asked).status_code == 403


def test_the_case_shows_the_contact_to_the_desk_alone(workbench: Workbench) -> None:
    """Who may not decide sees what was asked, and not who asked."""
    send(setting(workbench).browser())
    (contact,) = contacts(workbench)
    place = f"/desk/cases/{contact.case_id}"
    shown = {name: workbench.browser(name).get(place) for name in ("anna", "vera", "emil")}
    for page in shown.values():
        assert page.status_code == 200
        assert "change the consignee" in page.text
        assert "<b>Kim Chol</b>" not in page.text
    assert "mina@client.example" in shown["anna"].text
    for name in ("vera", "emil"):
        assert "mina@client.example" not in shown[name].text
        assert "Mina Park" not in shown[name].text
