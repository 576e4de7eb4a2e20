"""Every route asks for a permission, and each role gets exactly what it may."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from api_desk import Desk
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from tumen.model.access import Permission, Role
from tumen.service.access.permissions import OpenToAll, Requires, demanded
from tumen.service.addresses import is_desk_page

READ, SCREEN = Permission.READ, Permission.SCREEN
EDIT, DECIDE = Permission.EDIT_BOOKS, Permission.DECIDE
APPROVE = Permission.APPROVE
ADMINISTER, AUDIT = Permission.ADMINISTER, Permission.READ_AUDIT

# What each route of our own API asks for. A new route must be put here by hand.
TABLE = {
    "GET /health": None,
    "GET /health/ready": None,
    "GET /feeds/{token}": None,
    "GET /status": READ,
    "GET /roles": READ,
    "GET /me": READ,
    "POST /screen": SCREEN,
    "POST /screen/many": SCREEN,
    "POST /compare": SCREEN,
    "GET /books": READ,
    "GET /books/{book_id}": READ,
    "GET /books/{book_id}/versions": READ,
    "POST /books/{book_id}/versions": EDIT,
    "GET /books/{book_id}/versions/{number}": READ,
    "GET /books/{book_id}/parties": READ,
    "POST /books/{book_id}/look-back": EDIT,
    "GET /screenings": READ,
    "POST /screenings": EDIT,
    "GET /screenings/{screening_id}": READ,
    "GET /screenings/{screening_id}/outcomes": READ,
    "GET /screenings/{screening_id}/evidence": READ,
    "GET /cases/{case_id}/evidence": READ,
    "POST /screenings/{screening_id}/replay": SCREEN,
    "GET /books/{book_id}/suppressions": READ,
    "POST /books/{book_id}/suppressions": DECIDE,
    "POST /books/{book_id}/releases": DECIDE,
    "POST /suppressions/{suppression_id}/lift": DECIDE,
    "GET /books/{book_id}/parties/{party_id}/diligence": READ,
    "GET /books/{book_id}/parties/{party_id}/diligence/export": READ,
    "POST /books/{book_id}/parties/{party_id}/diligence/answers": DECIDE,
    "POST /books/{book_id}/parties/{party_id}/diligence/recommendation": DECIDE,
    "POST /books/{book_id}/parties/{party_id}/diligence/withdrawal": DECIDE,
    "POST /books/{book_id}/parties/{party_id}/diligence/return": APPROVE,
    "POST /books/{book_id}/parties/{party_id}/diligence/approval": APPROVE,
    "GET /cases": READ,
    "GET /cases/counts": READ,
    "POST /cases": DECIDE,
    "POST /cases/decisions": DECIDE,
    "GET /cases/{case_id}": READ,
    "POST /cases/{case_id}/notes": DECIDE,
    "POST /cases/{case_id}/assign": DECIDE,
    "POST /cases/{case_id}/move": DECIDE,
    "POST /cases/{case_id}/tags": DECIDE,
    "POST /cases/{case_id}/relate": DECIDE,
    "POST /cases/{case_id}/priority": DECIDE,
    "POST /cases/{case_id}/attachments": DECIDE,
    "POST /cases/{case_id}/recommend": DECIDE,
    "POST /cases/{case_id}/withdraw": DECIDE,
    "POST /cases/{case_id}/action": DECIDE,
    "POST /cases/{case_id}/close": DECIDE,
    "GET /cases/{case_id}/attachments/{sha256}": READ,
    "POST /cases/{case_id}/approve": APPROVE,
    "POST /cases/{case_id}/return": APPROVE,
    "GET /policies": READ,
    "GET /policies/in-force": READ,
    "POST /policies": DECIDE,
    "GET /watch": READ,
    "GET /watch/runs": READ,
    "POST /watch/runs": ADMINISTER,
    "GET /quarantine": READ,
    "POST /quarantine/{quarantine_id}/accept": ADMINISTER,
    "POST /quarantine/{quarantine_id}/discard": ADMINISTER,
    "GET /entities/{entity_id}": READ,
    "GET /lists": READ,
    "GET /lists/{list_id}": READ,
    "GET /lists/{list_id}/versions": READ,
    "GET /list-versions/{version_id}": READ,
    "GET /list-versions/{version_id}/delta": READ,
    "GET /deltas": READ,
    "POST /help": READ,
    "GET /desk/settings": READ,
    "PUT /desk/settings": ADMINISTER,
    "GET /briefings": READ,
    "POST /briefings": DECIDE,
    "GET /briefings/{briefing_id}": READ,
    "GET /briefings/{briefing_id}/versions": READ,
    "POST /briefings/{briefing_id}/versions": DECIDE,
    "POST /briefings/{briefing_id}/publication": DECIDE,
    "POST /briefings/{briefing_id}/withdrawal": DECIDE,
    "POST /lists": ADMINISTER,
    "POST /lists/{list_id}/fetch": ADMINISTER,
    "GET /jobs": READ,
    "GET /jobs/{job_id}": READ,
    "GET /books/{book_id}/hits": READ,
    "GET /books/{book_id}/hits/{party_id}/{entity_id}/history": READ,
    "GET /events": READ,
    "GET /events/{event_id}": READ,
    "GET /subscriptions": READ,
    "POST /subscriptions": ADMINISTER,
    "GET /subscriptions/{subscription_id}": READ,
    "DELETE /subscriptions/{subscription_id}": ADMINISTER,
    "GET /deliveries": READ,
    "GET /deliveries/{delivery_id}": READ,
    "GET /audit/records": AUDIT,
    "GET /audit/verify": AUDIT,
    "GET /users": ADMINISTER,
    "POST /users": ADMINISTER,
    "DELETE /users/{name}": ADMINISTER,
    "PUT /users/{name}/password": ADMINISTER,
    "GET /keys": ADMINISTER,
    "POST /keys": ADMINISTER,
    "GET /keys/{key_id}": ADMINISTER,
    "DELETE /keys/{key_id}": ADMINISTER,
}


def routes(desk: Desk) -> Iterator[RouteContext]:
    """Every route of the app that answers itself."""
    for route in iter_route_contexts(desk.app.routes):
        if isinstance(route.original_route, APIRoute):
            yield route


def test_every_route_asks_for_exactly_one_thing(desk: Desk) -> None:
    """Own and peers' routes alike; a route without a word on access is a hole."""
    for route in routes(desk):
        assert len(demanded(route)) == 1, route.path


