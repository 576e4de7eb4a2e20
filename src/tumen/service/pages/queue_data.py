"""The queue as its page shows it: rows, counts that lead to fewer of them, choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tumen.model.access import Permission
from tumen.model.case import Actor, CaseSummary
from tumen.model.casework import CaseState, Priority
from tumen.service.pages.queue_query import AWAITS, OPEN, QueueQuery, user_words
from tumen.service.pages.turning import SIZE
from tumen.store.cases import CaseFilter, CaseTally
from tumen.store.work import Work


@dataclass(frozen=True, slots=True)
class NextStep:
    """What whoever looks may do next with a case: words, the place on its page, the key."""

    words: str
    place: str
    key: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case of the queue. `alike` counts the open cases with the same listed entities."""

    summary: CaseSummary
    is_overdue: bool
    step: NextStep | None
    alike: int = 1

    @property
    def mark(self) -> str:
        """The case as it was seen, for a form."""
        return f"{self.summary.case_id}.{self.summary.sequence}"


@dataclass(frozen=True, slots=True)
class Chip:
    """A count that leads to the cases behind it; pressed again, it lets all through."""

    words: str
    count: int
    address: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue."""

    query: QueueQuery
    rows: tuple[QueueRow, ...]
    total: int
    states: tuple[Chip, ...]
    priorities: tuple[Chip, ...]
    awaits: tuple[Chip, ...]
    assignees: tuple[tuple[str, str], ...]
    books: tuple[str, ...]
    lists: tuple[str, ...]


def queue_page(
    work: Work, query: QueueQuery, number: int, actor: Actor, now: datetime
) -> QueuePage:
    """The page `number` (from 1) of the queue; the last one where there are not so many."""
    wanted = query.filter(actor.user_id, work.desk.current().local(now))
    tally = work.cases.tally(replace(wanted, states=(), priorities=(), awaits=""))
    total = _count(tally, lambda _: "", query, "state", "priority", "awaits")[""]
    offset = min(number - 1, max(0, total - 1) // SIZE) * SIZE
    found = work.cases.find(wanted, order=query.case_order, offset=offset, limit=SIZE)
    return QueuePage(
        query,
        rows_of(work, found, actor, now),
        total,
        _states(query, tally),
        _priorities(query, tally),
        _awaits(query, tally),
        _assignees(work, query),
        _with(query.book, (one.book_id for one in work.books.books())),
        _with(query.list, (one.list_id for one in work.lists.current_versions())),
    )


def rows_of(
    work: Work, found: list[CaseSummary], actor: Actor, now: datetime
) -> tuple[QueueRow, ...]:
    """Cases as rows of the queue."""
    alike = work.cases.alike([one.entities for one in found], OPEN)
    return tuple(
        QueueRow(
            one,
            is_overdue(one, now),
            next_step(one, actor),
            alike.get(one.entities, 1) if one.entities else 1,
        )
        for one in found
    )


def is_overdue(summary: CaseSummary, now: datetime) -> bool:
    """Whether a case should have been done by now."""
    return summary.due_at is not None and summary.due_at < now and summary.state.is_open


def next_step(summary: CaseSummary, actor: Actor) -> NextStep | None:
    """What the reader may do next; None where it is another's turn."""
    may = frozenset(actor.permissions)
    if summary.awaits == "approver":
        is_second = actor.person and summary.recommended_by not in actor.eyes
        may_approve = Permission.APPROVE.value in may and is_second
        return NextStep("Approve", "decide", "a") if may_approve else None
    if Permission.DECIDE.value not in may or not summary.state.is_open:
        return None
    if summary.state is CaseState.APPROVED:
        return NextStep("Record what was done", "decide", "r")
    return NextStep("Recommend", "decide", "r") if summary.state.may_be_recommended else None


def _states(query: QueueQuery, tally: Sequence[CaseTally]) -> tuple[Chip, ...]:
    counts = _count(tally, lambda one: one.state.value, query, "priority", "awaits")
    chips = [_chip(query, "state", one.value, counts) for one in CaseState]
    opened = sum(counts[one.value] for one in OPEN)
    first = Chip("All open", opened, query.address(state=()), not query.state)
    return (first, *(one for one in chips if one.count or one.is_on))


def _priorities(query: QueueQuery, tally: Sequence[CaseTally]) -> tuple[Chip, ...]:
    counts = _count(tally, lambda one: one.priority.value, query, "state", "awaits")
    chips = [_chip(query, "priority", one.value, counts) for one in Priority]
    return tuple(one for one in chips if one.count or one.is_on)


def _chip(query: QueueQuery, name: str, value: str, counts: Mapping[str, int]) -> Chip:
    words = value[:1].upper() + value[1:]
    is_on = value in getattr(query, name)
    return Chip(words, counts.get(value, 0), query.turned(name, value), is_on)


def _awaits(query: QueueQuery, tally: Sequence[CaseTally]) -> tuple[Chip, ...]:
    counts = _count(tally, lambda one: one.awaits, query, "state", "priority")
    return tuple(
        Chip(
            f"Awaits {one}",
            counts[one],
            query.address(awaits="" if query.awaits == one else one),
            query.awaits == one,
        )
        for one in AWAITS
    )


def _count(
    tally: Sequence[CaseTally], by: Callable[[CaseTally], str], query: QueueQuery, *kept: str
) -> Counter[str]:
    """The cases by one thing, of those that the `kept` parts of the query let through."""
    counts: Counter[str] = Counter()
    for one in tally:
        if all(_lets(query, name, one) for name in kept):
            counts[by(one)] += one.count
    return counts


def _lets(query: QueueQuery, name: str, one: CaseTally) -> bool:
    if name == "state":
        return one.state in (query.states or CaseState)
    if name == "priority":
        return not query.priority or one.priority in query.priority
    return not query.awaits or one.awaits == query.awaits


def _assignees(work: Work, query: QueueQuery) -> tuple[tuple[str, str], ...]:
    found = work.cases.counts("assignee", CaseFilter(states=OPEN))
    choices = {"mine": "Mine", "nobody": "Nobody's"}
    people = _with(query.assignee, sorted(one for one in found if one))
    return tuple(
        (one, choices.get(one, user_words(one))) for one in dict.fromkeys((*choices, *people))
    )


def _with(chosen: str, found: Iterable[str]) -> tuple[str, ...]:
    """The choices with the one that is made, though nothing is there to be chosen any more."""
    return tuple(dict.fromkeys((*found, *filter(None, [chosen]))))
