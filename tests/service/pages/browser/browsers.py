"""Finds a Chromium: that of the system, else one from a package."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
PACKAGE = HERE / "chromium"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def axe_source() -> str:
    """The script of the accessibility checks."""
    return (PACKAGE / "node_modules/axe-core/axe.min.js").read_text("utf-8")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless browser."""
    path, environment = _found()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=[*_QUIET], env={**environment})
        try:
            yield browser
        finally:
            browser.close()


def _found() -> tuple[str, Mapping[str, str | float | bool]]:
    environment = dict(os.environ)
    for name in _NAMES:
        if path := shutil.which(name):
            return path, environment
    shown = subprocess.run(
        ["node", "unpack.mjs"], cwd=PACKAGE, check=True, capture_output=True, text=True
    )
    folder = Path(shown.stdout.strip())
    # The libraries that it needs come with it; those of the system, where there are any, go first.
    libraries = [environment.get("LD_LIBRARY_PATH", ""), str(folder / "lib")]
    environment["LD_LIBRARY_PATH"] = ":".join(one for one in libraries if one)
    environment["FONTCONFIG_PATH"] = environment.get("FONTCONFIG_PATH", str(folder))
    return str(folder / "chromium"), environment
