"""All views, in one list."""

from __future__ import annotations

from tumen.service.pages import (
    briefings,
    briefings_write,
    desk_settings,
    informed,
    list_diff,
    lists,
    progress,
    queue,
    queue_decide,
    sign_in,
    static,
    today,
)
from tumen.service.pages import help as help_pages

ROUTERS = (
    static.router,
    sign_in.router,
    today.router,
    progress.router,
    list_diff.router,
    lists.router,
    help_pages.router,
    # Before the addresses of briefings: the form has one that could be a briefing's.
    informed.router,
    informed.by_token,
    briefings.router,
    briefings_write.router,
    desk_settings.router,
    queue.router,
    queue_decide.router,
)
