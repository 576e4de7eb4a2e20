"""The page of due-diligence files: what is due, what is left out, how far a page looks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import quote

import pytest
from test_diligence_pages import HOSTILE, ODD_ID, WHY, sent
from test_today import person
from workbench import Workbench, workbench_at

from tumen.cases.diligence import keeping
from tumen.cases.diligence.answering import Change
from tumen.model.diligence import Standing
from tumen.screening.policy import Policy
from tumen.service.pages import diligence_due_data
from tumen.service.pages.diligence_due_data import LOOKED_AT, DuePage, due_page
from tumen.store import Store
from watched_book import at, keep_book, party

NOW = datetime.now(UTC)


@pytest.fixture
def bench(listed_home: Path, tmp_path: Path) -> Iterator[Workbench]:
    """A workbench with two books, in which nobody has begun a file yet."""
    home = tmp_path / "home"
    shutil.copytree(listed_home, home)
    with Store.open(f"sqlite:///{home / 'tumen.db'}") as store:
        odd = party(9, HOSTILE)
        odd = type(odd)(type(odd.entity)(ODD_ID, "Company", odd.entity.properties))
        keep_book(store, [party(1, "Quill Some"), party(2, "Two"), odd], at(0))
        keep_book(store, [party(1, "Elsewhere")], at(0), book_id="other")
    with workbench_at(home) as found:
        yield found


def began(bench: Workbench, *places: tuple[str, str]) -> None:
    """Begin files, each by a field that is unknown."""
    change = Change("people.post", Standing.UNKNOWN, note=WHY)
    usual = bench.app.state.api.usual_policy
    for place in places:
        step = keeping.set_field(change, person("anna"), NOW)
        with bench.store.writing() as work:
            keeping.act(work, *place, step, NOW, usual_policy=usual)


def signed(bench: Workbench, party_id: str) -> None:
    """A file of high residual risk, signed by two: it holds for six months."""
    anna, carl, here = bench.browser("anna"), bench.browser("carl"), f"/desk/diligence/b/{party_id}"
    sign = f"/desk/diligence-sign/b/{party_id}"
    assert sent(anna, here, "risk.residual", 0, value="high").status_code == 303
    said = {"conclusion": "reject", "text": "They would not say who owns them."}
    assert anna.post(sign, {"act": "recommend", "seen": "1", **said}).status_code == 303
    assert carl.post(sign, {"act": "approve", "seen": "2", "text": "Agreed"}).status_code == 303


def told(bench: Workbench, days: int = 0, **asked: Any) -> DuePage:
    """The page after some days."""
    with bench.store.reading() as work:
        usual = bench.app.state.api.usual_policy
        return due_page(work, usual, NOW + timedelta(days=days), **asked)


def states(page: DuePage) -> list[tuple[str, str, str]]:
    """What a page tells of which file."""
    return [(one.book_id, one.party_id, one.state.value) for one in page.files]


def test_a_file_is_told_from_before_its_last_day_on(bench: Workbench) -> None:
    """Signed it is left out while it holds; then it is soon due, then due, before all others."""
    began(bench, ("b", "p2"))
    signed(bench, "p1")
    open_file = ("b", "p2", "not signed off")
    assert states(told(bench)) == [open_file]
    assert states(told(bench, 170)) == [("b", "p1", "due soon"), open_file]
    due = told(bench, 400)
    assert states(due) == [("b", "p1", "due for review"), open_file]
    assert "The file held until" in due.files[0].why[0]
    holds = told(bench, state="in force")
    assert states(holds) == [("b", "p1", "in force")]
    assert (holds.looked_at, holds.total) == (2, 2)


def test_files_of_one_book_or_state_are_shown(bench: Workbench) -> None:
    """By what the form asks; a book or a state that there is none of is no filter."""
    began(bench, ("b", "p1"), ("other", "p1"))
    assert [one.book_id for one in told(bench).files] == ["b", "other"]
    assert [one.book_id for one in told(bench, book_id="other").files] == ["other"]
    assert told(bench, state="due soon").files == ()
    assert len(told(bench, book_id="nothing\0", state="nothing").files) == 2
    page = bench.browser("vera").get("/desk/diligence?book=other&state=not+signed+off").text
    assert '<option value="other" selected>' in page
    assert '<option value="not signed off" selected>' in page
    assert "/desk/diligence/other/p1" in page
    assert "/desk/diligence/b/p1" not in page
    assert re.search(r"\d+ required fields missing", page)
    assert "none is like that" in bench.browser("vera").get("/desk/diligence?state=due+soon").text


def test_a_page_looks_at_so_many_files(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is on the next page, in a stable order; a page too far shows the last."""
    monkeypatch.setattr(diligence_due_data, "LOOKED_AT", 2)
    began(bench, ("b", "p2"), ("b", "p1"), ("other", "p1"))
    pages = [[one.party_id for one in told(bench, number=number).files] for number in (1, 2, 9)]
    assert pages == [["p1", "p2"], ["p1"], ["p1"]]
    assert told(bench, number=2).total == 3


def test_hostile_names_lead_to_their_file(bench: Workbench) -> None:
    """Names and ids of parties stay text, and each row leads to its own file."""
    began(bench, ("b", ODD_ID))
    browser = bench.browser("anna")
    page = browser.get("/desk/diligence").text
    assert "<script>alert" not in page
    assert "49" not in re.findall(r'data-key="Enter"[^<]*<', page)[0]
    address = f"/desk/diligence/b/{quote(ODD_ID, safe='')}"
    assert f'href="{address}"' in page
    assert browser.get(address).status_code == 200


def test_today_leads_there_once_a_file_was_begun(bench: Workbench) -> None:
    """No link to an empty page; a stranger is asked to sign in; without files it says how."""
    vera = bench.browser("vera")
    assert "/desk/diligence" not in vera.get("/desk").text
    assert "Nobody has begun a due-diligence file" in vera.get("/desk/diligence").text
    began(bench, ("b", "p1"))
    assert 'href="/desk/diligence"' in vera.get("/desk").text
    assert "/sign-in" in str(bench.browser().get("/desk/diligence").url)


def test_files_are_counted_and_turned_in_both_databases(store_url: str) -> None:
    """Each file once however much was said in it, by book and party."""
    parties = [party(number, f"Somebody {number}") for number in range(3)]
    change = Change("people.post", Standing.UNKNOWN, note=WHY)
    with Store.open(store_url) as store:
        for book_id in ("a", "b"):
            keep_book(store, parties, at(0), book_id=book_id)
            for one in ("p2", "p0", "p0"):
                with store.writing() as work:
                    step = keeping.set_field(change, person("anna"), at(1))
                    keeping.act(work, book_id, one, step, at(1), usual_policy=Policy())
        with store.reading() as work:
            found = work.diligence
            assert (found.books(), found.count(), found.count("a")) == (["a", "b"], 4, 2)
            assert found.files(offset=1, limit=2) == [("a", "p2"), ("b", "p0")]
            assert found.files("b") == [("b", "p0"), ("b", "p2")]
            assert (found.count("c"), found.files("c")) == (0, [])


def test_it_is_quick(bench: Workbench) -> None:
    """A full page of files is there within the time that people wait."""
    keep_book(bench.store, [party(n, f"Party {n}") for n in range(LOOKED_AT)], NOW, "many")
    began(bench, *(("many", f"p{number}") for number in range(LOOKED_AT)))
    taken = []
    for _ in range(3):
        started = perf_counter()
        assert len(told(bench).files) == LOOKED_AT
        taken.append(perf_counter() - started)
    assert median(taken) < 1.5
