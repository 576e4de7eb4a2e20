"""A name and a file are screened in a real browser, and what is found becomes a case."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import expect
from site_of_demo import Site

from tumen.cli.main import main
from tumen.demo import PARTNERS


def test_a_name_is_screened_and_made_into_a_case(site: Site) -> None:
    """Both sides, the sentence and the score; the name stands in no address; a case is opened."""
    mina = site.visitor("mina")
    mina.goto("/desk/screen")
    mina.keyboard.press("/")
    mina.keyboard.type("Ким Чен Ын")
    mina.get_by_role("button", name="Screen", exact=True).click()
    mina.wait_for_url(re.compile(r"/desk/screen/[^/?]+"))
    expect(mina.get_by_text("us_ofac_sdn:20157").first).to_be_visible()
    expect(mina.get_by_text("another romanisation").first).to_be_visible()
    expect(mina.get_by_text("agrees").first).to_be_visible()
    assert "%D0%9A" not in mina.url
    site.shot(mina, "screened")
    mina.get_by_role("button", name="Open a case from this").first.click()
    mina.wait_for_url("**/desk/cases/**")
    expect(mina.get_by_text("screened by hand", exact=False).first).to_be_visible()


def test_nothing_found_has_its_evidence(site: Site, tmp_path: Path) -> None:
    """A clean search is proof too: screened on, against, nothing found."""
    mina = site.visitor("mina")
    mina.goto("/desk/screen")
    mina.get_by_label("Name in any script").fill("Quillon Featherby")
    mina.get_by_role("button", name="Screen", exact=True).click()
    mina.wait_for_url(re.compile(r"/desk/screen/[^/?]+"))
    with mina.expect_download() as given:
        mina.get_by_role("link", name=re.compile("PDF")).first.click()
    file = tmp_path / "clean.pdf"
    given.value.save_as(file)
    verified = CliRunner().invoke(main, ["evidence", "verify", str(file)])
    assert verified.exit_code == 0, verified.output


def test_a_file_is_screened_with_progress(site: Site) -> None:
    """The rows with hits, and the one that could not be screened by name."""
    mina = site.visitor("mina")
    mina.goto("/desk/screen")
    mina.set_input_files("#s-file", PARTNERS)
    expect(mina.locator("[data-chosen]")).to_have_text("partners.csv")
    mina.get_by_role("button", name="Screen the file").click()
    mina.wait_for_url(re.compile(r"/desk/screen/[^/?]+(\?.*)?$"), timeout=60_000)
    expect(mina.get_by_text("Shin Geum-cheol").first).to_be_visible()
    expect(mina.get_by_text(re.compile("not screened", re.IGNORECASE)).first).to_be_visible()
