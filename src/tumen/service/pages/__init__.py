"""The workbench: pages that people work on in a browser. Rendered here, complete without script.

A view is three small things. A query function in `<view>_data.py` gives plain data from the store,
parameters and `now`, and is tested without HTTP. The routes in `<view>.py` read the address or the
form and call `render`. The templates in `templates/<view>/` extend `base.html`.

- Routes: `router = page_router("…")`, put into `ROUTERS` of `views.py`; one of the permissions of
  `routes/v1/needs.py` (`Reader`, `Decider`, …) on each, or `Anybody` on a page without account.
- `render(request, "view/page.html", status=200, **data)` adds the reader, menu, messages, and
  all security headers. A form posts `{{ csrf_field() }}`; `page_router` refuses it without.
- After a change: `redirect(to, say="Approved")`, which shows the message on the next page. A
  refusal is shown on the same page with what was typed: `render(…, status=409,
  refusal=str(error))`; errors that a route lets out become a page of their own (`refusals.py`).
- `htmx` only improves: `is_partial(request)` tells that a part of the page is asked for.
- No inline script or style: the policy of `frame.py` forbids them, and every other host.
- Addresses of entries and cases may hold any character: build them with the filter `path`.
"""

from __future__ import annotations

from fastapi import FastAPI

from tumen.service.pages.views import ROUTERS


def install_pages(app: FastAPI) -> None:
    """Add all pages to the app."""
    for router in ROUTERS:
        app.include_router(router)


__all__ = ["install_pages"]
