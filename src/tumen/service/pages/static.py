"""Style and script of the pages: bundled at build, named by their content, served by us."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType

from fastapi import APIRouter, Response

from tumen.service.pages.reader import Anybody
from tumen.service.problems import not_found

FOLDER = Path(__file__).parent / "static"
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# The name changes with the content.
_KEEP = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@cache
def addresses() -> MappingProxyType[str, str]:
    """Where `desk.css` and `desk.js` are; empty where they were not built (`make assets`)."""
    try:
        names = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        names = {}
    return MappingProxyType({name: f"/assets/{built}" for name, built in names.items()})


@router.get("/assets/{name}")
def show_asset(name: str, _: Anybody) -> Response:
    """One file, as it was built."""
    if f"/assets/{name}" not in addresses().values():
        raise not_found(f"file {name!r}")
    content = (FOLDER / name).read_bytes()
    headers = {"Cache-Control": _KEEP, "X-Content-Type-Options": "nosniff"}
    return Response(content, 200, headers, _MEDIA_TYPES[Path(name).suffix])
