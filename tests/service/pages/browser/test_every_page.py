"""Every page, for every kind of reader: no serious fault of accessibility, nothing cut off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from site_of_demo import PHONE, RULES, WIDE, Site, accessibility_faults

# Who may see most of them, and the pages. `{case}`, `{open}` are a closed and an open case.
PAGES = {
    "mina": (
        "/desk",
        "/desk/screen",
        "/desk/queue",
        "/desk/cases/{open}",
        "/desk/cases/{open}?verdict=false%20positive",
        "/desk/cases/{case}",
        "/desk/lists",
        "/desk/lists/us_ofac_sdn",
        "/desk/entries/us_ofac_sdn:22488",
        "/desk/entries?q=kim",
        "/desk/books",
        "/desk/books/partners",
        "/desk/books/partners/parties/K-101",
        "/desk/diligence",
        "/desk/diligence/partners/K-101",
        "/desk/diligence/partners/K-101?section=people&field=people.pep",
        "/desk/diligence/partners/K-101?section=decision",
        "/desk/diligence/partners/K-101?section=history",
        "/desk/policies",
        "/desk/subscriptions",
        "/desk/me",
        "/desk/briefings",
        "/desk/nothing-here",
    ),
    "otto": ("/desk/users", "/desk/settings", "/desk/lists", "/desk/subscriptions"),
    "iris": ("/desk/audit",),
    "": ("/sign-in", "/help", "/help/client", "/help/urgent", "/briefings", "/briefings/subscribe"),
}
# How pages are looked at, and what can only be wrong there: colours in the dark, sizes on a phone.
LOOKS = {
    "light": (WIDE, "light", RULES),
    "dark": (WIDE, "dark", ("color-contrast",)),
    "phone": (PHONE, "light", ("target-size",)),
}


@pytest.mark.parametrize("look", LOOKS)
def test_pages_are_accessible(shown_site: Site, look: str) -> None:
    """axe finds nothing serious; on a phone nothing stands beyond the edge."""
    size, scheme, rules = LOOKS[look]
    cases = {"open": shown_site.case_of("K-106"), "case": shown_site.case_of("K-113")}
    faults = []
    for name, addresses in PAGES.items():
        page = shown_site.visitor(name, size, color_scheme=scheme)
        for address in addresses:
            page.goto(address.format(**cases))
            faults += [f"{address}: {one}" for one in accessibility_faults(page, rules)]
            faults += [f"{address}: no single h1"] * (page.locator("h1").count() != 1)
            faults += [f"{address}: wider than the screen"] * _is_too_wide(page)
    assert faults == []


def _is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"))


def test_back_and_forward_lead_through_filters(site: Site) -> None:
    """Each view has its address: what was filtered is there again on the way back."""
    page = site.visitor("mina")
    page.goto("/desk/queue")
    everything = page.locator("[data-row]").count()
    page.get_by_role("link", name="Reopened").click()
    page.wait_for_url("**state=reopened**")
    assert page.locator("[data-row]").count() == 3
    page.go_back()
    page.wait_for_url("**/desk/queue")
    assert page.locator("[data-row]").count() == everything
    page.go_forward()
    page.wait_for_url("**state=reopened**")
    assert page.locator("[data-row]").count() == 3


def test_the_desk_works_without_script(site: Site) -> None:
    """A machine that forbids scripts can work all the same: filter, recommend."""
    page = site.visitor("mina", java_script_enabled=False)
    page.goto("/desk/queue")
    page.fill("#f-text", "Alis")
    page.fill("#f-text", "Алис")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="ООО Алис").click()
    page.get_by_role("link", name="True match", exact=True).click()
    page.get_by_label("Reason", exact=True).select_option("TP-LIST")
    page.get_by_label("Outcome").select_option("freeze")
    page.get_by_label("The reason in a sentence").fill("Name and registration number agree.")
    page.get_by_label("Evidence at least one piece").fill("Register extract")
    page.get_by_role("button", name="Recommend", exact=True).click()
    assert page.get_by_role("heading", name="Waits for a second person").is_visible()


def test_dark_and_phone_are_pictured(site: Site) -> None:
    """Pictures for the guide: the same case in the dark, and the first page on a phone."""
    dark = site.visitor("mina", color_scheme="dark")
    dark.goto(f"/desk/cases/{site.case_of('K-106')}")
    colour = dark.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert colour == "rgb(16, 22, 29)"
    site.shot(dark, "case-dark")
    phone = site.visitor("mina", PHONE)
    assert phone.get_by_role("heading", name="Today").is_visible()
    site.shot(phone, "today-phone")
