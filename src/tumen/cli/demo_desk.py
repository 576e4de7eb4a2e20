"""The demo's workbench: the desk of an invented trading house, from two weeks ago until now.

Everything goes through the functions that people's own acts go through, by their clock then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tumen.cases import workflow
from tumen.cases.acting import act, approve
from tumen.cases.diligence import keeping
from tumen.cases.diligence.answering import Change
from tumen.cases.gathering import gather
from tumen.cases.help import HelpRequest
from tumen.cases.policies import propose_policy
from tumen.cases.workflow import Proposal
from tumen.cli.demo_lists import write_earlier_lists
from tumen.cli.starter import load_starter
from tumen.demo import DESK, LISTS, PARTNERS
from tumen.lists.registry import published_lists
from tumen.model.access import Role
from tumen.model.briefing import BriefingText
from tumen.model.case import Actor
from tumen.model.casework import CaseState, Outcome, ReasonCode
from tumen.model.desk import HelpKind
from tumen.model.diligence import Standing
from tumen.model.watching import BookVersion, Channel, EventKind, Subscription
from tumen.screening.book import read_book
from tumen.screening.books import import_book
from tumen.screening.policy import Policy
from tumen.screening.standing import Watchpost, screen_portfolio
from tumen.service.access import accounts
from tumen.service.access.passwords import Passwords
from tumen.service.access.people import actor_of, principal_of_user
from tumen.service.access.principal import AuthMethod
from tumen.service.help_desk import informing, writing
from tumen.service.help_desk.receiving import take_request
from tumen.service.help_desk.setting import set_settings
from tumen.store import Store
from tumen.store.work import Work
from tumen.watch.delta import delta_between
from tumen.watch.notices.subscribing import prepared
from tumen.watch.rescreening import rescreen_book
from tumen.watch.run import Desk, Parts, Plan, watch_once
from tumen.watch.steps import Run

BOOK_ID = "partners"
# Good only in the demo's own store, which holds nothing but invented partners.
PASSWORD = "walk the river"
_PROGRAM = Actor("demo", "", "tumen demo")
_BY = accounts.By("demo")


@dataclass(frozen=True, slots=True)
class DemoDesk:
    """The store that is filled, and the moment that counts as now."""

    store: Store
    place: Path
    now: datetime
    told: Mapping[str, Any]
    people: Mapping[str, Actor]

    @property
    def post(self) -> Watchpost:
        """Where the book is screened."""
        return Watchpost(self.store, self.place, Policy(name="demo"), _PROGRAM.user_id)

    def ago(self, days: float = 0, minutes: float = 0) -> datetime:
        """An instant before now."""
        return self.now - timedelta(days=days, minutes=minutes)


def is_filled(store: Store) -> bool:
    """Whether the desk was filled before: what a newcomer did there since is kept."""
    with store.reading() as work:
        return work.books.version(BOOK_ID) is not None


def fill_desk(store: Store, place: Path, now: datetime) -> None:
    """Fill an empty store with the desk's last two weeks; the lists have just changed."""
    change_lists(begin_desk(store, place, now))


def begin_desk(store: Store, place: Path, now: datetime) -> DemoDesk:
    """Fill an empty store with the desk's last two weeks, up to the change of the lists."""
    told = yaml.safe_load(DESK.read_text("utf-8"))
    began = now - timedelta(days=told["begun_days_ago"])
    with TemporaryDirectory() as folder:
        write_earlier_lists(Path(folder))
        load_starter(store, Path(folder), began)
    with store.writing() as work:
        people = _people(work, told, began)
        wanted = replace(work.desk.current(), **told["settings"])
        set_settings(work, wanted, people["otto"], began)
    desk = DemoDesk(store, place, now, told, people)
    with store.writing() as work:
        _put_policy_in_force(work, desk, began)
    import_book(store, BOOK_ID, read_book(PARTNERS), began, PARTNERS.name)
    screen_portfolio(desk.post, BOOK_ID, began + timedelta(minutes=3))
    with store.writing() as work:
        _gather(work, desk, began + timedelta(minutes=4))
        _look_back(work, desk)
        _ask_and_inform(work, desk)
        _subscribe(work, desk)
        _fill_in(work, desk)
    return desk


def change_lists(desk: DemoDesk) -> None:
    """The lists as they stand now, and what the watch makes of it."""
    changed = desk.ago(minutes=desk.told["changed_minutes_ago"])
    load_starter(desk.store, LISTS, changed)
    _watch(desk, changed)
    with desk.store.writing() as work:
        _gather(work, desk, changed + timedelta(minutes=2))


def _people(work: Work, told: Mapping[str, Any], now: datetime) -> dict[str, Actor]:
    hashed = Passwords().hash(PASSWORD)
    people = {}
    for one in told["users"]:
        wanted = accounts.NewUser(one["name"], Role(one["role"]), hashed, one["email"])
        user = accounts.add_user(work, wanted, _BY, now)
        people[user.name] = actor_of(principal_of_user(user, AuthMethod.SESSION))
    return people


def _gather(work: Work, desk: DemoDesk, now: datetime) -> None:
    gather(work, BOOK_ID, now, _PROGRAM, desk.post.policy.to_dict())


