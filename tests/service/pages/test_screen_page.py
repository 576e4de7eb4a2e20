"""Screening a name at the desk: what is asked, what is kept, how it reads, what follows."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from statistics import median
from time import perf_counter

import httpx
import pytest
from invented import PRIMO
from strange_tags import HOSTILE, strange_tags
from test_today import NOW, person
from workbench import Browser, Workbench

from tumen.cases.acting import act, approve
from tumen.cases.workflow import Proposal, recommend
from tumen.errors import RequestError
from tumen.model.casework import CaseState, Outcome, Priority, ReasonCode
from tumen.model.screening import Hit, Reason, Screening
from tumen.model.watching import Trigger
from tumen.screening.policy import Policy
from tumen.screening.runs import Outcomes, make_run
from tumen.screening.subject import RecordProblem, Subject
from tumen.service.pages.screen_form import read_form
from tumen.service.pages.screen_words import filing_text

QUILL = {"name": "Quill Feathersby", "birth_date": "1955-03-02", "country": "kr"}


def screened(browser: Browser, **typed: str) -> httpx.Response:
    """The page of what a screening of these fields found."""
    sent = browser.post("/desk/screen", typed)
    assert sent.status_code == 303, sent.text
    return browser.get(sent.headers["location"])


def screening_id(page: httpx.Response) -> str:
    """The id of the screening that a page shows."""
    return str(page.url).rsplit("/", 1)[-1]


def test_a_hit_is_read_field_by_field(workbench: Workbench) -> None:
    """Both sides, the sentence, the score's parts and the way to the entry stand on the page."""
    page = screened(workbench.browser("anna"), **QUILL)
    assert "1 listed party may be meant" in page.text
    assert re.search(r"Same name: .{0,10}Quill Feathersby", page.text)
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th>\s*<td data-side="Yours">.*?'
                           r'<span aria-hidden="true">(.)</span>', page.text, re.S))  # fmt: skip
    assert rows["Birth date"] == "="
    assert rows["Country"] == "≠"
    assert rows["Passport"] == "–"
    assert f'href="/desk/entries/{PRIMO}%3A1"' in page.text
    assert "How the score came about" in page.text
    assert "Nothing was found for asked as a thing" not in page.text


def test_the_name_stands_in_no_address(workbench: Workbench) -> None:
    """Addresses end up in histories and logs: whom somebody asked about does not."""
    browser = workbench.browser("anna")
    page = screened(browser, **QUILL, reference="Quill's file")
    assert "quill" not in str(page.url).lower()
    assert "quill" not in " ".join(re.findall(r'href="([^"]+)"', page.text)).lower()
    assert browser.get("/desk/screen?name=Quill").status_code == 200


def test_each_screening_has_its_record(workbench: Workbench) -> None:
    """What was asked at a page is evidence as what a program asks is, hits or not."""
    browser = workbench.browser("anna")
    for typed in (QUILL, {"name": "Nobody At All"}):
        found = screening_id(screened(browser, **typed))
        with workbench.store.reading() as work:
            run = work.screenings.get(found)
        assert run is not None
        assert run.actor == "user:anna"
        assert run.subjects[0]["properties"]["name"] == [typed["name"]]
        assert len(run.versions) == 3


def test_a_bare_name_may_be_a_vessel(workbench: Workbench) -> None:
    """A false negative of the form would be ours: a name without a kind is asked for as a thing."""
    page = screened(workbench.browser("anna"), name="Blue Quill")
    assert f"{PRIMO}:3" in page.text
    with_kind = screened(workbench.browser("anna"), name="Blue Quill", kind="Person")
    assert f"{PRIMO}:3" not in with_kind.text
    assert "Nothing was found" in with_kind.text


def test_not_screened_is_never_no_hit(workbench: Workbench) -> None:
    """A name that says nothing is told as such, in red and in words, also in what is filed."""
    page = screened(workbench.browser("anna"), name="N/A", kind="Person")
    assert "Not screened" in page.text
    assert "This is not the same as no hit" in page.text
    assert "was NOT screened" in page.text
    assert "Nothing was found" not in page.text


def test_what_could_not_be_read_is_told(workbench: Workbench) -> None:
    """A slip in a date must not quietly lower what is compared."""
    page = screened(workbench.browser("anna"), name="Quill Feathersby", birth_date="31.31.1955")
    assert "31.31.1955" in page.text
    assert "played no part" in page.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Give a name"),
        ({"number": "K77"}, "Say what kind of number it is"),
        ({"name": "X" * 3000}, "shorten it"),
        ({"name": "Quill", "as_of": "yesterday"}, "is no day"),
        ({"name": "Quill", "as_of": "1990-01-01"}, "No list version was there by then"),
        ({"name": "Quill", "kind": "Dragon"}, "no kind"),
    ],
)
def test_a_refused_form_comes_back_as_it_was_typed(
    workbench: Workbench, typed: dict[str, str], words: str
) -> None:
    """Nobody types twice because of one slip."""
    answer = workbench.browser("anna").post("/desk/screen", typed)
    assert answer.status_code == 422
    assert words in answer.text
    if typed.get("name") == "Quill":
        assert 'value="Quill"' in answer.text


