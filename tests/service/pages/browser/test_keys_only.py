"""The queue and a case from end to end without a mouse."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from site_of_demo import Site


def type_into(page: Page, text: str) -> None:
    """Type into the field that has the focus."""
    page.keyboard.type(text)


def sign_in_by_keys(site: Site, name: str) -> Page:
    """Somebody who signs in with the keyboard alone."""
    page = site.visitor()
    page.goto("/sign-in")
    expect(page.locator("#name")).to_be_focused()
    type_into(page, name)
    page.keyboard.press("Tab")
    type_into(page, "walk the river")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    return page


def test_recommend_and_approve_with_keys_alone(site: Site) -> None:
    """g q, j, o, r … and a by another: nothing on the way needs a mouse."""
    mina = sign_in_by_keys(site, "mina")
    for key in ("g", "q"):
        mina.keyboard.press(key)
    mina.wait_for_url("**/desk/queue")
    mina.keyboard.press("j")
    focused = mina.locator("[data-row]:focus-within")
    expect(focused).to_contain_text("MV JW Jewel")
    mina.keyboard.press("o")
    mina.wait_for_url("**/desk/cases/*")
    mina.keyboard.press("r")
    mina.wait_for_timeout(100)
    mina.keyboard.press("Tab")
    mina.keyboard.press("Enter")
    reason = mina.get_by_label("Reason", exact=True)
    expect(reason).to_be_visible()
    mina.keyboard.press("r")
    expect(reason).to_be_focused()
    type_into(mina, "FP-STALE")
    fields = ("The list names this ship no more, see version.", "Version of the day")
    for name, text in zip(("text", "evidence"), fields, strict=True):
        for _ in range(8):
            mina.keyboard.press("Tab")
            if mina.evaluate("document.activeElement.id") == name:
                break
        type_into(mina, text)
    for _ in range(6):
        mina.keyboard.press("Tab")
        if mina.evaluate("document.activeElement.textContent").strip() == "Recommend":
            break
    mina.keyboard.press("Enter")
    expect(mina.get_by_role("heading", name="Waits for a second person")).to_be_visible()

    grace = sign_in_by_keys(site, "grace")
    grace.goto(f"/desk/cases/{site.case_of('K-101')}")
    grace.keyboard.press("a")
    expect(grace.get_by_label("Remark")).to_be_focused()
    type_into(grace, "Agreed, she is off the list.")
    grace.keyboard.press("Tab")
    grace.keyboard.press("Enter")
    expect(grace.get_by_text("closed", exact=True).first).to_be_visible()


def test_the_keys_are_told_and_can_be_switched_off(site: Site) -> None:
    """WCAG 2.1.4: who speaks to the machine must not trigger keys of one letter by chance."""
    page = site.visitor("mina")
    page.goto("/desk/queue")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text(re.compile("[Aa]pprove"))
    page.get_by_label("Keys of one letter are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-row]:focus-within")).to_have_count(0)


def test_the_first_key_leads_to_the_content(site: Site) -> None:
    """A reader by keyboard need not walk through the menu on each page."""
    page = site.visitor("mina")
    page.goto("/desk/queue")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
