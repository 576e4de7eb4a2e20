"""A job that goes on behind a page: how far it is, and what it brought."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from tumen.model.access import Permission
from tumen.service.jobs import Job, JobStatus
from tumen.service.pages.frame import is_partial, own_address, page_router, redirect, render
from tumen.service.pages.progress_data import LEAD_ON, VERIFY, progress_of
from tumen.service.problems import ProblemError, not_found
from tumen.service.routes.v1.needs import Reader, TheApi

router = page_router("Progress")


def wait_for(job: Job, back: str) -> Response:
    """On to the page that shows how far a job is; `back` is where its reader goes from there."""
    return redirect(f"/desk/jobs/{job.job_id}?{urlencode({'back': back})}")


@router.get("/desk/jobs/{job_id}")
def show_job(
    job_id: str,
    request: Request,
    reader: Reader,
    api: TheApi,
    back: Annotated[str, Query(max_length=2000)] = "/desk",
) -> Response:
    """A job as it stands; the part that changes alone where a page that is open asks for it."""
    job = api.jobs.get(job_id)
    if job is None:
        raise not_found("such job on this machine; what it made is kept elsewhere")
    if job.kind == VERIFY and not reader.may(Permission.READ_AUDIT):
        raise ProblemError("forbidden", "What became of the audit log is for auditors")
    back = own_address(back)
    if job.kind in LEAD_ON and job.status is JobStatus.DONE:
        return _on_to(request, back)
    template = "progress/part.html" if is_partial(request) else "progress/page.html"
    return render(request, template, shown=progress_of(job), back=back)


def _on_to(request: Request, back: str) -> Response:
    if is_partial(request):
        return Response(headers={"HX-Redirect": back})
    return redirect(back)
