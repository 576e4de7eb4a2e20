"""One transaction, and in it a place for everything that is kept."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from tumen.store.access import Access
from tumen.store.attachments import Attachments
from tumen.store.attempts import Attempts
from tumen.store.audit import Audit
from tumen.store.basis import Basis
from tumen.store.books import Books
from tumen.store.briefings import Briefings
from tumen.store.cases import Cases
from tumen.store.deltas import Deltas
from tumen.store.desk_settings import DeskSettingsStore
from tumen.store.diligence import Diligence
from tumen.store.help_contacts import HelpContacts
from tumen.store.hits import Hits
from tumen.store.idempotency import Idempotency
from tumen.store.journal import Journal
from tumen.store.letters import Letters
from tumen.store.list_states import ListStates
from tumen.store.lists import Lists
from tumen.store.locks import Locks
from tumen.store.outbox import Outbox
from tumen.store.people import People
from tumen.store.policies import Policies
from tumen.store.quarantine import Quarantine
from tumen.store.readers import Readers
from tumen.store.screenings import Screenings
from tumen.store.subscriptions import Subscriptions
from tumen.store.suppressions import Suppressions


class Work:
    """What one transaction sees and changes. Use it inside its `with` block only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def lists(self) -> Lists:
        """List versions and their entries."""
        return Lists(self._connection)

    @cached_property
    def books(self) -> Books:
        """Books of parties."""
        return Books(self._connection)

    @cached_property
    def basis(self) -> Basis:
        """Word statistics that scores rest on."""
        return Basis(self._connection)

    @cached_property
    def screenings(self) -> Screenings:
        """Screenings as they were made."""
        return Screenings(self._connection)

    @cached_property
    def hits(self) -> Hits:
        """Standing hits, now and at any past instant."""
        return Hits(self._connection)

    @cached_property
    def suppressions(self) -> Suppressions:
        """Decided false positives."""
        return Suppressions(self._connection)

    @cached_property
    def deltas(self) -> Deltas:
        """Differences between list versions."""
        return Deltas(self._connection)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """Who wants to hear of what."""
        return Subscriptions(self._connection)

    @cached_property
    def outbox(self) -> Outbox:
        """Events, and their deliveries."""
        return Outbox(self._connection)

    @cached_property
    def attempts(self) -> Attempts:
        """Attempts to send deliveries."""
        return Attempts(self._connection)

    @cached_property
    def list_states(self) -> ListStates:
        """How each list fares."""
        return ListStates(self._connection)

    @cached_property
    def quarantine(self) -> Quarantine:
        """List versions that were refused."""
        return Quarantine(self._connection)

    @cached_property
    def journal(self) -> Journal:
        """Watch runs and the steps they have done."""
        return Journal(self._connection)

    @cached_property
    def locks(self) -> Locks:
        """Locks between processes."""
        return Locks(self._connection)

    @cached_property
    def audit(self) -> Audit:
        """The audit log."""
        return Audit(self._connection)

    @cached_property
    def access(self) -> Access:
        """Users and API keys."""
        return Access(self._connection)

    @cached_property
    def people(self) -> People:
        """Sessions at browsers, and who acts in whose place."""
        return People(self._connection)

    @cached_property
    def idempotency(self) -> Idempotency:
        """Answers to requests that may be repeated."""
        return Idempotency(self._connection)

    @cached_property
    def cases(self) -> Cases:
        """Cases: their history, and the queue."""
        return Cases(self._connection)

    @cached_property
    def policies(self) -> Policies:
        """Policies: what was proposed, and what holds."""
        return Policies(self._connection)

    @cached_property
    def attachments(self) -> Attachments:
        """Files beside cases."""
        return Attachments(self._connection)

    @cached_property
    def desk(self) -> DeskSettingsStore:
        """What administrators said of the desk."""
        return DeskSettingsStore(self._connection)

    @cached_property
    def help_contacts(self) -> HelpContacts:
        """Who asked for help, and how to answer them."""
        return HelpContacts(self._connection)

    @cached_property
    def briefings(self) -> Briefings:
        """Briefings in their versions."""
        return Briefings(self._connection)

    @cached_property
    def readers(self) -> Readers:
        """Who wants briefings by mail."""
        return Readers(self._connection)

    @cached_property
    def letters(self) -> Letters:
        """Mails that must go out, each once."""
        return Letters(self._connection)

    @cached_property
    def diligence(self) -> Diligence:
        """Due-diligence files: their history."""
        return Diligence(self._connection)
