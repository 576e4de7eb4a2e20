"""`tumen screen` end to end: a book of invented parties against an invented list."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from tumen.cli.main import main
from tumen.cli.opening import versions_of
from tumen.demo import LISTS
from tumen.lists.bundle import content_hash
from tumen.lists.reader import SourceFile
from tumen.matching.snapshot import Listed, Snapshot
from tumen.model.entity import Entity
from tumen.model.screening import Screening
from tumen.screening.screener import Screener

BOOK = """id,name,date of birth,country
1,Testovich Ivan Petrov,1970-01-02,RU
2,Anna Clean,1980-05-06,DE
3,,1990,KP
4,Olga Warned,31/02/1980,FR
"""


def listed() -> Iterator[Listed]:
    """Two invented lists."""
    person = {"name": ("TESTOVICH, Ivan Petrov",), "birthDate": ("1970-01-02",)}
    yield Listed("test_un", Entity("test_un:1", "Person", person), ("TEST",))
    other = {"name": ("Zqxar Mrbelto",), "birthDate": ("1950",)}
    yield Listed("test_us", Entity("test_us:1", "Person", other), ("OTHER",))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved snapshot of the invented lists, published three days ago."""
    now = datetime.now(UTC)
    versions = [
        {
            "list_id": list_id,
            "version_id": f"{list_id}@aaaa",
            "published_on": (now - timedelta(days=3)).date().isoformat(),
            "retrieved_at": now.isoformat(),
            "entries": 1,
            "is_starter": list_id == "test_us",
        }
        for list_id in ("test_un", "test_us")
    ]
    folder = tmp_path_factory.mktemp("lists") / "snapshot"
    Snapshot.build(listed(), {"versions": versions}).save(folder)
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of the test's own."""
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TUMEN_STORE", raising=False)
    monkeypatch.delenv("TUMEN_POLICY", raising=False)
    return tmp_path / "home"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The book on disk."""
    path = tmp_path / "book.csv"
    path.write_text(BOOK, "utf-8")
    return path


def run(book: Path, snapshot: Path | None, *given: str) -> Result:
    """What the command prints, and its exit code."""
    source = ["--snapshot", str(snapshot)] if snapshot else []
    return CliRunner().invoke(main, ["screen", str(book), *source, *given])


def test_a_table_for_a_person(book: Path, snapshot: Path) -> None:
    """Hits with reasons, what was not screened, counts, and the lists with their ages."""
    done = run(book, snapshot)
    assert done.exit_code == 1, done.output
    for part in ("Testovich Ivan Petrov", "TESTOVICH, Ivan Petrov", "test_un:1", "TEST"):
        assert part in done.stdout
    assert "No name and no identifier" in done.stdout
    assert "birthDate '31/02/1980' cannot be read" in done.stdout
    assert "4 subjects: 1 with hits, 0 possible, 2 without, 1 NOT SCREENED" in done.stdout
    assert "test_un@aaaa: 1 entries" in done.stdout
    assert "3 days old" in done.stdout
    # The second list is a starter: said before anything else.
    assert done.stdout.startswith("! Screened against the starter lists")
    assert "Anna Clean" not in done.stdout


def test_csv_json_lines_and_parquet_agree(book: Path, snapshot: Path, tmp_path: Path) -> None:
    """The same outcomes in every format, by extension."""
    wanted = [("1", "hit"), ("2", "no hit"), ("3", "not screened"), ("4", "no hit")]
    for name in ("out.csv", "out.jsonl", "out.parquet"):
        done = run(book, snapshot, "--all", "--out", str(tmp_path / name))
        assert done.exit_code == 1
        assert done.stdout == ""
        assert "1 NOT SCREENED" in done.stderr
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        assert [(r["subject_id"], r["outcome"]) for r in csv.DictReader(stream)] == wanted
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(r["subject_id"], r["outcome"]) for r in records] == wanted
    assert records[0]["list_versions"] == ["test_un@aaaa", "test_us@aaaa"]
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [(r["subject_id"], r["outcome"]) for r in table] == wanted


def test_every_result_from_a_starter_list_says_so(
    book: Path, snapshot: Path, tmp_path: Path
) -> None:
    """In each format and on each row, with how to load today's lists; not where it is left out."""
    for name in ("out.csv", "out.jsonl", "out.parquet"):
        done = run(book, snapshot, "--all", "--out", str(tmp_path / name))
        assert "! Screened against the starter lists" in done.stderr
        assert "1 with warnings" in done.stderr
    texts = [(tmp_path / name).read_text() for name in ("out.csv", "out.jsonl")]
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    note = "(test_us), a sample out of date: not for a decision. Load today's with: tumen lists"
    assert [text.count(note) for text in texts] == [4, 4]
    assert all(note in row["warnings"] for row in table)
    assert "starter" not in run(book, snapshot, "--lists", "test_un").stdout


