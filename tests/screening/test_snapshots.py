"""Snapshots: from files, stores and entities; saved whole, opened as they were, renewed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import orjson
import pytest
from small_list import IMO, party, small_list

from tumen import ListsMissingError, RequestError, Screener, Screening, Snapshot, SourceError, Store
from tumen.model.entity import Entity
from tumen.model.listing import Designation, ListedName, ListEntry, ListVersion
from tumen.screening.snapshots import programmes_of, snapshot_from_store, snapshot_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUBJECTS = [
    party("Kim Jong Un"),
    party("Iwan Petroff", birthDate="1968-02-24"),
    party("HAIGE GUANGZHOU", schema="Company"),
    party("Blue Horizon", schema="Vessel", imoNumber=IMO),
    party("Nobody Whosoever"),
    party("!!!"),
]

# Invented parties in the publishers' formats.
UN = """<?xml version='1.0' encoding='UTF-8'?>
<CONSOLIDATED_LIST dateGenerated='{day}T00:00:09.554Z'><INDIVIDUALS><INDIVIDUAL>
  <DATAID>7700001</DATAID><VERSIONNUM>1</VERSIONNUM>
  <FIRST_NAME>{given}</FIRST_NAME><SECOND_NAME>QUILLFEATHER</SECOND_NAME>
  <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.999</REFERENCE_NUMBER>
  <LISTED_ON>2016-11-30-05:00</LISTED_ON>
  <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Silver Fox</ALIAS_NAME>
  </INDIVIDUAL_ALIAS>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1955-03-02</DATE>
  </INDIVIDUAL_DATE_OF_BIRTH>
</INDIVIDUAL></INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>"""
SDN = (
    b'36,"INVENTED AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    b'101,"ZAVODNIKOV, Oleg","individual","DPRK3] [CYBER2",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    b'"DOB 24 Feb 1968."\r\n'
    b'102,"INVENTED STAR","vessel","DPRK4",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    b'"Vessel Registration Identification IMO 9074729."\r\n\x1a'
)
ALT = b'36,12,"aka","INV-AIR",-0- \r\n\x1a'
ADD = b'36,25,"1 Sky Street","Havana","Cuba",-0- \r\n\x1a'


def _write(folder: Path, **contents: bytes) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, data in contents.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(data)
        paths.append(path)
    return paths


def _un(day: str = "2026-02-27", given: str = "ZEBULON") -> bytes:
    return UN.format(day=day, given=given).encode()


def _results(snapshot: Snapshot) -> list[Screening]:
    return list(Screener(snapshot).screen_many(SUBJECTS, cutoff=0.4))


def _found(screener: Screener, name: str, schema: str = "Person") -> list[tuple[str, str]]:
    hits = screener.screen(party(name, schema=schema)).hits
    return [(hit.list_id, hit.entity_id) for hit in hits if hit.is_hit]


# --- saved and opened ------------------------------------------------------------------------


def test_a_saved_snapshot_answers_as_before(tmp_path: Path) -> None:
    """Derived files hold all that the answers need."""
    fresh = Screener.from_entities(small_list()).snapshot
    fresh.save(tmp_path / "snapshot")
    opened = Snapshot.open(tmp_path / "snapshot")
    assert _results(opened) == _results(fresh)
    assert len(opened) == len(fresh) == len(small_list())
    assert opened.meta == fresh.meta
    opened.save(tmp_path / "again")
    assert _results(Snapshot.open(tmp_path / "again")) == _results(fresh)


def test_an_empty_snapshot_is_saved_and_opened(tmp_path: Path) -> None:
    """A list may be empty, and files of nothing cannot be mapped."""
    Screener.from_entities([]).snapshot.save(tmp_path / "empty")
    opened = Snapshot.open(tmp_path / "empty")
    assert len(opened) == 0
    assert [one.hits for one in _results(opened)] == [()] * len(SUBJECTS)


def test_a_list_without_names_is_saved_and_opened(tmp_path: Path) -> None:
    """Wallets have addresses and no names."""
    wallets = [one for one in small_list() if one["id"] == "wallet"]
    Screener.from_entities(wallets).snapshot.save(tmp_path / "wallets")
    (key,) = wallets[0]["properties"]["publicKey"]
    found = Screener.open(tmp_path / "wallets").screen(party(schema="CryptoWallet", publicKey=key))
    assert [hit.entity_id for hit in found.hits] == ["wallet"]


def _fail_at(monkeypatch: pytest.MonkeyPatch, target: object, name: str, call: int) -> None:
    """Let the `call`-th use of a function fail as a full disk or a killed process does."""
    whole: Callable[..., object] = getattr(target, name)
    calls = iter(range(1, 1000))

    def fail(*args: object, **rest: object) -> object:
        if next(calls) == call:
            raise OSError("no space left on device")
        return whole(*args, **rest)

    monkeypatch.setattr(target, name, fail)


@pytest.mark.parametrize("call", [1, 5])
def test_a_crash_while_writing_leaves_the_old_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """Half a snapshot would answer "no hit" for what is missing."""
    folder = tmp_path / "snapshot"
    Screener.from_entities(small_list()).snapshot.save(folder)
    expected = _results(Snapshot.open(folder))
    other = Screener.from_entities(small_list()[3:]).snapshot
    with monkeypatch.context() as patch:
        _fail_at(patch, np, "save", call)
        with pytest.raises(OSError, match="no space"):
            other.save(folder)
    assert _results(Snapshot.open(folder)) == expected
    other.save(folder)
    assert _results(Snapshot.open(folder)) == _results(other)
    assert [path.name for path in tmp_path.iterdir()] == ["snapshot"]


def test_a_crash_while_swapping_leaves_no_half_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the two moves there is none, which is said, and never a mixed one."""
    folder = tmp_path / "snapshot"
    Screener.from_entities(small_list()).snapshot.save(folder)
    other = Screener.from_entities(small_list()[3:]).snapshot
    with monkeypatch.context() as patch:
        _fail_at(patch, os, "replace", 2)
        with pytest.raises(OSError, match="no space"):
            other.save(folder)
    with pytest.raises(ListsMissingError, match="no snapshot"):
        Snapshot.open(folder)
    other.save(folder)
    assert _results(Snapshot.open(folder)) == _results(other)


