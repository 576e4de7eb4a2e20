"""Who asked the desk for help, and how to answer them. No export of a case reads this."""

from __future__ import annotations

from sqlalchemy import Connection, select

from tumen.errors import RequestError
from tumen.model.desk import HelpContact
from tumen.store.bulk import insert_new
from tumen.store.codec import Codec
from tumen.store.desk_tables import help_contact
from tumen.store.instants import plain_text

_CONTACT = Codec(HelpContact)


class HelpContacts:
    """The contacts that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, contact: HelpContact) -> None:
        """Keep who asked. Raises RequestError where the case has a contact already."""
        if not insert_new(self._connection, help_contact.c.case_id, [_CONTACT.row(contact)]):
            raise RequestError(f"Case {contact.case_id} has a contact already")

    def of(self, case_id: str) -> HelpContact | None:
        """Who asked for what became this case; None where nobody did."""
        query = select(help_contact).where(help_contact.c.case_id == case_id)
        row = self._connection.execute(query).first()
        return _CONTACT.of(row) if row else None

    def by_reference(self, reference: str) -> HelpContact | None:
        """Who was given this reference, for the desk: somebody reads it out on the telephone."""
        query = select(help_contact).where(help_contact.c.reference == plain_text(reference))
        row = self._connection.execute(query).first()
        return _CONTACT.of(row) if row else None
