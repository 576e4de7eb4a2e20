"""Briefings: written by the desk, read by those who may, told to those who confirmed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from lxml import etree, html
from test_help_pages import OPEN, setting
from workbench import Browser, Workbench

from tumen.model.briefing import Briefing
from tumen.model.desk import DeskSettings, Letter, LetterKind

WRITTEN = {
    "title": "Coal transfers off Chongjin",
    "summary": "Three vessels met at sea.",
    "body": "# What happened\n\n<script>alert(1)</script> [bad](javascript:alert(1)) **met**",
    "diligence": "Ask for the logs.",
    "risk": "High for bulk carriers.",
    "topics": ["north-korea", "shipping"],
    "entity_ids": "un_sc_sanctions:1, un_sc_sanctions:2",
}
ATOM = "{http://www.w3.org/2005/Atom}"


def briefings(workbench: Workbench) -> list[Briefing]:
    """The last version of each."""
    with workbench.store.reading() as work:
        return work.briefings.all()


def letters(workbench: Workbench, kind: LetterKind) -> list[Letter]:
    """The letters of a kind that wait."""
    with workbench.store.reading() as work:
        return [one for one in work.letters.due(datetime.now(UTC)) if one.kind is kind]


def write(browser: Browser, **changes: object) -> str:
    """Write a draft; the address of its page."""
    answer = browser.post("/desk/briefings/new", {**WRITTEN, **changes})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def publish(browser: Browser, place: str, seen: int = 1) -> None:
    """Let readers see it, and tell them."""
    answer = browser.post(f"{place}/publish", {"seen": seen, "tells": "yes"})
    assert answer.status_code == 303, answer.text


def link(letter: Letter) -> str:
    """The address in a letter by which its reader confirms or leaves."""
    found = re.search(r"https://desk\.example(/briefings/(?:confirm|leave)/[\w-]+)", letter.text)
    assert found is not None
    return found[1]


def test_a_briefing_is_written_published_and_read(workbench: Workbench) -> None:
    """A stranger reads it once it is published, with headings in order and nothing that acts."""
    desk = setting(workbench).browser("anna")
    stranger = workbench.browser()
    place = write(desk)
    assert "Chongjin" not in stranger.get("/briefings").text
    assert stranger.get("/briefings/coal-transfers-off-chongjin").status_code == 404
    publish(desk, place)
    assert "Coal transfers" in stranger.get("/briefings?topic=shipping").text
    assert "Coal transfers" not in stranger.get("/briefings?topic=cyber").text
    page = stranger.get("/briefings/coal-transfers-off-chongjin").text
    tree = html.fromstring(page)
    levels = [int(one.tag[1]) for one in tree.xpath("//main//*[self::h1 or self::h2 or self::h3]")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "What it means for due diligence" in page
    assert "What it means for regulation" not in page


def test_cases_and_drafts_are_for_the_desk_alone(workbench: Workbench) -> None:
    """A stranger sees which entries it is about, and opens none of them."""
    setting(workbench)
    asked = workbench.browser().post(
        "/help/client", {"subject": "a", "text": "b", "telephone": "+1 555 0100"}
    )
    assert asked.status_code == 303
    with workbench.store.reading() as work:
        from tumen.store.cases import CaseFilter

        (case,) = work.cases.find(CaseFilter())
    desk = workbench.browser("anna")
    place = write(desk, case_ids=case.case_id)
    publish(desk, place)
    edited = desk.post(f"{place}/edit", {**WRITTEN, "title": "Not yet", "seen": 2})
    assert edited.status_code == 303
    mine = desk.get("/briefings/coal-transfers-off-chongjin").text
    assert f'href="/desk/cases/{case.case_id}"' in mine
    assert 'href="/desk/entries/un_sc_sanctions%3A1"' in mine
    for address in ("/briefings", "/briefings/coal-transfers-off-chongjin", "/briefings.atom"):
        shown = workbench.browser().get(address).text
        assert case.case_id not in shown
        assert "/desk/entries" not in shown
        assert "Not yet" not in shown
    assert (
        "<code>un_sc_sanctions:1</code>"
        in workbench.browser().get("/briefings/coal-transfers-off-chongjin").text
    )


def test_who_may_not_decide_does_not_publish(workbench: Workbench) -> None:
    """Neither by page nor by sending the form."""
    place = write(setting(workbench).browser("anna"))
    for name in ("vera", "dora", "emil"):
        browser = workbench.browser(name)
        assert browser.get("/desk/briefings/new").status_code == 403
        assert browser.post("/desk/briefings/new", WRITTEN).status_code == 403
        assert browser.post(f"{place}/publish", {"seen": 1}).status_code == 403
        assert "Publish</button>" not in browser.get(place).text
    (only,) = briefings(workbench)
    assert only.version == 1


def test_of_two_writers_the_second_is_told(workbench: Workbench) -> None:
    """What they typed is still there, and what the first wrote stands."""
    anna, carl = setting(workbench).browser("anna"), workbench.browser("carl")
    place = write(anna)
    first = anna.post(f"{place}/edit", {**WRITTEN, "title": "Of Anna", "seen": 1})
    assert first.status_code == 303
    second = carl.post(f"{place}/edit", {**WRITTEN, "title": "Of Carl", "seen": 1})
    assert second.status_code == 409
    assert "anna changed this briefing meanwhile" in second.text
    assert 'value="Of Carl"' in second.text
    assert carl.post(f"{place}/publish", {"seen": 1}).status_code == 409
    (only,) = briefings(workbench)
    assert only.title == "Of Anna"


def test_a_withdrawn_briefing_says_so(workbench: Workbench) -> None:
    """Its address stays, with the reason in place of the text."""
    desk = setting(workbench).browser("anna")
    place = write(desk)
    publish(desk, place)
    desk.post(f"{place}/edit", {**WRITTEN, "title": "A later draft", "seen": 2})
    assert desk.post(f"{place}/withdraw", {"seen": 3, "note": " "}).status_code == 409
    done = desk.post(f"{place}/withdraw", {"seen": 3, "note": "The ship was another one"})
    assert done.status_code == 303
    page = workbench.browser().get("/briefings/coal-transfers-off-chongjin")
    assert page.status_code == 410
    assert "The ship was another one" in page.text
    assert "A later draft" not in page.text
    assert "Coal transfers" not in workbench.browser().get("/briefings.atom").text


def test_a_reader_asks_confirms_and_leaves_by_one_click(workbench: Workbench) -> None:
    """Opening a link changes nothing, as mail programs do that; the button does."""
    setting(workbench)
    browser = workbench.browser()
    sent = {"email": "Mina@client.example", "topics": ["shipping", "cyber"]}
    assert browser.post("/briefings/subscribe", sent).headers["location"] == "/briefings/asked"
    (letter,) = letters(workbench, LetterKind.CONFIRMATION)
    assert browser.get(link(letter)).status_code == 200
    publish(workbench.browser("anna"), write(workbench.browser("anna")))
    assert letters(workbench, LetterKind.BRIEFING) == []
    assert "kept informed on: Shipping, Cyber" in browser.post(link(letter)).text
    publish(workbench.browser("anna"), write(workbench.browser("anna"), title="Another"))
    (told,) = letters(workbench, LetterKind.BRIEFING)
    assert told.leave_url == f"https://desk.example{link(told)}"
    assert workbench.browser().get(link(told)).status_code == 200
    # A mail program has no cookie and no page of ours (RFC 8058).
    done = workbench.browser().client.post(link(told), data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    publish(workbench.browser("anna"), write(workbench.browser("anna"), title="A third"))
    assert len(letters(workbench, LetterKind.BRIEFING)) == 1


def test_nobody_learns_who_reads(workbench: Workbench) -> None:
    """Known and new addresses, good and invented tokens: the same pages."""
    setting(workbench)
    browser = workbench.browser()
    sent = {"email": "mina@client.example", "topics": ["shipping"]}
    browser.post("/briefings/subscribe", sent)
    (letter,) = letters(workbench, LetterKind.CONFIRMATION)
    browser.post(link(letter))
    answers = [
        browser.post("/briefings/subscribe", {**sent, "email": email})
        for email in ("mina@client.example", "new@client.example")
    ]
    for one in answers:
        assert (one.status_code, one.headers["location"]) == (303, "/briefings/asked")
        assert one.text == answers[0].text
    for token in ("invented", "x" * 32):
        assert browser.get(f"/briefings/confirm/{token}").status_code == 200
        assert browser.get(f"/briefings/leave/{token}").status_code == 200
        assert browser.post(f"/briefings/confirm/{token}").status_code == 410
        assert browser.post(f"/briefings/leave/{token}").status_code == 200


@pytest.mark.parametrize(
    "sent", [{"email": "no address", "topics": ["shipping"]}, {"email": "a@b.example"}]
)
def test_a_slip_of_the_pen_is_shown(workbench: Workbench, sent: dict[str, object]) -> None:
    """With a summary that leads to the field; nothing is sent."""
    answer = setting(workbench).browser().post("/briefings/subscribe", sent)
    assert answer.status_code == 422
    tree = html.fromstring(answer.text)
    for one in tree.xpath('//*[@id="faults"]//a'):
        assert tree.xpath(f'//*[@id="{one.get("href")[1:]}"]')
    assert letters(workbench, LetterKind.CONFIRMATION) == []


def test_the_feed_has_ids_that_stay(workbench: Workbench) -> None:
    """A reader shows each briefing once, whatever is changed of it later."""
    desk = setting(workbench).browser("anna")
    place = write(desk)
    publish(desk, place)
    answer = workbench.browser().get("/briefings.atom?topic=shipping")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    first = etree.fromstring(answer.content)
    (entry,) = first.findall(f"{ATOM}entry")
    href = entry.find(f"{ATOM}link").get("href")  # type: ignore[union-attr]
    assert href == "https://desk.example/briefings/coal-transfers-off-chongjin"
    assert "<script>" not in str(entry.findtext(f"{ATOM}content"))
    desk.post(f"{place}/edit", {**WRITTEN, "title": "Changed", "seen": 2})
    publish(desk, place, seen=3)
    again = etree.fromstring(workbench.browser().get("/briefings.atom?topic=shipping").content)
    assert again.findtext(f"{ATOM}id") == first.findtext(f"{ATOM}id")
    (changed,) = again.findall(f"{ATOM}entry")
    assert changed.findtext(f"{ATOM}id") == entry.findtext(f"{ATOM}id")
    assert changed.findtext(f"{ATOM}title") == "Changed"


def test_where_briefings_are_not_public(workbench: Workbench) -> None:
    """Strangers are led to sign in; whoever has an account reads."""
    setting(workbench, replace(OPEN, are_briefings_public=False))
    for path in ("/briefings", "/briefings/x", "/briefings.atom", "/briefings/subscribe"):
        assert "/sign-in" in str(workbench.browser().get(path).url)
    assert workbench.browser("vera").get("/briefings").status_code == 200


def test_settings_are_an_administrators(workbench: Workbench) -> None:
    """Set in the page, in force at once, and never over somebody else's."""
    dora = workbench.browser("dora")
    page = html.fromstring(dora.get("/desk/settings").text)
    typed = {
        one.get("name"): one.get("value") for one in page.xpath("//main//input[@type!='checkbox']")
    }
    typed |= {one.get("name"): one.text or "" for one in page.xpath("//main//textarea")}
    typed.pop("csrf")
    wanted = {
        **typed,
        "name": "Night desk",
        "crisis_telephone": "+44 20 7946 0000",
        "public_url": "https://desk.example",
        "time_zone": "Asia/Seoul",
        "is_help_public": "yes",
        "topics": "ships | Ships | Vessels\nmoney | Money",
        "holidays": "2026-12-25\n2027-01-01",
    }
    assert workbench.browser("carl").post("/desk/settings", wanted).status_code == 403
    assert dora.post("/desk/settings", wanted).status_code == 303
    with workbench.store.reading() as work:
        desk = work.desk.current()
    assert (desk.name, desk.is_help_public, desk.are_briefings_public) == (
        "Night desk",
        True,
        False,
    )
    assert desk.topic_names == {"ships": "Ships", "money": "Money"}
    assert len(desk.holidays) == 2
    assert dora.post("/desk/settings", wanted).status_code == 409
    for wrong in (
        {"time_zone": "Mars/Olympus"},
        {"public_url": "javascript:alert(1)"},
        {"public_url": "https://a:b@desk.example"},
        {"crisis_telephone": "call me"},
        {"topics": ""},
        {"topics": "A b | x"},
        {"holidays": "Christmas"},
        {"name": ""},
    ):
        answer = dora.post("/desk/settings", {**wanted, "seen": "1", **wrong})
        assert answer.status_code == 422, wrong
        (field,) = wrong
        assert f'href="#{field}"' in answer.text
    with workbench.store.reading() as work:
        assert len(work.desk.history()) == 1
        assert work.desk.current() != DeskSettings()