def _look_back(work: Work, desk: DemoDesk) -> None:
    """What people decided, recommended and noted before today."""
    for one in desk.told["decisions"]:
        _decide(work, desk, one)
    yesterday = desk.ago(days=1)
    for one in desk.told["waiting"]:
        _recommend(work, desk, one, yesterday)
    for one in desk.told["notes"]:
        _note(work, _case_id(work, one["party"]), one["text"], desk.people[one["by"]], yesterday)


def _note(work: Work, case_id: str, text: str, by: Actor, at: datetime) -> None:
    act(work, case_id, None, lambda case: workflow.note(case, text, by, at))


def _decide(work: Work, desk: DemoDesk, told: Mapping[str, Any]) -> None:
    at = desk.ago(days=told["days_ago"])
    maker = desk.people[told["by"]]
    case_id = _recommend(work, desk, told, at)
    approver = desk.people[told["approved_by"]]
    later = at + timedelta(hours=2)
    case = approve(work, case_id, None, told["approval"], approver, later).case
    if case.state is CaseState.APPROVED:
        done = later + timedelta(hours=1)
        act(
            work,
            case_id,
            None,
            lambda case: workflow.record_action(case, told["action"], maker, done),
        )
        act(work, case_id, None, lambda case: workflow.close(case, maker, done))


def _recommend(work: Work, desk: DemoDesk, told: Mapping[str, Any], at: datetime) -> str:
    by = desk.people[told["by"]]
    proposal = Proposal(
        ReasonCode(told["reason"]), Outcome(told["outcome"]), told["text"], tuple(told["evidence"])
    )
    case_id = _case_id(work, told["party"])
    act(work, case_id, None, lambda case: workflow.assign(case, by.user_id, by, at))
    act(work, case_id, None, lambda case: workflow.recommend(case, proposal, by, at))
    return case_id


def _case_id(work: Work, party_id: str) -> str:
    (found,) = work.cases.of_subjects([f"{BOOK_ID}/{party_id}"])
    return found.case_id


def _ask_and_inform(work: Work, desk: DemoDesk) -> None:
    """Requests for help, briefings, and who wants to read them."""
    settings = work.desk.current()
    for one in desk.told["requests"]:
        fields = {key: one[key] for key in one if key not in ("kind", "days_ago")}
        stranger = Actor("", "", one["name"])
        request = HelpRequest(HelpKind(one["kind"]), **fields)
        take_request(work, request, stranger, desk.ago(days=one["days_ago"]))
    for one in desk.told["briefings"]:
        by, at = desk.people[one["by"]], desk.ago(days=one["days_ago"])
        content = _briefing(one)
        drafted = writing.draft(work, content, by, at)
        writing.publish(work, drafted.briefing_id, drafted.version, by, at, tells_readers=False)
    for one in desk.told["readers"]:
        informing.ask(work, one["email"], one["topics"], settings, desk.ago(days=3))


def _subscribe(work: Work, desk: DemoDesk) -> None:
    """Who is called in a crisis, and who hears of list changes."""
    for one in desk.told["subscriptions"]:
        wanted = Subscription(
            subscription_id="",
            name=one["name"],
            channel=Channel(one["channel"]),
            target=one.get("target", ""),
            created_at=desk.ago(days=desk.told["begun_days_ago"]),
            kinds=tuple(EventKind(kind) for kind in one["kinds"]),
            groups=tuple(one.get("groups", ())),
        )
        work.subscriptions.add(prepared(wanted))


def _put_policy_in_force(work: Work, desk: DemoDesk, now: datetime) -> None:
    """The policy, as one person proposed it and another put it in force."""
    told = desk.told["policy"]
    maker, approver = desk.people[told["by"]], desk.people[told["approved_by"]]
    case = propose_policy(work, desk.post.policy, told["text"], maker, now)
    approve(work, case.case_id, None, told["approval"], approver, now + timedelta(minutes=1))


def _fill_in(work: Work, desk: DemoDesk) -> None:
    """Due-diligence files that somebody has begun."""
    for one in desk.told["diligence"]:
        change = Change(
            one["field"],
            Standing(one["standing"]),
            values=tuple(one.get("values", ())),
            note=one.get("note", ""),
            source=one.get("source", ""),
        )
        step = keeping.set_field(change, desk.people[one["by"]], desk.ago(days=4))
        keeping.act(
            work, BOOK_ID, one["party"], step, desk.ago(days=4), usual_policy=desk.post.policy
        )


def _briefing(told: Mapping[str, Any]) -> BriefingText:
    parts = ("title", "summary", "body", "diligence", "regulation", "risk")
    return BriefingText(
        **{name: told[name].strip() for name in parts},
        topics=tuple(told["topics"]),
        entity_ids=tuple(told["entities"]),
    )


def _watch(desk: DemoDesk, now: datetime) -> None:
    """The run that found the lists changed."""

    def rescreen(run: Run, book: BookVersion) -> None:
        rescreen_book(run, desk.post, book)

    parts = Parts(_fetch_nothing, delta_between, rescreen, lambda _run: {})
    with TemporaryDirectory() as aside:
        of_watch = Desk(desk.store, published_lists(), lambda: now, _PROGRAM.user_id)
        watch_once(of_watch, Plan(Path(aside)), parts)


def _fetch_nothing(_info: Any) -> Sequence[Path]:
    return []
