"""Deciding cases that look alike with one reason: each of them recorded singly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tumen.cases import acting, workflow
from tumen.cases.history import fold
from tumen.cases.keep import load
from tumen.errors import RequestError, StoreError
from tumen.model.case import Actor, Case, CaseSummary
from tumen.model.casework import Origin
from tumen.service.pages.queue_data import next_step
from tumen.service.pages.queue_query import OPEN
from tumen.service.problems import not_found
from tumen.store import Store
from tumen.store.cases import CaseFilter
from tumen.store.work import Work

# More than these are looked at by nobody before they are decided.
MOST = 200
# Does to one case, as it was seen, what was decided of all; gives what came of it, in words.
Decide = Callable[[Work, str, int], str]


@dataclass(frozen=True, slots=True)
class BulkRow:
    """A case that may be decided with others: what is still to be decided of it."""

    case: Case
    hits: tuple[Mapping[str, Any], ...]

    @property
    def mark(self) -> str:
        """The case as it was seen, for a form."""
        return f"{self.case.case_id}.{self.case.sequence}"


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What came of one case."""

    case_id: str
    title: str
    is_done: bool
    words: str


@dataclass(frozen=True, slots=True)
class Alike:
    """The open cases that look like one: how many there are by each measure."""

    like: CaseSummary
    by_entity: int
    by_name: int


def alike(
    work: Work, case_id: str, actor: Actor, *, has_same_name: bool
) -> tuple[Alike, list[str]]:
    """The cases with hits on the same listed entities as one (and its very name), and their ids:
    first those that the reader may do something with.
    """
    like = work.cases.summary(case_id)
    if like is None:
        raise not_found(f"case {case_id}")
    if not like.entities:
        raise RequestError(f"Case {case_id} has no hits: nothing is alike")
    found = [one for one in _sharing(work, like) if one.entities == like.entities]
    named = [one for one in found if one.title.casefold() == like.title.casefold()]
    chosen = named if has_same_name else found
    chosen = sorted(chosen, key=lambda one: next_step(one, actor) is None)
    return Alike(like, len(found), len(named)), [one.case_id for one in chosen]


def bulk_rows(work: Work, case_ids: Iterable[str]) -> list[BulkRow]:
    """These cases with their hits, in the order given; ids of no case are left out."""
    wanted = list(dict.fromkeys(case_ids))[:MOST]
    histories = work.cases.histories(wanted)
    return [_row(fold(histories[one])) for one in wanted if one in histories]


def marked(marks: Iterable[str]) -> dict[str, int]:
    """Case id → the record that was seen of it. Raises RequestError for what is no mark."""
    found = dict[str, int]()
    for mark in marks:
        case_id, dot, seen = mark.rpartition(".")
        if not dot or not seen.isascii() or not seen.isdigit() or len(seen) > 9:
            raise RequestError(f"{mark!r} names no case. Tick the rows again")
        found[case_id] = int(seen)
    if len(found) > MOST:
        raise RequestError(f"At most {MOST} cases are decided at once; these are {len(found)}")
    return found


def decide_all(
    store: Store, marks: Mapping[str, int], titles: Mapping[str, str], decide: Decide
) -> list[BulkResult]:
    """Decide each case in a transaction of its own: one that is refused hinders no other."""
    results = list[BulkResult]()
    for case_id, seen in marks.items():
        title = titles.get(case_id, case_id)
        try:
            with store.writing() as work:
                words = decide(work, case_id, seen)
        except StoreError:
            raise
        except RequestError as error:
            results.append(BulkResult(case_id, title, False, str(error)))
        else:
            results.append(BulkResult(case_id, title, True, words))
    return results


def recommending(
    proposal: workflow.Proposal, entity_id: str, actor: Actor, now: datetime
) -> Decide:
    """Recommend the same of each; of the hit on `entity_id` alone where one is named."""

    def decide(work: Work, case_id: str, seen: int) -> str:
        said = replace(proposal, entity_ids=(entity_id,) if entity_id else ())
        acting.act(work, case_id, seen, lambda case: workflow.recommend(case, said, actor, now))
        return "Recommended; another person has to approve it"

    return decide


def approving(text: str, actor: Actor, now: datetime) -> Decide:
    """Approve what is recommended of each, except policies: what they change stands elsewhere."""

    def decide(work: Work, case_id: str, seen: int) -> str:
        if load(work, case_id).origin is Origin.POLICY:
            raise RequestError(
                "A policy is approved on the page of its case, which shows its terms"
            )
        done = acting.approve(work, case_id, seen, text, actor, now)
        return ". ".join(("Approved", *done.effects))

    return decide


def _row(case: Case) -> BulkRow:
    left = workflow.undecided_ids(case)
    if case.pending is not None:
        left = frozenset(case.pending.entity_ids)
    last = {str(hit["entity_id"]): hit for alert in case.alerts for hit in alert.hits}
    hits = sorted((hit for one, hit in last.items() if one in left), key=_best_first)
    return BulkRow(case, tuple(hits))


def _best_first(hit: Mapping[str, Any]) -> tuple[float, str]:
    return -float(hit["score"]), str(hit["entity_id"])


def _sharing(work: Work, like: CaseSummary) -> Sequence[CaseSummary]:
    wanted = CaseFilter(states=OPEN, entity_id=like.entities[0])
    return work.cases.find(wanted, limit=10_000)
