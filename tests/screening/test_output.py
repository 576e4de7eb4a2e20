"""Results say the same in every format, and a result file is whole or not there."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from tumen.errors import RequestError
from tumen.model.screening import Hit, Reason, Screening
from tumen.screening.output import (
    COLUMNS,
    CsvWriter,
    Explain,
    JsonLinesWriter,
    OutputOptions,
    flat_rows,
    format_of,
    text_writer,
    writing_file,
)
from tumen.screening.policy import Policy
from tumen.screening.run import Tally
from tumen.screening.table import MAX_SHOWN, TableWriter, summary_lines
from tumen.screening.versions import UsedVersion

REASONS = (
    Reason("name", "Ivan Testov", "TESTOV, Ivan", 0.9, "same words"),
    Reason("birth_date", "1970", "1970-01-02", 0.05, "birth dates agree"),
)


def hit(score: float, *, is_hit: bool = True, caption: str = "TESTOV, Ivan") -> Hit:
    """A hit on an invented list."""
    sentence = "Same words; birth dates agree."
    return Hit("t-1", "test_un", "Person", caption, score, is_hit, REASONS, sentence, ("DPRK", "X"))


VERSIONS = (
    UsedVersion("test_un", "test_un@aaaa", date(2026, 3, 30), date(2026, 3, 31), 1234),
    UsedVersion("test_us", "test_us@bbbb", date(2025, 3, 30), None, 5, is_starter=True),
)
OPTIONS = OutputOptions(
    VERSIONS, policy=Policy("pay", "2"), screened_at="2026-03-31T10:00:00+00:00"
)
WITH_HITS = Screening("1", "Ivan Testov", (hit(0.951234), hit(0.6, is_hit=False)))
POSSIBLE = Screening("2", "Ivan Test", (hit(0.6, is_hit=False),))
CLEAN = Screening("3", "Anna Clean")
WARNED = Screening("4", "Olga Warned", warnings=("birthDate 'x' cannot be read", "second"))
UNSCREENED = Screening("b.csv#5", "", problem="No name", where="b.csv row 5")
ALL = (WITH_HITS, POSSIBLE, CLEAN, WARNED, UNSCREENED)


def rows(options: OutputOptions = OPTIONS) -> list[dict[str, str]]:
    """What the CSV of all results holds."""
    stream = io.StringIO()
    writer = CsvWriter(stream, options)
    for screening in ALL:
        writer.write(screening)
    return list(csv.DictReader(io.StringIO(stream.getvalue())))


def test_a_row_per_hit_and_per_subject_not_screened() -> None:
    """Clean subjects stay out, subjects with a warning do not."""
    found = [(row["subject_id"], row["outcome"]) for row in rows()]
    assert found == [
        ("1", "hit"),
        ("1", "possible"),
        ("2", "possible"),
        ("4", "no hit"),
        ("b.csv#5", "not screened"),
    ]


def test_clean_subjects_are_written_on_request() -> None:
    """An auditor wants proof that each subject was screened."""
    found = [row["subject_id"] for row in rows(OutputOptions(VERSIONS, has_clean=True))]
    assert found == ["1", "1", "2", "3", "4", "b.csv#5"]


def test_a_row_holds_everything_a_reviewer_needs() -> None:
    """Column by column."""
    found = rows()
    assert tuple(found[0]) == COLUMNS
    assert found[0] == {
        "subject_id": "1",
        "subject_name": "Ivan Testov",
        "outcome": "hit",
        "score": "0.9512",
        "list_id": "test_un",
        "entity_id": "t-1",
        "schema": "Person",
        "listed_name": "TESTOV, Ivan",
        "programmes": "DPRK; X",
        "reasons": "Same words; birth dates agree.",
        "problem": "",
        "warnings": "",
        "where": "",
        "list_version": "test_un@aaaa",
        "policy": "pay 2: threshold 0.7, cut-off 0.7",
        "screened_at": "2026-03-31T10:00:00+00:00",
    }
    assert found[-1]["problem"] == "No name"
    assert found[-1]["where"] == "b.csv row 5"
    assert found[-1]["score"] == ""
    assert found[-1]["list_version"] == "test_un@aaaa; test_us@bbbb"
    assert found[-2]["warnings"] == "birthDate 'x' cannot be read; second"


@pytest.mark.parametrize(
    ("explain", "reasons"),
    [
        (Explain.NONE, ""),
        (Explain.SENTENCE, "Same words; birth dates agree."),
        (
            Explain.FULL,
            "name +0.90: same words [Ivan Testov | TESTOV, Ivan]; "
            "birth_date +0.05: birth dates agree [1970 | 1970-01-02]",
        ),
    ],
)
def test_reasons_are_as_long_as_asked_for(explain: Explain, reasons: str) -> None:
    """None, one sentence, or each feature with the values that met."""
    found = next(flat_rows(WITH_HITS, OutputOptions(VERSIONS, explain=explain)))
    assert found["reasons"] == reasons


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_becomes_text(start: str) -> None:
    """Names come from strangers: `=HYPERLINK(…)` must not run on an analyst's machine."""
    stream = io.StringIO()
    evil = f'{start}cmd|"/C calc"!A0'
    CsvWriter(stream, OPTIONS).write(Screening(evil, evil, (hit(0.9, caption=evil),)))
    (row,) = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    assert row["subject_id"] == row["subject_name"] == row["listed_name"] == f"'{evil}"
    assert row["score"] == "0.9"


