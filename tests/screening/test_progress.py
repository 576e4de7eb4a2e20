"""Long work shows how far it is on a terminal, and elsewhere next to nothing."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from tumen.screening import progress
from tumen.screening.book import Book, read_book
from tumen.screening.progress import showing_indexing, showing_progress
from tumen.screening.run import Tally


def screen_of(*, is_terminal: bool) -> tuple[Console, io.StringIO]:
    """A console, and what it has shown."""
    shown = io.StringIO()
    return Console(file=shown, force_terminal=is_terminal, width=80), shown


class Half:
    """A book of 2,000 subjects."""

    expected = 2_000


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without waiting between two updates."""
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN", 0.0)


@pytest.mark.usefixtures("at_once")
def test_the_screening_bar_has_counts_and_a_percentage() -> None:
    """One line that fits a terminal of 80 columns."""
    console, shown = screen_of(is_terminal=True)
    with showing_progress(console, Half()) as show:
        show(Tally(subjects=1_000, hit=3, not_screened=2))
    text = shown.getvalue()
    assert "1,000 screened, 3 with hits, 2 not, " in text
    assert "50%" in text


@pytest.mark.usefixtures("at_once")
def test_an_estimate_that_is_passed_gives_way() -> None:
    """Never 120 %, and no percentage where nobody knows the number."""
    console, shown = screen_of(is_terminal=True)
    with showing_progress(console, Half()) as show:
        show(Tally(subjects=2_400))
    assert "100%" in shown.getvalue()
    console, shown = screen_of(is_terminal=True)
    with showing_progress(console) as show:
        show(Tally(subjects=2_400))
    assert "2,400 screened" in shown.getvalue()
    assert "%" not in shown.getvalue()


def test_updates_are_rare() -> None:
    """A call between two updates touches nothing: formatting each took a tenth of the time."""

    class Costly:
        """Nobody may ask."""

        @property
        def expected(self) -> int | None:
            """Fails."""
            raise AssertionError("asked at once")

    console, _ = screen_of(is_terminal=True)
    with showing_progress(console, Costly()) as show:
        show(Tally(subjects=1))


@pytest.mark.usefixtures("at_once")
def test_nothing_is_shown_of_screening_without_a_terminal() -> None:
    """A log is no place for a bar."""
    console, shown = screen_of(is_terminal=False)
    with showing_progress(console, Half()) as show:
        show(Tally(subjects=1))
    assert shown.getvalue() == ""


def test_indexing_is_one_line_without_a_terminal() -> None:
    """And none at all where the index was there already."""
    console, shown = screen_of(is_terminal=False)
    with showing_indexing(console, 1_500):
        pass
    assert shown.getvalue() == ""
    with showing_indexing(console, 1_500) as show:
        for done in (500, 1_000):
            show("test_un", done, 1_000)
        show("test_us", 500, 500)
    assert shown.getvalue() == "Indexing 1,500 entries …\n"


def test_indexing_has_a_bar_on_a_terminal() -> None:
    """Over all lists together."""
    console, shown = screen_of(is_terminal=True)
    with showing_indexing(console, 2_000) as show:
        show("test_un", 1_000, 1_000)
    assert "test_un" in shown.getvalue()
    assert "50%" in shown.getvalue()


def books(folder: Path) -> Iterator[Path]:
    """The same 3,000 rows as CSV, packed CSV and Parquet."""
    names = [f"Invented Person {number:06}" for number in range(3_000)]
    text = "name\n" + "".join(f"{name}\n" for name in names)
    (folder / "a.csv").write_text(text)
    (folder / "a.csv.gz").write_bytes(gzip.compress(text.encode()))
    pq.write_table(pa.table({"name": names}), folder / "a.parquet")
    return folder.iterdir()


def test_a_book_knows_about_how_long_it_is(tmp_path: Path) -> None:
    """Midway within a few rows in a hundred where it can, in the end exactly."""
    for path in books(tmp_path):
        book = read_book(path)
        assert isinstance(book, Book)
        assert book.expected is None
        for _ in range(1_500):
            next(book)
        # A packed file of this size is read in one go: the estimate grows with the rows.
        exact = path.suffix != ".gz"
        assert book.expected is not None
        assert abs(book.expected - 3_000) < 900 if exact else book.expected >= 1_500
        assert sum(1 for _ in book) == 1_500
        assert book.expected == 3_000, path
