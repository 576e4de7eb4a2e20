"""Files beside cases, stored once under the hash of their bytes."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from tumen.errors import StoreError
from tumen.model.case import Attachment
from tumen.store.bulk import insert_new
from tumen.store.case_tables import attachment
from tumen.store.codec import Codec

_ATTACHMENT = Codec(Attachment)


class Attachments:
    """The files that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, content: bytes, media_type: str, at: datetime) -> Attachment:
        """Keep a file; the same bytes are kept once, under the media type they first had."""
        name = sha256(content).hexdigest()
        kept = Attachment(name, media_type, len(content), at)
        row = {**_ATTACHMENT.row(kept), "content": content}
        insert_new(self._connection, attachment.c.sha256, [row])
        return self.get(name) or kept

    def get(self, name: str) -> Attachment | None:
        """What is known of a file, without its bytes; None where there is none."""
        row = self._connection.execute(
            select(*(one for one in attachment.c if one.name != "content")).where(
                attachment.c.sha256 == name
            )
        ).first()
        return _ATTACHMENT.of(row) if row else None

    def content(self, name: str) -> bytes | None:
        """The bytes of a file. Raises StoreError where they are not those that were stored."""
        query = select(attachment.c.content).where(attachment.c.sha256 == name)
        found = self._connection.execute(query).scalar()
        if found is None:
            return None
        content = bytes(found)
        if sha256(content).hexdigest() != name:
            raise StoreError(f"The file {name} was changed in the database. Restore a backup")
        return content
