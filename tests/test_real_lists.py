"""Real lists and labelled sets: the recall and the hits on ordinary people that we promise.

Needs the shared data beside the repository; the floors lie a little below what is measured.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tumen import Entity, Screener, Screening, Snapshot, compare
from tumen.matching.compare import compare_facts
from tumen.matching.facts import facts_of
from tumen.matching.snapshot import Listed

ROOT = Path(__file__).resolve().parents[1]
SHARED = (ROOT / "../shared").resolve()
pytestmark = pytest.mark.skipif(
    not (SHARED / "bench").is_dir() or not (SHARED / "data").is_dir(),
    reason=f"The shared lists and labelled sets are not at {SHARED}",
)
ORDINARY = 3000


@pytest.fixture(scope="module")
def bench() -> Iterator[Any]:
    """The measuring code of `bench/`, which is no part of the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(ROOT), *sys.path])
        patch.setenv("TUMEN_BENCH_DATA", str(SHARED))
        import bench.lists
        import bench.pairs
        import bench.people

        yield bench


@pytest.fixture(scope="module")
def screener(bench: Any) -> Screener:
    """The UN's list of February 2026 and OFAC's of January 2024, from the files as published."""
    return Screener.from_files(bench.lists.un_and_ofac())


@pytest.fixture(scope="module")
def ordinary(bench: Any, screener: Screener) -> list[Screening]:
    """Invented ordinary people with all that a customer file knows of them, screened."""
    people = bench.people.ordinary_people(whole=True, count=ORDINARY)
    return list(screener.screen_many(people))


def test_both_lists_are_read_whole(screener: Screener) -> None:
    """As many entries as the publishers count, none without a date where one is published."""
    versions = {one["list_id"]: one for one in screener.versions}
    assert versions["un_sc_sanctions"]["entries"] == 1003
    assert versions["un_sc_sanctions"]["published_on"] == "2026-02-27"
    assert versions["us_ofac_sdn"]["entries"] > 14_000
    assert len(screener.snapshot) == sum(one["entries"] for one in versions.values())


def test_varied_names_of_listed_people_are_found(bench: Any, screener: Screener) -> None:
    """Of UN-listed people under altered names, 99 of 100 are found as themselves."""
    people = bench.people.un_people(whole=True)
    wanted = bench.people.wanted_entries(screener.snapshot, [name for name, _ in people])
    assert all(wanted.values())
    screenings = list(screener.screen_many(subject for _, subject in people))
    assert bench.people.found_share([wanted[name] for name, _ in people], screenings) >= 0.99


def test_varied_names_alone_are_found(bench: Any, screener: Screener) -> None:
    """Without birth date and nationality the name must do, and mostly does."""
    people = bench.people.un_people(whole=False)
    wanted = bench.people.wanted_entries(screener.snapshot, [name for name, _ in people])
    screenings = list(screener.screen_many(subject for _, subject in people))
    assert bench.people.found_share([wanted[name] for name, _ in people], screenings) >= 0.97


def test_ordinary_people_are_left_alone(bench: Any, ordinary: list[Screening]) -> None:
    """At the same threshold at most one in a thousand raises a hit."""
    assert len(ordinary) == ORDINARY
    assert all(one.was_screened for one in ordinary)
    assert bench.people.hits_per_thousand(ordinary) <= 1.0


def test_every_hit_is_explained(ordinary: list[Screening]) -> None:
    """Each says in a sentence why, and its effects add up to the score."""
    hits = [hit for screening in ordinary for hit in screening.hits]
    for hit in hits:
        assert hit.sentence.endswith(".")
        assert sum(reason.effect for reason in hit.reasons) == pytest.approx(hit.score, abs=2e-3)


def test_listed_names_find_their_own_entry(screener: Screener) -> None:
    """A sample of entries under their own primary name: no index may lose one."""
    snapshot = screener.snapshot
    numbers = range(0, len(snapshot), 40)
    entities = [snapshot.listed(number).entity for number in numbers]
    named = [entity for entity in entities if entity.get("name")]
    subjects = [
        {"id": one.entity_id, "schema": one.schema, "properties": {"name": one.get("name")[:1]}}
        for one in named
    ]
    lost = [
        subject["properties"]
        for subject, screening in zip(subjects, screener.screen_many(subjects), strict=True)
        if subject["id"] not in {hit.entity_id for hit in screening.hits if hit.is_hit}
    ]
    assert len(named) > 300
    assert lost == []


def test_slips_in_listed_names_are_found(screener: Screener) -> None:
    """A letter left out of the longest word of a person's name loses no entry."""
    snapshot, subjects = screener.snapshot, []
    for number in range(0, len(snapshot), 60):
        one = snapshot.listed(number).entity
        words = one.get("name")[0].split() if one.get("name") else []
        longest = max(words, key=len, default="")
        if one.schema != "Person" or len(words) < 2 or len(longest) < 7 or not longest.isascii():
            continue
        middle = len(longest) // 2
        slip = " ".join(w if w != longest else w[:middle] + w[middle + 1 :] for w in words)
        subjects.append({"id": one.entity_id, "schema": "Person", "properties": {"name": [slip]}})
    found = [
        one.subject_id in {hit.entity_id for hit in one.hits if hit.is_hit}
        for one in screener.screen_many(subjects)
    ]
    assert len(found) > 60
    assert sum(found) / len(found) >= 0.95


