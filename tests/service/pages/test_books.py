"""The pages of books: imported by dropping a file, screened, leafed through."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from jobs_done import waited
from second_versions import HOSTILE, assert_harmless
from workbench import Browser, Workbench

from tumen.model.watching import HitState
from tumen.service.pages.books_data import PartyFilter, all_books, one_book

ROWS = (
    "id,name,birth_date,nationality,type\n"
    "C-1,Quill Feathersby,1955-03-02,kp,person\n"
    "C-2,Ordinary Person,1980-01-01,fr,person\n"
    "C-3,,1980-01-01,fr,person\n"
)


def brought(browser: Browser, rows: str = ROWS, book: str = "customers") -> str:
    """The page after a file was imported."""
    given = {"book_id": book}
    return waited(
        browser, browser.post("/desk/books", given, files={"file": ("b.csv", rows.encode())})
    )


def screened(browser: Browser, book: str = "customers") -> str:
    """The page after a book was screened."""
    return waited(browser, browser.post(f"/desk/books/{book}/screen"))


def test_a_dropped_file_becomes_a_book(workbench: Workbench) -> None:
    """What came of it is said at once: how many parties, and each row at fault with a mend."""
    anna = workbench.browser("anna")
    page = brought(anna)
    assert "Version 1 with 2 parties" in page
    assert "row 4" in page
    assert 'href="/desk/books/customers"' in page
    book = anna.get("/desk/books/customers").text
    assert "This version was not screened yet" in book
    assert "1 row gave no party" in book
    assert "nothing is new in it" in brought(anna)
    found = one_book(workbench.store, "customers", PartyFilter(), 0, 50)
    assert (found.total, len(found.versions)) == (2, 1)


@pytest.mark.parametrize(
    ("book", "rows", "words"),
    [
        ("no id!", ROWS, "is no id of a book"),
        ("empty", "id,name,type\n", "has no rows"),
    ],
)
def test_a_file_that_makes_no_book_is_refused(
    workbench: Workbench, book: str, rows: str, words: str
) -> None:
    """The book stays as it was, and the page says why."""
    page = brought(workbench.browser("anna"), rows, book)
    assert "It failed" in page
    assert words in page
    assert all_books(workbench.store) == []


def test_what_was_typed_stays_where_something_is_missing(workbench: Workbench) -> None:
    """Nobody types the id of a book twice."""
    anna = workbench.browser("anna")
    answer = anna.post("/desk/books", {"book_id": "<mine>"}, files={"file": ("", b"")})
    assert answer.status_code == 422
    assert "Choose the file" in answer.text
    assert 'value="&lt;mine&gt;"' in answer.text
    answer = anna.post("/desk/books", {}, files={"file": ("b.csv", ROWS.encode())})
    assert (answer.status_code, "give it an id" in answer.text) == (422, True)


def test_screening_shows_who_is_hit(workbench: Workbench) -> None:
    """From the button to the parties with hits, by state."""
    anna = workbench.browser("anna")
    brought(anna)
    assert "Done" in screened(anna)
    found = one_book(workbench.store, "customers", PartyFilter(state=HitState.OPEN), 0, 50)
    assert [row.party.party_id for row in found.parties] == ["C-1"]
    assert found.row.hits[HitState.OPEN] == len(found.parties[0].hits)
    assert not found.row.is_due
    page = anna.get("/desk/books/customers?state=open").text
    assert "Quill Feathersby" in page
    assert "Ordinary Person" not in page
    assert "Last screenings" in page


def test_parties_are_searched_and_paged(workbench: Workbench) -> None:
    """By any value or id, whatever its case; a sign of the database's own is just a sign."""
    rows = "id,name,type\n" + "".join(f"P-{i},Party Number {i},person\n" for i in range(120))
    anna = workbench.browser("anna")
    brought(anna, rows + "X_9,100% Sure,person\n")
    first = anna.get("/desk/books/customers").text
    assert "1 to 50 of 121 parties" in first
    last = anna.get("/desk/books/customers?page=3").text
    assert "101 to 121 of 121" in last
    assert "page=2" in last
    store = workbench.store

    def ids(text: str) -> list[str]:
        rows = one_book(store, "customers", PartyFilter(text), 0, 50).parties
        return [row.party.party_id for row in rows]

    assert ids("NUMBER 11") == ["P-11", *(f"P-{n}" for n in range(110, 120))]
    assert ids("p-77") == ["P-77"]
    assert ids("100%") == ids("X_9") == ["X_9"]
    assert ids("0%0") == []
    assert "No party of this book" in anna.get("/desk/books/customers?q=nobody").text
    assert anna.get("/desk/books/customers?page=0").status_code == 422


def test_hostile_parties_do_no_harm(workbench: Workbench) -> None:
    """XSS: names, ids and faults of a file that somebody sent us."""
    hostile = HOSTILE.replace('"', '""')
    anna = workbench.browser("anna")
    brought(anna, f'id,name,type\n"{hostile}","{hostile}",person\n"{hostile}",Twice,person\n')
    assert_harmless(anna.get("/desk/books/customers").text)
    party = anna.get(f"/desk/books/customers/parties/{quote(HOSTILE, safe='')}")
    assert party.status_code == 200
    assert_harmless(party.text)


@pytest.mark.parametrize(("name", "may"), [
    ("vera", False), ("emil", False), ("anna", True), ("carl", True), ("dora", True)
])  # fmt: skip
def test_roles_decide_who_edits_books(workbench: Workbench, name: str, may: bool) -> None:
    """A viewer and an auditor see books and are offered nothing to change them."""
    brought(workbench.browser("anna"))
    browser = workbench.browser(name)
    for address in ("/desk/books", "/desk/books/customers"):
        page = browser.get(address)
        assert page.status_code == 200
        assert ('type="file"' in page.text) is may
    expected = 303 if may else 403
    files = {"file": ("b.csv", ROWS.encode())}
    sent = browser.post("/desk/books", {"book_id": "other"}, files=files)
    assert sent.status_code == expected
    assert browser.post("/desk/books/customers/screen").status_code == expected


def test_a_book_that_is_not_there(workbench: Workbench) -> None:
    """A slip in the address is a page that says so; nothing is screened."""
    anna = workbench.browser("anna")
    assert anna.get("/desk/books/nothing").status_code == 404
    assert anna.post("/desk/books/nothing/screen").status_code == 404
    assert "There is no book yet" in anna.get("/desk/books").text
