"""From files to stored versions: good ones come in, bad ones change nothing."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from toy_list import ToyReader, toy_csv, toy_info, toy_json, toy_registry, write

from tumen.errors import RequestError
from tumen.lists.check import LoadOptions
from tumen.lists.ingest import Outcome, OutcomeStatus, ingest, ingest_all
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.recognise import recognise
from tumen.lists.registry import Registry
from tumen.model.listing import CheckStatus
from tumen.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOADED, STORED = OutcomeStatus.LOADED, OutcomeStatus.STORED
ALREADY, REFUSED = OutcomeStatus.ALREADY_LOADED, OutcomeStatus.REFUSED


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open(f"sqlite:///{tmp_path}/store/tumen.db") as opened:
        yield opened


def load(store: Store, *paths: Path, now: datetime = NOW, **options: object) -> list[Outcome]:
    """What becomes of the files at some paths."""
    registry = toy_registry()
    bundles = recognise(paths, registry).bundles
    given = LoadOptions(**options)  # type: ignore[arg-type]
    return list(ingest_all(bundles, registry, store, given, now))


def load_bytes(store: Store, tmp_path: Path, data: bytes, **options: object) -> Outcome:
    """What becomes of one file with these bytes."""
    (outcome,) = load(store, write(tmp_path / "in/toy.json", data), **options)
    return outcome


def current(store: Store) -> tuple[int, date | None]:
    """Entries and date of the current version."""
    version = store.current_version("toy")
    assert version is not None
    return version.entries, version.published_on


def test_a_good_file_becomes_the_current_version(store: Store, tmp_path: Path) -> None:
    """The version says what it is: bytes, date, time, counts, files, checks."""
    data = toy_json(3)
    outcome = load_bytes(store, tmp_path, data)
    assert outcome.status is LOADED
    version = store.current_version("toy")
    assert version == outcome.version
    assert version is not None
    assert version.content_hash == sha256(data).hexdigest()
    assert (version.published_on, version.retrieved_at) == (date(2026, 2, 27), NOW)
    assert (version.entries, version.names, version.files) == (3, 3, ("toy.json",))
    assert {check.name for check in version.checks} >= {"entries", "ids", "min_entries"}
    entries = list(store.entries(version.version_id))
    assert [entry.entity.caption for entry in entries] == [f"Kim Invented {n}" for n in range(3)]


def test_a_set_is_one_version_with_all_its_names(store: Store, tmp_path: Path) -> None:
    """Aliases from the second file reach the entries; the date comes from the option."""
    write(tmp_path / "in/toy.csv", toy_csv(3))
    write(tmp_path / "in/toy_alias.csv.gz", gzip.compress(toy_csv(3, "alias")))
    (outcome,) = load(store, tmp_path / "in", published_on=date(2026, 2, 1))
    assert outcome.status is LOADED
    assert outcome.version is not None
    assert (outcome.version.entries, outcome.version.names) == (3, 6)
    assert outcome.version.files == ("toy.csv", "toy_alias.csv")
    assert outcome.version.published_on == date(2026, 2, 1)


def test_the_file_name_dates_what_states_no_date(store: Store, tmp_path: Path) -> None:
    """`toy_2026-02-03.csv.gz` is of that day; a plain name leaves the day unknown."""
    write(tmp_path / "a/toy_2026-02-03.csv.gz", gzip.compress(toy_csv(3)))
    load(store, tmp_path / "a")
    assert current(store) == (3, date(2026, 2, 3))
    write(tmp_path / "b/toy.csv", toy_csv(4))
    (outcome,) = load(store, tmp_path / "b")
    assert current(store) == (4, None)
    warned = {check.name for check in outcome.checks if check.status is CheckStatus.WARNING}
    assert warned == {"published_on", "order"}


def test_the_same_bytes_are_loaded_once(store: Store, tmp_path: Path) -> None:
    """Also under another name, packed, or from another folder."""
    load_bytes(store, tmp_path, toy_json(3))
    again = write(tmp_path / "other/name.gz", gzip.compress(toy_json(3)))
    (outcome,) = load(store, again, now=NOW + timedelta(days=1))
    assert outcome.status is ALREADY
    assert not outcome.is_refused
    assert outcome.version is not None
    assert outcome.version.retrieved_at == NOW
    assert len(store.versions("toy")) == 1


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (toy_json(100)[:-30], "toy.json, line 1: the JSON is cut"),
        (toy_json(0), "No entries at all"),
        (toy_json(1), "fewer than the 2"),
        (toy_json(20, "2026-02-01"), "--history"),
        (toy_json(20, start=5), "5 of 20 entries"),
        (toy_json(20)[:-2] + b', ["3", "Twice"]]}', "toy-3 at id 3, id 3"),
    ],
)
def test_a_refused_version_leaves_the_good_one(
    store: Store, tmp_path: Path, data: bytes, problem: str
) -> None:
    """Cut, empty, short, old, shrunken and double files change nothing."""
    load_bytes(store, tmp_path, toy_json(20))
    outcome = load_bytes(store, tmp_path, data)
    assert outcome.status is REFUSED
    assert outcome.version is None
    assert problem in outcome.message
    assert current(store) == (20, date(2026, 2, 27))
    assert len(store.versions("toy")) == 1


def test_a_loss_can_be_accepted_and_is_on_record(store: Store, tmp_path: Path) -> None:
    """The stored version's own checks name the override."""
    load_bytes(store, tmp_path, toy_json(20))
    outcome = load_bytes(store, tmp_path, toy_json(5, "2026-02-28"), accept_shrunken=True)
    assert outcome.status is LOADED
    version = store.current_version("toy")
    assert version is not None
    assert version.entries == 5
    assert any("Accepted with --accept-shrunken" in check.message for check in version.checks)


