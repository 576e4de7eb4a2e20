"""Deltas over the real history of OFAC's list, checked against the rows of the published files.

Needs the shared data beside the repository, and git to unpack it.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tumen.lists.ingest import version_of_files
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.registry import published_lists
from tumen.model.delta import ChangeKind, Delta
from tumen.store import Store
from tumen.watch.delta import delta_between, diff

SHARED = (Path(__file__).parents[2] / "../shared").resolve()
BUNDLE = SHARED / "data" / "ofac" / "sdn_csv_history.bundle"
LIST = "us_ofac_sdn"
# Days of 36 changes, of 53 removals, and of 300 additions.
SPANS = ((1, 3), (10, 12), (304, 306))
pytestmark = [
    pytest.mark.skipif(not BUNDLE.exists(), reason=f"The history is not at {BUNDLE}"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is needed to unpack the history"),
]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[date, bytes]]:
    """The day and the bytes of the versions of each span, oldest first."""
    folder = tmp_path_factory.mktemp("history") / "sdn"
    subprocess.run(["git", "clone", "-q", "--no-checkout", BUNDLE, folder], check=True)

    def git(*words: str) -> bytes:
        return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True).stdout

    log = git("log", "--reverse", "--format=%H %ad", "--date=short").decode().splitlines()
    assert len(log) == 308
    found = []
    for start, end in SPANS:
        for line in log[start:end]:
            commit, day = line.split()
            found.append((date.fromisoformat(day), git("show", f"{commit}:sdn.csv")))
    return found


def steps() -> Iterator[tuple[int, int]]:
    """The places of versions that follow each other."""
    place = 0
    for start, end in SPANS:
        count = end - start
        yield from ((place + step, place + step + 1) for step in range(count - 1))
        place += count


@pytest.fixture(scope="module")
def parsed(history: list[tuple[date, bytes]]) -> list[ParsedList]:
    """Each version as its reader gives it."""
    reader = published_lists().reader(LIST)
    return [reader.parse([SourceFile("sdn.csv", data)]) for _, data in history]


def rows_of(data: bytes) -> dict[str, list[str]]:
    """Uid → cells, straight from the published file."""
    rows = csv.reader(io.StringIO(data.decode("utf-8", "replace")))
    return {row[0].strip(): [" ".join(cell.split()) for cell in row] for row in rows if row[1:]}


def ids(delta: Delta, kind: ChangeKind, *, only: str = "") -> set[str]:
    """The publisher's ids of one kind of change, or where `only` one field did; no wallets."""
    found = {
        change.entity_id.partition(":")[2]
        for change in delta.of_kind(kind)
        if not only or {field.field for field in change.fields} == {only}
    }
    return {uid for uid in found if "-wallet-" not in uid}


def test_a_delta_says_what_the_rows_say(
    history: list[tuple[date, bytes]], parsed: list[ParsedList]
) -> None:
    """Additions and removals are those of the uid column; changes are those of other rows."""
    counts: Counter[str] = Counter()
    for before, after in steps():
        old, new = rows_of(history[before][1]), rows_of(history[after][1])
        delta = diff(parsed[before].entries, parsed[after].entries)
        assert ids(delta, ChangeKind.ADDED) == new.keys() - old.keys()
        assert ids(delta, ChangeKind.REMOVED) == old.keys() - new.keys()
        rewritten = {uid for uid in old.keys() & new.keys() if old[uid] != new[uid]}
        changed = ids(delta, ChangeKind.CHANGED)
        assert rewritten <= changed
        # Who comes or goes may resolve the links of those whose rows stayed as they were.
        assert changed - rewritten <= ids(delta, ChangeKind.CHANGED, only="link")
        counts.update(added=len(new.keys() - old.keys()), removed=len(old.keys() - new.keys()))
        counts.update(changed=len(rewritten))
    assert counts["added"] > 300
    assert counts["removed"] > 50
    assert counts["changed"] > 36


def test_real_versions_are_compared_in_a_moment(
    tmp_path: Path, history: list[tuple[date, bytes]], parsed: list[ParsedList]
) -> None:
    """From the store the same delta in a fraction of the time, 300 additions among 15,000."""
    now = datetime(2024, 5, 2, tzinfo=UTC)
    days = [day for day, _ in history]
    before, after = days.index(date(2024, 4, 26)), days.index(date(2024, 5, 1))
    names = []
    with Store.open(f"sqlite:///{tmp_path}/tumen.db") as store:
        for place in (before, after):
            files = [SourceFile("sdn.csv", history[place][1])]
            version = version_of_files(files, parsed[place], now)
            store.add_version(version, parsed[place].entries)
            names.append(version.version_id)
        started = time.perf_counter()
        delta = delta_between(store, *names)
        seconds = time.perf_counter() - started
    expected = diff(
        parsed[before].entries,
        parsed[after].entries,
        list_id=LIST,
        before_id=names[0],
        after_id=names[1],
    )
    assert delta == expected
    assert len(delta.of_kind(ChangeKind.ADDED)) >= 300
    # Measured at 0.12 s on one core; a busy machine gets ten times that.
    assert seconds < 1.5
