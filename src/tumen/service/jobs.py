"""Work that takes longer than a request should: started, watched, and its result fetched later.

Jobs live in the memory of one process. What they make (a screening, a list version) is stored
by itself, so a job that is lost with its process loses nothing but the view of its progress.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from secrets import token_hex
from threading import Lock
from typing import Any

import structlog

from tumen.service.problems import ProblemError, problem_of, to_body

# Screening a book takes all cores by itself; one other may load a list beside it.
_AT_ONCE = 2
_MOST_WAITING = 50
_MOST_KEPT = 1_000

_log = structlog.get_logger("tumen.service")


class JobStatus(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work and how far it is. `total` is 0 while nobody knows.

    `result` is there once it is done, `problem` (problem details) where it failed.
    """

    job_id: str
    kind: str
    actor: str
    status: JobStatus
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    done: int = 0
    total: int = 0
    result: Mapping[str, Any] = field(default_factory=dict)
    problem: Mapping[str, Any] | None = None


Report = Callable[[int, int], None]
Work = Callable[[Report], Mapping[str, Any]]


class Jobs:
    """Runs jobs, two at a time, in the order they came."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="job")
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = Lock()

    def start(self, kind: str, actor: str, work: Work) -> Job:
        """Queue `work`, which is given a function to report done and total with.

        Raises ProblemError (429) where too many wait.
        """
        job = Job(token_hex(12), kind, actor, JobStatus.QUEUED, datetime.now(UTC))
        with self._lock:
            waiting = sum(one.status is JobStatus.QUEUED for one in self._jobs.values())
            if waiting >= _MOST_WAITING:
                raise ProblemError(
                    "too-many-requests",
                    f"{waiting} jobs wait already. Try again when some are done",
                    headers={"Retry-After": "60"},
                )
            self._jobs[job.job_id] = job
            self._forget_old()
        self._pool.submit(self._run, job.job_id, work)
        return job

    def get(self, job_id: str) -> Job | None:
        """A job as it stands; None where it is not known here (any more)."""
        return self._jobs.get(job_id)

    def all(self) -> list[Job]:
        """All jobs that are remembered, newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def close(self) -> None:
        """Drop what waits, and wait for what runs."""
        self._pool.shutdown(cancel_futures=True)

    def _run(self, job_id: str, work: Work) -> None:
        self._change(job_id, status=JobStatus.RUNNING, started_at=datetime.now(UTC))
        try:
            result = work(lambda done, total: self._change(job_id, done=done, total=total))
        except Exception as error:  # Whatever it is, the job says so.
            self._fail(job_id, error)
            return
        now = datetime.now(UTC)
        self._change(job_id, status=JobStatus.DONE, finished_at=now, result=result)

    def _fail(self, job_id: str, error: Exception) -> None:
        problem = problem_of(error)
        if problem is None:
            _log.error("job failed", job=job_id, exc_info=error)
            problem = ProblemError("internal", "The job failed; the log says why")
        now = datetime.now(UTC)
        body = to_body(problem, f"/api/v1/jobs/{job_id}")
        self._change(job_id, status=JobStatus.FAILED, finished_at=now, problem=body)

    def _change(self, job_id: str, **changes: Any) -> None:
        with self._lock:
            self._jobs[job_id] = replace(self._jobs[job_id], **changes)

    def _forget_old(self) -> None:
        ended = (JobStatus.DONE, JobStatus.FAILED)
        for job_id in [one.job_id for one in self._jobs.values() if one.status in ended]:
            if len(self._jobs) <= _MOST_KEPT:
                return
            del self._jobs[job_id]
