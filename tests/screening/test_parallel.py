"""Several processes answer what one does, in the same order, and leave nothing behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from small_list import IMO, party, small_list

from tumen import Screener
from tumen.scale import in_chunks
from tumen.screening import parallel, screener
from tumen.screening.batch import Terms
from tumen.screening.parallel import screen_parallel


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that a test can look into."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _book() -> list[dict[str, object]]:
    names = ["Kim Jong Un", "Jane Doe", "Ivan Petrov", "김정은", "!!!", "Muammar Gaddafi"]
    people = [party(names[i % 6], identity=f"c-{i}", birthDate="1968") for i in range(30)]
    return [*people, party("Blue Horizon", schema="Vessel", imoNumber=IMO), party("x", schema="?")]


def test_workers_answer_as_one_process_does(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batch by batch over two processes, with what cannot be screened among them."""
    monkeypatch.setattr(screener, "BATCH", 5)
    one = Screener.from_entities(small_list())
    alone = list(one.screen_many(_book(), cutoff=0.4, lists=["alpha"]))
    together = list(one.screen_many(_book(), cutoff=0.4, lists=["alpha"], workers=2))
    assert together == alone
    assert sum(bool(screening.hits) for screening in together) > 10
    assert not any(scratch.iterdir())


def test_a_saved_snapshot_is_shared_and_left_in_place(tmp_path: Path, scratch: Path) -> None:
    """What is on disk already is mapped, not written again."""
    folder = tmp_path / "snapshot"
    Screener.from_entities(small_list()).snapshot.save(folder)
    opened = Screener.open(folder)
    assert opened.snapshot.folder == folder
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    alone = list(opened.screen_many(_book()))
    assert list(opened.screen_many(_book(), workers=2)) == alone
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_what_was_not_wanted_is_not_kept(scratch: Path) -> None:
    """Whoever stops reading early leaves no temporary snapshot behind."""
    one = Screener.from_entities(small_list())
    results = screen_parallel(one.snapshot, in_chunks(_book(), 8), Terms(0.7, 0.7), 2)
    assert len(next(iter(results))) == 8
    results.close()  # type: ignore[attr-defined]
    assert not any(scratch.iterdir())


def test_each_process_opens_the_snapshot_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening for every chunk would cost more than screening it."""
    folder = tmp_path / "snapshot"
    Screener.from_entities(small_list()).snapshot.save(folder)
    monkeypatch.setattr(parallel, "_opened", {})
    monkeypatch.setattr(parallel.gc, "freeze", lambda: None)
    monkeypatch.setattr(parallel.gc, "set_threshold", lambda *_: None)
    first = parallel._open(str(folder))
    assert parallel._open(str(folder)) is first
    found = parallel._screen_there(str(folder), Terms(0.7, 0.7), [party("Kim Jong Un")])
    assert found[0].hits[0].entity_id == "kim"
