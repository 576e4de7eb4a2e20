"""What administrators said of the desk: every version that ever held, the last one in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from tumen.errors import ConflictError
from tumen.model.desk import DeskSettings
from tumen.store.bulk import insert_rows, next_number
from tumen.store.codec import Codec
from tumen.store.desk_tables import desk_settings


@dataclass(frozen=True, slots=True)
class SettingsVersion:
    """One version of the settings, and who set it when. `version` counts from 1."""

    version: int
    set_at: datetime
    set_by: str
    settings: DeskSettings


_VERSION = Codec(SettingsVersion)


class DeskSettingsStore:
    """The settings that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self) -> DeskSettings:
        """What is in force; the settings that the desk comes with where nobody set any."""
        found = self.last()
        return found.settings if found else DeskSettings()

    def last(self) -> SettingsVersion | None:
        """The version in force; None where nobody set any."""
        query = select(desk_settings).order_by(desk_settings.c.version.desc()).limit(1)
        row = self._connection.execute(query).first()
        return _VERSION.of(row) if row else None

    def put(self, wanted: DeskSettings, by: str, at: datetime, *, seen: int | None = None) -> int:
        """Add a version and give its number; `seen` is the one that was looked at.

        Raises ConflictError where another one came meanwhile.
        """
        version = next_number(self._connection, desk_settings.c.version)
        if seen is not None and seen != version - 1:
            raise ConflictError("Somebody else changed the settings meanwhile. Look at them again")
        row = _VERSION.row(SettingsVersion(version, at, by, wanted))
        insert_rows(self._connection, desk_settings, [row])
        return version

    def history(self) -> list[SettingsVersion]:
        """Every version that was set, the last first."""
        query = select(desk_settings).order_by(desk_settings.c.version.desc())
        return [_VERSION.of(row) for row in self._connection.execute(query)]
