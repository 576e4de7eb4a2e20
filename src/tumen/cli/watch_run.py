"""What `tumen watch run` does: one run, or one each so often until it is stopped."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from pathlib import Path

import click
import httpx
from rich.console import Console
from rich.status import Status

from tumen.cli.bulk import SMALL_BOOK, usable_cores
from tumen.cli.exits import Exit
from tumen.cli.opening import snapshot_place
from tumen.cli.options import policy_in_force
from tumen.cli.output import console, print_json
from tumen.cli.watch_shown import say
from tumen.config import Settings, account_name, load_notice_settings
from tumen.errors import RequestError, TumenError
from tumen.lists.fetch import fetch
from tumen.lists.registry import ListInfo, Registry, published_lists
from tumen.model.watching import BookVersion
from tumen.screening.policy import Policy
from tumen.screening.standing import Watchpost
from tumen.service.gathering import gather_hits
from tumen.service.help_desk.calling import call_who_is_due
from tumen.store import Store
from tumen.watch.delta import delta_between
from tumen.watch.dropped import Drop
from tumen.watch.notices.opening import open_transports
from tumen.watch.notices.outgoing import send_outgoing
from tumen.watch.report import DONE, report_lines
from tumen.watch.rescreening import rescreen_book
from tumen.watch.run import Desk, Parts, Plan, watch_once
from tumen.watch.steps import Run

# Between two runs, notices that are due (a digest, a second attempt) are sent this often.
SEND_SECONDS = 60.0
_EYE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Orders:
    """What the command line asks for."""

    list_ids: tuple[str, ...] = ()
    drop: Path | None = None
    is_left: bool = False
    every_seconds: float | None = None
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Watcher:
    """One store under watch, with all that its runs need."""

    store: Store
    store_url: str
    settings: Settings
    orders: Orders
    registry: Registry

    def run(self) -> Exit:
        """One run, shown and told; its exit code."""
        # Read anew for each run: who changes the policy need not stop the watch.
        policy = policy_in_force(self.settings, None, self.store)
        with showing_steps(console(is_error=True)) as shown:
            desk = Desk(self.store, self.registry, _now, account_name(), shown.step)
            report = watch_once(desk, self._plan(), self._parts(shown, policy))
        if self.orders.as_json and self.orders.every_seconds is not None:
            click.echo(json.dumps(report.to_dict(), ensure_ascii=False))
        elif self.orders.as_json:
            print_json(report.to_dict())
        else:
            for line in report_lines(report):
                say(line)
        return Exit.DONE if report.status == DONE else Exit.NOT_SCREENED

    def send(self) -> Mapping[str, int]:
        """Call whom a case calls by now, and send what is due."""
        call_who_is_due(self.store, _now())
        transports = open_transports(load_notice_settings())
        return send_outgoing(self.store, transports, _now()).to_dict()

    def _plan(self) -> Plan:
        aside = self.settings.home / "quarantine"
        if self.orders.drop is not None:
            return Plan(aside, drop=Drop(self.orders.drop, self.orders.is_left))
        wanted = [self.registry.get(list_id) for list_id in self.orders.list_ids]
        wanted = wanted or [info for info in self.registry if info.has_address]
        if not wanted:
            raise RequestError("No list has an address to fetch from: give --drop FOLDER")
        return Plan(aside, lists=wanted)

    def _parts(self, shown: Shown, policy: Policy) -> Parts:
        def bring(info: ListInfo) -> list[Path]:
            return self._fetch(info, shown)

        def rescreen(run: Run, book: BookVersion) -> None:
            rescreen_book(run, self._post(book, shown, policy), book)
            gather_hits(run.store, book.book_id, policy, run.clock())

        return Parts(bring, delta_between, rescreen, lambda _run: self.send())

    def _fetch(self, info: ListInfo, shown: Shown) -> list[Path]:
        def advance(name: str, done: int, total: int | None) -> None:
            whole = f" of {total / 1e6:,.1f}" if total else ""
            shown.progress(f"{info.id}: {name}, {done / 1e6:,.1f}{whole} MB")

        agent = {"User-Agent": f"tumen/{version_of('tumen')}"}
        with httpx.Client(headers=agent) as client:
            into = self.settings.home / "published"
            return [one.path for one in fetch(info, into, client, progress=advance)]

    def _post(self, book: BookVersion, shown: Shown, policy: Policy) -> Watchpost:
        def indexed(list_id: str, done: int, total: int) -> None:
            shown.progress(f"indexing {list_id}, {done:,} of {total:,} entries")

        def screened(done: int, total: int) -> None:
            shown.progress(f"{book.book_id}: {done:,} of {total:,} parties")

        return Watchpost(
            self.store,
            snapshot_place(self.settings, self.store_url),
            policy,
            account_name(),
            workers=1 if book.parties <= SMALL_BOOK else usable_cores(),
            indexed=indexed,
            progress=screened,
        )


def obey(store_url: str, settings: Settings, orders: Orders) -> Exit:
    """Run once, or each so often; the exit code of the one run.

    Raises BusyError where another run is under way, TumenError where one could not go on.
    """
    with Store.open(store_url) as store, _ending_on_signal():
        watcher = Watcher(store, store_url, settings, orders, published_lists())
        if orders.every_seconds is None:
            return watcher.run()
        while True:
            ends = time.monotonic() + orders.every_seconds
            _once_of_many(watcher)
            _wait(watcher, ends)


def _once_of_many(watcher: Watcher) -> None:
    """One run of many: what goes wrong with it is said, and the next one comes all the same."""
    try:
        watcher.run()
    except TumenError as error:
        _complain(error)


def _wait(watcher: Watcher, ends: float) -> None:
    """Wait for the next run; meanwhile digests and second attempts go out in time."""
    click.echo(f"Next run in {_span(ends - time.monotonic())}. Stop with Ctrl-C", err=True)
    while (left := ends - time.monotonic()) > 0:
        time.sleep(min(left, SEND_SECONDS))
        if time.monotonic() < ends:
            try:
                watcher.send()
            except TumenError as error:
                _complain(error)


def _complain(error: TumenError) -> None:
    click.secho(f"! {_now():%Y-%m-%d %H:%M} UTC: {error}", err=True, fg="yellow")


def _span(seconds: float) -> str:
    minutes, rest = divmod(max(round(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


@contextmanager
def _ending_on_signal() -> Iterator[None]:
    """A polite SIGTERM ends a run as Ctrl-C does: the lock is given back."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Stopped. What was under way is taken up by the next run", err=True)
        raise click.exceptions.Exit(Exit.INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


class Shown:
    """Shows what a run is at: each step a line, or on a terminal one line that changes."""

    def __init__(self, status: Status | None) -> None:
        self._status, self._shown_at = status, 0.0

    def step(self, text: str) -> None:
        """A step begins."""
        if self._status is None:
            click.echo(text, err=True)
        else:
            self._status.update(text)

    def progress(self, text: str) -> None:
        """How far a step is; only on a terminal, and no oftener than an eye can follow."""
        now = time.monotonic()
        if self._status is not None and now - self._shown_at > _EYE_SECONDS:
            self._shown_at = now
            self._status.update(text)


@contextmanager
def showing_steps(out: Console) -> Iterator[Shown]:
    """What shows the steps of a run on a console."""
    if not out.is_terminal:
        yield Shown(None)
        return
    with out.status("Beginning") as status:
        yield Shown(status)


def _now() -> datetime:
    return datetime.now(UTC)