def test_an_older_version_can_be_accepted_and_is_on_record(store: Store, tmp_path: Path) -> None:
    """A publisher may go back to an earlier version; a person says so."""
    load_bytes(store, tmp_path, toy_json(20))
    outcome = load_bytes(store, tmp_path, toy_json(21, "2026-02-01"), accept_older=True)
    assert outcome.status is LOADED
    assert current(store) == (21, date(2026, 2, 1))
    assert any("Accepted all the same" in check.message for check in outcome.checks)


def test_the_points_of_a_load_are_told_in_order(store: Store, tmp_path: Path) -> None:
    """Whoever watches a load sees how far it came; half way nothing is visible yet."""
    path = write(tmp_path / "toy.json", toy_json(20))
    (bundle,) = recognise([path], toy_registry()).bundles
    seen: list[tuple[str, bool]] = []

    def passed(point: str) -> None:
        seen.append((point, store.current_version("toy") is not None))

    ingest(bundle, toy_registry(), store, LoadOptions(), NOW, checkpoint=passed)
    steps = ("read", "parsed", "checked", "half stored", "stored")
    assert seen == [(f"ingest: {step}", step == "stored") for step in steps]


def test_history_is_kept_without_becoming_current(store: Store, tmp_path: Path) -> None:
    """An older version on purpose, and a second time it is known."""
    load_bytes(store, tmp_path, toy_json(20))
    old = toy_json(4, "2020-01-01")
    assert load_bytes(store, tmp_path, old, is_history=True).status is STORED
    assert current(store) == (20, date(2026, 2, 27))
    assert [version.entries for version in store.versions("toy")] == [20, 4]
    assert load_bytes(store, tmp_path, old, is_history=True).status is ALREADY
    assert load_bytes(store, tmp_path, old).status is REFUSED


def test_a_past_version_can_become_current_by_loading_it(store: Store, tmp_path: Path) -> None:
    """Where nothing speaks against it, loading without --history makes it current."""
    load_bytes(store, tmp_path, toy_json(4), is_history=True)
    assert store.current_version("toy") is None
    outcome = load_bytes(store, tmp_path, toy_json(4))
    assert outcome.status is LOADED
    assert "was a past version" in outcome.message
    assert current(store) == (4, date(2026, 2, 27))
    assert len(store.versions("toy")) == 1


def test_versions_of_a_folder_come_oldest_first(store: Store, tmp_path: Path) -> None:
    """A history in one folder ends with its newest version."""
    for month, count in (("02", 6), ("01", 5), ("03", 7)):
        write(tmp_path / f"in/toy_2026-{month}-01.csv", toy_csv(count))
    outcomes = load(store, tmp_path / "in")
    assert [outcome.status for outcome in outcomes] == [LOADED] * 3
    assert current(store) == (7, date(2026, 3, 1))


def test_one_date_cannot_be_for_many_versions(store: Store, tmp_path: Path) -> None:
    """Nothing is loaded where the option is ambiguous."""
    write(tmp_path / "in/a/toy.csv", toy_csv(3))
    write(tmp_path / "in/b/toy.csv", toy_csv(4))
    with pytest.raises(RequestError, match="dates one list version, 2 were found"):
        load(store, tmp_path / "in", published_on=date(2026, 2, 1))
    assert store.versions("toy") == []


def test_a_bad_bundle_stops_no_other(store: Store, tmp_path: Path) -> None:
    """The second file is loaded though the first is cut."""
    write(tmp_path / "in/a.json", toy_json(10)[:-9])
    write(tmp_path / "in/b.json", toy_json(10))
    outcomes = load(store, tmp_path / "in")
    assert [outcome.status for outcome in outcomes] == [REFUSED, LOADED]


def test_a_cut_archive_is_refused(store: Store, tmp_path: Path) -> None:
    """A download that ended early is no list version."""
    packed = gzip.compress(toy_json(5000))
    path = write(tmp_path / "in/toy.json.gz", packed[:-20])
    (outcome,) = load(store, path)
    assert outcome.status is REFUSED
    assert str(path) in outcome.message