def test_a_snapshot_without_versions_names_its_lists(book: Path, tmp_path: Path) -> None:
    """Its entities are screened against; where the policy limits the age, they are refused."""
    folder = tmp_path / "plain"
    Snapshot.build(listed()).save(folder)
    done = run(book, folder, "--json")
    assert done.exit_code == 1, done.output
    named = ["test_un (states no version)", "test_us (states no version)"]
    assert json.loads(done.stdout.splitlines()[0])["list_versions"] == named
    assert "! test_un (states no version): 1 entries, states no date, of unknown age" in done.stderr
    refused = run(book, folder, "--max-age-days", "9999")
    assert refused.exit_code == 3
    assert "test_un (states no version) is of unknown age" in refused.stderr
    assert versions_of(Screener(Snapshot.build([]))) == ()


def test_official_files_are_named_by_their_bytes(book: Path, tmp_path: Path) -> None:
    """A result names the list version it came from, as it would with a store."""
    source = tmp_path / "consolidated.xml"
    source.write_text(
        '<CONSOLIDATED_LIST dateGenerated="2026-01-02T00:00:00"><INDIVIDUALS><INDIVIDUAL>'
        "<DATAID>1</DATAID><FIRST_NAME>Testovich</FIRST_NAME><SECOND_NAME>Ivan</SECOND_NAME>"
        "<THIRD_NAME>Petrov</THIRD_NAME><UN_LIST_TYPE>Mali</UN_LIST_TYPE>"
        "<REFERENCE_NUMBER>MLi.999</REFERENCE_NUMBER><LISTED_ON>2020-01-01</LISTED_ON>"
        "</INDIVIDUAL></INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>",
        "utf-8",
    )
    done = run(book, None, "--list-file", str(source), "--json")
    first = json.loads(done.stdout.splitlines()[0])
    assert (done.exit_code, first["outcome"]) == (1, "hit")
    digest = content_hash([SourceFile(source.name, source.read_bytes())])
    assert first["list_versions"] == [f"un_sc_sanctions@{digest[:12]}"]


def test_the_starter_files_are_known_as_such(book: Path) -> None:
    """Also where they are named by path, without a store that marks them."""
    done = run(book, None, "--list-file", str(LISTS / "un_consolidated.xml"), "--json")
    assert done.exit_code == 1, done.output
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records
    assert all("not for a decision" in " ".join(r["warnings"]) for r in records)


def test_json_on_standard_output_is_only_json(book: Path, snapshot: Path) -> None:
    """A program reads it line by line; counts and warnings go to standard error."""
    done = run(book, snapshot, "--json", "--explain", "full")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["subject_id"] for record in records] == ["1", "3", "4"]
    assert records[0]["hits"][0]["reasons"]
    assert "4 subjects" in done.stderr


def test_all_screened_is_exit_0(book: Path, snapshot: Path) -> None:
    """Hits are no failure."""
    book.write_text("name\nTestovich Ivan Petrov\nAnna Clean\n")
    assert run(book, snapshot).exit_code == 0


def test_strict_screens_no_row_with_an_unread_value(book: Path, snapshot: Path) -> None:
    """The third and the fourth row."""
    assert "2 NOT SCREENED" in run(book, snapshot, "--strict").stdout


def test_lists_narrow_the_search(book: Path, snapshot: Path) -> None:
    """Only the lists that are named, and each must be loaded."""
    assert "0 with hits" in run(book, snapshot, "--lists", "test_us").stdout
    assert "1 with hits" in run(book, snapshot, "--lists", "test_us,test_un").stdout
    missing = run(book, snapshot, "--lists", "test_eu")
    assert missing.exit_code == 3
    assert "not loaded: test_eu" in missing.stderr


def test_threshold_and_cut_off(book: Path, snapshot: Path) -> None:
    """Below the threshold and above the cut-off is possible; the policy in use is recorded."""
    done = run(book, snapshot, "--threshold", "1.0", "--cutoff", "0.5", "--json")
    first = json.loads(done.stdout.splitlines()[0])
    assert first["outcome"] == "possible"
    assert first["policy"]["version"] == "1, changed on the command line"
    assert first["policy"]["threshold"] == 1.0
    wrong = run(book, snapshot, "--threshold", "0.5", "--cutoff", "0.6")
    assert wrong.exit_code == 2


