"""What a page says where something was refused."""

from __future__ import annotations

from tumen.errors import StoreError, TumenError


def words_of(error: TumenError) -> str:
    """The words of a refusal. A failure of the store is raised again: its own name hosts."""
    if isinstance(error, StoreError):
        raise error
    return str(error)
