"""Entries of lists: found by name, and each whole, now and in past versions."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response

from tumen.service.pages.entries_data import entry_page
from tumen.service.pages.entries_search import find_entries
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.turning import PageNumber, turn
from tumen.service.requests import engine_of, scopes_now
from tumen.service.routes.v1.needs import Reader, TheApi

router = page_router("Entries")
_SIZE = 25


@router.get("/desk/entries")
def find(
    request: Request,
    _: Reader,
    api: TheApi,
    text: Annotated[str, Query(alias="q", max_length=500)] = "",
    list_id: Annotated[str, Query(alias="list", max_length=200)] = "",
    page: PageNumber = 1,
) -> Response:
    """Entries by their names, numbers and other words; an id leads to its entry at once."""
    text = text.strip()
    if text and api.store.find_entity(text) is not None:
        return redirect(f"/desk/entries/{quote(text, safe='')}")
    scopes = scopes_now(request) if engine_of(request).is_ready else None
    found = find_entries(scopes, text, list_id, (page - 1) * _SIZE, _SIZE)
    return render(
        request,
        "entries/found.html",
        found=found,
        text=text,
        list_id=list_id,
        shown=turn(request, page, found.total, _SIZE),
    )


@router.get("/desk/entries/{entity_id:path}")
def show(
    entity_id: str,
    request: Request,
    _: Reader,
    api: TheApi,
    version: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """One entry, as the version in use or a past one has it."""
    return render(request, "entries/one.html", found=entry_page(api.store, entity_id, version))
