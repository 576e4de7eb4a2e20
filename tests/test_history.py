"""Steps of OFAC's list as it really changed: rescreening a part finds what the whole does.

Needs the shared data beside the repository. `make bench` takes all 308 versions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tumen.model.watching import Trigger
from tumen.screening.books import import_book
from tumen.screening.policy import Policy
from tumen.screening.rescreen import rescreen
from tumen.screening.standing import Watchpost, screen_portfolio
from tumen.store import Store
from watched_book import standing, told

ROOT = Path(__file__).resolve().parents[1]
SHARED = (ROOT / "../shared").resolve()
pytestmark = pytest.mark.skipif(
    not (SHARED / "data/ofac/sdn_csv_history.bundle").is_file() or not (SHARED / "bench").is_dir(),
    reason=f"The shared history of OFAC's list is not at {SHARED}",
)
# A step that removes 150 entries, and a leap over a year.
STEPS = (39, 40, 151)
PARTIES = 1_000


@pytest.fixture
def history() -> Iterator[Any]:
    """The code of `bench/` that reads the history, which is no part of the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(ROOT), *sys.path])
        patch.setenv("TUMEN_BENCH_DATA", str(SHARED))
        import bench.history

        yield bench.history


def test_a_part_finds_what_the_whole_does_at_each_step(history: Any, tmp_path: Path) -> None:
    """Ordinary people, listed ones and near-namesakes: the standing hits are the same."""
    versions = history.clone(tmp_path / "clone")
    assert len(versions) == 308
    last = history.parse(tmp_path / "clone", versions[STEPS[-1]])
    parties = history.book(last.entries, PARTIES)
    with Store.open(f"sqlite:///{tmp_path}/tumen.db") as store:
        post = Watchpost(store, tmp_path / "snapshot", Policy(), "tester")
        for number, step in enumerate(STEPS):
            at = versions[step].at
            history.load(store, tmp_path / "clone", versions[step])
            for book_id in ("changes", "whole"):
                import_book(store, book_id, parties, at)
            found = rescreen(post, "changes", at)
            screen_portfolio(post, "whole", at)
            hits = standing(store, "changes")
            assert hits
            assert told(hits) == told(standing(store, "whole"))
            if number:
                assert found is not None
                assert found.run.trigger is Trigger.DELTA
                assert found.run.tally["subjects"] < PARTIES
