"""The queue: which cases wait, and for whom."""

from __future__ import annotations

from fastapi import Request, Response

from tumen.service.access.people import actor_of
from tumen.service.pages.frame import page_router, render
from tumen.service.pages.queue_data import queue_page
from tumen.service.pages.queue_query import QueueQuery
from tumen.service.pages.turning import PageNumber, turn
from tumen.service.routes.v1.needs import Reader, TheApi, now_utc

router = page_router("Queue")


@router.get("/desk/queue")
def show_queue(request: Request, reader: Reader, api: TheApi, number: PageNumber = 1) -> Response:
    """A page of the queue."""
    query = QueueQuery.read(request.query_params)
    with api.store.reading() as work:
        page = queue_page(work, query, number, actor_of(reader), now_utc())
    return render(request, "queue/page.html", page=page, shown=turn(request, number, page.total))
