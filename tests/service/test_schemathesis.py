"""Every route under inputs that schemathesis makes from the OpenAPI document: no fault of ours.

The server is closed and each route is asked with the key of a role that it admits, so that what
is tested is the route and not the door. Nothing leaves this machine: fetching a list fails.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from invented import FIRST_ENTRIES, PRIMO, SECOND_ENTRIES, SECUNDA
from peers import AT, put_lists, served, settings_of
from schemathesis.checks import not_a_server_error

from tumen.errors import SourceError
from tumen.model.access import Role
from tumen.service import list_loading
from tumen.service.access.keys import make_key
from tumen.store import Store

# The first pattern that a path fits says who asks; all others ask as an approver.
ROLES = [
    (re.compile(r"/api/v1/audit/.*"), Role.AUDITOR),
    (
        re.compile(r"/api/v1/(users|keys|lists|quarantine|subscriptions|desk)\b.*"),
        Role.ADMINISTRATOR,
    ),
    (re.compile(r"/v2/data/refresh"), Role.ADMINISTRATOR),
]
# Made-up names lead to a 404 and no further: every other example names what is there.
KNOWN = {
    "dataset": "default",
    "entity_id": f"{PRIMO}:1",
    "property_name": "sanctions",
    "book_id": "clients",
    "number": 1,
    "party_id": "1",
    "list_id": PRIMO,
    "version_id": f"{PRIMO}@{'a' * 12}",
}
BOOK = b"id,name,birth date\n1,Quill Feathersby,1955-03-02\n2,Ada Example,1990\n"
EXAMPLES = int(os.environ.get("TUMEN_TEST_EXAMPLES", "6"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[Role, str]]]:
    """The address of a closed server, and a key for each role."""
    home = tmp_path_factory.mktemp("schemathesis")
    put_lists(home, {PRIMO: FIRST_ENTRIES, SECUNDA: SECOND_ENTRIES})
    keys = {role: make_key(role.value, role, AT) for role in Role}
    with Store.open(f"sqlite:///{home / 'tumen.db'}") as store, store.writing() as work:
        for made in keys.values():
            work.access.add_key(made.key)

    def unreachable(*_: Any, **__: Any) -> None:
        raise SourceError("It cannot be reached", where="the publisher")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(list_loading, "fetch", unreachable)
        with served(settings_of(home)) as address:
            texts = {role: made.text for role, made in keys.items()}
            _put_a_book(address, texts[Role.ANALYST])
            yield address, texts


def _put_a_book(address: str, key: str) -> None:
    """A book that is screened, so that hits and outcomes are there to be asked for."""
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}) as client:
        files = {"file": ("clients.csv", BOOK)}
        made = client.post("/api/v1/books/clients/versions", files=files)
        assert made.status_code == 201, made.text
        begun = client.post("/api/v1/screenings", json={"book_id": "clients"})
        assert begun.status_code == 202, begun.text


@pytest.fixture(scope="module")
def document(server: tuple[str, dict[Role, str]]) -> Any:
    """The OpenAPI document as the server gives it."""
    address, keys = server
    headers = {"Authorization": f"Bearer {keys[Role.VIEWER]}"}
    return schemathesis.openapi.from_url(f"{address}/openapi.json", headers=headers)


def test_no_route_has_a_fault(
    document: Any, server: tuple[str, dict[Role, str]], subtests: pytest.Subtests
) -> None:
    """Whatever is sent to whichever route, the answer is no 5xx."""
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) > 60
    for operation in operations:
        with subtests.test(f"{operation.method.upper()} {operation.path}"):
            _ask(operation, server[1])


def _ask(operation: Any, keys: dict[Role, str]) -> None:
    role = next((role for form, role in ROLES if form.fullmatch(operation.path)), Role.APPROVER)
    headers = {"Authorization": f"Bearer {keys[role]}"}
    counted = count()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def asked(case: schemathesis.Case) -> None:
        if next(counted) % 2:
            case.path_parameters.update(
                {name: KNOWN[name] for name in case.path_parameters if name in KNOWN}
            )
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=[not_a_server_error])

    asked()
