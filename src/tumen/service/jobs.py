"""Work that takes longer than a request should: started, watched, and its result fetched later.

A job lives in the process that runs it; its state lies in a folder that all workers of a machine
share, so that any of them can be asked. What jobs make (a screening, a list version) is stored by
itself: one that is cut off loses nothing but the view of its progress.
"""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from threading import Lock, get_ident
from time import monotonic
from typing import Any

import orjson
import structlog
from pydantic import TypeAdapter

from tumen.service.problems import ProblemError, problem_of, to_body
from tumen.watch.lock import is_alive

# Screening a book takes all cores by itself; one other may load a list beside it.
_AT_ONCE = 2
_MOST_WAITING = 50
_MOST_KEPT = 1_000
# Progress is for people: it need not be written at every step.
_WRITE_SECONDS = 0.5
_KEPT_SECONDS = 30 * 86400
_JOB_ID = re.compile(r"[0-9a-f]{24}")

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
    """Runs jobs, two at a time, in the order they came. Their states lie in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="job")
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = Lock()
        self._written_at = 0.0

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
        self._write(job)
        self._pool.submit(self._run, job.job_id, work)
        return job

    def get(self, job_id: str) -> Job | None:
        """A job as it stands, of this worker or another; None where it is not known (any more)."""
        return self._jobs.get(job_id) or self._read(job_id)

    def all(self) -> list[Job]:
        """All jobs of this worker that are remembered, newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def sweep(self, now: datetime) -> None:
        """Forget the states that were written long ago, by this or an earlier process."""
        for path in self._folder.glob("*.json"):
            with suppress(FileNotFoundError):
                if now.timestamp() - path.stat().st_mtime > _KEPT_SECONDS:
                    path.unlink()

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
            before = self._jobs[job_id]
            job = self._jobs[job_id] = replace(before, **changes)
            is_news = job.status is not before.status or self._is_time()
        if is_news:
            self._write(job)

    def _is_time(self) -> bool:
        """Whether progress was last written long enough ago to be written again."""
        now = monotonic()
        is_time = now - self._written_at >= _WRITE_SECONDS
        if is_time:
            self._written_at = now
        return is_time

    def _write(self, job: Job) -> None:
        """Put the state where other workers see it, whole; it may name parties, so to us alone."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = self._folder / f"{job.job_id}.json"
        part = place.with_suffix(f".{get_ident()}.part")
        part.touch(0o600)
        part.write_bytes(orjson.dumps({"pid": os.getpid(), "job": job}))
        part.replace(place)

    def _read(self, job_id: str) -> Job | None:
        if not _JOB_ID.fullmatch(job_id):
            return None
        try:
            found = orjson.loads((self._folder / f"{job_id}.json").read_bytes())
        except FileNotFoundError:
            return None
        job = TypeAdapter(Job).validate_python(found["job"])
        goes_on = job.status in (JobStatus.QUEUED, JobStatus.RUNNING)
        return _cut_off(job) if goes_on and not is_alive(found["pid"]) else job

    def _forget_old(self) -> None:
        ended = (JobStatus.DONE, JobStatus.FAILED)
        for job_id in [one.job_id for one in self._jobs.values() if one.status in ended]:
            if len(self._jobs) <= _MOST_KEPT:
                return
            del self._jobs[job_id]
            (self._folder / f"{job_id}.json").unlink(missing_ok=True)


def _cut_off(job: Job) -> Job:
    """A job whose process is gone."""
    problem = ProblemError("internal", "The service was stopped while the job ran. Start it again")
    body = to_body(problem, f"/api/v1/jobs/{job.job_id}")
    return replace(job, status=JobStatus.FAILED, problem=body)
