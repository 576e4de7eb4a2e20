"""A refusal, for somebody at a browser: a page that says what is wrong and where to go."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request, Response
from starlette.types import Scope

from tumen.service.pages.frame import HEADERS, redirect, render
from tumen.service.problems import KINDS, ProblemError


def refuse_page(problem: ProblemError, scope: Scope) -> Response:
    """The page for a problem; whoever is not signed in is led to where they can."""
    request = Request(scope)
    if problem.kind == "unauthenticated":
        if request.method != "GET":
            return redirect("/sign-in", say="You are signed out. Sign in, then send it again.")
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return redirect(f"/sign-in?next={quote(asked, safe='')}")
    _, title = KINDS[problem.kind]
    page = render(
        request,
        "refusal.html",
        status=problem.status,
        title=title,
        detail=problem.detail,
        faults=problem.faults,
    )
    page.headers.update({k: v for k, v in problem.headers.items() if k not in HEADERS})
    return page
