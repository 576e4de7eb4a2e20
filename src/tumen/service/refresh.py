"""Keeps the engine current: watches the sources, has generations built, adopts them."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import structlog

from tumen.config import ServiceSettings
from tumen.model.watching import ListState
from tumen.service import metrics
from tumen.service.building import Plan
from tumen.service.engine import DATA, Engine, alone, build, is_current
from tumen.service.sources.lists import generation_of, plan_of_store
from tumen.store import Store

log = structlog.get_logger("tumen.service")


class Refresher:
    """Builds when a source has changed, and makes this worker swap to what was built.

    `states` says of each list of the store when it was last seen at its publisher.
    """

    def __init__(self, settings: ServiceSettings, engine: Engine | None = None) -> None:
        self._settings = settings
        self._tasks: set[asyncio.Task[None]] = set()
        self.engine = engine or Engine(generations_folder(settings))
        self.states: Mapping[str, ListState] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Adopt what is there, then keep watching until the end of the block."""
        await asyncio.to_thread(self._adopt)
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, *self._tasks, return_exceptions=True)
            self.engine.close()

    async def refresh(self, *, is_forced: bool = False) -> None:
        """Build if a source has changed, or anyway; returns when this worker has swapped."""
        await asyncio.to_thread(self._build, is_forced)
        await asyncio.to_thread(self._adopt)

    def refresh_soon(self) -> None:
        """Build anyway, in the background; the outcome stands in the log."""
        task = asyncio.create_task(self._refresh_logged(is_forced=True))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self) -> None:
        """Swap to what any worker has built; look at the sources in their own time."""
        pause = self._settings.watch_seconds
        between = self._settings.reload_seconds if self._settings.manifest else pause
        due = monotonic()
        while True:
            if monotonic() >= due:
                due = monotonic() + between
                await self._refresh_logged(is_forced=False)
            await asyncio.sleep(pause)
            await asyncio.to_thread(self._adopt)

    async def _refresh_logged(self, *, is_forced: bool) -> None:
        try:
            await self.refresh(is_forced=is_forced)
        except Exception as error:
            # Whatever it was: the last good generation stays, and its age is told.
            log.error("refresh failed", error=f"{type(error).__name__}: {error}")

    def _build(self, is_forced: bool) -> None:
        now = datetime.now(UTC)
        if is_forced:
            self._run_build(now, is_forced=True)
            return
        if not self._settings.manifest:
            self._read_states()
        # Of several workers one builds; the others find what it built when it is there.
        with alone(self.engine.folder) as is_ours:
            if not is_ours:
                return
            if self._settings.manifest or self._is_due():
                self._run_build(now, is_forced=False)
            elif self._rests_on_other_statistics():
                self._run_build(now, is_forced=True)

    def _run_build(self, now: datetime, *, is_forced: bool) -> None:
        if not self._settings.builds_apart:
            build_current(self._settings, now, is_forced=is_forced)
            return
        # Building takes many times the memory of answering, and the lock of the interpreter.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(max_workers=1, mp_context=context) as apart:
            apart.submit(build_current, self._settings, now, is_forced=is_forced).result()

    def _is_due(self) -> bool:
        """Whether the store holds something else than the current generation."""
        with Store.open(self._settings.base.store_url) as store:
            versions = store.current_versions()
        return bool(versions) and not is_current(self.engine.folder, generation_of(versions))

    def _rests_on_other_statistics(self) -> bool:
        """Whether word statistics were counted anew since the generation was built.

        Its scores would no longer be those of the command line and the watch.
        """
        # Another worker may have built meanwhile.
        self.engine.adopt()
        if not self.engine.is_ready:
            return False
        with Store.open(self._settings.base.store_url) as store, store.reading() as work:
            in_force = work.basis.current()
        return in_force not in (None, self.engine.current().snapshot.basis_hash)

    def _read_states(self) -> None:
        with (
            Store.open(self._settings.base.store_url) as store,
            store.reading() as work,
        ):
            self.states = {state.list_id: state for state in work.list_states.all()}

    def _adopt(self) -> None:
        has_swapped = self.engine.adopt()
        if not self.engine.is_ready:
            return
        current = self.engine.current()
        metrics.note_ages(metrics.ages_of(current, datetime.now(UTC)))
        if has_swapped:
            metrics.note_swap(current)
            log.info("swapped", generation=current.generation_id, entities=len(current.entities))


def generations_folder(settings: ServiceSettings) -> Path:
    """Where the generations of these sources lie."""
    source = settings.manifest or settings.base.store_url
    mark = hashlib.sha256(source.encode()).hexdigest()[:12]
    return settings.base.home / "service" / mark


def build_current(settings: ServiceSettings, now: datetime, *, is_forced: bool = False) -> bool:
    """Build a generation of what the sources hold now, if it is not there already."""
    folder = generations_folder(settings)
    if settings.manifest:
        from tumen.service.sources.manifest import plan_of_manifest

        def from_manifest() -> Plan | None:
            return plan_of_manifest(settings.manifest, folder / DATA, now, is_forced=is_forced)

        return build(folder, from_manifest, now, is_forced=is_forced)
    with Store.open(settings.base.store_url) as store:

        def from_store() -> Plan | None:
            return plan_of_store(store)

        return build(folder, from_store, now, is_forced=is_forced)
