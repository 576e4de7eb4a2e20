"""The walk of the guide: from a change of the lists to an approved release, in a real browser."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import Page, expect
from site_of_demo import Site

from tumen.cli.main import main

_WHY = "The list names the ship no more: the publisher removed her, and her number is unique."


def recommend(page: Page, verdict: str, reason: str, text: str, evidence: str) -> None:
    """Fill in and send the form of a recommendation on the page of a case."""
    page.get_by_role("link", name=verdict, exact=True).click()
    page.get_by_label("Reason", exact=True).select_option(reason)
    page.get_by_label("The reason in a sentence").fill(text)
    page.get_by_label("Evidence at least one piece").fill(evidence)
    page.get_by_role("button", name="Recommend", exact=True).click()


def test_from_a_change_of_the_lists_to_an_approved_release(site: Site, tmp_path: Path) -> None:
    """What a newcomer does in five minutes: see the change, compare, recommend, approve, keep."""
    mina = site.visitor("mina")
    expect(mina.get_by_role("heading", name="What changed in the lists")).to_be_visible()
    site.shot(mina, "today")
    mina.get_by_role("link", name="OFAC Specially Designated").first.click()
    expect(mina.get_by_role("heading", level=1)).to_be_visible()
    expect(mina.get_by_text("JW JEWEL").first).to_be_visible()
    site.shot(mina, "list-change")

    mina.goto("/desk/queue")
    site.shot(mina, "queue")
    mina.get_by_role("link", name="MV JW Jewel").click()
    expect(mina.get_by_role("heading", name="Reopened: what is different")).to_be_visible()
    site.shot(mina, "case")
    recommend(mina, "False positive", "FP-STALE", _WHY, "List version of the day\nShip's register")
    expect(mina.get_by_role("heading", name="Waits for a second person")).to_be_visible()
    expect(mina.get_by_role("button", name="Approve")).to_have_count(0)
    expect(mina.get_by_text("An approver has to look")).to_be_visible()

    grace = site.visitor("grace")
    grace.goto(f"/desk/cases/{site.case_of('K-101')}")
    site.shot(grace, "approval")
    grace.get_by_label("Remark").fill("Agreed: removed by the publisher.")
    grace.get_by_role("button", name="Approve").click()
    expect(grace.get_by_text("closed", exact=True).first).to_be_visible()
    site.shot(grace, "closed")

    with grace.expect_download() as given:
        grace.get_by_role("link", name="Evidence as ZIP").click()
    file = tmp_path / "evidence.zip"
    given.value.save_as(file)
    verified = CliRunner().invoke(main, ["evidence", "verify", str(file)])
    assert verified.exit_code == 0, verified.output
    with site.store.reading() as work:
        standing = work.hits.standing("partners", party_ids=["K-101"])
    assert standing == []


def test_a_case_is_reopened_by_a_change_of_the_lists(early_site: Site) -> None:
    """What was decided comes back by itself, with the difference in front."""
    pavel = early_site.visitor("pavel")
    case = f"/desk/cases/{early_site.case_of('K-102')}"
    pavel.goto(case)
    expect(pavel.get_by_text("closed", exact=True).first).to_be_visible()
    early_site.has_changed()
    pavel.reload()
    difference = pavel.get_by_role("heading", name="Reopened: what is different").locator("..")
    expect(difference).to_contain_text("DPRK3")
    early_site.shot(pavel, "reopened")


def test_two_who_decide_at_once_get_one_decision(site: Site) -> None:
    """The second one reads who was first, keeps what was typed, and decides nothing twice."""
    case = f"/desk/cases/{site.case_of('K-105')}?verdict=true%20match"
    mina, pavel = site.visitor("mina"), site.visitor("pavel")
    for page, words in ((mina, "Name and number agree"), (pavel, "The number is the listed one")):
        page.goto(case)
        page.get_by_label("Reason", exact=True).select_option("TP-LIST")
        page.get_by_label("Outcome").select_option("freeze")
        page.get_by_label("The reason in a sentence").fill(f"{words}: same tax register entry.")
        page.get_by_label("Evidence at least one piece").fill("Register extract")
    mina.get_by_role("button", name="Recommend", exact=True).click()
    expect(mina.get_by_role("heading", name="Waits for a second person")).to_be_visible()
    pavel.get_by_role("button", name="Recommend", exact=True).click()
    alert = pavel.get_by_role("alert").filter(has_text="mina")
    expect(alert).to_contain_text("recommended")
    expect(pavel.get_by_text("The number is the listed one").first).to_be_attached()
    with site.store.reading() as work:
        records = work.cases.records(site.case_of("K-105"))
    assert [one.act.value for one in records].count("recommended") == 1