def test_json_lines_hold_whole_results() -> None:
    """One result a line, with versions, policy and time; letters in their own script."""
    stream = io.StringIO()
    writer = JsonLinesWriter(stream, OutputOptions(VERSIONS, explain=Explain.FULL))
    for screening in (WITH_HITS, CLEAN, UNSCREENED, Screening("6", "Иван", problem="x")):
        writer.write(screening)
    lines = stream.getvalue().splitlines()
    assert "Иван" in lines[2]
    first, unscreened, _ = (json.loads(line) for line in lines)
    assert first["outcome"] == "hit"
    assert first["hits"][0]["reasons"][0]["feature"] == "name"
    assert first["list_versions"] == ["test_un@aaaa", "test_us@bbbb"]
    assert first["policy"]["threshold"] == 0.7
    assert unscreened["was_screened"] is False


def test_json_lines_leave_reasons_out_as_asked_for() -> None:
    """The same choice as in CSV."""
    kept = {
        Explain.NONE: set(),
        Explain.SENTENCE: {"sentence"},
        Explain.FULL: {"sentence", "reasons"},
    }
    for explain, keys in kept.items():
        stream = io.StringIO()
        JsonLinesWriter(stream, OutputOptions(explain=explain)).write(WITH_HITS)
        assert {"sentence", "reasons"} & set(json.loads(stream.getvalue())["hits"][0]) == keys


def test_parquet_holds_the_same_rows(tmp_path: Path) -> None:
    """The same columns, with the score as a number."""
    with writing_file(tmp_path / "out.parquet", "", OPTIONS) as writer:
        for screening in ALL:
            writer.write(screening)
    table = pq.read_table(tmp_path / "out.parquet")
    assert tuple(table.column_names) == COLUMNS
    assert table.column("score").to_pylist() == [0.9512, 0.6, 0.6, None, None]
    assert table.column("outcome").to_pylist() == [row["outcome"] for row in rows()]


def test_an_empty_parquet_can_be_read(tmp_path: Path) -> None:
    """No hit at all is a result too."""
    with writing_file(tmp_path / "out.parquet", "", OPTIONS) as writer:
        writer.write(CLEAN)
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interrupted_run_leaves_no_half_file(
    tmp_path: Path, name: str, error: type[BaseException]
) -> None:
    """The earlier file stays as it was, and nothing else lies about."""
    path = tmp_path / name
    path.write_text("earlier")

    def run() -> None:
        with writing_file(path, "", OPTIONS) as writer:
            writer.write(WITH_HITS)
            raise error

    with pytest.raises(error):
        run()
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed_and_the_umask_kept(tmp_path: Path) -> None:
    """Results are as private as the user's other files, where the user's link leads."""
    target = tmp_path / "real.csv"
    target.write_text("")
    (tmp_path / "out.csv").symlink_to(target)
    before = os.umask(0o077)
    try:
        with writing_file(tmp_path / "out.csv", "", OPTIONS) as writer:
            writer.write(WITH_HITS)
    finally:
        os.umask(before)
    assert (tmp_path / "out.csv").is_symlink()
    assert target.read_text().startswith("subject_id,")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_is_refused(tmp_path: Path) -> None:
    """Before anything is screened."""
    with pytest.raises(RequestError, match="no format is known"):
        format_of(tmp_path / "out.doc")
    assert format_of(tmp_path / "out.doc", "csv") == "csv"
    with (
        pytest.raises(RequestError, match="cannot be written"),
        writing_file(tmp_path / "none" / "out.csv", "", OPTIONS),
    ):
        raise AssertionError
    with pytest.raises(RequestError, match="parquet needs a file"):
        text_writer(io.StringIO(), "parquet", OPTIONS)


def test_a_note_on_every_result_makes_no_row_by_itself() -> None:
    """A stale list that the user accepted is recorded, without listing every clean subject."""
    options = OutputOptions(VERSIONS, notes=("old list; accepted",))
    clean = Screening("3", "Anna", warnings=("old list; accepted",))
    assert list(flat_rows(clean, options)) == []
    found = Screening("1", "Ivan", (hit(0.9),), warnings=("old list; accepted",))
    assert next(flat_rows(found, options))["warnings"] == "old list; accepted"


