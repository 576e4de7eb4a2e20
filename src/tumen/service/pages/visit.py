"""Whether a form was sent from a page of ours: a token that only our page could know.

The token is keyed by what the browser's cookie holds, the session or, before there is one, the
visit. It has a salt of its own in each page, so that compression leaks nothing of it.
"""

from __future__ import annotations

import hmac
from hashlib import blake2b
from secrets import token_urlsafe
from urllib.parse import urlsplit

from fastapi import Request

from tumen.service.access.sessions import COOKIE
from tumen.service.problems import ProblemError

VISIT_COOKIE = "tumen_visit"
FIELD, HEADER = "csrf", "x-csrf-token"
_NEW_VISIT = "tumen.visit"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def visit_of(request: Request) -> str:
    """What the token is keyed by; a new visit where the browser shows nothing yet."""
    shown = request.cookies.get(COOKIE) or request.cookies.get(VISIT_COOKIE)
    if shown:
        return shown
    fresh: str = request.scope.setdefault(_NEW_VISIT, token_urlsafe(24))
    return fresh


def new_visit(request: Request) -> str:
    """The visit that this request has begun and whose cookie must be set; empty for none."""
    found: str = request.scope.get(_NEW_VISIT, "")
    return found


def form_token(request: Request) -> str:
    """A token for the forms of one page."""
    salt = token_urlsafe(9)
    return f"{salt}.{_mark(salt, visit_of(request))}"


async def own_form(request: Request) -> None:
    """Refuse a change that no page of ours has asked for. Raises ProblemError."""
    if request.method in _SAFE:
        return
    if not _is_from_here(request):
        raise ProblemError("forbidden", "A page of another site sent this")
    given = request.headers.get(HEADER) or str((await request.form()).get(FIELD, ""))
    salt, _, mark = given.partition(".")
    if not hmac.compare_digest(mark.encode(), _mark(salt, visit_of(request)).encode()):
        raise ProblemError("forbidden", "This page is out of date. Load it again and send it anew")


def _is_from_here(request: Request) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _mark(salt: str, visit: str) -> str:
    key = blake2b(visit.encode(), digest_size=32).digest()
    return blake2b(salt.encode(), key=key, digest_size=24).hexdigest()
