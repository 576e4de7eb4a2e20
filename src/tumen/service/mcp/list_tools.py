"""The tools that read lists: an entry whole, and which versions there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from pydantic import Field

from tumen.errors import ListsMissingError, RequestError
from tumen.lists.ingest import version_to_dict
from tumen.model.listing import ListVersion
from tumen.screening.versions import read_versions
from tumen.service.mcp.answers import entry_answer, version_answer, whole_version_answer
from tumen.service.mcp.desk import Desk
from tumen.store import Store
from tumen.watch.version_names import FORMS, day_of, find_version, versions_by_day

VersionName = Annotated[str, Field(max_length=200, description=f"A list version. {FORMS}.")]
ListId = Annotated[
    str, Field(max_length=200, description="A list's id, such as us_ofac_sdn; none: every list.")
]


class ListTools:
    """Bound to one desk; each public method is a tool."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def look_up(
        self,
        entity_id: Annotated[
            str, Field(max_length=500, description="As every hit names it: us_ofac_sdn:20157.")
        ],
        version: VersionName = "",
    ) -> dict[str, Any]:
        """Show a list entry whole: names with the authority's quality marks, designations, links,
        remarks, and for each value the published field and text that it was read from.

        Looks in the current versions, else in the last one that had the entry: its status is then
        "no longer listed". That a list no longer shows an entry is evidence of a delisting, not
        proof. With `version` it is shown as it stood there.
        """
        store = self._desk.store()
        held = _holding(store, entity_id)
        current = {one.version_id for one in store.current_versions()}
        listed = [one for one in held if one.version_id in current]
        shown = _wanted(store, held, version) if version else (listed or held)[-1]
        (entry,) = store.entries_by_id(shown.version_id, [entity_id])
        return {
            "entity_id": entity_id,
            "status": "listed" if listed else "no longer listed",
            "entry": entry_answer(entry),
            "list_version": version_answer(shown, self._desk.clock().date()),
            "first_seen_in": held[0].version_id,
            "last_seen_in": held[-1].version_id,
        }

    def list_versions(
        self,
        list_id: ListId = "",
        every: Annotated[bool, Field(description="Past versions too, oldest first.")] = False,
    ) -> dict[str, Any]:
        """Show which versions of which lists are loaded: publisher's date, age, checks.

        `warnings` names lists that could not be renewed, and samples that are not for a decision.
        """
        store = self._desk.store()
        chosen = current_versions(store, list_id)
        ids = {one.version_id for one in chosen}
        if every:
            found = [one for own in chosen for one in versions_by_day(store, own.list_id)]
        else:
            found = chosen
        today = self._desk.clock().date()
        used = read_versions(map(version_to_dict, chosen))
        return {
            "versions": [
                {**whole_version_answer(one, today), "is_current": one.version_id in ids}
                for one in found
            ],
            "warnings": list(self._desk.notes(used)),
        }


def current_versions(store: Store, list_id: str) -> list[ListVersion]:
    """The current version of one list, or of every one.

    Raises ListsMissingError where there is none.
    """
    current = store.current_versions()
    chosen = [one for one in current if list_id in ("", one.list_id)]
    if chosen:
        return chosen
    if not current:
        raise ListsMissingError("No list is loaded. Load some with: tumen lists load PATH")
    loaded = ", ".join(one.list_id for one in current)
    raise ListsMissingError(f"{list_id!r} is not loaded. Loaded are {loaded}")


def known_version(store: Store, name: str) -> ListVersion:
    """The version that a name means. Raises RequestError where there is none."""
    found = find_version(store, name)
    if found is None:
        raise RequestError(f"There is no list version {name!r}. {FORMS}")
    return found


def _holding(store: Store, entity_id: str) -> Sequence[ListVersion]:
    """The versions that have an entry, oldest first."""
    ids: Iterable[str] = store.versions_holding([entity_id]).get(entity_id, ())
    found = [version for one in sorted(ids) if (version := store.version(one)) is not None]
    if not found:
        raise RequestError(f"No list version has an entry {entity_id!r}: try search_names")
    return sorted(found, key=day_of)


def _wanted(store: Store, held: Sequence[ListVersion], name: str) -> ListVersion:
    found = known_version(store, name)
    if found.version_id not in {one.version_id for one in held}:
        seen = f"{held[0].version_id} to {held[-1].version_id}"
        raise RequestError(f"{found.version_id} does not have this entry; it stood in {seen}")
    return found
