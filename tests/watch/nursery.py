"""A process that has everything imported, and forks one for each run that is to be killed.

It reads orders as JSON lines and answers each with the number of the signal that ended the run
(0: it ended well). So that a run takes a fraction of a second, and is yet a real process that
is killed for real.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from small_world import World, list_bytes, people, registry_of
from sqlalchemy import Connection, Engine, event

from tumen.model.watching import Channel
from tumen.store import Store
from tumen.watch.dropped import Drop
from tumen.watch.notices.addresses import AddressRule
from tumen.watch.notices.sending import send_due
from tumen.watch.notices.webhook import WebhookTransport
from tumen.watch.steps import Run


class Points:
    """Notes every point that is passed, and kills this process at one of them."""

    def __init__(self, kill_at: int | None) -> None:
        self.passed: list[str] = []
        self._kill_at = kill_at

    def __call__(self, point: str) -> None:
        """Pass a point, or die there."""
        if len(self.passed) == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed.append(point)

    def watch_commits(self) -> None:
        """Just before each write transaction becomes true is a point as well."""

        def before_commit(connection: Connection) -> None:
            if connection.get_execution_options().get("tumen_writes"):
                self("commit: before")

        event.listen(Engine, "commit", before_commit)

    def watch_replaces(self) -> None:
        """So is the instant before and after a file or folder takes the place of another."""
        replace = os.replace

        def replaced(source: Any, target: Any) -> None:
            self("replace: before")
            replace(source, target)
            self("replace: after")

        os.replace = replaced  # type: ignore[assignment]


def run(order: dict[str, Any]) -> None:
    """One run as ordered, in this process."""
    folder = Path(order["folder"])
    points = Points(order["kill_at"])
    if order["kill_at"] is not None or order["notes"]:
        points.watch_commits()
        points.watch_replaces()
    transports = {Channel.WEBHOOK: WebhookTransport(AddressRule(is_private_allowed=True))}

    def send(under_way: Run) -> dict[str, int]:
        now = under_way.clock()
        return send_due(under_way.store, transports, now, checkpoint=points).to_dict()

    with Store.open(order["url"]) as store:
        world = World(
            folder,
            store,
            registry_of(order["addresses"]),
            datetime.fromisoformat(order["now"]),
            parts={"send": send},
            checkpoint=points,
        )
        if order["drop"]:
            world.run(lists=(), drop=Drop(folder / "drop", settle_seconds=0.01))
        else:
            world.run()
    if order["notes"]:
        (folder / "points.json").write_text(json.dumps(points.passed))


def warm_up() -> None:
    """Make a small run here, so that the forked ones find all imported and read."""
    with TemporaryDirectory() as place, Store.open(f"sqlite:///{place}/tumen.db") as store:
        folder = Path(place, "drop")
        folder.mkdir()
        (folder / "alpha.json").write_bytes(list_bytes("alpha", people(5)))
        world = World(Path(place), store, registry_of({"alpha": ""}))
        world.add_book({"C-1": ("Anselm Quandorvik", "1940-03-01")})
        for _ in range(2):
            world.run(drop=Drop(folder, settle_seconds=0.01))


def main() -> None:
    """Obey until the orders end."""
    warm_up()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                run(json.loads(line))
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        said = {"signal": os.WTERMSIG(status)} if os.WIFSIGNALED(status) else {
            "exit": os.WEXITSTATUS(status)
        }  # fmt: skip
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
