"""`tumen cases recommend`, `approve`, `return`, `withdraw`, `action` and `close`: people decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from tumen.cli.eyes import decider, eyes_options
from tumen.cli.options import open_store, store_option
from tumen.model.casework import Outcome, ReasonCode

if TYPE_CHECKING:
    from tumen.model.case import Actor, Case
    from tumen.store.work import Work

_case = click.argument("case_id", metavar="CASE")
_must_have_seen = click.option(
    "--seen",
    type=click.IntRange(min=1),
    required=True,
    metavar="N",
    help="The record you looked at, as `tumen cases show` says it.",
)
_text = click.option("--text", default="", metavar="TEXT", help="In your words.")


@click.command(short_help="Propose what is to be done.")
@_case
@click.option("--reason", required=True, type=click.Choice([one.value for one in ReasonCode]))
@click.option("--outcome", required=True, type=click.Choice([one.value for one in Outcome]))
@click.option("--text", required=True, metavar="TEXT", help="Why, in a sentence.")
@click.option("--evidence", required=True, multiple=True, metavar="TEXT", help="Seen (repeat).")
@click.option("--entry", multiple=True, metavar="ENTRY", help="Of these hits alone (repeat).")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Last day of a release."
)
@_must_have_seen
@eyes_options
@store_option
def recommend(
    case_id: str,
    reason: str,
    outcome: str,
    text: str,
    evidence: tuple[str, ...],
    entry: tuple[str, ...],
    until: datetime | None,
    seen: int,
    user: str,
    password_stdin: bool,
    acting_for: str,
    store_url: str,
) -> None:
    """Recommend a decision of CASE. It has no effect until a second person approves it."""
    from tumen.cases import workflow
    from tumen.cases.acting import act

    proposal = workflow.Proposal(
        ReasonCode(reason),
        Outcome(outcome),
        text,
        evidence,
        entry,
        until.date() if until else None,
    )

    def recommending(work: Work, actor: Actor, now: datetime) -> Case:
        return act(work, case_id, seen, lambda case: workflow.recommend(case, proposal, actor, now))

    _decide(store_url, (user, password_stdin, acting_for), recommending)


@click.command(short_help="Give the second pair of eyes.")
@_case
@_text
@_must_have_seen
@eyes_options
@store_option
def approve(
    case_id: str,
    text: str,
    seen: int,
    user: str,
    password_stdin: bool,
    acting_for: str,
    store_url: str,
) -> None:
    """Approve what is recommended in CASE. What a release means for the hits is done at once."""
    from tumen.cases import acting

    effects: list[str] = []

    def approving(work: Work, actor: Actor, now: datetime) -> Case:
        done = acting.approve(work, case_id, seen, text, actor, now)
        effects.extend(done.effects)
        return done.case

    _decide(store_url, (user, password_stdin, acting_for), approving)
    for line in effects:
        click.echo(line)


def _plain_step(name: str, help_: str, step: str, *, must_say: bool = False) -> click.Command:
    """A command whose step takes a few words."""
    words = click.option(
        "--text", required=must_say, default=None if must_say else "", metavar="TEXT",
        help="What is missing." if must_say else "In your words.",
    )  # fmt: skip

    @click.command(name, short_help=help_, help=help_)
    @_case
    @words
    @_must_have_seen
    @eyes_options
    @store_option
    def command(
        case_id: str,
        text: str,
        seen: int,
        user: str,
        password_stdin: bool,
        acting_for: str,
        store_url: str,
    ) -> None:
        from tumen.cases import workflow
        from tumen.cases.acting import act

        stepping = getattr(workflow, step)

        def doing(work: Work, actor: Actor, now: datetime) -> Case:
            return act(work, case_id, seen, lambda case: stepping(case, text, actor, now))

        _decide(store_url, (user, password_stdin, acting_for), doing)

    return command


return_ = _plain_step(
    "return", "Send a recommendation back, and say what is missing.", "send_back", must_say=True
)
withdraw = _plain_step("withdraw", "Take your own recommendation back.", "withdraw")
action = _plain_step("action", "Say that what was decided is done.", "record_action")


@click.command(short_help="Close what is decided and done.")
@_case
@_must_have_seen
@eyes_options
@store_option
def close(
    case_id: str, seen: int, user: str, password_stdin: bool, acting_for: str, store_url: str
) -> None:
    """Close CASE, all of which is decided and done."""
    from tumen.cases import workflow
    from tumen.cases.acting import act

    def closing(work: Work, actor: Actor, now: datetime) -> Case:
        return act(work, case_id, seen, lambda case: workflow.close(case, actor, now))

    _decide(store_url, (user, password_stdin, acting_for), closing)


def _decide(
    store_url: str,
    who: tuple[str, bool, str],
    doing: Callable[[Work, Actor, datetime], Case],
) -> None:
    """Let somebody prove who they are, then do it in their name."""
    store, _ = open_store(store_url)
    with store:
        actor = decider(store, *who)
        with store.writing() as work:
            case = doing(work, actor, datetime.now(UTC))
    click.echo(f"{case.case_id} is {case.state.value} (record {case.sequence})")


COMMANDS: tuple[click.Command, ...] = (recommend, approve, return_, withdraw, action, close)
