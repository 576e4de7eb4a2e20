"""The report of a run: people first, nothing cut off in silence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tumen.watch.report import MOST_NAMED, RunReport, report_lines

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def a_book(count: int, *, told: int | None = None, **changes: Any) -> dict[str, Any]:
    """What became of a book with so many new hits, of which some are told."""
    named = count if told is None else told
    lines = [
        {
            "party_id": f"C-{number}", "caption": "Anna", "entity_id": f"toy:{number}",
            "listed": "Anna Listed", "score": 0.9, "note": "",
        }
        for number in range(named)
    ]  # fmt: skip
    book = {"book_id": "own", "version": 1, "parties": 1000, "status": "screened again"}
    return {**book, "counts": {"new_hits": count}, "told": {"new_hits": lines}, **changes}


def a_report(**parts: Any) -> RunReport:
    """A report of a run that took no time."""
    return RunReport("r", NOW, NOW, **parts)


def test_long_lists_of_names_say_how_many_more() -> None:
    """Whether the rest was kept for the report or not."""
    for told in (MOST_NAMED + 5, MOST_NAMED - 3):
        lines = report_lines(a_report(books=[a_book(100, told=told)]))
        assert lines[0] == "! Newly hit: 100"
        named = [line for line in lines if "Anna [C-" in line]
        assert len(named) == min(told, MOST_NAMED)
        assert f"    and {100 - len(named)} more: tumen notices" in lines


def test_a_run_is_done_only_if_nothing_was_left_out() -> None:
    """One list, one party or one book left out is enough to be incomplete."""
    good = {"list_id": "toy", "status": "unchanged", "message": ""}
    assert a_report(lists=[good], books=[a_book(3)]).status == "done"
    failed = a_book(0, status="failed", message="no list", counts={"not_screened": 1000})
    for parts in (
        {"lists": [{**good, "status": "unreachable"}]},
        {"lists": [{**good, "status": "put aside"}]},
        {"stale": ["toy"]},
        {"books": [a_book(0, counts={"not_screened": 1})]},
        {"books": [failed]},
    ):
        assert a_report(**parts).status == "incomplete"


def test_it_speaks_also_where_nobody_was_looked_for() -> None:
    """No book is no "nobody is touched"."""
    assert report_lines(a_report())[0] == "No book is kept, so nobody was looked for."
    two = report_lines(a_report(books=[a_book(0), a_book(0)]))
    assert two[0] == "Nobody is touched (2,000 parties in 2 books)."


def test_a_book_that_failed_is_never_nobody() -> None:
    """It leads the report, and nothing says that nobody is touched."""
    failed = a_book(0, status="failed", message="The list is missing", counts={})
    lines = report_lines(a_report(books=[failed]))
    assert lines[0] == "! own: NOT SCREENED. The list is missing"
    assert not any("Nobody" in line for line in lines)


def test_what_was_sent_stands_at_the_end() -> None:
    """Only what there was."""
    lines = report_lines(a_report(notices={"delivered": 3, "to_try_again": 1, "given_up": 0}))
    assert lines[-1] == "Notices: 3 delivered, 1 to try again"
