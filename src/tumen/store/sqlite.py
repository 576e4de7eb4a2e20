"""An SQLite file: made once, and from then on never again in silence."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy.exc import DisconnectionError


class SqliteFile:
    """Where connections to one file come from.

    The first one may make the file. Later ones do not: a store that vanished must not come back
    as an empty one, against which nobody is hit.
    """

    def __init__(self, path: Path, wait_seconds: float, *, may_create: bool) -> None:
        """`may_create` makes the file's folder too. Raises OSError where that cannot be."""
        if may_create:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._wait_seconds = path, wait_seconds
        self._mode = "rwc" if may_create else "rw"

    def connect(self) -> sqlite3.Connection:
        """A connection as we use it: WAL, foreign keys, transactions begun by us."""
        connection = sqlite3.connect(
            f"file:{quote(str(self._path))}?mode={self._mode}",
            uri=True,
            timeout=self._wait_seconds,
            check_same_thread=False,
            # The module would commit before DDL; with None we send BEGIN ourselves.
            isolation_level=None,
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        self._mode = "rw"
        return connection

    def check(self, _connection: Any, record: Any, _proxy: Any) -> None:
        """Before each use: a connection to a file that was moved away or replaced is renewed.

        SQLite itself would go on writing to the file that no longer has a name.
        """
        found = self._identity()
        if record.info.setdefault("identity", found) != found or found is None:
            raise DisconnectionError(f"{self._path} was moved or removed while in use")

    def _identity(self) -> tuple[int, int] | None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return None
        return stat.st_dev, stat.st_ino
