"""Counting found and raised, times, memory, and the page that they are written to."""

from __future__ import annotations

import os
import time
from itertools import islice
from pathlib import Path

import pytest
from bench.alone import quantiles
from bench.million import million
from bench.report import Section, _section, at_least, at_most, describe_machine, without_goal

from bench import data, memory, people
from tumen.matching.snapshot import Listed, Snapshot
from tumen.model.entity import Entity
from tumen.model.screening import Hit, Screening


def screening(*hits: tuple[str, bool], problem: str = "") -> Screening:
    """A screening with hits on these entities."""
    found = tuple(Hit(i, "toy", "Person", i, 0.8, is_hit, (), "") for i, is_hit in hits)
    return Screening("s", "s", found, problem=problem)


def test_found_means_a_hit_on_the_wanted_entry() -> None:
    """Protects recall from counting other people's entries, or candidates below the threshold."""
    screenings = [
        screening(("un:1", True)),
        screening(("un:9", True)),
        screening(("un:3", False)),
        screening(),
    ]
    wanted = [{"un:1"}, {"un:2"}, {"un:3"}, {"un:4"}]
    assert people.found_share(wanted, screenings) == 0.25


def test_hits_per_thousand_count_subjects_not_hits() -> None:
    """Protects the false-hit figure: two hits are one review, and not screened is one too."""
    screenings = [screening(("a", True), ("b", True)), screening(("a", False)), screening()]
    assert people.hits_per_thousand(screenings) == pytest.approx(1000 / 3)
    assert people.hits_per_thousand([screening(problem="no name")]) == 1000


def test_the_wanted_entry_is_the_un_one() -> None:
    """Protects against counting a namesake of another list as found."""
    snapshot = Snapshot.build(
        [
            Listed(people.UN_LIST, Entity("un:1", "Person", {"name": ("ANNA  Example",)}), ()),
            Listed("toy", Entity("toy:1", "Person", {"name": ("Anna Example",)}), ()),
        ]
    )
    found = people.wanted_entries(snapshot, ["Anna Example", "Nobody Known"])
    assert found == {"Anna Example": {"un:1"}, "Nobody Known": set()}


def test_quantiles_are_in_milliseconds() -> None:
    """Protects the figures of one party: 1 to 100 ms."""
    found = quantiles([number / 1000 for number in range(100, 0, -1)])
    assert found == {"median": 51.0, "p99": 100.0, "longest": 100.0}


def test_memory_is_the_proportional_share() -> None:
    """Protects against counting shared pages once per process."""
    text = "0-1 ---p 0 0:0 0 [rollup]\nRss:   2000 kB\nPss:   1500 kB\nPss_Dirty: 9 kB\n"
    assert memory.pss_of(text) == 1500 * 1024


def test_the_peak_stays_when_memory_is_given_back() -> None:
    """Protects the peak: what was taken for a moment counts."""
    with memory.PeakMemory() as watched:
        block = bytearray(b"x") * (64 << 20)
        deadline = time.monotonic() + 5
        while watched.peak < 64 << 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        del block
    assert watched.peak >= 64 << 20


def test_an_ended_process_takes_no_memory() -> None:
    """Protects the watch from failing when a worker ends between two looks."""
    assert memory.shared_out_bytes(2**22 + 1) == 0


def real_snapshot() -> Snapshot:
    """Three listed people of one country."""
    names = ("Ann ALPHA", "Bea BETA", "Cid GAMMA")
    entities = [
        Entity(f"toy:{i}", "Person", {"name": (name,), "nationality": ("xx",)})
        for i, name in enumerate(names)
    ]
    return Snapshot.build(Listed("toy", entity, ()) for entity in entities)


def test_a_million_recombines_people_of_one_country() -> None:
    """Protects the big list: the real entries first, then the same invented ones in each run."""
    found = [one.entity.names[0] for one in million(real_snapshot(), names=7)]
    assert found[:3] == ["Ann ALPHA", "Bea BETA", "Cid GAMMA"]
    assert found[3:] == ["Ann BETA", "Bea GAMMA", "Cid ALPHA", "Ann GAMMA"]
    ids = [one.entity.entity_id for one in islice(million(real_snapshot(), names=7), 7)]
    assert len(set(ids)) == 7


def test_a_goal_is_judged_by_the_figure_not_by_its_rounding() -> None:
    """Protects honesty: 0.8996 is shown as 0.900 and is yet not reached."""
    row = at_least("F1", 0.8, 0.8996, 0.90)
    assert (row.ours, row.is_reached) == ("0.900", False)
    assert at_most("hits", None, 0.5, 0.5).is_reached
    assert without_goal("longest", None, 3.0).is_reached is None


def test_the_table_names_what_is_not_reached() -> None:
    """Protects the page from hiding a miss."""
    rows = (at_least("F1", 0.8, 0.5, 0.90), at_most("time", None, 1.0, 2.0))
    text = _section(Section("Pairs", "Words.", rows))
    assert "| F1 | 0.800 | 0.500 | ≥ 0.900 | **not reached** |" in text
    assert "| time | – | 1.000 | ≤ 2.000 | reached |" in text


def test_the_machine_is_described_without_its_name() -> None:
    """Protects the reader's comparison, and the privacy of who measured."""
    text = describe_machine()
    assert "cores" in text
    assert "Python 3" in text
    assert os.uname().nodename not in text


def test_missing_data_is_said(tmp_path: Path) -> None:
    """Protects the one who runs it without data from a trace."""
    with pytest.raises(data.MissingError, match="TUMEN_BENCH_DATA"):
        data.found(tmp_path / "bench")
    with pytest.raises(data.MissingError, match="make bench"):
        data.check_installed("no_such_package_here")
