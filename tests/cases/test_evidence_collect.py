"""What an evidence file says, gathered from real screenings and decisions."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from desk import NOW, alert
from evidence_desk import ANNA, CLEAN, HIT, LISTED, PROGRAM, REGISTER, decided, opened

from tumen.cases.acting import open_by_hand
from tumen.cases.evidence import collect as collecting
from tumen.cases.evidence.collect import collect, collect_search
from tumen.cases.gathering import gather
from tumen.cases.workflow import Opening
from tumen.errors import RequestError
from tumen.model.casework import Origin, Priority
from tumen.screening.books import import_book
from tumen.screening.rescreen import rescreen
from tumen.screening.standing import screen_portfolio
from tumen.screening.subject import RecordProblem
from tumen.store import Store
from watched_book import at, entry, keep_book, load, party, watchpost


def test_a_case_tells_all_that_a_third_party_needs(store: Store, tmp_path: Path) -> None:
    """Subject, policy, engine, versions, both sides, reasons, people, times, audit, attachments."""
    desk = decided(store, tmp_path)
    data = desk.evidence().data
    (result,), (run,), (version,) = data["results"], data["screenings"], data["versions"]
    (hit,) = result["hits"]
    assert result["subject"]["properties"]["birthDate"] == ["1960"]
    assert hit["published"]["entry"]["entity"]["properties"]["birthDate"] == ["1960-01-01"]
    assert hit["published"]["entry"]["designations"][0]["programme"] == "DPRK"
    assert hit["reasons"]
    assert hit["sentence"]
    assert run["policy"]["threshold"] == 0.7
    assert (run["engine"], run["basis_hash"]) == (desk.run.engine, desk.run.basis_hash)
    assert run["result_hash"] == desk.run.result_hash
    assert version["version_id"] == hit["published"]["version_id"]
    assert len(version["content_hash"]) == 64
    assert version["files"] == ["toy.json"]
    (decision,) = data["case"]["decisions"]
    assert decision["recommendation"]["by"]["name"] == "Anna"
    assert decision["approved_by"]["name"] == "Boris"
    assert {one["name"] for one in data["people"]} == {"Anna", "Boris", "tumen"}
    (attached,) = data["attachments"]
    assert desk.evidence().attachments == {attached["member"]: REGISTER}
    told = [orjson.loads(one["text"])["action"] for one in data["audit"]["records"]]
    assert told[:2] == ["case opened", "case alert added"]
    assert "approved by Boris" in " ".join(data["finding"])
    assert data["missing"] == []


def test_the_same_store_and_instant_give_the_same_bytes(store: Store, tmp_path: Path) -> None:
    """So that two exports can be told to be one by their hash; another instant is another."""
    desk = decided(store, tmp_path)
    assert desk.evidence().document == desk.evidence().document
    assert desk.evidence().digest != desk.evidence(at(10)).digest


def test_a_clean_party_has_its_evidence(store: Store, tmp_path: Path) -> None:
    """Screened on, against, nothing found: also where a book keeps no outcome of it."""
    desk = opened(store, tmp_path)
    data = desk.search("p2").data
    (result,) = data["results"]
    assert (result["hits"], result["was_screened"]) == ([], True)
    assert result["subject"]["properties"]["name"] == ["Jane Roe"]
    (finding,) = data["finding"]
    assert finding.startswith("Jane Roe (p2, of the book b@1). Screened on 21 February 2024")
    assert desk.run.versions[0] in finding
    assert finding.endswith("Nothing was found.")


def test_of_one_subject_nothing_of_others_is_told(store: Store, tmp_path: Path) -> None:
    """A file that is handed to an examiner names no other customer."""
    desk = opened(store, tmp_path)
    assert b"Jane Roe" not in desk.search("p1").document
    assert b"Kim Chol" not in desk.search("p2").document
    assert b"Jane Roe" not in desk.evidence().document


def test_a_party_that_was_not_looked_at_gets_no_evidence(store: Store, tmp_path: Path) -> None:
    """That nothing is kept of somebody must not be read as "nothing found"."""
    desk = opened(store, tmp_path)
    with pytest.raises(RequestError, match="did not look at 'p9'"):
        desk.search("p9")
    keep_book(store, [HIT, CLEAN, party(3, "Mary Major")], at(5))
    partly = rescreen(desk.post, "b", at(6))
    assert partly is not None
    desk.run = partly.run
    assert desk.search("p3").data["finding"][0].endswith("Nothing was found.")
    with pytest.raises(RequestError, match="did not look at 'p2'"):
        desk.search("p2")


def test_not_screened_is_said_as_such(store: Store, tmp_path: Path) -> None:
    """A row that could not be read is no clearance."""
    load(store, [LISTED], at(0))
    bad = RecordProblem("p7", "Row seven", "The birth date is no date", "Correct it", "book.csv:7")
    import_book(store, "b", [HIT, bad], at(0), "book.csv")
    run = screen_portfolio(watchpost(store, tmp_path), "b", at(1)).run
    desk = opened(store, tmp_path)
    desk.run = run
    data = desk.search("p7").data
    assert data["results"][0]["was_screened"] is False
    assert data["finding"][0].startswith("NOT SCREENED. This is no clearance. Row seven")
    assert "Nothing was found" not in str(data)
    whole = desk.search().data
    assert "Found: 1 hit" in whole["finding"][0]
    assert whole["finding"][1].startswith("Row seven was not screened: The birth date")


def test_what_is_not_there_is_said(store: Store) -> None:
    """A screening that the store does not have is named; what the case saw of it stays told."""
    opening = Opening(Origin.HIT, "Kim Chol", "partners/p-1", Priority.P3)
    with store.writing() as work:
        case = open_by_hand(work, opening, ANNA, NOW, [alert("un:1")])
        data = collect(work, case.case_id, NOW).data
    assert data["missing"] == ["The screening screening-1 is not in the store"]
    assert data["results"][0]["hits"][0]["published"] is None


def test_of_what_does_not_exist_there_is_no_evidence(store: Store) -> None:
    """A slip of the pen gives an error and no empty file."""
    with store.reading() as work:
        with pytest.raises(RequestError, match="There is no case none"):
            collect(work, "none", NOW)
        with pytest.raises(RequestError, match="There is no screening 'none'"):
            collect_search(work, "none", None, NOW)


def test_a_reopened_case_shows_each_entry_as_it_was_seen(store: Store, tmp_path: Path) -> None:
    """Two alerts, two versions: each hit with the entry of the version it was found in."""
    desk = decided(store, tmp_path)
    load(store, [entry(1, "Kim Chol", "김철", birthDate="1960-05-05", nationality="kp")], at(5))
    rescreen(desk.post, "b", at(5.1))
    with store.writing() as work:
        assert gather(work, "b", at(5.2), PROGRAM, {}).reopened == (desk.case_id,)
    data = desk.evidence().data
    dates = [
        hit["published"]["entry"]["entity"]["properties"]["birthDate"]
        for result in data["results"]
        for hit in result["hits"]
    ]
    assert dates == [["1960-01-01"], ["1960-05-05"]]
    assert len(data["versions"]) == len(data["screenings"]) == 2
    assert "It was reopened" in data["finding"][-1]
    # What was decided of the entry as it was holds no more.
    assert data["finding"][1].startswith("Decided, and no longer in force: false positive")


def test_more_hits_than_fit_are_refused_and_not_cut(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left out of evidence is no evidence; of one subject at a time it is to be had."""
    desk = opened(store, tmp_path, [HIT, party(3, "Kim Chol")])
    monkeypatch.setattr(collecting, "MOST_HITS", 1)
    with pytest.raises(RequestError, match="has 2 hits, and a file holds 1 at most"):
        desk.search()
    assert len(desk.search("p3").data["results"]) == 1


def test_all_outcomes_in_the_file_prove_the_result(store: Store, tmp_path: Path) -> None:
    """Of a screening of one subject the result hash can be worked out from the file."""
    alone = opened(store, tmp_path, [HIT])
    (run,) = alone.evidence().data["screenings"]
    assert run["hashed"] is not None
    assert alone.search("p1").data["screenings"][0]["hashed"] == run["hashed"]


def test_of_many_outcomes_the_file_says_how_many_are_inside(store: Store, tmp_path: Path) -> None:
    """What the file cannot prove by itself it does not claim to."""
    (run,) = opened(store, tmp_path).evidence().data["screenings"]
    assert (run["hashed"], run["outcomes_inside"], run["tally"]["subjects"]) == (None, 1, 2)
