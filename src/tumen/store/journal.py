"""Watch runs and the steps they have done, so that a killed run goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select, update

from tumen.errors import RequestError
from tumen.store.bulk import insert_rows, next_number
from tumen.store.codec import Codec
from tumen.store.instants import instant_text, json_text
from tumen.store.watch_tables import watch_run, watch_step


@dataclass(frozen=True, slots=True)
class WatchRun:
    """One watch run. `ended_at` is None while it goes on, or where it was killed."""

    run_id: str
    began_at: datetime
    actor: str
    ended_at: datetime | None = None
    status: str = ""
    tally: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DoneStep:
    """One step that a run has done, and what it left."""

    step: str
    key: str
    done_at: datetime
    detail: Mapping[str, Any]


_RUN, _STEP = Codec(WatchRun), Codec(DoneStep)


class Journal:
    """The runs that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, run_id: str, at: datetime, actor: str) -> None:
        """Open a run. Raises RequestError where its id is taken."""
        if self._connection.execute(_run(run_id)).first() is not None:
            raise RequestError(f"The watch run {run_id!r} was begun before")
        sequence = next_number(self._connection, watch_run.c.sequence)
        row = _RUN.row(WatchRun(run_id, at, actor))
        insert_rows(self._connection, watch_run, [{**row, "sequence": sequence}])

    def open_run(self) -> str | None:
        """The id of the newest run that has not ended; None where all have."""
        query = select(watch_run.c.run_id).where(watch_run.c.ended_at.is_(None))
        newest = query.order_by(watch_run.c.sequence.desc()).limit(1)
        return self._connection.execute(newest).scalar()

    def step_done(self, run_id: str, step: str, key: str) -> dict[str, Any] | None:
        """What a step left when it was done; None where it is not done."""
        query = select(watch_step.c.detail).where(
            watch_step.c.run_id == run_id, watch_step.c.step == step, watch_step.c.key == key
        )
        text = self._connection.execute(query).scalar()
        if text is None:
            return None
        found: dict[str, Any] = orjson.loads(text)
        return found

    def finish_step(
        self, run_id: str, step: str, key: str, at: datetime, detail: Mapping[str, Any]
    ) -> None:
        """A step is done; once it is, what it left stays. Raises RequestError for no such run."""
        if self._connection.execute(_run(run_id)).first() is None:
            raise RequestError(f"There is no watch run {run_id!r}")
        if self.step_done(run_id, step, key) is not None:
            return
        row = {
            "run_id": run_id,
            "step": step,
            "key": key,
            "done_at": instant_text(at),
            "detail": json_text(dict(detail)),
        }
        insert_rows(self._connection, watch_step, [row])

    def steps(self, run_id: str) -> list[DoneStep]:
        """All steps that a run has done, in their order."""
        columns = watch_step.c
        query = select(watch_step).where(columns.run_id == run_id)
        ordered = query.order_by(columns.done_at, columns.step, columns.key)
        return [_STEP.of(row) for row in self._connection.execute(ordered)]

    def end(self, run_id: str, at: datetime, status: str, tally: Mapping[str, Any]) -> None:
        """Close a run. Raises RequestError where it is not open."""
        change = update(watch_run).where(
            watch_run.c.run_id == run_id, watch_run.c.ended_at.is_(None)
        )
        values = {"ended_at": instant_text(at), "status": status, "tally": json_text(dict(tally))}
        if self._connection.execute(change.values(**values)).rowcount == 0:
            raise RequestError(f"There is no watch run {run_id!r} that goes on")

    def runs(self, limit: int = 20) -> list[WatchRun]:
        """Runs, newest first."""
        query = select(watch_run).order_by(watch_run.c.sequence.desc()).limit(limit)
        return [_RUN.of(row) for row in self._connection.execute(query)]


def _run(run_id: str) -> Any:
    return select(watch_run.c.run_id).where(watch_run.c.run_id == run_id)
