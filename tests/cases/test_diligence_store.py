"""Due-diligence files in the store: added to only, bound to the audit log, screened or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import SENTENCE, actor
from diligence_desk import ACCEPT, ANNA, BORIS, POLICY, said, unknown, value_for
from sqlalchemy import text

from tumen.cases.diligence import keeping
from tumen.cases.diligence.known import look
from tumen.cases.diligence.overview import Overview, overview
from tumen.cases.diligence.refresh import ReviewState
from tumen.cases.workflow import RefusedError
from tumen.errors import ConflictError, RequestError
from tumen.model.diligence import DiligenceRecord
from tumen.screening.decide import suppress
from tumen.screening.standing import screen_portfolio
from tumen.store import Store
from watched_book import at, entry, keep_book, load, party, watchpost

NAME = "Quill Feathersby"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with one list, and a book of two parties of which the first is on it."""
    with Store.open(store_url) as opened:
        load(opened, [entry(1, NAME, birthDate="1955-03-02")], at(0))
        keep_book(
            opened,
            [
                party(1, NAME, birthDate="1955-03-02", nationality="de"),
                party(2, "Wilhelmina Unheard-Of", nationality="de", parent="p1"),
            ],
            at(0),
        )
        yield opened


def act(store: Store, party_id: str, step: keeping.Step, **given: int) -> DiligenceRecord:
    """One step, in a transaction of its own."""
    with store.writing() as work:
        return keeping.act(work, "b", party_id, step, at(2), usual_policy=POLICY, **given)


def seen(store: Store, party_id: str, days: float = 2) -> Overview:
    """The file as it stands."""
    with store.reading() as work:
        return overview(work, "b", party_id, POLICY, at(days))


def filled(store: Store, party_id: str) -> None:
    """Answer all that is missing."""
    for spec in seen(store, party_id).missing:
        if not spec.derived:
            change = said(spec.id, *value_for(spec), evidence=("extract",))
            act(store, party_id, keeping.set_field(change, ANNA, at(2)))


def test_a_file_is_kept_whole_and_audited(store: Store) -> None:
    """What is read back is what happened, and the log holds the hash of each state."""
    first = seen(store, "p1")
    assert first.file.sequence == 0
    record = act(store, "p1", keeping.set_field(unknown("people.post"), ANNA, at(2)), seen=0)
    after = seen(store, "p1")
    assert after.records == (record,)
    assert after.file.answers["people.post"].by == ANNA
    with store.reading() as work:
        (kept,) = [one for one in work.audit.records() if one.entry.object == "b/p1"]
        assert work.diligence.parties("b") == ["p1"]
    assert kept.entry.action == "due diligence unknown"
    assert (kept.entry.before, kept.entry.after) == (first.history_hash, after.history_hash)
    assert "closed" not in str(kept.entry.details)


def test_of_two_who_answer_at_once_one_is_told(store: Store) -> None:
    """The later one hears who did what, and nothing of theirs is kept."""
    act(store, "p1", keeping.set_field(said("people.post", "Cook"), ANNA, at(2)), seen=0)
    late = keeping.set_field(said("people.post", "Captain"), BORIS, at(2))
    with pytest.raises(ConflictError, match=r"Anna answered people\.post"):
        act(store, "p1", late, seen=0)
    assert seen(store, "p1").file.answers["people.post"].values == ("Cook",)
    with pytest.raises(ConflictError, match="has 1 records, not 7"):
        act(store, "p1", late, seen=7)
    (record,) = seen(store, "p1").records
    with pytest.raises(ConflictError, match="Somebody else worked"), store.writing() as work:
        work.diligence.append(record)


@pytest.mark.parametrize("change", ["UPDATE diligence_record SET act = 'x'",
                                    "DELETE FROM diligence_record"])  # fmt: skip
def test_the_database_itself_refuses_to_rewrite_a_file(store: Store, change: str) -> None:
    """Also to whoever has a hand on the database, unless they tear out the guards."""
    act(store, "p1", keeping.set_field(unknown("people.post"), ANNA, at(2)))
    with pytest.raises(RequestError, match="only ever added to"), store.writing() as work:
        work.diligence._connection.execute(text(change))
    assert seen(store, "p1").file.sequence == 1


