"""What a database says when it fails, in words that name the mend."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError, TimeoutError

from tumen.errors import RequestError, StoreError

_BUSY = (
    "is busy: another process has been writing to it for too long. "
    "Wait until it is done, or see which one it is, then try again"
)
_FULL = "has no room left: nothing of this was kept. Free disk space, then try again"
_GONE = (
    "is gone: {said}. What was stored is as it was. "
    "See that the database runs and its file or address is right, then try again"
)
_READ_ONLY = "may not be written to: {said}. Give this user the right to write there"
_REFUSED = "lets nobody in: {said}. See to the user, the password and the database in its URL"
_CROWDED = "has no connection free: {said}. Run fewer processes, or let the server take more"
_CONFLICT = "refuses this: {said}. Nothing of it was kept"
_DAMAGED = "is damaged: {said}. Restore the last backup with `tumen restore`"
_OTHER = "cannot be used: {said}. Name another file, or one that tumen made"

# By the beginning of SQLite's error name; the longer one first.
_SQLITE = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_PERM": _READ_ONLY,
    "SQLITE_CANTOPEN": _GONE,
    "SQLITE_IOERR": _GONE,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_CONSTRAINT": _CONFLICT,
}
# By the beginning of PostgreSQL's SQLSTATE; the longer one first.
_POSTGRESQL = {
    "55P03": _BUSY,
    "40": _BUSY,
    "53300": _CROWDED,
    "53": _FULL,
    "57P": _GONE,
    "08": _GONE,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "28": _REFUSED,
    "3D000": _REFUSED,
    "22": _CONFLICT,
    "23": _CONFLICT,
    "P0001": _CONFLICT,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}


@contextmanager
def explaining(engine: Engine) -> Iterator[None]:
    """Turn a failure of the database into StoreError, or RequestError for what it refuses."""
    try:
        yield
    except DBAPIError as error:
        raise explained(error, engine) from error
    except TimeoutError as error:
        raise StoreError(f"{_name(engine)} {_CROWDED.format(said=error)}") from error


def explained(error: DBAPIError, engine: Engine) -> RequestError:
    """The error to raise for what a database said."""
    said = " ".join(str(error.orig).split())
    form = _form(error)
    kind = RequestError if form is _CONFLICT else StoreError
    return kind(f"{_name(engine)} {form.format(said=said)}")


def _form(error: DBAPIError) -> str:
    if state := getattr(error.orig, "sqlstate", None):
        return _by_beginning(_POSTGRESQL, state)
    if name := getattr(error.orig, "sqlite_errorname", None):
        return _by_beginning(_SQLITE, name)
    if isinstance(error, DataError):
        return _CONFLICT
    # psycopg has no state where no server answered, or one fell silent.
    return _GONE if error.connection_invalidated or _is_unreached(error) else _OTHER


def _is_unreached(error: DBAPIError) -> bool:
    return type(error.orig).__module__.startswith("psycopg") and (
        type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout")
    )


def _by_beginning(forms: dict[str, str], code: str) -> str:
    return next((form for start, form in forms.items() if code.startswith(start)), _OTHER)


def _name(engine: Engine) -> str:
    return f"The store {engine.url.render_as_string(hide_password=True)}"
