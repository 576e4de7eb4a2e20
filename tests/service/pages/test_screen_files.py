"""A file dropped on the page: progress, rows to work on, rows that were not screened, downloads."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
from invented import PRIMO
from strange_tags import HOSTILE, strange_tags
from workbench import Browser, Workbench

from tumen.model.screening import Hit, Screening
from tumen.model.watching import Trigger
from tumen.screening.policy import Policy
from tumen.screening.runs import Outcomes, make_run
from tumen.store import Store
from tumen.store.screenings import SAID

HEADINGS = ("Customer ID", "Name", "Type", "Date of birth")
ROWS = (
    ("C-1", "Quill Feathersby", "person", "1955-03-02"),
    ("C-2", "Nobody At All", "person", "1970-01-01"),
    ("C-3", "", "person", ""),
    ("C-4", "Blue Quill", "vessel", ""),
)


def as_csv() -> bytes:
    """The rows as CSV."""
    return "\n".join(",".join(row) for row in (HEADINGS, *ROWS)).encode()


def as_xlsx() -> bytes:
    """The rows as a spreadsheet."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, *ROWS):
        sheet.append(row)
    book.save(stream)
    return stream.getvalue()


def as_json_lines() -> bytes:
    """The rows as JSON lines."""
    return "\n".join(json.dumps(dict(zip(HEADINGS, row, strict=True))) for row in ROWS).encode()


def as_parquet() -> bytes:
    """The rows as Parquet."""
    stream = io.BytesIO()
    columns = {name: [row[n] for row in ROWS] for n, name in enumerate(HEADINGS)}
    pyarrow.parquet.write_table(pyarrow.table(columns), stream)
    return stream.getvalue()


def dropped(
    browser: Browser, name: str, content: bytes, **fields: str
) -> tuple[httpx.Response, str]:
    """The page that a file leads to once its job has ended, and where that page is."""
    sent = browser.post("/desk/screen/files", fields, files={"file": (name, content)})
    assert sent.status_code == 303, sent.text
    end = time.monotonic() + 30
    while "/desk/jobs/" in str((page := browser.get(sent.headers["location"])).url):
        if "It failed" in page.text:
            found = re.search(r'class="button[^"]*" href="([^"]+)"', page.text)
            assert found, page.text
            page = browser.get(found[1])
            break
        assert "hx-trigger" in page.text
        assert "Look again" in page.text
        assert time.monotonic() < end, "the file was not screened"
        time.sleep(0.05)
    return page, str(page.url.path)


@pytest.mark.parametrize(
    ("name", "make", "row"),
    [
        ("parties.csv", as_csv, 4),
        ("parties.xlsx", as_xlsx, 4),
        ("parties.jsonl", as_json_lines, 3),
        ("parties.parquet", as_parquet, 3),
    ],
)
def test_each_row_of_a_file_is_accounted_for(
    workbench: Workbench, name: str, make: Callable[[], bytes], row: int
) -> None:
    """Hits, clean rows and rows that could not be screened: nothing falls through."""
    browser = workbench.browser("anna")
    page, path = dropped(browser, name, make())
    assert "4 parties" in page.text
    assert "1 row was not screened" in page.text
    hits = browser.get(f"{path}?said=hit").text
    assert "Quill Feathersby" in hits
    assert "Blue Quill" in hits
    assert "Nobody At All" not in hits
    not_screened = browser.get(f"{path}?said=not+screened").text
    assert f"{name} row {row}" in not_screened
    assert "No name and no identifier. Give the party&#39;s name" in not_screened
    assert "Quill Feathersby" not in not_screened
    assert "Nobody At All" in browser.get(f"{path}?said=no+hit").text
    first = browser.get(f"{path}/rows/0")
    assert f"{PRIMO}%3A1" in first.text
    assert f"{name} row {row - 2}" in first.text
    assert browser.get(f"{path}/rows/4").status_code == 404


def test_a_result_is_handed_out_as_the_command_line_writes_it(workbench: Workbench) -> None:
    """Whoever works in a spreadsheet has every row, and no cell that it would run."""
    browser = workbench.browser("anna")
    lines = as_csv() + b"\nC-5,=cmd|' /C calc'!A0,person,"
    _, path = dropped(browser, "parties.csv", lines)
    table = browser.get(f"{path}/result?format=csv")
    assert table.headers["content-disposition"].startswith("attachment")
    assert table.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert {row["subject_id"]: row["outcome"] for row in rows} == {
        "C-1": "hit", "C-2": "no hit", "C-3": "not screened", "C-4": "hit", "C-5": "no hit",
    }  # fmt: skip
    assert not any(value.startswith("=") for row in rows for value in row.values())
    told = browser.get(f"{path}/result?format=jsonl").text.splitlines()
    assert [json.loads(line)["subject_id"] for line in told] == [row["subject_id"] for row in rows]


