"""Word statistics that scores rest on: immutable blobs, named by their content."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from tumen.errors import RequestError
from tumen.store.bulk import insert_new, insert_rows, next_number
from tumen.store.instants import instant_text
from tumen.store.tables import basis_blob, basis_current


class Basis:
    """The statistics that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, basis_hash: str, blob: bytes, at: datetime) -> None:
        """Keep a blob; one that is there already stays as it is."""
        row = {"basis_hash": basis_hash, "blob": blob, "added_at": instant_text(at)}
        insert_new(self._connection, basis_blob.c.basis_hash, [row])

    def get(self, basis_hash: str) -> bytes:
        """The blob of a hash. Raises RequestError where there is none."""
        query = select(basis_blob.c.blob).where(basis_blob.c.basis_hash == basis_hash)
        found = self._connection.execute(query).scalar()
        if found is None:
            raise RequestError(f"There are no word statistics {basis_hash!r} in the store")
        return bytes(found)

    def current(self) -> str | None:
        """The hash of the statistics in force; None where none were ever set."""
        last = select(basis_current.c.basis_hash).order_by(basis_current.c.sequence.desc())
        return self._connection.execute(last.limit(1)).scalar()

    def set_current(self, basis_hash: str, at: datetime) -> None:
        """Put kept statistics in force from an instant on. Raises RequestError for unknown ones."""
        self.get(basis_hash)
        row = {
            "sequence": next_number(self._connection, basis_current.c.sequence),
            "basis_hash": basis_hash,
            "set_at": instant_text(at),
        }
        insert_rows(self._connection, basis_current, [row])
