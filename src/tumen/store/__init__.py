"""Where list versions are kept: one SQL implementation, SQLite by default, PostgreSQL by URL.

Truth: list versions, their entries, and which version was current from when. All of it is only
ever added to; nothing here is edited or deleted. What is derived (the matching snapshot) lives
elsewhere and can be made again.
"""

from tumen.store.store import Store

__all__ = ["Store"]
