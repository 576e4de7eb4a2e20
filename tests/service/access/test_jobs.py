"""Jobs: queued, run, watched; one that fails says why, and too many are refused."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from structlog.testing import CapturingLogger

from tumen.errors import RequestError
from tumen.service import jobs as jobs_module
from tumen.service.jobs import Job, Jobs, JobStatus, Report
from tumen.service.problems import ProblemError


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    """Running jobs, waited for at the end."""
    made = Jobs(tmp_path / "jobs")
    yield made
    made.close()


def ended(jobs: Jobs, job: Job) -> Job:
    """A job once it has ended."""
    end = time.monotonic() + 10
    while (found := jobs.get(job.job_id)) and found.status in (JobStatus.QUEUED, JobStatus.RUNNING):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert found is not None
    return found


def test_a_job_tells_how_far_it_is_and_what_came_of_it(jobs: Jobs) -> None:
    """Done and total while it runs, the result at its end."""
    told, goes_on = threading.Event(), threading.Event()

    def work(report: Report) -> Mapping[str, Any]:
        report(3, 10)
        told.set()
        assert goes_on.wait(10)
        return {"found": 1}

    job = jobs.start("count", "key:a", work)
    assert told.wait(10)
    running = jobs.get(job.job_id)
    assert running is not None
    assert (running.status, running.done, running.total) == (JobStatus.RUNNING, 3, 10)
    goes_on.set()
    done = ended(jobs, job)
    assert (done.status, done.result, done.problem) == (JobStatus.DONE, {"found": 1}, None)
    assert done.started_at is not None
    assert done.finished_at is not None
    assert job.created_at <= done.started_at <= done.finished_at
    assert jobs.all() == [done]
    assert jobs.get("none") is None


def test_a_job_that_is_refused_says_why(jobs: Jobs) -> None:
    """As problem details, at its own address."""

    def work(_report: Report) -> Mapping[str, Any]:
        raise RequestError("There is no such book")

    failed = ended(jobs, jobs.start("count", "key:a", work))
    assert failed.status is JobStatus.FAILED
    assert failed.problem is not None
    assert failed.problem["detail"] == "There is no such book"
    assert failed.problem["instance"] == f"/api/v1/jobs/{failed.job_id}"


def test_a_fault_of_ours_goes_to_the_log(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks is told no more than that; the next job runs."""
    logger = CapturingLogger()
    monkeypatch.setattr(jobs_module, "_log", logger)

    def work(_report: Report) -> Mapping[str, Any]:
        raise ZeroDivisionError("secret of the house")

    failed = ended(jobs, jobs.start("count", "key:a", work))
    assert failed.problem is not None
    assert failed.problem["type"] == "urn:tumen:problem:internal"
    assert "secret" not in str(failed.problem)
    assert logger.calls[-1].kwargs["job"] == failed.job_id
    assert ended(jobs, jobs.start("count", "key:a", lambda _: {})).status is JobStatus.DONE


def test_too_many_waiting_are_refused(jobs: Jobs) -> None:
    """With when to come back; what was taken is done."""
    goes_on = threading.Event()

    def work(_report: Report) -> Mapping[str, Any]:
        assert goes_on.wait(30)
        return {}

    taken: list[Job] = []
    with pytest.raises(ProblemError) as caught:
        taken.extend(jobs.start("count", "key:a", work) for _ in range(100))
    assert caught.value.status == 429
    assert caught.value.headers["Retry-After"]
    goes_on.set()
    assert all(ended(jobs, job).status is JobStatus.DONE for job in taken)
    assert 50 <= len(taken) <= 53


def test_old_jobs_are_forgotten_and_running_ones_are_not(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory is bounded."""
    monkeypatch.setattr(jobs_module, "_MOST_KEPT", 3)
    goes_on = threading.Event()
    running = jobs.start("wait", "key:a", lambda _: {"ok": goes_on.wait(10)})
    for _ in range(8):
        ended(jobs, jobs.start("count", "key:a", lambda _: {}))
    assert len(jobs.all()) <= 4
    assert jobs.get(running.job_id) is not None
    goes_on.set()


def test_another_worker_can_be_asked(jobs: Jobs, tmp_path: Path) -> None:
    """It shares the folder; what is no id of a job opens no file, and others cannot read it."""
    done = ended(jobs, jobs.start("count", "key:a", lambda _: {"found": "somebody"}))
    other = Jobs(tmp_path / "jobs")
    place = tmp_path / "jobs" / f"{done.job_id}.json"
    end = time.monotonic() + 5
    while other.get(done.job_id) != done:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert place.stat().st_mode & 0o077 == 0
    assert other.get("../jobs/" + done.job_id) is None
    assert other.get("0" * 24) is None
    other.close()


def test_a_job_that_was_cut_off_says_so(jobs: Jobs, tmp_path: Path) -> None:
    """Its process is gone: it would be "running" for ever."""
    goes_on = threading.Event()
    job = jobs.start("wait", "key:a", lambda _: {"ok": goes_on.wait(10)})
    place = tmp_path / "jobs" / f"{job.job_id}.json"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    end = time.monotonic() + 5
    while (found := orjson.loads(place.read_bytes()))["job"]["status"] != "running":
        assert time.monotonic() < end
        time.sleep(0.01)
    place.write_bytes(orjson.dumps({**found, "pid": gone.pid}))
    other = Jobs(tmp_path / "jobs")
    lost = other.get(job.job_id)
    assert lost is not None
    assert lost.status is JobStatus.FAILED
    assert lost.problem is not None
    assert "Start it again" in lost.problem["detail"]
    goes_on.set()
    other.close()


def test_old_states_are_swept(jobs: Jobs, tmp_path: Path) -> None:
    """A month later, by whichever process starts then."""
    done = ended(jobs, jobs.start("count", "key:a", lambda _: {}))
    place = tmp_path / "jobs" / f"{done.job_id}.json"
    now = datetime.now(UTC)
    jobs.sweep(now + timedelta(days=29))
    assert place.exists()
    jobs.sweep(now + timedelta(days=31))
    assert not place.exists()
