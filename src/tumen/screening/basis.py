"""The word statistics of a store: counted once, in force until they are counted anew."""

from __future__ import annotations

from datetime import datetime

from tumen.matching.basis import Basis
from tumen.matching.snapshot import FORMAT
from tumen.store import Store


def basis_in_force(store: Store) -> Basis | None:
    """What scores rest on by now; None where nothing was counted, or by another engine."""
    with store.reading() as work:
        current = work.basis.current()
        if current is None:
            return None
        basis = Basis.from_bytes(work.basis.get(current))
    return basis if basis.format == FORMAT else None


def basis_of(store: Store, basis_hash: str) -> Basis:
    """The statistics that a screening names. Raises RequestError where they are not stored."""
    with store.reading() as work:
        return Basis.from_bytes(work.basis.get(basis_hash))


def put_in_force(store: Store, basis: Basis, at: datetime) -> None:
    """Keep statistics, and use them from now on."""
    with store.writing() as work:
        work.basis.add(basis.basis_hash, basis.to_bytes(), at)
        if work.basis.current() != basis.basis_hash:
            work.basis.set_current(basis.basis_hash, at)