def test_an_open_snapshot_outlives_its_renewal(tmp_path: Path) -> None:
    """A screening under way goes on against the versions that it began with."""
    folder = tmp_path / "snapshot"
    Screener.from_entities(small_list()).snapshot.save(folder)
    opened = Snapshot.open(folder)
    expected = _results(Screener.from_entities(small_list()).snapshot)
    Screener.from_entities(small_list()[5:]).snapshot.save(folder)
    assert _results(opened) == expected


@pytest.mark.parametrize("found", [0, 999_999, None, "1"])
def test_another_format_is_refused(tmp_path: Path, found: object) -> None:
    """A snapshot of another tumen may answer otherwise: it is built again, not guessed at."""
    folder = tmp_path / "snapshot"
    Screener.from_entities(small_list()).snapshot.save(folder)
    meta = orjson.loads((folder / "meta.json").read_bytes())
    (folder / "meta.json").write_bytes(orjson.dumps({**meta, "format": found}))
    with pytest.raises(ListsMissingError, match="Build it again"):
        Snapshot.open(folder)


@pytest.mark.parametrize("place", ["nowhere", "empty", "file/inside"])
def test_where_no_snapshot_is_nothing_opens(tmp_path: Path, place: str) -> None:
    """No list to screen against is an error, never "no hit"."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(ListsMissingError, match="no snapshot"):
        Snapshot.open(tmp_path / place)


def test_opening_what_is_not_there_is_said(tmp_path: Path) -> None:
    """Neither a snapshot's folder nor a store's file."""
    with pytest.raises(ListsMissingError, match="neither a snapshot nor a store"):
        Screener.open(tmp_path / "nowhere")
    with pytest.raises(ListsMissingError, match="no snapshot"):
        Screener.open(tmp_path)


# --- from files ------------------------------------------------------------------------------


def test_official_files_are_screened_against(tmp_path: Path) -> None:
    """A UN list and an OFAC set as published, without a store."""
    paths = _write(tmp_path / "un", consolidated_xml=_un())
    paths += _write(tmp_path / "ofac", sdn_csv=SDN, alt_csv=ALT, add_csv=ADD)
    screener = Screener.from_files(paths)
    assert _found(screener, "Zebulun Quilfeather") == [
        ("un_sc_sanctions", "un_sc_sanctions:7700001")
    ]
    assert _found(screener, "Oleg Zavodnikov") == [("us_ofac_sdn", "us_ofac_sdn:101")]
    assert _found(screener, "Inv Air", "Company") == [("us_ofac_sdn", "us_ofac_sdn:36")]
    (hit,) = screener.screen(party("New Name", schema="Vessel", imoNumber=IMO)).hits
    assert hit.programmes == ("DPRK4",)
    assert _found(screener, "The Silver Fox") == []
    assert _found(screener, "Nobody Whosoever") == []
    versions = {one["list_id"]: one for one in screener.versions}
    assert versions.keys() == {"un_sc_sanctions", "us_ofac_sdn"}
    assert versions["un_sc_sanctions"]["published_on"] == "2026-02-27"
    assert versions["us_ofac_sdn"]["entries"] == 3


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    """Whoever downloads keeps one folder."""
    _write(tmp_path / "lists/un", consolidated_xml=_un())
    _write(tmp_path / "lists/ofac", sdn_csv=SDN, alt_csv=ALT, add_csv=ADD)
    screener = Screener.from_files([tmp_path / "lists"])
    assert len(screener.versions) == 2
    assert _found(screener, "Zebulon Quillfeather")


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_two_versions_the_newest_counts(tmp_path: Path, names: tuple[str, str]) -> None:
    """Whatever the order of the files: an old list must not shadow the new one."""
    older, newer = names
    _write(tmp_path / older, list_xml=_un("2025-01-01", "BARNABY"))
    _write(tmp_path / newer, list_xml=_un("2026-02-27", "ZEBULON"))
    screener = Screener.from_files([tmp_path])
    assert [one["published_on"] for one in screener.versions] == ["2026-02-27"]
    assert _found(screener, "Zebulon Quillfeather")
    assert not _found(screener, "Barnaby Quillfeather")


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    """Screening against fewer lists than were given would be silent."""
    paths = _write(tmp_path, list_xml=_un(), notes_txt=b"nothing of the kind")
    with pytest.raises(SourceError, match="notes"):
        Screener.from_files(paths)


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    """A truncated download would leave listed parties out."""
    paths = _write(tmp_path, list_xml=_un()[:-60])
    with pytest.raises(SourceError):
        Screener.from_files(paths)


def test_no_files_are_no_lists(tmp_path: Path) -> None:
    """An empty folder is not a list without entries."""
    with pytest.raises(ListsMissingError):
        Screener.from_files([tmp_path])
    with pytest.raises(ListsMissingError):
        Screener.from_files([])
    with pytest.raises(RequestError, match="nowhere"):
        Screener.from_files([tmp_path / "nowhere"])


# --- from a store ----------------------------------------------------------------------------


def _entry(number: int, name: str, **values: str) -> ListEntry:
    properties = {"name": (name,), "notes": ("long text",)}
    properties |= {key: (value,) for key, value in values.items()}
    return ListEntry(
        Entity(f"toy:{number}", "Person", properties),
        (ListedName(name),),
        (Designation("Toy", "DPRK"), Designation("Toy", "CYBER"), Designation("Toy", "DPRK")),
    )


def _version(content: str, entries: int = 1) -> ListVersion:
    return ListVersion(
        "toy", content * 64, "csv", date(2026, 2, 27), NOW, entries, entries, ("toy.csv",)
    )


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with one version of one list."""
    url = f"sqlite:///{tmp_path}/tumen.db"
    with Store.open(url) as store:
        store.add_version(_version("a"), [_entry(1, "Zebulon Quillfeather", birthDate="1955")])
    return url


