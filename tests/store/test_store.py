"""The behaviour every database must show; one suite, parametrised over engine URLs."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stored_things import trial

from tumen.errors import RequestError, SourceError
from tumen.model.entity import Entity
from tumen.model.listing import (
    Check,
    CheckStatus,
    Designation,
    Link,
    ListedName,
    ListEntry,
    ListVersion,
    NameKind,
    NameQuality,
    SourceField,
)
from tumen.store import Store

NOW = datetime(2026, 3, 1, 12, 30, 15, 250, tzinfo=UTC)


def an_entry(number: int, name: str = "Kim Invented", **changes: object) -> ListEntry:
    """An invented entry that fills every slot of the model."""
    entity = Entity(f"toy-{number}", "Person", {"name": (name,), "birthDate": ("1965-03",)})
    entry = ListEntry(
        entity,
        (ListedName(name), ListedName("김 발명", NameKind.ALIAS, NameQuality.WEAK, "Kore", "ko")),
        (Designation("Toy Authority", "DPRK", listed_on="2017", measures=("asset freeze",)),),
        (Link("Ownership", "toy-1", role="owner", is_inverse=True),),
        "DOB circa 1965; secondary sanctions risk",
        "toy.csv",
        f"row {number}",
        (SourceField("birthDate", "1965-03", "Remarks", "Mar 1965"),),
    )
    return replace(entry, **changes)


def a_version(entries: int, content: str = "a", list_id: str = "toy") -> ListVersion:
    """An invented version; `content` stands for its bytes."""
    return ListVersion(
        list_id=list_id,
        content_hash=(content * 64)[:64],
        format="csv",
        published_on=date(2026, 2, 27),
        retrieved_at=NOW,
        entries=entries,
        names=2 * entries,
        files=("toy.csv", "toy_alias.csv"),
        checks=(Check("removed", CheckStatus.WARNING, "7 gone, accepted"),),
        unknown={"Type: ghost ship": 2},
    )


def test_a_version_comes_back_as_it_went_in(store: Store) -> None:
    """Nothing of a version or its entries is lost or bent by storing it."""
    entries = [an_entry(number) for number in range(5)]
    version = replace(a_version(5), is_starter=True)
    store.add_version(version, entries)
    assert store.version(version.version_id) == version
    assert store.current_versions() == [version]
    assert list(store.entries(version.version_id)) == entries


def test_a_version_without_a_date_stays_without(store: Store) -> None:
    """An unknown publisher's date is not turned into some date."""
    store.add_version(replace(a_version(0), published_on=None), [])
    found = store.current_version("toy")
    assert found is not None
    assert found.published_on is None


def test_instants_of_other_zones_stay_the_same_instant(store: Store) -> None:
    """Retrieval times are kept in one zone, and so compare as text too."""
    seoul = datetime(2026, 3, 1, 9, 0, tzinfo=timezone(timedelta(hours=9)))
    store.add_version(replace(a_version(0), retrieved_at=seoul), [])
    found = store.current_version("toy")
    assert found is not None
    assert found.retrieved_at == seoul
    assert found.retrieved_at.utcoffset() == timedelta(0)


def test_the_store_keeps_what_it_has_after_closing(store_url: str) -> None:
    """Opening again neither migrates away nor forgets."""
    with Store.open(store_url) as first:
        first.add_version(a_version(1), [an_entry(1)])
    with Store.open(store_url) as second:
        assert [v.version_id for v in second.current_versions()] == ["toy@aaaaaaaaaaaa"]


def test_published_order_is_kept_over_many_chunks(store: Store) -> None:
    """Entries come in the order of the file, however many there are."""
    entries = [an_entry(number) for number in range(2500, 0, -1)]
    store.add_version(a_version(2500), entries)
    got = [entry.entity.entity_id for entry in store.entries("toy@aaaaaaaaaaaa")]
    assert got == [f"toy-{number}" for number in range(2500, 0, -1)]


def test_the_newest_version_is_current_and_the_old_one_stays(store: Store) -> None:
    """Replacing never removes the past."""
    store.add_version(a_version(2, "a"), [an_entry(1), an_entry(2)])
    store.add_version(a_version(1, "b"), [an_entry(1, "Kim Corrected")])
    current = store.current_version("toy")
    assert current is not None
    assert current.content_hash[0] == "b"
    assert [v.content_hash[0] for v in store.versions("toy")] == ["a", "b"]
    old = [entry.entity.caption for entry in store.entries("toy@aaaaaaaaaaaa")]
    assert old == ["Kim Invented", "Kim Invented"]


