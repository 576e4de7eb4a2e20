"""All views, in one list."""

from __future__ import annotations

from tumen.service.pages import help as help_pages
from tumen.service.pages import list_diff, lists, progress, queue, queue_decide, sign_in, static

ROUTERS = (
    static.router,
    sign_in.router,
    progress.router,
    list_diff.router,
    lists.router,
    help_pages.router,
    queue.router,
    queue_decide.router,
)