def test_hostile_names_are_text_everywhere(workbench: Workbench) -> None:
    """XSS: what somebody types never becomes a tag."""
    browser = workbench.browser("anna")
    page = screened(browser, name=f"Quill Feathersby; {HOSTILE}")
    assert "&lt;img src=x" in page.text
    refused = browser.post("/desk/screen", {"name": HOSTILE, "as_of": HOSTILE})
    for text in (page.text, refused.text):
        assert strange_tags(text) == []


def test_hostile_lists_are_text_everywhere(workbench: Workbench) -> None:
    """XSS: nor does anything that a list, a reason or a book says."""
    reason = Reason(HOSTILE, HOSTILE, HOSTILE, 0.4, HOSTILE)
    hit = Hit(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 0.9, True, (reason,), HOSTILE, (HOSTILE,))
    subject = {"id": HOSTILE, "schema": HOSTILE, "properties": {"name": [HOSTILE]}}
    found = Screening(HOSTILE, HOSTILE, (hit,), "", (HOSTILE,), HOSTILE, subject)
    outcomes = Outcomes(keeps_all=True)
    for _ in range(5):
        outcomes.add(found)
    run = make_run(
        outcomes, at=datetime.now(UTC), trigger=Trigger.REQUEST, actor=HOSTILE,
        versions=[HOSTILE], policy=Policy(name=HOSTILE, version=HOSTILE), basis_hash="b",
    )  # fmt: skip
    with workbench.store.writing() as work:
        work.screenings.add(run)
        work.screenings.add_outcomes(run.screening_id, outcomes.kept)
    browser = workbench.browser("anna")
    for path in ("", "?said=hit", "/rows/0"):
        page = browser.get(f"/desk/screen/{run.screening_id}{path}")
        assert page.status_code == 200
        assert "&lt;img src=x" in page.text
        assert strange_tags(page.text) == []


def test_a_viewer_screens_nobody(workbench: Workbench) -> None:
    """Who may only read sees results and starts none."""
    found = screening_id(screened(workbench.browser("anna"), **QUILL))
    viewer = workbench.browser("vera")
    assert viewer.get("/desk/screen").status_code == 403
    assert viewer.post("/desk/screen", QUILL).status_code == 403
    page = viewer.get(f"/desk/screen/{found}")
    assert page.status_code == 200
    assert "Open a case" not in page.text
    assert viewer.post(f"/desk/screen/{found}/rows/0/case").status_code == 403
    assert viewer.get("/desk/screen/20200101T000000-0123456789").status_code == 404


def test_a_case_is_opened_from_a_hit_once(workbench: Workbench) -> None:
    """What was seen goes into the case; a second case about the same is refused with its name."""
    browser = workbench.browser("anna")
    found = screening_id(screened(browser, **QUILL))
    made = browser.post(f"/desk/screen/{found}/rows/0/case")
    assert made.status_code == 303
    case_id = made.headers["location"].rsplit("/", 1)[-1]
    with workbench.store.reading() as work:
        summary = work.cases.summary(case_id)
    assert summary is not None
    assert (summary.title, summary.hits, summary.lists) == ("Quill Feathersby", 1, (PRIMO,))
    assert summary.priority in (Priority.P2, Priority.P3)
    assert summary.due_at is not None
    assert browser.get(made.headers["location"]).status_code == 200
    again = browser.post(f"/desk/screen/{found}/rows/0/case")
    assert again.status_code == 409
    assert case_id in again.text
    assert f"/desk/cases/{case_id}" in browser.get(f"/desk/screen/{found}").text


def test_nothing_found_has_its_evidence_and_opens_no_case(workbench: Workbench) -> None:
    """A clean search is handed out as evidence too: screened on, against, nothing found."""
    browser = workbench.browser("anna")
    found = screening_id(screened(browser, name="Nobody At All", kind="Person"))
    assert browser.post(f"/desk/screen/{found}/rows/0/case").status_code == 422
    packed = browser.get(f"/desk/screen/{found}/evidence?format=zip")
    assert packed.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(packed.content)) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Nobody At All" in told
    assert browser.get(f"/desk/screen/{found}/evidence").content.startswith(b"%PDF")
    assert browser.get("/desk/screen/nothing/evidence").status_code == 404
    row = browser.get(f"/desk/screen/{found}/rows/0/evidence?format=zip")
    assert row.headers["content-security-policy"].startswith("sandbox")
    assert row.headers["content-disposition"].startswith("attachment")
    assert browser.get(f"/desk/screen/{found}/rows/9/evidence").status_code == 404


