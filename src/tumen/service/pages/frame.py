"""What every page has: its frame, its headers, its messages."""

from __future__ import annotations

import base64
import binascii
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import RedirectResponse

from tumen import __version__
from tumen.service.pages import static
from tumen.service.pages.filters import FILTERS
from tumen.service.pages.menu import current, menu_for
from tumen.service.pages.reader import reader_of
from tumen.service.pages.visit import FIELD, VISIT_COOKIE, form_token, new_visit, own_form

_SAID = "tumen_said"
_LONGEST_MESSAGE = 500
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cache-Control": "no-store",
}


def page_router(tag: str) -> APIRouter:
    """A router for pages: no part of the API's description, and only our own forms are taken."""
    return APIRouter(tags=[tag], include_in_schema=False, dependencies=[Depends(own_form)])


def render(request: Request, template: str, /, *, status: int = 200, **data: Any) -> Response:
    """The page that a template makes of `data`, in the frame that all pages have."""
    reader = reader_of(request)
    items = menu_for(reader)
    told = {
        "request": request,
        "reader": reader,
        "menu": items,
        "current": current(request.url.path, items),
        "said": _said(request),
        "refusal": "",
        "assets": static.addresses(),
        "version": __version__,
        "csrf_token": lambda: form_token(request),
        "csrf_field": lambda: _field(form_token(request)),
    }
    content = _templates().get_template(template).render({**told, **data})
    response = Response(content, status, dict(HEADERS), media_type="text/html; charset=utf-8")
    _set_visit(request, response)
    if told["said"]:
        response.delete_cookie(_SAID)
    return response


def redirect(to: str, *, say: str = "") -> Response:
    """On to another page of ours, which shows the message `say` once."""
    response = RedirectResponse(own_address(to), 303, dict(HEADERS))
    if say:
        text = base64.urlsafe_b64encode(say[:_LONGEST_MESSAGE].encode()).decode()
        response.set_cookie(_SAID, text, max_age=60, httponly=True, samesite="lax")
    return response


def own_address(to: str) -> str:
    """`to` if it is an address of a page of ours, else the first page: none leads elsewhere."""
    parts = urlsplit(to)
    is_own = to.startswith("/") and not to.startswith("//") and "\\" not in to
    is_clean = to.isprintable() and not parts.scheme and not parts.netloc
    return to if is_own and is_clean else "/desk"


def is_partial(request: Request) -> bool:
    """Whether a part of the page is asked for, to be put into the page that is open."""
    return "hx-request" in request.headers and "hx-boosted" not in request.headers


def read_templates() -> None:
    """Compile all templates: the first reader of a page would wait a third of a second."""
    templates = _templates()
    for name in templates.list_templates():
        templates.get_template(name)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


def _field(token: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token)


def _set_visit(request: Request, response: Response) -> None:
    if visit := new_visit(request):
        secure = request.url.scheme == "https"
        response.set_cookie(VISIT_COOKIE, visit, httponly=True, samesite="lax", secure=secure)


def _said(request: Request) -> str:
    try:
        return base64.urlsafe_b64decode(request.cookies.get(_SAID, "")).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
