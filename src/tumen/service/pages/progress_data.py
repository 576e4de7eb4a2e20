"""What a job says of itself, in words for whoever waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tumen.service.jobs import Job, JobStatus

VERIFY = "verify the audit log"
COMPARE = "compare two list versions"
SCREEN_FILE = "screen a file"
# What these bring has a page of its own.
LEAD_ON = frozenset({COMPARE, SCREEN_FILE})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `lines` are what it brought, `faults` what somebody must look at."""

    job: Job
    lines: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def goes_on(self) -> bool:
        """Whether there is something to wait for."""
        return self.job.status in (JobStatus.QUEUED, JobStatus.RUNNING)

    @property
    def words(self) -> str:
        """Where it is, in a few words."""
        job = self.job
        if job.status is JobStatus.QUEUED:
            return "Waits for its turn"
        if job.status is JobStatus.RUNNING:
            return f"{job.done:,} of {job.total:,}" if job.total else "At work"
        return "Done" if job.status is JobStatus.DONE else "It failed"


def progress_of(job: Job) -> Progress:
    """How far a job is, and what it brought."""
    if job.problem is not None:
        return Progress(job, (), (str(job.problem.get("detail", "")),))
    if job.status is not JobStatus.DONE:
        return Progress(job, (), ())
    return Progress(job, tuple(_lines(job.result)), tuple(_faults(job.result)))


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    for one in result.get("outcomes", ()):
        if "status" in one and one["status"] != "refused":
            yield _outcome(one)
    for name in ("tally", "changes"):
        counts = result.get(name)
        if isinstance(counts, Mapping) and counts:
            parts = [f"{words}: {count:,}".replace("_", " ") for words, count in counts.items()]
            yield f"{name.capitalize()}: {', '.join(parts)}"
    if "parties" in result:
        known = "" if result["is_new"] else ": nothing is new in it"
        yield f"Version {result['version']} with {result['parties']:,} parties{known}"
        yield from result["notices"]
    if "is_intact" in result:
        words = "is whole" if result["is_intact"] else "is NOT whole"
        yield f"The log {words}: {result['records']:,} records were read"
        yield f"Hash of the last record: {result['head_hash']}"


def _faults(result: Mapping[str, Any]) -> Iterator[str]:
    for one in result.get("outcomes", ()):
        if one.get("status") == "refused":
            yield _outcome(one)
    for one in result.get("unrecognised", ()):
        yield f"{one['place']}: {one['problem']}"
    yield from result.get("problems", ())


def _outcome(one: Mapping[str, Any]) -> str:
    told = f": {one['message']}" if one.get("message") else ""
    return f"{one['list_id']} {one['status']}{told}"
