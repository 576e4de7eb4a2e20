"""The pages of lists on OFAC's real list: each is there within three tenths of a second.

Needs the shared data beside the repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from running import settings_for
from second_versions import SECOND

from tumen.lists.check import LoadOptions
from tumen.lists.ingest import ingest_all
from tumen.lists.recognise import recognise
from tumen.lists.registry import published_lists
from tumen.service.app import create_app
from tumen.store import Store

DATA = (Path(__file__).resolve().parents[3] / "../shared/data").resolve()
LIST = "us_ofac_sdn"
# What is loaded, by its publisher's day; the last one holds all files of the set.
SETS = {
    date(2024, 5, 2): DATA / "ofac/sdn_csv/sdn_2024-05-02.csv.gz",
    date(2024, 5, 3): DATA / "ofac/sdn_csv/sdn_2024-05-03.csv.gz",
}
MOST_SECONDS = 0.3
pytestmark = pytest.mark.skipif(
    not all(path.is_file() for path in SETS.values()),
    reason=f"The shared lists of OFAC are not at {DATA}",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service over the list, that is not indexing it meanwhile."""
    home = tmp_path_factory.mktemp("ofac")
    with Store.open(f"sqlite:///{home / 'tumen.db'}") as store:
        for number, (day, path) in enumerate(SETS.items()):
            options = LoadOptions(published_on=day, accept_shrunken=True)
            bundles = recognise([path], published_lists()).bundles
            at = SECOND + timedelta(days=number)
            (outcome,) = ingest_all(bundles, published_lists(), store, options, at)
            assert not outcome.is_refused, outcome.message
    app = create_app(settings_for(home, host="127.0.0.1"))
    yield TestClient(app)
    app.state.api.audit.close()
    app.state.api.store.close()


def addresses(client: TestClient) -> list[str]:
    """A page of each kind."""
    store = client.app.state.api.store  # type: ignore[attr-defined]
    first, last = (quote(one.version_id) for one in store.versions(LIST))
    (gone, *_) = store.entry_hashes(store.versions(LIST)[0].version_id).keys() - (
        store.entry_hashes(store.versions(LIST)[1].version_id).keys()
    )
    return [
        "/desk/lists",
        f"/desk/lists/{LIST}",
        f"/desk/lists/{LIST}/diff?from={first}&to={last}",
        f"/desk/entries/{LIST}:36",
        f"/desk/entries/{quote(gone)}",
    ]


def test_each_page_is_there_at_once(client: TestClient) -> None:
    """15,000 entries in two versions; the middle of five readings, on a machine that is busy."""
    slow = {}
    for address in addresses(client):
        taken = []
        for _ in range(5):
            start = perf_counter()
            answer = client.get(address, follow_redirects=False)
            taken.append(perf_counter() - start)
            assert answer.status_code == 200, address
        if median(taken) > MOST_SECONDS:
            slow[address] = median(taken)
    assert slow == {}


def test_what_left_the_real_list_is_shown(client: TestClient) -> None:
    """On 3 May 2024 OFAC took eight entries off its list."""
    page = client.get(addresses(client)[2]).text
    assert "0 added, 8 removed, 0 changed" in page
    assert "EMPEROR AVIATION LTD" in page