def test_a_file_that_cannot_be_read_is_told_with_its_mend(workbench: Workbench) -> None:
    """The reason stands beside the place where the next file goes."""
    page, path = dropped(workbench.browser("anna"), "parties.pdf", b"%PDF-1.7 nothing")
    assert path.startswith("/desk/screen/files/")
    assert page.status_code == 422
    assert "This is a PDF" in page.text
    assert 'id="s-file"' in page.text


def test_a_file_may_be_kept_as_a_book(workbench: Workbench) -> None:
    """Its parties are watched from then on, by those who may edit books alone."""
    browser = workbench.browser("anna")
    page, _ = dropped(browser, "parties.csv", as_csv(), book_id="customers")
    assert "Kept as version 1 of the book customers" in page.text
    with workbench.store.reading() as work:
        book = work.books.version("customers")
        assert book is not None
        assert (book.parties, book.source) == (3, "parties.csv")
        standing = {one.party_id for one in work.hits.standing("customers")}
    assert standing == {"C-1", "C-4"}
    assert "Quill Feathersby" in page.text
    assert "1 row was not screened" in page.text
    assert "parties.csv row 4" in page.text
    assert "Give the party&#39;s name" in page.text
    refused = browser.post(
        "/desk/screen/files", {"book_id": "../x"}, files={"file": ("p.csv", as_csv())}
    )
    back = browser.get(refused.headers["location"])
    end = time.monotonic() + 30
    while "It failed" not in back.text:
        assert time.monotonic() < end
        back = browser.get(refused.headers["location"])
    assert "is no id of a book" in back.text


def test_who_may_not_screen_drops_no_file(workbench: Workbench) -> None:
    """A viewer is refused, and so is a form without a file."""
    files = {"file": ("p.csv", as_csv())}
    assert workbench.browser("vera").post("/desk/screen/files", files=files).status_code == 403
    empty = workbench.browser("anna").post("/desk/screen/files", files={"file": ("", b"")})
    assert empty.status_code == 422
    assert workbench.browser("anna").get("/desk/screen/files/" + "0" * 24).status_code == 404


def test_hostile_rows_are_text(workbench: Workbench) -> None:
    """XSS: a file may hold anything, also in its name and its ids."""
    name = "<svg onload=alert(1)>.csv"
    quoted = HOSTILE.replace('"', '""')
    lines = f'id,name,type\n"{quoted}","{quoted}",person\nx,,person\ny,{name},dragon\nz,z,person'
    page, path = dropped(workbench.browser("anna"), name, lines.encode())
    assert strange_tags(page.text) == []
    assert "&lt;svg onload" in page.text
    for row in range(3):
        assert strange_tags(workbench.browser("anna").get(f"{path}/rows/{row}").text) == []


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, once of each database."""
    with Store.open(store_url) as opened:
        yield opened


def test_outcomes_are_found_by_kind_whatever_they_are_called(store: Store) -> None:
    """A party whose name looks like our own marks is filed under what came of it."""
    tricky = '"is_hit":true "problem":"" "hits":[] \\"is_hit\\":true'
    hits = [Hit(f"l:{n}", "l", "Person", tricky, 0.8, n == 1, (), tricky) for n in range(2)]
    made = {
        "no hit": Screening("a", tricky),
        "possible": Screening("b", tricky, (hits[0],)),
        "hit": Screening("c", tricky, (hits[1], hits[0])),
        "not screened": Screening("d", tricky, problem=tricky),
    }
    outcomes = Outcomes(keeps_all=True)
    for one in made.values():
        outcomes.add(one)
    run = make_run(
        outcomes, at=datetime(2026, 3, 2, tzinfo=UTC), trigger=Trigger.REQUEST, actor="a",
        versions=[], policy=Policy(), basis_hash="b", subjects=[{"id": "a"}],
    )  # fmt: skip
    with store.writing() as work:
        work.screenings.add(run)
        work.screenings.add_outcomes(run.screening_id, outcomes.kept)
        found = work.screenings
        assert found.head(run.screening_id) == replace(run, subjects=())
        assert found.head("other") is None
        for said in SAID:
            page = found.page(run.screening_id, said)
            assert [one for _, one in page] == [made[said]], said
            assert found.count(run.screening_id, said) == 1
            assert found.outcome_at(run.screening_id, page[0][0]) == made[said]
        assert [place for place, _ in found.page(run.screening_id, offset=1, limit=2)] == [1, 2]
        assert found.count(run.screening_id) == 4
        assert found.count("other") == 0
        assert found.outcome_at(run.screening_id, 4) is None


def test_a_long_file_is_turned_page_by_page(workbench: Workbench, tmp_path: Path) -> None:
    """Every row is on one page and one alone."""
    place = tmp_path / "long.csv"
    rows = "".join(f"C-{number:03},Party Number {number}\n" for number in range(120))
    place.write_text(f"id,name\n{rows}")
    browser = workbench.browser("anna")
    _, path = dropped(browser, "long.csv", place.read_bytes())
    seen = [
        number
        for page in (1, 2, 3)
        for number in range(120)
        if f">C-{number:03}<" in browser.get(f"{path}?page={page}").text
    ]
    assert seen == list(range(120))
