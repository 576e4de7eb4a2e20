"""The frame of all pages: who gets in, what a form must carry, and the headers."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from workbench import PASSWORD, PEOPLE, Workbench, workbench_at

from tumen.model.access import Role
from tumen.service.access.accounts import By
from tumen.service.access.people import delegate
from tumen.service.access.sessions import COOKIE, IDLE, LONGEST, hash_of
from tumen.service.pages.frame import own_address
from tumen.service.pages.menu import current, menu_for
from tumen.service.pages.reader import PageReader


def test_a_stranger_is_led_to_the_form_and_back(workbench: Workbench) -> None:
    """Nobody sees the desk without an account, and nobody loses the page they asked for."""
    stranger = workbench.browser()
    answer = stranger.client.get("/desk/queue?state=new", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fdesk%2Fqueue%3Fstate%3Dnew"
    sent = stranger.post("/sign-in", {
        "name": "anna", "password": PASSWORD, "next": "/desk/queue?state=new"
    })  # fmt: skip
    assert (sent.status_code, sent.headers["location"]) == (303, "/desk/queue?state=new")


def test_a_wrong_password_is_refused_as_an_unknown_name_is(workbench: Workbench) -> None:
    """The page tells nobody who has an account."""
    texts = []
    for name in ("anna", "nobody"):
        answer = workbench.browser().post("/sign-in", {"name": name, "password": "wrong" * 3})
        assert answer.status_code == 403
        assert COOKIE not in answer.cookies
        texts.append(re.search(r'role="alert"><p>([^<]+)', answer.text)[1])  # type: ignore[index]
    assert texts[0] == texts[1]


def test_a_session_is_new_at_each_sign_in(workbench: Workbench) -> None:
    """Session fixation: a token planted before signing in is worth nothing after it."""
    planted = "planted-by-somebody"
    browser = workbench.browser()
    browser.client.cookies.set(COOKIE, planted)
    answer = browser.post("/sign-in", {"name": "anna", "password": PASSWORD})
    token = answer.cookies[COOKIE]
    assert token != planted
    flags = answer.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=lax" in flags
    other = workbench.browser()
    other.client.cookies.set(COOKIE, planted)
    assert other.client.get("/desk/x", follow_redirects=False).status_code == 303


def test_signing_out_ends_the_session_for_every_copy_of_it(workbench: Workbench) -> None:
    """A cookie that somebody copied is worth nothing once its owner has signed out."""
    browser = workbench.browser("anna")
    copy = workbench.browser()
    copy.client.cookies.set(COOKIE, browser.client.cookies[COOKIE])
    assert copy.client.get("/desk/x", follow_redirects=False).status_code == 404
    assert browser.post("/sign-out").status_code == 303
    assert copy.client.get("/desk/x", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("passed", [LONGEST, IDLE])
def test_a_session_ends_by_itself(workbench: Workbench, passed: timedelta) -> None:
    """A browser left open overnight lets nobody in the next day."""
    browser = workbench.browser("anna")
    token = hash_of(browser.client.cookies[COOKIE])
    later = datetime.now(UTC) + passed + timedelta(minutes=1)
    gate = workbench.app.state.api.gate
    object.__setattr__(gate, "clock", lambda: later)
    gate.memory.forget()
    with workbench.store.reading() as work:
        assert work.people.session(token) is not None
    assert browser.client.get("/desk/x", follow_redirects=False).status_code == 303


def test_a_form_from_elsewhere_is_refused(workbench: Workbench) -> None:
    """CSRF: neither a form without our token, nor one that another site sends, is taken."""
    browser = workbench.browser("anna")
    token = browser.token()
    sends = browser.client.post
    assert sends("/sign-out", follow_redirects=False).status_code == 403
    assert sends("/sign-out", data={"csrf": "x.y"}, follow_redirects=False).status_code == 403
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = sends("/sign-out", data={"csrf": token}, headers=headers, follow_redirects=False)
        assert answer.status_code == 403
    of_another = workbench.browser("carl").token()
    assert sends("/sign-out", data={"csrf": of_another}).status_code == 403
    assert sends("/sign-out", data={"csrf": token}, follow_redirects=False).status_code == 303


def test_a_cookie_opens_pages_and_nothing_else(workbench: Workbench) -> None:
    """The API never takes the cookie: a page of another site could send it along."""
    browser = workbench.browser("dora")
    assert browser.get("/api/v1/users").status_code == 401
    assert browser.client.post("/match/default", json={}).status_code == 401


def test_pages_say_nothing_to_other_sites(workbench: Workbench) -> None:
    """CORS is for the API alone, and every page has the headers that keep others out."""
    browser = workbench.browser("anna")
    page = browser.get("/desk/x", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in page.headers
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    for name, value in {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
    }.items():
        assert page.headers[name] == value
    assert "<style" not in page.text
    assert not re.search(r"\son\w+=|<script(?! src)|\sstyle=", page.text)


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "",
        "desk",
    ],
)
def test_no_redirect_leads_elsewhere(workbench: Workbench, to: str) -> None:
    """Open redirects: whatever stands in `next`, the way on is a page of ours."""
    assert own_address(to) == "/desk"
    answer = workbench.browser().post(
        "/sign-in", {"name": "anna", "password": PASSWORD, "next": to}
    )
    assert answer.headers["location"] == "/desk"


def test_what_is_not_there_is_a_page_that_says_so(workbench: Workbench) -> None:
    """A slip in the address gives a readable page, escaped, with a way back."""
    page = workbench.browser("anna").get("/desk/<script>alert(1)</script>")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>alert" not in page.text


def test_acting_for_another_gives_their_role_and_keeps_both_persons(workbench: Workbench) -> None:
    """A deputy has the role of the absent one, only while it was granted."""
    now = datetime.now(UTC)
    anna = workbench.browser("anna")
    assert anna.post("/desk/acting-for", {"name": "carl"}).status_code == 400
    with workbench.store.writing() as work:
        delegate(work, "carl", "anna", now, now + timedelta(days=2), By("test"), now)
    assert anna.post("/desk/acting-for", {"name": "carl"}).status_code == 303
    assert "anna for carl" in anna.get("/desk/x").text
    basic = anna.client.get(
        "/api/v1/me", auth=("anna", PASSWORD), headers={"x-acting-for": "carl"}
    ).json()
    assert basic["role"] == "approver"
    refused = anna.client.get(
        "/api/v1/me", auth=("anna", PASSWORD), headers={"x-acting-for": "dora"}
    )
    assert refused.status_code == 400


def test_two_accounts_of_one_person_are_the_same_eyes(workbench: Workbench) -> None:
    """Nobody becomes two people by having two accounts, nor their own deputy."""
    now = datetime.now(UTC)
    with workbench.store.writing() as work:
        ben, bella = (work.access.user_by_name(name) for name in ("ben", "bella"))
        assert ben is not None
        assert bella is not None
        assert ben.eyes == bella.eyes == "benedict"
        with pytest.raises(Exception, match="one person"):
            delegate(work, "ben", "bella", now, now + timedelta(days=1), By("test"), now)


def test_a_machine_of_its_own_needs_no_account(listed_home: Path, tmp_path: Path) -> None:
    """One analyst on a laptop opens the desk at once; a page of another site cannot."""
    home = tmp_path / "home"
    shutil.copytree(listed_home, home)
    with workbench_at(home, has_people=False, host="127.0.0.1") as alone:
        browser = alone.browser()
        assert browser.client.get("/desk/x").status_code == 404
        rebound = browser.client.get("/desk/x", headers={"host": "evil.example"})
        assert rebound.status_code == 403


def test_the_menu_shows_what_a_role_may_open() -> None:
    """Nobody is led to a page that refuses them."""
    from tumen.service.access.principal import AuthMethod, Principal

    titles = {
        role: [one.title for one in menu_for(PageReader(Principal("u", role, AuthMethod.SESSION)))]
        for role in Role
    }
    assert "Audit" in titles[Role.AUDITOR]
    assert "Audit" not in titles[Role.ANALYST]
    assert "Users" in titles[Role.ADMINISTRATOR]
    assert "Screen" not in titles[Role.VIEWER]
    items = menu_for(PageReader(Principal("u", Role.ANALYST, AuthMethod.SESSION)))
    assert current("/desk/lists/un_sc_sanctions", items) == "/desk/lists"
    assert current("/desk", items) == "/desk"
    assert PEOPLE["anna"] is Role.ANALYST