def test_starter_lists_give_way_and_never_take_over(store: Store, tmp_path: Path) -> None:
    """A published list replaces the starter, even if older and shorter; never the reverse."""
    starter = load_bytes(store, tmp_path, toy_json(30), is_starter=True)
    assert starter.version is not None
    assert starter.version.is_starter
    assert load_bytes(store, tmp_path, toy_json(5, "2025-01-01")).status is LOADED
    assert current(store) == (5, date(2025, 1, 1))
    outcome = load_bytes(store, tmp_path, toy_json(40), is_starter=True)
    assert outcome.status is REFUSED
    assert "never replaces" in outcome.message


def test_a_reader_of_another_list_is_not_believed(store: Store, tmp_path: Path) -> None:
    """Parties never land under a list that the file was not recognised as."""
    path = write(tmp_path / "toy.json", toy_json(3))
    registry = Registry({"toy": toy_info()}, lambda _: ToyReader("other"))
    bundles = recognise([path], registry).bundles
    (outcome,) = ingest_all(bundles, registry, store, LoadOptions(), NOW)
    assert outcome.status is REFUSED
    assert "read as other" in outcome.message


def test_a_form_for_any_list_says_which_list_it_is(store: Store, tmp_path: Path) -> None:
    """Each dataset is a list of its own, with its own guard and its own current version."""
    path = write(tmp_path / "toy.json", toy_json(20))
    infos = {"toy": toy_info(holds_any_list=True)}
    options = LoadOptions()
    for dataset in ("wanted", "debarred", "wanted"):
        registry = Registry(infos, lambda _, dataset=dataset: ToyReader(dataset))  # type: ignore[misc]
        bundles = recognise([path], registry).bundles
        (outcome,) = ingest_all(bundles, registry, store, options, NOW)
        assert outcome.list_id == dataset
    assert outcome.status is ALREADY
    assert [version.list_id for version in store.current_versions()] == ["debarred", "wanted"]
    write(path, toy_json(3, "2026-02-28"))
    bundles = recognise([path], registry).bundles
    (outcome,) = ingest_all(bundles, registry, store, options, NOW)
    assert outcome.status is REFUSED
    assert "17 of 20 entries of wanted@" in outcome.message


def test_a_list_at_second_hand_never_replaces_the_publishers(store: Store, tmp_path: Path) -> None:
    """Its ids are others, so all entries would seem removed and added."""
    path = write(tmp_path / "toy.json", toy_json(20))
    infos = {"toy": toy_info(holds_any_list=True), "official": toy_info(id="official")}

    class OnlyToy(ToyReader):
        def recognise(self, file: SourceFile) -> str | None:
            return super().recognise(file) if self.list_id == "toy" else None

        def parse(self, files: Sequence[SourceFile]) -> ParsedList:
            return replace(super().parse(files), list_id="official")

    registry = Registry(infos, OnlyToy)
    (outcome,) = ingest_all(
        recognise([path], registry).bundles, registry, store, LoadOptions(), NOW
    )
    assert outcome.status is REFUSED
    assert "official at second hand" in outcome.message


def test_an_outcome_is_json_ready(store: Store, tmp_path: Path) -> None:
    """Programs get all that a person sees."""
    data = load_bytes(store, tmp_path, toy_json(3)).to_dict()
    assert data["status"] == "loaded"
    assert data["version"]["published_on"] == "2026-02-27"
    assert data["version"]["checks"] == data["checks"]
    refused = load_bytes(store, tmp_path, toy_json(0)).to_dict()
    assert refused["version"] is None
    assert {"name": "entries", "status": "failed"}.items() <= refused["checks"][0].items()


SHARED = (Path(__file__).parents[2] / "../shared/data").resolve()


def test_real_versions_of_a_real_list(store: Store) -> None:
    """Guard and order hold on what the United Nations published from 2017 to 2020."""
    folder = SHARED / "un"
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}")
    from tumen.lists.registry import published_lists

    registry = published_lists()
    paths = [folder / f"un_consolidated_{day}.xml.gz" for day in ("2017-07-03", "2020-11-30")]
    bundles = recognise(paths, registry).bundles
    outcomes = list(ingest_all(reversed(bundles), registry, store, LoadOptions(), NOW))
    assert [outcome.status for outcome in outcomes] == [LOADED, REFUSED]
    version = store.current_version("un_sc_sanctions")
    assert version is not None
    assert version.published_on == date(2020, 11, 30)
    malformed = sorted((folder / "malformed").iterdir())
    bundles = recognise(malformed, registry).bundles
    assert [o.status for o in ingest_all(bundles, registry, store, LoadOptions(), NOW)] == [REFUSED]
