"""A file of parties into a stored book: a new version where anything changed, else none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from tumen.errors import RequestError
from tumen.model.watching import BookVersion, Party
from tumen.screening.subject import RecordProblem, Subject
from tumen.store import Store

_BOOK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Imported(NamedTuple):
    """The current version of a book after an import, and whether the import made it."""

    version: BookVersion
    is_new: bool


def import_book(
    store: Store,
    book_id: str,
    items: Iterable[Subject | RecordProblem],
    now: datetime,
    source: str = "",
) -> Imported:
    """Keep a file of parties as the next version of a book; the same content makes none.

    Rows that gave no party, and those whose id an earlier row has, are kept as problems.
    Raises RequestError where the id is none, or no row gave a party: an empty book would let
    every hit fall away.
    """
    if not _BOOK_ID.fullmatch(book_id):
        raise RequestError(
            f"{book_id!r} is no id of a book: use up to 64 letters, digits, dots and dashes"
        )
    parties, problems = _parties(items)
    if not parties:
        raise RequestError(f"{source or 'The file'} gives no party: the book stays as it was")
    content = _content_hash(parties, problems)
    with store.writing() as work:
        last = work.books.version(book_id)
        if last is not None and last.content_hash == content:
            return Imported(last, is_new=False)
        version = BookVersion(
            book_id,
            last.version + 1 if last else 1,
            content,
            now,
            len(parties),
            source,
            tuple(problems),
        )
        work.books.add_version(version, parties)
    return Imported(version, is_new=True)


def _parties(
    items: Iterable[Subject | RecordProblem],
) -> tuple[list[Party], list[dict[str, Any]]]:
    parties: list[Party] = []
    problems: list[dict[str, Any]] = []
    seen: set[str] = set()
    for item in items:
        if isinstance(item, RecordProblem):
            problems.append(_problem(item))
        elif item.subject_id in seen:
            mend = "Give each party an id of its own"
            again = RecordProblem(
                item.subject_id, item.caption, "An earlier row has this id", mend, item.where
            )
            problems.append(_problem(again))
        else:
            seen.add(item.subject_id)
            parties.append(Party(item.subject_id, item.entity, item.groups))
    return parties, problems


def _problem(item: RecordProblem) -> dict[str, Any]:
    return {
        "party_id": item.subject_id,
        "caption": item.caption,
        "problem": item.problem,
        "mend": item.mend,
        "where": item.where,
    }


def _content_hash(parties: Iterable[Party], problems: list[dict[str, Any]]) -> str:
    digest = hashlib.sha256()
    for party in parties:
        said = [party.party_id, party.entity.to_dict(), party.groups]
        digest.update(orjson.dumps(said, option=orjson.OPT_SORT_KEYS))
    digest.update(orjson.dumps(problems, option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()
