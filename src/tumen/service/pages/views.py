"""All views, in one list."""

from __future__ import annotations

from tumen.service.pages import (
    books,
    briefings,
    briefings_write,
    case,
    case_files,
    case_notes,
    case_steps,
    desk_settings,
    diligence,
    entries,
    informed,
    list_diff,
    lists,
    parties,
    progress,
    queue,
    queue_decide,
    screen,
    screen_files,
    sign_in,
    static,
    today,
)
from tumen.service.pages import help as help_pages

ROUTERS = (
    static.router,
    sign_in.router,
    today.router,
    screen_files.router,
    screen.router,
    progress.router,
    entries.router,
    parties.router,
    books.router,
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
    case.router,
    case_steps.router,
    case_notes.router,
    case_files.router,
    diligence.router,
)
