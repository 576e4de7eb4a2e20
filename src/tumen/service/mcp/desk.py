"""What the tools work with: the store, an index that follows it, and a policy. Only reads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from tumen.cases.policies import effective_policy
from tumen.errors import ListsMissingError
from tumen.lists.ingest import version_to_dict
from tumen.lists.registry import published_lists
from tumen.matching.snapshot import Snapshot
from tumen.model.listing import ListVersion
from tumen.screening.basis import basis_in_force
from tumen.screening.policy import Policy
from tumen.screening.screener import Screener
from tumen.screening.snapshots import snapshot_of_versions
from tumen.screening.versions import (
    UsedVersion,
    read_versions,
    starter_notes,
    state_notes,
    used_versions,
)
from tumen.store import Store

_Mark = list[tuple[str, str]]


@dataclass(slots=True)
class Desk:
    """Opened on first use. `folder` is where the command line keeps its index of the same store.

    The policy that was approved last in the store holds, else the usual one; with `is_fixed`
    the usual one always. An index that is there and current is used; else one is built in
    memory and not kept.
    """

    store_url: str
    folder: Path
    usual_policy: Policy
    clock: Callable[[], datetime]
    is_fixed: bool = False
    _store: Store | None = field(default=None, init=False)
    _screener: Screener | None = field(default=None, init=False)
    _mark: _Mark = field(default_factory=list, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    # Held for as long as an index is built, which must keep nobody from closing.
    _building: threading.Lock = field(default_factory=threading.Lock, init=False)

    def store(self) -> Store:
        """The store. Raises ListsMissingError where there is none: reading makes none."""
        with self._lock:
            if self._store is None:
                self._store = self._open_store()
            return self._store

    @property
    def policy(self) -> Policy:
        """The policy in force; the usual one where there is no store yet."""
        if self.is_fixed:
            return self.usual_policy
        try:
            store = self.store()
        except ListsMissingError:
            return self.usual_policy
        with store.reading() as work:
            return effective_policy(work, self.usual_policy)

    def screener(self) -> Screener:
        """A screener over the versions that are current now. The first call may take a minute.

        Raises ListsMissingError where no list is loaded.
        """
        with self._building:
            store = self.store()
            versions = store.current_versions()
            if not versions:
                raise ListsMissingError("No list is loaded. Load some with: tumen lists load PATH")
            mark = _mark(map(version_to_dict, versions))
            if self._screener is None or mark != self._mark:
                self._screener = Screener(self._snapshot(store, versions, mark))
                self._mark = mark
            return self._screener

    def versions(self, screener: Screener, lists: Sequence[str] = ()) -> tuple[UsedVersion, ...]:
        """The versions that a screening of these lists (none: the policy's) is against.

        Raises ListsMissingError where one of them is not loaded.
        """
        policy = self.policy_for(lists=lists)
        return used_versions(read_versions(screener.versions), policy)

    def policy_for(
        self,
        *,
        lists: Sequence[str] = (),
        threshold: float | None = None,
        cutoff: float | None = None,
    ) -> Policy:
        """The policy with what one question sets over it. Raises RequestError for nonsense."""
        own = self.policy
        if not lists and threshold is None and cutoff is None:
            return own
        hit_from = own.threshold if threshold is None else threshold
        floor = cutoff if cutoff is not None else own.cutoff
        return Policy(
            own.name,
            f"{own.version}, changed by the question",
            tuple(lists) or own.lists,
            hit_from,
            None if floor is None or (cutoff is None and floor > hit_from) else floor,
            own.max_list_age_days,
        )

    def notes(self, versions: Sequence[UsedVersion]) -> tuple[str, ...]:
        """What every answer says of these versions: samples, and lists that were not renewed."""
        with self.store().reading() as work:
            states = work.list_states.all()
        limits = published_lists().stale_limits(version.list_id for version in versions)
        return (*starter_notes(versions), *state_notes(states, versions, self.clock(), limits))

    def close(self) -> None:
        """Give the store back."""
        with self._lock:
            if self._store is not None:
                self._store.close()
            self._store = None

    def _open_store(self) -> Store:
        place = make_url(self.store_url)
        is_file = place.get_backend_name() == "sqlite"
        if is_file and not Path(place.database or "").is_file():
            raise ListsMissingError(
                f"There is no store at {place.database}. Load lists: tumen lists load PATH"
            )
        return Store.open(self.store_url)

    def _snapshot(self, store: Store, versions: Sequence[ListVersion], mark: _Mark) -> Snapshot:
        basis = basis_in_force(store)
        try:
            kept = Snapshot.open(self.folder)
            is_same = _mark(kept.meta.get("versions", [])) == mark
            if is_same and basis is not None and kept.basis_hash == basis.basis_hash:
                return kept
        except ListsMissingError:
            pass  # None is kept, or one of another release: the next lines build one.
        return snapshot_of_versions(store, versions, basis, learns=True)


def _mark(versions: Any) -> _Mark:
    """What tells states of a store apart."""
    described: Sequence[Mapping[str, Any]] = list(versions)
    return sorted((str(one["version_id"]), str(one["retrieved_at"])) for one in described)
