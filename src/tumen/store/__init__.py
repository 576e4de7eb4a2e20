"""What is kept: one SQL implementation, SQLite by default, PostgreSQL by URL.

Truth: list versions and books with what was current from when, screenings, decisions, events and
the audit log. It is only ever added to, or closed with the instant of its end; nothing of it is
edited or deleted. Working state (locks, list states, kept answers) is replaced as it changes.
What is derived (the matching snapshot) lives elsewhere and can be made again.
"""

from tumen.store.backup import Restored, restore
from tumen.store.store import Store
from tumen.store.work import Work

__all__ = ["Restored", "Store", "Work", "restore"]