@pytest.mark.parametrize(
    "value", ["\ud800 half", "nul \0 here", "'; DROP TABLE diligence_record; --", "<script>x",
              "김철 ‮gnp.exe"]
)  # fmt: skip
def test_hostile_text_is_kept_as_text(store: Store, value: str) -> None:
    """Halves of characters and NUL are cleaned, all else is only text."""
    act(store, "p1", keeping.set_field(said("people.post", value), ANNA, at(2)))
    (kept,) = seen(store, "p1").file.answers["people.post"].values
    assert kept == value.replace("\ud800", "�").replace("\0", "")


def test_a_hash_has_to_be_that_of_a_stored_file(store: Store) -> None:
    """Evidence that nobody can open is none."""
    with store.writing() as work:
        name = work.attachments.add(b"%PDF extract", "application/pdf", at(1)).sha256
    good = said("contract.representations", name, evidence=(name,))
    act(store, "p1", keeping.set_field(good, ANNA, at(2)))
    for bad in (
        said("contract.representations", "0" * 64),
        said("people.post", "Cook", evidence=("f" * 64,)),
    ):
        with pytest.raises(RefusedError, match="Attach it first"):
            act(store, "p1", keeping.set_field(bad, ANNA, at(2)))


def test_what_is_not_there_is_named(store: Store) -> None:
    """A party and a book that nobody imported."""
    with pytest.raises(RequestError, match="no party 'p9' in the book 'b'"):
        seen(store, "p9")
    with pytest.raises(RequestError, match="no book 'nowhere'"), store.reading() as work:
        look(work, "nowhere", "p1")


def test_not_screened_then_hit_then_decided_then_signed(store: Store, tmp_path: Path) -> None:
    """The walk through the store: each stage is told as it is, and a change calls for review."""
    post = watchpost(store, tmp_path)
    assert seen(store, "p1").known.not_screened == "Its book was never screened whole"
    screen_portfolio(post, "b", at(1))
    view = seen(store, "p1")
    assert view.known.screened is not None
    (hit,) = view.known.hits
    assert view.circumstances.is_enhanced
    filled(store, "p1")
    with pytest.raises(RefusedError, match="Decide first"):
        act(store, "p1", keeping.recommend(ACCEPT, ANNA, at(2)))
    with store.writing() as work:
        suppress(work, "b", "p1", hit.hit.entity_id, reason=SENTENCE, decided_by="x", now=at(2))
    act(store, "p1", keeping.recommend(ACCEPT, ANNA, at(2)))
    with pytest.raises(RefusedError, match="another person"):
        act(store, "p1", keeping.approve("Agreed", actor("anna"), at(2)))
    act(store, "p1", keeping.approve("Agreed", BORIS, at(2)))
    assert seen(store, "p1").review.state is ReviewState.IN_FORCE
    assert seen(store, "p1").progress.percent == 100

    changed = entry(1, NAME, birthDate="1955-03-02", nationality="kp")
    load(store, [changed], at(3))
    screen_portfolio(post, "b", at(3))
    review = seen(store, "p1", 3).review
    assert review.state is ReviewState.DUE
    assert "changed materially" in " ".join(review.reasons)

    keep_book(store, [party(2, "Wilhelmina Unheard-Of", nationality="de")], at(4))
    left = seen(store, "p1", 4)
    assert left.known.has_left
    assert left.known.book.version == 1
    assert "The party is no longer in its book" in left.review.reasons


def test_a_party_that_came_after_the_screening_is_not_screened(
    store: Store, tmp_path: Path
) -> None:
    """Nor one that changed materially since."""
    screen_portfolio(watchpost(store, tmp_path), "b", at(1))
    assert seen(store, "p2").known.screened is not None
    (tie,) = seen(store, "p2").known.tied
    assert tie == "p1"
    keep_book(store, [party(2, "Wilhelmina Unheard-Of", nationality="ru"), party(3, "New")], at(2))
    for party_id in ("p2", "p3"):
        known = seen(store, party_id).known
        assert known.screened is None
        assert "as it stands was not screened" in known.not_screened
