"""Waiting for jobs as a reader without script does: looking again until they have ended."""

from __future__ import annotations

import time

import httpx
from workbench import Browser


def waited(browser: Browser, answer: httpx.Response) -> str:
    """The page of a job that an answer leads to, once the job has ended."""
    assert answer.status_code == 303, answer.text
    for _ in range(200):
        page = browser.get(answer.headers["location"]).text
        if "every 1s" not in page:
            return page
        time.sleep(0.05)
    raise AssertionError("the job did not end")
