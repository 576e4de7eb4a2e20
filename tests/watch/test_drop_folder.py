"""Files laid in a folder by hand, where there is no network."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from small_world import World, list_bytes, people

from tumen.errors import RequestError
from tumen.model.watching import EventKind, ListHealth
from tumen.watch.drop import settled
from tumen.watch.dropped import Drop
from tumen.watch.report import RunReport


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty drop folder."""
    made = tmp_path / "drop"
    made.mkdir()
    return made


def read(world: World, folder: Path, *, is_left: bool = False) -> RunReport:
    """One run over the folder alone."""
    return world.run(lists=(), drop=Drop(folder, is_left, settle_seconds=0.01))


def names(folder: Path) -> list[str]:
    """All files below the folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def alarms(world: World) -> int:
    """How many files were put aside so far."""
    with world.store.reading() as work:
        return len(work.outbox.events(kinds=(EventKind.LIST_QUARANTINED,)))


def test_what_is_read_moves_to_done(world: World, folder: Path) -> None:
    """Two lists in the folder and below it; the second run finds nothing to do."""
    (folder / "a.json").write_bytes(list_bytes("alpha", people(20)))
    (folder / "from usb").mkdir()
    (folder / "from usb/b.json").write_bytes(list_bytes("beta", people(22)))
    report = read(world, folder)
    assert report.status == "done"
    assert [one["status"] for one in report.lists] == ["new version"] * 2
    assert names(folder) == ["done/a.json", "done/from usb/b.json"]
    with world.store.reading() as work:
        assert {one.health for one in work.list_states.all()} == {ListHealth.GOOD}
    assert read(world, folder).lists == []


def test_versions_of_several_days_are_loaded_oldest_first(world: World, folder: Path) -> None:
    """The newest one is in use in the end, and the change is told against what was seen."""
    read(world, folder)
    for day, count in (("27", 22), ("25", 20), ("26", 21)):
        data = list_bytes("alpha", people(count), f"2026-02-{day}")
        (folder / f"alpha_2026-02-{day}.json").write_bytes(data)
    assert read(world, folder).status == "done"
    version = world.store.current_version("alpha")
    assert version is not None
    assert version.entries == 22
    assert [one.entries for one in world.store.versions("alpha")] == [20, 21, 22]


def test_a_file_that_is_still_written_is_left_alone(world: World, folder: Path) -> None:
    """By its name, by the mark beside it, or because it grows while we look."""
    whole = list_bytes("alpha", people(20))
    (folder / "a.json.part").write_bytes(whole[:50])
    (folder / "b.json").write_bytes(whole[:50])
    (folder / "b.json.tmp").write_bytes(b"")
    growing = folder / "c.json"
    growing.write_bytes(whole[:50])
    (folder / ".hidden.json").write_bytes(whole)

    def copy_on(_seconds: float) -> None:
        growing.write_bytes(whole)

    found, waiting = settled(folder, sleep=copy_on)
    assert found == []
    assert [path.name for path in waiting] == ["a.json.part", "b.json", "b.json.tmp", "c.json"]
    growing.unlink()
    report = read(world, folder)
    assert report.lists == []
    assert len(report.waiting) == 3
    assert alarms(world) == 0


def test_a_file_that_goes_away_while_we_look_is_no_fault(folder: Path) -> None:
    """Somebody took it back."""
    path = folder / "a.json"
    path.write_bytes(b"x")
    assert settled(folder, sleep=lambda _: path.unlink()) == ([], [path])


def test_bad_and_odd_files_move_to_refused(world: World, folder: Path) -> None:
    """Put aside with an alarm each, and the good version stays."""
    (folder / "a.json").write_bytes(list_bytes("alpha", people(20)))
    read(world, folder)
    (folder / "a.json").write_bytes(list_bytes("alpha", people(3), "2026-02-28"))
    (folder / "letter.txt").write_bytes(b"Dear colleague, here is the list")
    report = read(world, folder)
    assert report.status == "incomplete"
    assert names(folder) == ["done/a.json", "refused/a.json", "refused/letter.txt"]
    assert alarms(world) == 2
    version = world.store.current_version("alpha")
    assert version is not None
    assert version.entries == 20
    (folder / "a.json").write_bytes(list_bytes("alpha", people(21), "2026-02-28"))
    assert read(world, folder).status == "done"
    assert names(folder)[:2] == ["done/a-2.json", "done/a.json"]


def test_a_folder_that_is_left_as_it_is_tells_nothing_twice(world: World, folder: Path) -> None:
    """Old versions, bad and odd files lie there for ever and are news once."""
    (folder / "a1.json").write_bytes(list_bytes("alpha", people(20), "2026-02-25"))
    (folder / "a2_2026-02-27.json").write_bytes(list_bytes("alpha", people(21), "2026-02-27"))
    (folder / "bad_2026-02-28.json").write_bytes(list_bytes("alpha", {}, "2026-02-28"))
    (folder / "letter.txt").write_bytes(b"Dear colleague")
    before = names(folder)
    for _ in range(3):
        world.later(hours=6)
        read(world, folder, is_left=True)
        assert names(folder) == before
    assert alarms(world) == 2
    version = world.store.current_version("alpha")
    assert version is not None
    assert version.entries == 21
    with world.store.reading() as work:
        assert len(work.outbox.events(kinds=(EventKind.LIST_CHANGED,))) == 1


def test_an_archive_is_read_whole_before_it_moves(world: World, folder: Path) -> None:
    """Two lists and a letter in one archive: the letter is no alarm."""
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("a.json", list_bytes("alpha", people(20)))
        archive.writestr("b.json", list_bytes("beta", people(20)))
        archive.writestr("README.txt", b"Dear colleague")
    report = read(world, folder)
    assert report.status == "done"
    assert len(report.lists) == 2
    assert names(folder) == ["done/all.zip"]


def test_a_folder_that_is_not_there_is_said(world: World, folder: Path) -> None:
    """A slip of the pen is no empty folder."""
    with pytest.raises(RequestError, match="no drop folder"):
        read(world, folder / "nowhere")