@pytest.mark.parametrize(
    ("name", "schema", "uid"),
    [
        ("Kim Chong-un", "Person", "us_ofac_sdn:20157"),
        ("Ким Чен Ын", "Person", "us_ofac_sdn:20157"),
        ("Vladimir Putin", "Person", "us_ofac_sdn:35096"),
        ("Alexander Lukashenko", "Person", "us_ofac_sdn:9760"),
        ("Yevgeny Prigozhin", "Person", "us_ofac_sdn:21171"),
        ("Osama bin Laden", "Person", "us_ofac_sdn:6365"),
        ("Bashar Assad", "Person", "us_ofac_sdn:12735"),
        ("Al Qaeda", "Organization", "un_sc_sanctions:113458"),
        ("IRGC", "Organization", "us_ofac_sdn:10391"),
        ("Rosoboronexport", "Company", "us_ofac_sdn:18782"),
        ("Korea Mining Dev Trading Corp", "Company", "un_sc_sanctions:690735"),
        ("Ocean Maritime Mgmt Co Ltd", "Company", "un_sc_sanctions:6908046"),
        ("Chon Ma San", "Vessel", "us_ofac_sdn:23729"),
    ],
)
def test_well_known_parties_are_found(screener: Screener, name: str, schema: str, uid: str) -> None:
    """What a sceptic types first, spelt as the press does and not as the list."""
    subject = {"schema": schema, "properties": {"name": [name]}}
    assert uid in {hit.entity_id for hit in screener.screen(subject).hits if hit.is_hit}


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("CORP", "Company"),
        ("Company", "Company"),
        ("Trading LLC", "Company"),
        ("Bank", "Company"),
        ("Kim", "Person"),
        ("Mohammed", "Person"),
        ("John Smith", "Person"),
        ("Emma Daniels", "Person"),
        ("A-B-C Company", "Company"),
    ],
)
def test_common_words_hit_nobody(screener: Screener, name: str, schema: str) -> None:
    """Fifteen thousand listed parties hold every common word; alone it means none of them."""
    subject = {"schema": schema, "properties": {"name": [name]}}
    assert not any(hit.is_hit for hit in screener.screen(subject).hits)


def _score(left: dict[str, Any], right: dict[str, Any]) -> float:
    return compare(left, right).score


def _measure(pairs: Callable[[], Any], bench: Any) -> Any:
    return bench.pairs.measure(pairs(), _score)


def test_aliases_meet_and_namesakes_do_not(bench: Any) -> None:
    """Recall and false rate by culture, names only; true pseudonyms are among the aliases."""
    found = _measure(bench.pairs.alias_pairs, bench)
    floors = {
        "russian": (0.84, 0.01),
        "arabic_persian": (0.57, 0.04),
        "korean": (0.70, 0.03),
    }
    for group, (least, most) in floors.items():
        recall, false_rate = found.groups[group]
        assert recall >= least, group
        assert false_rate <= most, group
    assert found.exactly_one == 0.0


def test_entries_of_different_lists_meet(bench: Any) -> None:
    """Human judgements on pairs with birth dates; no score is the flat 1 that ends all order."""
    found = _measure(bench.pairs.crosslist_pairs, bench)
    assert found.f1 >= 0.94
    assert found.auc >= 0.97
    assert found.exactly_one == 0.0


def _entity(mapping: dict[str, Any], number: int) -> Entity:
    return Entity.from_mapping({**mapping, "id": str(number)})


@pytest.mark.parametrize(
    ("name", "most"), [("alias_pairs", 0.025), ("name_pairs", 0.07), ("crosslist_pairs", 0.02)]
)
def test_the_index_loses_few_hits(bench: Any, name: str, most: float) -> None:
    """Of the pairs that a comparison calls hits, the index proposes nearly all."""
    pairs = getattr(bench.pairs, name)()
    snapshot = Snapshot.build(
        Listed("toy", _entity(pair.left, number), ()) for number, pair in enumerate(pairs)
    )
    subjects = [_entity(pair.right, number) for number, pair in enumerate(pairs)]
    hits = lost = 0
    screenings = Screener(snapshot).screen_many(subjects)
    for number, (subject, screening) in enumerate(zip(subjects, screenings, strict=True)):
        listed = snapshot.facts(number)[1]
        if compare_facts(facts_of(subject), listed, snapshot.rarity).is_hit:
            hits += 1
            lost += str(number) not in {hit.entity_id for hit in screening.hits}
    assert hits > 100
    assert lost / hits <= most


def test_labelled_name_pairs_are_told_apart(bench: Any) -> None:
    """Typing errors, other orders and other spellings of persons, companies and vessels."""
    found = _measure(bench.pairs.name_pairs, bench)
    assert found.f1 >= 0.84
    assert found.auc >= 0.88
