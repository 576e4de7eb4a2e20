"""The kinds of columns that the tables are made of."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Text

metadata = MetaData()


def key_column(name: str) -> Column[str]:
    """Text that names the row, or a part of what does."""
    return Column(name, Text, primary_key=True)


def number_key_column(name: str) -> Column[int]:
    """A number that names the row, or a part of what does."""
    return Column(name, Integer, primary_key=True, autoincrement=False)


def text_column(name: str) -> Column[str]:
    """Text that is always there."""
    return Column(name, Text, nullable=False)


def maybe_column(name: str) -> Column[str | None]:
    """Text that may be missing."""
    return Column(name, Text)


def number_column(name: str) -> Column[int]:
    """A number that is always there."""
    return Column(name, Integer, nullable=False)
