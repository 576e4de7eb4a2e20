"""The command `tumen`. Each subcommand is imported only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

import click

from tumen.cli.exits import refusing


class _Place(NamedTuple):
    """Where a command lives, and the line that `tumen --help` shows without importing it."""

    module: str
    name: str
    help: str


COMMANDS = {
    "screen": _Place("tumen.cli.screen", "screen", "Screen a book of parties."),
    "compare": _Place("tumen.cli.compare", "compare", "Compare two parties and say why."),
    "show": _Place("tumen.cli.show", "show", "Show a list entry whole, with its sources."),
    "book": _Place("tumen.cli.book", "book", "Keep books of parties, and screen them whole."),
    "hits": _Place("tumen.cli.hits", "hits", "Show who of a book is hit, now or on a past day."),
    "cases": _Place("tumen.cli.cases", "cases", "Decide cases, with two pairs of eyes."),
    "suppress": _Place("tumen.cli.suppress", "suppress", "Mute a hit that was found to be false."),
    "suppressions": _Place("tumen.cli.suppress", "suppressions", "Show what is muted; lift it."),
    "release": _Place("tumen.cli.suppress", "release", "Let go of a hit that fell away."),
    "diligence": _Place("tumen.cli.diligence", "diligence", "The due-diligence file of a party."),
    "policies": _Place("tumen.cli.policies", "policies", "Put a policy in force, by two people."),
    "replay": _Place("tumen.cli.replay", "replay", "Repeat a stored screening: the same or not."),
    "watch": _Place("tumen.cli.watch", "watch", "Renew lists, screen books again, tell whom."),
    "lists": _Place("tumen.cli.lists", "lists", "Load, fetch, show and compare published lists."),
    "subscribe": _Place("tumen.cli.subscribe", "subscribe", "Say who is told of what, and how."),
    "notices": _Place("tumen.cli.notices", "notices", "Read notices, send them, see what failed."),
    "evidence": _Place(
        "tumen.cli.evidence", "evidence", "Prove a decision in one file; verify it."
    ),
    "desk": _Place("tumen.cli.help_desk", "desk", "Say what the help desk is called, and to whom."),
    "briefings": _Place("tumen.cli.briefings", "briefings", "Write and publish short advisories."),
    "audit": _Place("tumen.cli.audit", "audit", "Verify and show the audit log."),
    "backup": _Place("tumen.cli.backup", "backup", "Write the whole store into one file."),
    "restore": _Place("tumen.cli.backup", "restore", "Bring a store back from a backup."),
    "serve": _Place("tumen.cli.serve", "serve", "Answer over HTTP, as yente and others do."),
    "users": _Place("tumen.cli.users", "users", "Say who may sign in to the service."),
    "keys": _Place("tumen.cli.keys", "keys", "Make and end the keys of programs."),
    "mcp": _Place("tumen.cli.mcp", "mcp", "Let agents screen and look up, read-only."),
    "demo": _Place("tumen.cli.demo", "demo", "Try tumen on the book that comes with it."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by place: `tumen --version` loads none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        place = COMMANDS[cmd_name]
        found = getattr(import_module(place.module), place.name)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands in the help text."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.help) for name, place in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; its errors become messages and exit codes (see `exits`)."""
        with refusing():
            return super().invoke(ctx)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tumen", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Screen parties against sanctions lists, and say why.

    \b
    To try it out:   tumen demo
    Your own book:   tumen lists fetch
                     tumen screen customers.xlsx --out hits.csv
    One hit:         tumen show us_ofac_sdn:20157

    Exit codes: 0 all screened, 1 something was not screened, 2 bad usage or input,
    3 lists missing or older than the policy allows, 4 another run is at work.
    """
    if ctx.invoked_subcommand == "lists":
        from tumen.config import load_settings

        store = {"store_url": load_settings().store_url}
        ctx.default_map = {"lists": dict.fromkeys(("load", "show", "fetch"), store)}
