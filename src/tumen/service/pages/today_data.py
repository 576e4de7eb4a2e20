"""What the first page of the desk shows: what is due, what waits for the reader, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tumen.model.access import Permission
from tumen.model.briefing import Briefing
from tumen.model.case import Actor, CaseSummary
from tumen.service.pages.charts import Bar, Placed, Stack, columns, stacked
from tumen.service.pages.queue_data import is_overdue
from tumen.service.pages.queue_query import AGES, OPEN, QueueQuery
from tumen.service.pages.today_lists import (
    CHANGES_SHOWN,
    Change,
    Fresh,
    changes_by_day,
    changes_since,
    fresh_lists,
)
from tumen.store import Store
from tumen.store.cases import CaseFilter, CaseOrder
from tumen.store.journal import WatchRun
from tumen.store.work import Work

# So many days of list changes are drawn.
DAYS = 30
_ROWS = 8
_MOST_AWAITING = 200
_AGE_WORDS = {"day": "< 1 day", "week": "1–7 days", "month": "7–31 days", "older": "> 31 days"}
_AGE_TONES = {"day": "one", "week": "three", "month": "two", "older": "bad"}
_PRIORITIES = {
    "P1": "P1, a crisis",
    "P2": "P2, within hours",
    "P3": "P3, by the next business day",
    "P4": "P4, within five business days",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that leads somewhere."""

    words: str
    count: int
    address: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case with how long it still has, or how long it is overdue."""

    summary: CaseSummary
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Today:
    """All of the first page, as of `now`.

    `approvals` and `mine` wait for the reader: to approve, and to work on. Whether a
    due-diligence file holds takes reading it whole, so here is only whether one was begun.
    """

    now: datetime
    figures: tuple[Figure, ...]
    due: tuple[DueCase, ...]
    approvals: tuple[CaseSummary, ...]
    approvals_in_all: int
    mine: tuple[CaseSummary, ...]
    ages: tuple[tuple[Stack, list[Placed]], ...]
    age_heads: tuple[str, ...]
    changes: tuple[Change, ...]
    change_days: tuple[Placed, ...]
    lists: tuple[Fresh, ...]
    run: WatchRun | None
    briefings: tuple[Briefing, ...]
    has_books: bool
    has_diligence: bool

    @property
    def has_lists(self) -> bool:
        """Whether anybody can be screened."""
        return any(row.entries for row in self.lists)

    @property
    def has_cases(self) -> bool:
        """Whether any case is open."""
        return any(stack.total for stack, _ in self.ages)


def today(store: Store, actor: Actor, now: datetime) -> Today:
    """The first page of the desk for whoever acts."""
    lists = fresh_lists(store, now)
    found = changes_since(store, now - timedelta(days=DAYS))
    with store.reading() as work:
        local = work.desk.current().local(now)
        approvals = _approvals(work, actor)
        mine = CaseFilter(states=OPEN, assignee=actor.user_id, awaits="analyst")
        return Today(
            now=now,
            figures=_figures(work, actor, local),
            due=tuple(
                DueCase(one, is_overdue(one, now))
                for one in work.cases.find(
                    CaseFilter(states=OPEN), order=CaseOrder.DUE, limit=_ROWS
                )
                if one.due_at is not None
            ),
            approvals=tuple(approvals[:_ROWS]),
            approvals_in_all=len(approvals),
            mine=tuple(work.cases.find(mine, order=CaseOrder.DUE, limit=_ROWS)),
            ages=tuple(stacked(_ages(work, local))),
            age_heads=tuple(_AGE_WORDS.values()),
            changes=tuple(found[:CHANGES_SHOWN]),
            change_days=tuple(columns(changes_by_day(found, now, DAYS))),
            lists=lists,
            run=next(iter(work.journal.runs(limit=1)), None),
            briefings=tuple(work.briefings.shown(limit=3)),
            has_books=bool(work.books.books()),
            has_diligence=bool(work.diligence.files(limit=1)),
        )


def _figures(work: Work, actor: Actor, local: datetime) -> tuple[Figure, ...]:
    def figure(words: str, tone: str = "", **asked: Any) -> Figure:
        query = QueueQuery(**asked)
        count = work.cases.count(query.filter(actor.user_id, local))
        return Figure(words, count, query.address(), tone if count else "")

    return (
        figure("open cases"),
        figure("overdue", "bad", due="overdue", order="due"),
        figure("due by tonight", "warn", due="today", order="due"),
        figure("assigned to you", assignee="mine"),
        figure("assigned to nobody", assignee="nobody"),
    )


def _approvals(work: Work, actor: Actor) -> list[CaseSummary]:
    """The cases that wait for a second person, where the reader may be that one."""
    if not actor.person or Permission.APPROVE.value not in actor.permissions:
        return []
    waiting = work.cases.find(
        CaseFilter(states=OPEN, awaits="approver"), order=CaseOrder.DUE, limit=_MOST_AWAITING
    )
    return [one for one in waiting if one.recommended_by not in actor.eyes]


def _ages(work: Work, local: datetime) -> list[Stack]:
    """Open cases by priority and by how long they have been open."""
    bounds = [QueueQuery(age=age).filter("", local).opened_from for age in AGES[:-1]]
    found = work.cases.ages(CaseFilter(states=OPEN), [one for one in bounds if one])
    # How many in each stretch: those up to its end without those up to its beginning.
    counts = {
        priority: dict(zip(AGES, _differences(numbers), strict=True))
        for priority, numbers in found.items()
    }
    return [
        Stack(
            words,
            tuple(
                Bar(
                    _AGE_WORDS[age],
                    counts.get(priority, {}).get(age, 0),
                    QueueQuery(priority=(priority,), age=age).address(),
                    _AGE_TONES[age],
                )
                for age in AGES
            ),
        )
        for priority, words in _PRIORITIES.items()
    ]


def _differences(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *numbers])]
