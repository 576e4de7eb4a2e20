"""The pages of a due-diligence file: filled in, refused, signed by two, with hostile names."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from workbench import Browser, Workbench, workbench_at

from tumen.store import Store
from watched_book import at, keep_book, party

HOSTILE = '<script>alert(1)</script> "김" {{ 7*7 }} ‮gnp'
ODD_ID = "a/b?c#d <i>"
HERE = "/desk/diligence/b/p1"
WHY = "The register of the place is closed to us"


@pytest.fixture(scope="module")
def bench(listed_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A workbench with a book: an ordinary party, and one whose name and id attack the page."""
    home = tmp_path_factory.mktemp("diligence") / "home"
    shutil.copytree(listed_home, home)
    with Store.open(f"sqlite:///{home / 'tumen.db'}") as store:
        odd = party(9, HOSTILE, address=HOSTILE)
        odd = type(odd)(type(odd.entity)(ODD_ID, "Company", odd.entity.properties))
        keep_book(store, [party(1, "Quill Some", nationality="de"), party(2, "Two"), odd], at(0))
    with workbench_at(home) as found:
        yield found


def sent(browser: Browser, here: str, field: str, seen: int, **fields: str) -> Any:
    """The answer to the form of a field."""
    given = {"field": field, "seen": str(seen), "standing": "answered", "source": "a letter"}
    return browser.post(here, {**given, **fields})


def test_the_overview_says_what_is_missing_and_what_is_next(bench: Workbench) -> None:
    """Every section with how far it is, every trigger with its reason; a viewer is offered none."""
    page = bench.browser("anna").get(HERE)
    assert page.status_code == 200
    assert page.text.count("<meter") == 14
    assert "Not screened." in page.text
    assert "not assessed" in page.text
    assert "Answer the next one" in page.text
    assert "style=" not in page.text
    assert page.text.count("<h1") == 1
    viewer = bench.browser("vera")
    assert "Answer the next one" not in viewer.get(HERE).text
    assert "#answer" not in viewer.get(f"{HERE}?section=people").text


@pytest.mark.parametrize("kind", ["", "?section=identity", "?section=people&field=people.pep",
                                  "?section=decision", "?section=history", "?section=nothing",
                                  "?section=people&field=identity.lei"])  # fmt: skip
def test_every_view_has_an_address_and_attacks_stay_text(bench: Workbench, kind: str) -> None:
    """A name with markup is shown as a name; an id with a slash and a mark has its page."""
    browser = bench.browser("anna")
    here = f"/desk/diligence/b/{quote(ODD_ID, safe='')}"
    page = browser.get(here + kind)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
    assert "{{ 7*7 }}" in page.text
    for address in re.findall(r'(?:href|action)="(/desk/diligence[^"]*)"', page.text):
        plain = address.replace("&amp;", "&").partition("#")[0]
        assert "<i>" not in plain
        assert browser.get(plain).status_code in (200, 405), plain
    assert browser.get(f"{HERE}{kind}").status_code == 200


def test_a_field_is_answered_and_the_next_one_offered(bench: Workbench) -> None:
    """Kept with who and where from; a list is one value a line."""
    browser = bench.browser("anna")
    form = browser.get(f"{HERE}?section=people&field=people.post")
    assert 'name="seen" value="0"' in form.text
    done = sent(browser, HERE, "people.post", 0, value="Cook\r\nCaptain\r\n", goes_on="yes")
    assert done.status_code == 303, done.text
    assert "#answer" in done.headers["location"]
    page = browser.get(done.headers["location"])
    assert "Post and employer: answered" in page.text
    people = browser.get(f"{HERE}?section=people").text
    assert '<li dir="auto">Cook</li>' in people
    assert "a letter" in people
    assert "anna" in people
    told = sent(browser, HERE, "people.mandates", 1, standing="unknown", note=WHY, source="")
    assert told.status_code == 303
    overview = browser.get(HERE).text
    assert WHY in overview
    history = browser.get(f"{HERE}?section=history").text
    assert history.index("unknown: Other directorships") < history.index("answered: Post")


def test_a_refusal_keeps_what_was_typed(bench: Workbench) -> None:
    """422 for what is no answer, 409 where somebody was faster, and never a lost text."""
    browser = bench.browser("anna")
    here = "/desk/diligence/b/p2"
    short = sent(browser, here, "people.pep", 0, standing="unknown", note="no idea <b>")
    assert short.status_code == 422
    assert "in 10 letters or more" in short.text
    assert "no idea &lt;b&gt;" in short.text
    wrong = sent(browser, here, "identity.born_on", 0, value="soon")
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.text
    assert sent(browser, here, "people.post", 0, value="Cook").status_code == 303
    late = sent(bench.browser("ben"), here, "people.post", 0, value="Captain of the ship")
    assert late.status_code == 409
    assert "anna answered people.post" in late.text
    assert "Captain of the ship" in late.text
    assert sent(browser, here, "people.pope", 1, value="x").status_code == 422
    assert sent(bench.browser("vera"), here, "people.post", 1, value="x").status_code == 403
    assert browser.client.post(here, data={"field": "people.post", "seen": "1"}).status_code == 403


