"""Jobs: work that was started and goes on behind the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel, Field

from tumen.service.jobs import Job, JobStatus
from tumen.service.paging import WantedPage, answer, cut
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import Reader, TheApi, router_of
from tumen.service.routes.v1.shapes import Paged

router = router_of("Jobs")


class JobShape(BaseModel):
    """A piece of work and how far it is."""

    job_id: str
    kind: str = Field(examples=["screen a book"])
    actor: str
    status: JobStatus
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    done: int
    total: int = Field(description="0 while nobody knows.")
    result: dict[str, Any]
    problem: dict[str, Any] | None = Field(description="Problem details, where it failed.")


def accepted(response: Response, job: Job) -> Job:
    """The answer to a request that started a job; the address says where to look."""
    response.headers["Location"] = f"/api/v1/jobs/{job.job_id}"
    response.headers["Retry-After"] = "1"
    return job


@router.get("/jobs", response_model=Paged[JobShape], summary="All jobs")
def show_jobs(
    request: Request, response: Response, _: Reader, api: TheApi, page: WantedPage
) -> Any:
    """The jobs of the worker that answers, in the order of their ids."""
    found, cursor = cut(api.jobs.all(), page, lambda job: job.job_id)
    return answer(request, response, found, cursor)


@router.get("/jobs/{job_id}", response_model=JobShape, summary="One job")
def show_job(job_id: str, _: Reader, api: TheApi) -> Any:
    """A job as it stands, whichever worker of this machine runs it."""
    job = api.jobs.get(job_id)
    if job is None:
        raise not_found(f"job {job_id!r} on this machine; what it made is kept elsewhere")
    return job
