"""What a reader is told, and what is kept back without details."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from notice_samples import NOW, event, events, stale_list

from tumen.model.watching import Event, EventKind, Severity
from tumen.watch.notices.texts import MOST_TOLD, html_text, plain_text
from tumen.watch.notices.wording import next_step, printable, subject_line, title_of


def test_a_digest_in_full() -> None:
    """Gravest first, then by book; each event with title, text, next step and place."""
    found = [event(2, severity=Severity.LOW, book_id="suppliers"), event(1), stale_list()]
    assert plain_text(found, has_details=True) == (
        "# tumen: 3 notices, worst critical (new hit: 2, list stale: 1)\n"
        "\n"
        "## Critical – lists\n"
        "\n"
        "* us_ofac_sdn has not been renewed for 49 hours\n"
        "  24 hours are allowed.\n"
        "  Next: Renew the list now: whoever was listed since is not found\n"
        "  (list us_ofac_sdn · 2026-03-04 05:06 UTC)\n"
        "\n"
        "## High – book customers\n"
        "\n"
        "* Kim Chol Nam (1) is newly hit\n"
        "  KIM, Chol Nam, born 1965\n"
        "  score 0.97: same name, same year\n"
        "  Next: Hold what is under way with this party until a person has decided whether it is "
        "the listed one. The entry: tumen show us_ofac_sdn:20157\n"
        "  (party C-1 · book customers · group vladivostok · entry us_ofac_sdn:20157 · "
        "list us_ofac_sdn · programme DPRK · 2026-03-04 05:06 UTC)\n"
        "\n"
        "## Low – book suppliers\n"
        "\n"
        "* Kim Chol Nam (2) is newly hit\n"
        "  KIM, Chol Nam, born 1965\n"
        "  score 0.97: same name, same year\n"
        "  Next: Hold what is under way with this party until a person has decided whether it is "
        "the listed one. The entry: tumen show us_ofac_sdn:20157\n"
        "  (party C-2 · book suppliers · group vladivostok · entry us_ofac_sdn:20157 · "
        "list us_ofac_sdn · programme DPRK · 2026-03-04 05:06 UTC)\n"
    )


@pytest.mark.parametrize("write", [plain_text, html_text])
def test_without_details_no_name_is_told(write: Callable[..., str]) -> None:
    """Ids suffice to look it up; a list's own alarm is told in full."""
    told = write([event(1), stale_list()], has_details=False)
    assert "Kim" not in told
    assert "KIM" not in told
    for word in ("C-1", "customers", "us_ofac_sdn:20157", "A party is newly hit", "49 hours"):
        assert word in told


def test_a_single_event_is_one_notice() -> None:
    """The subject line counts like a person."""
    assert subject_line([event()]) == "tumen: 1 notice, worst high (new hit: 1)"


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_says_what_to_do_and_has_a_bare_title(kind: EventKind) -> None:
    """A new kind of event without words would fail the notice that tells of it."""
    assert next_step(event(kind=kind))
    assert title_of(event(kind=kind), has_details=False)
    assert title_of(event(kind=kind, title=""), has_details=True)


def test_a_book_that_could_not_be_screened_is_named() -> None:
    """Nobody should look for one party where all are concerned."""
    whole = event(kind=EventKind.NOT_SCREENED, party_id="")
    assert title_of(whole, has_details=False) == "A book could not be screened: customers"
    party = event(kind=EventKind.NOT_SCREENED)
    assert title_of(party, has_details=False) == "A party could not be screened: C-1"


def test_a_flood_is_cut_and_counted() -> None:
    """The gravest are told; the rest is counted, with the command that shows it."""
    flood = [event(number, severity=Severity.LOW) for number in range(MOST_TOLD + 50)]
    told = plain_text([*flood, stale_list()], has_details=True)
    assert told.count("\n* ") == MOST_TOLD
    assert told.index("49 hours") < told.index("newly hit")
    assert "And 51 more. All of them: tumen notices --since 2026-03-04" in told
    whole = plain_text(flood, has_details=True, most=len(flood))
    assert whole.count("\n* ") == len(flood)
    assert "more." not in whole


@given(events(), st.text(), st.text())
@settings(deadline=None)
def test_no_value_breaks_out_of_the_page(found: list[Event], title: str, text: str) -> None:
    """Whatever names hold, the page has our elements alone, and says the title."""
    found = [*found, event(99, title=title + "<script>x</script>", text=text + "<img src=a>")]
    page = html.fromstring(html_text(found, has_details=True))
    names = {element.tag for element in page.iter()}
    assert names <= {
        *("html", "head", "meta", "title", "body", "h1", "h2"),
        *("ul", "li", "strong", "br", "em", "small"),
    }
    assert "<script>x</script>" in page.text_content()


@given(st.text())
@settings(deadline=None)
def test_printable_text_steers_nothing(text: str) -> None:
    """No escape sequence for a terminal, no mark that turns the direction of reading."""
    shown = printable(text)
    assert all(
        char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp") for char in shown
    )
    letters = "".join(char for char in text if char.isalnum())
    assert "".join(char for char in shown if char.isalnum()) == letters


def test_events_are_told_at_their_own_time() -> None:
    """In UTC, said so."""
    assert f"{NOW:%Y-%m-%d %H:%M} UTC" in plain_text([event()], has_details=False)