def test_a_store_is_screened_against(url: str) -> None:
    """By its URL, with the versions that are current named in full."""
    screener = Screener.open(url)
    assert _found(screener, "Zebulun Quillfeather") == [("toy", "toy:1")]
    assert [one["version_id"] for one in screener.versions] == ["toy@" + "a" * 12]
    (hit,) = screener.screen(party("Zebulon Quillfeather")).hits
    assert hit.programmes == ("DPRK", "CYBER")


def test_a_store_is_opened_by_its_file_too(url: str) -> None:
    """A path is what people have at hand."""
    assert _found(Screener.open(url.removeprefix("sqlite:///")), "Zebulon Quillfeather")


def test_a_store_without_lists_is_refused(tmp_path: Path) -> None:
    """Nothing loaded is no clearance."""
    with Store.open(f"sqlite:///{tmp_path}/tumen.db") as store:
        with pytest.raises(ListsMissingError, match="tumen lists load"):
            snapshot_from_store(store)
        with pytest.raises(ListsMissingError, match="tumen lists load"):
            snapshot_of(store, tmp_path / "snapshot")


def test_only_what_is_compared_is_kept(url: str) -> None:
    """The rest of an entry stays in the store."""
    with Store.open(url) as store:
        listed = snapshot_from_store(store).listed(0)
    assert set(listed.entity.properties) == {"name", "birthDate"}


