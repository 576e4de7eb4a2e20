"""A worker that runs for months does not heap up the names it was asked for."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient

from tumen.names.name import NameOf, read_name
from tumen.service.tidying import Tidier, large_caches


def test_the_large_caches_of_names_are_found() -> None:
    """Each once, under its home."""
    found = list(large_caches())
    assert read_name in found
    assert len(found) == len(set(map(id, found))) > 10


def test_they_are_emptied_after_so_many_parties(client: TestClient, app: FastAPI) -> None:
    """Answers are the same before and after."""
    body = {"queries": {"q": {"schema": "Person", "properties": {"name": "Quill Feathersby"}}}}
    before = client.post("/match/default", json=body).json()
    read_name("Somebody Quite Else", NameOf.PERSON)
    tidier = Tidier(every=3)
    snapshot = app.state.engine.current().snapshot
    tidier.note(2, snapshot)
    assert read_name.cache_info().currsize > 0
    tidier.note(1, snapshot)
    assert read_name.cache_info().currsize == 0
    assert client.post("/match/default", json=body).json() == before
