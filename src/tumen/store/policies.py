"""Policies: every version that was proposed, and since when which of them holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, Table, func, select

from tumen.errors import ConflictError
from tumen.model.policy_version import PolicyVersion
from tumen.store.bulk import insert_rows, next_number
from tumen.store.codec import Codec
from tumen.store.columns import (
    key_column,
    metadata,
    number_column,
    number_key_column,
    text_column,
)

policy_proposal = Table(
    "policy_proposal",
    metadata,
    key_column("policy_id"),
    number_column("sequence"),
    text_column("case_id"),
    text_column("name"),
    text_column("version"),
    text_column("content"),
    text_column("content_hash"),
    text_column("proposed_by"),
    text_column("proposed_at"),
    text_column("text"),
)

policy_in_force = Table(
    "policy_in_force",
    metadata,
    number_key_column("sequence"),
    text_column("policy_id"),
    text_column("approved_by"),
    text_column("in_force_from"),
)

_VERSION = Codec(PolicyVersion)
_APPROVAL = ("approved_by", "in_force_from")


class Policies:
    """The policies that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def propose(self, version: PolicyVersion) -> None:
        """Keep a version that is proposed, and does not hold yet."""
        row = {name: value for name, value in _VERSION.row(version).items()
               if name not in _APPROVAL}  # fmt: skip
        sequence = next_number(self._connection, policy_proposal.c.sequence)
        insert_rows(self._connection, policy_proposal, [{**row, "sequence": sequence}])

    def put_in_force(self, version: PolicyVersion) -> None:
        """Let a version hold, as its `approved_by` and `in_force_from` say.

        Raises ConflictError where it holds already.
        """
        kept = self.of_case(version.case_id)
        if kept is None or kept.in_force_from is not None:
            raise ConflictError(f"The policy {version.label} is in force already")
        said = _VERSION.row(version)
        row = {name: said[name] for name in ("policy_id", *_APPROVAL)}
        sequence = next_number(self._connection, policy_in_force.c.sequence)
        insert_rows(self._connection, policy_in_force, [{**row, "sequence": sequence}])

    def in_force(self) -> PolicyVersion | None:
        """The version that holds; None where none was ever approved."""
        approved = _versions().where(policy_in_force.c.sequence.is_not(None))
        rows = self._rows(approved.order_by(policy_in_force.c.sequence.desc()).limit(1))
        return rows[0] if rows else None

    def of_case(self, case_id: str) -> PolicyVersion | None:
        """The version that a case is about; None where there is none."""
        rows = self._rows(_versions().where(policy_proposal.c.case_id == case_id))
        return rows[0] if rows else None

    def named(self, name: str, version: str) -> list[PolicyVersion]:
        """All that were ever proposed under this name and version."""
        columns = policy_proposal.c
        query = _versions().where(columns.name == name, columns.version == version)
        return self._rows(query.order_by(columns.sequence))

    def all(self) -> list[PolicyVersion]:
        """Every version that was ever proposed, the last first."""
        return self._rows(_versions().order_by(policy_proposal.c.sequence.desc()))

    def _rows(self, query: Select[Any]) -> list[PolicyVersion]:
        rows: list[Row[Any]] = list(self._connection.execute(query))
        return [_VERSION.of(row) for row in rows]


def _versions() -> Select[Any]:
    approved = policy_in_force.c
    return select(
        policy_proposal,
        func.coalesce(approved.approved_by, "").label("approved_by"),
        approved.in_force_from,
    ).join(policy_in_force, approved.policy_id == policy_proposal.c.policy_id, isouter=True)
