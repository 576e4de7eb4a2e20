"""`tumen policies`: which policy holds, all that ever did, and proposing another.

Exit codes: 0 done, 2 bad usage, or a policy that cannot be proposed.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.eyes import decider, eyes_options
from tumen.cli.options import json_option, open_store, policy_in_force, store_option
from tumen.cli.output import console, print_json, table
from tumen.config import load_settings
from tumen.errors import RequestError

if TYPE_CHECKING:
    from tumen.model.policy_version import PolicyVersion
    from tumen.store import Store


@click.group()
def policies() -> None:
    """Policies: what is screened by. One person proposes, another puts in force."""


@policies.command("list", short_help="Show every version.")
@store_option
@json_option
def list_(store_url: str, as_json: bool) -> None:
    """Show every policy that was ever proposed, the last first."""
    from tumen.cases.policies import history

    store, _ = open_store(store_url)
    with store, store.reading() as work:
        found, held = history(work), work.policies.in_force()
    if as_json:
        print_json({"policies": [_told(one) for one in found]})
        return
    if not found:
        click.echo("No policy was proposed yet: that of the settings holds (tumen policies show)")
        return
    rows = [
        (
            one.policy_id,
            one.label,
            f"{one.proposed_by}, {one.proposed_at:%Y-%m-%d}",
            f"{one.approved_by}, {one.in_force_from:%Y-%m-%d}" if one.in_force_from else "",
            "in force" if held and one.policy_id == held.policy_id else "",
        )
        for one in found
    ]
    columns = ("Id", "Policy", "Proposed by", "Approved by", "State")
    console().print(table("", columns, rows))


@policies.command(short_help="Show a version, or what holds.")
@click.argument("policy_id", metavar="ID", default="")
@store_option
@json_option
def show(policy_id: str, store_url: str, as_json: bool) -> None:
    """Show the version ID whole; without it, the policy that is in force."""
    store, _ = open_store(store_url)
    with store:
        told = _version(store, policy_id) if policy_id else _held(store)
    if as_json:
        print_json(told)
        return
    rows = [(key, _words(value)) for key, value in {**told.pop("content"), **told}.items()]
    console().print(table("", ("Term", "Value"), rows))


@policies.command(short_help="Propose a policy.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--text", required=True, metavar="TEXT", help="Why it should hold, in a sentence.")
@eyes_options
@store_option
@json_option
def propose(
    file: Path,
    text: str,
    user: str,
    password_stdin: bool,
    acting_for: str,
    store_url: str,
    as_json: bool,
) -> None:
    """Propose the policy in FILE (YAML). It holds when a second person approves it."""
    from tumen.cases.policies import propose_policy
    from tumen.screening.policy import load_policy

    policy = load_policy(file)
    store, _ = open_store(store_url)
    with store:
        actor = decider(store, user, password_stdin, acting_for)
        with store.writing() as work:
            case = propose_policy(work, policy, text, actor, datetime.now(UTC))
    if as_json:
        print_json({"case_id": case.case_id, "sequence": case.sequence, "state": case.state.value})
    else:
        click.echo(f"{policy.name} {policy.version} waits in {case.case_id} for a second person:")
        click.echo(f"tumen cases approve {case.case_id} --seen {case.sequence} --as USER")


def _version(store: Store, policy_id: str) -> dict[str, Any]:
    with store.reading() as work:
        found = [one for one in work.policies.all() if one.policy_id == policy_id]
    if not found:
        raise RequestError(f"There is no policy {policy_id!r}. See tumen policies list")
    return _told(found[0])


def _held(store: Store) -> dict[str, Any]:
    """The version in force; else the policy of the settings, which nobody has approved."""
    from tumen.cases.policies import hash_of

    policy = policy_in_force(load_settings(), None, store)
    with store.reading() as work:
        held = work.policies.in_force()
    if held is not None:
        return _told(held)
    return {"content": policy.to_dict(), "content_hash": hash_of(policy), "from": "settings"}


def _told(one: PolicyVersion) -> dict[str, Any]:
    since = one.in_force_from
    return {
        **asdict(one),
        "content": dict(one.content),
        "proposed_at": one.proposed_at.isoformat(),
        "in_force_from": since.isoformat() if since else None,
    }


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "all that are loaded"
    return "" if value is None else str(value)
