"""A run of the watch on request: the same run as the command line makes, under the same lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from tumen.config import load_notice_settings
from tumen.lists.fetch import fetch
from tumen.lists.registry import ListInfo, published_lists
from tumen.model.watching import BookVersion
from tumen.service.gathering import gather_hits
from tumen.service.help_desk.calling import call_who_is_due
from tumen.service.jobs import Report
from tumen.service.screening_books import post_of
from tumen.watch.delta import delta_between
from tumen.watch.notices.opening import open_transports
from tumen.watch.notices.outgoing import send_outgoing
from tumen.watch.rescreening import rescreen_book
from tumen.watch.run import Desk, Parts, Plan, watch_once
from tumen.watch.steps import Run

if TYPE_CHECKING:
    from tumen.service.routes.v1.needs import Api


def watch_now(api: Api, list_ids: Iterable[str], actor: str, report: Report) -> Mapping[str, Any]:
    """Renew these lists (or all that have an address), screen the books again, send notices.

    Raises BusyError where another run is under way.
    """
    registry = published_lists()
    wanted = [registry.get(list_id) for list_id in list_ids]
    wanted = wanted or [info for info in registry if info.has_address]
    home = api.settings.base.home
    desk = Desk(api.store, registry, _now, actor)
    plan = Plan(home / "quarantine", lists=wanted)
    return watch_once(desk, plan, _parts(api, actor, report)).to_dict()


def _parts(api: Api, actor: str, report: Report) -> Parts:
    def bring(info: ListInfo) -> list[Path]:
        agent = {"User-Agent": f"tumen/{package_version('tumen')}"}
        into = api.settings.base.home / "published"
        with httpx.Client(headers=agent) as client:
            return [one.path for one in fetch(info, into, client)]

    def rescreen(run: Run, book: BookVersion) -> None:
        post = replace(post_of(api, actor), accepts_stale=True, progress=report)
        rescreen_book(run, post, book)
        gather_hits(run.store, book.book_id, post.policy, run.clock())

    def send(_run: Run) -> Mapping[str, int]:
        call_who_is_due(api.store, _now())
        transports = open_transports(load_notice_settings())
        return send_outgoing(api.store, transports, _now()).to_dict()

    return Parts(bring, delta_between, rescreen, send)


def _now() -> datetime:
    return datetime.now(UTC)
