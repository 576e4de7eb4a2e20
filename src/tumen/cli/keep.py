"""`tumen screen --keep`: the screening goes into the store, so that it can be repeated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tumen.config import account_name
from tumen.model.audit import AuditEntry
from tumen.model.watching import Trigger
from tumen.screening.runs import Outcomes, make_run, subject_to_dict
from tumen.store import Store

if TYPE_CHECKING:
    from tumen.model.screening import Screening
    from tumen.screening.book import Item
    from tumen.screening.output import OutputOptions


class Keeping:
    """Takes down what is screened and what comes out, as both pass by."""

    def __init__(self, options: OutputOptions) -> None:
        self._options = options
        self._subjects: list[dict[str, Any]] = []
        self._outcomes = Outcomes(options.notes, keeps_all=True)

    def reading(self, items: Iterable[Item]) -> Iterator[Item]:
        """The same items."""
        for item in items:
            self._subjects.append(subject_to_dict(item))
            yield item

    def taking(self, results: Iterable[Screening]) -> Iterator[Screening]:
        """The same results."""
        for result in results:
            self._outcomes.add(result)
            yield result

    def keep(self, store: Store, basis_hash: str) -> str:
        """Store the screening whole; its id."""
        options, now, actor = self._options, datetime.now(UTC), account_name()
        run = make_run(
            self._outcomes,
            at=now,
            trigger=Trigger.REQUEST,
            actor=actor,
            versions=(version.version_id for version in options.versions),
            policy=options.policy,
            basis_hash=basis_hash,
            subjects=self._subjects,
        )
        with store.writing() as work:
            work.screenings.add(run)
            work.screenings.add_outcomes(run.screening_id, self._outcomes.kept)
            work.audit.append(
                AuditEntry(now, actor, "subjects screened", run.screening_id, details=run.tally)
            )
        return run.screening_id