def test_a_past_version_does_not_become_current(store: Store) -> None:
    """What is stored as history is not screened against."""
    store.add_version(a_version(1, "b"), [an_entry(1)])
    store.add_version(a_version(1, "a"), [an_entry(9)], is_current=False)
    assert [v.content_hash[0] for v in store.current_versions()] == ["b"]
    assert store.find_entity("toy-9") is None


def test_lists_have_their_own_current_versions(store: Store) -> None:
    """Loading one list leaves the other lists alone."""
    store.add_version(a_version(1, "a", "toy"), [an_entry(1)])
    store.add_version(a_version(1, "b", "other"), [an_entry(2)])
    assert [v.list_id for v in store.current_versions()] == ["other", "toy"]
    assert store.current_version("third") is None


def test_a_past_version_can_be_made_current(store: Store) -> None:
    """Which version is current is a new fact, not a change of the version."""
    for content in "ab":
        store.add_version(a_version(1, content), [an_entry(1)])
    store.set_current("toy@aaaaaaaaaaaa", NOW)
    current = store.current_version("toy")
    assert current is not None
    assert current.content_hash[0] == "a"


def test_a_stored_version_cannot_be_stored_again(store: Store) -> None:
    """Versions are immutable: the same id never gets other entries."""
    store.add_version(a_version(1), [an_entry(1)])
    with pytest.raises(RequestError, match="never change"):
        store.add_version(a_version(1), [an_entry(1, "Somebody Else")])
    (entry,) = store.entries("toy@aaaaaaaaaaaa")
    assert entry.entity.caption == "Kim Invented"


@pytest.mark.parametrize(
    ("count", "numbers", "problem"),
    [(2, [1, 1], "id 'toy-1'"), (3, [1, 2], "2 came"), (1, [1, 2], "2 came")],
)
def test_a_faulty_version_leaves_nothing_behind(
    store: Store, count: int, numbers: list[int], problem: str
) -> None:
    """Double ids and wrong counts roll back all, and the good version stays current."""
    store.add_version(a_version(1, "a"), [an_entry(7)])
    with pytest.raises(SourceError, match=problem):
        store.add_version(a_version(count, "b"), [an_entry(number) for number in numbers])
    assert [v.content_hash[0] for v in store.versions("toy")] == ["a"]
    assert store.find_entity("toy-7") is not None
    assert store.find_entity("toy-2") is None


def test_an_interrupted_reader_leaves_nothing_behind(store: Store) -> None:
    """An error while entries are still coming keeps none of them."""

    def failing() -> Iterator[ListEntry]:
        yield from (an_entry(number) for number in range(1500))
        raise SourceError("the file ends in the middle")

    with pytest.raises(SourceError, match="in the middle"):
        store.add_version(a_version(2000), failing())
    assert store.versions("toy") == []
    store.add_version(a_version(1), [an_entry(1)])


CRASH = """
import sys, time
sys.path.insert(0, sys.argv[2])
from test_store import a_version, an_entry
from tumen.store import Store

def slowly():
    for number in range(3000):
        yield an_entry(number)
    print("half way", flush=True)
    time.sleep(60)

Store.open(sys.argv[1]).add_version(a_version(6000, "b"), slowly())
"""


