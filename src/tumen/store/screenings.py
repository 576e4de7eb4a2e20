"""Screenings as they were made, with what is needed to repeat them. Only ever added to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, and_, func, literal, or_, select
from sqlalchemy.sql import ColumnElement

from tumen.errors import RequestError
from tumen.model.screening import Screening
from tumen.model.watching import ScreeningRun
from tumen.store.bulk import CHUNK, in_chunks, insert_rows, next_number
from tumen.store.codec import Codec
from tumen.store.instants import plain_text
from tumen.store.tables import screening_outcome, screening_run

_RUN, _OUTCOME = Codec(ScreeningRun), Codec(Screening)


class Screenings:
    """The screenings that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, run: ScreeningRun) -> None:
        """Keep a screening. Raises RequestError where its id is taken."""
        if self.get(run.screening_id) is not None:
            raise RequestError(f"The screening {run.screening_id!r} is already stored")
        sequence = next_number(self._connection, screening_run.c.sequence)
        insert_rows(self._connection, screening_run, [{**_RUN.row(run), "sequence": sequence}])

    def get(self, screening_id: str) -> ScreeningRun | None:
        """One screening by its id; None where it is not stored."""
        query = select(screening_run).where(screening_run.c.screening_id == screening_id)
        row = self._connection.execute(query).first()
        return _RUN.of(row) if row else None

    def head(self, screening_id: str) -> ScreeningRun | None:
        """One screening without its subjects, which are as long as the file they came from."""
        columns = [one for one in screening_run.c if one.name != "subjects"]
        query = select(*columns, literal("[]").label("subjects"))
        query = query.where(screening_run.c.screening_id == screening_id)
        row = self._connection.execute(query).first()
        return _RUN.of(row) if row else None

    def find(
        self, *, book_id: str | None = None, before: str | None = None, limit: int = 50
    ) -> list[ScreeningRun]:
        """Screenings, newest first: of one book, or older than the one with the id `before`."""
        columns = screening_run.c
        query = select(screening_run).order_by(columns.sequence.desc()).limit(limit)
        if book_id is not None:
            ref = columns.input_ref
            query = query.where(or_(ref == book_id, ref.startswith(f"{book_id}@", autoescape=True)))
        if before is not None:
            place = select(columns.sequence).where(columns.screening_id == before)
            query = query.where(columns.sequence < place.scalar_subquery())
        return [_RUN.of(row) for row in self._connection.execute(query)]

    def add_outcomes(self, screening_id: str, outcomes: Iterable[Screening]) -> None:
        """Keep outcomes of a stored screening, after those it has. Raises RequestError."""
        if self.get(screening_id) is None:
            raise RequestError(f"There is no screening {screening_id!r} in the store")
        last = select(func.max(screening_outcome.c.position)).where(
            screening_outcome.c.screening_id == screening_id
        )
        found = self._connection.execute(last).scalar()
        position = 0 if found is None else found + 1
        for chunk in in_chunks(outcomes):
            rows = [
                {
                    "screening_id": screening_id,
                    "position": position + offset,
                    "subject_id": plain_text(outcome.subject_id),
                    "json": _OUTCOME.json(outcome),
                }
                for offset, outcome in enumerate(chunk)
            ]
            insert_rows(self._connection, screening_outcome, rows)
            position += len(rows)

    def outcome_at(self, screening_id: str, position: int) -> Screening | None:
        """One kept outcome by its place in the order of the input; None where there is none."""
        columns = screening_outcome.c
        query = select(columns.json).where(
            columns.screening_id == screening_id, columns.position == position
        )
        text = self._connection.execute(query).scalar()
        return None if text is None else _OUTCOME.of_json(text)

    def page(
        self, screening_id: str, said: str = "", *, offset: int = 0, limit: int = 50
    ) -> list[tuple[int, Screening]]:
        """Kept outcomes with their places, of one kind (a key of `SAID`) or all, in order."""
        columns = screening_outcome.c
        query = select(columns.position, columns.json).where(_says(screening_id, said))
        rows = self._connection.execute(
            query.order_by(columns.position).offset(offset).limit(limit)
        )
        return [(row.position, _OUTCOME.of_json(row.json)) for row in rows]

    def count(self, screening_id: str, said: str = "") -> int:
        """How many outcomes are kept, of one kind or all."""
        query = select(func.count()).select_from(screening_outcome)
        found = self._connection.execute(query.where(_says(screening_id, said))).scalar()
        return int(found or 0)

    def outcomes(self, screening_id: str, subject_id: str | None = None) -> Iterator[Screening]:
        """The kept outcomes of one screening in their order; with an id, of that subject alone."""
        place, position = screening_outcome.c.position, -1
        query = select(screening_outcome).where(screening_outcome.c.screening_id == screening_id)
        if subject_id is not None:
            query = query.where(screening_outcome.c.subject_id == plain_text(subject_id))
        query = query.order_by(place).limit(CHUNK)
        while rows := list(self._connection.execute(query.where(place > position))):
            for row in rows:
                yield _OUTCOME.of_json(row.json)
            position = rows[-1].position


_JSON = screening_outcome.c.json
_WAS_SCREENED = _JSON.contains('"problem":""', autoescape=True)
_HAS_HIT = _JSON.contains('"is_hit":true', autoescape=True)
_IS_CLEAN = _JSON.contains('"hits":[]', autoescape=True)
# Kind of outcome → how its text tells it. A quote within a value is written with a backslash, so
# no name of a party can pass for a key.
SAID: Mapping[str, ColumnElement[bool]] = {
    "hit": and_(_WAS_SCREENED, _HAS_HIT),
    "possible": and_(_WAS_SCREENED, ~_HAS_HIT, ~_IS_CLEAN),
    "no hit": and_(_WAS_SCREENED, _IS_CLEAN),
    "not screened": ~_WAS_SCREENED,
}


def _says(screening_id: str, said: str) -> ColumnElement[bool]:
    own = screening_outcome.c.screening_id == screening_id
    return and_(own, SAID[said]) if said else own
