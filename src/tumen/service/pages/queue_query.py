"""What the queue is asked for, all of it in the address: it can be kept, shared, gone back to.

`state` and `priority` may stand several times (`state=all`: closed cases too; without any, the
open ones), `assignee` is `mine`, `nobody` or a user, `awaits` is `analyst` or `approver`, `due` is
`overdue`, `today` or `week`, `score` the least score; `age` is how long a case has been open:
under a `day`, a `week` or a `month`, or `older`; `book`, `list`, `tag`, `entity`, `title`, `text`;
`order` is `score`, `due` or `changed`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from tumen.errors import RequestError
from tumen.model.casework import CaseState, Priority
from tumen.store.cases import CaseFilter, CaseOrder

HERE = "/desk/queue"
OPEN = tuple(state for state in CaseState if state.is_open)
ALL = "all"
AWAITS = ("analyst", "approver")
DUE = ("overdue", "today", "week")
AGES = ("day", "week", "month", "older")
_AGE_DAYS = {
    "day": (timedelta(0), timedelta(days=1)),
    "week": (timedelta(days=1), timedelta(days=7)),
    "month": (timedelta(days=7), timedelta(days=31)),
    "older": (timedelta(days=31), timedelta.max),
}
_MINE, _NOBODY = "mine", "nobody"


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """The parts of the address, checked."""

    state: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    assignee: str = ""
    awaits: str = ""
    book: str = ""
    list: str = ""
    tag: str = ""
    text: str = ""
    due: str = ""
    age: str = ""
    score: str = ""
    entity: str = ""
    title: str = ""
    order: str = ""

    @classmethod
    def read(cls, given: QueryParams) -> Self:
        """The query of an address. Raises RequestError for a word that means nothing."""
        found = cls(
            **{  # type: ignore[arg-type]
                one.name: tuple(dict.fromkeys(filter(None, given.getlist(one.name))))
                if one.name in ("state", "priority")
                else given.get(one.name, "").strip()
                for one in fields(cls)
            }
        )
        found._check()
        return found

    def filter(self, me: str, now: datetime) -> CaseFilter:
        """Which cases are asked for, by whoever `me` is; days end as `now` tells its zone."""
        whom = {"": None, _MINE: me, _NOBODY: ""}
        return CaseFilter(
            states=self.states,
            priorities=tuple(Priority(one) for one in self.priority),
            assignee=whom.get(self.assignee, self.assignee),
            awaits=self.awaits,
            book_id=self.book,
            list_id=self.list,
            tag=self.tag,
            entity_id=self.entity,
            title=self.title,
            text=self.text,
            due_before=_due_before(self.due, now),
            opened_from=now - _AGE_DAYS[self.age][1] if self.age in AGES[:-1] else None,
            opened_before=now - _AGE_DAYS[self.age][0] if self.age in AGES[1:] else None,
            least_score=float(self.score or 0),
        )

    @property
    def case_order(self) -> CaseOrder:
        """How it is ordered."""
        return CaseOrder(self.order or CaseOrder.SCORE)

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked for but the open cases."""
        return replace(self, order="") == QueueQuery()

    def address(self, **changed: str | tuple[str, ...]) -> str:
        """The address of the same queue with some parts changed."""
        changed_query = replace(self, **changed)  # type: ignore[arg-type]
        pairs = [(one.name, getattr(changed_query, one.name)) for one in fields(self)]
        text = urlencode([(name, value) for name, value in pairs if value], doseq=True)
        return f"{HERE}?{text}" if text else HERE

    def turned(self, name: str, value: str) -> str:
        """The address with one more state or priority asked for, or without it if it was."""
        now: tuple[str, ...] = tuple(one for one in getattr(self, name) if one != ALL)
        after = tuple(one for one in now if one != value) if value in now else (*now, value)
        return self.address(**{name: after})

    @property
    def states(self) -> tuple[CaseState, ...]:
        """The states that are asked for; none means all."""
        if ALL in self.state:
            return ()
        return tuple(CaseState(one) for one in self.state) or OPEN

    def _check(self) -> None:
        for one in self.state:
            if one != ALL:
                _among("state", one, [state.value for state in CaseState])
        for one in self.priority:
            _among("priority", one, [priority.value for priority in Priority])
        _among("awaits", self.awaits, AWAITS)
        _among("due", self.due, DUE)
        _among("age", self.age, AGES)
        _among("order", self.order, [one.value for one in CaseOrder])
        if self.score and not _is_share(self.score):
            raise RequestError(f"A least score is a number from 0 to 1, not {self.score!r}")


def user_words(user_id: str) -> str:
    """A user as the queue names them."""
    return user_id.removeprefix("user:")


def _due_before(due: str, now: datetime) -> datetime | None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "overdue": now,
        "today": midnight + timedelta(days=1),
        "week": midnight + timedelta(days=7),
    }.get(due)


def _among(name: str, value: str, known: tuple[str, ...] | list[str]) -> None:
    if value and value not in known:
        raise RequestError(f"{name} is one of {', '.join(known)}, not {value!r}")


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False
