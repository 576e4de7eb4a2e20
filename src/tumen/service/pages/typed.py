"""What was typed into a form, as plain text by field; files and doubles are left out."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request


async def _typed(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _ticked(request: Request) -> dict[str, list[str]]:
    form = await request.form()
    return {name: [one for one in form.getlist(name) if isinstance(one, str)] for name in form}


Typed = Annotated[dict[str, str], Depends(_typed)]
# Of fields that may be there several times, as boxes that are ticked.
Ticked = Annotated[dict[str, list[str]], Depends(_ticked)]
