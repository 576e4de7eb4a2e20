"""All views, in one list."""

from __future__ import annotations

from tumen.service.pages import sign_in, static

ROUTERS = (
    static.router,
    sign_in.router,
)
