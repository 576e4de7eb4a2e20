"""`tumen cases`: the queue, a case, work on it, and decisions that take two people.

Exit codes: 0 done, 2 bad usage, no such case, or what the case does not allow.
"""

from __future__ import annotations

import click

from tumen.cli import cases_eyes, cases_read, cases_work


@click.group()
def cases() -> None:
    """Cases: alerts that people decide, with two pairs of eyes.

    \b
    tumen cases list --awaits analyst             what waits for you
    tumen cases show CASE                         both sides of each hit, and the history
    tumen cases recommend CASE --as anna …        propose what is to be done
    tumen cases approve CASE --seen N --as carl   the second pair of eyes
    """


for _module in (cases_read, cases_work, cases_eyes):
    for _command in _module.COMMANDS:
        cases.add_command(_command)
