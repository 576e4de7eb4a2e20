"""Exit codes of every command, and the error that leads to each.

| code | meaning |
|---|---|
| 0 | done; every subject was screened (hits or not) |
| 1 | something was not screened, or could not be finished |
| 2 | bad usage, or an input that cannot be read |
| 3 | lists are missing, or older than the policy allows |
| 4 | another run holds the lock, and the message says who |
| 130 | interrupted with Ctrl-C; no result file was written |
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import click

from tumen.errors import (
    BusyError,
    ListsMissingError,
    RecordError,
    RequestError,
    SourceError,
    TumenError,
)


class Exit(IntEnum):
    """What a command's exit code means."""

    DONE = 0
    NOT_SCREENED = 1
    BAD_INPUT = 2
    LISTS_MISSING = 3
    BUSY = 4
    INTERRUPTED = 130


def exit_of(error: TumenError) -> Exit:
    """The exit code for an error."""
    if isinstance(error, ListsMissingError):
        return Exit.LISTS_MISSING
    if isinstance(error, BusyError):
        return Exit.BUSY
    if isinstance(error, RequestError | SourceError | RecordError):
        return Exit.BAD_INPUT
    return Exit.NOT_SCREENED


@contextmanager
def refusing() -> Iterator[None]:
    """Turn errors of ours, and Ctrl-C, into a message on standard error and an exit code."""
    try:
        yield
    except TumenError as error:
        text = "\n".join([str(error), *getattr(error, "__notes__", ())])
        click.secho(f"Error: {text}", err=True, fg="red")
        raise click.exceptions.Exit(exit_of(error)) from error
    except KeyboardInterrupt:
        click.echo("Interrupted: no result file was written", err=True)
        raise click.exceptions.Exit(Exit.INTERRUPTED) from None