def shown(writer: TableWriter, width: int = 160) -> str:
    """The table as text."""
    console = Console(file=io.StringIO(), width=width, markup=False)
    writer.show(console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_table_shows_hits_problems_and_warnings() -> None:
    """What a person must look at, and not the clean ones."""
    writer = TableWriter(OPTIONS)
    for screening in ALL:
        writer.write(screening)
    text = shown(writer)
    for part in (
        "0.95",
        "0.60",
        "Possible, below",
        "TESTOV, Ivan",
        "test_un t-1 DPRK",
        "Same words",
    ):
        assert part in text
    assert "Hits: 1 parties, 1 possible" in text
    for part in (
        "! b.csv row 5, (no name): NOT SCREENED. No name",
        "! 4, Olga Warned: no hit. birthDate 'x' cannot be read; second",
    ):
        assert part in text
    assert "Anna Clean" not in text


def test_all_results_are_in_the_table_on_demand() -> None:
    """With --all also the clean ones, under their outcome."""
    writer = TableWriter(replace(OPTIONS, has_clean=True))
    writer.write(CLEAN)
    assert "3, Anna Clean: no hit\n" in shown(writer)


@pytest.mark.parametrize(("width", "most"), [(80, 80), (160, 100)])
def test_lines_fit_the_terminal_and_cut_nothing(width: int, most: int) -> None:
    """Long names and ids wrap within their column; a wide terminal gets no wider lines."""
    name = " ".join(f"Longname{number:02}" for number in range(20))
    writer = TableWriter(replace(OPTIONS, notes=(f"Note {name}",)))
    writer.write(Screening("1", name, (hit(0.9, caption=name.upper()),), warnings=(name,)))
    writer.write(Screening("2", name, problem=name, where="b.csv row 7"))
    text = shown(writer, width)
    assert max(map(len, text.splitlines())) <= most
    assert all(text.count(word) == 5 for word in name.split())
    assert all(text.count(word.upper()) == 1 for word in name.split())


def test_the_best_stand_first_where_that_is_asked_for() -> None:
    """Else the book's order."""
    low, high = (
        Screening(str(n), f"Party {n}", (hit(score),)) for n, score in enumerate((0.7, 0.9))
    )
    for is_ranked, expected in ((False, [low, high]), (True, [high, low])):
        writer = TableWriter(OPTIONS, is_ranked=is_ranked)
        for screening in (low, high):
            writer.write(screening)
        text = shown(writer)
        assert sorted([low, high], key=lambda one: text.index(one.caption)) == expected


def test_a_row_without_id_is_called_by_its_number() -> None:
    """The file's name is long, and the same on every line."""
    writer = TableWriter(OPTIONS)
    writer.write(Screening("b.csv#5", "Ivan", (hit(0.9),), where="b.csv row 5"))
    writer.write(Screening("7#wallet-1", "Wallet", (hit(0.9),), where="b.csv row 6"))
    assert "Ivan [row 5]" in shown(writer)
    assert "Wallet [7#wallet-1]" in shown(writer)


def test_markup_in_a_name_is_only_text() -> None:
    """A listed name in square brackets is no colour."""
    writer = TableWriter(OPTIONS)
    writer.write(Screening("1", "[red]Ivan[/red]", (hit(0.9, caption="[/]"),)))
    assert "[red]Ivan[/red]" in shown(writer)
    assert "[/]" in shown(writer)


def test_what_is_not_shown_is_counted() -> None:
    """A long table is cut with a number, never in silence."""
    writer = TableWriter(OPTIONS)
    for _ in range(MAX_SHOWN + 7):
        writer.write(UNSCREENED)
    assert "7 more results are not shown: write them with --out" in shown(writer)


def test_the_summary_counts_each_outcome_and_dates_each_list() -> None:
    """With a warning for a list that has grown old."""
    tally = Tally()
    for screening in ALL:
        tally.add(screening)
    lines = summary_lines(tally, VERSIONS, date(2026, 3, 31))
    assert lines[0] == (
        "5 subjects: 1 with hits, 1 possible, 2 without, 1 NOT SCREENED; 1 with warnings"
    )
    assert lines[1] == (
        "test_un@aaaa: 1,234 entries, published 2026-03-30, retrieved 2026-03-31, 1 days old"
    )
    assert lines[2] == "! test_us@bbbb: 5 entries, published 2025-03-30, 366 days old"
    assert len(lines) == 3
    assert len(summary_lines(tally, VERSIONS[:1], date(2026, 3, 31))) == 2