def test_evidence_is_kept_and_read_through_its_own_file_alone(bench: Workbench) -> None:
    """A file that another party's file names is not handed out here; programs are not taken."""
    browser = bench.browser("anna")
    here = f"/desk/diligence/b/{quote(ODD_ID, safe='')}"
    fields = {"field": "people.key_staff", "seen": "0", "standing": "answered", "value": "Kim",
              "source": "a letter"}  # fmt: skip
    done = browser.post(here, fields, files={"file": ("list.txt", b"Kim, cook", "text/html")})
    assert done.status_code == 303, done.text
    page = browser.get(f"{here}?section=people").text
    (address,) = re.findall(r'href="(/desk/diligence-evidence/[^"]+)">list.txt<', page)
    answer = browser.get(address)
    assert answer.content == b"Kim, cook"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["content-security-policy"]
    sha256 = address.split("/")[3]
    assert browser.get(f"/desk/diligence-evidence/{sha256}/b/p1").status_code == 404
    bad = browser.post(here, {**fields, "seen": "1"}, files={"file": ("x.html", b"<p>", "x/y")})
    assert bad.status_code == 422
    assert "is not taken" in bad.text


def test_two_people_sign_at_the_workbench(bench: Workbench) -> None:
    """Who recommended, or is the same person under another name, is not offered to approve."""
    anna, here = bench.browser("anna"), "/desk/diligence/b/p2"
    sign = "/desk/diligence-sign/b/p2"

    def seen() -> str:
        with bench.store.reading() as work:
            return str(len(work.diligence.records("b", "p2")))

    def post(browser: Browser, act: str, **fields: str) -> Any:
        return browser.post(sign, {"act": act, "seen": seen(), **fields})

    early = post(anna, "recommend", conclusion="reject", text="They would not say who owns them.")
    assert early.status_code == 422
    assert "residual risk first" in early.text
    assert "They would not say who owns them." in early.text
    assert sent(anna, here, "risk.residual", int(seen()), value="high").status_code == 303
    assert post(anna, "recommend", conclusion="accept", text="x" * 30).status_code == 422
    assert post(anna, "recommend", conclusion="", text="x" * 30).status_code == 422
    ben = bench.browser("ben")
    made = post(ben, "recommend", conclusion="reject", text="They would not say who owns them.")
    assert made.status_code == 303, made.text
    bella, carl = bench.browser("bella"), bench.browser("carl")
    page = bella.get(f"{here}?section=decision").text
    assert "another person has to look" in page
    assert 'value="approve"' not in page
    refused = post(bella, "approve")
    assert refused.status_code == 422
    assert "another person has to look" in refused.text
    assert post(anna, "approve").status_code == 422
    assert sent(anna, here, "people.post", int(seen()), value="Cook").status_code == 422
    assert 'value="approve"' in carl.get(f"{here}?section=decision").text
    done = post(carl, "approve", text="Agreed")
    assert done.status_code == 303, done.text
    page = carl.get(f"{here}?section=decision").text
    assert "Signed off," in page
    assert "carl" in page
    assert "in force" in page


@pytest.mark.parametrize("form", ["json", "pdf", "zip"])
def test_a_file_is_handed_over(bench: Workbench, form: str) -> None:
    """In each form, under a plain name whatever the id."""
    browser = bench.browser("vera")
    answer = browser.get(f"/desk/diligence-export/{form}/b/{quote(ODD_ID, safe='')}")
    assert answer.status_code == 200
    name = answer.headers["content-disposition"]
    assert re.fullmatch(rf'attachment; filename="diligence-[A-Za-z0-9_]+\.{form}"', name)
    assert browser.get(f"/desk/diligence-export/{form}/b/nobody").status_code == 404


def test_what_is_not_there_is_a_page_that_says_so(bench: Workbench) -> None:
    """And a stranger is led to sign in."""
    answer = bench.browser("anna").get("/desk/diligence/b/nobody")
    assert answer.status_code == 404
    assert "There is no party" in answer.text
    stranger = bench.browser().client.get(HERE, follow_redirects=False)
    assert stranger.headers["location"].startswith("/sign-in?next=")
