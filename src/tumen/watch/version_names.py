"""Which stored list version a person means: by id, by a part of it, by list, by list and day."""

from __future__ import annotations

from datetime import date

from tumen.errors import RequestError
from tumen.model.listing import ListVersion
from tumen.store import Store

_LEAST_PREFIX = 4
FORMS = "Give LIST, LIST@2024-02-20, a version id, or its first letters (us_ofac_sdn@3f2a)"


def find_version(store: Store, text: str) -> ListVersion | None:
    """The version that `text` names; None where it is of none of the forms.

    `LIST` is the current version of a list, `LIST@2024-02-20` the one published on that day or
    last before it, `LIST@3f2a` and `3f2a` the one whose hash begins so. Raises RequestError
    where the list has no such version, or more than one.
    """
    if exact := store.version(text):
        return exact
    list_id, sign, mark = text.partition("@")
    if not sign:
        return store.current_version(text) or _by_prefix(_all(store), text)
    versions = versions_by_day(store, list_id)
    if not versions:
        return None
    if (day := _day(mark)) is not None:
        return _on(versions, list_id, day)
    found = _by_prefix(versions, mark)
    if found is None:
        raise RequestError(f"{list_id} has no version {mark!r}. {FORMS}")
    return found


def before_it(store: Store, version: ListVersion) -> ListVersion | None:
    """The version of the same list that was published last before this one; None for the first."""
    versions = versions_by_day(store, version.list_id)
    ids = [one.version_id for one in versions]
    place = ids.index(version.version_id) if version.version_id in ids else len(versions)
    return versions[place - 1] if place else None


def versions_by_day(store: Store, list_id: str) -> list[ListVersion]:
    """All versions of a list, the oldest first, of one day in the order of their loading."""
    return sorted(store.versions(list_id), key=day_of)


def day_of(version: ListVersion) -> date:
    """The day a version was published; retrieved, where the list states none."""
    return version.published_on or version.retrieved_at.date()


def _all(store: Store) -> list[ListVersion]:
    lists = [version.list_id for version in store.current_versions()]
    return [version for list_id in lists for version in store.versions(list_id)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2024-02-20") else None
    except ValueError:
        return None


def _on(versions: list[ListVersion], list_id: str, day: date) -> ListVersion:
    found = [version for version in versions if day_of(version) <= day]
    if not found:
        raise RequestError(
            f"{list_id} has no version of {day} or before; the first is of {day_of(versions[0])}"
        )
    return found[-1]


def _by_prefix(versions: list[ListVersion], prefix: str) -> ListVersion | None:
    if len(prefix) < _LEAST_PREFIX:
        return None
    found = [one for one in versions if one.content_hash.startswith(prefix.lower())]
    if len(found) > 1:
        ids = ", ".join(version.version_id for version in found)
        raise RequestError(f"{prefix!r} may mean {ids}. Give more letters")
    return found[0] if found else None
