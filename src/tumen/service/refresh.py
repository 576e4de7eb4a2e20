"""Keeps the engine current: watches the sources, has generations built, adopts them."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog

from tumen.config import ServiceSettings
from tumen.errors import TumenError
from tumen.service.building import Plan
from tumen.service.engine import Engine, build, is_current
from tumen.service.sources.lists import plan_of_store
from tumen.store import Store

log = structlog.get_logger("tumen.service")


class Refresher:
    """Builds when a source has changed, and makes every worker swap to what was built."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self.engine = Engine(generations_folder(settings))
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Adopt what is there, then keep watching until the end of the block."""
        await asyncio.to_thread(self._adopt)
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            self.engine.close()

    async def refresh(self, *, is_forced: bool = False) -> bool:
        """Build if a source has changed, or anyway; returns when this worker has swapped."""
        await asyncio.to_thread(self._build, is_forced)
        return await asyncio.to_thread(self._adopt)

    def refresh_soon(self) -> None:
        """Build anyway, in the background; the outcome stands in the log."""
        task = asyncio.create_task(self._refresh_logged(is_forced=True))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _refresh_logged(self, *, is_forced: bool) -> None:
        try:
            await self.refresh(is_forced=is_forced)
        except TumenError as error:
            # The last good generation stays; /readyz and /catalog say how old it is.
            log.error("refresh failed", error=str(error))

    def _build(self, is_forced: bool) -> None:
        now = datetime.now(UTC)
        if not is_forced and not is_due(self._settings):
            return
        if not self._settings.builds_apart:
            build_current(self._settings, now, is_forced=is_forced)
            return
        # Building takes many times the memory of answering, and the lock of the interpreter.
        context = multiprocessing.get_context("spawn")
        worker = context.Process(target=build_current, args=(self._settings, now, is_forced))
        worker.start()
        worker.join()
        if worker.exitcode:
            raise TumenError(f"The index could not be built (exit code {worker.exitcode})")

    def _adopt(self) -> bool:
        has_swapped = self.engine.adopt()
        if has_swapped:
            current = self.engine.current()
            log.info("swapped", generation=current.generation_id, entities=len(current.entities))
        return has_swapped

    async def _watch(self) -> None:
        while True:
            await self._refresh_logged(is_forced=False)
            await asyncio.sleep(self._settings.watch_seconds)


def generations_folder(settings: ServiceSettings) -> Path:
    """Where the generations of these sources lie."""
    source = settings.manifest or settings.base.store_url
    mark = hashlib.sha256(source.encode()).hexdigest()[:12]
    return settings.base.home / "service" / mark


def is_due(settings: ServiceSettings) -> bool:
    """Whether the sources hold something else than the current generation."""
    with Store.open(settings.base.store_url) as store:
        plan = plan_of_store(store)
    return plan is not None and not is_current(generations_folder(settings), plan)


def build_current(settings: ServiceSettings, now: datetime, is_forced: bool = False) -> bool:
    """Build a generation of what the sources hold now, if it is not there already."""
    with Store.open(settings.base.store_url) as store:

        def planner() -> Plan | None:
            return plan_of_store(store)

        return build(generations_folder(settings), planner, now, is_forced=is_forced)