def test_progress_is_told(url: str) -> None:
    """A large list takes a while to index."""
    told: list[tuple[str, int, int]] = []
    with Store.open(url) as store:
        snapshot_from_store(store, lambda *step: told.append(step))
    assert told == [("toy", 1, 1)]


def test_a_snapshot_of_the_current_versions_is_used_again(url: str, tmp_path: Path) -> None:
    """Indexing takes seconds that the next run can spare."""
    folder = tmp_path / "snapshot"
    with Store.open(url) as store:
        snapshot_of(store, folder)
        before = (folder / "meta.json").stat().st_mtime_ns
        again = snapshot_of(store, folder)
    assert (folder / "meta.json").stat().st_mtime_ns == before
    assert _found(Screener(again), "Zebulon Quillfeather")


def test_a_stale_snapshot_is_built_anew(url: str, tmp_path: Path) -> None:
    """A newly listed party is found at once, one taken off no longer."""
    folder = tmp_path / "snapshot"
    with Store.open(url) as store:
        snapshot_of(store, folder)
        store.add_version(_version("b"), [_entry(2, "Barnaby Thistlewood")])
        screener = Screener(snapshot_of(store, folder))
        assert _found(screener, "Barnaby Thistlewood") == [("toy", "toy:2")]
        assert _found(screener, "Zebulon Quillfeather") == []
        store.set_current("toy@" + "a" * 12, NOW)
        screener = Screener(snapshot_of(store, folder))
    assert _found(screener, "Zebulon Quillfeather") == [("toy", "toy:1")]
    assert [one["version_id"] for one in screener.versions] == ["toy@" + "a" * 12]


def test_a_second_list_makes_a_snapshot_stale(url: str, tmp_path: Path) -> None:
    """All current lists are screened, the last one loaded included."""
    folder = tmp_path / "snapshot"
    with Store.open(url) as store:
        snapshot_of(store, folder)
        store.add_version(
            replace(_version("c"), list_id="other"), [_entry(9, "Barnaby Thistlewood")]
        )
        screener = Screener(snapshot_of(store, folder))
    assert _found(screener, "Barnaby Thistlewood") == [("other", "toy:9")]
    assert _found(screener, "Zebulon Quillfeather") == [("toy", "toy:1")]


def test_a_snapshot_of_another_tumen_is_built_anew(url: str, tmp_path: Path) -> None:
    """After an update the old files are no obstacle."""
    folder = tmp_path / "snapshot"
    with Store.open(url) as store:
        snapshot_of(store, folder)
        (folder / "meta.json").write_bytes(b'{"format": 0, "versions": []}')
        assert _found(Screener(snapshot_of(store, folder)), "Zebulon Quillfeather")


def test_programmes_are_named_once_in_published_order() -> None:
    """One row may state a programme several times, or none."""
    programmes = ("B", "", "A", "B")
    assert programmes_of(Designation("X", one) for one in programmes) == ("B", "A")
