"""One party of a book."""

from __future__ import annotations

from fastapi import Request, Response

from tumen.service.access.admission import note
from tumen.service.pages.frame import page_router, render
from tumen.service.pages.parties_data import party_page
from tumen.service.routes.v1.needs import Reader, TheApi

router = page_router("Parties")


@router.get("/desk/books/{book_id}/parties/{party_id:path}")
def show_party(book_id: str, party_id: str, request: Request, _: Reader, api: TheApi) -> Response:
    """What the book says of a party, its hits now and before, and its cases."""
    note(request.scope, object=f"{book_id}/{party_id}")
    found = party_page(api.store, book_id, party_id)
    return render(request, "parties/one.html", found=found, policy=api.policy)