def test_each_route_asks_for_what_the_table_says(desk: Desk) -> None:
    """No more and no less, and the table is whole."""
    found = {}
    for route in routes(desk):
        if route.path.startswith("/api/v1/"):
            (need,) = demanded(route)
            (method,) = route.methods - {"HEAD"}
            asked = need.permission if isinstance(need, Requires) else None
            found[f"{method} {route.path.removeprefix('/api/v1')}"] = asked
    assert found == TABLE


@pytest.mark.parametrize("line", [line for line, need in TABLE.items() if need])
@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_it_may(desk: Desk, line: str, role: Role) -> None:
    """403 for those who may not, anything else for those who may; before any value is looked at."""
    method, path = line.split(" ")
    filled = re.sub(r"\{\w+\}", "none", path).lstrip("/")
    answer = desk.ask(method, filled, role)
    may = TABLE[line] in role.permissions
    assert (answer.status_code != 403) is may, answer.text
    assert answer.status_code < 500


@pytest.mark.parametrize("line", list(TABLE))
def test_a_stranger_gets_nothing(desk: Desk, line: str) -> None:
    """Away from loopback nothing is open but the health, and what has a token of its own."""
    method, path = line.split(" ")
    filled = "/api/v1" + re.sub(r"\{\w+\}", "none", path)
    answer = desk.client.request(method, filled)
    assert (answer.status_code == 401) is (TABLE[line] is not None)


def test_peers_routes_are_closed_to_strangers(desk: Desk) -> None:
    """Those that other software calls, and the description of all."""
    for route in routes(desk):
        (need,) = demanded(route)
        if isinstance(need, OpenToAll) or route.path.startswith("/api/"):
            continue
        method = min(route.methods - {"HEAD"})
        path = re.sub(r"\{[\w:]+\}", "none", route.path)
        answer = desk.client.request(method, path, follow_redirects=False)
        if is_desk_page(route.path):
            assert answer.headers["location"].startswith("/sign-in"), route.path
            continue
        assert answer.status_code == 401, route.path
        assert set(answer.json()) in ({"detail"}, {"error"})
    for path in ("/openapi.json", "/nothing-here", "/api/v1/nothing-here"):
        assert desk.client.get(path).status_code == 401