def test_a_killed_process_leaves_nothing_half_visible(store_url: str) -> None:
    """Power loss in the middle of a load: the last good version is still the whole truth."""
    with Store.open(store_url) as store:
        store.add_version(a_version(1, "a"), [an_entry(1)])
    command = [sys.executable, "-c", CRASH, store_url, str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half way\n"
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    with Store.open(store_url) as store:
        assert [v.content_hash[0] for v in store.versions("toy")] == ["a"]
        assert store.find_entity("toy-2500") is None
        store.add_version(a_version(6000, "b"), (an_entry(number) for number in range(6000)))
        assert sum(1 for _ in store.entries("toy@bbbbbbbbbbbb")) == 6000


def test_find_entity_says_in_which_version(store: Store) -> None:
    """An entity is found in the current versions, or in a past one when that is named."""
    store.add_version(a_version(1, "a"), [an_entry(1)])
    store.add_version(a_version(1, "b"), [an_entry(2)])
    found = store.find_entity("toy-2")
    assert found is not None
    assert (found[0].version_id, found[1]) == ("toy@bbbbbbbbbbbb", an_entry(2))
    assert store.find_entity("toy-1") is None
    past = store.find_entity("toy-1", version_id="toy@aaaaaaaaaaaa")
    assert past is not None
    assert past[1] == an_entry(1)


def test_an_unknown_version_is_an_error_and_not_an_empty_list(store: Store) -> None:
    """Screening against a mistyped version must not look like "no hit"."""
    with pytest.raises(RequestError, match="toy@nothing"):
        list(store.entries("toy@nothing"))
    with pytest.raises(RequestError, match="toy@nothing"):
        store.entry_hashes("toy@nothing")
    with pytest.raises(RequestError, match="toy@nothing"):
        store.set_current("toy@nothing", NOW)
    assert store.version("toy@nothing") is None


def test_hashes_tell_a_change_from_a_move(store: Store) -> None:
    """A row that only moved in the file has not changed; a row with a new name has."""
    store.add_version(a_version(2, "a"), [an_entry(1), an_entry(2)])
    moved = an_entry(1, locator="row 99", file="toy_2026-03-01.csv")
    store.add_version(a_version(2, "b"), [moved, an_entry(2, "Kim Renamed")])
    old, new = store.entry_hashes("toy@aaaaaaaaaaaa"), store.entry_hashes("toy@bbbbbbbbbbbb")
    assert old["toy-1"] == new["toy-1"]
    assert old["toy-2"] != new["toy-2"]
    found = store.find_entity("toy-1")
    assert found is not None
    assert (found[1].file, found[1].locator) == ("toy_2026-03-01.csv", "row 99")


def test_two_entries_may_say_the_same(store: Store) -> None:
    """Only the id tells two rows apart that are otherwise alike."""
    twin = replace(an_entry(1), entity=replace(an_entry(1).entity, entity_id="toy-2"))
    store.add_version(a_version(2), [an_entry(1), twin])
    assert {e.entity.entity_id for e in store.entries("toy@aaaaaaaaaaaa")} == {"toy-1", "toy-2"}


def test_readers_and_a_writer_do_not_block_each_other(store_url: str) -> None:
    """Screening goes on against the old version while a new one is loaded."""
    with Store.open(store_url) as writer, Store.open(store_url) as reader:
        writer.add_version(a_version(1, "a"), [an_entry(1)])
        seen = []

        def watched() -> Iterator[ListEntry]:
            yield an_entry(1)
            seen.extend(reader.current_versions())
            seen.extend(reader.versions("toy"))
            yield an_entry(2)

        writer.add_version(a_version(2, "b"), watched())
        assert [v.content_hash[0] for v in seen] == ["a", "a"]


def test_two_writers_wait_for_each_other(store_url: str) -> None:
    """Two loads at the same time both end well."""
    with Store.open(store_url):
        pass

    def load(content: str) -> None:
        with Store.open(store_url) as store:
            entries = [an_entry(number) for number in range(1500)]
            store.add_version(a_version(1500, content, f"toy_{content}"), entries)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(load, "abcd"))
    with Store.open(store_url) as store:
        assert len(store.current_versions()) == 4


def test_a_reader_that_stops_early_holds_nothing(store: Store) -> None:
    """Taking the first entries only does not keep a transaction open."""
    store.add_version(a_version(2000, "a"), (an_entry(number) for number in range(2000)))
    stream = store.entries("toy@aaaaaaaaaaaa")
    next(stream)
    store.add_version(a_version(1, "b"), [an_entry(1)])
    assert next(stream) == an_entry(1)


def test_nothing_in_the_store_edits_or_deletes() -> None:
    """The past can be added to, never changed: no method is there to do it."""
    public = {name for name in vars(Store) if not name.startswith("_")}
    assert public == {
        *("open", "close", "add_version", "set_current", "current_versions", "current_version"),
        *("versions", "version", "entries", "entry_hashes", "find_entity"),
        *("reading", "writing", "versions_at", "entry", "entries_by_id", "back_up"),
        "versions_holding",
    }


def test_a_full_list_is_stored_in_seconds(store: Store) -> None:
    """18,000 entries are a full SDN list; measured 0.8 s, the limit is 5 on a free processor."""
    entries = [an_entry(number, f"Kim Invented {number}") for number in range(18_000)]
    begun = time.process_time()
    store.add_version(a_version(18_000), entries)
    assert time.process_time() - begun < 5
    with store.reading() as work:
        assert len(work.lists.entry_hashes("toy@aaaaaaaaaaaa")) == 18_000


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


