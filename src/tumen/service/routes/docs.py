"""What the service offers, as a page: made here from its OpenAPI, nothing comes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

router = APIRouter(include_in_schema=False)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code{background:#eee;padding:.1em .3em}summary{cursor:pointer;padding:.2em 0}"
    "table{border-collapse:collapse}td{padding:.2em 1em .2em 0;vertical-align:top}"
)
_ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    b'<path d="M2 3h12v3H2zm2 4h8v2H4zm2 3h4v4H6z" fill="#345"/></svg>'
)


@router.get("/")
async def page(request: Request) -> Response:
    """All routes with what they take."""
    return Response(_page(request.app), media_type="text/html", headers={
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
    })  # fmt: skip


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The same page under another usual name."""
    return await page(request)


@router.get("/favicon.ico")
async def icon() -> Response:
    """The icon of the page."""
    return Response(_ICON, media_type="image/svg+xml", headers={"cache-control": "max-age=86400"})


@cache
def _page(app: FastAPI) -> str:
    described = app.openapi()
    title = escape(f"{described['info']['title']} {described['info']['version']}")
    parts = "".join(_operations(described["paths"]))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1>"
        f"<p>{escape(described['info'].get('description', ''))} "
        'The same for programs: <a href="/openapi.json">openapi.json</a>.</p>'
        f"{parts}</html>"
    )


def _operations(paths: Mapping[str, Any]) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for path, methods in paths.items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["Other"])[0]
            groups.setdefault(tag, []).append(_operation(path, method, operation))
    for tag, shown in groups.items():
        yield f"<h2>{escape(tag)}</h2>{''.join(shown)}"


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code><td>{escape(one['in'])}"
        f"<td>{escape(str(one.get('description') or one['schema'].get('title', '')))}</tr>"
        for one in operation.get("parameters", ())
    )
    told = escape(operation.get("description", "")).replace("\n\n", "<p>")
    return (
        f"<details><summary><code>{method.upper()} {escape(path)}</code> "
        f"{escape(operation.get('summary', ''))}</summary><p>{told}"
        f"<table>{rows}</table></details>"
    )
