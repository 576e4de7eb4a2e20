"""One batch as a pure function of the snapshot, the terms and the subjects."""

from __future__ import annotations

import pytest
from small_list import IMO, listed, party, small_list

from tumen.matching.compare import compare_facts
from tumen.matching.facts import facts_of
from tumen.matching.snapshot import Snapshot
from tumen.model.entity import Entity
from tumen.screening.batch import Terms, screen_batch
from tumen.screening.snapshots import snapshot_from_entities

TERMS = Terms(0.7, 0.5)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """The small list, indexed."""
    return snapshot_from_entities(small_list())


def test_the_same_batch_gives_the_same_result(snapshot: Snapshot) -> None:
    """Nothing of one batch is remembered in the results of the next."""
    batch = [party("Kim Jong Un"), party("Ivan Petrov", birthDate="1968"), party("!!!")]
    first = screen_batch(snapshot, TERMS, batch)
    screen_batch(snapshot, TERMS, [party("Somebody Else"), party("Ivan Kim")])
    assert screen_batch(snapshot, TERMS, batch) == first
    assert screen_batch(snapshot, TERMS, batch[::-1]) == first[::-1]


def test_the_batch_is_not_changed(snapshot: Snapshot) -> None:
    """A caller's mapping is the caller's."""
    subject = {"id": "c", "schema": "Person", "properties": {"name": "Ivan Petrov"}}
    screen_batch(snapshot, TERMS, [subject])
    assert subject == {"id": "c", "schema": "Person", "properties": {"name": "Ivan Petrov"}}


def test_an_empty_batch_is_no_error(snapshot: Snapshot) -> None:
    """As the last of a stream may be."""
    assert screen_batch(snapshot, TERMS, []) == []


def test_a_score_is_that_of_comparing_the_two(snapshot: Snapshot) -> None:
    """Going through the index changes what is compared, never the outcome."""
    subjects = [
        party("Iwan Petroff", birthDate="1968", nationality="ru", gender="male"),
        party("Vladimir Zhovnirchuk", nationality="ua"),
        party("Blue Horizon", schema="Vessel", imoNumber=IMO),
        party("Zavodnikov Star", schema="Company"),
    ]
    numbers = {snapshot.listed(n).entity.entity_id: n for n in range(len(snapshot))}
    for subject, screening in zip(subjects, screen_batch(snapshot, TERMS, subjects), strict=True):
        assert screening.hits
        for hit in screening.hits:
            ours = facts_of(Entity.from_mapping(subject))
            theirs = snapshot.facts(numbers[hit.entity_id])[1]
            whole = compare_facts(ours, theirs, snapshot.rarity)
            assert hit.score == whole.score
            assert whole.sentence.lower().endswith(hit.sentence.lower())


def test_every_name_of_a_subject_is_screened(snapshot: Snapshot) -> None:
    """An alias finds what the name does not, and the sentence names the one that met."""
    subject = {
        "schema": "Person",
        "properties": {"name": ["Jane Doe"], "alias": ["X Y", "Gim Jeong-eun"]},
    }
    (screening,) = screen_batch(snapshot, TERMS, [subject])
    assert [hit.entity_id for hit in screening.hits] == ["kim"]
    assert "'Gim Jeong-eun'" in screening.hits[0].sentence


def test_a_subjects_own_weak_alias_is_weak(snapshot: Snapshot) -> None:
    """Weakness counts on either side."""
    subject = {"schema": "Person", "properties": {"name": ["A B"], "weakAlias": ["Kim Jong Un"]}}
    (screening,) = screen_batch(snapshot, TERMS, [subject])
    assert [hit.is_hit for hit in screening.hits] == [False]


def test_parts_of_a_name_are_a_name(snapshot: Snapshot) -> None:
    """A form with first and last name apart is screened like one with a whole name."""
    subject = {"schema": "Person", "properties": {"firstName": ["Ivan"], "lastName": ["Petrov"]}}
    (screening,) = screen_batch(snapshot, TERMS, [subject])
    assert {hit.entity_id for hit in screening.hits} == {"petrov", "petrov2"}


def test_an_identifier_and_a_name_of_different_parties_find_both(snapshot: Snapshot) -> None:
    """A subject may have one party's name and another's number: both are shown."""
    subject = party("Kim Jong Un", passportNumber="P1234567")
    (screening,) = screen_batch(snapshot, TERMS, [subject])
    assert {hit.entity_id for hit in screening.hits} == {"kim", "petrov"}


def test_a_number_shared_by_two_kinds_of_parties_is_no_hit_by_chance(snapshot: Snapshot) -> None:
    """A company with the passport number of a person is not that person."""
    subject = party("Somebody Ltd", schema="Company", registrationNumber="P1234567")
    (screening,) = screen_batch(snapshot, TERMS, [subject])
    assert not any(hit.is_hit for hit in screening.hits)


def test_programmes_come_with_the_hit() -> None:
    """Which measures a hit concerns decides what to do about it."""
    one = listed("a", "Ivan Petrov")
    one["properties"]["program"] = ["DPRK3", "CYBER2"]
    (screening,) = screen_batch(snapshot_from_entities([one]), TERMS, [party("Ivan Petrov")])
    assert screening.hits[0].programmes == ("DPRK3", "CYBER2")


def test_homonyms_on_the_list_are_all_found() -> None:
    """Forty listed men of one name are forty hits, each by its own birth date."""
    namesakes = [
        listed(f"n{i}", "Zebulon Quillfeather", birthDate=str(1930 + i)) for i in range(20)
    ]
    snapshot = snapshot_from_entities(namesakes)
    subject = party("Zebulon Quillfeather", birthDate="1941")
    (screening,) = screen_batch(snapshot, TERMS, [subject])
    assert screening.hits[0].entity_id == "n11"
    assert len(screening.hits) == 20