ids = texts.filter(lambda text: "\0" not in text)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(ids, texts, texts), max_size=5, unique_by=lambda row: row[0]))
def test_any_text_survives(store: Store, rows: list[tuple[str, str, str]]) -> None:
    """Whatever characters a publisher writes come back the same."""
    entries = [
        ListEntry(Entity(key, "Person", {"name": (name,)}), (ListedName(name),), remarks=remark)
        for key, name, remark in rows
    ]
    with trial(store) as work:
        work.lists.add_version(a_version(len(entries)), entries)
        found = work.lists.entries_by_id("toy@aaaaaaaaaaaa", [row[0] for row in rows])
        assert list(found) == entries


def test_an_id_that_no_database_keeps_is_refused(store: Store) -> None:
    """NUL in an id is damage; changed in silence, the entry would never be found again."""
    entry = replace(an_entry(1), entity=Entity("toy-\0", "Person", {}))
    with pytest.raises(SourceError, match="No database keeps the id"):
        store.add_version(a_version(1), [entry])
    assert store.versions("toy") == []


@pytest.fixture
def history(store: Store) -> Store:
    """A list loaded on three days, the middle version by hand from the past; another without."""
    first = replace(a_version(0, "a"), published_on=date(2026, 1, 1))
    second = replace(
        a_version(0, "b"), published_on=date(2026, 3, 1), retrieved_at=NOW + timedelta(days=2)
    )
    past = replace(
        a_version(0, "c"), published_on=date(2026, 2, 1), retrieved_at=NOW + timedelta(days=5)
    )
    undated = replace(a_version(0, "d", "undated"), published_on=None)
    for version in (first, second, undated):
        store.add_version(version, [])
    store.add_version(past, [], is_current=False)
    return store


@pytest.mark.parametrize(
    ("days", "contents"), [(-1, ""), (0, "ad"), (1, "ad"), (2, "bd"), (9, "bd")]
)
def test_what_was_current_at_an_instant(history: Store, days: int, contents: str) -> None:
    """What was screened against then, whatever came later."""
    found = history.versions_at(known_at=NOW + timedelta(days=days))
    assert "".join(version.content_hash[0] for version in found) == contents


@pytest.mark.parametrize(
    ("day", "contents"),
    [
        (date(2025, 12, 31), ""),
        (date(2026, 1, 1), "a"),
        (date(2026, 2, 1), "c"),
        (date(2026, 2, 28), "c"),
        (date(2026, 3, 1), "bd"),
    ],
)
def test_what_had_been_published_by_a_day(history: Store, day: date, contents: str) -> None:
    """Past versions loaded since count; a list without dates counts from its retrieval."""
    found = history.versions_at(as_of=day)
    assert "".join(version.content_hash[0] for version in found) == contents


def test_what_was_known_then_of_a_day(history: Store) -> None:
    """Both times at once: what had been published by a day, of what we had at an instant."""
    day, before = date(2026, 2, 15), NOW + timedelta(days=4)
    assert [v.content_hash[0] for v in history.versions_at(as_of=day, known_at=before)] == ["a"]
    after = NOW + timedelta(days=5)
    assert [v.content_hash[0] for v in history.versions_at(as_of=day, known_at=after)] == ["c"]
    assert history.versions_at() == history.current_versions()


def test_making_an_old_version_current_is_a_change_in_time_too(history: Store) -> None:
    """Going back to a good version does not rewrite what was current before."""
    later = NOW + timedelta(days=20)
    history.set_current("toy@aaaaaaaaaaaa", later)
    found = history.versions_at(known_at=later - timedelta(seconds=1))
    assert found[0].content_hash[0] == "b"
    assert history.versions_at(known_at=later)[0].content_hash[0] == "a"


def test_entries_can_be_fetched_by_their_ids(store: Store) -> None:
    """In published order, those there are; more ids than one statement takes."""
    entries = [an_entry(number) for number in range(2000)]
    store.add_version(a_version(2000), entries)
    version_id = "toy@aaaaaaaaaaaa"
    assert store.entry("toy-7", version_id) == entries[7]
    assert store.entry("toy-2000", version_id) is None
    wanted = [f"toy-{number}" for number in range(3000, 0, -2)]
    assert store.entries_by_id(version_id, wanted) == entries[2::2]
    assert store.entries_by_id(version_id, []) == []
    with pytest.raises(RequestError, match="toy@nothing"):
        store.entry("toy-1", "toy@nothing")