def test_the_result_is_quick(workbench: Workbench) -> None:
    """Neither the box nor a result takes more than a part of 300 ms."""
    browser = workbench.browser("anna")
    page = screened(browser, **QUILL)
    for path in ("/desk/screen", f"/desk/screen/{screening_id(page)}"):
        taken = []
        for _ in range(5):
            started = perf_counter()
            browser.get(path)
            taken.append(perf_counter() - started)
        assert median(taken) < 0.3


def test_a_number_alone_is_enough() -> None:
    """A passport or an IMO number names one party: no name is needed, and none is invented."""
    (item,) = read_form({"number": "9074729", "number_kind": "imoNumber"})
    assert isinstance(item, Subject)
    assert item.entity.get("imoNumber") == ("9074729",)
    with pytest.raises(RequestError):
        read_form({"name": "   "})
    (problem,) = read_form({"name": "???", "kind": "Person"})
    assert isinstance(problem, RecordProblem)


def test_a_bare_name_that_nobody_has_reads_plainly(workbench: Workbench) -> None:
    """Both looks at it are told apart in words, on the page and in what is filed."""
    page = screened(workbench.browser("anna"), name="Nobody At All")
    assert page.text.count("Nothing was found") == 2
    assert re.search(r"Nothing was found\s+as a person or organisation</h2>", page.text)
    assert "Nobody At All as a vessel or another thing, screened on" in page.text
    assert "asked as a thing</h2>" not in page.text
    vessel = screened(workbench.browser("anna"), name="Blue Quill").text
    assert vessel.index("may be meant") < vessel.index("Nothing was found")


def test_what_was_screened_by_hand_is_decided_by_two(workbench: Workbench) -> None:
    """From a typed name to a closed case with its evidence: four eyes hold here too."""
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    found = screening_id(screened(anna, **QUILL))
    place = anna.post(f"/desk/screen/{found}/rows/0/case").headers["location"]
    case_id = place.rsplit("/", 1)[-1]
    said = Proposal(
        ReasonCode.FP_GEO, Outcome.RELEASE, "He never left Busan, as his passport shows.", ("scan",)
    )
    with workbench.store.writing() as work:
        act(work, case_id, None, lambda one: recommend(one, said, person("anna"), NOW))
    with workbench.store.writing() as work, pytest.raises(RequestError):
        approve(work, case_id, None, "Agreed", person("anna"), NOW)
    with workbench.store.writing() as work:
        done = approve(work, case_id, None, "Agreed", person("carl"), NOW)
    assert done.case.state is CaseState.CLOSED
    (effect,) = done.effects
    assert effect.startswith("The hit on Quill Feathersby [")
    assert effect.endswith("] is released; it was screened by hand, so there is nothing to mute")
    evidence = carl.get(f"{place}/evidence?format=zip")
    assert evidence.status_code == 200
    with zipfile.ZipFile(BytesIO(evidence.content)) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist())
    assert found.encode() in told


def test_what_is_filed_says_what_stands_on_every_answer() -> None:
    """A sample of lists that is no ground for a decision is told in the note too, once."""
    note = "Screened against the starter lists: not for a decision"
    outcomes = Outcomes([note], keeps_all=True)
    found = Screening("a", "Quill", warnings=(note,))
    outcomes.add(found)
    run = make_run(
        outcomes, at=NOW, trigger=Trigger.REQUEST, actor="a", versions=["l@1"], policy=Policy(),
        basis_hash="b",
    )  # fmt: skip
    text = filing_text(run, found)
    assert text.count(note) == 1
    assert "nothing was found" in text
    assert filing_text(run, Screening("a", "Quill")).count(note) == 1


def test_a_case_of_a_typed_name_leads_back_to_its_screening(workbench: Workbench) -> None:
    """It is about no party of a book: no such party, file or standing hit is pretended."""
    anna = workbench.browser("anna")
    found = screening_id(screened(anna, **QUILL))
    page = anna.get(anna.post(f"/desk/screen/{found}/rows/0/case").headers["location"]).text
    with workbench.store.reading() as work:
        run = work.screenings.head(found)
    assert run is not None
    assert f'Screened by hand on <time datetime="{run.screened_at.isoformat()}"' in page
    assert f'href="/desk/screen/{found}"' in page
    assert ">screened by hand</span>" in page
    for words in ("no longer stands", "/desk/diligence", "<dt>Party</dt>", "/desk/books/"):
        assert words not in page