def test_old_lists_fail_closed_and_the_override_is_recorded(book: Path, snapshot: Path) -> None:
    """Exit 3 without a result; with --accept-stale every result says so."""
    refused = run(book, snapshot, "--max-age-days", "2", "--json")
    assert refused.exit_code == 3
    assert refused.stdout == ""
    assert "3 days old" in refused.stderr
    done = run(book, snapshot, "--max-age-days", "2", "--accept-stale", "--json")
    assert done.exit_code == 1
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert all("accepted by the user" in " ".join(r["warnings"]) for r in records)
    assert len(records) == 3
    assert "accepted by the user" in done.stderr


def test_a_policy_file_is_used_and_overridden(book: Path, snapshot: Path, home: Path) -> None:
    """The one in the data directory without asking; options stand above it."""
    home.mkdir()
    (home / "policy.yml").write_text("name: pay\nversion: '2'\nmax_list_age_days: 2\n")
    assert run(book, snapshot).exit_code == 3
    done = run(book, snapshot, "--max-age-days", "9", "--json")
    assert json.loads(done.stdout.splitlines()[0])["policy"]["name"] == "pay"


@pytest.mark.parametrize("source", [None, Path("/none/snapshot")])
def test_no_lists_is_exit_3(book: Path, source: Path | None) -> None:
    """Neither a store nor a snapshot: nothing passes as clean."""
    done = run(book, source)
    assert done.exit_code == 3
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (["--column", "Heading"], "write it as 'Heading=property'"),
        (["--column", "x=nme"], "no property"),
        (["--ignore-column", "shoe"], "has no column 'shoe'"),
        (["--out", "out.doc"], "no format is known"),
        (["--out", "out.csv", "--format", "table"], "A table is for the screen"),
        (["--out", "out.csv", "--json"], "--json prints JSON lines"),
        (["--format", "parquet"], "parquet needs a file"),
        (["--schema", "widget"], "Unknown schema 'widget'"),
        (["--store", "sqlite:///x.db"], "Give one of --snapshot"),
        (["--workers", "0"], "workers"),
    ],
)
def test_bad_usage_is_exit_2(
    book: Path,
    snapshot: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: list[str],
    problem: str,
) -> None:
    """Said in words, and no file is left."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = run(book, snapshot, *given)
    assert (done.exit_code, os.listdir()) == (2, [])
    assert problem in done.stderr


def test_an_unknown_column_is_exit_2_until_mended(book: Path, snapshot: Path) -> None:
    """The command says how; both ways of mending work."""
    book.write_text("name,shoe\nAnna Clean,44\n")
    refused = run(book, snapshot)
    assert refused.exit_code == 2
    assert "--ignore-column 'shoe'" in refused.stderr
    assert run(book, snapshot, "--ignore-column", "shoe").exit_code == 0
    assert run(book, snapshot, "--column", "shoe=notes").exit_code == 0


def test_workers_give_the_same_results(book: Path, snapshot: Path) -> None:
    """Two processes, the same lines in the same order."""
    rows = "".join(f"{n},Testovich Ivan {n},1970,RU\n" for n in range(1200))
    book.write_text("id,name,dob,country\n" + rows)
    one, two = (run(book, snapshot, "--json", "--all", "--workers", str(n)) for n in (1, 2))
    without_time = [
        [{**json.loads(line), "screened_at": ""} for line in done.stdout.splitlines()]
        for done in (one, two)
    ]
    assert without_time[0] == without_time[1]
    assert len(without_time[0]) == 1200


class Slow(Screener):
    """Takes its time over each subject."""

    def screen_many(self, subjects: Iterable[Any], **asked: Any) -> Iterator[Screening]:
        """One result a tenth of a second."""
        for result in super().screen_many(subjects, **asked):
            time.sleep(0.1)
            yield result


def interrupted(snapshot: Path, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """The command in a process of its own, with a screener slow enough to be interrupted."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "from test_screen import Slow\n"
        "import tumen.screening.screener as home; home.Screener = Slow\n"
        "from tumen.cli.main import main; main()"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), "screen", *arguments]
    return subprocess.Popen(
        [*command, "--snapshot", str(snapshot)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_ctrl_c_leaves_no_half_file(book: Path, snapshot: Path, tmp_path: Path) -> None:
    """Interrupted in the middle of a book: exit 130, and only the book is there."""
    book.write_text("name\n" + "Testovich Ivan Petrov\n" * 500)
    process = interrupted(snapshot, [str(book), "--out", str(tmp_path / "out.csv")])
    deadline = time.monotonic() + 15
    while not list(tmp_path.glob(".out.csv.*.part")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(tmp_path.glob(".out.csv.*.part"))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=15)
    assert process.returncode == 130, errors.decode()
    assert b"Interrupted: no result file was written" in errors
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["book.csv"]
