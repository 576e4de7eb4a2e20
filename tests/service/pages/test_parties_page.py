"""The page of one party: what the book says, its hits now and before, its cases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from test_books import ROWS, brought, screened
from workbench import Workbench

from tumen.model.watching import HitState
from tumen.screening.decide import suppress
from tumen.service.pages.parties_data import party_page


def test_a_party_with_its_hits_and_their_history(workbench: Workbench) -> None:
    """A reviewer sees the values in words, the hits by score, and what became of each."""
    anna = workbench.browser("anna")
    brought(anna)
    screened(anna)
    with workbench.store.writing() as work:
        (hit, *_) = work.hits.standing("customers", party_ids=["C-1"])
        suppress(
            work, "customers", "C-1", hit.hit.entity_id, reason="Another <person>",
            decided_by="test", now=datetime.now(UTC),
        )  # fmt: skip
    found = party_page(workbench.store, "customers", "C-1")
    assert ("Nationality", ("North Korea",)) in found.values
    assert [one.state for one in found.histories[0].steps] == [HitState.SUPPRESSED, HitState.OPEN]
    assert [one.reason for one in found.suppressions] == ["Another <person>"]
    page = anna.get("/desk/books/customers/parties/C-1").text
    assert "Another &lt;person&gt;" in page
    assert 'href="/desk/diligence/customers/C-1"' in page
    assert hit.hit.sentence.split(":")[0] in page


def test_a_party_that_left_the_book_is_still_there(workbench: Workbench) -> None:
    """What was known of a customer who left can be read for as long as the law asks."""
    anna = workbench.browser("anna")
    brought(anna)
    brought(anna, "\n".join(ROWS.splitlines()[:2]))
    found = party_page(workbench.store, "customers", "C-2")
    assert (found.version.version, found.is_current) == (1, False)
    page = anna.get("/desk/books/customers/parties/C-2").text
    assert "has left the book" in page
    assert anna.get("/desk/books/customers/parties/nobody").status_code == 404
    assert anna.get("/desk/books/nothing/parties/C-2").status_code == 404


@pytest.mark.parametrize("name", ["vera", "anna", "carl", "dora", "emil"])
def test_whoever_may_read_sees_a_party(workbench: Workbench, name: str) -> None:
    """And the audit log says who looked at whom; a stranger is led to the door."""
    brought(workbench.browser("anna"))
    assert workbench.browser(name).get("/desk/books/customers/parties/C-1").status_code == 200
    workbench.app.state.api.audit.flush()
    with workbench.store.reading() as work:
        seen = work.audit.latest(actor=f"user:{name}", object="customers/C-1")
    assert len(seen) == 1
    stranger = workbench.browser().client
    answer = stranger.get("/desk/books/customers/parties/C-1", follow_redirects=False)
    assert answer.headers["location"].startswith("/sign-in")
